package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"net/http"
	"path"
	"strings"
)

// content is the page: plain HTML, CSS and JavaScript as browsers read it.
//
//go:embed page
var content embed.FS

const index = "index.html"

// policy lets the page load what comes from the gateway, and nothing else. Scripts
// and styles in the HTML don't run.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// types are the content types of the files, which on some systems are not known or
// others.
var types = map[string]string{
	".html": "text/html; charset=utf-8",
	".css":  "text/css; charset=utf-8",
	".js":   "text/javascript; charset=utf-8",
	".svg":  "image/svg+xml",
	".json": "application/json",
}

// settings is what the page has to know of its gateway.
type settings struct {
	Regions []string `json:"regions"`
}

// AddPage serves the page at /, and what belongs to it below /page/. It offers the
// regions to log in to.
func AddPage(mux *http.ServeMux, regions []string) error {
	files, err := fs.ReadDir(content, "page")
	if err != nil {
		return err
	}
	for _, file := range files {
		data, err := content.ReadFile(path.Join("page", file.Name()))
		if err != nil {
			return err
		}
		where := "/page/" + file.Name()
		if file.Name() == index {
			where = "/{$}"
		}
		mux.Handle("GET "+where, asset(file.Name(), data))
	}
	data, err := json.Marshal(settings{regions})
	if err != nil {
		return err
	}
	mux.Handle("GET /page/settings.json", asset("settings.json", data))
	return nil
}

// asset serves a file. Browsers ask each time whether it has changed, so that they
// never run parts of two versions.
func asset(name string, data []byte) http.Handler {
	sum := sha256.Sum256(data)
	header := map[string]string{
		"Content-Type":               types[path.Ext(name)],
		"Content-Security-Policy":    policy,
		"Cross-Origin-Opener-Policy": "same-origin",
		"X-Content-Type-Options":     "nosniff",
		"Referrer-Policy":            "no-referrer",
		"Cache-Control":              "no-cache",
		"ETag":                       `"` + hex.EncodeToString(sum[:16]) + `"`,
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for key, value := range header {
			w.Header().Set(key, value)
		}
		if strings.Contains(r.Header.Get("If-None-Match"), header["ETag"]) {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(data)
	})
}

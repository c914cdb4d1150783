package web

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func get(t *testing.T, path, etag string) *httptest.ResponseRecorder {
	t.Helper()
	mux := http.NewServeMux()
	require.NoError(t, AddPage(mux, []string{"kr1", "kr2"}))
	r := httptest.NewRequest(http.MethodGet, path, nil)
	r.Header.Set("If-None-Match", etag)
	w := httptest.NewRecorder()
	mux.ServeHTTP(w, r)
	return w
}

func TestPage(t *testing.T) {
	t.Parallel()
	page := get(t, "/", "")
	require.Equal(t, http.StatusOK, page.Code)
	assert.Equal(t, "text/html; charset=utf-8", page.Header().Get("Content-Type"))
	for _, m := range regexp.MustCompile(`(?:src|href)="(/page/[^"]+)"`).FindAllStringSubmatch(page.Body.String(), -1) {
		assert.Equal(t, http.StatusOK, get(t, m[1], "").Code, m[1])
	}
	for _, module := range []string{"main", "gateway", "instances", "problem", "tasks", "texts"} {
		script := get(t, "/page/"+module+".js", "")
		assert.Equal(t, http.StatusOK, script.Code, module)
		assert.Equal(t, "text/javascript; charset=utf-8", script.Header().Get("Content-Type"), module)
		assert.NotRegexp(t, `innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|localStorage|sessionStorage|cookie`, script.Body.String(), module)
	}
	assert.JSONEq(t, `{"regions":["kr1","kr2"]}`, get(t, "/page/settings.json", "").Body.String())
	for _, path := range []string{"/page/", "/page/index.html", "/page/none.js", "/index.html"} {
		assert.Equal(t, http.StatusNotFound, get(t, path, "").Code, path)
	}
}

func TestPageHasNoInlineCode(t *testing.T) {
	t.Parallel()
	page := get(t, "/", "")
	policy := page.Header().Get("Content-Security-Policy")
	assert.Contains(t, policy, "default-src 'none'")
	assert.NotContains(t, policy, "unsafe")
	assert.NotRegexp(t, `(?i)<script[^>]*>[^<]|<style|\son\w+=|\sstyle=`, page.Body.String())
	assert.NotRegexp(t, `(?:src|href)="(?:[a-z]+:)?//`, page.Body.String(), "nothing comes from elsewhere")
}

func TestPageIsNotSentTwice(t *testing.T) {
	t.Parallel()
	first := get(t, "/page/main.js", "")
	etag := first.Header().Get("ETag")
	require.NotEmpty(t, etag)
	again := get(t, "/page/main.js", etag)
	assert.Equal(t, http.StatusNotModified, again.Code)
	assert.Empty(t, again.Body.String())
	assert.Equal(t, http.StatusOK, get(t, "/page/texts.js", etag).Code, "another file has another tag")
}

// The page says all that it says in both languages.
func TestTexts(t *testing.T) {
	t.Parallel()
	data, err := content.ReadFile("page/texts.js")
	require.NoError(t, err)
	korean, english, ok := strings.Cut(string(data), "\n  en: {")
	require.True(t, ok)
	keys := func(part string) (found []string) {
		for _, m := range regexp.MustCompile(`(?m)^    (\w+): `).FindAllStringSubmatch(part, -1) {
			found = append(found, m[1])
		}
		return found
	}
	known := keys(english)
	assert.Equal(t, known, keys(korean))
	index, err := content.ReadFile("page/index.html")
	require.NoError(t, err)
	for _, m := range regexp.MustCompile(`data-text="(\w+)"`).FindAllStringSubmatch(string(index), -1) {
		assert.Contains(t, known, m[1])
	}
}

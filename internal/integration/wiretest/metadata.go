package wiretest

import (
	"fmt"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *wire) emptyMetadata() {
	path := w.container()
	kept := func(path, name string) {
		w.t.Helper()
		assert.Equal(w.t, []string{""}, w.do(200, "HEAD", path, "").header[name], name)
	}
	w.do(201, "PUT", path+"/x", "x", "X-Object-Meta-Empty", "", "X-Object-Meta-Full", "y", "Content-Disposition", "")
	kept(path+"/x", "X-Object-Meta-Empty")
	kept(path+"/x", "Content-Disposition")
	w.do(202, "POST", path+"/x", "", "X-Object-Meta-Other", "", "X-Object-Meta-Full", "z", "X-Remove-Object-Meta-Full", "x")
	kept(path+"/x", "X-Object-Meta-Other")
	head := w.do(200, "HEAD", path+"/x", "")
	assert.NotContains(w.t, head.header, "X-Object-Meta-Empty")
	w.same(head, "X-Object-Meta-Full", "z")
	// A copy can be given an empty value in the place of another.
	w.do(201, "COPY", path+"/x", "", "Destination", path+"/y", "X-Object-Meta-Full", "")
	kept(path+"/y", "X-Object-Meta-Full")
	kept(path+"/y", "X-Object-Meta-Other")
	// That of a container is removed.
	w.do(204, "POST", path, "", "X-Container-Meta-Color", "red")
	w.do(204, "POST", path, "", "X-Container-Meta-Color", "")
	assert.NotContains(w.t, w.do(204, "HEAD", path, "").header, "X-Container-Meta-Color")
}

// many are headers of metadata, from one number to another.
func many(level string, from, to int, value string) []string {
	var headers []string
	for i := from; i <= to; i++ {
		headers = append(headers, fmt.Sprintf("X-%s-Meta-K%d", level, i), value)
	}
	return headers
}

func (w *wire) metadataLimits() {
	path := w.container()
	long := strings.Repeat("v", 256)
	for _, c := range []struct {
		want    string
		headers []string
	}{
		{"Too many metadata items; max 90", many("%", 1, 91, "x")},
		{"Too many metadata items; max 90", many("%", 1, 91, "")},
		{"Total metadata too large; max 4096", many("%", 1, 16, long)},
		{"Metadata value longer than 256: x-%-meta-A", []string{"X-%-Meta-A", long + "v"}},
		{"Metadata name cannot be empty", []string{"X-%-Meta-", "x"}},
		{"Metadata name too long: x-%-meta-A" + strings.Repeat("v", 128), []string{"X-%-Meta-a" + strings.Repeat("v", 128), "x"}},
	} {
		for _, level := range []string{"Object", "Container"} {
			headers := append([]string{}, c.headers...)
			for i := range headers {
				headers[i] = strings.Replace(headers[i], "%", level, 1)
			}
			at := map[string]string{"Object": path + "/x", "Container": path}[level]
			r := w.do(400, "PUT", at, "", headers...)
			assert.Equal(w.t, strings.Replace(c.want, "%", strings.ToLower(level), 1), r.text)
			w.same(r, "Content-Type", "text/plain")
		}
	}
	w.do(201, "PUT", path+"/x", "", many("Object", 1, 90, "x")...)
	w.do(201, "PUT", path+"/x", "", "X-Object-Meta-"+strings.Repeat("v", 128), long)
}

func (w *wire) metadataTotals() {
	path := w.container()
	w.do(204, "POST", path, "", many("Container", 1, 60, "x")...)
	for method, at := range map[string]string{"POST": path, "PUT": path} {
		r := w.do(400, method, at, "", many("Container", 61, 91, "x")...)
		assert.Equal(w.t, "Too many metadata items; max 90", r.text)
		w.same(r, "Content-Type", "text/html; charset=UTF-8")
	}
	assert.NotContains(w.t, w.do(204, "HEAD", path, "").header, "X-Container-Meta-K61", "all of it or nothing")
	// What goes in the same request does not count, nor what was there before.
	w.do(204, "POST", path, "", append(many("Container", 61, 91, "x"), "X-Container-Meta-K1", "")...)
	w.do(204, "POST", path, "", "X-Container-Meta-K2", "y")
	w.do(400, "POST", path, "", "X-Container-Meta-K1", "x")

	path = w.container(many("Container", 1, 15, strings.Repeat("v", 250))...)
	r := w.do(400, "POST", path, "", many("Container", 21, 25, strings.Repeat("v", 250))...)
	assert.Equal(w.t, "Total metadata too large; max 4096", r.text)
	// What was set by other headers is no metadata.
	w.do(204, "POST", path, "", "X-Container-Read", ".r:"+strings.Repeat("v", 2000))
	w.do(204, "POST", path, "", "X-Container-Meta-K1", strings.Repeat("w", 250))
}

func (w *wire) contentTypes() {
	path := w.container()
	for name, want := range map[string]string{
		"x.wav": "audio/x-wav", "x.md": "text/markdown", "x.txt": "text/plain", "x.html": "text/html", "x.HTML": "text/html",
		"x.docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
		"x.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
		"x.pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
		"x.doc":  "application/msword", "x.xls": "application/vnd.ms-excel", "x.pdf": "application/pdf", "x.zip": "application/zip",
		"x.tar": "application/x-tar", "x.tar.gz": "application/x-tar", "x.tgz": "application/x-tar", "x.csv.gz": "text/csv",
		"x.gz": "application/octet-stream", "x.csv": "text/csv", "x.json": "application/json", "x.css": "text/css",
		"x.png": "image/png", "x.jpg": "image/jpeg", "x.svg": "image/svg+xml", "x.svgz": "image/svg+xml", "x.webp": "image/webp",
		"x.mp3": "audio/mpeg", "x.mp4": "video/mp4", "x.webm": "video/webm", "x.ics": "text/calendar", "x.py": "text/x-python",
		"x": "application/octet-stream", ".wav": "application/octet-stream", "x.wav/": "application/octet-stream",
		"x.wav/y": "application/octet-stream", "x.unheard": "application/octet-stream", "x.": "application/octet-stream",
	} {
		w.do(201, "PUT", path+"/"+name, "x")
		assert.Equal(w.t, want, w.do(200, "HEAD", path+"/"+name, "").get("Content-Type"), name)
	}
	w.do(201, "PUT", path+"/x.wav", "x", "Content-Type", "text/x", "X-Detect-Content-Type", "true")
	require.Equal(w.t, "audio/x-wav", w.do(200, "HEAD", path+"/x.wav", "").get("Content-Type"))
}

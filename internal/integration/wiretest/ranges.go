package wiretest

import (
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"strconv"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// parts are those of an answer with several ranges: where they are from, and
// what is in them.
func (w *wire) parts(r result) [][2]string {
	w.t.Helper()
	kind, params, err := mime.ParseMediaType(r.get("Content-Type"))
	require.NoError(w.t, err)
	require.Equal(w.t, "multipart/byteranges", kind)
	w.same(r, "Content-Range", "", "Content-Length", strconv.Itoa(len(r.text)))
	var out [][2]string
	for reader := multipart.NewReader(strings.NewReader(r.text), params["boundary"]); ; {
		part, err := reader.NextPart()
		if err == io.EOF {
			return out
		}
		require.NoError(w.t, err)
		assert.Equal(w.t, "text/plain", part.Header.Get("Content-Type"))
		data, err := io.ReadAll(part)
		require.NoError(w.t, err)
		out = append(out, [2]string{part.Header.Get("Content-Range"), string(data)})
	}
}

func (w *wire) severalRanges() {
	path := w.container()
	w.do(201, "PUT", path+"/x", "hello0123456789", "Content-Type", "text/plain", "X-Object-Meta-A", "b")
	r := w.do(206, "GET", path+"/x", "", "Range", "bytes=0-1,3-4")
	assert.Equal(w.t, [][2]string{{"bytes 0-1/15", "he"}, {"bytes 3-4/15", "lo"}}, w.parts(r))
	w.same(r, "X-Object-Meta-A", "b", "Accept-Ranges", "bytes")
	assert.NotEmpty(w.t, r.get("Etag"))
	r = w.do(206, "GET", path+"/x", "", "Range", "bytes=12-,0-0, -2")
	assert.Equal(w.t, [][2]string{{"bytes 12-14/15", "789"}, {"bytes 0-0/15", "h"}, {"bytes 13-14/15", "89"}}, w.parts(r))
	// Of those outside nothing comes, and of what is malformed the whole.
	for header, want := range map[string]string{"bytes=0-1,100-200": "he", "bytes=15-,0-1": "he", "bytes=0-1,-0": "he"} {
		r := w.do(206, "GET", path+"/x", "", "Range", header)
		assert.Equal(w.t, want, r.text)
		w.same(r, "Content-Type", "text/plain", "Content-Range", "bytes 0-1/15")
	}
	for _, header := range []string{"bytes=0-1,a-b", "bytes=0-1,", "bytes=0-1,,3-3", "bytes=5-3,1-2", "bytes=0-1,-"} {
		assert.Equal(w.t, "hello0123456789", w.do(200, "GET", path+"/x", "", "Range", header).text, header)
	}
	w.do(200, "HEAD", path+"/x", "", "Range", "bytes=0-1,3-4")
	w.do(304, "GET", path+"/x", "", "Range", "bytes=0-1,3-4", "If-None-Match", "*")
	assert.Equal(w.t, "0", w.do(206, "GET", path+"/x", "", "Range", "bytes=5-5,99999999999999999999-").text)

	// A static large object is as any other; of a dynamic one the whole comes.
	w.do(201, "PUT", path+"/s/1", "hello")
	w.do(201, "PUT", path+"/s/2", "world")
	w.do(201, "PUT", path+"/slo?multipart-manifest=put", fmt.Sprintf(`[{"path":"%[1]s/s/1"},{"path":"%[1]s/s/2"}]`, path), "Content-Type", "text/plain")
	w.do(201, "PUT", path+"/dlo", "", "X-Object-Manifest", path[1:]+"/s/", "Content-Type", "text/plain")
	r = w.do(206, "GET", path+"/slo", "", "Range", "bytes=3-6,0-0")
	assert.Equal(w.t, [][2]string{{"bytes 3-6/10", "lowo"}, {"bytes 0-0/10", "h"}}, w.parts(r))
	assert.Equal(w.t, "helloworld", w.do(200, "GET", path+"/dlo", "", "Range", "bytes=3-6,0-0").text)
}

func (w *wire) tooManyRanges() {
	path := w.container()
	w.do(201, "PUT", path+"/x", strings.Repeat("x", 100), "Content-Type", "text/plain")
	// several are n ranges of one byte each; they go backwards below 0.
	several := func(n, step int) string {
		var list []string
		for i := range n {
			at := i * step
			if step < 0 {
				at += 99
			}
			list = append(list, fmt.Sprintf("%d-%[1]d", at))
		}
		return "bytes=" + strings.Join(list, ",")
	}
	assert.Len(w.t, w.parts(w.do(206, "GET", path+"/x", "", "Range", several(50, 1))), 50)
	assert.Len(w.t, w.parts(w.do(206, "GET", path+"/x", "", "Range", several(7, -2))), 7)
	assert.Len(w.t, w.parts(w.do(206, "GET", path+"/x", "", "Range", "bytes=0-1,0-3,2-4")), 3)
	assert.Len(w.t, w.parts(w.do(206, "GET", path+"/x", "", "Range", "bytes=1-1,1-1,1-1,1-1,1-1")), 5)
	for _, header := range []string{several(51, 1), several(8, -2), "bytes=0-5,1-5,2-5", "bytes=100-,200-", "bytes=-0,-0"} {
		r := w.do(416, "GET", path+"/x", "", "Range", header)
		w.same(r, "Content-Range", "bytes */100")
	}
}

package objectstorage

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// parseManifest reads the list of segments and checks what can be checked
// without looking at them.
func (c *call) parseManifest(data []byte) ([]frame.Object, *frame.Reply) {
	bad := func(text string) ([]frame.Object, *frame.Reply) {
		return nil, textReply(http.StatusBadRequest, htmlType, "%s", text)
	}
	var parsed any
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.UseNumber()
	if err := dec.Decode(&parsed); err != nil {
		return bad("Manifest must be valid JSON.\n")
	}
	if _, err := dec.Token(); err != io.EOF {
		return bad("Manifest must be valid JSON.\n")
	}
	elements, ok := parsed.([]any)
	if !ok {
		return bad("Manifest must be a list.\n")
	}
	var list []frame.Object
	var problems strings.Builder
	inline, objects := 0, 0
	for i, element := range elements {
		e, _ := element.(frame.Object)
		if text := checkSegment(e, i == len(elements)-1); text != "" {
			fmt.Fprintf(&problems, "Index %d: %s\n", i, text)
			continue
		}
		if e["data"] != nil {
			inline++
		} else {
			objects++
			if strings.TrimPrefix(frame.Str(e, "path"), "/") == c.container+"/"+c.object && !c.isCopy() {
				fmt.Fprintf(&problems, "Index %d: manifest must not include itself as a segment\n", i)
			}
		}
		list = append(list, e)
	}
	if objects == 0 && inline > 0 {
		problems.WriteString("Inline data segments require at least one object-backed segment.\n")
	}
	if problems.Len() > 0 {
		return nil, textReply(http.StatusBadRequest, plainType, "%s", problems.String())
	}
	if objects > maxSegments {
		return nil, textReply(http.StatusRequestEntityTooLarge, htmlType,
			"Number of object-backed segments must be <= %d", maxSegments)
	}
	return list, nil
}

// checkSegment looks at one element of the list by itself and says what is
// wrong with it.
func checkSegment(e frame.Object, last bool) string {
	if e == nil {
		return "not a JSON object"
	}
	_, hasPath := e["path"]
	_, hasData := e["data"]
	allowed := []string{"path", "etag", "size_bytes", "range"}
	switch {
	case hasPath:
	case hasData:
		allowed = []string{"data"}
	default:
		return "expected keys to include one of 'path' or 'data'"
	}
	var extra []string
	for key := range e {
		if !slices.Contains(allowed, key) {
			extra = append(extra, strconv.Quote(key))
		}
	}
	if len(extra) > 0 {
		slices.Sort(extra)
		return "extraneous keys " + strings.Join(extra, ", ")
	}
	if !hasPath {
		text, ok := e["data"].(string)
		data, err := base64.StdEncoding.DecodeString(text)
		switch {
		case !ok || err != nil:
			return "data must be valid base64"
		case len(data) < 1:
			return "too small; each segment must be at least 1 byte."
		}
		return ""
	}
	path, ok := e["path"].(string)
	if !ok {
		return `"path" must be a string`
	}
	if _, ok := e["etag"].(string); !ok && e["etag"] != nil {
		return `"etag" must be a string or null (if provided)`
	}
	if !strings.Contains(strings.Trim(path, "/"), "/") {
		return "path does not refer to an object. Path must be of the form /container/object."
	}
	size, sized := frame.AsInt(e["size_bytes"])
	switch {
	case !sized && e["size_bytes"] != nil:
		return "invalid size_bytes"
	case sized && size < 1 && !last:
		return "too small; each segment must be at least 1 byte."
	}
	switch text, ok := e["range"].(string); {
	case !ok && e["range"] != nil:
		return "invalid range"
	case strings.Contains(text, ","):
		return "multiple ranges (only one allowed)"
	case text != "":
		_, n, ok := blob.Range("bytes="+text, int64(size))
		_, wellFormed, inside := blob.Range("bytes="+text, 1<<62)
		switch {
		case inside && wellFormed < 0:
			return "invalid range"
		case sized && (!ok || n < 0):
			return "unsatisfiable range"
		}
	}
	return ""
}

// segment compares an element of the list with the object that it names, and
// says what is wrong.
func (c *call) segment(e frame.Object, last bool) (g sloSegment, wrong []string) {
	if text := frame.Str(e, "data"); text != "" {
		g.Data, _ = base64.StdEncoding.DecodeString(text) // checked before
		g.n = int64(len(g.Data))
		return g, nil
	}
	g.Name = "/" + strings.TrimLeft(frame.Str(e, "path"), "/")
	container, name := g.split()
	o := c.account.object(container, name)
	if !c.may(viewing, c.account, c.account.containers[container], true) {
		return g, []string{statusLine(c.denied().Status)}
	}
	if o == nil {
		return g, []string{statusLine(http.StatusNotFound)}
	}
	g.Hash, g.Bytes, g.ContentType, g.LastModified = o.etag, o.size(), o.contentType, frame.Micros(wholeSecond(o.stamp))
	if o.slo != nil {
		g.Hash, g.SubSLO = o.slo.etag, true
	} else if o.meta.Get("X-Object-Manifest") != "" {
		v := view{header: http.Header{}}
		if rep := c.dynamic(o, &v); rep == nil {
			g.Hash, g.Bytes = v.etag, blob.SizeOf(v.parts)
		}
	}
	g.n = g.Bytes
	if text := frame.Str(e, "range"); text != "" {
		off, n, ok := blob.Range("bytes="+text, g.Bytes)
		switch {
		case !ok || n < 0:
			wrong = append(wrong, "Unsatisfiable Range")
		case n != g.Bytes:
			g.off, g.n = off, n
			g.Range = fmt.Sprintf("%d-%d", off, off+n-1)
		}
	}
	if g.n < 1 && !last {
		wrong = append(wrong, "Too small; each segment must be at least 1 byte.")
	}
	if size, ok := frame.AsInt(e["size_bytes"]); ok && int64(size) != g.Bytes {
		wrong = append(wrong, "Size Mismatch")
	}
	if etag, ok := e["etag"].(string); ok && etag != g.Hash {
		wrong = append(wrong, "Etag Mismatch")
	}
	return g, wrong
}

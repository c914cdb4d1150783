package nhncloudtest

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
)

const (
	maxSegments     = 10_000
	maxManifestSize = 8 << 20
	maxManifestDeep = 10 // manifests within manifests
)

// sloManifest is what makes a static large object.
type sloManifest struct {
	segments []sloSegment
	etag     string // MD5 of the ETags of the segments
	size     int64
}

// sloSegment is an object, a range of one, or a few bytes in the manifest
// itself.
type sloSegment struct {
	Name         string `json:"name,omitempty"`
	Bytes        int64  `json:"bytes,omitempty"`
	Hash         string `json:"hash,omitempty"`
	ContentType  string `json:"content_type,omitempty"`
	LastModified string `json:"last_modified,omitempty"`
	Range        string `json:"range,omitempty"`
	SubSLO       bool   `json:"sub_slo,omitempty"`
	Data         []byte `json:"data,omitempty"`

	off, n int64 // what of the object the range covers
}

// raw is the segment in the form in which it was put.
func (g sloSegment) raw() object {
	if g.Data != nil {
		return object{"data": g.Data}
	}
	o := object{"path": g.Name, "etag": g.Hash, "size_bytes": g.Bytes}
	if g.Range != "" {
		o["range"] = g.Range
	}
	return o
}

// split takes the path of a segment apart.
func (g sloSegment) split() (container, name string) {
	container, name, _ = strings.Cut(strings.TrimPrefix(g.Name, "/"), "/")
	return container, name
}

// show shows the manifest instead of what its segments make.
func (m *sloManifest) show(v *view, raw bool) {
	if !raw {
		v.header.Set("Content-Type", jsonType+"; charset=utf-8")
		return
	}
	list := make([]object, len(m.segments))
	for i, g := range m.segments {
		list[i] = g.raw()
	}
	data := encode(list)
	sum := md5.Sum(data)
	v.etag = hex.EncodeToString(sum[:])
	v.header.Set("Etag", v.etag)
	v.parts = []part{{blob: memoryBlob(data), n: int64(len(data))}}
}

// segments are the data of a manifest. Where one is gone, was overwritten or
// must not be read, a part without a blob stands.
func (c *swiftCall) segments(m *sloManifest, depth int) []part {
	var parts []part
	for _, g := range m.segments {
		if g.Data != nil {
			parts = append(parts, memoryBlob(g.Data).whole())
			continue
		}
		container, name := g.split()
		o := c.account.object(container, name)
		switch {
		case o == nil || depth == maxManifestDeep || !c.may(reading, c.account, o.container, true):
			parts = append(parts, part{n: g.n})
		case g.SubSLO && o.slo != nil && o.slo.etag == g.Hash:
			parts = append(parts, cutParts(c.segments(o.slo, depth+1), g.off, g.n)...)
		case !g.SubSLO && o.etag == g.Hash && o.data.size == g.Bytes:
			parts = append(parts, part{blob: o.data, off: g.off, n: g.n})
		default:
			parts = append(parts, part{n: g.n})
		}
	}
	return parts
}

// dynamic puts together what a dynamic manifest stands for.
func (c *swiftCall) dynamic(o *swiftObject, v *view) *swiftReply {
	container, prefix, _ := strings.Cut(unescaped(o.meta.Get("X-Object-Manifest")), "/")
	cont := c.account.containers[container]
	if !c.may(listing, c.account, cont, false) || !c.may(reading, c.account, cont, true) {
		return c.denied()
	}
	v.parts, v.large = nil, true
	sum := md5.New()
	if cont != nil {
		names := cont.names.sorted(func(name string) bool { return cont.objects[name] != nil })
		from, _ := slices.BinarySearch(names, prefix)
		for _, name := range names[from:] {
			if !strings.HasPrefix(name, prefix) {
				break
			}
			g := cont.objects[name]
			_, _ = io.WriteString(sum, g.etag)
			v.parts = append(v.parts, g.data.whole())
		}
	}
	v.etag = hex.EncodeToString(sum.Sum(nil))
	v.header.Set("Etag", quoted(v.etag))
	return nil
}

// isManifest tells whether an upload is the list of segments of a static large
// object.
func (c *swiftCall) isManifest() bool { return c.query.Get("multipart-manifest") == "put" }

// putManifest makes a static large object.
func putManifest(c *swiftCall) *swiftReply {
	if c.req.ContentLength > maxManifestSize {
		return swiftText(http.StatusRequestEntityTooLarge, swiftHTML, "Manifest File > %d bytes", maxManifestSize)
	}
	if c.req.ContentLength == 0 && c.req.Header.Get("Content-Length") == "" {
		return swiftError(http.StatusLengthRequired)
	}
	cont, o, rep := c.begin(c.container, c.object, c.req.Header)
	if rep != nil {
		return rep
	}
	data, err := c.readAll(maxManifestSize)
	if err != nil {
		return nil
	}
	if rep := c.makeManifest(o, data); rep != nil {
		return rep
	}
	return c.commit(cont, o)
}

// makeManifest turns an object into a static large one by a list of segments
// in JSON.
func (c *swiftCall) makeManifest(o *swiftObject, data []byte) *swiftReply {
	list, rep := c.parseManifest(data)
	if rep != nil {
		return rep
	}
	o.slo = &sloManifest{}
	var problems [][2]string
	for i, e := range list {
		g, wrong := c.segment(e, i == len(list)-1)
		for _, text := range wrong {
			problems = append(problems, [2]string{quotePath(str(e, "path")), text})
		}
		o.slo.segments = append(o.slo.segments, g)
	}
	if len(problems) > 0 {
		return c.report(http.StatusBadRequest, "upload", nil, problems)
	}
	sum := md5.New()
	for _, g := range o.slo.segments {
		switch {
		case g.Data != nil:
			one := md5.Sum(g.Data)
			_, _ = io.WriteString(sum, hex.EncodeToString(one[:]))
		case g.Range != "":
			_, _ = fmt.Fprintf(sum, "%s:%s;", g.Hash, g.Range)
		default:
			_, _ = io.WriteString(sum, g.Hash)
		}
		o.slo.size += g.n
	}
	o.slo.etag = hex.EncodeToString(sum.Sum(nil))
	if want := bareETag(c.req.Header.Get("Etag")); want != "" && want != o.slo.etag && !c.isCopy() {
		return swiftError(http.StatusUnprocessableEntity)
	}
	stored := encode(o.slo.segments)
	one := md5.Sum(stored)
	o.data, o.etag = memoryBlob(stored), hex.EncodeToString(one[:])
	return nil
}

// parseManifest reads the list of segments and checks what can be checked
// without looking at them.
func (c *swiftCall) parseManifest(data []byte) ([]object, *swiftReply) {
	bad := func(text string) ([]object, *swiftReply) {
		return nil, swiftText(http.StatusBadRequest, swiftHTML, "%s", text)
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
	var list []object
	var problems strings.Builder
	inline, objects := 0, 0
	for i, element := range elements {
		e, _ := element.(object)
		if text := checkSegment(e, i == len(elements)-1); text != "" {
			fmt.Fprintf(&problems, "Index %d: %s\n", i, text)
			continue
		}
		if e["data"] != nil {
			inline++
		} else {
			objects++
			if strings.TrimPrefix(str(e, "path"), "/") == c.container+"/"+c.object && !c.isCopy() {
				fmt.Fprintf(&problems, "Index %d: manifest must not include itself as a segment\n", i)
			}
		}
		list = append(list, e)
	}
	if objects == 0 && inline > 0 {
		problems.WriteString("Inline data segments require at least one object-backed segment.\n")
	}
	if problems.Len() > 0 {
		return nil, swiftText(http.StatusBadRequest, plainType, "%s", problems.String())
	}
	if objects > maxSegments {
		return nil, swiftText(http.StatusRequestEntityTooLarge, swiftHTML,
			"Number of object-backed segments must be <= %d", maxSegments)
	}
	return list, nil
}

// checkSegment looks at one element of the list by itself and says what is
// wrong with it.
func checkSegment(e object, last bool) string {
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
	size, sized := asInt(e["size_bytes"])
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
		_, n, ok := byteRange("bytes="+text, int64(size))
		_, wellFormed, inside := byteRange("bytes="+text, 1<<62)
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
func (c *swiftCall) segment(e object, last bool) (g sloSegment, wrong []string) {
	if text := str(e, "data"); text != "" {
		g.Data, _ = base64.StdEncoding.DecodeString(text) // checked before
		g.n = int64(len(g.Data))
		return g, nil
	}
	g.Name = "/" + strings.TrimLeft(str(e, "path"), "/")
	container, name := g.split()
	o := c.account.object(container, name)
	if !c.may(viewing, c.account, c.account.containers[container], true) {
		return g, []string{statusLine(c.denied().status)}
	}
	if o == nil {
		return g, []string{statusLine(http.StatusNotFound)}
	}
	g.Hash, g.Bytes, g.ContentType, g.LastModified = o.etag, o.size(), o.contentType, micros(wholeSecond(o.stamp))
	if o.slo != nil {
		g.Hash, g.SubSLO = o.slo.etag, true
	} else if o.meta.Get("X-Object-Manifest") != "" {
		v := view{header: http.Header{}}
		if rep := c.dynamic(o, &v); rep == nil {
			g.Hash, g.Bytes = v.etag, sizeOf(v.parts)
		}
	}
	g.n = g.Bytes
	if text := str(e, "range"); text != "" {
		off, n, ok := byteRange("bytes="+text, g.Bytes)
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
	if size, ok := asInt(e["size_bytes"]); ok && int64(size) != g.Bytes {
		wrong = append(wrong, "Size Mismatch")
	}
	if etag, ok := e["etag"].(string); ok && etag != g.Hash {
		wrong = append(wrong, "Etag Mismatch")
	}
	return g, wrong
}

// quotePath is a path with percent-encoding, slashes left alone.
func quotePath(p string) string {
	return strings.ReplaceAll(strings.ReplaceAll(url.QueryEscape(p), "%2F", "/"), "+", "%20")
}

// deleteManifest deletes a static large object with all its segments.
func deleteManifest(c *swiftCall) *swiftReply {
	r := newDeleteReport()
	c.deleteLarge(r, c.container, c.object, 0)
	return c.finishDelete(r)
}

func (c *swiftCall) deleteLarge(r *deleteReport, container, name string, depth int) {
	o := c.account.object(container, name)
	cont := c.account.containers[container]
	switch {
	case !c.may(reading, c.account, cont, true):
		r.fail("/"+container+"/"+name, statusLine(c.denied().status))
		return
	case o == nil:
		r.missing++
		return
	case o.slo == nil:
		r.fail("/"+container+"/"+name, "Not an SLO manifest")
		return
	}
	for _, g := range o.slo.segments {
		inside, part := g.split()
		switch {
		case g.Data != nil:
		case g.SubSLO && depth < maxManifestDeep:
			c.deleteLarge(r, inside, part, depth+1)
		default:
			r.count(g.Name, c.deleteOne(inside, part).status)
		}
	}
	r.count("/"+container+"/"+name, c.deleteOne(container, name).status)
}

// deleteReport is what became of many deletions.
type deleteReport struct {
	deleted, missing int
	errors           [][2]string
	status           int
	body             string
}

func newDeleteReport() *deleteReport { return &deleteReport{status: http.StatusOK} }

func (r *deleteReport) fail(path, status string) {
	r.errors = append(r.errors, [2]string{quotePath(path), status})
}

func (r *deleteReport) count(path string, status int) {
	switch {
	case status < 300:
		r.deleted++
	case status == http.StatusNotFound:
		r.missing++
	default:
		r.fail(path, statusLine(status))
	}
}

// finishDelete answers 200 whatever happened; what did is in the body.
func (c *swiftCall) finishDelete(r *deleteReport) *swiftReply {
	switch {
	case r.status != http.StatusOK:
	case len(r.errors) > 0:
		r.status = http.StatusBadRequest
	case r.deleted+r.missing == 0:
		r.status, r.body = http.StatusBadRequest, "Invalid bulk delete."
	}
	return c.report(http.StatusOK, "delete", object{
		"Response Status": statusLine(r.status), "Response Body": r.body,
		"Number Deleted": r.deleted, "Number Not Found": r.missing,
	}, r.errors)
}

// report writes a report in the form that is wanted.
func (c *swiftCall) report(status int, root string, values object, problems [][2]string) *swiftReply {
	kind := orElse(bestMatch(c.req.Header.Get("Accept"), plainType, jsonType, "application/xml", "text/xml"), plainType)
	rep := swiftOK(status)
	rep.header.Set("Content-Type", kind)
	keys := []string{"Number Deleted", "Number Not Found", "Response Body", "Response Status"}
	keys = slices.DeleteFunc(keys, func(k string) bool { return values[k] == nil })
	var text bytes.Buffer
	switch kind {
	case jsonType:
		body := object{"Errors": append([][2]string{}, problems...)}
		for _, k := range keys {
			body[k] = values[k]
		}
		rep.body = encode(body)
		return rep
	case plainType:
		for _, k := range keys {
			fmt.Fprintf(&text, "%s: %v\n", k, values[k])
		}
		text.WriteString("Errors:\n")
		for _, p := range problems {
			fmt.Fprintf(&text, "%s, %s\n", p[0], p[1])
		}
	default:
		fmt.Fprintf(&text, "<%s>\n", root)
		for _, k := range keys {
			tag := strings.ToLower(strings.ReplaceAll(k, " ", "_"))
			fmt.Fprintf(&text, "<%s>%s</%s>\n", tag, escapeXML(fmt.Sprint(values[k])), tag)
		}
		text.WriteString("<errors>\n")
		for _, p := range problems {
			fmt.Fprintf(&text, "<object><name>%s</name><status>%s</status></object>\n", escapeXML(p[0]), escapeXML(p[1]))
		}
		fmt.Fprintf(&text, "</errors>\n</%s>\n", root)
	}
	rep.body = text.Bytes()
	return rep
}

var escapeXML = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace

// maxBulkDelete is how many names one request can delete.
const maxBulkDelete = 10_000

// bulkDelete deletes objects and containers that are named in the body, one a
// line and percent-encoded: objects first.
func bulkDelete(c *swiftCall) *swiftReply {
	r := newDeleteReport()
	if kind := c.req.Header.Get("Content-Type"); kind != "" && !strings.HasPrefix(kind, plainType) {
		r.status, r.body = http.StatusNotAcceptable, string(swiftError(http.StatusNotAcceptable).body)
		return c.finishDelete(r)
	}
	data, err := c.readAll(maxBulkDelete * 4096)
	if err != nil {
		return nil
	}
	var names []string
	for line := range strings.Lines(string(data)) {
		if name := unescaped(strings.TrimSpace(line)); name != "" {
			names = append(names, strings.TrimLeft(name, "/"))
		}
	}
	if len(names) > maxBulkDelete {
		r.status, r.body = http.StatusRequestEntityTooLarge, fmt.Sprintf("Maximum Bulk Deletes: %d per request", maxBulkDelete)
		return c.finishDelete(r)
	}
	for _, objects := range []bool{true, false} {
		for _, name := range names {
			container, inside, _ := strings.Cut(strings.TrimRight(name, "/"), "/")
			if inside != "" {
				_, inside, _ = strings.Cut(name, "/") // the slash at the end is part of it
			}
			switch {
			case (inside != "") != objects:
			case !validName(name):
				r.fail(name, statusLine(http.StatusPreconditionFailed))
			case objects:
				r.count(name, c.deleteOne(container, inside).status)
			default:
				c.container = container
				r.count(name, deleteContainer(c).status)
			}
		}
	}
	return c.finishDelete(r)
}

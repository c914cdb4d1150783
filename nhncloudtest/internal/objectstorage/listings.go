package objectstorage

import (
	"bytes"
	"encoding/xml"
	"mime"
	"net/http"
	"slices"
	"sort"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// maxListing is how many names a page of a list has, unless less are asked for.
const maxListing = 10_000

// listingType finds out in which form a list is wanted.
func (c *call) listingType() (string, *frame.Reply) {
	switch format := strings.ToLower(c.Query.Get("format")); format {
	case "":
	case "json", "xml":
		return "application/" + format, nil
	default:
		return plainType, nil
	}
	kind := bestMatch(c.Request.Header.Get("Accept"), plainType, frame.JSONType, "application/xml", "text/xml")
	if kind == "" {
		return "", errorReply(http.StatusNotAcceptable)
	}
	return kind, nil
}

// bestMatch picks from what is on offer by an Accept header; "" when nothing
// fits.
func bestMatch(accept string, offers ...string) string {
	type wish struct {
		pattern string
		quality float64
		exact   bool
	}
	var wishes []wish
	for element := range strings.SplitSeq(accept, ",") {
		pattern, params, err := mime.ParseMediaType(element)
		if err != nil {
			continue
		}
		q, err := strconv.ParseFloat(params["q"], 64)
		if err != nil {
			q = 1
		}
		wishes = append(wishes, wish{pattern, q, !strings.Contains(pattern, "*")})
	}
	if len(wishes) == 0 {
		return offers[0]
	}
	sort.SliceStable(wishes, func(i, j int) bool {
		if wishes[i].quality != wishes[j].quality {
			return wishes[i].quality > wishes[j].quality
		}
		return wishes[i].exact && !wishes[j].exact
	})
	for _, w := range wishes {
		for _, offer := range offers {
			kind, _, _ := strings.Cut(offer, "/")
			if w.pattern == offer || w.pattern == kind+"/*" || w.pattern == "*/*" {
				return offer
			}
		}
	}
	return ""
}

// listQuery is what a request says about the list it wants.
type listQuery struct {
	limit                                  int
	marker, end, prefix, delimiter, folder string
	inFolder, reverse                      bool
}

func (c *call) listQuery() (listQuery, *frame.Reply) {
	for _, name := range []string{"limit", "marker", "end_marker", "prefix", "delimiter", "path", "format", "reverse"} {
		if !utf8.ValidString(c.Query.Get(name)) {
			return listQuery{}, textReply(http.StatusBadRequest, plainType, "%q parameter not valid UTF-8", name)
		}
	}
	q := listQuery{
		limit: maxListing, marker: c.Query.Get("marker"), end: c.Query.Get("end_marker"), prefix: c.Query.Get("prefix"),
		delimiter: c.Query.Get("delimiter"), reverse: isTrue(c.Query.Get("reverse")),
	}
	// Whatever is no number is no limit.
	if text := c.Query.Get("limit"); text != "" && frame.IsDigits(text) {
		n, err := strconv.Atoi(text)
		if err != nil || n > maxListing {
			return q, textReply(http.StatusPreconditionFailed, htmlType, "Maximum limit is %d", maxListing)
		}
		q.limit = n
	}
	if c.Query.Has("path") {
		q.inFolder, q.delimiter = true, "/"
		if q.folder = c.Query.Get("path"); q.folder != "" {
			q.folder = strings.TrimRight(q.folder, "/") + "/"
		}
		q.prefix = q.folder
	}
	return q, nil
}

// pick takes one page out of sorted names. Names that go on after the
// delimiter are put together under what they begin with.
func (q listQuery) pick(names []string) (page []string, folders map[string]bool) {
	low, high := q.marker, q.end
	if q.reverse {
		low, high = high, low
	}
	from, _ := slices.BinarySearch(names, q.prefix)
	if low != "" {
		i, found := slices.BinarySearch(names, low)
		if found {
			i++
		}
		from = max(from, i)
	}
	to := len(names)
	if high != "" {
		to, _ = slices.BinarySearch(names, high)
	}
	folders = map[string]bool{}
	take := func(name string) (more bool) {
		if !strings.HasPrefix(name, q.prefix) {
			return q.reverse // forwards, only others follow
		}
		if len(page) == q.limit {
			return false
		}
		if q.inFolder && name == q.folder {
			return true
		}
		if i := strings.Index(name[len(q.prefix):], q.delimiter); q.delimiter != "" && i >= 0 {
			folder := name[:len(q.prefix)+i+len(q.delimiter)]
			if q.inFolder && folder != name {
				return true // such a list has no folders in it, only what stands for them
			}
			if !q.inFolder {
				// A folder that ended the page before is not listed again.
				if folders[folder] || folder == q.marker {
					return true
				}
				folders[folder] = true
				name = folder
			}
		}
		page = append(page, name)
		return true
	}
	if from >= to {
		return nil, folders
	}
	span := names[from:to]
	if q.reverse {
		for _, name := range slices.Backward(span) {
			if !take(name) {
				break
			}
		}
		return page, folders
	}
	for _, name := range span {
		if !take(name) {
			break
		}
	}
	return page, folders
}

// pick takes one page out of the names of the objects.
func (cont *Container) pick(q listQuery) (page []string, folders map[string]bool) {
	return q.pick(cont.names.sorted(func(name string) bool { return cont.objects[name] != nil }))
}

// listField is one field of an entry, in the order in which XML has them.
type listField struct {
	name  string
	value any
}

type listEntry []listField

func (c *call) listContainers(kind string, h http.Header) *frame.Reply {
	q, rep := c.listQuery()
	if rep != nil {
		return rep
	}
	all := c.account.containers
	names, folders := q.pick(c.account.names.sorted(func(name string) bool { return all[name] != nil }))
	return listReply(kind, h, "account", c.account.name, names, folders, func(name string) (string, listEntry) {
		cont := all[name]
		return "container", listEntry{
			{"name", name}, {"count", len(cont.objects)}, {"bytes", cont.bytes}, {"last_modified", frame.Micros(cont.put)},
		}
	})
}

func (c *call) listObjects(cont *Container, kind string, h http.Header) *frame.Reply {
	q, rep := c.listQuery()
	if rep != nil {
		return rep
	}
	names, folders := cont.pick(q)
	return listReply(kind, h, "container", cont.name, names, folders, func(name string) (string, listEntry) {
		o := cont.objects[name]
		entry := listEntry{
			{"name", name}, {"hash", o.etag}, {"bytes", o.size()}, {"content_type", o.contentType},
			{"last_modified", frame.Micros(o.stamp)},
		}
		if o.slo != nil && kind == frame.JSONType {
			entry = append(entry, listField{"slo_etag", `"` + o.slo.etag + `"`})
		}
		return "object", entry
	})
}

// listReply writes a list in the form that is wanted. An empty one in text is
// no content at all.
func listReply(kind string, h http.Header, root, title string, names []string, folders map[string]bool, entry func(string) (string, listEntry)) *frame.Reply {
	h.Set("Content-Type", kind+"; charset=utf-8")
	rep := &frame.Reply{Status: http.StatusOK, Header: h}
	switch kind {
	case plainType:
		for _, name := range names {
			rep.Body = append(append(rep.Body, name...), '\n')
		}
		if len(names) == 0 {
			rep.Status = http.StatusNoContent
		}
	case frame.JSONType:
		list := make([]frame.Object, 0, len(names))
		for _, name := range names {
			if folders[name] {
				list = append(list, frame.Object{"subdir": name})
				continue
			}
			_, fields := entry(name)
			o := frame.Object{}
			for _, f := range fields {
				o[f.name] = f.value
			}
			list = append(list, o)
		}
		rep.Body = frame.Encode(list)
	default:
		rep.Body = listXML(root, title, names, folders, entry)
	}
	return rep
}

func listXML(root, title string, names []string, folders map[string]bool, entry func(string) (string, listEntry)) []byte {
	var buf bytes.Buffer
	enc := xml.NewEncoder(&buf)
	buf.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	begin := func(name string, attributes ...string) xml.StartElement {
		e := xml.StartElement{Name: xml.Name{Local: name}}
		for _, a := range attributes {
			e.Attr = append(e.Attr, xml.Attr{Name: xml.Name{Local: "name"}, Value: a})
		}
		frame.Must(enc.EncodeToken(e))
		return e
	}
	top := begin(root, title)
	for _, name := range names {
		if folders[name] {
			sub := begin("subdir", name)
			frame.Must(enc.EncodeElement(name, xml.StartElement{Name: xml.Name{Local: "name"}}))
			frame.Must(enc.EncodeToken(sub.End()))
			continue
		}
		tag, fields := entry(name)
		e := begin(tag)
		for _, f := range fields {
			frame.Must(enc.EncodeElement(f.value, xml.StartElement{Name: xml.Name{Local: f.name}}))
		}
		frame.Must(enc.EncodeToken(e.End()))
	}
	frame.Must(enc.EncodeToken(top.End()))
	frame.Must(enc.Flush())
	return buf.Bytes()
}

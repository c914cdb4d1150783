package objectstorage

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
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
func (g sloSegment) raw() frame.Object {
	if g.Data != nil {
		return frame.Object{"data": g.Data}
	}
	o := frame.Object{"path": g.Name, "etag": g.Hash, "size_bytes": g.Bytes}
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
		v.header.Set("Content-Type", frame.JSONType+"; charset=utf-8")
		return
	}
	list := make([]frame.Object, len(m.segments))
	for i, g := range m.segments {
		list[i] = g.raw()
	}
	data := frame.Encode(list)
	sum := md5.Sum(data)
	v.etag = hex.EncodeToString(sum[:])
	v.header.Set("Etag", v.etag)
	v.parts = []blob.Part{{Blob: blob.Of(data), N: int64(len(data))}}
}

// segments are the data of a manifest. Where one is gone, was overwritten or
// must not be read, a part without a blob stands.
func (c *call) segments(m *sloManifest, depth int) []blob.Part {
	var parts []blob.Part
	for _, g := range m.segments {
		if g.Data != nil {
			parts = append(parts, blob.Of(g.Data).Whole())
			continue
		}
		container, name := g.split()
		o := c.account.object(container, name)
		switch {
		case o == nil || depth == maxManifestDeep || !c.may(reading, c.account, o.container, true):
			parts = append(parts, blob.Part{N: g.n})
		case g.SubSLO && o.slo != nil && o.slo.etag == g.Hash:
			parts = append(parts, blob.Cut(c.segments(o.slo, depth+1), g.off, g.n)...)
		case !g.SubSLO && o.etag == g.Hash && o.data.Size == g.Bytes:
			parts = append(parts, blob.Part{Blob: o.data, Off: g.off, N: g.n})
		default:
			parts = append(parts, blob.Part{N: g.n})
		}
	}
	return parts
}

// dynamic puts together what a dynamic manifest stands for.
func (c *call) dynamic(o *Object, v *view) *frame.Reply {
	container, prefix, _ := strings.Cut(unescaped(o.meta.Get("X-Object-Manifest")), "/")
	cont := c.account.containers[container]
	if !c.may(listing, c.account, cont, false) || !c.may(reading, c.account, cont, true) {
		return c.denied()
	}
	if cont == nil {
		return errorReply(http.StatusNotFound)
	}
	v.parts, v.large, v.single = nil, true, true
	sum := md5.New()
	names := cont.names.sorted(func(name string) bool { return cont.objects[name] != nil })
	from, _ := slices.BinarySearch(names, prefix)
	for _, name := range names[from:] {
		if !strings.HasPrefix(name, prefix) {
			break
		}
		g := cont.objects[name]
		_, _ = io.WriteString(sum, g.etag)
		v.parts = append(v.parts, g.data.Whole())
	}
	v.etag = hex.EncodeToString(sum.Sum(nil))
	v.header.Set("Etag", quoted(v.etag))
	return nil
}

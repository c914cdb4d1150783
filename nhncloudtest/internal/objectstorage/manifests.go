package objectstorage

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// isManifest tells whether an upload is the list of segments of a static large
// object.
func (c *call) isManifest() bool { return c.Query.Get("multipart-manifest") == "put" }

// putManifest makes a static large object.
func putManifest(c *call) *frame.Reply {
	if c.Request.ContentLength > maxManifestSize {
		return textReply(http.StatusRequestEntityTooLarge, htmlType, "Manifest File > %d bytes", maxManifestSize)
	}
	if c.Request.ContentLength == 0 && c.Request.Header.Get("Content-Length") == "" {
		return errorReply(http.StatusLengthRequired)
	}
	cont, o, rep := c.begin(c.container, c.object, c.Request.Header)
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
func (c *call) makeManifest(o *Object, data []byte) *frame.Reply {
	list, rep := c.parseManifest(data)
	if rep != nil {
		return rep
	}
	o.slo = &sloManifest{}
	var problems [][2]string
	for i, e := range list {
		g, wrong := c.segment(e, i == len(list)-1)
		for _, text := range wrong {
			problems = append(problems, [2]string{quotePath(frame.Str(e, "path")), text})
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
	if want := bareETag(c.Request.Header.Get("Etag")); want != "" && want != o.slo.etag && !c.isCopy() {
		return errorReply(http.StatusUnprocessableEntity)
	}
	stored := frame.Encode(o.slo.segments)
	one := md5.Sum(stored)
	o.data, o.etag = blob.Of(stored), hex.EncodeToString(one[:])
	return nil
}

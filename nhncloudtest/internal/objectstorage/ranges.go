package objectstorage

import (
	"fmt"
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// multipart is what an answer with several ranges has in it; the headers get the
// type of the whole.
func multipart(h http.Header, parts []blob.Part, spans []blob.Span, size int64) []blob.Part {
	boundary := frame.NewHexID()
	var out []blob.Part
	text := func(format string, args ...any) {
		out = append(out, blob.Of(fmt.Appendf(nil, format, args...)).Whole())
	}
	for _, s := range spans {
		text("--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n", boundary, h.Get("Content-Type"), s.Of(size))
		out = append(out, blob.Cut(parts, s.Off, s.N)...)
		text("\r\n")
	}
	text("--%s--", boundary)
	h.Set("Content-Type", "multipart/byteranges;boundary="+boundary)
	return out
}

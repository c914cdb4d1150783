package objectstorage

import (
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The limits of metadata: of an account, a container or an object.
const (
	maxMetaCount   = 90
	maxMetaName    = 128
	maxMetaValue   = 256
	maxMetaSize    = 4096 // of all names and values
	maxHeaderValue = 8192 // of any header
)

const (
	tooMany  = "Too many metadata items; max %d"
	tooLarge = "Total metadata too large; max %d"
)

// checkMetadata holds the limits for what one request brings.
func checkMetadata(h http.Header, level string) *frame.Reply {
	bad := func(format string, args ...any) *frame.Reply {
		return textReply(http.StatusBadRequest, plainType, format, args...)
	}
	prefix := "X-" + level + "-Meta-"
	shown := strings.ToLower(prefix)
	count, size := 0, 0
	for _, k := range slices.Sorted(maps.Keys(h)) {
		value := strings.Join(h[k], ",")
		if len(value) > maxHeaderValue {
			return bad("Header value too long: %s", k[:min(len(k), maxMetaName)])
		}
		key, ok := strings.CutPrefix(k, prefix)
		if !ok {
			continue
		}
		count++
		size += len(key) + len(value)
		switch {
		case key == "":
			return bad("Metadata name cannot be empty")
		case level != "Object" && !validName(value):
			return bad("Metadata must be valid UTF-8")
		case len(key) > maxMetaName:
			return bad("Metadata name too long: %s%s", shown, key)
		case len(value) > maxMetaValue:
			return bad("Metadata value longer than %d: %s%s", maxMetaValue, shown, key)
		case count > maxMetaCount:
			return bad(tooMany, maxMetaCount)
		case size > maxMetaSize:
			return bad(tooLarge, maxMetaSize)
		}
	}
	return nil
}

// checkTotal holds the limits for all that an account or a container would have
// after a change: requests that are within them add up.
func checkTotal(all map[string]string, prefix string) *frame.Reply {
	count, size := 0, 0
	for k, value := range all {
		if key, ok := strings.CutPrefix(k, prefix); ok {
			count++
			size += len(key) + len(value)
		}
	}
	switch {
	case count > maxMetaCount:
		return textReply(http.StatusBadRequest, htmlType, tooMany, maxMetaCount)
	case size > maxMetaSize:
		return textReply(http.StatusBadRequest, htmlType, tooLarge, maxMetaSize)
	}
	return nil
}

// metadata takes what an object keeps out of the headers of a request, empty
// values too. What is no longer a manifest has no X-Object-Manifest.
func metadata(h http.Header) http.Header {
	out := http.Header{}
	for k, v := range h {
		if strings.HasPrefix(k, "X-Object-Meta-") || slices.Contains(keptHeaders, k) {
			out.Set(k, strings.Join(v, ","))
		}
	}
	if out.Get("X-Object-Manifest") == "" {
		out.Del("X-Object-Manifest")
	}
	return out
}

// keptHeaders are the headers of objects that are kept besides
// X-Object-Meta-….
var keptHeaders = []string{
	"Cache-Control", "Content-Disposition", "Content-Encoding", "Content-Language", "Expires", "X-Object-Manifest", "X-Robots-Tag",
}

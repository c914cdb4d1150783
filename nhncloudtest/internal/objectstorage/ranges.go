package objectstorage

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// span is a range of an object: where it begins and how long it is.
type span struct{ off, n int64 }

// of is the span as Content-Range has it.
func (s span) of(size int64) string { return fmt.Sprintf("bytes %d-%d/%d", s.off, s.off+s.n-1, size) }

// byteRange is [byteRanges] for one that is to be a single range. n is -1 where
// the whole is to be sent.
func byteRange(header string, size int64) (off, n int64, ok bool) {
	spans, ok := byteRanges(header, size)
	if len(spans) == 0 {
		return 0, -1, ok
	}
	return spans[0].off, spans[0].n, true
}

// byteRanges reads a Range header. There is no span where the whole is to be
// sent: with no range, or with a malformed one among them. ok is false where
// none of them is inside, and for those that ask for too much.
func byteRanges(header string, size int64) (spans []span, ok bool) {
	unit, list, found := strings.Cut(strings.ReplaceAll(header, " ", ""), "=")
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, true
	}
	for spec := range strings.SplitSeq(list, ",") {
		first, last, dash := strings.Cut(spec, "-")
		if !dash || first+last == "" || !isDigits(first) || !isDigits(last) {
			return nil, true
		}
		from, to := clamped(first), clamped(last)
		switch {
		case first != "" && last != "" && to < from:
			return nil, true
		case first == "" && to > 0 && size == 0:
			return nil, true
		case first == "" && to > 0:
			n := min(to, size)
			spans = append(spans, span{size - n, n})
		case first == "" || from >= size:
		case last == "":
			spans = append(spans, span{from, size - from})
		default:
			spans = append(spans, span{from, min(to, size-1) - from + 1})
		}
	}
	return spans, len(spans) > 0 && !tooMuch(spans)
}

// clamped is a number of any length.
func clamped(digits string) int64 {
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil && digits != "" {
		return math.MaxInt64
	}
	return n
}

// tooMuch tells whether ranges are refused as an attack: very many, several that
// overlap their followers, or many that are out of order.
func tooMuch(spans []span) bool {
	const most, mostOverlaps, mostOutOfOrder = 50, 2, 7
	overlaps, ascending := 0, true
	for i, a := range spans {
		for _, b := range spans[i+1:] {
			if a.off < b.off+b.n && b.off < a.off+a.n && a != b {
				overlaps++
			}
		}
		ascending = ascending && (i == 0 || spans[i-1].off <= a.off)
	}
	return len(spans) > most || overlaps > mostOverlaps || !ascending && len(spans) > mostOutOfOrder
}

// multipart is what an answer with several ranges has in it; the headers get the
// type of the whole.
func multipart(h http.Header, parts []part, spans []span, size int64) []part {
	boundary := frame.NewHexID()
	var out []part
	text := func(format string, args ...any) {
		out = append(out, memoryBlob(fmt.Appendf(nil, format, args...)).whole())
	}
	for _, s := range spans {
		text("--%s\r\nContent-Type: %s\r\nContent-Range: %s\r\n\r\n", boundary, h.Get("Content-Type"), s.of(size))
		out = append(out, cutParts(parts, s.off, s.n)...)
		text("\r\n")
	}
	text("--%s--", boundary)
	h.Set("Content-Type", "multipart/byteranges;boundary="+boundary)
	return out
}

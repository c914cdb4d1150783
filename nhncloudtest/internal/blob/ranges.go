package blob

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Span is a range of data: where it begins and how long it is.
type Span struct{ Off, N int64 }

// Of is the span as Content-Range has it.
func (s Span) Of(size int64) string { return fmt.Sprintf("bytes %d-%d/%d", s.Off, s.Off+s.N-1, size) }

// Range is [Ranges] for one that is to be a single range. n is -1 where
// the whole is to be sent.
func Range(header string, size int64) (off, n int64, ok bool) {
	spans, ok := Ranges(header, size)
	if len(spans) == 0 {
		return 0, -1, ok
	}
	return spans[0].Off, spans[0].N, true
}

// Ranges reads a Range header. There is no span where the whole is to be
// sent: with no range, or with a malformed one among them. ok is false where
// none of them is inside, and for those that ask for too much.
func Ranges(header string, size int64) (spans []Span, ok bool) {
	unit, list, found := strings.Cut(strings.ReplaceAll(header, " ", ""), "=")
	if !found || !strings.EqualFold(unit, "bytes") {
		return nil, true
	}
	for spec := range strings.SplitSeq(list, ",") {
		first, last, dash := strings.Cut(spec, "-")
		if !dash || first+last == "" || !frame.IsDigits(first) || !frame.IsDigits(last) {
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
			spans = append(spans, Span{size - n, n})
		case first == "" || from >= size:
		case last == "":
			spans = append(spans, Span{from, size - from})
		default:
			spans = append(spans, Span{from, min(to, size-1) - from + 1})
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
func tooMuch(spans []Span) bool {
	const most, mostOverlaps, mostOutOfOrder = 50, 2, 7
	overlaps, ascending := 0, true
	for i, a := range spans {
		for _, b := range spans[i+1:] {
			if a.Off < b.Off+b.N && b.Off < a.Off+a.N && a != b {
				overlaps++
			}
		}
		ascending = ascending && (i == 0 || spans[i-1].Off <= a.Off)
	}
	return len(spans) > most || overlaps > mostOverlaps || !ascending && len(spans) > mostOutOfOrder
}

package redact

import (
	"bytes"
	"encoding/base64"
	"slices"
	"strings"
)

// Mark stands wherever a secret would show.
const Mark = "[REDACTED]"

const (
	minSecret = 4  // bytes; shorter ones would tear words apart
	longFrom  = 24 // bytes from which pieces of a secret are found as well
	block     = 8  // bytes of the pieces that a long secret is looked up by
	minRun    = 12 // bytes that a piece of a long secret has at least
	maxLevels = 3  // how often what is escaped may be escaped again, in one way; in several, twice
)

// Set is the secrets of a call.
type Set struct {
	forms  []string
	blocks map[[block]byte]place // of the long forms
}

// place is where a block stands in a form.
type place struct{ form, offset int }

// NewSet returns the set of the secrets, each in the forms that it travels in:
// as it is, and in base64 or out of it.
func NewSet(secrets ...string) *Set {
	s := new(Set)
	for _, secret := range secrets {
		s.add(secret)
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			s.add(strings.TrimRight(encoding.EncodeToString([]byte(secret)), "="))
			if decoded, err := encoding.DecodeString(secret); err == nil && len(decoded) >= block {
				s.add(string(decoded))
			}
		}
		s.add(strings.ToLower(secret)) // as schemes and hosts have it
		if strings.Contains(secret, " ") {
			s.add(strings.ReplaceAll(secret, " ", "+")) // as forms and queries have it
		}
	}
	return s
}

func (s *Set) add(form string) {
	if len(form) < minSecret || slices.Contains(s.forms, form) {
		return
	}
	s.forms = append(s.forms, form)
	if len(form) < longFrom {
		return
	}
	if s.blocks == nil {
		s.blocks = map[[block]byte]place{}
	}
	for offset := 0; offset+block <= len(form); offset += block {
		key := [block]byte([]byte(form[offset:]))
		if _, known := s.blocks[key]; !known {
			s.blocks[key] = place{len(s.forms) - 1, offset}
		}
	}
}

// span is a piece of a text.
type span struct{ from, to int }

// Clean takes the secrets out of a text, also where they are escaped for JSON,
// a URL or HTML, and pieces of long ones. Where the text was cut off, at its end
// or before a "…", it takes the beginning of a secret away as well.
func (s *Set) Clean(text []byte, cut bool) []byte {
	text = byName(text)
	return replace(text, s.search(text, nil, nil, cut))
}

// search finds the secrets in a text, and in what it is with one kind of escapes
// after the other undone. The origin of a byte is where it stands in the first
// text; undone are the kinds on the way from there.
func (s *Set) search(text []byte, origin []int, undone []escapes, cut bool) []span {
	spans := s.find(text, cut)
	if origin != nil {
		for i, found := range spans {
			spans[i] = span{origin[found.from], origin[found.to]}
		}
	}
	for _, kind := range allEscapes {
		if n := len(undone); n >= maxLevels || n == maxLevels-1 && (undone[0] != kind || undone[1] != kind) {
			continue // deeper only through the same kind
		}
		plain, from := kind.undo(text)
		if plain == nil {
			continue
		}
		if origin != nil {
			for i := range from {
				from[i] = origin[from[i]]
			}
		}
		spans = append(spans, s.search(plain, from, append(undone[:len(undone):len(undone)], kind), cut)...)
	}
	return spans
}

// find returns where secrets stand in a text, as it is.
func (s *Set) find(text []byte, cut bool) []span {
	ends := cutEnds(text, cut)
	var spans []span
	for _, form := range s.forms {
		for from := 0; ; {
			i := bytes.Index(text[from:], []byte(form))
			if i < 0 {
				break
			}
			spans = append(spans, span{from + i, from + i + len(form)})
			from += i + len(form)
		}
		for _, end := range ends {
			for n := min(len(form)-1, end, longFrom); n > 0; n-- { // of long ones more is found below
				if bytes.HasSuffix(text[:end], []byte(form[:n])) {
					spans = append(spans, span{end - n, end})
					break
				}
			}
		}
	}
	if s.blocks == nil {
		return spans
	}
	done := 0
	for i := 0; i+block <= len(text); i++ {
		at, ok := s.blocks[[block]byte(text[i:])]
		if !ok {
			continue
		}
		form := s.forms[at.form]
		from, to := i, i+block
		for k := at.offset; k > 0 && from > done && form[k-1] == text[from-1]; k-- {
			from--
		}
		for k := at.offset + block; k < len(form) && to < len(text) && form[k] == text[to]; k++ {
			to++
		}
		if to-from >= minRun {
			spans = append(spans, span{from, to})
			i, done = to-1, to
		}
	}
	return spans
}

// cutEnds returns where a text was cut off.
func cutEnds(text []byte, cut bool) []int {
	var ends []int
	for from := 0; ; {
		i := bytes.Index(text[from:], []byte("…"))
		if i < 0 {
			break
		}
		ends = append(ends, from+i)
		from += i + len("…")
	}
	if cut {
		ends = append(ends, len(text))
	}
	return ends
}

// replace puts the mark in the place of the spans.
func replace(text []byte, spans []span) []byte {
	if len(spans) == 0 {
		return text
	}
	ends := make([]int, len(text)+1) // of the longest span from each byte
	for _, s := range spans {
		ends[s.from] = max(ends[s.from], s.to)
	}
	var out []byte
	done := 0
	for from, to := range ends {
		if to > 0 && (from > done || from == 0) { // spans that meet are one
			out = append(out, text[done:from]...)
			out = append(out, Mark...)
		}
		done = max(done, to)
	}
	return append(out, text[done:]...)
}

package wire

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Error tells why a text can't be decoded, and where. Beside it there are only
// the errors of the reader and the context, and [io.ErrUnexpectedEOF].
type Error struct {
	Path    string // JSON pointer to the value, such as "/servers/0/id"; "" for the whole
	Problem string // quotes at most a few bytes of the value
	Err     error  // what a type that decodes itself says, or ErrTooMuch
}

// ErrTooMuch says that the values that were decoded take more memory than
// allowed.
var ErrTooMuch = errors.New("takes too much memory once decoded")

// Error tells where the problem is, and what.
func (e *Error) Error() string {
	if e.Path == "" {
		return e.Problem
	}
	return fmt.Sprintf("at %q: %s", e.Path, e.Problem)
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

const (
	maxPath    = 256 // bytes of a path; what is above is left out
	maxSegment = 64
)

// in returns err as one of a value that has the failed value in it, under the
// name of a member.
func in(err error, name string) error {
	e, ok := err.(*Error)
	if !ok {
		return err
	}
	switch {
	case len(e.Path) < maxPath:
		e.Path = "/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(cut(name, maxSegment)) + e.Path
	case e.Path[0] == '/':
		e.Path = "…" + e.Path
	}
	return e
}

// at is in for the element of a list.
func at(err error, index int) error { return in(err, strconv.Itoa(index)) }

// mismatch is the error for a value that has no reading as what is wanted.
func mismatch(raw []byte, wanted string) *Error {
	const most = 40
	return &Error{Problem: fmt.Sprintf("can't read %s as %s", cut(string(raw[:min(len(raw), 2*most)]), most), wanted)}
}

// cut shortens a text at a character.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	for most > 0 && !utf8.RuneStart(text[most]) {
		most--
	}
	return text[:most] + "…"
}

// unexpected is the error for a character that has no place where it stands.
func (s *scanner) unexpected(where string) *Error {
	for !utf8.FullRune(s.buf[s.pos:]) && s.more() == nil {
	}
	shown := ""
	if r, size := utf8.DecodeRune(s.buf[s.pos:]); r == utf8.RuneError && size == 1 {
		shown = fmt.Sprintf(`'\x%02x'`, s.buf[s.pos])
	} else {
		shown = strconv.QuoteRune(r)
	}
	return &Error{Problem: fmt.Sprintf("invalid character %s %s (byte %d)", shown, where, s.offset+int64(s.pos))}
}

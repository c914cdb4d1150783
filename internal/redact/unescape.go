package redact

import (
	"bytes"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// escapes is a kind of escapes, by the character that they begin with.
type escapes byte

const (
	inURL  escapes = '%'
	inJSON escapes = '\\'
	inHTML escapes = '&'
)

var allEscapes = []escapes{inURL, inJSON, inHTML}

// undo undoes one level of the escapes in a text, and tells for each byte of the
// result and for its end where it comes from. It returns nil where there is
// nothing to undo.
func (e escapes) undo(text []byte) (plain []byte, origin []int) {
	if bytes.IndexByte(text, byte(e)) < 0 {
		return nil, nil
	}
	found := false
	for i := 0; i < len(text); {
		r, n, raw := rune(0), 0, false
		if text[i] == byte(e) {
			r, n, raw = e.read(text[i:])
		}
		if n == 0 {
			plain, origin = append(plain, text[i]), append(origin, i)
			i++
			continue
		}
		found = true
		before := len(plain)
		if raw {
			plain = append(plain, byte(r))
		} else {
			plain = utf8.AppendRune(plain, r)
		}
		for range len(plain) - before {
			origin = append(origin, i)
		}
		i += n
	}
	if !found {
		return nil, nil
	}
	return plain, append(origin, len(text))
}

// read reads the escape at the beginning of a text. It returns what it stands
// for, its length or 0 where there is none, and whether it is a byte.
func (e escapes) read(text []byte) (r rune, n int, raw bool) {
	switch e {
	case inURL:
		r, n = hex(text[1:], 2, 1)
		return r, n, true
	case inJSON:
		r, n = backslash(text)
		return r, n, n > 0 && text[1] == 'x'
	default:
		r, n = entity(text)
		return r, n, false
	}
}

// hex reads digits of a hexadecimal number. It returns the number, and the
// length with the prefix that stood before, or 0 where there is no number.
func hex(text []byte, digits, prefix int) (rune, int) {
	if len(text) < digits {
		return 0, 0
	}
	v, err := strconv.ParseUint(string(text[:digits]), 16, 32)
	if err != nil {
		return 0, 0
	}
	return rune(v), prefix + digits
}

// backslash reads an escape of JSON, or of a Python literal.
func backslash(text []byte) (rune, int) {
	if len(text) < 2 {
		return 0, 0
	}
	switch c := text[1]; c {
	case '"', '\'', '/', '\\':
		return rune(c), 2
	case 'b':
		return '\b', 2
	case 'f':
		return '\f', 2
	case 'n':
		return '\n', 2
	case 'r':
		return '\r', 2
	case 't':
		return '\t', 2
	case 'x':
		return hex(text[2:], 2, 2)
	case 'u':
		r, n := hex(text[2:], 4, 2)
		if n > 0 && utf16.IsSurrogate(r) && len(text) >= 12 && text[6] == '\\' && text[7] == 'u' {
			if low, m := hex(text[8:], 4, 8); m > 0 {
				return utf16.DecodeRune(r, low), m
			}
		}
		return r, n
	}
	return 0, 0
}

// entities are those that have names in error pages.
var entities = map[string]rune{"amp": '&', "lt": '<', "gt": '>', "quot": '"', "apos": '\'', "nbsp": ' '}

// entity reads a character reference of HTML.
func entity(text []byte) (rune, int) {
	end := bytes.IndexByte(text[:min(len(text), 10)], ';')
	if end < 3 {
		return 0, 0
	}
	name := string(text[1:end])
	if r, ok := entities[name]; ok {
		return r, end + 1
	}
	if name[0] != '#' {
		return 0, 0
	}
	base, digits := 10, name[1:]
	if digits[0] == 'x' || digits[0] == 'X' {
		base, digits = 16, digits[1:]
	}
	v, err := strconv.ParseUint(digits, base, 21)
	if err != nil {
		return 0, 0
	}
	return rune(v), end + 1
}

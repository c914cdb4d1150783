package wire

import (
	"encoding/binary"
	"io"
	"math/bits"
)

// literal goes past true, false or null, and returns it.
func (s *scanner) literal() ([]byte, error) {
	text := "null"
	switch s.buf[s.pos] {
	case 't':
		text = "true"
	case 'f':
		text = "false"
	}
	for i := range len(text) {
		if s.pos+i == len(s.buf) {
			if err := s.within(); err != nil {
				return nil, err
			}
		}
		if s.buf[s.pos+i] != text[i] {
			s.pos += i
			return nil, s.unexpected("in literal " + text)
		}
	}
	s.pos += len(text)
	return s.buf[s.pos-len(text) : s.pos], nil
}

// number goes past a number and returns it.
func (s *scanner) number() ([]byte, error) {
	n := 0 // bytes so far
	for {
		for s.pos+n < len(s.buf) && numeric[s.buf[s.pos+n]] {
			n++
		}
		if s.pos+n < len(s.buf) {
			break
		}
		if err := s.more(); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
	}
	text := s.buf[s.pos : s.pos+n]
	if good := numberPrefix(text); good < n {
		s.pos += good
		return nil, s.unexpected("in number")
	} else if good > n {
		if s.pos += n; s.pos == len(s.buf) {
			return nil, io.ErrUnexpectedEOF
		}
		return nil, s.unexpected("in number")
	}
	s.pos += n
	return text, nil
}

var numeric = func() (in [256]bool) {
	for _, c := range "0123456789+-.eE" {
		in[c] = true
	}
	return in
}()

// numberPrefix returns how much of a text is a number; more than all of it when
// something has to follow.
func numberPrefix(b []byte) int {
	i := 0
	digits := func() bool {
		from := i
		for i < len(b) && '0' <= b[i] && b[i] <= '9' {
			i++
		}
		return i > from
	}
	bad := func() int {
		if i == len(b) {
			return i + 1
		}
		return i
	}
	if i < len(b) && b[i] == '-' {
		i++
	}
	if i < len(b) && b[i] == '0' {
		i++
	} else if !digits() {
		return bad()
	}
	if i < len(b) && b[i] == '.' {
		if i++; !digits() {
			return bad()
		}
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		if i++; i < len(b) && (b[i] == '+' || b[i] == '-') {
			i++
		}
		if !digits() {
			return bad()
		}
	}
	return i
}

// text goes past a string and returns what stands between its quotes, and
// whether that is plain: ASCII without escapes. The first byte of the string,
// its quote, is next.
func (s *scanner) text() (raw []byte, plain bool, err error) {
	n := 1 // bytes so far
	for {
		b := s.buf[s.pos:]
		for n+8 <= len(b) {
			if m := special(binary.LittleEndian.Uint64(b[n:])); m != 0 {
				n += bits.TrailingZeros64(m) >> 3
				goto found
			}
			n += 8
		}
		for n < len(b) && b[n] >= ' ' && b[n] < 0x80 && b[n] != '"' && b[n] != '\\' {
			n++
		}
		if n == len(b) {
			if err := s.within(); err != nil {
				return nil, false, err
			}
			continue
		}
	found:
		if b[n] != '"' {
			raw, err = s.complexText(n)
			return raw, false, err
		}
		s.pos += n + 1
		return b[1:n], true, nil
	}
}

// special has a bit set at the top of the first byte that can't stand in plain
// text, if any: a quote, a backslash, a control character, or one that is not
// ASCII. Later bits are not reliable.
func special(w uint64) uint64 {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	quote, backslash := w^(ones*'"'), w^(ones*'\\')
	return ((quote-ones)&^quote | (backslash-ones)&^backslash | (w-ones*' ')&^w | w) & tops
}

// complexText is text from n bytes on, where it stops to be plain.
func (s *scanner) complexText(n int) ([]byte, error) {
	for {
		for s.pos+n >= len(s.buf) {
			if err := s.within(); err != nil {
				return nil, err
			}
		}
		switch c := s.buf[s.pos+n]; {
		case c == '"':
			raw := s.buf[s.pos+1 : s.pos+n]
			s.pos += n + 1
			return raw, nil
		case c == '\\':
			size, err := s.escape(n)
			if err != nil {
				return nil, err
			}
			n += size
		case c < ' ':
			s.pos += n
			return nil, s.unexpected("in string")
		default:
			n++
		}
	}
}

// escape checks an escape n bytes ahead, and returns its size.
func (s *scanner) escape(n int) (int, error) {
	size := 2
	for i := 1; i < size; i++ {
		for s.pos+n+i >= len(s.buf) {
			if err := s.within(); err != nil {
				return 0, err
			}
		}
		c := s.buf[s.pos+n+i]
		switch {
		case i > 1 && hexValue(c) < 0, i == 1 && c != 'u' && escaped(c) == 0:
			s.pos += n + i
			return 0, s.unexpected("in string escape")
		case i == 1 && c == 'u':
			size = 6
		}
	}
	return size, nil
}

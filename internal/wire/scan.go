package wire

import (
	"context"
	"io"
)

// scanner reads JSON from a stream, token by token. What a method returns of
// the text is valid until the next call.
type scanner struct {
	ctx    context.Context
	r      io.Reader
	buf    []byte // what was read and is still of use
	pos    int    // of the next byte in buf
	mark   int    // buf is kept from here on, unless it is -1
	offset int64  // of buf in the stream
	depth  int
	end    error // what the stream ended with
}

const (
	// firstBuffer holds most answers about one resource, fullBuffer is what
	// listings are read with.
	firstBuffer = 8 << 10
	fullBuffer  = 64 << 10

	// maxDepth is how deep values may be nested, as in encoding/json.
	maxDepth = 10000
)

// more reads on. It drops what stands before pos and mark, which moves the rest:
// a caller remembers places as distances from pos.
func (s *scanner) more() error {
	if s.end != nil {
		return s.end
	}
	if err := s.ctx.Err(); err != nil {
		s.end = err
		return err
	}
	from := s.pos
	if s.mark >= 0 {
		from = min(from, s.mark)
		s.mark -= from
	}
	switch kept := len(s.buf) - from; {
	case kept == cap(s.buf), cap(s.buf) < fullBuffer && len(s.buf) == cap(s.buf):
		// Either it has no room left, or the stream has filled it once.
		grown := make([]byte, kept, max(fullBuffer, 2*cap(s.buf)))
		copy(grown, s.buf[from:])
		s.buf = grown
	case from > 0:
		copy(s.buf, s.buf[from:])
		s.buf = s.buf[:kept]
	}
	s.pos -= from
	s.offset += int64(from)
	for range 100 {
		n, err := s.r.Read(s.buf[len(s.buf):cap(s.buf)])
		s.buf = s.buf[:len(s.buf)+n]
		if err != nil {
			s.end = err
		}
		if n > 0 {
			return nil
		}
		if err != nil {
			return err
		}
	}
	s.end = io.ErrNoProgress
	return s.end
}

// next skips white space and returns the byte that follows, without going past
// it. At the end of the stream it fails with [io.EOF].
func (s *scanner) next() (byte, error) {
	for {
		for ; s.pos < len(s.buf); s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\t', '\r', '\n':
			default:
				return c, nil
			}
		}
		if err := s.more(); err != nil {
			return 0, err
		}
	}
}

// peek is next within a value, where the stream may not end.
func (s *scanner) peek() (byte, error) {
	if s.pos < len(s.buf) && s.buf[s.pos] > ' ' {
		return s.buf[s.pos], nil
	}
	return s.peekOn()
}

//go:noinline
func (s *scanner) peekOn() (byte, error) {
	if s.pos+1 < len(s.buf) && s.buf[s.pos] == ' ' && s.buf[s.pos+1] > ' ' { // one space, as many services write them
		s.pos++
		return s.buf[s.pos], nil
	}
	c, err := s.next()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return c, err
}

// A class tells values apart by their first byte.
type class uint8

const (
	classNone class = iota // no value begins so
	classText
	classNumber
	classBoolean
	classNull
	classObject
	classArray
	classes
)

var classOf = [256]class{
	'"': classText, 't': classBoolean, 'f': classBoolean, 'n': classNull, '{': classObject, '[': classArray, '-': classNumber,
	'0': classNumber, '1': classNumber, '2': classNumber, '3': classNumber, '4': classNumber,
	'5': classNumber, '6': classNumber, '7': classNumber, '8': classNumber, '9': classNumber,
}

// enter goes into an object or an array, of which the first byte is next.
func (s *scanner) enter() error {
	s.pos++
	if s.depth++; s.depth > maxDepth {
		return &Error{Problem: "values are nested too deeply"}
	}
	return nil
}

// leave goes past the last byte of an object or array.
func (s *scanner) leave() {
	s.pos++
	s.depth--
}

// within is more in the middle of a token.
func (s *scanner) within() error {
	err := s.more()
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// skip goes past a value, and checks its syntax.
func (s *scanner) skip() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	switch classOf[c] {
	case classText:
		_, _, err = s.text()
	case classNumber:
		_, err = s.number()
	case classBoolean, classNull:
		_, err = s.literal()
	case classArray:
		err = s.array(s.skip)
	case classObject:
		err = s.object(func([]byte, bool) error {
			if err := s.colon(); err != nil {
				return err
			}
			return s.skip()
		})
	default:
		err = s.unexpected("where a value begins")
	}
	return err
}

// array goes past an array, of which the first byte is next, with read going past
// each element.
func (s *scanner) array(read func() error) error {
	if err := s.enter(); err != nil {
		return err
	}
	c, err := s.peek()
	if err != nil {
		return err
	}
	for more := c != ']'; more; {
		if err := read(); err != nil {
			return err
		}
		if more, err = s.goesOn(']', "array element"); err != nil {
			return err
		}
	}
	s.leave()
	return nil
}

// object goes past an object, of which the first byte is next, with read going
// past the colon and the value of each member. It is given what stands between
// the quotes of the name.
func (s *scanner) object(read func(name []byte, plain bool) error) error {
	if err := s.enter(); err != nil {
		return err
	}
	c, err := s.peek()
	if err != nil {
		return err
	}
	for more := c != '}'; more; {
		if c, err = s.peek(); err != nil {
			return err
		}
		if c != '"' {
			return s.unexpected("where the name of a member, a string, begins")
		}
		name, plain, err := s.text()
		if err != nil {
			return err
		}
		if err := read(name, plain); err != nil {
			return err
		}
		if more, err = s.goesOn('}', "object value"); err != nil {
			return err
		}
	}
	s.leave()
	return nil
}

// goesOn reports whether another element or member follows, and goes past the
// comma before it.
func (s *scanner) goesOn(end byte, what string) (bool, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return false, err
	case c == ',':
		s.pos++
		return true, nil
	case c == end:
		return false, nil
	}
	return false, s.unexpected("after " + what)
}

// colon goes past the colon behind a name.
func (s *scanner) colon() error {
	c, err := s.peek()
	if err != nil {
		return err
	}
	if c != ':' {
		return s.unexpected("after object name")
	}
	s.pos++
	return nil
}

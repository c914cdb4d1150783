package blob

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// Part is a piece of a blob. Without a blob it stands for a segment that is
// gone.
type Part struct {
	Blob   *Blob
	Off, N int64
}

// Whole is all of a blob.
func (b *Blob) Whole() Part { return Part{Blob: b, N: b.Size} }

// Cut is what lies in a range of the parts put together.
func Cut(parts []Part, off, n int64) []Part {
	var out []Part
	for _, p := range parts {
		skip := min(off, p.N)
		take := min(p.N-skip, n)
		off, n = off-skip, n-take
		if take > 0 {
			out = append(out, Part{Blob: p.Blob, Off: p.Off + skip, N: take})
		}
	}
	return out
}

// SizeOf is how many bytes parts have.
func SizeOf(parts []Part) int64 {
	var n int64
	for _, p := range parts {
		n += p.N
	}
	return n
}

// Content reads parts one after the other. It holds their blobs until it is
// closed.
type Content struct {
	size  int64
	parts []Part
	next  int
	cur   io.Reader
	file  *os.File
}

// NewContent reads parts.
func NewContent(parts []Part) *Content {
	for _, p := range parts {
		if p.Blob != nil {
			p.Blob.Retain()
		}
	}
	return &Content{size: SizeOf(parts), parts: parts}
}

var errSegmentGone = errors.New("a segment is gone")

// Size is how many bytes there are.
func (c *Content) Size() int64 { return c.size }

func (c *Content) Read(p []byte) (int, error) {
	for {
		if c.cur != nil {
			if n, err := c.cur.Read(p); n > 0 || err != io.EOF {
				return n, err
			}
		}
		if c.next == len(c.parts) {
			return 0, io.EOF
		}
		if err := c.open(c.parts[c.next]); err != nil {
			return 0, err
		}
		c.next++
	}
}

func (c *Content) open(p Part) error {
	c.closeFile()
	switch {
	case p.Blob == nil:
		return errSegmentGone
	case p.Blob.file == "":
		c.cur = bytes.NewReader(p.Blob.memory[p.Off : p.Off+p.N])
	default:
		file, err := os.Open(p.Blob.file)
		if err != nil {
			return err
		}
		c.file, c.cur = file, io.NewSectionReader(file, p.Off, p.N)
	}
	return nil
}

func (c *Content) closeFile() {
	c.cur = nil
	if c.file != nil {
		_ = c.file.Close()
		c.file = nil
	}
}

// Close lets go of the blobs.
func (c *Content) Close() {
	c.closeFile()
	for _, p := range c.parts {
		if p.Blob != nil {
			p.Blob.Release()
		}
	}
	c.parts, c.next = nil, 0
}

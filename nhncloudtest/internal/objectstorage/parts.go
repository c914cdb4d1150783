package objectstorage

import (
	"bytes"
	"errors"
	"io"
	"os"
)

// part is a piece of a blob. Without a blob it stands for a segment that is
// gone.
type part struct {
	blob   *blob
	off, n int64
}

func (b *blob) whole() part { return part{blob: b, n: b.size} }

// cutParts is what lies in a range of the parts put together.
func cutParts(parts []part, off, n int64) []part {
	var out []part
	for _, p := range parts {
		skip := min(off, p.n)
		take := min(p.n-skip, n)
		off, n = off-skip, n-take
		if take > 0 {
			out = append(out, part{blob: p.blob, off: p.off + skip, n: take})
		}
	}
	return out
}

func sizeOf(parts []part) int64 {
	var n int64
	for _, p := range parts {
		n += p.n
	}
	return n
}

// content reads parts one after the other. It holds their blobs until it is
// closed.
type content struct {
	size  int64
	parts []part
	next  int
	cur   io.Reader
	file  *os.File
}

func newContent(parts []part) *content {
	for _, p := range parts {
		if p.blob != nil {
			p.blob.retain()
		}
	}
	return &content{size: sizeOf(parts), parts: parts}
}

var errSegmentGone = errors.New("a segment is gone")

// Size is how many bytes there are.
func (c *content) Size() int64 { return c.size }

func (c *content) Read(p []byte) (int, error) {
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

func (c *content) open(p part) error {
	c.closeFile()
	switch {
	case p.blob == nil:
		return errSegmentGone
	case p.blob.file == "":
		c.cur = bytes.NewReader(p.blob.memory[p.off : p.off+p.n])
	default:
		file, err := os.Open(p.blob.file)
		if err != nil {
			return err
		}
		c.file, c.cur = file, io.NewSectionReader(file, p.off, p.n)
	}
	return nil
}

func (c *content) closeFile() {
	c.cur = nil
	if c.file != nil {
		_ = c.file.Close()
		c.file = nil
	}
}

// Close lets go of the blobs.
func (c *content) Close() {
	c.closeFile()
	for _, p := range c.parts {
		if p.blob != nil {
			p.blob.release()
		}
	}
	c.parts, c.next = nil, 0
}

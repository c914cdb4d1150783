package wire

import (
	"encoding/binary"
	"math/bits"
	"strings"
)

// stringCache gives equal short texts one string, because a listing repeats
// most of them: statuses, zones, tenants, names of metadata. It is a small
// table that forgets on collision, so it never grows.
type stringCache struct {
	slots [1 << cacheBits]string
	block strings.Builder
}

const cacheBits = 10

// maxCached is longer than ids, addresses, names, and the links to flavors and
// images that each server of a listing repeats; longer texts rarely repeat.
const maxCached = 192

// New texts of up to maxShared bytes share a block of memory, which lives as long
// as one of them: half of the allocations of a listing are ids, names and
// addresses.
const (
	blockSize = 512
	maxShared = 64
)

func (c *stringCache) get(b []byte) string {
	if len(b) < 2 || len(b) > maxCached {
		return string(b)
	}
	slot := &c.slots[hash(b)]
	if *slot != string(b) {
		*slot = c.copy(b)
	}
	return *slot
}

func (c *stringCache) copy(b []byte) string {
	if len(b) > maxShared {
		return string(b)
	}
	if c.block.Cap()-c.block.Len() < len(b) {
		c.block.Reset()
		c.block.Grow(blockSize)
	}
	n := c.block.Len()
	c.block.Write(b) // never moves what stands there already
	return c.block.String()[n:]
}

// hash mixes the length and both ends into cacheBits bits: what differs between
// texts of one kind (ids, addresses, links) is rarely in the middle alone.
func hash(b []byte) uint64 {
	const prime = 0x9e3779b97f4a7c15
	var head, tail uint64
	if n := len(b); n >= 8 {
		head, tail = binary.LittleEndian.Uint64(b), binary.LittleEndian.Uint64(b[n-8:])
	} else {
		for _, c := range b {
			head = head<<8 | uint64(c)
		}
	}
	h := (head ^ uint64(len(b))) * prime
	h = (bits.RotateLeft64(h, 29) ^ tail) * prime
	return h >> (64 - cacheBits) // the only bits that every byte has reached
}

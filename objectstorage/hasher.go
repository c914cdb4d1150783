package objectstorage

import (
	"crypto/md5"
	"encoding/hex"
	"hash"
	"sync"
)

// hasher computes an MD5.
type hasher struct {
	hash.Hash
	digest [md5.Size]byte
}

var hashers = sync.Pool{New: func() any { return &hasher{Hash: md5.New()} }}

func newHasher() *hasher {
	h := hashers.Get().(*hasher)
	h.Reset()
	return h
}

// free keeps the hasher for another. It is not to be used after that.
func (h *hasher) free() { hashers.Put(h) }

// hex returns the MD5 of what was written, in hexadecimal form.
func (h *hasher) hex() string { return hex.EncodeToString(h.Sum(h.digest[:0])) }

// hexMD5 returns the MD5 of b in hexadecimal form.
func hexMD5(b []byte) string {
	digest := md5.Sum(b)
	return hex.EncodeToString(digest[:])
}

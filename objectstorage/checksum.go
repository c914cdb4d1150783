package objectstorage

import (
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"hash"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// ChecksumError is the cause of an [nhncloud.ErrChecksumMismatch].
type ChecksumError struct {
	Want string // MD5 that the content should have
	Got  string // MD5 that it has; "" where the service did not say
}

// Error tells the two values.
func (e *ChecksumError) Error() string {
	if e.Got == "" {
		return fmt.Sprintf("checksum mismatch: MD5 is not %s", e.Want)
	}
	return fmt.Sprintf("checksum mismatch: MD5 is %s, not %s", e.Got, e.Want)
}

// Is makes it an nhncloud.ErrChecksumMismatch.
func (e *ChecksumError) Is(target error) bool { return target == nhncloud.ErrChecksumMismatch }

// mismatch is the failure for content that was stored or received wrong.
func mismatch(operation, what string, cause error) error {
	return &nhncloud.Error{Operation: operation, Message: "the content was " + what + " other than it was sent", Err: cause}
}

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

// emptyMD5 is the MD5 of nothing.
const emptyMD5 = "d41d8cd98f00b204e9800998ecf8427e"

// hexMD5 returns the MD5 of b in hexadecimal form.
func hexMD5(b []byte) string {
	digest := md5.Sum(b)
	return hex.EncodeToString(digest[:])
}

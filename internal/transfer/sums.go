package transfer

import (
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"fmt"
	"hash"
	"strings"
	"sync"

	"github.com/nhncloud-go/nhncloud"
)

// MD5 is the algorithm of the checksums that every service has.
const MD5 = "MD5"

// Sum computes a checksum.
type Sum struct {
	hash.Hash
	algorithm string
	digest    [sha512.Size]byte
}

// algorithms are those that services name, in whatever case.
var algorithms = map[string]func() hash.Hash{
	MD5: md5.New, "SHA1": sha1.New, "SHA256": sha256.New, "SHA384": sha512.New384, "SHA512": sha512.New,
}

var md5s = sync.Pool{New: func() any { return &Sum{Hash: md5.New(), algorithm: MD5} }}

// NewSum begins a checksum, or returns nil where the algorithm is not known.
func NewSum(algorithm string) *Sum {
	algorithm = Name(algorithm)
	if algorithm == MD5 {
		s := md5s.Get().(*Sum)
		s.Reset()
		return s
	}
	if begin := algorithms[algorithm]; begin != nil {
		return &Sum{Hash: begin(), algorithm: algorithm}
	}
	return nil
}

// Free keeps the checksum for another. It is not to be used after that.
func (s *Sum) Free() {
	if s.algorithm == MD5 {
		md5s.Put(s)
	}
}

// Hex returns the checksum of what was written, in hexadecimal form.
func (s *Sum) Hex() string { return hex.EncodeToString(s.Sum(s.digest[:0])) }

// Check compares what was written with the checksum that it should have.
func (s *Sum) Check(want string) error {
	if got := s.Hex(); !Same(got, want) {
		return &nhncloud.ChecksumError{Algorithm: s.algorithm, Want: want, Got: got}
	}
	return nil
}

// Fits reports whether a text can be a checksum of the algorithm.
func Fits(algorithm, text string) bool {
	begin := algorithms[Name(algorithm)]
	_, err := hex.DecodeString(text)
	return begin != nil && err == nil && len(text) == 2*begin().Size()
}

// Name is an algorithm as it stands in errors.
func Name(algorithm string) string { return strings.ToUpper(algorithm) }

// Same reports whether two checksums are one, in whatever case the service
// writes it.
func Same(a, b string) bool { return strings.EqualFold(a, b) }

// HexMD5 returns the MD5 of b in hexadecimal form.
func HexMD5(b []byte) string {
	digest := md5.Sum(b)
	return hex.EncodeToString(digest[:])
}

// Mismatch is the failure for content that was stored or received wrong.
func Mismatch(operation, what string, cause error) error {
	return &nhncloud.Error{Operation: operation, Message: fmt.Sprintf("the content was %s other than it was sent", what), Err: cause}
}

package nhncloud_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
)

func TestChecksumError(t *testing.T) {
	t.Parallel()
	for text, err := range map[string]*nhncloud.ChecksumError{
		"checksum mismatch: MD5 is aa, not bb": {Algorithm: "MD5", Want: "bb", Got: "aa"},
		"checksum mismatch: SHA512 is not bb":  {Algorithm: "SHA512", Want: "bb"},
	} {
		assert.EqualError(t, err, text)
		assert.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
		assert.NotErrorIs(t, err, nhncloud.ErrBadAnswer)
		assert.ErrorIs(t, &nhncloud.Error{Err: err}, nhncloud.ErrChecksumMismatch)
	}
}

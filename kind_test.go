package nhncloud_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
)

func TestErrorWithKind(t *testing.T) {
	t.Parallel()
	e := &nhncloud.Error{Operation: "x", StatusCode: 422}
	other := e.WithKind(nhncloud.ErrChecksumMismatch)
	assert.Equal(t, nhncloud.ErrChecksumMismatch, other.Kind())
	assert.ErrorIs(t, other, nhncloud.ErrChecksumMismatch)
	assert.NotErrorIs(t, other, nhncloud.ErrInvalidArgument)
	assert.Equal(t, e.Error(), other.Error())
	assert.ErrorIs(t, e, nhncloud.ErrInvalidArgument, "it stays what it was")
}

package seal_test

import (
	"encoding/base64"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/seal"
)

func TestSeal(t *testing.T) {
	t.Parallel()
	s := seal.Random()
	sealed := s.Seal("task 1", []byte("the-token"))
	assert.NotContains(t, string(sealed), "the-token")
	assert.NotEqual(t, sealed, s.Seal("task 1", []byte("the-token")), "a nonce is used once")
	value, err := s.Open("task 1", sealed)
	require.NoError(t, err)
	assert.Equal(t, "the-token", string(value))

	_, err = s.Open("task 2", sealed)
	assert.ErrorIs(t, err, seal.ErrOpen, "of another task")
	_, err = seal.Random().Open("task 1", sealed)
	assert.ErrorIs(t, err, seal.ErrOpen, "with another key")
	for i := range sealed {
		changed := append([]byte(nil), sealed...)
		changed[i] ^= 1
		_, err = s.Open("task 1", changed)
		assert.ErrorIs(t, err, seal.ErrOpen, "changed")
		_, err = s.Open("task 1", sealed[:i])
		assert.ErrorIs(t, err, seal.ErrOpen, "cut off")
	}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	key := []byte(strings.Repeat("\xfbkey", 8))
	s, err := seal.New(key)
	require.NoError(t, err)
	for _, text := range []string{
		base64.StdEncoding.EncodeToString(key), base64.URLEncoding.EncodeToString(key),
		base64.RawStdEncoding.EncodeToString(key), " " + base64.StdEncoding.EncodeToString(key) + "\n",
	} {
		parsed, err := seal.Parse(text)
		require.NoError(t, err, text)
		assert.Equal(t, s.KeyID(), parsed.KeyID())
	}
	assert.NotEqual(t, s.KeyID(), seal.Random().KeyID())
	for _, text := range []string{"", "?", base64.StdEncoding.EncodeToString(key[:31]), base64.StdEncoding.EncodeToString(append(key, 1))} {
		_, err := seal.Parse(text)
		require.Error(t, err, text)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x"} {
		assert.Equal(t, "sealer "+s.KeyID(), fmt.Sprintf(verb, s))
	}
}

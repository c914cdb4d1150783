package keypairv1_test

import (
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/keypair"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestKeyPairLife(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	pairs, ctx := keypairv1.New(client).KeyPairs, t.Context()

	made, err := pairs.Create(ctx, "deploy key")
	require.NoError(t, err)
	assert.Contains(t, string(made.PrivateKey), "PRIVATE KEY")
	assert.True(t, made.CreatedAt.IsZero(), "it comes in a look-up")
	require.NoError(t, made.SavePrivateKey(filepath.Join(t.TempDir(), "deploy.pem")))
	_, err = pairs.Create(ctx, made.Name)
	assert.ErrorIs(t, err, nhncloud.ErrConflict)

	got, err := pairs.Get(ctx, made.Name)
	require.NoError(t, err)
	assert.Empty(t, got.PrivateKey, "it comes once")
	assert.Equal(t, made.PublicKey, got.PublicKey)
	assert.Equal(t, made.Fingerprint, got.Fingerprint)
	assert.False(t, got.CreatedAt.IsZero())

	imported, err := pairs.Import(ctx, "own", made.PublicKey)
	require.NoError(t, err)
	assert.Empty(t, imported.PrivateKey)
	assert.Equal(t, made.Fingerprint, imported.Fingerprint)
	_, err = pairs.Import(ctx, "broken", "no key")
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)

	listed, err := pairs.List(ctx)
	require.NoError(t, err)
	assert.ElementsMatch(t, []*keypairv1.KeyPair{
		{Name: made.Name, PublicKey: made.PublicKey, Fingerprint: made.Fingerprint},
		{Name: "own", PublicKey: made.PublicKey, Fingerprint: made.Fingerprint},
	}, listed)
	_, err = keypair.New(client).KeyPairs.Get(ctx, "own")
	require.NoError(t, err, "both APIs have the same key pairs")

	for _, pair := range listed {
		require.NoError(t, pairs.Delete(ctx, pair.Name))
	}
	assert.ErrorIs(t, pairs.Delete(ctx, "own"), nhncloud.ErrNotFound)
	_, err = pairs.Get(ctx, "own")
	assert.ErrorIs(t, err, nhncloud.ErrNotFound)
}

func TestKeyPairQuota(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t, nhncloudtest.WithQuota(nhncloudtest.Quota{KeyPairs: 1}))
	pairs := keypairv1.New(client).KeyPairs
	_, err := pairs.Create(t.Context(), "first")
	require.NoError(t, err)
	_, err = pairs.Create(t.Context(), "second")
	assert.ErrorIs(t, err, nhncloud.ErrQuotaExceeded)
}

package keyfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/keyfile"
)

const key = "-----BEGIN KEY-----\nMIIE\n-----END KEY-----\n"

func TestWrite(t *testing.T) {
	t.Parallel()
	t.Run("written", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "deploy.pem")
		require.NoError(t, keyfile.Write(path, key))
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode())
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, key, string(content))
	})
	t.Run("nothing is overwritten", func(t *testing.T) {
		t.Parallel()
		path := filepath.Join(t.TempDir(), "deploy.pem")
		require.NoError(t, os.WriteFile(path, []byte("older"), 0o600))
		assert.ErrorIs(t, keyfile.Write(path, key), os.ErrExist)
		content, err := os.ReadFile(path)
		require.NoError(t, err)
		assert.Equal(t, "older", string(content))
	})
	t.Run("no link is followed", func(t *testing.T) {
		t.Parallel()
		folder := t.TempDir()
		target, link := filepath.Join(folder, "target"), filepath.Join(folder, "link")
		require.NoError(t, os.Symlink(target, link))
		assert.ErrorIs(t, keyfile.Write(link, key), os.ErrExist)
		assert.NoFileExists(t, target)
	})
	t.Run("no folder", func(t *testing.T) {
		t.Parallel()
		assert.ErrorIs(t, keyfile.Write(filepath.Join(t.TempDir(), "none", "deploy.pem"), key), os.ErrNotExist)
	})
}

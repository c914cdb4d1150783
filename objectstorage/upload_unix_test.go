//go:build unix

package objectstorage_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// The opening of a named pipe waits for somebody who writes into it, whatever
// becomes of the context.
func TestUploadFileOfPipe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	path := filepath.Join(dir, "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	for _, special := range []string{path, os.DevNull} {
		_, err := r.objects.UploadFile(t.Context(), depot, "name", special, nil)
		refusedField(t, "path", err)
		assert.ErrorContains(t, err, "use Upload for what can only be read")
	}
	result, err := r.objects.UploadDir(t.Context(), depot, "", dir, nil)
	require.NoError(t, err)
	assert.Equal(t, objectstorage.DirResult{}, *result, "it is no file")
	assert.Empty(t, r.list(depot))
}

// A file that becomes a pipe between the look and the opening is not waited for.
func TestUploadDirOfPipe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	path := writeFile(t, dir, "file", []byte("abc"))
	r.meddleWith(replacing(t, func() error {
		if err := os.Remove(path); err != nil {
			return err
		}
		return syscall.Mkfifo(path, 0o600)
	}))
	_, err := r.objects.UploadDir(t.Context(), depot, "", dir, nil)
	refusedField(t, "path", err)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}

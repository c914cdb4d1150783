//go:build unix

package objectstorage_test

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What is no regular file has no size and no time that tell anything.
func TestUploadFileOfPipe(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(22, 3*smallPart)
	path := filepath.Join(t.TempDir(), "pipe")
	require.NoError(t, syscall.Mkfifo(path, 0o600))
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(path, data, 0o600) }()
	result, err := r.objects.UploadFile(t.Context(), depot, "name", path, inParts())
	require.NoError(t, err)
	require.NoError(t, <-written)
	assert.Equal(t, 3, result.Parts)
	r.holds("name", data)
}

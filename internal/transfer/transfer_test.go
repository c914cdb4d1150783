package transfer_test

import (
	"bytes"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/transfer"
)

func TestSums(t *testing.T) {
	t.Parallel()
	whole := sha512.Sum512([]byte("content"))
	want := strings.ToUpper(hex.EncodeToString(whole[:]))
	sum := transfer.NewSum("sha512")
	_, _ = sum.Write([]byte("content"))
	require.NoError(t, sum.Check(want))
	err := sum.Check("00")
	assert.Equal(t, &nhncloud.ChecksumError{Algorithm: "SHA512", Want: "00", Got: strings.ToLower(want)}, err)
	sum.Free()

	assert.Nil(t, transfer.NewSum("crc32"))
	assert.Equal(t, "9a0364b9e99bb480dd25e1f0284c8555", transfer.HexMD5([]byte("content")))
	for text, fits := range map[string]bool{want: true, want[2:]: false, "": false, strings.Repeat("x", len(want)): false} {
		assert.Equal(t, fits, transfer.Fits("sha512", text), text)
	}
	assert.False(t, transfer.Fits("crc32", "00"))
}

func TestVerifierOfPieces(t *testing.T) {
	t.Parallel()
	pieces := func() []transfer.Piece {
		return []transfer.Piece{{Size: 3, Sum: transfer.HexMD5([]byte("abc"))}, {Size: -1, Sum: transfer.HexMD5([]byte("defg"))}}
	}
	good := transfer.NewVerifier(transfer.MD5, pieces()...)
	for _, text := range []string{"a", "bcd", "efg"} {
		_, err := good.Write([]byte(text))
		require.NoError(t, err)
	}
	require.NoError(t, good.Close())

	_, err := transfer.NewVerifier(transfer.MD5, pieces()...).Write([]byte("abx"))
	assert.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
	short := transfer.NewVerifier(transfer.MD5, pieces()...)
	_, err = short.Write([]byte("abcde"))
	require.NoError(t, err)
	assert.ErrorIs(t, short.Close(), nhncloud.ErrChecksumMismatch)
}

func TestContentRange(t *testing.T) {
	t.Parallel()
	got, err := transfer.ContentRange(http.Header{"Content-Range": {"bytes 2-8/10"}})
	require.NoError(t, err)
	assert.Equal(t, transfer.Range{First: 2, Last: 8, Size: 10}, got)
	for _, text := range []string{"", "2-8/10", "bytes 8-2/10", "bytes 2-10/10", "bytes 2-8/*", "bytes */10", "bytes -2-8/10", "bytes 2-8"} {
		_, err := transfer.ContentRange(http.Header{"Content-Range": {text}})
		assert.ErrorContains(t, err, "Content-Range", text)
	}
}

// A file appears when it is whole, and a failure leaves nothing.
func TestWriteFile(t *testing.T) {
	t.Parallel()
	const operation = "op"
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	write := func(text string) func(*os.File) error {
		return func(file *os.File) error {
			_, err := file.WriteString(text)
			return err
		}
	}
	require.NoError(t, transfer.WriteFile(operation, path, false, write("one")))
	err := transfer.WriteFile(operation, path, false, func(*os.File) error { t.Error("written before it was looked"); return nil })
	assert.ErrorIs(t, err, fs.ErrExist)
	failure := errors.New("broken")
	assert.Equal(t, failure, transfer.WriteFile(operation, path, true, func(file *os.File) error {
		_, _ = file.WriteString("half")
		return failure
	}))
	require.NoError(t, transfer.WriteFile(operation, path, true, write("two")))
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "two", string(text))
	err = transfer.WriteFile(operation, filepath.Join(dir, "b"), false, func(file *os.File) error { return os.WriteFile(filepath.Join(dir, "b"), nil, 0o666) })
	assert.ErrorIs(t, err, fs.ErrExist, "it came up meanwhile")
	assert.ErrorIs(t, transfer.WriteFile(operation, dir, true, write("")), fs.ErrExist)
	for _, path := range []string{"", "x/", filepath.Join(dir, "c") + string(filepath.Separator)} {
		assert.ErrorIs(t, transfer.WriteFile(operation, path, true, write("")), nhncloud.ErrInvalidArgument, path)
	}
	assert.ErrorIs(t, transfer.WriteFile(operation, filepath.Join(dir, "absent", "a"), true, write("")), fs.ErrNotExist)
	entries, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, entries, 2, "no temporary file is left")
}

func TestWritePrivateFile(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "a")
	require.NoError(t, os.WriteFile(path, nil, 0o666)) // of which another mode goes
	for _, overwrite := range []bool{true, false} {
		err := transfer.WritePrivateFile("op", path, overwrite, func(file *os.File) error {
			info, err := file.Stat()
			assert.Equal(t, fs.FileMode(0o600), info.Mode(), "before anything is written")
			return err
		})
		assert.Equal(t, overwrite, err == nil)
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode())
	}
}

func TestOpen(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "a")
	require.NoError(t, os.WriteFile(path, []byte("abc"), 0o666))
	hints := transfer.Hints{Folder: "!", Other: "else"}
	for _, bad := range []string{"", dir} {
		_, err := transfer.Open("op", bad, hints)
		assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument, bad)
	}
	_, err := transfer.Open("op", filepath.Join(dir, "absent"), hints)
	assert.ErrorIs(t, err, fs.ErrNotExist)

	source, err := transfer.Open("op", path, hints)
	require.NoError(t, err)
	defer source.Close()
	assert.EqualValues(t, 3, source.Size)
	content, err := transfer.ContentOf("op", source.File, 0)
	require.NoError(t, err)
	content.Steady(source.Unchanged)
	loaded, err := content.Load()
	require.NoError(t, err)
	assert.Equal(t, "abc", string(loaded))
	require.NoError(t, os.WriteFile(path, []byte("abcd"), 0o666))
	_, err = content.Load()
	assert.ErrorContains(t, err, "changed while it was sent")
}

func TestContentOf(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		r    io.Reader
		size int64
		want int64
		once bool
	}{
		"nothing": {nil, 0, 0, false},
		"bytes":   {bytes.NewReader([]byte("abc")), 3, 3, false},
		"reader":  {io.LimitReader(strings.NewReader("abc"), 3), 0, -1, true},
		"told":    {io.LimitReader(strings.NewReader("abc"), 3), 3, 3, true},
	} {
		c, err := transfer.ContentOf("op", test.r, test.size)
		require.NoError(t, err, name)
		assert.Equal(t, test.want, c.Size, name)
		assert.Equal(t, test.once, c.At == nil, name)
	}
	_, err := transfer.ContentOf("op", strings.NewReader("abc"), 2)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	_, err = transfer.ContentOf("op", strings.NewReader("abc"), -2)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}

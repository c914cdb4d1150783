package objectstorage_test

import (
	"crypto/md5"
	"encoding/hex"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func digestOf(data []byte) string {
	sum := md5.Sum(data)
	return hex.EncodeToString(sum[:])
}

// noise returns bytes that differ from those of other seeds.
func noise(seed uint64, size int) []byte {
	data := make([]byte, size)
	var key [32]byte
	key[0], key[1] = byte(seed), byte(seed>>8)
	_, _ = rand.NewChaCha8(key).Read(data)
	return data
}

// onlyRead hides everything but Read.
type onlyRead struct{ io.Reader }

// writeFile makes a file with the content in a folder.
func writeFile(t *testing.T, dir, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(dir, name)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, data, 0o666))
	return path
}

// treeOf returns the paths of what is in a folder, in order, folders with a slash
// after them.
func treeOf(t *testing.T, dir string) []string {
	t.Helper()
	paths := []string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == dir {
			return err
		}
		below, err := filepath.Rel(dir, path)
		if below = filepath.ToSlash(below); entry.IsDir() {
			below += "/"
		}
		paths = append(paths, below)
		return err
	}))
	slices.Sort(paths)
	return paths
}

// failsAs returns err as an *nhncloud.Error of the kind.
func failsAs(t *testing.T, kind, err error) *nhncloud.Error {
	t.Helper()
	require.ErrorIs(t, err, kind)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	return e
}

// refusedField asserts that err is an ErrInvalidArgument that names the field.
func refusedField(t *testing.T, field string, err error) {
	t.Helper()
	e := failsAs(t, nhncloud.ErrInvalidArgument, err)
	assert.Equal(t, field, e.Field)
	assert.NotEmpty(t, e.Message)
}

// story collects what a transfer tells of its progress, and checks that it only
// goes forward.
type story struct {
	t    *testing.T
	mu   sync.Mutex
	last nhncloud.TransferProgress
	told int
}

func (s *story) tell(p nhncloud.TransferProgress) {
	assert.True(s.t, s.mu.TryLock(), "one goroutine at a time")
	defer s.mu.Unlock()
	assert.GreaterOrEqual(s.t, p.Done, s.last.Done)
	assert.GreaterOrEqual(s.t, p.Parts, s.last.Parts)
	s.last = p
	s.told++
}

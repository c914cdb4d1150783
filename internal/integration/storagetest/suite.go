package storagetest

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// OddNames are names of objects that break clients which escape too much, too
// little, or twice.
var OddNames = []string{
	"plain", "two words", "100%", "a%2Fb", "%2e%2e", "what?", "a#b", "a+b", "a&b=c;d", "line\nbreak", "tab\there", "한글", "🚀", "é", "e\u0301",
	`quote"s'`, "back\\slash", "folder/in/folder", "/leading", "trailing/", "double//slash", "...", "colon:at@", "[x]{y}", "~", "*", "<b>", "\u2028",
	strings.Repeat("n", 1000),
}

// Run runs all tests. Each works in containers of its own, which it removes.
func Run(t *testing.T, client *nhncloud.Client) {
	s := &suite{client: client, storage: objectstorage.New(client)}
	for name, test := range map[string]func(*suite, *testing.T){
		"containers":   (*suite).containers,
		"odd names":    (*suite).oddNames,
		"sources":      (*suite).sources,
		"metadata":     (*suite).metadata,
		"ranges":       (*suite).ranges,
		"conditions":   (*suite).conditions,
		"copies":       (*suite).copies,
		"listings":     (*suite).listings,
		"checksums":    (*suite).checksums,
		"failures":     (*suite).failures,
		"static":       (*suite).static,
		"dynamic":      (*suite).dynamic,
		"resume":       (*suite).resume,
		"folders":      (*suite).folders,
		"delete many":  (*suite).deleteMany,
		"old segments": (*suite).oldSegments,
		"expiry":       (*suite).expiry,
		"files":        (*suite).files,
		"served":       (*suite).served,
		"replaced":     (*suite).replaced,
		"tokens":       (*suite).tokens,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(s, t)
		})
	}
}

type suite struct {
	client  *nhncloud.Client
	storage *objectstorage.Client
}

// container makes a container that is removed after the test, with all that is
// in it and in that of its segments.
func (s *suite) container(t *testing.T) string {
	t.Helper()
	name := fmt.Sprintf("suite-%016x", rand.Uint64())
	_, err := s.storage.Containers.Create(t.Context(), name, nil)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.Background()
		for _, container := range []string{name, name + "_segments"} {
			for _, object := range s.names(t, container) {
				assert.NoError(t, s.storage.Objects.Delete(ctx, container, object))
			}
			if err := s.storage.Containers.Delete(ctx, container); err != nil {
				assert.ErrorIs(t, err, nhncloud.ErrNotFound)
			}
		}
	})
	return name
}

// names lists the objects of a container; one that does not exist has none.
func (s *suite) names(t *testing.T, container string) []string {
	t.Helper()
	var names []string
	for entry, err := range s.storage.Objects.All(context.Background(), container, nil) {
		if err != nil {
			require.ErrorIs(t, err, nhncloud.ErrNotFound)
			return nil
		}
		names = append(names, entry.Name)
	}
	return names
}

func content(size int) []byte {
	b := make([]byte, size)
	for i := range b {
		b[i] = byte(rand.Uint32())
	}
	return b
}

func md5Of(b []byte) string {
	sum := md5.Sum(b)
	return hex.EncodeToString(sum[:])
}

func (s *suite) put(t *testing.T, container, name string, b []byte) {
	t.Helper()
	_, err := s.storage.Objects.Put(t.Context(), container, name, bytes.NewReader(b), nil)
	require.NoError(t, err)
}

func (s *suite) get(t *testing.T, container, name string, options *objectstorage.GetOptions) []byte {
	t.Helper()
	c, err := s.storage.Objects.Get(t.Context(), container, name, options)
	require.NoError(t, err)
	b, err := io.ReadAll(c)
	require.NoError(t, err)
	require.NoError(t, c.Close())
	return b
}

func (s *suite) containers(t *testing.T) {
	name := s.container(t)
	_, err := s.storage.Containers.Create(t.Context(), name, nil)
	require.NoError(t, err, "creating it again is fine")
	s.put(t, name, "x", []byte("x"))
	require.ErrorIs(t, s.storage.Containers.Delete(t.Context(), name), nhncloud.ErrConflict)
	require.NoError(t, s.storage.Objects.Delete(t.Context(), name, "x"))
	require.NoError(t, s.storage.Containers.Delete(t.Context(), name))
	require.ErrorIs(t, s.storage.Containers.Delete(t.Context(), name), objectstorage.ErrContainerNotFound)
}

func (s *suite) oddNames(t *testing.T) {
	ctx, container, other := t.Context(), s.container(t), s.container(t)
	for _, name := range OddNames {
		b := []byte("content of " + name)
		s.put(t, container, name, b)
		assert.Equal(t, b, s.get(t, container, name, nil), "%q", name)
		object, err := s.storage.Objects.Head(ctx, container, name)
		require.NoError(t, err, "%q", name)
		assert.Equal(t, md5Of(b), object.ETag)
		_, err = s.storage.Objects.Copy(ctx, objectstorage.Location{Container: container, Name: name}, objectstorage.Location{Container: other, Name: name}, nil)
		require.NoError(t, err, "%q", name)
		_, err = s.storage.Objects.CopyByPut(ctx, objectstorage.Location{Container: other, Name: name}, objectstorage.Location{Container: container, Name: name}, nil)
		require.NoError(t, err, "%q", name)
		require.NoError(t, s.storage.Objects.Update(ctx, container, name, objectstorage.ObjectUpdate{Metadata: map[string]string{"odd": "yes"}}), "%q", name)
		assert.Equal(t, b, s.get(t, other, name, nil), "%q", name)
	}
	sorted := slices.Clone(OddNames)
	slices.Sort(sorted)
	assert.Equal(t, sorted, s.names(t, container))
	assert.Equal(t, sorted, s.names(t, other))
	for _, name := range OddNames {
		require.NoError(t, s.storage.Objects.Delete(ctx, other, name), "%q", name)
	}
	assert.Empty(t, s.names(t, other))
}

func (s *suite) sources(t *testing.T) {
	container := s.container(t)
	path := filepath.Join(t.TempDir(), "content")
	for _, size := range []int{0, 1, 1000, 70_000, 1<<20 + 1, 3 << 20} {
		b := content(size)
		require.NoError(t, os.WriteFile(path, b, 0o600))
		file, err := os.Open(path)
		require.NoError(t, err)
		exact := int64(size)
		for name, put := range map[string]func() (*objectstorage.PutResult, error){
			"memory": func() (*objectstorage.PutResult, error) {
				return s.storage.Objects.Put(t.Context(), container, "memory", bytes.NewReader(b), nil)
			},
			"file": func() (*objectstorage.PutResult, error) {
				return s.storage.Objects.Put(t.Context(), container, "file", file, nil)
			},
			"unknown size": func() (*objectstorage.PutResult, error) {
				return s.storage.Objects.Put(t.Context(), container, "unknown size", struct{ io.Reader }{bytes.NewReader(b)}, nil)
			},
			"declared size": func() (*objectstorage.PutResult, error) {
				return s.storage.Objects.Put(t.Context(), container, "declared size", struct{ io.Reader }{bytes.NewReader(b)}, &objectstorage.PutOptions{Size: exact})
			},
			"unchecked": func() (*objectstorage.PutResult, error) {
				return s.storage.Objects.Put(t.Context(), container, "unchecked", bytes.NewReader(b), &objectstorage.PutOptions{SkipChecksum: true})
			},
		} {
			result, err := put()
			require.NoError(t, err, "%s %d", name, size)
			assert.Equal(t, md5Of(b), result.ETag)
			assert.EqualValues(t, size, result.Size)
			assert.True(t, bytes.Equal(b, s.get(t, container, name, nil)), "%s %d", name, size)
		}
		require.NoError(t, file.Close())
	}
}

func (s *suite) metadata(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	_, err := s.storage.Objects.Put(ctx, container, "x", strings.NewReader("x"), &objectstorage.PutOptions{
		ContentType: "text/plain", ContentDisposition: "attachment", ContentEncoding: "x-test",
		Metadata: map[string]string{"Color": "blue", "name": "김치 🚀", "Empty-Not": "a b"},
	})
	require.NoError(t, err)
	object, err := s.storage.Objects.Head(ctx, container, "x")
	require.NoError(t, err)
	assert.Equal(t, "text/plain", object.ContentType)
	assert.Equal(t, "attachment", object.ContentDisposition)
	assert.Equal(t, "x-test", object.ContentEncoding)
	assert.Equal(t, map[string]string{"color": "blue", "name": "김치 🚀", "empty-not": "a b"}, object.Metadata)
	assert.EqualValues(t, 1, object.Size)
	assert.WithinDuration(t, time.Now(), object.LastModified, time.Hour)
	assert.WithinDuration(t, object.LastModified, object.Timestamp, 2*time.Second)

	require.NoError(t, s.storage.Objects.Update(ctx, container, "x", objectstorage.ObjectUpdate{Metadata: map[string]string{"taste": "hot"}}))
	object, err = s.storage.Objects.Head(ctx, container, "x")
	require.NoError(t, err)
	assert.Equal(t, map[string]string{"taste": "hot"}, object.Metadata)
	assert.Equal(t, "text/plain", object.ContentType)
}

func (s *suite) ranges(t *testing.T) {
	container := s.container(t)
	b := content(1000)
	s.put(t, container, "x", b)
	for _, test := range []struct{ offset, length, from, to int64 }{
		{0, 0, 0, 1000}, {0, 1, 0, 1}, {10, 0, 10, 1000}, {10, 20, 10, 30}, {999, 1, 999, 1000}, {990, 100, 990, 1000}, {-5, 0, 995, 1000}, {-5000, 0, 0, 1000},
	} {
		got := s.get(t, container, "x", &objectstorage.GetOptions{Offset: test.offset, Length: test.length})
		assert.True(t, bytes.Equal(b[test.from:test.to], got), "%+v", test)
	}
	_, err := s.storage.Objects.Get(t.Context(), container, "x", &objectstorage.GetOptions{Offset: 1000})
	require.ErrorIs(t, err, nhncloud.ErrRangeNotSatisfiable)
}

func (s *suite) conditions(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	s.put(t, container, "x", []byte("x"))
	object, err := s.storage.Objects.Head(ctx, container, "x")
	require.NoError(t, err)
	get := func(options objectstorage.GetOptions) error {
		c, err := s.storage.Objects.Get(ctx, container, "x", &options)
		if err == nil {
			err = c.Close()
		}
		return err
	}
	require.NoError(t, get(objectstorage.GetOptions{IfMatch: object.ETag}))
	require.NoError(t, get(objectstorage.GetOptions{IfNoneMatch: md5Of(nil)}))
	require.ErrorIs(t, get(objectstorage.GetOptions{IfMatch: md5Of(nil)}), nhncloud.ErrPreconditionFailed)
	require.ErrorIs(t, get(objectstorage.GetOptions{IfNoneMatch: object.ETag}), nhncloud.ErrNotModified)
	require.ErrorIs(t, get(objectstorage.GetOptions{IfModifiedSince: object.LastModified}), nhncloud.ErrNotModified)
	require.ErrorIs(t, get(objectstorage.GetOptions{IfUnmodifiedSince: object.LastModified.Add(-time.Hour)}), nhncloud.ErrPreconditionFailed)

	_, err = s.storage.Objects.Put(ctx, container, "x", strings.NewReader("y"), &objectstorage.PutOptions{NoOverwrite: true})
	require.ErrorIs(t, err, nhncloud.ErrPreconditionFailed)
	assert.Equal(t, "x", string(s.get(t, container, "x", nil)))
	_, err = s.storage.Objects.Put(ctx, container, "new", strings.NewReader("y"), &objectstorage.PutOptions{NoOverwrite: true})
	require.NoError(t, err)
	_, err = s.storage.Objects.Replace(ctx, container, "x", strings.NewReader("z"), nil)
	require.NoError(t, err)
	_, err = s.storage.Objects.Replace(ctx, container, "none", strings.NewReader("z"), nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
}

func (s *suite) copies(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	_, err := s.storage.Objects.Put(ctx, container, "x", strings.NewReader("x"), &objectstorage.PutOptions{Metadata: map[string]string{"a": "1", "b": "2"}})
	require.NoError(t, err)
	at := func(name string) objectstorage.Location {
		return objectstorage.Location{Container: container, Name: name}
	}
	for name, copying := range map[string]func(ctx context.Context, from, to objectstorage.Location, options *objectstorage.CopyOptions) (*objectstorage.PutResult, error){
		"copy": s.storage.Objects.Copy, "copy by put": s.storage.Objects.CopyByPut,
	} {
		result, err := copying(ctx, at("x"), at(name), &objectstorage.CopyOptions{Metadata: map[string]string{"b": "3"}, ContentType: "text/x-copy"})
		require.NoError(t, err)
		assert.Equal(t, md5Of([]byte("x")), result.ETag)
		object, err := s.storage.Objects.Head(ctx, container, name)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"a": "1", "b": "3"}, object.Metadata)
		assert.Equal(t, "text/x-copy", object.ContentType)
		_, err = copying(ctx, at("x"), at(name), &objectstorage.CopyOptions{Metadata: map[string]string{"c": "4"}, FreshMetadata: true})
		require.NoError(t, err)
		object, err = s.storage.Objects.Head(ctx, container, name)
		require.NoError(t, err)
		assert.Equal(t, map[string]string{"c": "4"}, object.Metadata)
		_, err = copying(ctx, at("none"), at(name), nil)
		require.ErrorIs(t, err, nhncloud.ErrNotFound)
	}
}

func (s *suite) listings(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	names := []string{"a/1", "a/2", "b", "c/1/1", "c/2", "d"}
	for _, name := range names {
		s.put(t, container, name, []byte(name))
	}
	list := func(options objectstorage.ObjectListOptions) (got []string) {
		for entry, err := range s.storage.Objects.All(ctx, container, &options) {
			require.NoError(t, err)
			got = append(got, entry.Name+entry.Subdir)
		}
		return got
	}
	assert.Equal(t, names, list(objectstorage.ObjectListOptions{}))
	for limit := 1; limit < 8; limit++ {
		assert.Equal(t, names, list(objectstorage.ObjectListOptions{Limit: limit}), "pages of %d", limit)
		assert.Equal(t, []string{"a/", "b", "c/", "d"}, list(objectstorage.ObjectListOptions{Limit: limit, Delimiter: "/"}), "pages of %d", limit)
	}
	assert.Equal(t, []string{"c/1/", "c/2"}, list(objectstorage.ObjectListOptions{Prefix: "c/", Delimiter: "/"}))
	assert.Equal(t, []string{"a/1", "a/2"}, list(objectstorage.ObjectListOptions{Prefix: "a/"}))
	assert.Equal(t, []string{"b", "c/1/1"}, list(objectstorage.ObjectListOptions{Marker: "a/2", EndMarker: "c/2"}))
	page, err := s.storage.Objects.List(ctx, container, &objectstorage.ObjectListOptions{Limit: 1})
	require.NoError(t, err)
	require.Len(t, page, 1)
	assert.Equal(t, md5Of([]byte("a/1")), page[0].Hash)
	assert.EqualValues(t, 3, page[0].Bytes)
	assert.WithinDuration(t, time.Now(), page[0].LastModified, time.Hour)
	assert.Empty(t, list(objectstorage.ObjectListOptions{Prefix: "none"}))
}

func (s *suite) checksums(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	_, err := s.storage.Objects.Put(ctx, container, "x", strings.NewReader("x"), &objectstorage.PutOptions{ETag: md5Of(nil)})
	require.ErrorIs(t, err, nhncloud.ErrChecksumMismatch)
	var wrong *nhncloud.ChecksumError
	require.ErrorAs(t, err, &wrong)
	assert.Equal(t, md5Of(nil), wrong.Want)
	_, err = s.storage.Objects.Put(ctx, container, "x", struct{ io.Reader }{strings.NewReader("longer than that")}, &objectstorage.PutOptions{Size: 5})
	require.ErrorContains(t, err, "longer")
	_, err = s.storage.Objects.Put(ctx, container, "x", struct{ io.Reader }{strings.NewReader("short")}, &objectstorage.PutOptions{Size: 500})
	require.ErrorContains(t, err, "ended after 5 of 500 bytes")
	assert.Empty(t, s.names(t, container))
}

func (s *suite) failures(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	_, err := s.storage.Objects.Get(ctx, container, "none", nil)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.NotEmpty(t, e.RequestID)
	assert.NotContains(t, e.Error(), "<html>")
	_, err = s.storage.Objects.Head(ctx, container, "none")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	require.ErrorIs(t, s.storage.Objects.Delete(ctx, container, "none"), nhncloud.ErrNotFound)
	require.ErrorIs(t, s.storage.Objects.Update(ctx, container, "none", objectstorage.ObjectUpdate{}), nhncloud.ErrNotFound)
	_, err = s.storage.Objects.Put(ctx, container+"-none", "x", strings.NewReader("x"), nil)
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	_, err = s.storage.Objects.List(ctx, container+"-none", nil)
	require.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
}

const partSize = 1 << 20

// large uploads an object in parts.
func (s *suite) large(t *testing.T, container, name string, b []byte, change func(*objectstorage.UploadOptions)) *objectstorage.UploadResult {
	t.Helper()
	options := &objectstorage.UploadOptions{Threshold: 1, PartSize: new(int64(partSize))}
	if change != nil {
		change(options)
	}
	result, err := s.storage.Objects.Upload(t.Context(), container, name, bytes.NewReader(b), options)
	require.NoError(t, err)
	return result
}

// download fetches an object in parts, as a file.
func (s *suite) download(t *testing.T, container, name string) []byte {
	t.Helper()
	path := filepath.Join(t.TempDir(), "file")
	_, err := s.storage.Objects.DownloadFile(t.Context(), container, name, path, &objectstorage.DownloadOptions{PartSize: new(int64(partSize))})
	require.NoError(t, err)
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	return b
}

func (s *suite) static(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	b := content(3*partSize + 17)
	name := "folder/large 한글?"
	result := s.large(t, container, name, b, func(o *objectstorage.UploadOptions) {
		o.ContentType, o.Metadata = "image/x-test", map[string]string{"a": "1"}
	})
	assert.Equal(t, 4, result.Parts)
	object, err := s.storage.Objects.Head(ctx, container, name)
	require.NoError(t, err)
	assert.True(t, object.Static)
	assert.EqualValues(t, len(b), object.Size)
	assert.Equal(t, result.ETag, object.ETag)
	assert.Equal(t, "image/x-test", object.ContentType)
	assert.Equal(t, map[string]string{"a": "1"}, object.Metadata)
	segments, err := s.storage.Objects.Segments(ctx, container, name)
	require.NoError(t, err)
	require.Len(t, segments, 4)
	assert.Equal(t, md5Of(b[:partSize]), segments[0].Hash)
	assert.True(t, bytes.Equal(b, s.get(t, container, name, nil)))
	assert.True(t, bytes.Equal(b[partSize-5:partSize+5], s.get(t, container, name, &objectstorage.GetOptions{Offset: partSize - 5, Length: 10})))
	assert.True(t, bytes.Equal(b, s.download(t, container, name)))

	copied := objectstorage.Location{Container: container, Name: "copy of the manifest"}
	_, err = s.storage.Objects.Copy(ctx, objectstorage.Location{Container: container, Name: name}, copied, &objectstorage.CopyOptions{Manifest: true})
	require.NoError(t, err)
	assert.True(t, bytes.Equal(b, s.get(t, container, copied.Name, nil)))
	require.NoError(t, s.storage.Objects.Delete(ctx, container, copied.Name))

	segments[0].Hash = md5Of(nil)
	_, err = s.storage.Objects.PutStatic(ctx, container, "wrong", segments, nil)
	require.Error(t, err)
	_, err = s.storage.Objects.Head(ctx, container, "wrong")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)

	require.NoError(t, s.storage.Objects.DeleteLarge(ctx, container, name))
	assert.Empty(t, s.names(t, container))
	assert.Empty(t, s.names(t, container+"_segments"))
}

func (s *suite) dynamic(t *testing.T) {
	container := s.container(t)
	b := content(2*partSize + 1)
	result := s.large(t, container, "large", b, func(o *objectstorage.UploadOptions) { o.Dynamic = true })
	assert.Equal(t, 3, result.Parts)
	assert.True(t, bytes.Equal(b, s.get(t, container, "large", nil)))
	assert.True(t, bytes.Equal(b, s.download(t, container, "large")))
	object, err := s.storage.Objects.Head(t.Context(), container, "large")
	require.NoError(t, err)
	require.NotEmpty(t, object.Dynamic)
	require.NoError(t, s.storage.Objects.Update(t.Context(), container, "large", objectstorage.ObjectUpdate{Metadata: map[string]string{"a": "1"}, Dynamic: object.Dynamic}))
	assert.True(t, bytes.Equal(b, s.get(t, container, "large", nil)))
	require.NoError(t, s.storage.Objects.DeleteLarge(t.Context(), container, "large"))
	assert.Empty(t, s.names(t, container+"_segments"))
}

func (s *suite) resume(t *testing.T) {
	container := s.container(t)
	b := content(4 * partSize)
	s.large(t, container, "large", b, nil)
	require.NoError(t, s.storage.Objects.Delete(t.Context(), container, "large"))
	parts := s.names(t, container+"_segments")
	require.Len(t, parts, 4)
	require.NoError(t, s.storage.Objects.Delete(t.Context(), container+"_segments", parts[2]))
	result := s.large(t, container, "large", b, nil)
	assert.Equal(t, 3, result.Reused)
	assert.True(t, bytes.Equal(b, s.get(t, container, "large", nil)))
}

func (s *suite) oldSegments(t *testing.T) {
	container := s.container(t)
	s.large(t, container, "large", content(3*partSize), nil)
	b := content(2 * partSize)
	s.large(t, container, "large", b, func(o *objectstorage.UploadOptions) { o.DeleteOldSegments = true })
	assert.Len(t, s.names(t, container+"_segments"), 2)
	assert.True(t, bytes.Equal(b, s.get(t, container, "large", nil)))
}

func (s *suite) folders(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	from, to := t.TempDir(), filepath.Join(t.TempDir(), "new")
	files := map[string][]byte{"a": []byte("a"), "b/한글 x": content(100), "b/c/large": content(3 * partSize), "empty": nil}
	for name, b := range files {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(from, name)), 0o777))
		require.NoError(t, os.WriteFile(filepath.Join(from, name), b, 0o666))
	}
	up := &objectstorage.UploadDirOptions{UploadOptions: objectstorage.UploadOptions{Threshold: partSize, PartSize: new(int64(partSize))}}
	for _, unchanged := range []int{0, 4} {
		result, err := s.storage.Objects.UploadDir(ctx, container, "backup/", from, up)
		require.NoError(t, err)
		assert.Equal(t, unchanged, result.Unchanged)
		assert.Equal(t, 4-unchanged, result.Transferred)
	}
	for _, unchanged := range []int{0, 4} {
		result, err := s.storage.Objects.DownloadDir(ctx, container, "backup/", to, nil)
		require.NoError(t, err)
		assert.Equal(t, unchanged, result.Unchanged)
		assert.Equal(t, 4-unchanged, result.Transferred)
	}
	for name, b := range files {
		got, err := os.ReadFile(filepath.Join(to, name))
		require.NoError(t, err)
		assert.True(t, bytes.Equal(b, got), name)
	}
}

func (s *suite) deleteMany(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	var names []string
	for i := range 30 {
		names = append(names, fmt.Sprintf("%02d", i))
		if i%3 > 0 {
			s.put(t, container, names[i], nil)
		}
	}
	results, err := s.storage.Objects.DeleteMany(ctx, container, names, 4)
	require.NoError(t, err)
	require.Len(t, results, 30)
	for i, result := range results {
		assert.Equal(t, names[i], result.Name)
		assert.NoError(t, result.Err)
	}
	assert.Empty(t, s.names(t, container))
}

func (s *suite) expiry(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	_, err := s.storage.Objects.Put(ctx, container, "x", strings.NewReader("x"), &objectstorage.PutOptions{DeleteAfter: time.Hour})
	require.NoError(t, err)
	object, err := s.storage.Objects.Head(ctx, container, "x")
	require.NoError(t, err)
	assert.WithinDuration(t, object.Timestamp.Add(time.Hour), object.DeleteAt, time.Minute)
	at := object.DeleteAt.Add(time.Hour)
	require.NoError(t, s.storage.Objects.Update(ctx, container, "x", objectstorage.ObjectUpdate{DeleteAt: at}))
	object, err = s.storage.Objects.Head(ctx, container, "x")
	require.NoError(t, err)
	assert.Equal(t, at, object.DeleteAt)
}

// tokenList issues the tokens of a list.
type tokenList struct {
	mu   sync.Mutex
	list []string
}

func (l *tokenList) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == 0 {
		return nil, errors.New("no more tokens")
	}
	token := &nhncloud.Token{ID: nhncloud.Secret(l.list[0])}
	l.list = l.list[1:]
	return token, nil
}

// tokens that are refused cost nothing of the content, even if that can be read
// only once.
func (s *suite) tokens(t *testing.T) {
	ctx, container := t.Context(), s.container(t)
	var good atomic.Value
	spy, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			good.Store(r.Header.Get("X-Auth-Token"))
			return next.RoundTrip(r)
		})
	}))
	require.NoError(t, err)
	_, err = objectstorage.New(spy).Containers.Get(ctx, container)
	require.NoError(t, err)

	account, err := s.client.URL(ctx, nhncloud.Request{
		Operation: "account", Service: nhncloud.ServiceObjectStorage, Method: http.MethodGet, Path: "/v1/{Account}",
	})
	require.NoError(t, err)

	data := content(16 << 20)
	for name, c := range map[string]struct {
		source  io.Reader
		options *objectstorage.PutOptions
	}{
		"again":         {bytes.NewReader(data), nil},
		"once":          {struct{ io.Reader }{bytes.NewReader(data)}, nil},
		"once, in size": {struct{ io.Reader }{bytes.NewReader(data)}, &objectstorage.PutOptions{Size: int64(len(data))}},
	} {
		client, err := s.client.With(nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, account.String()),
			nhncloud.WithTokenSource(&tokenList{list: []string{"refused", good.Load().(string)}}))
		require.NoError(t, err)
		result, err := objectstorage.New(client).Objects.Put(ctx, container, name, c.source, c.options)
		require.NoError(t, err, name)
		assert.Equal(t, md5Of(data), result.ETag, name)
	}
}

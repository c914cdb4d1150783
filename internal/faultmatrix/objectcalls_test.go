package faultmatrix

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// The times that object storage documents for what it does after a failure.
const uploadGrace = 5 * time.Second

func objects(c *cell) *objectstorage.ObjectsService { return objectstorage.New(c.client).Objects }

func containers(c *cell) *objectstorage.ContainersService {
	return objectstorage.New(c.client).Containers
}

// lost says that content is not what it should be.
const lost = "lost bytes: "

// stored says what is not true of the content at a path.
func stored(c *cell, path string, want []byte) string {
	got, there := c.cloud.store.read(path)
	return unless(there && bytes.Equal(got, want), lost+"%d of %d bytes are stored at %s", len(got), len(want), path)
}

// same says what is not true of content that came.
func same(got, want []byte) string {
	return unless(bytes.Equal(got, want), lost+"%d bytes came, not the %d of the object", len(got), len(want))
}

// onlyReader hides what else a reader can do.
type onlyReader struct{ io.Reader }

// memory is a file in memory.
type memory struct{ b []byte }

// WriteAt writes at an offset. It takes no more than any object has.
func (m *memory) WriteAt(p []byte, offset int64) (int, error) {
	if end := int(offset) + len(p); end > 2*len(largeContent) {
		return 0, errors.New("the memory is full")
	} else if end > len(m.b) {
		m.b = append(m.b, make([]byte, end-len(m.b))...)
	}
	return copy(m.b[offset:], p), nil
}

// put stores content as a new object.
func put(content func(c *cell) io.Reader, want []byte, options *objectstorage.PutOptions) func(context.Context, *cell) (string, error) {
	return func(ctx context.Context, c *cell) (string, error) {
		result, err := objects(c).Put(ctx, photos, "new", content(c), options)
		if err == nil && result.Size != int64(len(want)) {
			return lost + "another size", nil
		}
		return stored(c, photos+"/new", want), err
	}
}

// get reads an object, or a part of it.
func get(name string, want []byte, options *objectstorage.GetOptions) func(context.Context, *cell) (string, error) {
	return func(ctx context.Context, c *cell) (string, error) {
		content, err := objects(c).Get(ctx, photos, name, options)
		if err != nil {
			return "", err
		}
		defer content.Close()
		got, err := io.ReadAll(io.LimitReader(content, 2*int64(len(want))+1))
		return same(got, want), err
	}
}

// download fetches an object in parts.
func download(name string, want []byte) func(context.Context, *cell) (string, error) {
	return func(ctx context.Context, c *cell) (string, error) {
		size := int64(64 << 10)
		var m memory
		_, err := objects(c).Download(ctx, photos, name, &m, &objectstorage.DownloadOptions{PartSize: &size})
		return same(m.b, want), err
	}
}

// upload stores content in three parts.
func upload(content func() io.Reader, options objectstorage.UploadOptions) func(context.Context, *cell) (string, error) {
	return func(ctx context.Context, c *cell) (string, error) {
		size := int64(1000)
		own := options
		own.Threshold, own.PartSize = 1, &size
		_, err := objects(c).Upload(ctx, photos, "new", content(), &own)
		return stored(c, photos+"/new", smallContent), err
	}
}

func fromMemory() io.Reader { return bytes.NewReader(smallContent) }
func fromReader() io.Reader { return onlyReader{bytes.NewReader(smallContent)} }

// parts says which parts a failed upload left behind that its error does not
// name, and whether it hurt what was there before.
func parts(c *cell, err error) string {
	if left := unnamed(c, err); left != "" {
		return left
	}
	return unhurt(c)
}

// unnamed returns the parts that no object needs and the error does not name.
func unnamed(c *cell, err error) string {
	named := map[string]bool{}
	for left := new(objectstorage.LeftoverError); errors.As(err, &left); err = left.Err {
		for _, place := range left.Objects {
			named[place.Container+"/"+place.Name] = true
		}
	}
	strays := slices.DeleteFunc(c.cloud.store.strays(), func(path string) bool { return named[path] })
	return strings.Join(strays, ", ")
}

// unhurt says what was hurt of what was there before.
func unhurt(c *cell) string {
	for _, name := range []string{static, dynamic} {
		if fault := stored(c, photos+"/"+name, smallContent); fault != "" {
			return fault
		}
	}
	return ""
}

// overwritten says what a failed upload left behind that has overwritten another
// object, or has not.
func overwritten(c *cell, err error) string {
	if _, there := c.cloud.store.read(photos + "/" + static); !there || stored(c, photos+"/"+static, largeContent) == "" {
		return unnamed(c, err)
	}
	return parts(c, err)
}

// The requests of an upload, or a download, that meet the fault.
func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/"+segments+"/")
}

func isManifest(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.HasSuffix(r.URL.Path, "/"+photos+"/new")
}

func isLook(r *http.Request) bool { return r.Method == http.MethodHead || r.Method == http.MethodGet }

func isContent(r *http.Request) bool { return r.Method == http.MethodGet && r.URL.RawQuery == "" }

// isUndoing tells what comes after a manifest that is refused.
func isUndoing(r *http.Request) bool { return isManifest(r) || r.Method == http.MethodDelete }

// objectCalls are those of object storage.
var objectCalls = []*call{
	{name: "put from memory", grace: uploadGrace, do: put(func(*cell) io.Reader { return fromMemory() }, smallContent, nil)},
	{name: "put from a reader", grace: uploadGrace, do: put(func(*cell) io.Reader { return fromReader() }, smallContent, nil)},
	{name: "put from a large reader", bears: onceRead, grace: uploadGrace, do: put(func(*cell) io.Reader { return onlyReader{bytes.NewReader(largeContent)} }, largeContent, nil)},
	{name: "put from a seeker", grace: uploadGrace, do: put(func(*cell) io.Reader { return bytes.NewReader(largeContent) }, largeContent, nil)},
	{name: "put from a file", grace: uploadGrace, do: func(ctx context.Context, c *cell) (string, error) {
		file, err := os.Open(c.file)
		if err != nil {
			return "", err
		}
		defer file.Close()
		_, err = objects(c).Put(ctx, photos, "new", file, nil)
		return stored(c, photos+"/new", largeContent), err
	}},
	{name: "get object", do: get(small, smallContent, nil)},
	{name: "get part of object", do: get(small, smallContent[1000:1500], &objectstorage.GetOptions{Offset: 1000, Length: 500})},
	{name: "get end of object", do: get(small, smallContent[2500:], &objectstorage.GetOptions{Offset: -500})},
	{name: "get static object", aim: isContent, do: get(static, smallContent, nil)},
	{name: "get dynamic object", sizeByHeader: true, do: get(dynamic, smallContent, nil)},
	{name: "head object", sizeByHeader: true, byETag: true, do: func(ctx context.Context, c *cell) (string, error) {
		o, err := objects(c).Head(ctx, photos, small)
		if err != nil {
			return "", err
		}
		shown := o.ETag != "" || !o.LastModified.IsZero() // what it shows is what the service says
		return unless(o.Size == 3000 && shown && (strings.EqualFold(o.ETag, md5Of(smallContent)) || len(o.ETag) != 32), "another object: %+v", o), nil
	}},
	{name: "segments of object", listed: true, do: func(ctx context.Context, c *cell) (string, error) {
		list, err := objects(c).Segments(ctx, photos, static)
		return unless(len(list) == 3 && list[0].Hash == md5Of(smallContent[:1000]), "%d segments are listed", len(list)), err
	}},
	{name: "download, at the look", aim: func(r *http.Request) bool { return r.Method == http.MethodHead }, do: download(large, largeContent)},
	{name: "download, at the content", aim: isContent, do: download(large, largeContent)},
	{name: "download static object", do: download(static, smallContent)},
	{name: "download file", do: func(ctx context.Context, c *cell) (string, error) {
		path := c.file + "." + decimal(c.number)
		defer os.Remove(path)
		_, err := objects(c).DownloadFile(ctx, photos, small, path, nil)
		got, readErr := os.ReadFile(path)
		if err != nil && readErr == nil {
			return "", errors.New("a failure left the file")
		}
		return same(got, smallContent), err
	}},
	{name: "upload, at the looks", aim: isLook, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{})},
	{name: "upload, at the parts", aim: isPart, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{})},
	{name: "upload, at the manifest", aim: isManifest, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{})},
	{name: "upload, at the cleaning up", absentToo: true, aim: isUndoing, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{})},
	{name: "upload, everywhere", grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{})},
	{name: "upload from a reader, at the parts", aim: isPart, grace: uploadGrace, left: parts, do: upload(fromReader, objectstorage.UploadOptions{})},
	{name: "upload dynamic, at the parts", aim: isPart, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{Dynamic: true})},
	{name: "upload dynamic, at the manifest", byETag: true, aim: isManifest, grace: uploadGrace, left: parts, do: upload(fromMemory, objectstorage.UploadOptions{Dynamic: true})},
	{name: "upload over another", absentToo: true, grace: uploadGrace, left: overwritten, do: func(ctx context.Context, c *cell) (string, error) {
		_, err := objects(c).Upload(ctx, photos, static, bytes.NewReader(largeContent), &objectstorage.UploadOptions{DeleteOldSegments: true})
		return stored(c, photos+"/"+static, largeContent), err
	}},
	{name: "copy object", byETag: true, do: func(ctx context.Context, c *cell) (string, error) {
		_, err := objects(c).Copy(ctx, objectstorage.Location{Container: photos, Name: small}, objectstorage.Location{Container: photos, Name: "new"}, nil)
		return stored(c, photos+"/new", smallContent), err
	}},
	{name: "copy object by put", byETag: true, do: func(ctx context.Context, c *cell) (string, error) {
		_, err := objects(c).CopyByPut(ctx, objectstorage.Location{Container: photos, Name: small}, objectstorage.Location{Container: photos, Name: "new"}, nil)
		return stored(c, photos+"/new", smallContent), err
	}},
	{name: "delete object", byStatus: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := objects(c).Delete(ctx, photos, small)
		return gone(c, photos+"/"+small), err
	}},
	{name: "delete objects", absentToo: true, do: func(ctx context.Context, c *cell) (string, error) {
		_, err := objects(c).DeleteMany(ctx, photos, []string{small, large}, 0)
		return gone(c, photos+"/"+small, photos+"/"+large), err
	}},
	{name: "delete large object", listed: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := objects(c).DeleteLarge(ctx, photos, static)
		return gone(c, photos+"/"+static, segments+"/"+static+"/0", segments+"/"+static+"/2"), err
	}},
	{name: "update object", byStatus: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := objects(c).Update(ctx, photos, small, objectstorage.ObjectUpdate{ContentType: "text/plain"})
		return unless(c.cloud.store.kind(photos+"/"+small) == "text/plain", "the object was not changed"), err
	}},
	{name: "list objects", listed: true, emptyList: true, do: func(ctx context.Context, c *cell) (string, error) {
		list, err := nhncloud.Collect(objects(c).All(ctx, photos, nil))
		return unless(len(list) == 4 && list[0].Name == dynamic, "%d objects are listed", len(list)), err
	}},
	{name: "list containers", listed: true, emptyList: true, do: func(ctx context.Context, c *cell) (string, error) {
		list, err := nhncloud.Collect(containers(c).All(ctx, nil))
		return unless(len(list) == 3 && list[0].Name == "empty", "%d containers are listed", len(list)), err
	}},
	{name: "get container", do: func(ctx context.Context, c *cell) (string, error) {
		container, err := containers(c).Get(ctx, photos)
		return unless(err != nil || container.ObjectCount == 4, "another container: %+v", container), err
	}},
	{name: "create container", byStatus: true, do: func(ctx context.Context, c *cell) (string, error) {
		options := &objectstorage.CreateContainerOptions{Settings: objectstorage.ContainerSettings{Metadata: map[string]string{"a": "b"}}}
		_, err := containers(c).Create(ctx, "new", options)
		return unless(c.cloud.store.has("new"), "there is no container"), err
	}},
	{name: "set key of container", byStatus: true, aim: func(r *http.Request) bool { return r.Method == http.MethodPost }, do: func(ctx context.Context, c *cell) (string, error) {
		err := containers(c).SetTempURLKey(ctx, photos, nhncloud.Secret(c.urlKey))
		return unless(c.cloud.store.keyOf() == c.urlKey, "the key was not set"), err
	}},
	{name: "delete container", byStatus: true, do: func(ctx context.Context, c *cell) (string, error) {
		err := containers(c).Delete(ctx, "empty")
		return unless(!c.cloud.store.has("empty"), "the container is there"), err
	}},
	{name: "get account", do: func(ctx context.Context, c *cell) (string, error) {
		account, err := objectstorage.New(c.client).Account.Get(ctx)
		return unless(err != nil || account.ContainerCount == 3, "another account: %+v", account), err
	}},
}

// gone says what is still there.
func gone(c *cell, paths ...string) string {
	for _, path := range paths {
		if _, there := c.cloud.store.read(path); there {
			return path + " is there"
		}
	}
	return ""
}

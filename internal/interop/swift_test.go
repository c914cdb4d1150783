package interop

import (
	"bytes"
	"context"
	"crypto/md5"
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ncw/swift/v2"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// storage is an in-memory cloud with ncw/swift logged in to it.
type storage struct {
	*swift.Connection
	cloud *nhncloudtest.Server
	t     *testing.T
	ctx   context.Context
	http  *http.Client
}

func newStorage(t *testing.T, opts ...nhncloudtest.Option) *storage {
	t.Parallel()
	srv := nhncloudtest.Start(t, opts...)
	s := connect(t, srv)
	require.NoError(t, s.Authenticate(t.Context()))
	return s
}

// connect makes a connection that isn't logged in.
func connect(t *testing.T, srv *nhncloudtest.Server) *storage {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	return &storage{
		Connection: &swift.Connection{
			AuthUrl: srv.AuthURL(), TenantId: srv.ObjectStorageTenantID, UserName: srv.Username, ApiKey: srv.Password,
			Region: srv.Region, Transport: transport,
		},
		cloud: srv, t: t, ctx: t.Context(), http: &http.Client{Transport: transport},
	}
}

func (s *storage) box(name string, headers swift.Headers) {
	s.t.Helper()
	require.NoError(s.t, s.ContainerCreate(s.ctx, name, headers))
}

func (s *storage) put(container, name, content string) {
	s.t.Helper()
	require.NoError(s.t, s.ObjectPutString(s.ctx, container, name, content, "text/plain"))
}

// get reads an object; it checks the MD5.
func (s *storage) get(container, name string) string {
	s.t.Helper()
	content, err := s.ObjectGetString(s.ctx, container, name)
	require.NoError(s.t, err, name)
	return content
}

func (s *storage) names(container string, opts *swift.ObjectsOpts) []string {
	s.t.Helper()
	names, err := s.ObjectNamesAll(s.ctx, container, opts)
	require.NoError(s.t, err)
	return names
}

// fetch asks for a URL without a token.
func (s *storage) fetch(method, url, content string) (int, string) {
	s.t.Helper()
	req, err := http.NewRequestWithContext(s.ctx, method, url, strings.NewReader(content))
	require.NoError(s.t, err)
	resp, err := s.http.Do(req)
	require.NoError(s.t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(s.t, err)
	return resp.StatusCode, string(body)
}

func TestSwiftLogin(t *testing.T) {
	s := newStorage(t, nhncloudtest.WithRegions("KR1", "JP1"))
	assert.Equal(t, s.cloud.ObjectStorageURL(), s.StorageUrl)
	assert.Equal(t, 1, s.cloud.Logins())

	s.box("box", nil)
	s.cloud.RevokeTokens()
	s.put("box", "a", "after a new login")
	s.cloud.ExpireTokens()
	assert.Equal(t, "after a new login", s.get("box", "a"))
	assert.Equal(t, 3, s.cloud.Logins())

	japan := connect(t, s.cloud)
	japan.Region = "JP1"
	names, err := japan.ContainerNamesAll(t.Context(), nil)
	require.NoError(t, err)
	assert.Empty(t, names)
	assert.NotEqual(t, s.StorageUrl, japan.StorageUrl)

	nowhere := connect(t, s.cloud)
	nowhere.Region = "US1"
	require.ErrorContains(t, nowhere.Authenticate(t.Context()), "storage url")
}

// The library tries a password as an API key as well, which the identity
// service does not know, and a long one so before anything else.
func TestSwiftLoginRefused(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.Start(t)
	for name, test := range map[string]struct {
		tenant, password string
		want             error
	}{
		"password":      {srv.ObjectStorageTenantID, "wrong", swift.BadRequest},
		"long password": {srv.ObjectStorageTenantID, strings.Repeat("x", 32), swift.AuthorizationFailed},
		"tenant":        {"00000000000000000000000000000000", srv.Password, swift.BadRequest},
	} {
		srv.ResetRequests()
		c := connect(t, srv)
		c.TenantId, c.ApiKey = test.tenant, test.password
		require.ErrorIs(t, c.Authenticate(t.Context()), test.want, name)
		assert.Equal(t, 2, srv.Count("identity-v2-create-token"), name)
	}
}

func TestSwiftInfo(t *testing.T) {
	s := newStorage(t)
	info, err := s.QueryInfo(s.ctx)
	require.NoError(t, err)
	assert.True(t, info.SupportsSLO())
	assert.True(t, info.SupportsBulkDelete())
	assert.EqualValues(t, 1, info.SLOMinSegmentSize())
}

func TestSwiftAccount(t *testing.T) {
	s := newStorage(t)
	s.box("a", nil)
	s.box("b", nil)
	s.put("a", "x", "12345")
	require.NoError(t, s.AccountUpdate(s.ctx, swift.Metadata{"owner": "me"}.AccountHeaders()))
	account, headers, err := s.Account(s.ctx)
	require.NoError(t, err)
	assert.Equal(t, swift.Account{BytesUsed: 5, Containers: 2, Objects: 1}, account)
	assert.Equal(t, swift.Metadata{"owner": "me"}, headers.AccountMetadata())
}

func TestSwiftContainers(t *testing.T) {
	s := newStorage(t)
	for i := range 5 {
		s.box(fmt.Sprintf("box-%d", i), nil)
	}
	s.box("상자-하나", swift.Metadata{"color": "blue"}.ContainerHeaders())
	s.box("box-0", nil) // once more is no error
	s.put("box-1", "x", "12345")

	all, err := s.ContainersAll(s.ctx, &swift.ContainersOpts{Limit: 2})
	require.NoError(t, err)
	require.Len(t, all, 6)
	assert.Equal(t, swift.Container{Name: "box-1", Count: 1, Bytes: 5}, all[1])
	names, err := s.ContainerNamesAll(s.ctx, &swift.ContainersOpts{Limit: 3, Prefix: "box"})
	require.NoError(t, err)
	assert.Equal(t, []string{"box-0", "box-1", "box-2", "box-3", "box-4"}, names)
	names, err = s.ContainerNames(s.ctx, &swift.ContainersOpts{Marker: "box-1", EndMarker: "box-4"})
	require.NoError(t, err)
	assert.Equal(t, []string{"box-2", "box-3"}, names)

	one, headers, err := s.Container(s.ctx, "상자-하나")
	require.NoError(t, err)
	assert.Zero(t, one.Count)
	assert.Equal(t, swift.Metadata{"color": "blue"}, headers.ContainerMetadata())
	require.NoError(t, s.ContainerUpdate(s.ctx, "상자-하나", swift.Metadata{"color": "", "size": "2"}.ContainerHeaders()))
	_, headers, err = s.Container(s.ctx, "상자-하나")
	require.NoError(t, err)
	assert.Equal(t, swift.Metadata{"size": "2"}, headers.ContainerMetadata())

	require.ErrorIs(t, s.ContainerDelete(s.ctx, "box-1"), swift.ContainerNotEmpty)
	require.NoError(t, s.ContainerDelete(s.ctx, "box-2"))
	require.ErrorIs(t, s.ContainerDelete(s.ctx, "box-2"), swift.ContainerNotFound)
	_, _, err = s.Container(s.ctx, "box-2")
	require.ErrorIs(t, err, swift.ContainerNotFound)
	_, err = s.ObjectNames(s.ctx, "box-2", nil)
	require.ErrorIs(t, err, swift.ContainerNotFound)
}

func TestSwiftObjects(t *testing.T) {
	s := newStorage(t)
	s.box("box", nil)
	const content = "The quick brown fox jumps over the lazy dog"
	meta := swift.Metadata{"color": "red", "kind": "fox"}
	headers, err := s.ObjectPut(s.ctx, "box", "fox.txt", strings.NewReader(content), true, "", "", meta.ObjectHeaders())
	require.NoError(t, err)
	sum := fmt.Sprintf("%x", md5.Sum([]byte(content)))
	assert.Equal(t, sum, headers["Etag"])

	info, headers, err := s.Object(s.ctx, "box", "fox.txt")
	require.NoError(t, err)
	assert.EqualValues(t, len(content), info.Bytes)
	assert.Equal(t, sum, info.Hash)
	assert.Equal(t, "text/plain; charset=utf-8", info.ContentType)
	assert.WithinDuration(t, s.cloud.Now(), info.LastModified, 2*time.Second)
	assert.Equal(t, meta, headers.ObjectMetadata())
	listed, err := s.Objects(s.ctx, "box", nil)
	require.NoError(t, err)
	require.Len(t, listed, 1)
	assert.Equal(t, sum, listed[0].Hash)
	assert.Equal(t, info.Bytes, listed[0].Bytes)

	assert.Equal(t, content, s.get("box", "fox.txt"))
	file, _, err := s.ObjectOpen(s.ctx, "box", "fox.txt", true, nil)
	require.NoError(t, err)
	length, err := file.Length(s.ctx)
	require.NoError(t, err)
	assert.EqualValues(t, len(content), length)
	_, err = file.Seek(s.ctx, -8, io.SeekEnd)
	require.NoError(t, err)
	rest, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	assert.Equal(t, "lazy dog", string(rest))
	var part bytes.Buffer
	headers, err = s.ObjectGet(s.ctx, "box", "fox.txt", &part, false, swift.Headers{"Range": "bytes=4-8"})
	require.NoError(t, err)
	assert.Equal(t, "quick", part.String())
	assert.Equal(t, "bytes 4-8/43", headers["Content-Range"])
	_, err = s.ObjectGet(s.ctx, "box", "fox.txt", io.Discard, false, swift.Headers{"Range": "bytes=100-"})
	require.ErrorContains(t, err, "416")
	_, err = s.ObjectGet(s.ctx, "box", "fox.txt", io.Discard, false, swift.Headers{"If-None-Match": sum})
	require.ErrorIs(t, err, swift.NotModified)

	require.NoError(t, s.ObjectUpdate(s.ctx, "box", "fox.txt", swift.Metadata{"size": "2"}.ObjectHeaders()))
	_, headers, err = s.Object(s.ctx, "box", "fox.txt")
	require.NoError(t, err)
	assert.Equal(t, swift.Metadata{"size": "2"}, headers.ObjectMetadata(), "what isn't named is gone")

	require.NoError(t, s.ObjectDelete(s.ctx, "box", "fox.txt"))
	require.ErrorIs(t, s.ObjectDelete(s.ctx, "box", "fox.txt"), swift.ObjectNotFound)
	_, _, err = s.Object(s.ctx, "box", "fox.txt")
	require.ErrorIs(t, err, swift.ObjectNotFound)
	require.ErrorIs(t, s.ObjectPutString(s.ctx, "nowhere", "x", "x", ""), swift.ObjectNotFound)
}

func TestSwiftChecksums(t *testing.T) {
	s := newStorage(t, nhncloudtest.WithObjectSizeLimit(1<<20))
	s.box("box", nil)
	wrong := strings.Repeat("0", 32)
	_, err := s.ObjectPut(s.ctx, "box", "x", strings.NewReader("content"), false, wrong, "", nil)
	require.ErrorIs(t, err, swift.ObjectCorrupted)
	_, _, err = s.Object(s.ctx, "box", "x")
	require.ErrorIs(t, err, swift.ObjectNotFound)

	// A stream of unknown length, checked by its MD5 at the end.
	file, err := s.ObjectCreate(s.ctx, "box", "stream", true, "", "text/plain", nil)
	require.NoError(t, err)
	line := strings.Repeat("a line of the stream\n", 100)
	for range 100 {
		_, err := io.WriteString(file, line)
		require.NoError(t, err)
	}
	require.NoError(t, file.Close())
	assert.Equal(t, strings.Repeat(line, 100), s.get("box", "stream"))

	// An upload that is given up leaves nothing.
	file, err = s.ObjectCreate(s.ctx, "box", "given up", true, "", "text/plain", nil)
	require.NoError(t, err)
	_, err = io.WriteString(file, line)
	require.NoError(t, err)
	require.NoError(t, file.CloseWithError(io.ErrUnexpectedEOF))
	assert.Equal(t, []string{"stream"}, s.names("box", nil))

	require.ErrorIs(t, s.ObjectPutBytes(s.ctx, "box", "big", make([]byte, 1<<20+1), ""), swift.TooLargeObject)
}

func TestSwiftOddNames(t *testing.T) {
	s := newStorage(t)
	s.box("상자+%", nil)
	s.box("other", nil)
	names := []string{
		"a//b", "./x", "a/../b", "../x", "a%2Fb", "100%", "한글 이름.txt", "x/", "/", "/x", "a+b c", "?#&=;", `"<>'`, "é/ü", ".", "\ttab",
	}
	for _, name := range names {
		s.put("상자+%", name, "content of "+name)
		assert.Equal(t, "content of "+name, s.get("상자+%", name))
		info, _, err := s.Object(s.ctx, "상자+%", name)
		require.NoError(t, err, name)
		assert.EqualValues(t, len("content of "+name), info.Bytes)
		_, err = s.ObjectCopy(s.ctx, "상자+%", name, "other", name, nil)
		require.NoError(t, err, name)
		assert.Equal(t, "content of "+name, s.get("other", name))
	}
	assert.ElementsMatch(t, names, s.names("상자+%", nil))
	assert.Equal(t, s.names("상자+%", nil), s.names("other", &swift.ObjectsOpts{Limit: 1}))
	for _, name := range names {
		require.NoError(t, s.ObjectDelete(s.ctx, "상자+%", name), name)
	}
	require.NoError(t, s.ContainerDelete(s.ctx, "상자+%"))
}

func TestSwiftCopies(t *testing.T) {
	s := newStorage(t)
	s.box("from", nil)
	s.box("to", nil)
	_, err := s.ObjectPut(s.ctx, "from", "a", strings.NewReader("content"), true, "", "text/plain",
		swift.Metadata{"one": "1", "two": "2"}.ObjectHeaders())
	require.NoError(t, err)
	_, err = s.ObjectCopy(s.ctx, "from", "a", "to", "b", swift.Metadata{"two": "zwei"}.ObjectHeaders())
	require.NoError(t, err)
	info, headers, err := s.Object(s.ctx, "to", "b")
	require.NoError(t, err)
	assert.Equal(t, "text/plain", info.ContentType)
	assert.Equal(t, swift.Metadata{"one": "1", "two": "zwei"}, headers.ObjectMetadata())

	require.NoError(t, s.ObjectMove(s.ctx, "to", "b", "to", "c"))
	require.NoError(t, s.ObjectUpdateContentType(s.ctx, "to", "c", "text/html"))
	info, headers, err = s.Object(s.ctx, "to", "c")
	require.NoError(t, err)
	assert.Equal(t, "text/html", info.ContentType)
	assert.Equal(t, swift.Metadata{"one": "1", "two": "zwei"}, headers.ObjectMetadata())
	assert.Equal(t, []string{"c"}, s.names("to", nil))
	assert.Equal(t, "content", s.get("to", "c"))

	_, err = s.ObjectCopy(s.ctx, "from", "nope", "to", "x", nil)
	require.ErrorIs(t, err, swift.ObjectNotFound)
	_, err = s.ObjectCopy(s.ctx, "from", "a", "nowhere", "x", nil)
	require.ErrorIs(t, err, swift.ObjectNotFound)
}

func TestSwiftListing(t *testing.T) {
	s := newStorage(t)
	s.cloud.AddObjects("box", "logs/", 25)
	for _, name := range []string{"a", "dir/", "dir/1", "dir/sub/2", "z"} {
		s.put("box", name, name)
	}
	assert.Len(t, s.names("box", &swift.ObjectsOpts{Limit: 10}), 30)
	assert.Equal(t, 4, s.cloud.Count("objectstorage-list-objects"), "three full pages and an empty one")
	all, err := s.ObjectsAll(s.ctx, "box", &swift.ObjectsOpts{Limit: 7, Prefix: "logs/"})
	require.NoError(t, err)
	require.Len(t, all, 25)
	assert.Equal(t, "logs/object-00025", all[24].Name)
	assert.WithinDuration(t, s.cloud.Now(), all[24].LastModified, time.Minute)

	page, err := s.ObjectNames(s.ctx, "box", &swift.ObjectsOpts{Marker: "logs/object-00003", EndMarker: "logs/object-00007"})
	require.NoError(t, err)
	assert.Equal(t, []string{"logs/object-00004", "logs/object-00005", "logs/object-00006"}, page)
	assert.Equal(t, []string{"z"}, s.names("box", &swift.ObjectsOpts{Marker: "logs/object-00025", KeepMarker: true}))

	// Folders, also where a page ends with one.
	for _, limit := range []int{0, 1, 2, 3} {
		top, err := s.ObjectsAll(s.ctx, "box", &swift.ObjectsOpts{Delimiter: '/', Limit: limit})
		require.NoError(t, err)
		require.Len(t, top, 4)
		assert.Equal(t, []string{"a", "dir/", "logs/", "z"}, []string{top[0].Name, top[1].Name, top[2].Name, top[3].Name})
		assert.True(t, top[1].PseudoDirectory)
		assert.False(t, top[3].PseudoDirectory)
	}
	assert.Equal(t, []string{"dir/", "dir/1", "dir/sub/"}, s.names("box", &swift.ObjectsOpts{Delimiter: '/', Prefix: "dir/"}))
	assert.Equal(t, []string{"dir/1"}, s.names("box", &swift.ObjectsOpts{Path: "dir"}))
	assert.Empty(t, s.names("box", &swift.ObjectsOpts{Prefix: "nope"}))
	_, err = s.ObjectNames(s.ctx, "box", &swift.ObjectsOpts{Limit: 10_001})
	require.ErrorContains(t, err, "412")
}

// large drives one of the two kinds of large objects.
func (s *storage) large(create func(context.Context, *swift.LargeObjectOpts) (swift.LargeObjectFile, error), flags int, content string) {
	s.t.Helper()
	file, err := create(s.ctx, &swift.LargeObjectOpts{
		Container: "box", ObjectName: "dir/big", SegmentContainer: "parts", SegmentPrefix: "dir/big/1", ChunkSize: 10, Flags: flags,
		ContentType: "text/plain",
	})
	require.NoError(s.t, err)
	_, err = io.WriteString(file, content)
	require.NoError(s.t, err)
	require.NoError(s.t, file.Close())
}

func TestSwiftStaticLargeObjects(t *testing.T) {
	s := newStorage(t)
	s.box("box", nil)
	s.box("parts", nil)
	s.large(s.StaticLargeObjectCreateFile, os.O_TRUNC, "0123456789abcdefghijXYZ")
	assert.Equal(t, "0123456789abcdefghijXYZ", s.get("box", "dir/big"))
	assert.Equal(t, []string{"dir/big/1/0000000000000001", "dir/big/1/0000000000000002", "dir/big/1/0000000000000003"}, s.names("parts", nil))
	info, headers, err := s.Object(s.ctx, "box", "dir/big")
	require.NoError(t, err)
	assert.Equal(t, swift.StaticLargeObjectType, info.ObjectType)
	assert.EqualValues(t, 23, info.Bytes)
	assert.True(t, headers.IsLargeObjectSLO())
	listed, err := s.Objects(s.ctx, "box", nil)
	require.NoError(t, err)
	assert.Equal(t, swift.StaticLargeObjectType, listed[0].ObjectType)
	container, segments, err := s.LargeObjectGetSegments(s.ctx, "box", "dir/big")
	require.NoError(t, err)
	assert.Equal(t, "parts", container)
	require.Len(t, segments, 3)
	assert.EqualValues(t, 3, segments[2].Bytes)

	s.large(s.StaticLargeObjectCreateFile, os.O_APPEND, "!and more")
	assert.Equal(t, "0123456789abcdefghijXYZ!and more", s.get("box", "dir/big"))
	var part bytes.Buffer
	_, err = s.ObjectGet(s.ctx, "box", "dir/big", &part, false, swift.Headers{"Range": "bytes=8-21"})
	require.NoError(t, err)
	assert.Equal(t, "89abcdefghijXY", part.String())

	// Before it is whole, there is nothing.
	require.NoError(t, s.ObjectDelete(s.ctx, "parts", "dir/big/1/0000000000000002"))
	require.Error(t, s.StaticLargeObjectMove(s.ctx, "box", "dir/big", "box", "moved"))
	s.put("parts", "dir/big/1/0000000000000002", "abcdefghij")
	require.NoError(t, s.StaticLargeObjectMove(s.ctx, "box", "dir/big", "box", "moved"))
	assert.Equal(t, []string{"moved"}, s.names("box", nil))
	assert.Equal(t, "0123456789abcdefghijXYZ!and more", s.get("box", "moved"))

	require.NoError(t, s.StaticLargeObjectDelete(s.ctx, "box", "moved"))
	assert.Empty(t, s.names("box", nil))
	assert.Empty(t, s.names("parts", nil))
}

func TestSwiftDynamicLargeObjects(t *testing.T) {
	s := newStorage(t)
	s.box("box", nil)
	s.box("parts", nil)
	s.large(s.DynamicLargeObjectCreateFile, os.O_TRUNC, "0123456789abcdefghijXYZ")
	assert.Equal(t, "0123456789abcdefghijXYZ", s.get("box", "dir/big"))
	info, headers, err := s.Object(s.ctx, "box", "dir/big")
	require.NoError(t, err)
	assert.Equal(t, swift.DynamicLargeObjectType, info.ObjectType)
	assert.Equal(t, "parts/dir/big/1", headers["X-Object-Manifest"])
	s.put("parts", "dir/big/1/0000000000000004", " and more")
	assert.Equal(t, "0123456789abcdefghijXYZ and more", s.get("box", "dir/big"))
	container, segments, err := s.LargeObjectGetSegments(s.ctx, "box", "dir/big")
	require.NoError(t, err)
	assert.Equal(t, "parts", container)
	assert.Len(t, segments, 4)

	require.NoError(t, s.DynamicLargeObjectMove(s.ctx, "box", "dir/big", "box", "moved"))
	assert.Equal(t, []string{"moved"}, s.names("box", nil))
	require.NoError(t, s.DynamicLargeObjectDelete(s.ctx, "box", "moved"))
	assert.Empty(t, s.names("box", nil))
	assert.Empty(t, s.names("parts", nil))
}

func TestSwiftTempURLs(t *testing.T) {
	s := newStorage(t)
	s.box("box", swift.Headers{"X-Container-Meta-Temp-URL-Key": "secret"})
	s.box("other", nil)
	s.put("box", "dir/a.txt", "shared")
	s.put("other", "x", "not shared")
	soon := time.Now().Add(time.Hour)

	status, content := s.fetch("GET", s.ObjectTempUrl("box", "dir/a.txt", "secret", "GET", soon), "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "shared", content)
	status, _ = s.fetch("PUT", s.ObjectTempUrl("box", "new", "secret", "PUT", soon), "from outside")
	assert.Equal(t, http.StatusCreated, status)
	assert.Equal(t, "from outside", s.get("box", "new"))

	for name, url := range map[string]string{
		"other key":       s.ObjectTempUrl("box", "dir/a.txt", "guess", "GET", soon),
		"other container": s.ObjectTempUrl("other", "x", "secret", "GET", soon),
		"other method":    s.ObjectTempUrl("box", "dir/a.txt", "secret", "PUT", soon),
		"other object":    strings.Replace(s.ObjectTempUrl("box", "dir/a.txt", "secret", "GET", soon), "a.txt", "b.txt", 1),
		"too late":        s.ObjectTempUrl("box", "dir/a.txt", "secret", "GET", time.Now().Add(-time.Hour)),
		"unsigned":        s.StorageUrl + "/box/dir/a.txt",
	} {
		status, _ := s.fetch("GET", url, "")
		assert.Equal(t, http.StatusUnauthorized, status, name)
	}
}

// NHN Cloud documents X-History-Location, where a deletion is archived as well.
// X-Versions-Location, which the library knows, it does not.
func TestSwiftVersions(t *testing.T) {
	s := newStorage(t)
	require.ErrorIs(t, s.VersionContainerCreate(s.ctx, "box", "old"), swift.Forbidden)
	require.NoError(t, s.ContainerUpdate(s.ctx, "box", swift.Headers{"X-History-Location": "old"}))
	for _, content := range []string{"one", "two", "three"} {
		s.put("box", "dir/a", content)
	}
	require.NoError(t, s.ObjectDelete(s.ctx, "box", "dir/a"))
	versions, err := s.VersionObjectList(s.ctx, "old", "dir/a")
	require.NoError(t, err)
	require.Len(t, versions, 4, "three versions and the deletion")
	for i, content := range []string{"one", "two", "three", ""} {
		assert.Equal(t, content, s.get("old", versions[i]))
	}
	info, _, err := s.Object(s.ctx, "old", versions[3])
	require.NoError(t, err)
	assert.Equal(t, "application/x-deleted;swift_versions_deleted=1", info.ContentType)

	require.NoError(t, s.ContainerUpdate(s.ctx, "box", swift.Headers{"X-History-Location": ""}))
	s.put("box", "dir/a", "four")
	s.put("box", "dir/a", "five")
	assert.Len(t, s.names("old", nil), 4)
}

func TestSwiftExpiry(t *testing.T) {
	s := newStorage(t)
	s.box("box", nil)
	_, err := s.ObjectPut(s.ctx, "box", "a", strings.NewReader("short"), true, "", "", swift.Headers{"X-Delete-After": "60"})
	require.NoError(t, err)
	s.put("box", "b", "long")
	assert.Equal(t, "short", s.get("box", "a"))
	s.cloud.Advance(time.Minute)
	_, _, err = s.Object(s.ctx, "box", "a")
	require.ErrorIs(t, err, swift.ObjectNotFound)
	assert.Equal(t, []string{"b"}, s.names("box", nil))
}

func TestSwiftBulkDelete(t *testing.T) {
	s := newStorage(t)
	s.cloud.AddObjects("box", "", 20)
	odd := []string{"한글 이름", "a+b %2F", "x/"}
	for _, name := range odd {
		s.put("box", name, name)
	}
	result, err := s.BulkDelete(s.ctx, "box", append(s.names("box", nil), "nope"))
	require.NoError(t, err)
	assert.EqualValues(t, 23, result.NumberDeleted)
	assert.EqualValues(t, 1, result.NumberNotFound)
	assert.Empty(t, result.Errors)
	assert.Empty(t, s.names("box", nil))

	s.box("kept", nil)
	s.put("kept", "a", "a")
	result, err = s.BulkDelete(s.ctx, "kept", []string{""}) // the container itself, which isn't empty
	require.ErrorIs(t, err, swift.BadRequest)
	assert.Zero(t, result.NumberDeleted)
	assert.Len(t, result.Errors, 1)
}

// Public containers are read without a token.
func TestSwiftPublic(t *testing.T) {
	s := newStorage(t)
	s.box("box", swift.Headers{"X-Container-Read": ".r:*"})
	s.put("box", "a", "for all")
	status, content := s.fetch("GET", s.StorageUrl+"/box/a", "")
	assert.Equal(t, http.StatusOK, status)
	assert.Equal(t, "for all", content)
	status, _ = s.fetch("GET", s.StorageUrl+"/box", "")
	assert.Equal(t, http.StatusUnauthorized, status, "the list is not for all")
	require.NoError(t, s.ContainerUpdate(s.ctx, "box", swift.Headers{"X-Container-Read": ""}))
	status, _ = s.fetch("GET", s.StorageUrl+"/box/a", "")
	assert.Equal(t, http.StatusUnauthorized, status)
}

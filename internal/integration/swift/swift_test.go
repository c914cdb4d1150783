package swift_test

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"hash"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests here say what Swift does, on the wire and without the SDK. They
// prove the rig, and are what README.md compares with NHN Cloud's documents.

const (
	unauthorized = "<html><h1>Unauthorized</h1><p>This server could not verify that you are authorized to access the document you requested.</p></html>"
	notFound     = "<html><h1>Not Found</h1><p>The resource could not be found.</p></html>"
	forbidden    = "<html><h1>Forbidden</h1><p>Access was denied to this resource.</p></html>"
	conflict     = "<html><h1>Conflict</h1><p>There was a conflict when trying to complete your request.</p></html>"
	unprocessed  = "<html><h1>Unprocessable Entity</h1><p>Unable to process the contained instructions</p></html>"
	unmet        = "<html><h1>Precondition Failed</h1><p>A precondition for this request was not met.</p></html>"
)

const copyMethod = "COPY"

func text(s string) io.Reader { return strings.NewReader(s) }

// unsized is a body whose length the client doesn't know.
func unsized(s string) io.Reader { return struct{ io.Reader }{text(s)} }

func md5Hex(s string) string {
	sum := md5.Sum([]byte(s))
	return hex.EncodeToString(sum[:])
}

func TestInfo(t *testing.T) {
	t.Parallel()
	info := Start(t).Info(t)
	assert.NotEmpty(t, info.Swift.Version)
	assert.EqualValues(t, 5<<30+2, info.Swift.MaxFileSize)
	assert.Equal(t, 10000, info.SLO.MaxManifestSegments)
	assert.Equal(t, 1, info.SLO.MinSegmentSize)
	assert.Equal(t, []string{"sha1", "sha256", "sha512"}, info.TempURL.AllowedDigests)
	assert.Equal(t, []string{"GET", "HEAD", "PUT", "POST", "DELETE"}, info.TempURL.Methods)
	require.NotNil(t, info.BulkDelete)
	assert.Equal(t, 10000, info.BulkDelete.MaxDeletesPerRequest)
}

func TestLogin(t *testing.T) {
	t.Parallel()
	r := Start(t)
	r.Login(t, r.User, r.Key)

	login := r.Send(t, http.MethodGet, r.AuthURL, nil, "X-Auth-User", r.User, "X-Auth-Key", r.Key)
	assert.Equal(t, r.StorageURL, login.header.Get("X-Storage-Url"))
	assert.NotEmpty(t, login.header.Get("X-Auth-Token"))
	assert.Equal(t, login.header.Get("X-Auth-Token"), login.header.Get("X-Storage-Token"))
	assert.NotEmpty(t, login.header.Get("X-Auth-Token-Expires"))

	wrong := r.Send(t, http.MethodGet, r.AuthURL, nil, "X-Auth-User", r.User, "X-Auth-Key", "wrong")
	assert.Equal(t, http.StatusUnauthorized, wrong.status)

	for _, token := range []string{"wrong", ""} {
		a := r.Want(t, http.StatusUnauthorized, http.MethodGet, "", nil, "X-Auth-Token", token)
		assert.Equal(t, unauthorized, a.body)
		assert.Equal(t, `Swift realm="AUTH_test"`, a.header.Get("Www-Authenticate"))
		assert.NotEmpty(t, a.header.Get("X-Trans-Id"))
		assert.Equal(t, a.header.Get("X-Trans-Id"), a.header.Get("X-Openstack-Request-Id"))
	}
}

func TestAccount(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "o"), text("hello"))

	assert.Contains(t, strings.Split(r.Want(t, http.StatusOK, http.MethodGet, "", nil).body, "\n"), c)
	// The account learns of objects some time later.
	require.Eventually(t, func() bool {
		var page []struct {
			Name         string `json:"name"`
			Count, Bytes int64
			LastModified string `json:"last_modified"`
		}
		a := r.Want(t, http.StatusOK, http.MethodGet, "?format=json&prefix="+c, nil)
		require.NoError(t, json.Unmarshal([]byte(a.body), &page))
		require.Len(t, page, 1)
		assert.Equal(t, c, page[0].Name)
		assert.NotEmpty(t, page[0].LastModified)
		return page[0].Count == 1 && page[0].Bytes == 5
	}, 30*time.Second, 200*time.Millisecond)

	a := r.Want(t, http.StatusNoContent, http.MethodHead, "", nil)
	for _, name := range []string{"X-Account-Container-Count", "X-Account-Object-Count", "X-Account-Bytes-Used", "X-Timestamp"} {
		assert.NotEmpty(t, a.header.Get(name), name)
	}
}

func TestEmptyAccount(t *testing.T) {
	t.Parallel()
	r := Start(t)
	other := r.Login(t, "other:other", "othering")
	url := strings.TrimSuffix(r.StorageURL, "test") + "other"
	assert.Equal(t, http.StatusNoContent, r.Send(t, http.MethodGet, url, nil, "X-Auth-Token", other).status)
	assert.Equal(t, "[]", r.Send(t, http.MethodGet, url+"?format=json", nil, "X-Auth-Token", other).body)
	a := r.Want(t, http.StatusForbidden, http.MethodGet, "", nil, "X-Auth-Token", other)
	assert.Equal(t, forbidden, a.body)
}

func TestContainer(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	path := Path(c)

	r.Want(t, http.StatusAccepted, http.MethodPut, path, nil)
	a := r.Want(t, http.StatusNoContent, http.MethodHead, path, nil)
	assert.Equal(t, "0", a.header.Get("X-Container-Object-Count"))
	assert.Equal(t, "0", a.header.Get("X-Container-Bytes-Used"))
	assert.Equal(t, "Standard", a.header.Get("X-Storage-Policy"))
	r.Want(t, http.StatusNoContent, http.MethodGet, path, nil)
	assert.Equal(t, "[]", r.Want(t, http.StatusOK, http.MethodGet, path+"?format=json", nil).body)
	assert.Equal(t, "[]", r.Want(t, http.StatusOK, http.MethodGet, path, nil, "Accept", "application/json").body)

	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "o"), text("x"))
	assert.Equal(t, conflict, r.Want(t, http.StatusConflict, http.MethodDelete, path, nil).body)
	r.Want(t, http.StatusNoContent, http.MethodDelete, Path(c, "o"), nil)
	r.Want(t, http.StatusNoContent, http.MethodDelete, path, nil)

	// A missing container and a missing object can't be told apart.
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		assert.Equal(t, notFound, r.Want(t, http.StatusNotFound, method, path, nil).body)
		assert.Equal(t, notFound, r.Want(t, http.StatusNotFound, method, Path(c, "o"), nil).body)
	}
	assert.Equal(t, notFound, r.Want(t, http.StatusNotFound, http.MethodPut, Path(c, "o"), text("x")).body)
	r.Want(t, http.StatusNotFound, http.MethodHead, path, nil)
}

func TestContainerSettings(t *testing.T) {
	t.Parallel()
	r := Start(t)
	path := Path(r.Container(t))

	known := map[string]string{
		"X-Container-Read":                             ".r:*,.rlistings",
		"X-Container-Write":                            "other:other",
		"X-Container-Meta-Color":                       "blue",
		"X-Container-Meta-Web-Index":                   "index.html",
		"X-Container-Meta-Access-Control-Allow-Origin": "*",
		"X-Container-Rfc-Compliant-Etags":              "True",
	}
	// What NHN Cloud adds; Swift takes no notice.
	unknown := map[string]string{
		"X-Container-View":                           "other:other",
		"X-Container-Ip-Acl-Allowed-List":            "r192.0.2.1",
		"X-Container-Ip-Acl-Service-Gateway-Control": "rw",
		"X-Container-Object-Lifecycle":               "3",
		"X-Container-Object-Transfer-To":             "other",
		"X-Container-Object-Deny-Extension-Policy":   "exe",
		"X-Container-Worm-Retention-Day":             "1",
		"X-Versions-Retention":                       "3",
	}
	var set, unset []string
	for name, value := range known {
		set, unset = append(set, name, value), append(unset, name, "")
	}
	for name, value := range unknown {
		set = append(set, name, value)
	}
	r.Want(t, http.StatusNoContent, http.MethodPost, path, nil, set...)
	a := r.Want(t, http.StatusNoContent, http.MethodHead, path, nil)
	for name, value := range known {
		assert.Equal(t, value, a.header.Get(name), name)
	}
	for name := range unknown {
		assert.Empty(t, a.header.Get(name), name)
	}
	// A setting stays until its header comes with no value.
	r.Want(t, http.StatusNoContent, http.MethodPost, path, nil, "X-Container-Meta-Size", "5")
	assert.Equal(t, "blue", r.Want(t, http.StatusNoContent, http.MethodHead, path, nil).header.Get("X-Container-Meta-Color"))
	r.Want(t, http.StatusNoContent, http.MethodPost, path, nil, unset...)
	a = r.Want(t, http.StatusNoContent, http.MethodHead, path, nil)
	for name := range known {
		assert.Empty(t, a.header.Get(name), name)
	}

	long := r.Want(t, http.StatusBadRequest, http.MethodPost, path, nil, "X-Container-Meta-Long", strings.Repeat("한", 86))
	assert.Contains(t, long.body, "longer than 256", "bytes")
	// The container policy of NHN Cloud: the query and the body are ignored.
	r.Want(t, http.StatusNoContent, http.MethodPost, path, text(`{"lifecycle": {}}`), "Content-Type", "application/json")
	assert.Equal(t, "[]", r.Want(t, http.StatusOK, http.MethodGet, path+"?policy&format=json", nil).body)
}

func TestStoragePolicy(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t, "X-Storage-Policy", "economy")
	a := r.Want(t, http.StatusNoContent, http.MethodHead, Path(c), nil)
	assert.Equal(t, "Economy", a.header.Get("X-Storage-Policy"))
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "o"), text("x"))
	r.Want(t, http.StatusConflict, http.MethodPut, Path(c), nil, "X-Storage-Policy", "Standard")
	r.Want(t, http.StatusBadRequest, http.MethodPut, Path(c)+"-2", nil, "X-Storage-Policy", "Gold")
}

func TestContainerNames(t *testing.T) {
	t.Parallel()
	r := Start(t)
	// NHN Cloud refuses most of these.
	suffix := strings.TrimPrefix(r.Container(t), "nhncloud-test")
	for _, name := range []string{"a b", `'"<>;` + "`", "한글", "100%", "?#"} {
		r.Want(t, http.StatusCreated, http.MethodPut, Path(name+suffix), nil)
		r.Want(t, http.StatusNoContent, http.MethodHead, Path(name+suffix), nil)
		r.Want(t, http.StatusNoContent, http.MethodDelete, Path(name+suffix), nil)
	}
	a := r.Want(t, http.StatusBadRequest, http.MethodPut, Path(strings.Repeat("한", 257)), nil)
	assert.Equal(t, "Container name length of 257 longer than 256", a.body, "characters, not bytes")
}

func TestObject(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	path := Path(c, "dir/o.txt")

	a := r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"),
		"X-Object-Meta-Color", "blue", "X-Object-Meta-Name", "한글", "Content-Disposition", "attachment", "Cache-Control", "no-cache")
	assert.Equal(t, md5Hex("hello"), a.etag(), "not quoted")
	assert.NotEmpty(t, a.header.Get("Last-Modified"))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		a = r.Want(t, http.StatusOK, method, path, nil)
		assert.Equal(t, md5Hex("hello"), a.etag())
		assert.Equal(t, "5", a.header.Get("Content-Length"))
		assert.Equal(t, "text/plain", a.header.Get("Content-Type"), "guessed from the name")
		assert.Equal(t, "blue", a.header.Get("X-Object-Meta-Color"))
		assert.Equal(t, "한글", a.header.Get("X-Object-Meta-Name"))
		assert.Equal(t, "attachment", a.header.Get("Content-Disposition"))
		assert.NotEmpty(t, a.header.Get("X-Timestamp"))
	}

	// A POST replaces all that a POST can set, but for the content type.
	r.Want(t, http.StatusAccepted, http.MethodPost, path, nil, "X-Object-Meta-Size", "5")
	a = r.Want(t, http.StatusOK, http.MethodGet, path, nil)
	assert.Equal(t, "hello", a.body)
	assert.Equal(t, "5", a.header.Get("X-Object-Meta-Size"))
	assert.Equal(t, "text/plain", a.header.Get("Content-Type"))
	for _, name := range []string{"X-Object-Meta-Color", "X-Object-Meta-Name", "Content-Disposition", "Cache-Control"} {
		assert.Empty(t, a.header.Get(name), name)
	}

	a = r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "empty"), nil)
	assert.Equal(t, md5Hex(""), a.etag())
	r.Want(t, http.StatusNoContent, http.MethodDelete, path, nil)
	assert.Equal(t, notFound, r.Want(t, http.StatusNotFound, http.MethodDelete, path, nil).body)
	r.Want(t, http.StatusNotFound, http.MethodHead, path, nil)

	a = r.Want(t, http.StatusBadRequest, http.MethodPut, Path(c, strings.Repeat("n", 1025)), text("x"))
	assert.Equal(t, "Object name length of 1025 longer than 1024", a.body)
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, strings.Repeat("한", 500)), text("x")) // characters, not bytes
}

func TestBodies(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)

	a := r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "chunked"), unsized("hello"))
	assert.Equal(t, md5Hex("hello"), a.etag())
	assert.Equal(t, "hello", r.Want(t, http.StatusOK, http.MethodGet, Path(c, "chunked"), nil).body)

	// A body that ends early stores nothing.
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPut, r.StorageURL+Path(c, "short"), unsized("hello"))
	require.NoError(t, err)
	req.ContentLength = 10
	req.Header.Set("X-Auth-Token", r.Token)
	_, err = r.roundTrip(t, req)
	require.Error(t, err)
	r.Want(t, http.StatusNotFound, http.MethodHead, Path(c, "short"), nil)

	// What is too large is refused before it is sent.
	req, err = http.NewRequestWithContext(t.Context(), http.MethodPut, r.StorageURL+Path(c, "large"), unsized(""))
	require.NoError(t, err)
	req.ContentLength = 5<<30 + 3
	req.Header.Set("X-Auth-Token", r.Token)
	req.Header.Set("Expect", "100-continue")
	req.Close = true // or net/http sends the body even after the answer
	a, err = r.roundTrip(t, req)
	require.NoError(t, err)
	assert.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	assert.Equal(t, "Your request is too large.", a.body)
}

func TestRanges(t *testing.T) {
	t.Parallel()
	r := Start(t)
	path := Path(r.Container(t), "o")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"))
	for spec, want := range map[string][2]string{
		"1-2": {"el", "bytes 1-2/5"},
		"3-":  {"lo", "bytes 3-4/5"},
		"-2":  {"lo", "bytes 3-4/5"},
		"3-9": {"lo", "bytes 3-4/5"},
	} {
		a := r.Want(t, http.StatusPartialContent, http.MethodGet, path, nil, "Range", "bytes="+spec)
		assert.Equal(t, want, [2]string{a.body, a.header.Get("Content-Range")})
		assert.Equal(t, md5Hex("hello"), a.etag(), "of the whole object")
	}
	a := r.Want(t, http.StatusPartialContent, http.MethodGet, path, nil, "Range", "bytes=0-0,2-3")
	assert.Contains(t, a.header.Get("Content-Type"), "multipart/byteranges")
	a = r.Want(t, http.StatusRequestedRangeNotSatisfiable, http.MethodGet, path, nil, "Range", "bytes=5-")
	assert.Equal(t, "bytes */5", a.header.Get("Content-Range"))
}

func TestETags(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	path := Path(c, "o")
	sum := md5Hex("hello")

	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "Etag", sum)
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "Etag", `"`+sum+`"`)
	for _, body := range []io.Reader{text("other"), unsized("other")} {
		assert.Equal(t, unprocessed, r.Want(t, http.StatusUnprocessableEntity, http.MethodPut, path, body, "Etag", sum).body)
	}
	assert.Equal(t, "hello", r.Want(t, http.StatusOK, http.MethodGet, path, nil).body, "the old object stays")

	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Container-Rfc-Compliant-Etags", "true")
	a := r.Want(t, http.StatusNoContent, http.MethodHead, Path(c), nil)
	assert.Equal(t, "True", a.header.Get("X-Container-Rfc-Compliant-Etags"))
	assert.Equal(t, `"`+sum+`"`, r.Want(t, http.StatusOK, http.MethodGet, path, nil).etag())
	assert.Equal(t, `"`+sum+`"`, r.Want(t, http.StatusOK, http.MethodHead, path, nil).etag())
	assert.Equal(t, `"`+sum+`"`, r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello")).etag())
	assert.Equal(t, sum, r.List(t, c, "")[0].Hash, "never quoted")
}

func TestPreconditions(t *testing.T) {
	t.Parallel()
	r := Start(t)
	path := Path(r.Container(t), "o")
	hello, other := `"`+md5Hex("hello")+`"`, `"`+md5Hex("other")+`"`

	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "If-None-Match", "*")
	a := r.Want(t, http.StatusPreconditionFailed, http.MethodPut, path, text("hello"), "If-None-Match", "*")
	assert.Equal(t, unmet, a.body)
	a = r.Want(t, http.StatusBadRequest, http.MethodPut, path, text("hello"), "If-None-Match", hello)
	assert.Equal(t, "If-None-Match only supports *", a.body)

	r.Want(t, http.StatusOK, http.MethodGet, path, nil, "If-Match", hello)
	r.Want(t, http.StatusPreconditionFailed, http.MethodGet, path, nil, "If-Match", other)
	r.Want(t, http.StatusNotModified, http.MethodGet, path, nil, "If-None-Match", hello)
	r.Want(t, http.StatusOK, http.MethodGet, path, nil, "If-None-Match", other)
	past, future := time.Now().Add(-time.Hour).UTC().Format(http.TimeFormat), time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)
	r.Want(t, http.StatusOK, http.MethodGet, path, nil, "If-Modified-Since", past)
	r.Want(t, http.StatusNotModified, http.MethodGet, path, nil, "If-Modified-Since", future)
	r.Want(t, http.StatusPreconditionFailed, http.MethodGet, path, nil, "If-Unmodified-Since", past)

	// Writes take no notice of If-Match.
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "If-Match", other)
	r.Want(t, http.StatusNoContent, http.MethodDelete, path, nil, "If-Match", other)
}

func TestCopy(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	source := Path(c, "한글 o")
	at := strconv.FormatInt(time.Now().Add(time.Hour).Unix(), 10)
	r.Want(t, http.StatusCreated, http.MethodPut, source, text("hello"), "Content-Type", "text/x-test", "X-Object-Meta-Color", "blue", "X-Delete-At", at)

	a := r.Want(t, http.StatusCreated, copyMethod, source, nil, "Destination", c+"/copy", "X-Object-Meta-Size", "5")
	assert.Equal(t, md5Hex("hello"), a.etag())
	assert.Equal(t, c+"/"+url.PathEscape("한글 o"), a.header.Get("X-Copied-From"))
	a = r.Want(t, http.StatusOK, http.MethodGet, Path(c, "copy"), nil)
	assert.Equal(t, "hello", a.body)
	for name, value := range map[string]string{"Content-Type": "text/x-test", "X-Object-Meta-Color": "blue", "X-Object-Meta-Size": "5", "X-Delete-At": at} {
		assert.Equal(t, value, a.header.Get(name), name)
	}

	r.Want(t, http.StatusCreated, copyMethod, source, nil, "Destination", "/"+c+"/copy", "X-Fresh-Metadata", "true")
	a = r.Want(t, http.StatusOK, http.MethodHead, Path(c, "copy"), nil)
	assert.Empty(t, a.header.Get("X-Object-Meta-Color"))
	assert.Empty(t, a.header.Get("X-Delete-At"))

	// Both headers are unescaped.
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "a%b?c"), nil, "X-Copy-From", source)
	r.Want(t, http.StatusCreated, copyMethod, Path(c, "a%b?c"), nil, "Destination", Path(c, "d%20e"))
	assert.Equal(t, "hello", r.Want(t, http.StatusOK, http.MethodGet, Path(c, "d%20e"), nil).body)

	a = r.Want(t, http.StatusBadRequest, http.MethodPut, Path(c, "copy"), text("body"), "X-Copy-From", source)
	assert.Equal(t, "Copy requests require a zero byte body", a.body)
	r.Want(t, http.StatusNotFound, copyMethod, Path(c, "missing"), nil, "Destination", c+"/copy")
	r.Want(t, http.StatusNotFound, copyMethod, source, nil, "Destination", c+"-missing/copy")
	a = r.Want(t, http.StatusPreconditionFailed, copyMethod, source, nil, "Destination", c)
	assert.Equal(t, "Destination header must be of the form <container name>/<object name>", a.body)
	r.Want(t, http.StatusPreconditionFailed, copyMethod, source, nil)
}

func TestExpiry(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	path := Path(c, "o")

	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "X-Delete-After", "100")
	a := r.Want(t, http.StatusOK, http.MethodHead, path, nil)
	at, err := strconv.ParseInt(a.header.Get("X-Delete-At"), 10, 64)
	require.NoError(t, err)
	assert.InDelta(t, time.Now().Unix()+100, at, 60, "a span, not a time")
	r.Want(t, http.StatusAccepted, http.MethodPost, path, nil, "X-Object-Meta-Color", "blue")
	a = r.Want(t, http.StatusOK, http.MethodHead, path, nil)
	assert.Empty(t, a.header.Get("X-Delete-At"), "a POST without it removes it")

	for _, bad := range [][3]string{
		{"X-Delete-After", "0", "X-Delete-After in past"},
		{"X-Delete-After", "soon", "Non-integer X-Delete-After"},
		{"X-Delete-At", "100", "X-Delete-At in past"},
	} {
		a := r.Want(t, http.StatusBadRequest, http.MethodPut, path, text("hello"), bad[0], bad[1])
		assert.Equal(t, bad[2], a.body)
	}

	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "X-Delete-After", "1")
	require.Eventually(t, func() bool { return r.Do(t, http.MethodGet, path, nil).status == http.StatusNotFound }, 30*time.Second, 100*time.Millisecond)
	assert.Equal(t, []string{"o"}, names(r.List(t, c, "")), "listed until a daemon comes by")
	r.Want(t, http.StatusNotFound, http.MethodDelete, path, nil)
	assert.Empty(t, r.List(t, c, ""), "or somebody deletes it")
}

// oddNames are in the order of a listing, which is that of their bytes.
var oddNames = []string{
	`"q"`, "#1", "../up", "./dot", "/lead", "100%", "a b", "a&b=c;d", "a+b", "a//b", "e\u0301", "trail/", "what?", "\u00e9", "한글", "🙂",
}

func TestNames(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	for _, name := range oddNames {
		r.Want(t, http.StatusCreated, http.MethodPut, Path(c, name), text(name))
	}
	for _, name := range oddNames {
		assert.Equal(t, name, r.Want(t, http.StatusOK, http.MethodGet, Path(c, name), nil).body)
	}
	assert.Equal(t, oddNames, names(r.List(t, c, "")))
	assert.Equal(t, strings.Join(oddNames, "\n")+"\n", r.Want(t, http.StatusOK, http.MethodGet, Path(c), nil).body)
	for i, name := range oddNames {
		assert.Equal(t, oddNames[i+1:], names(r.List(t, c, "&marker="+url.QueryEscape(name))))
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	all := []string{"a", "dir/1", "dir/2", "dir/sub/3", "z"}
	for _, name := range all {
		r.Want(t, http.StatusCreated, http.MethodPut, Path(c, name), text("hello"), "Content-Type", "text/plain; charset=utf-8")
	}
	first := r.List(t, c, "")[0]
	_, err := time.Parse("2006-01-02T15:04:05.000000", first.LastModified) // UTC, without saying so
	require.NoError(t, err)
	first.LastModified = ""
	assert.Equal(t, Entry{Name: "a", Bytes: 5, Hash: md5Hex("hello"), ContentType: "text/plain;charset=utf-8"}, first)

	for query, want := range map[string][]string{
		"":                                 all,
		"&limit=2":                         {"a", "dir/1"},
		"&limit=0":                         {},
		"&limit=2&marker=dir/1":            {"dir/2", "dir/sub/3"},
		"&marker=z":                        {},
		"&marker=b&end_marker=dir/2":       {"dir/1"},
		"&prefix=dir/":                     {"dir/1", "dir/2", "dir/sub/3"},
		"&delimiter=/":                     {"a", "dir/", "z"},
		"&delimiter=/&marker=dir/":         {"z"},
		"&delimiter=/&limit=2":             {"a", "dir/"},
		"&delimiter=/&prefix=dir/":         {"dir/1", "dir/2", "dir/sub/"},
		"&path=dir":                        {"dir/1", "dir/2"},
		"&reverse=true&limit=2":            {"z", "dir/sub/3"},
		"&reverse=true&marker=dir/2":       {"dir/1", "a"},
		"&prefix=none":                     {},
		"&limit=many":                      all,
		"&prefix=dir/&delimiter=/&limit=1": {"dir/1"},
	} {
		assert.Equal(t, want, names(r.List(t, c, query)), query)
	}
	a := r.Want(t, http.StatusPreconditionFailed, http.MethodGet, Path(c)+"?limit=10001", nil)
	assert.Equal(t, "Maximum limit is 10000", a.body)
	a = r.Want(t, http.StatusOK, http.MethodGet, Path(c)+"?format=xml&limit=1", nil)
	assert.Contains(t, a.body, "<object><name>a</name><hash>"+md5Hex("hello")+"</hash><bytes>5</bytes>")
}

// segments uploads "hello " and "world" below a prefix, and returns their MD5s.
func segments(t *testing.T, r *Rig, container, prefix string) (string, string) {
	t.Helper()
	one := r.Want(t, http.StatusCreated, http.MethodPut, Path(container, prefix+"1"), text("hello ")).etag()
	two := r.Want(t, http.StatusCreated, http.MethodPut, Path(container, prefix+"2"), text("world")).etag()
	return one, two
}

func TestSLO(t *testing.T) {
	t.Parallel()
	r := Start(t)
	s, c := r.Container(t), r.Container(t)
	path := Path(c, "slo")
	const put, get, remove = "?multipart-manifest=put", "?multipart-manifest=get", "?multipart-manifest=delete"
	one, two := segments(t, r, s, "big/")
	manifest := fmt.Sprintf(`[{"path": "%[1]s/big/1", "etag": "%[2]s", "size_bytes": 6}, {"path": "/%[1]s/big/2", "etag": "%[3]s", "size_bytes": 5}]`, s, one, two)
	etag := `"` + md5Hex(one+two) + `"`

	a := r.Want(t, http.StatusCreated, http.MethodPut, path+put, text(manifest), "Content-Type", "text/plain", "X-Object-Meta-Color", "blue")
	assert.Equal(t, etag, a.etag(), "always quoted")
	a = r.Want(t, http.StatusOK, http.MethodGet, path, nil)
	assert.Equal(t, "hello world", a.body)
	assert.Equal(t, etag, a.etag())
	assert.Equal(t, "11", a.header.Get("Content-Length"))
	assert.Equal(t, "True", a.header.Get("X-Static-Large-Object"))
	assert.Equal(t, "blue", a.header.Get("X-Object-Meta-Color"))
	manifestETag := a.header.Get("X-Manifest-Etag")
	assert.Len(t, manifestETag, 32)
	assert.Equal(t, "o wo", r.Want(t, http.StatusPartialContent, http.MethodGet, path, nil, "Range", "bytes=4-7").body)
	entry := r.List(t, c, "")[0]
	assert.Equal(t, Entry{Name: "slo", Bytes: 11, Hash: manifestETag, SLOETag: etag, ContentType: "text/plain", LastModified: entry.LastModified}, entry)

	// The manifest comes back with other names for its members.
	a = r.Want(t, http.StatusOK, http.MethodGet, path+get, nil)
	assert.Equal(t, "application/json; charset=utf-8", a.header.Get("Content-Type"))
	var got []Entry
	require.NoError(t, json.Unmarshal([]byte(a.body), &got))
	require.Len(t, got, 2)
	assert.Equal(t, Entry{Name: "/" + s + "/big/1", Bytes: 6, Hash: one, ContentType: "application/octet-stream", LastModified: got[0].LastModified}, got[0])
	a = r.Want(t, http.StatusOK, http.MethodGet, path+get+"&format=raw", nil)
	assert.JSONEq(t, strings.Replace(manifest, `"`+s, `"/`+s, 1), a.body)

	// Copies: of the data, and of the manifest.
	r.Want(t, http.StatusCreated, copyMethod, path, nil, "Destination", c+"/flat")
	a = r.Want(t, http.StatusOK, http.MethodHead, Path(c, "flat"), nil)
	assert.Equal(t, md5Hex("hello world"), a.etag())
	assert.Empty(t, a.header.Get("X-Static-Large-Object"))
	r.Want(t, http.StatusCreated, copyMethod, path+get, nil, "Destination", c+"/slo2")
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "slo3")+get, nil, "X-Copy-From", c+"/slo")
	for _, name := range []string{"slo2", "slo3"} {
		a = r.Want(t, http.StatusOK, http.MethodHead, Path(c, name), nil)
		assert.Equal(t, "True", a.header.Get("X-Static-Large-Object"))
		assert.Equal(t, etag, a.etag())
	}
	// NHN Cloud documents this way, which Swift takes for a name.
	r.Want(t, http.StatusNotFound, http.MethodPut, Path(c, "slo4"), nil, "X-Copy-From", c+"/slo; multipart-manifest=get")

	// A POST keeps it an SLO.
	r.Want(t, http.StatusAccepted, http.MethodPost, path, nil, "X-Object-Meta-Size", "11")
	assert.Equal(t, "True", r.Want(t, http.StatusOK, http.MethodHead, path, nil).header.Get("X-Static-Large-Object"))

	// Without its manifest's deletion the segments stay.
	r.Want(t, http.StatusNoContent, http.MethodDelete, Path(c, "slo3"), nil)
	r.Want(t, http.StatusOK, http.MethodHead, Path(s, "big/1"), nil)
	a = r.Want(t, http.StatusOK, http.MethodDelete, path+remove, nil, "Accept", "application/json")
	assert.JSONEq(t, `{"Response Status": "200 OK", "Response Body": "", "Number Deleted": 3, "Number Not Found": 0, "Errors": []}`, a.body)
	r.Want(t, http.StatusNotFound, http.MethodHead, path, nil)
	assert.Empty(t, r.List(t, s, ""))

	// A failure has the status 200, too.
	a = r.Want(t, http.StatusOK, http.MethodDelete, Path(c, "flat")+remove, nil, "Accept", "application/json")
	assert.JSONEq(t, `{"Response Status": "400 Bad Request", "Response Body": "", "Number Deleted": 0, "Number Not Found": 0, "Errors": [["/`+c+`/flat", "Not an SLO manifest"]]}`, a.body)
	// slo2 has lost its segments.
	r.Want(t, http.StatusOK, http.MethodHead, Path(c, "slo2"), nil)
	assert.Equal(t, conflict, r.Want(t, http.StatusConflict, http.MethodGet, Path(c, "slo2"), nil).body)
}

func TestSLORefused(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	one, two := segments(t, r, c, "big/")
	path := Path(c, "slo") + "?multipart-manifest=put"
	segment := func(name, etag string, size int) string {
		return fmt.Sprintf(`[{"path": "%s/%s", "etag": "%s", "size_bytes": %d}]`, c, name, etag, size)
	}
	for name, test := range map[string]struct{ manifest, want string }{
		"wrong MD5":       {segment("big/1", two, 6), `{"Errors": [["` + c + `/big/1", "Etag Mismatch"]]}`},
		"quoted MD5":      {segment("big/1", `\"`+one+`\"`, 6), `{"Errors": [["` + c + `/big/1", "Etag Mismatch"]]}`},
		"wrong size":      {segment("big/1", one, 7), `{"Errors": [["` + c + `/big/1", "Size Mismatch"]]}`},
		"missing segment": {segment("none", one, 6), `{"Errors": [["` + c + `/none", "404 Not Found"]]}`},
	} {
		a := r.Want(t, http.StatusBadRequest, http.MethodPut, path, text(test.manifest), "Accept", "application/json")
		assert.JSONEq(t, test.want, a.body, name)
	}
	a := r.Want(t, http.StatusBadRequest, http.MethodPut, path, text(segment("none", one, 6)))
	assert.Equal(t, "Errors:\n"+c+"/none, 404 Not Found\n", a.body)
	a = r.Want(t, http.StatusBadRequest, http.MethodPut, path, text("no JSON"))
	assert.Equal(t, "Manifest must be valid JSON.\n", a.body)
	// Without an MD5 and a size, nothing is compared; even nothing is a list.
	r.Want(t, http.StatusCreated, http.MethodPut, path, text(`[{"path": "`+c+`/big/1"}]`))
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("[]"))
	// The ETag of the request is that of the large object.
	r.Want(t, http.StatusUnprocessableEntity, http.MethodPut, path, text(segment("big/1", one, 6)), "Etag", one)
	r.Want(t, http.StatusCreated, http.MethodPut, path, text(segment("big/1", one, 6)), "Etag", md5Hex(one))
}

func TestDLO(t *testing.T) {
	t.Parallel()
	r := Start(t)
	s, c := r.Container(t), r.Container(t)
	path := Path(c, "dlo")
	one, two := segments(t, r, s, "한글/")
	etag := `"` + md5Hex(one+two) + `"`

	a := r.Want(t, http.StatusCreated, http.MethodPut, path, nil, "X-Object-Manifest", s+"/"+url.PathEscape("한글")+"/")
	assert.Equal(t, md5Hex(""), a.etag(), "that of the manifest")
	a = r.Want(t, http.StatusOK, http.MethodGet, path, nil)
	assert.Equal(t, "hello world", a.body)
	assert.Equal(t, etag, a.etag(), "always quoted")
	assert.Equal(t, s+"/"+url.PathEscape("한글")+"/", a.header.Get("X-Object-Manifest"))
	assert.Equal(t, "o wo", r.Want(t, http.StatusPartialContent, http.MethodGet, path, nil, "Range", "bytes=4-7").body)
	assert.Empty(t, r.Want(t, http.StatusOK, http.MethodGet, path+"?multipart-manifest=get", nil).body)
	entry := r.List(t, c, "")[0]
	assert.Zero(t, entry.Bytes)
	assert.Equal(t, md5Hex(""), entry.Hash)

	r.Want(t, http.StatusCreated, copyMethod, path, nil, "Destination", c+"/flat")
	assert.Equal(t, md5Hex("hello world"), r.Want(t, http.StatusOK, http.MethodHead, Path(c, "flat"), nil).etag())
	r.Want(t, http.StatusCreated, copyMethod, path+"?multipart-manifest=get", nil, "Destination", c+"/dlo2")
	assert.Equal(t, etag, r.Want(t, http.StatusOK, http.MethodHead, Path(c, "dlo2"), nil).etag())

	// A POST without the header makes it an empty object.
	r.Want(t, http.StatusAccepted, http.MethodPost, path, nil, "X-Object-Meta-Color", "blue")
	a = r.Want(t, http.StatusOK, http.MethodGet, path, nil)
	assert.Empty(t, a.body)
	assert.Empty(t, a.header.Get("X-Object-Manifest"))

	r.Want(t, http.StatusNoContent, http.MethodDelete, Path(c, "dlo2"), nil)
	assert.Len(t, r.List(t, s, ""), 2)
	a = r.Want(t, http.StatusBadRequest, http.MethodPut, path, nil, "X-Object-Manifest", "container")
	assert.Equal(t, "X-Object-Manifest must be in the format container/prefix", a.body)
}

func TestTempURL(t *testing.T) {
	t.Parallel()
	r := Start(t)
	const key = "secret"
	c := r.Container(t, "X-Container-Meta-Temp-URL-Key", key)
	u, err := url.Parse(r.StorageURL)
	require.NoError(t, err)
	path := Path(c, "한글 o")
	signed := u.Path + "/" + c + "/한글 o" // what is signed is not escaped
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"), "X-Object-Meta-Color", "blue")
	sign := func(digest func() hash.Hash, lines ...string) []byte {
		mac := hmac.New(digest, []byte(key))
		_, _ = io.WriteString(mac, strings.Join(lines, "\n"))
		return mac.Sum(nil)
	}
	end := time.Now().Add(time.Hour)
	expires := strconv.FormatInt(end.Unix(), 10)
	send := func(status int, method, path, sig, more string, body io.Reader, headers ...string) answer {
		t.Helper()
		a := r.Send(t, method, r.StorageURL+path+"?temp_url_sig="+url.QueryEscape(sig)+more, body, headers...)
		assert.Equal(t, status, a.status, a.body)
		return a
	}
	refused := func(method, sig, more string) {
		t.Helper()
		a := send(http.StatusUnauthorized, method, path, sig, more, nil)
		assert.Equal(t, "401 Unauthorized: Temp URL invalid\n", a.body)
	}
	until := "&temp_url_expires=" + expires

	for name, digest := range map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New} {
		sum := sign(digest, http.MethodGet, expires, signed)
		for _, sig := range []string{hex.EncodeToString(sum), name + ":" + base64.URLEncoding.EncodeToString(sum), name + ":" + base64.StdEncoding.EncodeToString(sum)} {
			assert.Equal(t, "hello", send(http.StatusOK, http.MethodGet, path, sig, until, nil).body, name)
		}
	}
	sig := hex.EncodeToString(sign(sha256.New, http.MethodGet, expires, signed))
	a := send(http.StatusOK, http.MethodGet, path, sig, until, nil)
	assert.Contains(t, a.header.Get("Content-Disposition"), "attachment; filename=")
	assert.Empty(t, a.header.Get("X-Object-Meta-Color"), "metadata are hidden")
	a = send(http.StatusOK, http.MethodGet, path, sig, until+"&filename=x%20y", nil)
	assert.Equal(t, `attachment; filename="x y"; filename*=UTF-8''x%20y`, a.header.Get("Content-Disposition"))
	a = send(http.StatusOK, http.MethodGet, path, sig, until+"&inline", nil)
	assert.Equal(t, "inline", a.header.Get("Content-Disposition"))
	send(http.StatusOK, http.MethodHead, path, sig, until, nil)
	send(http.StatusOK, http.MethodGet, path, sig, "&temp_url_expires="+end.UTC().Format("2006-01-02T15:04:05Z"), nil)

	refused(http.MethodDelete, sig, until)
	refused(http.MethodGet, sig, "")
	refused(http.MethodGet, sig, "&temp_url_expires="+strconv.FormatInt(end.Unix()+1, 10))
	refused(http.MethodGet, hex.EncodeToString(sign(sha256.New, http.MethodGet, "100", signed)), "&temp_url_expires=100")
	refused(http.MethodGet, hex.EncodeToString(sign(sha256.New, http.MethodGet, expires, u.Path+path)), until)

	prefix := hex.EncodeToString(sign(sha256.New, http.MethodGet, expires, "prefix:"+u.Path+"/"+c+"/한"))
	send(http.StatusOK, http.MethodGet, path, prefix, until+"&temp_url_prefix="+url.QueryEscape("한"), nil)
	here := hex.EncodeToString(sign(sha256.New, "ip=127.0.0.0/8", http.MethodGet, expires, signed))
	send(http.StatusOK, http.MethodGet, path, here, until+"&temp_url_ip_range=127.0.0.0/8", nil)
	there := hex.EncodeToString(sign(sha256.New, "ip=192.0.2.1", http.MethodGet, expires, signed))
	refused(http.MethodGet, there, until+"&temp_url_ip_range=192.0.2.1")

	up := hex.EncodeToString(sign(sha256.New, http.MethodPut, expires, u.Path+"/"+c+"/up"))
	send(http.StatusCreated, http.MethodPut, Path(c, "up"), up, until, text("hello"))
	a = send(http.StatusBadRequest, http.MethodPut, Path(c, "up"), up, until, nil, "X-Object-Manifest", c+"/x")
	assert.Equal(t, "The header 'X-Object-Manifest' is not allowed in this tempurl", a.body)
}

func TestHistory(t *testing.T) {
	t.Parallel()
	r := Start(t)
	archive := r.Container(t)
	c := r.Container(t, "X-History-Location", archive)
	path := Path(c, "picture.jpg")
	assert.Equal(t, archive, r.Want(t, http.StatusNoContent, http.MethodHead, Path(c), nil).header.Get("X-History-Location"))
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("one"))
	assert.Empty(t, r.List(t, archive, ""))
	one := r.Want(t, http.StatusOK, http.MethodHead, path, nil).header.Get("X-Timestamp")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("two"))
	two := r.Want(t, http.StatusOK, http.MethodHead, path, nil).header.Get("X-Timestamp")

	// The time is that of the upload of the old version, not of its end.
	old := "00bpicture.jpg/"
	assert.Equal(t, []string{old + one}, names(r.List(t, archive, "")))
	assert.Equal(t, "one", r.Want(t, http.StatusOK, http.MethodGet, Path(archive, old+one), nil).body)
	// A deletion keeps the object and leaves a marker.
	r.Want(t, http.StatusNoContent, http.MethodDelete, path, nil)
	r.Want(t, http.StatusNotFound, http.MethodHead, path, nil)
	entries := r.List(t, archive, "")
	require.Len(t, entries, 3)
	assert.Equal(t, []string{old + one, old + two}, names(entries[:2]))
	assert.Equal(t, "application/x-deleted;swift_versions_deleted=1", entries[2].ContentType)
	assert.Zero(t, entries[2].Bytes)

	a := r.Want(t, http.StatusBadRequest, http.MethodPost, Path(c), nil, "X-History-Location", archive, "X-Versions-Location", archive)
	assert.Equal(t, "Only one of x-versions-location or x-history-location may be specified", a.body)
	// A missing archive is no error before it is needed.
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-History-Location", archive+"-missing")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("one"))
	assert.Equal(t, unmet, r.Want(t, http.StatusPreconditionFailed, http.MethodPut, path, text("two")).body)
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-History-Location", "")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("two"))
}

func TestVersions(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	archive := "한글 " + c
	r.Want(t, http.StatusCreated, http.MethodPut, Path(archive), nil)
	t.Cleanup(func() { r.remove(t, archive) })
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Versions-Location", url.PathEscape(archive))
	a := r.Want(t, http.StatusNoContent, http.MethodHead, Path(c), nil)
	assert.Equal(t, url.PathEscape(archive), a.header.Get("X-Versions-Location"))
	path := Path(c, "한글")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("one"))
	one := r.Want(t, http.StatusOK, http.MethodHead, path, nil).header.Get("X-Timestamp")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("two"))
	assert.Equal(t, []string{"006한글/" + one}, names(r.List(t, archive, "")), "the length is in bytes")
	// A deletion brings the old version back.
	r.Want(t, http.StatusNoContent, http.MethodDelete, path, nil)
	assert.Equal(t, "one", r.Want(t, http.StatusOK, http.MethodGet, path, nil).body)
	assert.Empty(t, r.List(t, archive, ""))
}

func TestBulkDelete(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t)
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "한글 1"), text("x"))
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "stays"), text("x"))
	list := strings.Join([]string{Path(c, "한글 1"), Path(c, "none"), Path(c)}, "\n")
	a := r.Want(t, http.StatusOK, http.MethodPost, "?bulk-delete", text(list), "Content-Type", "text/plain", "Accept", "application/json")
	assert.JSONEq(t, `{"Response Status": "400 Bad Request", "Response Body": "", "Number Deleted": 1, "Number Not Found": 1, "Errors": [["/`+c+`", "409 Conflict"]]}`, a.body)
	assert.Equal(t, []string{"stays"}, names(r.List(t, c, "")))
}

func TestACL(t *testing.T) {
	t.Parallel()
	r := Start(t)
	reader := r.Login(t, "test:reader", "reading")
	c := r.Container(t)
	path := Path(c, "o")
	r.Want(t, http.StatusCreated, http.MethodPut, path, text("hello"))

	a := r.Want(t, http.StatusForbidden, http.MethodGet, path, nil, "X-Auth-Token", reader)
	assert.Equal(t, forbidden, a.body)
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Container-Read", "test:reader")
	r.Want(t, http.StatusOK, http.MethodGet, path, nil, "X-Auth-Token", reader)
	r.Want(t, http.StatusOK, http.MethodGet, Path(c), nil, "X-Auth-Token", reader)
	r.Want(t, http.StatusForbidden, http.MethodPut, path, text("x"), "X-Auth-Token", reader)

	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Container-Read", ".r:*")
	assert.Equal(t, http.StatusOK, r.Send(t, http.MethodGet, r.StorageURL+path, nil).status)
	assert.Equal(t, http.StatusUnauthorized, r.Send(t, http.MethodGet, r.StorageURL+Path(c), nil).status)
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Container-Read", ".r:*,.rlistings")
	assert.Equal(t, http.StatusOK, r.Send(t, http.MethodGet, r.StorageURL+Path(c), nil).status)
}

func TestStaticWebsite(t *testing.T) {
	t.Parallel()
	r := Start(t)
	c := r.Container(t, "X-Container-Read", ".r:*", "X-Container-Meta-Web-Index", "index.html", "X-Container-Meta-Web-Error", "error.html")
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "index.html"), text("index"))
	r.Want(t, http.StatusCreated, http.MethodPut, Path(c, "404error.html"), text("none"))
	a := r.Send(t, http.MethodGet, r.StorageURL+Path(c, "missing"), nil)
	assert.Equal(t, http.StatusNotFound, a.status)
	assert.Equal(t, "none", a.body)
	a = r.Send(t, http.MethodGet, r.StorageURL+Path(c)+"/", nil)
	assert.Equal(t, http.StatusUnauthorized, a.status, "the index of the container is a listing to the ACL")
	r.Want(t, http.StatusNoContent, http.MethodPost, Path(c), nil, "X-Container-Read", ".r:*,.rlistings")
	assert.Equal(t, "index", r.Send(t, http.MethodGet, r.StorageURL+Path(c)+"/", nil).body)
}

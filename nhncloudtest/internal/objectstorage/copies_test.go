package objectstorage_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCopies(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.container("other")
	s.object("/box/한%2F글", "hello", "Content-Type", "text/plain", "X-Object-Meta-A", "1", "X-Object-Meta-B", "2",
		"Content-Encoding", "br", "X-Delete-After", "1000")
	path := "/box/%ED%95%9C%2F%EA%B8%80"
	check := func(name string, want map[string]string) {
		t.Helper()
		res := s.want(200, "GET", name, "")
		assert.Equal(t, "hello", res.Text)
		for k, v := range want {
			assert.Equal(t, v, res.Header.Get(k), "%s: %s", name, k)
		}
	}
	same := map[string]string{
		"Content-Type": "text/plain", "X-Object-Meta-A": "1", "X-Object-Meta-B": "2", "Content-Encoding": "br", "X-Delete-At": "1772367400",
		"Etag": sum("hello"),
	}
	res := s.want(201, "COPY", path, "", "Destination", "other/copy%20one")
	check("/other/copy%20one", same)
	assert.Equal(t, sum("hello"), res.Header.Get("Etag"))
	assert.Equal(t, "box/%ED%95%9C/%EA%B8%80", res.Header.Get("X-Copied-From"))
	assert.Equal(t, "AUTH_"+s.ObjectStorageTenantID, res.Header.Get("X-Copied-From-Account"))
	assert.NotEmpty(t, res.Header.Get("X-Copied-From-Last-Modified"))
	assert.Equal(t, "1", res.Header.Get("X-Object-Meta-A"))

	s.want(201, "PUT", "/other/two", "", "X-Copy-From", strings.TrimPrefix(path, "/"), "X-Object-Meta-B", "3", "X-Delete-After", "5")
	check("/other/two", map[string]string{"X-Object-Meta-A": "1", "X-Object-Meta-B": "3", "X-Delete-At": "1772366405"})
	s.want(201, "COPY", path, "", "Destination", "/other/three", "X-Fresh-Metadata", "true", "X-Object-Meta-C", "4")
	check("/other/three", map[string]string{
		"X-Object-Meta-A": "", "X-Object-Meta-C": "4", "Content-Type": "text/plain", "X-Delete-At": "", "Content-Encoding": "",
	})
	s.want(201, "COPY", path, "", "Destination", "/other/four", "Content-Type", "image/png")
	check("/other/four", map[string]string{"Content-Type": "image/png"})
	// Onto itself it changes the metadata.
	s.want(201, "COPY", path, "", "Destination", "/box/%ED%95%9C%2F%EA%B8%80", "X-Object-Meta-A", "5")
	check(path, map[string]string{"X-Object-Meta-A": "5", "X-Object-Meta-B": "2"})

	// A range makes a smaller object, and conditions are those of a GET.
	s.want(201, "COPY", path, "", "Destination", "/other/five", "Range", "bytes=1-2")
	assert.Equal(t, "el", s.want(200, "GET", "/other/five", "").Text)
	s.want(412, "COPY", path, "", "Destination", "/other/six", "If-Match", "x")
	s.want(416, "COPY", path, "", "Destination", "/other/six", "Range", "bytes=99-")

	// The copy does not depend on the source.
	s.want(204, "DELETE", path, "")
	check("/other/copy%20one", same)

	s.want(404, "COPY", path, "", "Destination", "other/x")
	s.want(404, "COPY", "/other/four", "", "Destination", "nope/x")
	assert.Equal(t, "Destination header required", s.want(412, "COPY", path, "").Text)
	for _, bad := range []string{"box", "/box", "/", "box/", "/box/%ff"} {
		s.want(412, "COPY", "/other/four", "", "Destination", bad)
		s.want(412, "PUT", "/other/x", "", "X-Copy-From", bad)
	}
	assert.Equal(t, "Copy requests require a zero byte body", s.want(400, "PUT", "/other/x", "body", "X-Copy-From", "other/four").Text)
	s.want(405, "PUT", "/other/x?multipart-manifest=put", "", "X-Copy-From", "other/four")
	s.want(404, "PUT", "/other/x", "", "X-Copy-From", "other/four; something")
	s.want(400, "COPY", "/other/four", "", "Destination", "other/x", "X-Delete-At", "1")
}

func TestCopiesBetweenAccounts(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Read", s.TenantID+":*")
	s.object("/box/x", "hello")
	other := s.otherTenant()
	other.base = s.URL() + "/object-store/v1/AUTH_" + s.TenantID
	other.container("mine")
	account := "AUTH_" + s.ObjectStorageTenantID
	other.want(201, "PUT", "/mine/x", "", "X-Copy-From", "box/x", "X-Copy-From-Account", account)
	assert.Equal(t, "hello", other.want(200, "GET", "/mine/x", "").Text)
	other.want(403, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", account)
	s.want(204, "POST", "/box", "", "X-Container-Write", "*:*")
	other.want(201, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", account)
	other.want(403, "COPY", "/mine/x", "", "Destination", "box/y", "Destination-Account", "AUTH_nobody")
	other.want(403, "PUT", "/mine/x", "", "X-Copy-From", "box/y", "X-Copy-From-Account", "AUTH_nobody")
	s.want(204, "POST", "/box", "", "X-Container-Read", "")
	other.want(403, "PUT", "/mine/x", "", "X-Copy-From", "box/x", "X-Copy-From-Account", account)
}

package objectstorage_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"hash"
	"net/url"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func signature(newHash func() hash.Hash, key, message string) []byte {
	mac := hmac.New(newHash, []byte(key))
	_, _ = mac.Write([]byte(message))
	return mac.Sum(nil)
}

// soon is a Unix time not long after the one at which the clocks stand.
const soon = 1772366400 + 60

// signed is a path with a signature of SHA-256.
func (s *swift) signed(method, path, key string) string {
	message := fmt.Sprintf("%s\n%d\n/v1/AUTH_%s%s", method, soon, s.ObjectStorageTenantID, path)
	return fmt.Sprintf("%s?temp_url_sig=%x&temp_url_expires=%d", (&url.URL{Path: path}).EscapedPath(), signature(sha256.New, key, message), soon)
}

func TestTemporaryURLs(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Meta-Temp-URL-Key", "one", "X-Container-Meta-Temp-URL-Key-2", "two")
	s.container("other")
	s.want(204, "POST", "", "", "X-Account-Meta-Temp-URL-Key", "account", "X-Account-Meta-Temp-URL-Key-2", "account2")
	s.object("/box/dir/한 글.txt", "hello", "X-Object-Meta-A", "b", "X-Object-Meta-Public-C", "d")
	s.object("/other/x", "hello")
	anyone := s.as("")
	const path = "/box/dir/한 글.txt"

	res := anyone.want(200, "GET", s.signed("GET", path, "one"), "")
	assert.Equal(t, "hello", res.Text)
	for k, v := range map[string]string{
		"X-Object-Meta-A": "", "X-Object-Meta-Public-C": "d", "Expires": "Sun, 01 Mar 2026 12:01:00 GMT",
		"Content-Disposition": `attachment; filename="%ED%95%9C %EA%B8%80.txt"; filename*=UTF-8''%ED%95%9C%20%EA%B8%80.txt`,
	} {
		assert.Equal(t, v, res.Header.Get(k), k)
	}
	for _, key := range []string{"two", "account", "account2"} {
		anyone.want(200, "GET", s.signed("GET", path, key), "")
	}
	// Whoever may read, write or change may also look.
	for _, method := range []string{"HEAD", "GET", "PUT", "POST"} {
		anyone.want(200, "HEAD", s.signed(method, path, "one"), "")
	}
	anyone.want(401, "HEAD", s.signed("DELETE", path, "one"), "")
	for disposition, query := range map[string]string{
		"inline": "&inline",
		`inline; filename="a b"; filename*=UTF-8''a%20b`:     "&inline&filename=a%20b",
		`attachment; filename="a b"; filename*=UTF-8''a%20b`: "&filename=a%20b",
	} {
		res = anyone.want(200, "GET", s.signed("GET", path, "one")+query, "")
		assert.Equal(t, disposition, res.Header.Get("Content-Disposition"))
	}
	s.object("/box/own", "x", "Content-Disposition", "attachment; filename=own")
	res = anyone.want(200, "GET", s.signed("GET", "/box/own", "one"), "")
	assert.Equal(t, "attachment; filename=own", res.Header.Get("Content-Disposition"))

	res = anyone.want(201, "PUT", s.signed("PUT", "/box/new", "one"), "new")
	assert.Empty(t, res.Header.Get("Content-Disposition"))
	assert.Equal(t, "new", s.want(200, "GET", "/box/new", "").Text)
	anyone.want(202, "POST", s.signed("POST", "/box/new", "one"), "")
	anyone.want(400, "PUT", s.signed("PUT", "/box/new", "one"), "", "X-Object-Manifest", "box/")
	anyone.want(204, "DELETE", s.signed("DELETE", "/box/new", "one"), "")
	anyone.want(404, "GET", s.signed("GET", "/box/new", "one"), "")
	// Nothing else in the query counts.
	anyone.want(201, "PUT", s.signed("PUT", "/box/new", "one")+"&multipart-manifest=put", "[]")
	assert.Equal(t, "[]", s.want(200, "GET", "/box/new", "").Text)

	// A broken one is refused even from who has a token.
	for _, broken := range []string{
		s.signed("GET", path, "nope"), s.signed("GET", path, ""), s.signed("PUT", path, "one"), s.signed("GET", "/box/x", "one")[:20],
		"/box/own?temp_url_sig=00", "/box/own?temp_url_expires=1", "/box/own?temp_url_sig=zz&temp_url_expires=1",
		"/box/own?temp_url_sig=md5:AAAA&temp_url_expires=1", "/box/own?temp_url_sig=sha1:?&temp_url_expires=1",
		s.signed("GET", "/other/x", "one"), s.signed("GET", "/box", "one"), s.signed("GET", "/nope/x", "one"),
	} {
		res := s.do("GET", broken, "")
		if broken == s.signed("GET", "/box/x", "one")[:20] {
			continue
		}
		assert.Equal(t, 401, res.Status, broken)
		assert.Equal(t, "401 Unauthorized: Temp URL invalid\n", res.Text)
	}
	s.want(401, "COPY", s.signed("COPY", path, "one"), "", "Destination", "box/x")
	// The key of a container opens nothing outside of it, that of the account does.
	anyone.want(401, "PUT", s.signed("PUT", "/box/stolen", "one"), "", "X-Copy-From", "other/x")
	anyone.want(201, "PUT", s.signed("PUT", "/box/copied", "account"), "", "X-Copy-From", "other/x")

	s.Advance(time.Minute)
	anyone.want(200, "GET", s.signed("GET", path, "one"), "")
	s.Advance(time.Second)
	anyone.want(401, "GET", s.signed("GET", path, "one"), "")
}

func TestTemporaryURLForms(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Meta-Temp-URL-Key", "key")
	s.object("/box/dir/x", "hello")
	s.object("/box/y", "hello")
	anyone := s.as("")
	account := "/v1/AUTH_" + s.ObjectStorageTenantID
	plain := fmt.Sprintf("GET\n%d\n%s/box/dir/x", soon, account)
	for name, newHash := range map[string]func() hash.Hash{"sha1": sha1.New, "sha256": sha256.New, "sha512": sha512.New} {
		sig := signature(newHash, "key", plain)
		for _, text := range []string{
			hex.EncodeToString(sig), name + ":" + base64.URLEncoding.EncodeToString(sig), name + ":" + base64.RawStdEncoding.EncodeToString(sig),
		} {
			query := url.Values{"temp_url_sig": {text}, "temp_url_expires": {fmt.Sprint(soon)}}
			anyone.want(200, "GET", "/box/dir/x?"+query.Encode(), "")
			query.Set("temp_url_expires", "2026-03-01T12:01:00Z")
			anyone.want(200, "GET", "/box/dir/x?"+query.Encode(), "")
			query.Set("temp_url_expires", "tomorrow")
			anyone.want(401, "GET", "/box/dir/x?"+query.Encode(), "")
		}
	}
	prefixed := signature(sha256.New, "key", fmt.Sprintf("GET\n%d\nprefix:%s/box/dir/", soon, account))
	query := fmt.Sprintf("?temp_url_sig=%x&temp_url_expires=%d&temp_url_prefix=dir/", prefixed, soon)
	anyone.want(200, "GET", "/box/dir/x"+query, "")
	anyone.want(404, "GET", "/box/dir/nope"+query, "")
	anyone.want(401, "GET", "/box/y"+query, "")
	whole := signature(sha256.New, "key", fmt.Sprintf("GET\n%d\nprefix:%s/box/", soon, account))
	anyone.want(200, "GET", fmt.Sprintf("/box/y?temp_url_sig=%x&temp_url_expires=%d&temp_url_prefix=", whole, soon), "")

	// What stands before the version may be signed, too, but nothing else.
	for before, status := range map[string]int{"/object-store": 200, "/compute": 401, "/object-store/object-store": 401} {
		sig := signature(sha256.New, "key", fmt.Sprintf("GET\n%d\n%s%s/box/dir/x", soon, before, account))
		anyone.want(status, "GET", fmt.Sprintf("/box/dir/x?temp_url_sig=%x&temp_url_expires=%d", sig, soon), "")
	}

	for ips, status := range map[string]int{
		"127.0.0.1": 200, "127.0.0.0/8": 200, "127.0.0.1/8": 401, "10.0.0.0/8": 401, "10.0.0.1": 401, "nonsense": 401, "": 401,
	} {
		sig := signature(sha256.New, "key", "ip="+ips+"\n"+plain)
		query := url.Values{"temp_url_sig": {hex.EncodeToString(sig)}, "temp_url_expires": {fmt.Sprint(soon)}, "temp_url_ip_range": {ips}}
		anyone.want(status, "GET", "/box/dir/x?"+query.Encode(), "")
	}
}

package objectstorage_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestAccount(t *testing.T) {
	s := newSwift(t)
	res := s.want(204, "GET", "", "")
	assert.Equal(t, "0", res.Header.Get("X-Account-Container-Count"))
	s.container("a")
	s.container("b")
	s.object("/a/x", "12345")
	s.object("/a/y", "678")
	s.want(204, "POST", "", "", "X-Account-Meta-Purpose", "tests", "X-Account-Meta-Gone", "soon")
	s.want(204, "POST", "", "", "X-Remove-Account-Meta-Gone", "x", "X-Account-Other", "ignored")
	for _, method := range []string{"HEAD", "GET"} {
		res = s.want(200, method, "", "")
		for k, v := range map[string]string{
			"X-Account-Container-Count": "2", "X-Account-Object-Count": "2", "X-Account-Bytes-Used": "8",
			"X-Account-Meta-Purpose": "tests", "X-Account-Meta-Gone": "", "X-Account-Other": "",
			"Content-Type": "text/plain; charset=utf-8", "X-Timestamp": "1772366400.00000", "Vary": "Accept",
		} {
			assert.Equal(t, v, res.Header.Get(k), "%s %s", method, k)
		}
	}
	assert.Equal(t, "a\nb\n", res.Text)
	assert.Equal(t, []object{
		{"name": "a", "count": 2.0, "bytes": 8.0, "last_modified": "2026-03-01T12:00:00.000000"},
		{"name": "b", "count": 0.0, "bytes": 0.0, "last_modified": "2026-03-01T12:00:00.000010"},
	}, s.list("?format=json"))

	s.want(400, "POST", "", "", "X-Account-Meta-X", strings.Repeat("x", 257))
	s.want(403, "DELETE", "", "")
	res = s.want(405, "PUT", "", "")
	assert.Equal(t, "HEAD, GET, POST, OPTIONS", res.Header.Get("Allow"))
	res = s.want(200, "OPTIONS", "/a", "")
	assert.Contains(t, res.Header.Get("Allow"), "DELETE")

	other := s.otherTenant()
	for _, method := range []string{"GET", "HEAD", "POST", "DELETE"} {
		other.want(403, method, "", "")
		res = s.as("").want(401, method, "", "")
		assert.Equal(t, []string{
			`Swift realm="AUTH_` + s.ObjectStorageTenantID + `"`, `Keystone uri="` + s.URL() + `/identity"`,
		}, res.Header["Www-Authenticate"])
	}
}

func TestPaths(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	account := strings.TrimPrefix(s.base, s.URL())
	for path, status := range map[string]int{
		"/object-store":                           412,
		"/object-store/":                          412,
		"/object-store/v1":                        412,
		"/object-store/v1/":                       412,
		"/object-store/v1//box":                   404,
		"/object-store/v1//box/x":                 404,
		"/object-store/v2/AUTH_x":                 400,
		"/object-store/v1/AUTH_nobody":            403,
		"/object-store/v1/AUTH_nobody/box/object": 403,
		account + "/":                             200,
		account + "//x":                           404,
		account + "/box/":                         200,
		account + "/box/%ff":                      412,
		account + "/%00":                          412,
		account + "/box%2Fx":                      404,
		"/object-storage":                         404, // another service
	} {
		res := s.Call("GET", path, nil)
		assert.Equal(t, status, res.Status, "%s: %s", path, res.Text)
	}
	assert.Equal(t, "Bad URL", s.Call("GET", "/object-store/v1", nil).Text)
	assert.Equal(t, "Invalid UTF8 or contains NULL", s.want(412, "GET", "/box/%ff", "").Text)
	s.want(405, "PATCH", "/box/x", "")
	s.want(405, "COPY", "/box", "")
	v10 := strings.Replace(s.base, "/v1/", "/v1.0/", 1)
	assert.Equal(t, 200, s.Call("GET", v10, nil).Status)
}

func TestContainerSettings(t *testing.T) {
	s := newSwift(t)
	settings := map[string]string{
		"X-Container-Read":                             ".r:*,.rlistings",
		"X-Container-Write":                            "*:*",
		"X-Container-View":                             "*:somebody",
		"X-Container-Ip-Acl-Denied-List":               "r192.168.0.1,w192.168.0.2,a172.16.0.0/24",
		"X-Container-Ip-Acl-Service-Gateway-Control":   "rw",
		"X-Container-Object-Lifecycle":                 "3",
		"X-Container-Object-Transfer-To":               "elsewhere",
		"X-History-Location":                           "archive",
		"X-Versions-Retention":                         "7",
		"X-Container-Meta-Web-Index":                   "index.html",
		"X-Container-Meta-Web-Error":                   "error.html",
		"X-Container-Meta-Access-Control-Allow-Origin": "https://example.com https://example.org",
		"X-Container-Meta-Color":                       "푸른",
		"X-Container-Rfc-Compliant-Etags":              "True",
		"X-Container-Object-Deny-Extension-Policy":     "exe, jpg",
		"X-Container-Object-Deny-Keyword-Policy":       "secret",
		"X-Container-Meta-Temp-Url-Key":                "key",
		"X-Container-Meta-Temp-Url-Key-2":              "another",
	}
	var headers []string
	for k, v := range settings {
		headers = append(headers, k, v)
	}
	s.container("put", headers...)
	s.container("post")
	s.want(204, "POST", "/post", "", headers...)
	for _, name := range []string{"/put", "/post"} {
		for _, method := range []string{"GET", "HEAD"} {
			res := s.want(204, method, name, "")
			for k, v := range settings {
				assert.Equal(t, v, res.Header.Get(k), "%s %s", name, k)
			}
			assert.Equal(t, "standard", res.Header.Get("X-Storage-Policy"))
			assert.Equal(t, "0", res.Header.Get("X-Container-Object-Count"))
			assert.Equal(t, "0", res.Header.Get("X-Container-Bytes-Used"))
			assert.NotEmpty(t, res.Header.Get("X-Timestamp"))
			assert.NotEmpty(t, res.Header.Get("Last-Modified"))
		}
	}
	// Others who may look do not see everything.
	res := s.otherTenant().want(204, "HEAD", "/put", "")
	assert.Equal(t, "index.html", res.Header.Get("X-Container-Meta-Web-Index"))
	assert.Empty(t, res.Header.Get("X-Container-Read"))
	assert.Empty(t, res.Header.Get("X-Container-Meta-Temp-Url-Key"))

	for k := range settings {
		s.want(204, "POST", "/put", "", k, "")
		assert.Empty(t, s.do("HEAD", "/put", "").Header.Get(k), k)
		s.want(204, "POST", "/post", "", "X-Remove-"+strings.TrimPrefix(k, "X-"), "x")
		assert.Empty(t, s.do("HEAD", "/post", "").Header.Get(k), k)
	}
	s.want(202, "PUT", "/put", "", "X-Container-Meta-Color", "red", "X-Remove-Container-Meta-Color", "x")
	assert.Equal(t, "red", s.do("HEAD", "/put", "").Header.Get("X-Container-Meta-Color"))
	s.want(404, "POST", "/nope", "", "X-Container-Meta-Color", "red")
	s.want(404, "HEAD", "/nope", "")
	s.want(404, "DELETE", "/nope", "")
}

func TestContainerSettingsRefused(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.container("lock", "X-Container-Worm-Retention-Day", "1")
	for header, values := range map[string][]string{
		"X-Container-Read":                             {".r:", ".r:-", ".r:.", ".x:y", ".r:*."},
		"X-Container-Write":                            {".r:*"},
		"X-Container-View":                             {".referrer:*"},
		"X-Container-Ip-Acl-Allowed-List":              {"192.168.0.1", "x1.2.3.4", "r1.2.3", "r::1", "r1.2.3.4,", "r1.2.3.4/33"},
		"X-Container-Ip-Acl-Denied-List":               {"r"},
		"X-Container-Ip-Acl-Service-Gateway-Control":   {"all"},
		"X-Container-Object-Lifecycle":                 {"0", "-1", "x", "36501", "1.5"},
		"X-Versions-Retention":                         {"soon"},
		"X-History-Location":                           {"lock"},
		"X-Container-Meta-Web-Index":                   {"index.txt", "in dex.html"},
		"X-Container-Meta-Web-Error":                   {"한.html"},
		"X-Container-Worm-Retention-Day":               {"1"},
		"X-Container-Meta-":                            {"x"},
		"X-Container-Meta-Long":                        {strings.Repeat("x", 257), "\xff"},
		"X-Container-Meta-" + strings.Repeat("X", 129): {"x"},
	} {
		for _, v := range values {
			s.want(400, "POST", "/box", "", header, v)
			s.want(202, "PUT", "/box", "")
		}
	}
	s.want(412, "POST", "/box", "", "X-History-Location", "a/b")
	res := s.want(400, "POST", "/box", "", "X-Container-Write", ".r:*")
	assert.Equal(t, "Referrers not allowed in write ACL: '.r:*'", res.Text)
	s.want(400, "POST", "/lock", "", "X-Container-Worm-Retention-Day", "")
	s.want(204, "POST", "/lock", "", "X-Container-Worm-Retention-Day", "5")

	// Allowing and denying exclude each other, also one after the other.
	s.want(400, "POST", "/box", "", "X-Container-Object-Deny-Extension-Policy", "a", "X-Container-Object-Allow-Keyword-Policy", "b")
	s.want(204, "POST", "/box", "", "X-Container-Object-Deny-Extension-Policy", "a")
	s.want(400, "POST", "/box", "", "X-Container-Object-Allow-Keyword-Policy", "b")
	s.want(204, "POST", "/box", "", "X-Container-Object-Allow-Keyword-Policy", "b", "X-Container-Object-Deny-Extension-Policy", "")

	// No limit of metadata is left out.
	many := func(n, size int) (headers []string) {
		for i := range n {
			headers = append(headers, fmt.Sprintf("X-Container-Meta-M%d", i), strings.Repeat("x", size))
		}
		return headers
	}
	assert.Contains(t, s.want(400, "POST", "/box", "", many(91, 1)...).Text, "max 90")
	assert.Contains(t, s.want(400, "PUT", "/box", "", many(20, 250)...).Text, "max 4096")
	assert.Contains(t, s.want(400, "PUT", "/box", "", "X-Long", strings.Repeat("x", 8193)).Text, "Header value too long: X-Long")
}

func TestContainerNames(t *testing.T) {
	s := newSwift(t)
	for _, name := range []string{"a%20b", "a%22", "%27", "a%3Cb", "%3E", "a%3B", "%60", "10.0.0.1", "%2E%2E", "."} {
		s.want(400, "PUT", "/"+name, "")
	}
	s.container(strings.Repeat("n", 256))
	res := s.want(400, "PUT", "/"+strings.Repeat("n", 300), "")
	assert.Equal(t, "Container name length of 300 longer than 256", res.Text)
	assert.Equal(t, "text/html; charset=UTF-8", res.Header.Get("Content-Type"))

	s.container("cheap", "X-Storage-Policy", "Economy")
	assert.Equal(t, "economy", s.do("HEAD", "/cheap", "").Header.Get("X-Storage-Policy"))
	s.want(202, "PUT", "/cheap", "", "X-Storage-Policy", "economy")
	s.want(409, "PUT", "/cheap", "", "X-Storage-Policy", "Standard")
	assert.Equal(t, "Invalid X-Storage-Policy 'Gold'", s.want(400, "PUT", "/gold", "", "X-Storage-Policy", "Gold").Text)
}

func TestContainerPolicy(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	json := []string{"Content-Type", "application/json"}
	res := s.want(200, "GET", "/box?policy", "")
	assert.Equal(t, "{}", res.Text)
	assert.Equal(t, "application/json; charset=utf-8", res.Header.Get("Content-Type"))

	rule := `{"name":"%s","condition":{"prefix":"logs/"},"days":5,"action":{"type":"transfer","destination":"archive"}}`
	one := fmt.Sprintf(rule, "one")
	s.want(204, "POST", "/box", `{"lifecycle":{"default_rule":{"days":10,"action":{"type":"delete"}},"rules":[`+one+`]}}`, json...)
	doc := s.want(200, "GET", "/box?policy", "")
	assert.JSONEq(t, `{"lifecycle":{"default_rule":{"days":10,"action":{"type":"delete"}},"rules":[`+one+`]}}`, doc.Text)
	// What the request does not name stays.
	s.want(204, "POST", "/box", `{}`, json...)
	assert.Equal(t, doc.Text, s.want(200, "GET", "/box?policy", "").Text)
	// An empty body with that type changes headers only.
	s.want(204, "POST", "/box", "", append(json, "X-Container-Meta-A", "b")...)
	s.want(204, "POST", "/box", `{"lifecycle":{"default_rule":{},"rules":[]}}`, json...)
	assert.Equal(t, "{}", s.want(200, "GET", "/box?policy", "").Text)

	for _, bad := range []string{
		`[]`, `{"lock":{}}`, `{"lifecycle":[]}`, `{"lifecycle":null}`, `{"lifecycle":{"rules":{}}}`, `{"lifecycle":{"default_rule":[]}}`,
		`{"lifecycle":{"default_rule":{"days":0,"action":{"type":"delete"}}}}`,
		`{"lifecycle":{"default_rule":{"days":36501,"action":{"type":"delete"}}}}`,
		`{"lifecycle":{"default_rule":{"days":1,"action":{"type":"burn"}}}}`,
		`{"lifecycle":{"default_rule":{"days":1,"action":{"type":"transfer"}}}}`,
		`{"lifecycle":{"default_rule":{"days":1}}}`,
		`{"lifecycle":{"rules":[{}]}}`, `{"lifecycle":{"rules":[1]}}`,
		`{"lifecycle":{"rules":[{"days":1,"action":{"type":"delete"},"condition":{"prefix":"x"}}]}}`,
		`{"lifecycle":{"rules":[{"name":"n","days":1,"action":{"type":"delete"},"condition":{"prefix":""}}]}}`,
		`{"lifecycle":{"rules":[` + one + `,` + one + `]}}`,
	} {
		assert.Contains(t, s.want(400, "POST", "/box", bad, json...).Text, "Invalid container policy", bad)
	}
	s.want(404, "POST", "/nope", `{}`, json...)
	s.otherTenant().want(403, "GET", "/box?policy", "")
	assert.Equal(t, 5, s.Count("objectstorage-get-container-policy"))
	assert.NotZero(t, s.Count("objectstorage-set-container-policy"))
}

func TestObjectStorageInRegions(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithRegions("KR1", "KR2"))
	s.container("first")
	second := &swift{World: s.World, base: strings.Replace(s.base, s.URL(), s.URL()+"/kr2", 1)}
	assert.Empty(t, second.names(""))
	second.container("second")
	assert.Equal(t, []string{"first"}, s.names(""))

	endpoints := cloudtest.At(s.Login(s.ObjectStorageTenantID), "access", "serviceCatalog", 0, "endpoints")
	assert.Equal(t, s.base, cloudtest.At(endpoints, 0, "publicURL"))
	assert.Equal(t, second.base, cloudtest.At(endpoints, 1, "publicURL"))
	// The infrastructure tenant has an account of its own.
	other := s.otherTenant()
	other.base = s.URL() + "/object-store/v1/AUTH_" + s.TenantID
	assert.Empty(t, other.names(""))
}

func TestObjectWriteLimit(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithObjectWriteLimit(3))
	s.container("box")
	s.object("/box/a", "a")
	s.want(202, "POST", "/box/a", "")
	res := s.want(429, "DELETE", "/box/a", "")
	assert.Equal(t, "Slow down", res.Text)
	s.want(200, "GET", "/box/a", "")
	s.want(200, "HEAD", "/box/a", "")
	s.Advance(1e9)
	s.want(201, "COPY", "/box/a", "", "Destination", "box/b")
	s.want(204, "DELETE", "/box/a", "")
	s.want(204, "DELETE", "/box/b", "")
	s.want(429, "POST", "", "")
	// Another account has a limit of its own.
	other := s.otherTenant()
	other.base = s.URL() + "/object-store/v1/AUTH_" + s.TenantID
	other.container("box")
}

func TestObjectStorageTokens(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.as("").want(204, "GET", "/box", "", "X-Storage-Token", s.Token)
	s.ExpireTokens()
	res := s.want(401, "GET", "/box", "")
	assert.Equal(t, "<html><h1>Unauthorized</h1><p>This server could not verify that you are authorized to access the document you requested.</p></html>", res.Text)
	s.Login(s.ObjectStorageTenantID)
	s.want(204, "GET", "/box", "")
	s.RevokeTokens()
	s.want(401, "GET", "/box", "")
	s.want(401, "PUT", "/box/object", "data")
	assert.Equal(t, http.StatusUnauthorized, s.want(401, "PUT", "/nope/object", "data").Status)
}

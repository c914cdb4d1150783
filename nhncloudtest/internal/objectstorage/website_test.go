package objectstorage_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// What Swift does as well is held by package wiretest.
func TestWebsite(t *testing.T) {
	s := newSwift(t)
	s.HTTP.CheckRedirect = nil
	s.container("box", "X-Container-Read", ".r:*,.rlistings", "X-Container-Meta-Web-Index", "start/index.html",
		"X-Container-Meta-Web-Error", "error.html")
	s.object("/box/start/index.html", "start")
	s.object("/box/sub/start/index.html", "sub")
	s.object("/box/404error.html", "lost")
	anyone := s.as("")
	// A browser gets to the page from below the endpoint and from the root of the host.
	assert.Equal(t, "start", anyone.want(200, "GET", "/box", "").Text)
	assert.Equal(t, "sub", anyone.want(200, "GET", "/box/sub", "").Text)
	root := &swift{World: anyone.World, base: s.URL() + "/v1/AUTH_" + s.ObjectStorageTenantID}
	assert.Equal(t, "sub", root.want(200, "GET", "/box/sub", "").Text)
	// Swift fails when it is asked for the headers of an error page.
	head := anyone.want(404, "HEAD", "/box/nope", "")
	assert.Equal(t, "4", head.Header.Get("Content-Length"))
	assert.Empty(t, head.Text)
	// Other tenants have a token.
	assert.Contains(t, s.otherTenant().want(404, "GET", "/box/nope", "").Text, "<h1>Not Found</h1>")
	anyone.want(304, "GET", "/box/sub", "", "If-None-Match", "*")

	// An error page of an index that cannot be had as it is wanted.
	s.object("/box/416error.html", "beyond")
	assert.Equal(t, "beyond", anyone.want(416, "GET", "/box/", "", "Range", "bytes=99-").Text)

	for _, bad := range []string{"index.htm", "index html.html", "index?.html"} {
		s.want(400, "POST", "/box", "", "X-Container-Meta-Web-Index", bad)
	}
}

func TestFolderLists(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Read", ".r:*,.rlistings", "X-Container-Meta-Web-Listings", "true")
	s.object("/box/a%22%3E.txt", strings.Repeat("x", 1500), "Content-Type", `x/"y"`)
	s.object("/box/deep/er/x", "x")
	res := s.as("").want(200, "GET", "/box/", "")
	assert.Contains(t, res.Text, "<title>Listing of /v1/AUTH_"+s.ObjectStorageTenantID+"/box/</title>")
	assert.Contains(t, res.Text, `<tr class="item type-x type-&#34;y&#34;">`)
	assert.Contains(t, res.Text, `<a href="./a%22%3E%2Etxt">a&#34;&gt;.txt</a>`)
	assert.Contains(t, res.Text, `<td class="colsize">1Ki</td>`)
	assert.Contains(t, res.Text, `<td class="coldate">2026-03-01 12:00:00</td>`)
	assert.NotContains(t, res.Text, `id="parent"`)
	res = s.as("").want(200, "GET", "/box/deep/", "")
	assert.Contains(t, res.Text, `<tr id="parent" class="item">`)
	assert.Contains(t, res.Text, `<a href="./er/">er/</a>`)
	assert.Contains(t, res.Text, "h1 {font-size: 1em; font-weight: bold;}")
}

// A temporary URL with a prefix opens the lists of folders as well, and its links
// go on with the same signature.
func TestFolderListsOfTemporaryURLs(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Meta-Temp-URL-Key", "key", "X-Container-Meta-Web-Listings", "true")
	s.object("/box/dir/x", "x")
	s.object("/box/dir/sub/y", "y")
	s.object("/box/other", "z")
	anyone := s.as("")
	query := func(prefix string) string {
		signed := signature(sha256.New, "key", fmt.Sprintf("GET\n%d\nprefix:/v1/AUTH_%s/box/%s", soon, s.ObjectStorageTenantID, prefix))
		return fmt.Sprintf("?temp_url_prefix=%s&temp_url_expires=%d&temp_url_sig=%x", prefix, soon, signed)
	}
	dir, all := query("dir/"), query("")
	link := func(name, query string) string {
		return `<a href="` + name + strings.ReplaceAll(query, "&", "&amp;") + `">`
	}
	res := anyone.want(200, "GET", "/box/dir/"+dir, "")
	assert.Contains(t, res.Text, link("./x", dir))
	assert.Contains(t, res.Text, link("./sub/", dir))
	assert.NotContains(t, res.Text, `id="parent"`, "that is not open")
	assert.Equal(t, "inline", res.Header.Get("Content-Disposition"))
	assert.NotEmpty(t, res.Header.Get("Expires"))
	res = anyone.want(200, "GET", "/box/dir/sub/"+dir+"&inline=", "")
	assert.Contains(t, res.Text, link("../", dir+"&inline"))
	assert.Contains(t, res.Text, link("./y", dir+"&inline"))
	anyone.want(200, "GET", "/box/dir/sub/y"+dir, "")
	anyone.want(401, "GET", "/box/other"+dir, "")

	// The container itself is open to a prefix of nothing, and for a list alone.
	res = anyone.want(200, "GET", "/box/"+all, "")
	assert.Contains(t, res.Text, link("./dir/", all))
	anyone.want(200, "HEAD", "/box/"+all, "")
	for _, refused := range []string{"/" + all, "/box/" + dir, "/box/" + s.signed("GET", "", "key")} {
		anyone.want(401, "GET", refused, "")
	}
	anyone.want(401, "DELETE", "/box"+all, "")
	s.want(204, "POST", "/box", "", "X-Container-Meta-Web-Listings", "")
	anyone.want(401, "GET", "/box/"+all, "")
	anyone.want(404, "GET", "/box/dir/"+all, "")
}

func TestCORSOfTemporaryURLs(t *testing.T) {
	s := newSwift(t)
	s.container("box", "X-Container-Meta-Temp-URL-Key", "key", "X-Container-Meta-Access-Control-Allow-Origin", "https://a.example *")
	s.object("/box/x", "x")
	res := s.as("").want(200, "GET", s.signed("GET", "/box/x", "key"), "", "Origin", "https://b.example")
	assert.Equal(t, "https://b.example", res.Header.Get("Access-Control-Allow-Origin"))
	assert.Equal(t, "Origin", res.Header.Get("Vary"))
	// Nobody is told whether there is such an account.
	s.base = s.URL() + "/v1/AUTH_nobody"
	s.as("").want(401, "OPTIONS", "/box/x", "", "Origin", "https://a.example", "Access-Control-Request-Method", "GET")
}

func TestRoot(t *testing.T) {
	s := newSwift(t, nhncloudtest.WithRegions("KR1", "JP1"))
	s.container("box")
	s.object("/box/x", "x")
	account := "/v1/AUTH_" + s.ObjectStorageTenantID
	for path, status := range map[string]int{
		account: 200, account + "/box/x": 200, account + "//x": 404, "/jp1" + account: 204, "/jp1" + account + "/box": 404,
		"/info": 200, "/jp1/info": 200, "/info/x": 404, "/v1": 412, "/v1/": 412, "/v1/other": 403, "/v1//box": 404, "/kr1" + account: 404,
	} {
		s.base = s.URL()
		res := s.do("GET", path, "")
		assert.Equal(t, status, res.Status, "%s: %s", path, res.Text)
	}
	records := s.Requests()
	require.NotEmpty(t, records)
	assert.GreaterOrEqual(t, s.Count("objectstorage-get-object"), 1)
}

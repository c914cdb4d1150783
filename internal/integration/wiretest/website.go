package wiretest

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// public is what a container needs to be a website.
var public = []string{"X-Container-Read", ".r:*,.rlistings"}

func (w *wire) site(headers ...string) string {
	path := w.container(append(public, headers...)...)
	for _, name := range []string{"/index.html", "/404error.html", "/401error.html", "/sub/index.html", "/sub/x.txt", "/dir/y.txt", "/page.html"} {
		w.do(201, "PUT", path+name, "content of "+name)
	}
	w.do(201, "PUT", path+"/marker", "", "Content-Type", "application/directory")
	return path
}

func (w *wire) website() {
	path := w.site("X-Container-Meta-Web-Index", "index.html", "X-Container-Meta-Web-Error", "error.html")
	for below, want := range map[string]string{
		"/": "/index.html", "/sub/": "/sub/index.html", "/page.html": "/page.html", "/sub/x.txt": "/sub/x.txt",
	} {
		r := w.anyone(200, "GET", path+below)
		assert.Equal(w.t, "content of "+want, r.text, below)
		head := w.anyone(200, "HEAD", path+below)
		w.same(head, "Content-Length", r.get("Content-Length"), "Content-Type", r.get("Content-Type"), "Etag", r.get("Etag"))
		assert.Empty(w.t, head.text)
	}
	// A page is served as any object is.
	r := w.anyone(206, "GET", path+"/", "Range", "bytes=0-1")
	assert.Equal(w.t, "co", r.text)
	w.anyone(304, "GET", path+"/", "If-None-Match", "*")
	w.anyone(200, "GET", path+"/?format=json")

	// A token is that of a client of the API, unless it says otherwise.
	assert.Contains(w.t, w.names(path+"/"), "page.html")
	w.do(404, "GET", path+"/sub", "")
	w.do(404, "GET", path+"/sub/", "")
	assert.Equal(w.t, "content of /index.html", w.do(200, "GET", path+"/", "", "X-Web-Mode", "true").text)
	w.do(301, "GET", path+"/sub", "", "X-Web-Mode", "true")
	plain := w.container()
	w.do(204, "GET", plain, "")
	w.do(404, "GET", plain, "", "X-Web-Mode", "true")
	w.do(404, "GET", "/wire-missing", "", "X-Web-Mode", "true")

	// An empty value ends it.
	w.do(204, "POST", path, "", "X-Container-Meta-Web-Index", "", "X-Container-Meta-Web-Error", "")
	assert.Contains(w.t, w.anyone(200, "GET", path).text, "page.html\n")
	assert.Contains(w.t, w.anyone(404, "GET", path+"/nope").text, "<h1>Not Found</h1>")
}

func (w *wire) folders() {
	path := w.site("X-Container-Meta-Web-Index", "index.html")
	w.do(201, "PUT", path+"/odd%20%26%20%22x/index.html", "odd")
	for _, below := range []string{"", "/sub", "/dir", "/odd%20%26%20%22x"} {
		for _, method := range []string{"GET", "HEAD"} {
			r := w.anyone(301, method, path+below+"?x=y")
			at, err := url.Parse(r.get("Location"))
			require.NoError(w.t, err)
			whole, err := url.Parse(w.URL + path + below + "/")
			require.NoError(w.t, err)
			assert.Equal(w.t, whole.Path, at.Path)
			assert.Equal(w.t, whole.Host, at.Host)
			assert.Empty(w.t, at.RawQuery)
			w.same(r, "Content-Type", "text/html; charset=UTF-8")
			if method == "GET" {
				assert.Equal(w.t, "<html><h1>Moved Permanently</h1><p>The resource has moved permanently.</p></html>", r.text)
			}
		}
	}
	// A folder without an index, and no list wanted.
	r := w.anyone(404, "GET", path+"/dir/")
	assert.Contains(w.t, r.text, "<h1>Web Listing Disabled</h1>")
	assert.Contains(w.t, r.text, "<b>X-Container-Meta-Web-Index: index.html</b>")
	w.anyone(404, "GET", path+"/marker") // stands for a folder without anything in it
	w.anyone(404, "GET", path+"/nope")
	w.anyone(404, "GET", path+"/sub/nope")
	// Without a website a marker is an object.
	w.do(204, "POST", path, "", "X-Container-Meta-Web-Index", "")
	w.anyone(200, "GET", path+"/marker")
}

var links = regexp.MustCompile(`<tr[^>]*class="([^"]*)">\s*<td class="colname"><a href="([^"]*)">([^<]*)</a></td>\s*<td class="colsize">([^<]*)</td>`)

// rows are the rows of a list: class, link, text and size.
func (w *wire) rows(text string) [][]string {
	var rows [][]string
	for _, m := range links.FindAllStringSubmatch(text, -1) {
		// Swift has written links in several ways that lead to the same.
		link, err := url.PathUnescape(strings.TrimPrefix(m[2], "./"))
		require.NoError(w.t, err)
		rows = append(rows, []string{m[1], link, m[3], m[4]})
	}
	return rows
}

func (w *wire) folderLists() {
	path := w.site("X-Container-Meta-Web-Listings", "true", "X-Container-Meta-Web-Listings-CSS", "css/l.css")
	w.do(201, "PUT", path+"/z%20%26%20%3Cx%3E.txt", strings.Repeat("x", 3000), "Content-Type", "text/plain; charset=utf-8")
	r := w.anyone(200, "GET", path+"/")
	w.same(r, "Content-Type", "text/html; charset=UTF-8")
	assert.Contains(w.t, r.text, `<link rel="stylesheet" type="text/css" href="css/l.css" />`)
	page := []string{"item type-text type-html", "page.html", "page.html", "21"}
	assert.Contains(w.t, w.rows(r.text), page)
	rows := w.rows(r.text)
	assert.Equal(w.t, []string{"item subdir", "dir/", "dir/", "&nbsp;"}, rows[0])
	assert.Equal(w.t, []string{"item subdir", "sub/", "sub/", "&nbsp;"}, rows[1])
	last := rows[len(rows)-1]
	assert.Equal(w.t, []string{"z & <x>.txt", "z &amp; &lt;x&gt;.txt", "3Ki"}, last[1:])
	assert.Regexp(w.t, `^item type-text type-plain; ?charset=utf-8$`, last[0])
	head := w.anyone(200, "HEAD", path+"/")
	w.same(head, "Content-Length", r.get("Content-Length"))

	r = w.anyone(200, "GET", path+"/sub/")
	assert.Equal(w.t, [][]string{
		{"item", "../", "../", "&nbsp;"},
		{"item type-text type-html", "index.html", "index.html", "26"},
		{"item type-text type-plain", "x.txt", "x.txt", "21"},
	}, w.rows(r.text))
	assert.Contains(w.t, r.text, `href="../css/l.css"`)
	w.anyone(301, "GET", path+"/sub")
	w.anyone(404, "GET", path+"/nope")
	w.anyone(404, "GET", path+"/nope/")

	w.do(204, "POST", path, "", "X-Container-Meta-Web-Listings-CSS", "http://x/y z.css", "X-Container-Meta-Web-Listings-Label", "my <label>")
	r = w.anyone(200, "GET", path+"/sub/")
	assert.Contains(w.t, r.text, `href="http://x/y%20z.css"`)
	assert.Contains(w.t, r.text, "<title>Listing of my &lt;label&gt;/sub/</title>")

	// A list is for those who may list; an index is for all who may read.
	w.do(204, "POST", path, "", "X-Container-Read", ".r:*")
	w.anyone(401, "GET", path+"/")
	w.anyone(401, "GET", path+"/sub/")
	w.anyone(404, "GET", path+"/sub")
	w.do(204, "POST", path, "", "X-Container-Meta-Web-Index", "index.html")
	w.anyone(401, "GET", path+"/")
	assert.Equal(w.t, "content of /sub/index.html", w.anyone(200, "GET", path+"/sub/").text)

	w.do(204, "POST", path, "", append(public, "X-Container-Meta-Web-Listings", "false", "X-Container-Meta-Web-Index", "")...)
	r = w.anyone(404, "GET", path+"/")
	assert.Contains(w.t, r.text, "<h1>Web Listing Disabled</h1>")
	assert.NotContains(w.t, r.text, "Index File Not Found")
}

func (w *wire) errorPages() {
	path := w.site("X-Container-Meta-Web-Index", "index.html", "X-Container-Meta-Web-Error", "error.html")
	for _, below := range []string{"/nope", "/nope/", "/dir/", "/marker", "/sub/nope"} {
		r := w.anyone(404, "GET", path+below)
		assert.Equal(w.t, "content of /404error.html", r.text, below)
		w.same(r, "Content-Type", "text/html")
	}
	// What a request wants of a page it does not want of this one.
	assert.Equal(w.t, "content of /404error.html", w.anyone(404, "GET", path+"/nope", "If-None-Match", "*", "Range", "bytes=0-1").text)
	// Who has a token gets the error of the API.
	assert.Contains(w.t, w.do(404, "GET", path+"/nope", "").text, "<h1>Not Found</h1>")

	// A page that cannot be read is none.
	w.do(204, "DELETE", path+"/404error.html", "")
	assert.Contains(w.t, w.anyone(404, "GET", path+"/nope").text, "<h1>Not Found</h1>")
	assert.Contains(w.t, w.anyone(404, "GET", path+"/dir/").text, "<h1>Web Listing Disabled</h1>")
	w.do(204, "POST", path, "", "X-Container-Read", "")
	r := w.anyone(401, "GET", path+"/")
	assert.Contains(w.t, r.text, "<h1>Unauthorized</h1>")
	assert.NotEmpty(w.t, r.get("Www-Authenticate"))
	// An error page may be read where the list may not.
	w.do(204, "POST", path, "", "X-Container-Read", ".r:*")
	r = w.anyone(401, "GET", path)
	assert.Equal(w.t, "content of /401error.html", r.text)
	assert.Empty(w.t, r.get("Www-Authenticate"))
}

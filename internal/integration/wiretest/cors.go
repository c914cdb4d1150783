package wiretest

import (
	"slices"
	"strings"

	"github.com/stretchr/testify/assert"
)

// words are the elements of a header that is a list, in order.
func words(list string) []string {
	var out []string
	for word := range strings.SplitSeq(list, ",") {
		if word = strings.ToLower(strings.TrimSpace(word)); word != "" {
			out = append(out, word)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

const origins = "https://a.example http://b.example:8080"

func (w *wire) preflights() {
	path := w.container("X-Container-Meta-Access-Control-Allow-Origin", origins, "X-Container-Meta-Access-Control-Max-Age", "600")
	star := w.container("X-Container-Meta-Access-Control-Allow-Origin", "*")
	plain := w.container()
	ofObject := []string{"copy", "delete", "get", "head", "options", "post", "put"}
	ofContainer := ofObject[1:]

	// No object is needed for it, and no token.
	r := w.anyone(200, "OPTIONS", path+"/x", "Origin", "https://a.example", "Access-Control-Request-Method", "PUT",
		"Access-Control-Request-Headers", "x-auth-token, X-Foo")
	w.same(r, "Access-Control-Allow-Origin", "https://a.example", "Access-Control-Max-Age", "600")
	assert.Equal(w.t, ofObject, words(r.get("Access-Control-Allow-Methods")))
	assert.Equal(w.t, ofObject, words(r.get("Allow")))
	assert.Equal(w.t, []string{"x-auth-token", "x-foo"}, words(r.get("Access-Control-Allow-Headers")))
	assert.Equal(w.t, []string{"access-control-request-headers", "origin"}, words(r.get("Vary")))
	assert.Empty(w.t, r.text)

	r = w.anyone(200, "OPTIONS", path, "Origin", "http://b.example:8080", "Access-Control-Request-Method", "GET")
	w.same(r, "Access-Control-Allow-Origin", "http://b.example:8080", "Access-Control-Allow-Headers", "")
	assert.Equal(w.t, ofContainer, words(r.get("Access-Control-Allow-Methods")))
	r = w.anyone(200, "OPTIONS", star+"/x", "Origin", "https://c.example", "Access-Control-Request-Method", "GET")
	w.same(r, "Access-Control-Allow-Origin", "*", "Vary", "", "Access-Control-Max-Age", "")

	for _, refused := range []struct{ path, origin, method string }{
		{path + "/x", "https://c.example", "GET"}, {path + "/x", "http://a.example", "GET"}, {path + "/x", "https://a.example", "PATCH"},
		{path + "/x", "https://a.example", ""}, {path + "/x", "https://a.example", "get"}, {path + "/x", "https://a.example", "COPY"},
		{plain + "/x", "https://a.example", "GET"}, {"/wire-missing/x", "https://a.example", "GET"}, {plain, "https://a.example", "GET"},
	} {
		r := w.anyone(401, "OPTIONS", refused.path, "Origin", refused.origin, "Access-Control-Request-Method", refused.method)
		w.same(r, "Access-Control-Allow-Origin", "", "Access-Control-Allow-Methods", "", "Www-Authenticate", "")
		assert.NotEmpty(w.t, r.get("Allow"))
	}
	// Who is no browser gets to know the methods.
	for _, path := range []string{path + "/x", plain, ""} {
		r := w.anyone(200, "OPTIONS", path)
		assert.Contains(w.t, words(r.get("Allow")), "get")
		w.same(r, "Access-Control-Allow-Origin", "")
	}
	w.same(w.anyone(200, "OPTIONS", "", "Origin", "https://a.example", "Access-Control-Request-Method", "GET"), "Access-Control-Allow-Origin", "")
}

func (w *wire) otherOrigins() {
	path := w.container("X-Container-Read", ".r:*", "X-Container-Meta-Access-Control-Allow-Origin", origins,
		"X-Container-Meta-Access-Control-Expose-Headers", "X-Foo x-BAR")
	star := w.container("X-Container-Meta-Access-Control-Allow-Origin", "*", "X-Container-Meta-Color", "red")
	w.do(201, "PUT", path+"/x", "x", "X-Object-Meta-Color", "blue")
	always := []string{
		"cache-control", "content-language", "content-type", "etag", "expires", "last-modified", "pragma", "x-openstack-request-id",
		"x-timestamp", "x-trans-id",
	}
	exposed := func(more ...string) []string { return words(strings.Join(append(more, always...), ",")) }

	r := w.anyone(200, "GET", path+"/x", "Origin", "https://a.example")
	w.same(r, "Access-Control-Allow-Origin", "https://a.example", "Vary", "Origin")
	assert.Equal(w.t, exposed("x-bar", "x-foo", "x-object-meta-color"), words(r.get("Access-Control-Expose-Headers")))
	for _, origin := range []string{"https://c.example", "http://a.example", ""} {
		r := w.anyone(200, "GET", path+"/x", "Origin", origin)
		w.same(r, "Access-Control-Allow-Origin", "", "Access-Control-Expose-Headers", "", "Vary", "")
	}
	// A page sees what went wrong, too.
	r = w.anyone(404, "GET", path+"/nope", "Origin", "https://a.example")
	w.same(r, "Access-Control-Allow-Origin", "https://a.example")
	r = w.anyone(401, "GET", star+"/x", "Origin", "https://a.example")
	w.same(r, "Access-Control-Allow-Origin", "*", "Vary", "")
	w.same(w.do(404, "GET", "/wire-missing/x", "", "Origin", "https://a.example"), "Access-Control-Allow-Origin", "")

	r = w.do(204, "HEAD", star, "", "Origin", "https://a.example")
	assert.Contains(w.t, words(r.get("Access-Control-Expose-Headers")), "x-container-meta-color")
	for _, method := range []string{"PUT", "POST", "GET", "HEAD", "DELETE"} {
		r := w.send(w.Token, method, star+"/y", "", "Origin", "https://a.example")
		assert.Less(w.t, r.status, 300, method)
		w.same(r, "Access-Control-Allow-Origin", "*")
	}
	// The container that is written to counts.
	r = w.do(201, "COPY", path+"/x", "", "Destination", star+"/z", "Origin", "https://c.example")
	w.same(r, "Access-Control-Allow-Origin", "*")
	w.same(w.do(200, "GET", "", "", "Origin", "https://a.example"), "Access-Control-Allow-Origin", "")
}

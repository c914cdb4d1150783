package objectstorage_test

import (
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestListing(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	for _, name := range []string{"z", "a", "b/1", "b/2", "b/c/1", "b", "b/", "d//e", "가"} {
		s.object("/box/"+url.PathEscape(name), "x")
	}
	all := []string{"a", "b", "b/", "b/1", "b/2", "b/c/1", "d//e", "z", "가"}
	for query, want := range map[string][]string{
		"":                                   all,
		"limit=2":                            all[:2],
		"limit=0":                            {},
		"limit=x":                            all,
		"limit=10000":                        all,
		"marker=b/":                          all[3:],
		"marker=b/0":                         all[3:],
		"marker=zz":                          {"가"},
		"end_marker=b/1":                     {"a", "b", "b/"},
		"end_marker=b/0":                     {"a", "b", "b/"},
		"marker=b&end_marker=z&limit=2":      {"b/", "b/1"},
		"marker=z&end_marker=a":              {},
		"prefix=b/":                          {"b/", "b/1", "b/2", "b/c/1"},
		"prefix=b/&marker=a":                 {"b/", "b/1", "b/2", "b/c/1"},
		"prefix=nope":                        {},
		"prefix=b/&limit=2&marker=b/1":       {"b/2", "b/c/1"},
		"delimiter=/":                        {"a", "b", "b/", "d/", "z", "가"},
		"delimiter=/&limit=3":                {"a", "b", "b/"},
		"delimiter=/&marker=b/":              {"d/", "z", "가"},
		"delimiter=/&marker=b/1":             {"b/", "d/", "z", "가"},
		"delimiter=/&prefix=b/":              {"b/", "b/1", "b/2", "b/c/"},
		"delimiter=/&prefix=d/":              {"d//"},
		"delimiter=//":                       {"a", "b", "b/", "b/1", "b/2", "b/c/1", "d//", "z", "가"},
		"path=b":                             {"b/1", "b/2"},
		"path=b/":                            {"b/1", "b/2"},
		"path=":                              {"a", "b", "b/", "z", "가"},
		"reverse=on":                         {"가", "z", "d//e", "b/c/1", "b/2", "b/1", "b/", "b", "a"},
		"reverse=on&limit=2&marker=z":        {"d//e", "b/c/1"},
		"reverse=on&end_marker=b/2":          {"가", "z", "d//e", "b/c/1"},
		"reverse=on&prefix=b/&delimiter=/":   {"b/c/", "b/2", "b/1", "b/"},
		"reverse=on&delimiter=/&marker=zz":   {"z", "d/", "b/", "b", "a"},
		"prefix=%EA%B0%80":                   {"가"},
		"format=plain&prefix=a":              {"a"},
		"format=nonsense&prefix=a&limit=100": {"a"},
	} {
		assert.Equal(t, want, s.names("/box?"+query), query)
	}
	assert.Equal(t, "Maximum limit is 10000", s.want(412, "GET", "/box?limit=10001", "").Text)
	for _, parameter := range []string{"prefix", "marker", "end_marker", "delimiter", "path", "limit"} {
		for _, path := range []string{"", "/box"} {
			res := s.want(400, "GET", path+"?"+parameter+"=%ff", "")
			assert.Equal(t, `"`+parameter+`" parameter not valid UTF-8`, res.Text)
		}
	}
	s.want(412, "GET", "?limit=10001", "")

	list := s.list("/box?format=json&delimiter=/&prefix=b/")
	assert.Len(t, list, 4)
	assert.Equal(t, object{"subdir": "b/c/"}, list[3])
	assert.Equal(t, "b/", list[0]["name"])
}

func TestListingForms(t *testing.T) {
	s := newSwift(t)
	s.container("b&x")
	s.container("empty")
	s.object("/b&x/<1>", "hello", "Content-Type", "text/plain; charset=utf-8")
	s.object("/b&x/dir/2", "")

	xml := s.want(200, "GET", "/b&x?format=xml&delimiter=/", "")
	assert.Equal(t, "application/xml; charset=utf-8", xml.Header.Get("Content-Type"))
	assert.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<container name="b&amp;x"><object><name>&lt;1&gt;</name><hash>5d41402abc4b2a76b9719d911017c592</hash><bytes>5</bytes>`+
		`<content_type>text/plain; charset=utf-8</content_type><last_modified>2026-03-01T12:00:00.000020</last_modified></object>`+
		`<subdir name="dir/"><name>dir/</name></subdir></container>`, xml.Text)
	xml = s.want(200, "GET", "?format=xml", "")
	assert.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>`+"\n"+
		`<account name="AUTH_`+s.ObjectStorageTenantID+`"><container><name>b&amp;x</name><count>2</count><bytes>5</bytes>`+
		`<last_modified>2026-03-01T12:00:00.000000</last_modified></container><container><name>empty</name><count>0</count>`+
		`<bytes>0</bytes><last_modified>2026-03-01T12:00:00.000010</last_modified></container></account>`, xml.Text)

	for accept, kind := range map[string]string{
		"":                                   "text/plain",
		"*/*":                                "text/plain",
		"application/json":                   "application/json",
		"application/*":                      "application/json",
		"text/xml":                           "text/xml",
		"text/html, application/json;q=0.5":  "application/json",
		"*/*;q=0.1, application/xml":         "application/xml",
		"text/*, application/json":           "application/json",
		"application/json;q=0.2, text/plain": "text/plain",
		";;":                                 "text/plain",
	} {
		res := s.want(200, "GET", "/b&x", "", "Accept", accept)
		assert.Equal(t, kind+"; charset=utf-8", res.Header.Get("Content-Type"), accept)
		assert.Equal(t, "Accept", res.Header.Get("Vary"))
	}
	s.want(406, "GET", "/b&x", "", "Accept", "text/html")
	s.want(406, "GET", "", "", "Accept", "image/png")
	assert.Equal(t, "[]", s.want(200, "GET", "/empty?format=json", "").Text)
	assert.Empty(t, s.want(204, "GET", "/empty", "").Text)
	assert.Equal(t, "application/json; charset=utf-8", s.want(204, "HEAD", "/empty?format=json", "").Header.Get("Content-Type"))
	assert.Empty(t, s.want(200, "HEAD", "?format=json", "").Header.Get("Vary"))
}

func TestListContainers(t *testing.T) {
	s := newSwift(t)
	for _, name := range []string{"c", "a-2", "b", "a-1"} {
		s.container(name)
	}
	s.want(204, "DELETE", "/b", "")
	for query, want := range map[string][]string{
		"":                 {"a-1", "a-2", "c"},
		"prefix=a":         {"a-1", "a-2"},
		"marker=a-1":       {"a-2", "c"},
		"limit=1":          {"a-1"},
		"end_marker=c":     {"a-1", "a-2"},
		"delimiter=-":      {"a-", "c"},
		"reverse=1":        {"c", "a-2", "a-1"},
		"prefix=a&limit=1": {"a-1"},
	} {
		assert.Equal(t, want, s.names("?"+query), query)
	}
	assert.Equal(t, object{"subdir": "a-"}, s.list("?format=json&delimiter=-")[0])
}

func TestPagesOfTenThousand(t *testing.T) {
	s := newSwift(t)
	s.AddObjects("box", "", 10_050)
	s.AddObjects("box", "more/", 3)
	first := s.names("/box")
	assert.Len(t, first, 10_000)
	rest := s.names("/box?marker=" + first[9_999])
	assert.Len(t, rest, 53)
	assert.Equal(t, "object-10050", rest[len(rest)-1])
	assert.Equal(t, "10053", s.do("HEAD", "/box", "").Header.Get("X-Container-Object-Count"))
	s.want(200, "GET", "/box/object-00001", "")
	// Names that went and came again are there once, in their place.
	s.want(204, "DELETE", "/box/object-00002", "")
	s.want(204, "DELETE", "/box/more/object-00003", "")
	assert.Equal(t, []string{"object-00001", "object-00003"}, s.names("/box?prefix=object-0&limit=2"))
	s.object("/box/object-00002", "x")
	s.want(204, "DELETE", "/box/object-00005", "")
	s.object("/box/object-00005", "x")
	assert.Equal(t, []string{"object-00001", "object-00002", "object-00003", "object-00004", "object-00005", "object-00006"},
		s.names("/box?prefix=object-0&limit=6"))
	assert.Equal(t, []string{"more/object-00001", "more/object-00002"}, s.names("/box?prefix=more/"))
}

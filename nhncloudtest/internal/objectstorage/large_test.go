package objectstorage_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// segments makes three segments and a static large object of them.
func (s *swift) segments() {
	s.T.Helper()
	s.container("box")
	s.container("parts")
	s.object("/parts/p1", "one ")
	s.object("/parts/p2", "two ")
	s.object("/parts/p3", "three")
	s.object("/box/slo?multipart-manifest=put", `[{"path":"/parts/p1"},{"path":"/parts/p2"},{"path":"/parts/p3"}]`,
		"Content-Type", "text/plain", "X-Object-Meta-A", "b")
}

func sumOf(texts ...string) string {
	var all string
	for _, text := range texts {
		all += sum(text)
	}
	return sum(all)
}

func TestStaticLargeObjects(t *testing.T) {
	s := newSwift(t)
	s.segments()
	whole := sumOf("one ", "two ", "three")

	res := s.want(200, "GET", "/box/slo", "")
	assert.Equal(t, "one two three", res.Text)
	for _, method := range []string{"GET", "HEAD"} {
		res = s.want(200, method, "/box/slo", "")
		for k, v := range map[string]string{
			"Etag": `"` + whole + `"`, "Content-Length": "13", "Content-Type": "text/plain", "X-Static-Large-Object": "True",
			"X-Object-Meta-A": "b",
		} {
			assert.Equal(t, v, res.Header.Get(k), k)
		}
	}
	manifestTag := res.Header.Get("X-Manifest-Etag")
	s.want(304, "GET", "/box/slo", "", "If-None-Match", whole)
	s.want(412, "GET", "/box/slo", "", "If-Match", manifestTag)
	for header, want := range map[string]string{"bytes=2-5": "e tw", "bytes=-5": "three", "bytes=4-": "two three", "bytes=0-99": "one two three"} {
		assert.Equal(t, want, s.want(206, "GET", "/box/slo", "", "Range", header).Text)
	}
	s.want(416, "GET", "/box/slo", "", "Range", "bytes=13-")

	res = s.want(200, "GET", "/box/slo?multipart-manifest=get", "")
	assert.Equal(t, "application/json; charset=utf-8", res.Header.Get("Content-Type"))
	assert.Equal(t, manifestTag, res.Header.Get("Etag"))
	assert.Equal(t, sum(res.Text), manifestTag)
	assert.Equal(t, fmt.Sprint(len(res.Text)), res.Header.Get("Content-Length"))
	var list []object
	require.NoError(t, json.Unmarshal([]byte(res.Text), &list))
	require.Len(t, list, 3)
	assert.Equal(t, object{
		"name": "/parts/p1", "bytes": 4.0, "hash": sum("one "), "content_type": "application/octet-stream",
		"last_modified": "2026-03-01T12:00:01.000000",
	}, list[0])
	raw := s.want(200, "GET", "/box/slo?multipart-manifest=get&format=raw", "")
	list = nil
	require.NoError(t, json.Unmarshal([]byte(raw.Text), &list))
	assert.Equal(t, object{"path": "/parts/p3", "etag": sum("three"), "size_bytes": 5.0}, list[2])
	assert.Equal(t, sum(raw.Text), raw.Header.Get("Etag"))
	// In that form it can be put again.
	assert.Equal(t, `"`+whole+`"`, s.object("/box/again?multipart-manifest=put", raw.Text, "Etag", whole).Header.Get("Etag"))
	s.want(422, "PUT", "/box/again?multipart-manifest=put", raw.Text, "Etag", manifestTag)

	entry := s.list("/box?format=json&prefix=slo")[0]
	assert.Equal(t, manifestTag, entry["hash"])
	assert.Equal(t, `"`+whole+`"`, entry["slo_etag"])
	assert.EqualValues(t, 13, entry["bytes"])

	// New metadata leave it what it is.
	s.want(202, "POST", "/box/slo", "", "X-Object-Meta-A", "c")
	assert.Equal(t, "one two three", s.want(200, "GET", "/box/slo", "").Text)
	// Deleting it alone leaves the segments.
	s.want(204, "DELETE", "/box/slo", "")
	assert.Equal(t, []string{"p1", "p2", "p3"}, s.names("/parts"))
}

func TestManifestElements(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.container("empty")
	s.object("/empty/0", "")
	// Ranges, data of its own, and another manifest.
	data := base64.StdEncoding.EncodeToString([]byte("-"))
	s.object("/box/mixed?multipart-manifest=put", `[{"path":"parts/p1","range":"0-1"},{"data":"`+data+`"},
		{"path":"/box/slo","range":"-5","etag":"`+sumOf("one ", "two ", "three")+`","size_bytes":13},
		{"path":"parts/p2","range":"0-3","size_bytes":"4"},{"path":"box/slo","size_bytes":null,"etag":null},{"path":"/empty/0","size_bytes":0}]`)
	res := s.want(200, "GET", "/box/mixed", "")
	assert.Equal(t, "on-threetwo one two three", res.Text)
	assert.Equal(t, `"`+sum(sum("one ")+":0-1;"+sum("-")+sumOf("one ", "two ", "three")+":8-12;"+sum("two ")+
		sumOf("one ", "two ", "three")+sum(""))+`"`, res.Header.Get("Etag"))
	assert.Equal(t, "reetwo one t", s.want(206, "GET", "/box/mixed", "", "Range", "bytes=5-16").Text)
	// Copied, it gets new data, or the same segments.
	s.want(201, "COPY", "/box/mixed", "", "Destination", "box/flat")
	flat := s.want(200, "GET", "/box/flat", "")
	assert.Equal(t, res.Text, flat.Text)
	assert.Equal(t, sum(res.Text), flat.Header.Get("Etag"))
	assert.Empty(t, flat.Header.Get("X-Static-Large-Object"))
	s.want(201, "COPY", "/box/mixed?multipart-manifest=get", "", "Destination", "box/again")
	s.want(201, "PUT", "/box/third", "", "X-Copy-From", "/box/mixed; multipart-manifest=get")
	for _, name := range []string{"/box/again", "/box/third"} {
		again := s.want(200, "GET", name, "")
		assert.Equal(t, res.Text, again.Text)
		assert.Equal(t, res.Header.Get("Etag"), again.Header.Get("Etag"))
		assert.Equal(t, "True", again.Header.Get("X-Static-Large-Object"))
	}
	raw := s.want(200, "GET", "/box/mixed?multipart-manifest=get&format=raw", "")
	assert.Contains(t, raw.Text, `{"data":"`+data+`"}`)
	assert.Contains(t, raw.Text, `"range":"8-12"`)

	// A dynamic one as a segment is taken when it is put, but is none later.
	s.object("/box/dlo", "", "X-Object-Manifest", "parts/p1")
	s.object("/box/odd?multipart-manifest=put", `[{"path":"box/dlo","size_bytes":4,"etag":"`+sumOf("one ")+`"}]`)
	s.want(409, "GET", "/box/odd", "")
	// An empty list makes an empty object.
	s.object("/box/none?multipart-manifest=put", `[]`)
	assert.Empty(t, s.want(200, "GET", "/box/none", "").Text)
}

func TestManifestsRefused(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.container("empty")
	s.object("/empty/0", "")
	for body, text := range map[string]string{
		`{`:                                      "Manifest must be valid JSON.\n",
		`[] []`:                                  "Manifest must be valid JSON.\n",
		`{}`:                                     "Manifest must be a list.\n",
		`[1]`:                                    "Index 0: not a JSON object\n",
		`[{}]`:                                   "Index 0: expected keys to include one of 'path' or 'data'\n",
		`[{"path":"parts/p1","b":1,"a":2}]`:      `Index 0: extraneous keys "a", "b"` + "\n",
		`[{"path":1}]`:                           `Index 0: "path" must be a string` + "\n",
		`[{"path":"parts/p1","etag":1}]`:         `Index 0: "etag" must be a string or null (if provided)` + "\n",
		`[{"path":"/parts/"}]`:                   "Index 0: path does not refer to an object. Path must be of the form /container/object.\n",
		`[{"path":"parts/p1","size_bytes":"x"}]`: "Index 0: invalid size_bytes\n",
		`[{"path":"parts/p1","size_bytes":0},{"path":"x"}]`:      "Index 0: too small; each segment must be at least 1 byte.\nIndex 1: path does not refer to an object. Path must be of the form /container/object.\n",
		`[{"path":"box/new"}]`:                                   "Index 0: manifest must not include itself as a segment\n",
		`[{"path":"parts/p1","range":5}]`:                        "Index 0: invalid range\n",
		`[{"path":"parts/p1","range":"x"}]`:                      "Index 0: invalid range\n",
		`[{"path":"parts/p1","range":"0-1,2-3"}]`:                "Index 0: multiple ranges (only one allowed)\n",
		`[{"path":"parts/p1","range":"9-","size_bytes":4}]`:      "Index 0: unsatisfiable range\n",
		`[{"data":"AA=="}]`:                                      "Inline data segments require at least one object-backed segment.\n",
		`[{"path":"parts/p1"},{"data":"?"}]`:                     "Index 1: data must be valid base64\n",
		`[{"path":"parts/p1"},{"data":7}]`:                       "Index 1: data must be valid base64\n",
		`[{"path":"parts/p1"},{"data":""}]`:                      "Index 1: too small; each segment must be at least 1 byte.\n",
		`[{"path":"/parts/nope"}]`:                               "Errors:\n/parts/nope, 404 Not Found\n",
		`[{"path":"/no pe/한"}]`:                                  "Errors:\n/no%20pe/%ED%95%9C, 404 Not Found\n",
		`[{"path":"parts/p1","etag":"x","size_bytes":5}]`:        "Errors:\nparts/p1, Size Mismatch\nparts/p1, Etag Mismatch\n",
		`[{"path":"parts/p1","range":"9-"}]`:                     "Errors:\nparts/p1, Unsatisfiable Range\n",
		`[{"path":"/empty/0"},{"path":"parts/p1"}]`:              "Errors:\n/empty/0, Too small; each segment must be at least 1 byte.\n",
		`[{"path":"parts/p2","etag":"` + sum("three") + `"}]`:    "Errors:\nparts/p2, Etag Mismatch\n",
		`[{"path":"parts/p2","etag":"\"` + sum("two ") + `\""}]`: "Errors:\nparts/p2, Etag Mismatch\n",
	} {
		assert.Equal(t, text, s.want(400, "PUT", "/box/new?multipart-manifest=put", body).Text, body)
	}
	s.want(404, "GET", "/box/new", "")
	res := s.want(400, "PUT", "/box/new?multipart-manifest=put", `[{"path":"/parts/nope"}]`, "Accept", "application/json")
	assert.JSONEq(t, `{"Errors":[["/parts/nope","404 Not Found"]]}`, res.Text)
	assert.Equal(t, "application/json", res.Header.Get("Content-Type"))
	res = s.want(400, "PUT", "/box/new?multipart-manifest=put", `[{"path":"/parts/nope"}]`, "Accept", "text/xml")
	assert.Equal(t, "<upload>\n<errors>\n<object><name>/parts/nope</name><status>404 Not Found</status></object>\n</errors>\n</upload>\n", res.Text)

	many := "[" + strings.Repeat(`{"path":"parts/p1"},`, 10_000) + `{"path":"parts/p1"}]`
	assert.Equal(t, "Number of object-backed segments must be <= 10000", s.want(413, "PUT", "/box/new?multipart-manifest=put", many).Text)
	s.object("/box/new?multipart-manifest=put", strings.Replace(many, `{"path":"parts/p1"},`, "", 1))
	assert.Equal(t, "40000", s.want(200, "HEAD", "/box/new", "").Header.Get("Content-Length"))
	assert.Contains(t, s.want(413, "PUT", "/box/new?multipart-manifest=put", strings.Repeat(" ", 8<<20+1), "Connection", "close").Text, "Manifest File >")
	s.want(404, "PUT", "/nope/new?multipart-manifest=put", "[]")
	s.want(412, "PUT", "/box/slo?multipart-manifest=put", "[]", "If-None-Match", "*")
}

func TestSegmentsThatAreGone(t *testing.T) {
	s := newSwift(t)
	s.segments()
	// A later one breaks the connection, as what came before was sent.
	s.want(204, "DELETE", "/parts/p3", "")
	resp, err := s.HTTP.Do(s.request("GET", "/box/slo", nil))
	require.NoError(t, err)
	data, err := io.ReadAll(resp.Body)
	require.Error(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, 200, resp.StatusCode)
	assert.LessOrEqual(t, len(data), 8)
	assert.Equal(t, "one two", s.want(206, "GET", "/box/slo", "", "Range", "bytes=0-6").Text)
	s.want(409, "COPY", "/box/slo", "", "Destination", "box/copy")
	s.want(400, "COPY", "/box/slo?multipart-manifest=get", "", "Destination", "box/copy")
	// One that was overwritten is as good as gone.
	s.object("/parts/p1", "ONE ")
	s.want(409, "GET", "/box/slo", "")
	s.want(200, "HEAD", "/box/slo", "")
	s.want(409, "COPY", "/box/slo", "", "Destination", "box/copy")
	s.want(404, "GET", "/box/copy", "")
}

func TestDynamicLargeObjects(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.object("/box/dlo", "", "X-Object-Manifest", "parts/p", "Content-Type", "text/plain")
	for _, method := range []string{"GET", "HEAD"} {
		res := s.want(200, method, "/box/dlo", "")
		for k, v := range map[string]string{
			"Etag": `"` + sumOf("one ", "two ", "three") + `"`, "Content-Length": "13", "Content-Type": "text/plain",
			"X-Object-Manifest": "parts/p",
		} {
			assert.Equal(t, v, res.Header.Get(k), k)
		}
	}
	assert.Equal(t, "one two three", s.want(200, "GET", "/box/dlo", "").Text)
	assert.Equal(t, "wo t", s.want(206, "GET", "/box/dlo", "", "Range", "bytes=5-8").Text)
	s.want(416, "GET", "/box/dlo", "", "Range", "bytes=99-")
	// It finds what comes later.
	s.object("/parts/p2b", "and ")
	s.object("/parts/px", "!")
	assert.Equal(t, "one two and three!", s.want(200, "GET", "/box/dlo", "").Text)
	s.object("/box/dlo2", "", "X-Object-Manifest", "parts/%702")
	assert.Equal(t, "two and ", s.want(200, "GET", "/box/dlo2", "").Text)
	assert.Empty(t, s.want(200, "GET", "/box/dlo?multipart-manifest=get", "").Text)

	s.want(201, "COPY", "/box/dlo", "", "Destination", "box/flat")
	flat := s.want(200, "GET", "/box/flat", "")
	assert.Equal(t, "one two and three!", flat.Text)
	assert.Empty(t, flat.Header.Get("X-Object-Manifest"))
	s.want(201, "COPY", "/box/dlo?multipart-manifest=get", "", "Destination", "box/again")
	assert.Equal(t, "parts/p", s.want(200, "HEAD", "/box/again", "").Header.Get("X-Object-Manifest"))

	// Without its header a change makes it an empty object.
	s.want(202, "POST", "/box/again", "")
	assert.Empty(t, s.want(200, "GET", "/box/again", "").Text)
	s.want(202, "POST", "/box/again", "", "X-Object-Manifest", "parts/p1")
	assert.Equal(t, "one ", s.want(200, "GET", "/box/again", "").Text)
	s.object("/box/nothing", "", "X-Object-Manifest", "nope/x")
	s.want(404, "GET", "/box/nothing", "") // its container is missing
	s.object("/box/nothing", "", "X-Object-Manifest", "parts/nope")
	assert.Empty(t, s.want(200, "GET", "/box/nothing", "").Text)
	for _, bad := range []string{"", "/x", "parts", "parts/", "parts//x", "parts/x?y", "parts/x&y"} {
		res := s.want(400, "PUT", "/box/x", "", "X-Object-Manifest", bad)
		assert.Equal(t, "X-Object-Manifest must be in the format container/prefix", res.Text)
	}
}

func TestDeleteManifest(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.object("/parts/p4", "four")
	s.object("/box/outer?multipart-manifest=put", `[{"path":"box/slo"},{"data":"AAAA"},{"path":"parts/p4"}]`)
	s.want(204, "DELETE", "/parts/p2", "")
	res := s.want(200, "DELETE", "/box/outer?multipart-manifest=delete", "", "Accept", "application/json")
	assert.JSONEq(t, `{"Response Status":"200 OK","Response Body":"","Number Deleted":5,"Number Not Found":1,"Errors":[]}`, res.Text)
	assert.Empty(t, s.names("/parts"))
	assert.Empty(t, s.names("/box"))

	s.object("/box/plain", "x")
	res = s.want(200, "DELETE", "/box/plain?multipart-manifest=delete", "")
	assert.Equal(t, "Number Deleted: 0\nNumber Not Found: 0\nResponse Body: \nResponse Status: 400 Bad Request\n"+
		"Errors:\n/box/plain, Not an SLO manifest\n", res.Text)
	res = s.want(200, "DELETE", "/box/nope?multipart-manifest=delete", "", "Accept", "application/json")
	assert.JSONEq(t, `{"Response Status":"200 OK","Response Body":"","Number Deleted":0,"Number Not Found":1,"Errors":[]}`, res.Text)
	res = s.otherTenant().want(200, "DELETE", "/box/plain?multipart-manifest=delete", "")
	assert.Contains(t, res.Text, "/box/plain, 403 Forbidden")
}

func TestBulkDelete(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.container("full")
	s.container("a.b")
	for _, name := range []string{"/box/1", "/box/a%20b", "/box/dir/", "/full/1"} {
		s.object(name, "x")
	}
	res := s.want(200, "POST", "?bulk-delete", "box\n/box/1\nbox/a%20b\r\n/box/dir/\n\n/box/nope\nfull\n/a.b/\n/box/%ff\n",
		"Accept", "application/json", "Content-Type", "text/plain")
	assert.JSONEq(t, `{"Response Status":"400 Bad Request","Response Body":"","Number Deleted":5,"Number Not Found":1,
		"Errors":[["box/%FF","412 Precondition Failed"],["full","409 Conflict"]]}`, res.Text)
	assert.Equal(t, []string{"full"}, s.names(""))
	res = s.want(200, "DELETE", "?bulk-delete=1", "full/1\nfull", "Accept", "application/xml")
	assert.Equal(t, "<delete>\n<number_deleted>2</number_deleted>\n<number_not_found>0</number_not_found>\n"+
		"<response_body></response_body>\n<response_status>200 OK</response_status>\n<errors>\n</errors>\n</delete>\n", res.Text)
	res = s.want(200, "POST", "?bulk-delete", "\n", "Accept", "application/json")
	assert.Contains(t, res.Text, `"Response Body":"Invalid bulk delete."`)
	res = s.want(200, "POST", "?bulk-delete", "x", "Content-Type", "application/json")
	assert.Contains(t, res.Text, "Response Status: 406 Not Acceptable")
	res = s.want(200, "POST", "?bulk-delete", strings.Repeat("a/b\n", 10_001))
	assert.Contains(t, res.Text, "Maximum Bulk Deletes: 10000 per request")
	assert.Contains(t, res.Text, "Response Status: 413 Request Entity Too Large")
	s.container("box")
	res = s.as("").want(200, "POST", "?bulk-delete", "box/x\nbox")
	assert.Contains(t, res.Text, "box/x, 401 Unauthorized\nbox, 401 Unauthorized\n")
}

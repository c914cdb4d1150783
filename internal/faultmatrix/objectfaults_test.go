package faultmatrix

import (
	"fmt"
	"net/http"
	"strings"
)

// ranged is an answer with another Content-Range, and a body that fits it where
// it says how long that is.
func ranged(value string, size int) func(x *exchange) {
	return edited(func(a answer) answer {
		if a.status == http.StatusOK || a.status == http.StatusPartialContent {
			a = a.with("Content-Range", value)
			a.status = http.StatusPartialContent
			if size >= 0 {
				a.body = []byte(strings.Repeat("x", size))
			}
		}
		return a
	})
}

// successes edits the answers that are one.
func successes(edit func(a answer) answer) func(x *exchange) {
	return edited(func(a answer) answer {
		if a.status < 300 {
			a = edit(a)
		}
		return a
	})
}

// early answers before it has read what is to be stored.
func early(a answer) func(x *exchange) {
	return func(x *exchange) { x.send(a) }
}

// objectFaults are those of object storage.
var objectFaults = []*fault{
	{name: "201 before the body", objects: true, claims: true, do: early(plain(201))},
	{name: "201 before the body, with an ETag", objects: true, claims: true, etags: true, do: early(plain(201, "ETag", md5Of(nil)))},
	{name: "201 before the body, with the ETag", objects: true, claims: true, knows: true, etags: true, do: early(plain(201, "ETag", md5Of(smallContent)))},
	{name: "201 before the body, with the other ETag", objects: true, claims: true, knows: true, etags: true, do: early(plain(201, "ETag", md5Of(largeContent)))},
	{name: "201 without an ETag", objects: true, claims: true, do: saying(plain(201))},
	{name: "201 with another ETag", objects: true, claims: true, etags: true, do: saying(plain(201, "ETag", md5Of([]byte("another"))))},
	{name: "204 of a service", objects: true, claims: true, do: saying(plain(204, "X-Trans-Id", "tx")), empty: true},
	{name: "no ETag", objects: true, do: successes(func(a answer) answer { return a.with("Etag", "") })},
	{name: "empty ETag", objects: true, do: successes(func(a answer) answer { a = a.with("Etag", ""); a.header["Etag"] = []string{""}; return a })},
	{name: "ETag in capitals", objects: true, good: true, do: successes(func(a answer) answer {
		if etag := a.header.Get("Etag"); etag != "" {
			a = a.with("Etag", strings.ToUpper(etag))
		}
		return a
	})},
	{name: "ETag in quotes", objects: true, good: true, do: successes(func(a answer) answer {
		if etag := a.header.Get("Etag"); etag != "" {
			a = a.with("Etag", `"`+etag+`"`)
		}
		return a
	})},
	{name: "ETag that is weak", objects: true, good: true, do: successes(func(a answer) answer {
		if etag := a.header.Get("Etag"); etag != "" {
			a = a.with("Etag", `W/"`+etag+`"`)
		}
		return a
	})},
	{name: "another ETag", objects: true, etags: true, do: successes(func(a answer) answer { return a.with("Etag", md5Of([]byte("another"))) })},
	{name: "ETag that is no MD5", objects: true, do: successes(func(a answer) answer { return a.with("Etag", `"5f3-62a1b2c3"`) })},
	{name: "no times", objects: true, do: successes(func(a answer) answer { return a.with("Last-Modified", "", "X-Timestamp", "") })},
	{name: "nothing of an object", objects: true, do: successes(func(a answer) answer {
		return a.with("Etag", "", "Last-Modified", "", "X-Timestamp", "", "X-Static-Large-Object", "", "X-Object-Manifest", "")
	})},
	{name: "bytes changed", objects: true, do: func(x *exchange) {
		a, ok := x.act()
		if !ok {
			return
		}
		if x.r.Method == http.MethodGet && len(a.body) > 0 && a.header.Get("Etag") != "" && a.status == http.StatusOK && a.header.Get("X-Object-Manifest") == "" {
			a.body = append([]byte{}, a.body...)
			a.body[len(a.body)/2] ^= 1
		}
		x.send(a)
	}},
	{name: "206 for the whole", objects: true, do: successes(func(a answer) answer {
		if a.status == http.StatusOK {
			a.status = http.StatusPartialContent
		}
		return a
	})},
	{name: "206 without a range", objects: true, do: successes(func(a answer) answer { return a.with("Content-Range", "") })},
	{name: "200 for a range", objects: true, do: successes(func(a answer) answer {
		if a.status == http.StatusPartialContent {
			a.status = http.StatusOK
		}
		return a
	})},
	{name: "200 of nothing for a range", objects: true, do: successes(func(a answer) answer {
		if a.status == http.StatusPartialContent {
			a.status, a.body = http.StatusOK, nil
			a = a.with("Content-Range", "")
		}
		return a
	})},
	{name: "Content-Range that overflows", objects: true, do: ranged("bytes 0-9223372036854775807/9223372036854775808", 10)},
	{name: "Content-Range of everything", objects: true, do: ranged("bytes 0-9223372036854775806/9223372036854775807", -1)},
	{name: "Content-Range reversed", objects: true, do: ranged("bytes 1499-1000/3000", 500)},
	{name: "Content-Range too long", objects: true, do: ranged("bytes 1000-1999/3000", 1000)},
	{name: "Content-Range too short", objects: true, do: ranged("bytes 1000-1009/3000", 10)},
	{name: "Content-Range elsewhere", objects: true, do: ranged("bytes 0-499/3000", 500)},
	{name: "Content-Range without a size", objects: true, do: ranged("bytes 1000-1499/*", -1)},
	{name: "Content-Range of words", objects: true, do: ranged("pages one-two/three", -1)},
	{name: "Content-Range with more bytes", objects: true, do: ranged("bytes 1000-1499/3000", 600)},
	{name: "another size", objects: true, sizes: true, do: func(x *exchange) {
		a, ok := x.act()
		if !ok {
			return
		}
		if x.r.Method == http.MethodHead && a.status == http.StatusOK {
			a = a.with("Content-Length", "1")
		}
		x.send(a)
	}},
	{name: "size of everything", objects: true, sizes: true, do: func(x *exchange) {
		a, ok := x.act()
		if !ok {
			return
		}
		if x.r.Method == http.MethodHead && a.status == http.StatusOK {
			a = a.with("Content-Length", "9223372036854775807")
		}
		x.send(a)
	}},
	{name: "a manifest without its end", objects: true, lists: true, do: edited(func(a answer) answer {
		if first, _, more := strings.Cut(string(a.body), "},"); more && strings.HasPrefix(first, `[{"bytes"`) {
			a.body = []byte(first + "}]")
		}
		return a
	})},
	{name: "201 for everything", objects: true, claims: true, etags: true, do: func(x *exchange) {
		x.drain()
		x.send(plain(201, "ETag", md5Of(nil), "X-Trans-Id", fmt.Sprint(x.cell.number)))
	}},
}

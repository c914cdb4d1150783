package faultmatrix

import (
	"fmt"
	"net/http"
	"strings"
	"time"
)

// saying answers without acting.
func saying(a answer) func(x *exchange) {
	return func(x *exchange) {
		x.drain()
		x.send(a)
	}
}

// redirect sends the client away.
func redirect(status int, to func(x *exchange) string) func(x *exchange) {
	return func(x *exchange) {
		x.drain()
		x.send(plain(status, "Location", to(x)))
	}
}

// redirectFaults are redirects, to the same host and to others.
func redirectFaults() []*fault {
	list := []*fault{
		{name: "redirect in circles", do: redirect(http.StatusFound, func(x *exchange) string { return x.r.URL.RequestURI() })},
		{name: "redirect to nowhere", do: redirect(http.StatusFound, func(*exchange) string { return "" })},
		{name: "redirect to no URL", do: redirect(http.StatusFound, func(*exchange) string { return "http://[::1/%zz" })},
		{name: "redirect to another scheme", do: redirect(http.StatusFound, func(*exchange) string { return "ftp://127.0.0.1/" })},
		{name: "300", do: saying(jsonText(300, `{"choices": []}`))},
		{name: "304", do: saying(plain(304))},
	}
	for _, status := range []int{301, 302, 303, 307, 308} {
		list = append(list,
			&fault{name: fmt.Sprintf("%d to another host", status), do: redirect(status, func(x *exchange) string { return x.cell.base + x.r.URL.Path })},
			&fault{name: fmt.Sprintf("%d to the same host", status), do: func(x *exchange) {
				if strings.HasPrefix(x.r.URL.Path, "/again") {
					x.r.URL.Path = strings.TrimPrefix(x.r.URL.Path, "/again")
					x.pass()
					return
				}
				x.drain()
				x.send(plain(status, "Location", "/again"+x.r.URL.RequestURI()))
			}})
	}
	return list
}

// What proxies and services say beside their status.
const (
	page      = "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body><h1>Please log in</h1></body></html>"
	errorText = `{"error": {"code": 0, "title": "Failed", "message": "it does not work"}}`
)

// statusFaults are answers with a status that nobody asked for.
func statusFaults() []*fault {
	var list []*fault
	for _, status := range []int{200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 299} {
		list = append(list, &fault{name: fmt.Sprintf("%d, empty", status), do: saying(plain(status)), claims: true, empty: status == http.StatusNoContent})
		if status != http.StatusNoContent {
			list = append(list,
				&fault{name: fmt.Sprintf("%d, {}", status), do: saying(jsonText(status, "{}")), claims: true},
				&fault{name: fmt.Sprintf("%d, a page", status), do: saying(text(status, "text/html; charset=utf-8", page)), claims: true, page: true})
		}
	}
	for _, status := range []int{
		400, 401, 402, 403, 404, 405, 406, 407, 409, 410, 411, 412, 413, 414, 415, 416, 417, 418, 421, 422, 423, 424, 425, 426, 428, 429, 431, 451, 499,
		501, 505, 507, 508, 511, 599,
	} {
		list = append(list, &fault{name: fmt.Sprintf("%d", status), do: saying(jsonText(status, errorText)), absent: status == 404 || status == 410})
	}
	return list
}

// filler is a body of a megabyte and a half.
var filler = `{"message": "` + strings.Repeat("x", 3<<19) + `"}`

// bodies are those that no operation answers with.
var bodies = []struct{ name, text string }{
	{"no JSON", "\x00\xff\x01garbage"},
	{"half of JSON", `{"server": {"id": "a`},
	{"null", "null"},
	{"a list", `[1, "a", null]`},
	{"a text", `"ok"`},
	{"other types", `{"server": "s", "servers": {"id": 1}, "keypair": [], "vpc": 1, "header": [], "access": "a", "instance": 0, "instances": "x"}`},
	{"other members", `{"a": {"id": "x"}}`},
	{"empty members", `{"server": {}, "servers": [{}], "vpc": {}, "keypair": {}, "access": {}, "header": {}, "instance": {}, "instances": [{}]}`},
	{"much depth", strings.Repeat(`{"server":[`, 20_000)},
	{"much depth, whole", strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000)},
	{"a megabyte", filler},
	{"200,000 objects", "{" + header10 + `, "servers": [` + strings.Repeat("{},", 200_000) + `{}], "instances": [` + strings.Repeat("{},", 200_000) + "{}]}"},
	{"a list of 200,000 objects", "[" + strings.Repeat("{},", 200_000) + "{}]"},
	{"a long number", strings.Repeat("9", 1<<20)},
}

// bodyFaults are bodies that are wrong, or do not end, of a success and of
// failures.
func bodyFaults() []*fault {
	var list []*fault
	for _, status := range []int{200, 404} {
		for _, body := range bodies {
			list = append(list, &fault{name: fmt.Sprintf("%d with %s", status, body.name), do: saying(jsonText(status, body.text)), single: true, claims: status < 300, absent: status == 404, agrees: strings.Contains(body.text, header10)})
		}
	}
	for _, status := range []int{200, 201, 404, 503} {
		a := jsonText(status, `{"message": "`)
		list = append(list,
			&fault{name: fmt.Sprintf("%d, and hangs", status), hangs: true, claims: status < 300, absent: status == 404, do: func(x *exchange) {
				x.drain()
				x.begin(a.with("Content-Length", "1000"))
				x.piece(a, a.body)
				x.hang()
			}},
			&fault{name: fmt.Sprintf("%d, and drips", status), hangs: true, claims: status < 300, absent: status == 404, do: func(x *exchange) {
				x.drain()
				if x.begin(a.with("Content-Length", "100000")); x.r.Method != http.MethodHead {
					x.piece(a, a.body)
					x.drip("x")
				}
			}},
			&fault{name: fmt.Sprintf("%d without an end", status), hangs: true, claims: status < 300, absent: status == 404, do: func(x *exchange) {
				x.drain()
				if x.line.head(a.status, a.header, -1); x.r.Method == http.MethodHead {
					return
				}
				piece := []byte(strings.Repeat("x", 64<<10))
				for x.piece(a, piece) {
				}
			}})
	}
	return list
}

// refusing answers with a status that may pass.
func refusing(status int, header ...string) func(x *exchange) {
	a := plain(status, append([]string{"Content-Type", "application/json"}, header...)...)
	a.body = []byte(errorText)
	return saying(a)
}

// retryFaults ask to come again.
var retryFaults = []*fault{
	{name: "401 for the token", passes: true, do: refusing(401, "Www-Authenticate", `Keystone uri="x"`)},
	{name: "429 at once", passes: true, do: refusing(429, "Retry-After", "0")},
	{name: "429 soon", passes: true, do: refusing(429, "Retry-After", "0.05")},
	{name: "429 tomorrow", do: refusing(429, "Retry-After", "86400")},
	{name: "429 yesterday", do: refusing(429, "Retry-After", "-1")},
	{name: "429 some day", do: refusing(429, "Retry-After", "soon")},
	{name: "429 never", do: refusing(429, "Retry-After", "1e400")},
	{name: "429 not a number", do: refusing(429, "Retry-After", "NaN")},
	{name: "503 at once", passes: true, do: refusing(503, "Retry-After", "0")},
	{name: "503 at a time", do: refusing(503, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")},
	{name: "503 at a time that was", do: refusing(503, "Retry-After", "Thu, 01 Jan 1970 00:00:00 GMT")},
	{name: "408", do: refusing(408)},
	{name: "498", do: refusing(498)},
	{name: "500", do: refusing(500)},
	{name: "502", do: refusing(502)},
	{name: "503", do: refusing(503)},
	{name: "504", do: refusing(504)},
	{name: "503 after a while", do: func(x *exchange) {
		x.drain()
		time.Sleep(patience / 2)
		x.send(jsonText(503, errorText))
	}},
	{name: "503 before the body", do: func(x *exchange) { x.send(jsonText(503, errorText)) }},
	{name: "413 before the body", do: func(x *exchange) { x.send(jsonText(413, errorText)) }},
}

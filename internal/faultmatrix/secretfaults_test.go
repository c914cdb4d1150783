package faultmatrix

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"html"
	"net/http"
	"net/url"
	"strings"
)

// formsOf are the forms that a secret may be repeated in.
func formsOf(secret string) []string {
	quoted := marshaled(secret)
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(secret)
	return []string{
		secret, quoted[1 : len(quoted)-1], strings.Trim(plain.String(), "\n\""), url.QueryEscape(secret), url.PathEscape(secret), html.EscapeString(secret),
		base64.StdEncoding.EncodeToString([]byte(secret)), base64.URLEncoding.EncodeToString([]byte(secret)),
	}
}

// told is every secret that came with a request in every form, as a part of a
// header line.
func (x *exchange) told() string {
	var b strings.Builder
	for _, secret := range x.cell.sentWith(x.r) {
		for _, form := range formsOf(secret) {
			b.WriteString(strings.NewReplacer("\n", " ", "\r", " ").Replace(form))
			b.WriteString(" ")
		}
	}
	return strings.TrimSpace(b.String())
}

// echo makes a fault of what is said about the secrets.
func echo(name string, raw bool, say func(x *exchange, told string)) *fault {
	return &fault{name: "secrets in " + name, raw: raw, do: func(x *exchange) {
		x.drain()
		say(x, x.told())
	}}
}

// echoed are the header fields that something is made of.
var echoed = []string{
	"X-Openstack-Request-Id", "X-Compute-Request-Id", "X-Trans-Id", "Www-Authenticate", "X-Debug", "Server", "Content-Type", "Set-Cookie", "X-Auth-Token", "Etag",
	"X-Container-Meta-Temp-Url-Key", "X-Container-Meta-Secret", "X-Object-Meta-Secret", "Last-Modified", "X-Timestamp", "Retry-After", "Content-Encoding",
	"Content-Disposition", "Link",
}

// secretFaults repeat what was sent, in every part of an answer.
func secretFaults() []*fault {
	list := []*fault{
		echo("the status line", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 400 " + told + "\r\nContent-Length: 0\r\n\r\n")
			x.line.(*line1).close()
		}),
		echo("a bad status line", true, func(x *exchange, told string) { x.line.raw(told + "\r\n\r\n"); x.line.(*line1).close() }),
		echo("a bad header line", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 200 OK\r\n" + told + "\r\n\r\n")
			x.line.(*line1).close()
		}),
		echo("Content-Length", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 200 OK\r\nContent-Length: " + told + "\r\n\r\n")
			x.line.(*line1).close()
		}),
		echo("Transfer-Encoding", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 200 OK\r\nTransfer-Encoding: " + told + "\r\n\r\n")
			x.line.(*line1).close()
		}),
		echo("the size of a chunk", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" + told + "\r\n")
			x.line.(*line1).close()
		}),
		echo("a trailer", true, func(x *exchange, told string) {
			x.line.raw("HTTP/1.1 400 Bad Request\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n" + told + "\r\n\r\n")
			x.line.(*line1).close()
		}),
		echo("Location", false, func(x *exchange, told string) { x.send(plain(302, "Location", "http://[::1/"+told)) }),
		echo("Location of another host", false, func(x *exchange, told string) {
			x.send(plain(302, "Location", x.cell.base+"/?q="+url.QueryEscape(told)))
		}),
		echo("Location of the same host", false, func(x *exchange, told string) {
			x.send(plain(307, "Location", "/nowhere/"+url.PathEscape(told)))
		}),
		echo("Content-Range", false, func(x *exchange, told string) {
			a := plain(206, "Content-Range", "bytes "+told, "ETag", md5Of(smallContent))
			a.body = []byte("x")
			x.send(a)
		}),
		echo("Content-Range, at its end", false, func(x *exchange, told string) {
			a := plain(206, "Content-Range", "bytes 0-0/"+told, "ETag", md5Of(smallContent))
			a.body = []byte("x")
			x.send(a)
		}),
		echo("an ETag", false, func(x *exchange, told string) {
			a := plain(200, "ETag", told, "Last-Modified", "Thu, 01 Jan 2026 00:00:00 GMT")
			a.body = smallContent
			x.send(a)
		}),
		echo("an ETag of what was stored", false, func(x *exchange, told string) { x.send(plain(201, "ETag", told)) }),
		echo("an informational answer", false, func(x *exchange, told string) {
			x.line.hint(102, http.Header{"X-Debug": {told}})
			x.send(jsonText(400, errorText))
		}),
		echo("a success that is cut off", false, func(x *exchange, told string) { x.send(jsonText(200, `{"server": {"id": "`+told)) }),
		echo("another success", false, func(x *exchange, told string) {
			x.send(jsonText(200, marshaled(map[string]any{"header": told, "server": told, "servers": []any{told}, "vpc": told, "access": map[string]any{"token": told}})))
		}),
		echo("a list of no names", false, func(x *exchange, told string) {
			x.send(jsonText(200, marshaled([]map[string]any{{"name": told, "bytes": -1}})))
		}),
		echo("a list of names", false, func(x *exchange, told string) {
			x.send(jsonText(200, marshaled([]map[string]any{{"name": told, "bytes": 1}})))
		}),
		echo("an envelope", false, func(x *exchange, told string) {
			x.send(jsonText(200, marshaled(map[string]any{"header": map[string]any{"isSuccessful": false, "resultCode": 10400, "resultMessage": told}})))
		}),
		echo("numbers and times", false, func(x *exchange, told string) {
			x.send(jsonText(200, marshaled(map[string]any{
				"server": map[string]any{"created": told, "progress": told}, "access": map[string]any{"token": map[string]any{"id": "", "expires": told}},
				"header": map[string]any{"isSuccessful": told, "resultCode": told}, "vpc": map[string]any{"id": "a", "shared": told},
			})))
		}),
	}
	for _, status := range []int{200, 400, 404, 500} {
		list = append(list,
			echo("the header of a "+decimal(status), false, func(x *exchange, told string) {
				a := jsonText(status, errorText)
				for _, name := range echoed {
					a.header.Set(name, told)
				}
				x.send(a)
			}),
			echo("the text of a "+decimal(status), false, func(x *exchange, told string) { x.send(text(status, "text/plain", told)) }),
			echo("the page of a "+decimal(status), false, func(x *exchange, told string) {
				x.send(text(status, "text/html", "<html><h1>Failed</h1><p>"+told+"</p></html>"))
			}),
			echo("the JSON of a "+decimal(status), false, func(x *exchange, told string) {
				x.send(jsonText(status, marshaled(map[string]any{"error": map[string]any{"code": told, "title": told, "message": told}})))
			}))
	}
	for _, f := range list {
		f.lists = f.name == "secrets in a list of names"
		f.claims, f.page = true, strings.Contains(f.name, "page") // what is 2xx of them
		f.absent = strings.HasSuffix(f.name, "a 404")
	}
	return list
}

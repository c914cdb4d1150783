package wiretest

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (w *wire) dynamicManifests() {
	path, segments := w.container("X-Container-Read", ".r:*"), w.container()
	w.do(201, "PUT", path+"/x", "", "X-Object-Manifest", "wire-missing/s")
	for _, method := range []string{"GET", "HEAD"} {
		w.do(404, method, path+"/x", "")
	}
	w.do(404, "GET", path+"/x", "", "Range", "bytes=0-1")
	w.do(404, "COPY", path+"/x", "", "Destination", path+"/y")
	w.same(w.do(200, "GET", path+"/x?multipart-manifest=get", ""), "X-Object-Manifest", "wire-missing/s")

	// Without a segment in its container it is empty.
	w.do(201, "PUT", path+"/x", "", "X-Object-Manifest", segments[1:]+"/s")
	w.same(w.do(200, "GET", path+"/x", ""), "Content-Length", "0", "Etag", `"d41d8cd98f00b204e9800998ecf8427e"`)
	w.do(416, "GET", path+"/x", "", "Range", "bytes=0-1")
	w.do(201, "COPY", path+"/x", "", "Destination", path+"/y")
	// Who may read the manifest, but not the segments, gets nothing.
	w.anyone(401, "GET", path+"/x")
	w.do(201, "PUT", segments+"/s1", "1")
	w.do(204, "POST", segments, "", "X-Container-Read", ".r:*")
	w.anyone(401, "GET", path+"/x")
	w.do(204, "POST", segments, "", "X-Container-Read", ".r:*,.rlistings")
	assert.Equal(w.t, "1", w.anyone(200, "GET", path+"/x").text)
}

// signed is the path of an object with a signature for a time.
func (w *wire) signed(method, path, key string) string {
	u, err := url.Parse(w.URL)
	require.NoError(w.t, err)
	expires := w.now() + 1000
	mac := hmac.New(sha256.New, []byte(key))
	_, _ = fmt.Fprintf(mac, "%s\n%d\n%s", method, expires, u.Path+path)
	return fmt.Sprintf("%s?temp_url_sig=%s&temp_url_expires=%d", path, hex.EncodeToString(mac.Sum(nil)), expires)
}

func (w *wire) temporaryURLs() {
	path := w.container("X-Container-Meta-Temp-URL-Key", "key")
	other := w.container()
	w.do(201, "PUT", path+"/x", "x")
	w.do(201, "PUT", other+"/s1", "1")
	w.do(201, "PUT", path+"/dlo", "", "X-Object-Manifest", other[1:]+"/s")
	assert.Equal(w.t, "x", w.anyone(200, "GET", w.signed("GET", path+"/x", "key")).text)
	w.anyone(404, "GET", w.signed("GET", path+"/nope", "key"))
	// The key of a container opens no other one, by itself or by a manifest.
	r := w.anyone(401, "GET", w.signed("GET", other+"/s1", "key"))
	assert.Equal(w.t, "401 Unauthorized: Temp URL invalid\n", r.text)
	w.same(r, "Www-Authenticate", `Swift realm="unknown"`)
	r = w.anyone(401, "GET", w.signed("GET", path+"/dlo", "key"))
	assert.Contains(w.t, r.text, "<h1>Unauthorized</h1>")
	w.anyone(400, "PUT", w.signed("PUT", path+"/new", "key"), "X-Object-Manifest", other[1:]+"/s")
}

// A client need not send what is refused.
func (w *wire) earlyRefusals() {
	path := w.container()
	host := strings.TrimPrefix(w.host(), "http://")
	account, err := url.Parse(w.URL)
	require.NoError(w.t, err)
	for name, c := range map[string]struct {
		status  int
		request string
		length  string
		headers []string
	}{
		"too large":          {413, path + "/x", "5368709123", nil},
		"no token":           {401, path + "/x", "1000", []string{"X-Auth-Token: "}},
		"no container":       {404, "/wire-missing/x", "1000", nil},
		"metadata":           {400, path + "/x", "1000", []string{"X-Object-Meta-A: " + strings.Repeat("x", 257)}},
		"manifest too large": {413, path + "/x?multipart-manifest=put", "8388609", nil},
		"precondition":       {400, path + "/x", "1000", []string{`If-None-Match: "x"`}},
	} {
		headers := append([]string{"Host: " + host, "Content-Length: " + c.length}, c.headers...)
		if name != "no token" {
			headers = append(headers, "X-Auth-Token: "+w.Token)
		}
		conn, err := net.Dial("tcp", host)
		require.NoError(w.t, err)
		require.NoError(w.t, conn.SetDeadline(time.Now().Add(30*time.Second)))
		_, err = fmt.Fprintf(conn, "PUT %s HTTP/1.1\r\n%s\r\n\r\n", account.Path+c.request, strings.Join(headers, "\r\n"))
		require.NoError(w.t, err)
		resp, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if assert.NoError(w.t, err, name) {
			assert.Equal(w.t, c.status, resp.StatusCode, name)
			assert.NoError(w.t, resp.Body.Close())
		}
		assert.NoError(w.t, conn.Close())
	}
}

func (w *wire) realms() {
	for name, want := range map[string]string{
		"AUTH_nobody": "AUTH_nobody", "AUTH_%22x%0d%0aX-Y:%20z": "AUTH_%22x%0D%0AX-Y%3A%20z", "AUTH_%ED%95%9C+&=.": "AUTH_%ED%95%9C%2B%26%3D.",
	} {
		r := w.anyone(401, "GET", w.host()+"/v1/"+name+"/c")
		assert.Equal(w.t, `Swift realm="`+want+`"`, r.header["Www-Authenticate"][0])
	}
}

func (w *wire) info() {
	r := w.anyone(200, "GET", w.host()+"/info")
	w.same(r, "Content-Type", "application/json; charset=UTF-8")
	var all map[string]map[string]any
	require.NoError(w.t, json.Unmarshal([]byte(r.text), &all))
	for _, name := range []string{"swift", "slo", "tempurl", "bulk_delete", "staticweb"} {
		assert.Contains(w.t, all, name)
	}
	for name, want := range map[string]any{
		"max_meta_count": 90.0, "max_meta_name_length": 128.0, "max_meta_value_length": 256.0, "max_meta_overall_size": 4096.0,
		"max_header_size": 8192.0, "container_listing_limit": 10000.0, "strict_cors_mode": true,
	} {
		assert.Equal(w.t, want, all["swift"][name], name)
	}
	assert.Equal(w.t, []string{"get", "head", "options"}, words(w.anyone(200, "OPTIONS", w.host()+"/info").get("Allow")))
	assert.Equal(w.t, []string{"get", "head", "options"}, words(w.anyone(405, "PUT", w.host()+"/info").get("Allow")))
}

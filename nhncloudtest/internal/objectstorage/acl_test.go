package objectstorage_test

import (
	"net"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestPublicContainers(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.object("/box/x", "hello")
	anyone, other := s.as(""), s.otherTenant()
	for _, c := range []struct {
		read, referrer string
		object, list   bool
	}{
		{"", "", false, false},
		{".r:*", "", true, false},
		{".r:*, .rlistings", "", true, true},
		{".rlistings", "", false, false},
		{".referrer : *", "https://example.com", true, false},
		{".r:bar.foo.com", "", false, false},
		{".r:bar.foo.com", "https://bar.foo.com/some/path", true, false},
		{".r:bar.foo.com", "bar.foo.com", false, false},
		{".r:bar.foo.com", "https://foo.com", false, false},
		{".r:.foo.com", "https://qux.bar.foo.com:8080/", true, false},
		{".r:*.foo.com", "https://bar.foo.com", true, false},
		{".r:.foo.com", "https://foo.com", false, false},
		{".r:foo.com,.r:.foo.com,.rlistings", "https://foo.com", true, true},
		{".r:-bar.foo.com", "https://other.com", false, false},
		{".r:*,.r:-bar.foo.com", "https://bar.foo.com", false, false},
		{".r:*,.r:-.foo.com", "https://bar.foo.com", false, false},
		{".r:*,.r:-bar.foo.com", "https://other.com", true, false},
		{".r:-bar.foo.com,.r:*", "https://bar.foo.com", true, false},
		{".r:*,.r:-*", "", true, false},
	} {
		s.want(204, "POST", "/box", "", "X-Container-Read", c.read)
		for client, denied := range map[*swift]int{anyone: 401, other: 403} {
			for _, method := range []string{"GET", "HEAD"} {
				res := client.do(method, "/box/x", "", "Referer", c.referrer)
				assert.Equal(t, statusFor(c.object, 200, denied), res.Status, "%+v", c)
				res = client.do(method, "/box", "", "Referer", c.referrer)
				assert.Equal(t, statusFor(c.list, statusFor(method == "GET", 200, 204), denied), res.Status, "%+v", c)
			}
			client.want(denied, "PUT", "/box/y", "x", "Referer", c.referrer)
			client.want(denied, "POST", "/box/x", "", "Referer", c.referrer)
			client.want(denied, "DELETE", "/box/x", "", "Referer", c.referrer)
			client.want(denied, "POST", "/box", "", "Referer", c.referrer)
			client.want(denied, "DELETE", "/box", "", "Referer", c.referrer)
			client.want(denied, "PUT", "/new", "", "Referer", c.referrer)
			client.want(denied, "GET", "/nope", "", "Referer", c.referrer)
			client.want(denied, "GET", "/nope/x", "", "Referer", c.referrer)
		}
	}
	// Where others may read, what is missing is just missing.
	s.want(204, "POST", "/box", "", "X-Container-Read", ".r:*")
	anyone.want(404, "GET", "/box/nope", "")
	// The token need not be good.
	s.as("nonsense").want(200, "GET", "/box/x", "")
	assert.Equal(t, ".r:*,.rlistings,a:b,c", func() string {
		s.want(204, "POST", "/box", "", "X-Container-Read", ".ref: *, .rlistings,, a:b ,c")
		return s.do("HEAD", "/box", "").Header.Get("X-Container-Read")
	}())
}

func statusFor(ok bool, yes, no int) int {
	if ok {
		return yes
	}
	return no
}

func TestAccessOfOtherTenants(t *testing.T) {
	s := newSwift(t)
	user := cloudtest.At(s.Login(s.ObjectStorageTenantID), "access", "user", "id").(string)
	other := s.otherTenant()
	s.container("box")
	for _, c := range []struct {
		list string
		ok   bool
	}{
		{s.TenantID + ":" + user, true},
		{s.TenantID + ":*", true},
		{"*:" + user, true},
		{"*:*", true},
		{"x:y, " + s.TenantID + ":*", true},
		{"somebody:*", false},
		{"*:somebody", false},
		{s.TenantID, false},
	} {
		s.object("/box/x", "hello")
		s.want(204, "POST", "/box", "", "X-Container-Read", c.list, "X-Container-Write", "", "X-Container-View", "")
		other.want(statusFor(c.ok, 200, 403), "GET", "/box/x", "")
		other.want(statusFor(c.ok, 200, 403), "HEAD", "/box/x", "")
		other.want(statusFor(c.ok, 200, 403), "GET", "/box", "")
		other.want(403, "PUT", "/box/y", "x")
		s.as("").want(401, "GET", "/box/x", "")

		s.want(204, "POST", "/box", "", "X-Container-Read", "", "X-Container-Write", c.list)
		other.want(statusFor(c.ok, 201, 403), "PUT", "/box/x", "x")
		other.want(statusFor(c.ok, 202, 403), "POST", "/box/x", "")
		other.want(403, "COPY", "/box/x", "", "Destination", "box/y")
		other.want(statusFor(c.ok, 204, 403), "DELETE", "/box/x", "")
		other.want(403, "GET", "/box", "")
		other.want(403, "POST", "/box", "", "X-Container-Meta-A", "b")
		s.as("").want(401, "PUT", "/box/x", "x")

		s.object("/box/x", "hello")
		s.want(204, "POST", "/box", "", "X-Container-Write", "", "X-Container-View", c.list)
		other.want(statusFor(c.ok, 200, 403), "GET", "/box", "")
		other.want(statusFor(c.ok, 200, 403), "HEAD", "/box/x", "")
		other.want(403, "GET", "/box/x", "")
	}
}

func TestLargeObjectsOfOthers(t *testing.T) {
	s := newSwift(t)
	s.segments()
	s.object("/box/dlo", "", "X-Object-Manifest", "parts/p")
	s.want(204, "POST", "/box", "", "X-Container-Read", ".r:*", "X-Container-Write", "*:*")
	anyone := s.as("")
	anyone.want(409, "GET", "/box/slo", "")
	anyone.want(401, "GET", "/box/dlo", "")
	res := s.otherTenant().want(400, "PUT", "/box/mine?multipart-manifest=put", `[{"path":"parts/p1"}]`)
	assert.Equal(t, "Errors:\nparts/p1, 403 Forbidden\n", res.Text)
	s.want(204, "POST", "/parts", "", "X-Container-Read", ".r:*,.rlistings")
	assert.Equal(t, "one two three", anyone.want(200, "GET", "/box/slo", "").Text)
	assert.Equal(t, "one two three", anyone.want(200, "GET", "/box/dlo", "").Text)
}

// from is the same client at another address.
func (s *swift) from(ip string) *swift {
	w := *s.World
	dialer := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(ip)}}
	w.HTTP = &http.Client{Transport: &http.Transport{DialContext: dialer.DialContext}}
	s.T.Cleanup(w.HTTP.CloseIdleConnections)
	return &swift{World: &w, base: s.base}
}

func TestAddresses(t *testing.T) {
	s := newSwift(t)
	if l, err := net.Listen("tcp", "127.0.0.2:0"); err != nil {
		t.Skip("only one loopback address here")
	} else {
		_ = l.Close()
	}
	second := s.from("127.0.0.2")
	s.container("box")
	s.object("/box/x", "hello")
	for _, c := range []struct {
		allowed, denied string
		read, write     bool // from 127.0.0.2
	}{
		{"", "", true, true},
		{"a127.0.0.1", "", false, false},
		{"a127.0.0.1,r127.0.0.2", "", true, false},
		{"a127.0.0.1, w127.0.0.2", "", false, true},
		{"a127.0.0.0/8", "", true, true},
		{"", "a127.0.0.2", false, false},
		{"", "r127.0.0.2", false, true},
		{"", "w127.0.0.2/31", true, false},
		{"a127.0.0.0/8", "a127.0.0.2", true, true}, // the list of those denied does not count then
	} {
		s.want(204, "POST", "/box", "", "X-Container-Ip-Acl-Allowed-List", c.allowed, "X-Container-Ip-Acl-Denied-List", c.denied)
		second.want(statusFor(c.read, 200, 403), "GET", "/box/x", "")
		second.want(statusFor(c.read, 200, 403), "HEAD", "/box/x", "")
		second.want(statusFor(c.read, 200, 403), "GET", "/box", "")
		second.want(statusFor(c.write, 201, 403), "PUT", "/box/y", "x")
		second.want(statusFor(c.write, 204, 403), "POST", "/box", "")
		s.want(200, "GET", "/box/x", "")
	}
	// Who locks himself out stays out.
	s.want(204, "POST", "/box", "", "X-Container-Ip-Acl-Allowed-List", "a10.0.0.1")
	s.want(403, "POST", "/box", "", "X-Container-Ip-Acl-Allowed-List", "")
	s.as("").want(401, "GET", "/box", "")
}

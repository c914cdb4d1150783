package frame

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// NoSuchPath is what the services say of a path that they do not have.
const NoSuchPath = "The resource could not be found."

// OpenStack is what all services of v2 have in common. A dialect embeds it and
// adds its errors.
type OpenStack struct{}

// Read has nothing to read.
func (OpenStack) Read(*Call) *Reply { return nil }

// Sign adds the id of the request.
func (OpenStack) Sign(_ *Call, _ Reply, h http.Header, _ time.Time) {
	h.Set("X-Openstack-Request-Id", "req-"+NewID())
}

// ReadJSON reads the JSON object that calls with a body have.
func ReadJSON(d Dialect, c *Call) *Reply {
	return ReadObject(d, c, "Malformed request body")
}

// ReadObject is [ReadJSON] with the words for a body that is no JSON object.
func ReadObject(d Dialect, c *Call, malformed string) *Reply {
	switch c.Route.Method {
	case http.MethodPost, http.MethodPut, http.MethodPatch:
	default:
		return nil
	}
	if mt, _, err := mime.ParseMediaType(c.Request.Header.Get("Content-Type")); err != nil || mt != JSONType {
		r := d.Fail(c, http.StatusUnsupportedMediaType, "Unsupported Content-Type")
		return &r
	}
	body, err := ParseObject(c.Raw)
	if err != nil {
		r := d.Fail(c, http.StatusBadRequest, malformed)
		return &r
	}
	c.Body = body
	return nil
}

// Keystone is the dialect of identity: {"error": {code, title, message}}. It
// looks at its bodies itself.
type Keystone struct{ OpenStack }

// Fail is an error of identity.
func (Keystone) Fail(_ *Call, status int, message string) Reply {
	return KeystoneError(status, message)
}

// Unknown answers a path that identity does not have.
func (Keystone) Unknown(*Call) Reply { return KeystoneError(http.StatusNotFound, NoSuchPath) }

// KeystoneError is the error of identity, and the 401 of every service of v2.
func KeystoneError(status int, message string) Reply {
	return Answer(status, Object{"error": Object{
		"code": status, "title": http.StatusText(status), "message": message,
	}})
}

// WebError is what the Python web framework makes of an error by itself: every
// error of the image service, and unknown paths and oversized bodies of compute
// and block storage. Who does not ask for JSON gets HTML.
func WebError(c *Call, status int, explanation string) Reply {
	return WebDetail(c, status, explanation, "")
}

// WebDetail is a [WebError] with what a service says below what the framework
// says.
func WebDetail(c *Call, status int, explanation, detail string) Reply {
	title := StatusText(status)
	code := strconv.Itoa(status) + " " + title
	text := explanation + "<br /><br />\n" + detail + "\n\n"
	if strings.Contains(c.Request.Header.Get("Accept"), JSONType) {
		return Answer(status, Object{"message": text, "code": code, "title": title})
	}
	r := Reply{Status: status, Header: http.Header{}}
	r.Header.Set("Content-Type", "text/html; charset=UTF-8")
	r.Body = []byte("<html>\n <head>\n  <title>" + code + "</title>\n </head>\n <body>\n  <h1>" + code +
		"</h1>\n  " + text + "\n </body>\n</html>")
	return r
}

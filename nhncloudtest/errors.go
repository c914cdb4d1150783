package nhncloudtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// reply is an answer before it is sent.
type reply struct {
	status  int
	header  http.Header
	body    []byte
	message string // of an error of compute, block storage and network
}

const (
	jsonType     = "application/json"
	jsonUTF8Type = "application/json; charset=UTF-8"
)

// answer is a JSON answer; a nil body makes an empty one.
func answer(status int, body any) reply {
	r := reply{status: status, header: http.Header{}}
	if body != nil {
		r.header.Set("Content-Type", jsonType)
		r.body = encode(body)
	}
	return r
}

// dialect is how a service words its errors.
type dialect int

const (
	keystone dialect = iota // {"error": {code, title, message}}
	nova                    // {"badRequest": {code, message}}; cinder too
	neutron                 // {"NeutronError": {type, message, detail}}
	glance                  // {"message", "code", "title"} with HTML in it
	envelope                // HTTP 200 and {"header": {isSuccessful, …}}
)

// fail writes an error the way the service of the call does.
func (c *call) fail(status int, format string, args ...any) reply {
	msg := fmt.Sprintf(format, args...)
	switch c.service.dialect {
	case nova:
		return novaFault(status, msg)
	case neutron:
		return neutronError(status, "", msg)
	case glance:
		return c.webError(status, msg)
	case envelope:
		return *c.area.refused(status, "%s", msg)
	}
	return keystoneError(status, msg)
}

// keystoneError is the identity service's error, and the 401 of every v2
// service.
func keystoneError(status int, msg string) reply {
	return answer(status, object{"error": object{
		"code": status, "title": http.StatusText(status), "message": msg,
	}})
}

// unauthorized is what the token check in front of every v2 service says.
func (c *call) unauthorized() reply {
	r := keystoneError(http.StatusUnauthorized, "The request you have made requires authentication.")
	if c.service.dialect != keystone {
		r.header.Set("Www-Authenticate", `Keystone uri="`+c.srv.URL()+`/identity"`)
	}
	return r
}

// malformedAuth is the identity service's 400.
func malformedAuth(missing, place string) reply {
	return keystoneError(http.StatusBadRequest, "Expecting to find "+missing+" in "+place+
		". The server could not comply with the request since it is either malformed"+
		" or otherwise incorrect. The client is assumed to be in error.")
}

var novaFaults = map[int]string{
	400: "badRequest", 401: "unauthorized", 403: "forbidden", 404: "itemNotFound",
	405: "badMethod", 409: "conflictingRequest", 413: "overLimit", 415: "badMediaType",
	429: "overLimit", 501: "notImplemented", 503: "serviceUnavailable",
}

// novaFault is the error of compute and block storage.
func novaFault(status int, msg string) reply {
	name, ok := novaFaults[status]
	if !ok {
		name = "computeFault"
	}
	r := answer(status, object{name: object{"code": status, "message": msg}})
	r.header.Set("Content-Type", jsonUTF8Type)
	r.message = msg
	return r
}

// cinderOverLimit is the quota error of block storage, the odd one out.
func cinderOverLimit(msg string) reply {
	r := answer(http.StatusRequestEntityTooLarge, object{"overLimit": object{
		"code": http.StatusRequestEntityTooLarge, "message": msg, "retryAfter": "0",
	}})
	r.header.Set("Content-Type", jsonUTF8Type)
	r.header.Set("Retry-After", "0")
	r.message = msg
	return r
}

// badRequest, notFound and conflict are nova's usual three.
func badRequest(format string, args ...any) *reply {
	return refused(http.StatusBadRequest, format, args...)
}

func notFound(format string, args ...any) *reply {
	return refused(http.StatusNotFound, format, args...)
}

func conflict(format string, args ...any) *reply {
	return refused(http.StatusConflict, format, args...)
}

func refused(status int, format string, args ...any) *reply {
	r := novaFault(status, fmt.Sprintf(format, args...))
	return &r
}

// invalid is nova's answer to a value that its schema does not take.
func invalid(field string, value any, problem string) *reply {
	shown := pyRepr(value)
	if s, ok := value.(string); ok {
		shown = s
	}
	return badRequest("Invalid input for field/attribute %s. Value: %s. %s", field, shorten(shown), problem)
}

// required is nova's answer when a property is missing. At the top of the body
// there is no field to name.
func required(field string, value object, property string) *reply {
	problem := "'" + property + "' is a required property"
	if field == "" {
		return badRequest("%s", problem)
	}
	return invalid(field, value, problem)
}

func shorten(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// neutronError is the network service's error. Without a kind it is named
// after its status.
func neutronError(status int, kind, msg string) reply {
	if kind == "" {
		kind = "HTTP" + strings.ReplaceAll(http.StatusText(status), " ", "")
	}
	r := answer(status, object{"NeutronError": object{"type": kind, "message": msg, "detail": ""}})
	r.message = msg
	return r
}

// webError is what the Python web framework makes of an error by itself:
// every error of the image service, and unknown paths and oversized bodies of
// compute and block storage. Who does not ask for JSON gets HTML.
func (c *call) webError(status int, explanation string) reply {
	code := strconv.Itoa(status) + " " + statusText(status)
	if strings.Contains(c.req.Header.Get("Accept"), jsonType) {
		return answer(status, object{
			"message": explanation + "<br /><br />\n\n\n", "code": code, "title": statusText(status),
		})
	}
	r := reply{status: status, header: http.Header{}}
	r.header.Set("Content-Type", "text/html; charset=UTF-8")
	r.body = []byte("<html>\n <head>\n  <title>" + code + "</title>\n </head>\n <body>\n  <h1>" + code +
		"</h1>\n  " + explanation + "<br /><br />\n\n\n\n </body>\n</html>")
	return r
}

func statusText(status int) string {
	switch status {
	case http.StatusRequestEntityTooLarge:
		return "Request Entity Too Large"
	case 0, 498:
		return "Error"
	}
	return http.StatusText(status)
}

// unknownPath is the answer to a path or method that the service lacks.
func (c *call) unknownPath() reply {
	const msg = "The resource could not be found."
	switch c.service.dialect {
	case nova, glance:
		return c.webError(http.StatusNotFound, msg)
	case envelope:
		return *failedHeader(-7, "Not supported: %s %s", c.req.Method, c.req.URL.Path)
	}
	return c.fail(http.StatusNotFound, msg)
}

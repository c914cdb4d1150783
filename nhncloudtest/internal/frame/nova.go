package frame

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Nova is the dialect of compute and block storage:
// {"badRequest": {code, message}}, with a name for each status.
type Nova struct{ OpenStack }

// Fail is an error of compute and block storage.
func (Nova) Fail(_ *Call, status int, message string) Reply { return novaFault(status, message) }

// Unknown answers a path that the service does not have.
func (Nova) Unknown(c *Call) Reply { return WebError(c, http.StatusNotFound, NoSuchPath) }

// Sign adds the id of the request, under two names.
func (d Nova) Sign(c *Call, rep Reply, h http.Header, now time.Time) {
	d.OpenStack.Sign(c, rep, h, now)
	h.Set("X-Compute-Request-Id", h.Get("X-Openstack-Request-Id"))
}

// maxNovaBody is how much of a body compute and block storage take.
const maxNovaBody = 114688

// Read reads the JSON object that calls with a body have.
func (d Nova) Read(c *Call) *Reply {
	if len(c.Raw) > maxNovaBody {
		r := WebError(c, http.StatusRequestEntityTooLarge,
			"Request is too large. Larger than max_request_body_size ("+strconv.Itoa(maxNovaBody)+").")
		return &r
	}
	return ReadJSON(d, c)
}

var novaFaults = map[int]string{
	400: "badRequest", 401: "unauthorized", 403: "forbidden", 404: "itemNotFound",
	405: "badMethod", 409: "conflictingRequest", 413: "overLimit", 415: "badMediaType",
	429: "overLimit", 501: "notImplemented", 503: "serviceUnavailable",
}

func novaFault(status int, message string) Reply {
	name, ok := novaFaults[status]
	if !ok {
		name = "computeFault"
	}
	return NamedFault(status, name, Object{"code": status, "message": message})
}

// NamedFault is an error under a name, with the fields given.
func NamedFault(status int, name string, fields Object) Reply {
	r := Answer(status, Object{name: fields})
	r.Header.Set("Content-Type", jsonUTF8Type)
	r.Message = Str(fields, "message")
	return r
}

// BadRequest refuses with 400.
func BadRequest(format string, args ...any) *Reply {
	return Refused(http.StatusBadRequest, format, args...)
}

// NotFound refuses with 404.
func NotFound(format string, args ...any) *Reply {
	return Refused(http.StatusNotFound, format, args...)
}

// Conflict refuses with 409.
func Conflict(format string, args ...any) *Reply {
	return Refused(http.StatusConflict, format, args...)
}

// Refused refuses with a status.
func Refused(status int, format string, args ...any) *Reply {
	r := novaFault(status, fmt.Sprintf(format, args...))
	return &r
}

// Invalid refuses a value that the schema does not take.
func Invalid(field string, value any, problem string) *Reply {
	shown := PyRepr(value)
	if s, ok := value.(string); ok {
		shown = s
	}
	return BadRequest("Invalid input for field/attribute %s. Value: %s. %s", field, Shorten(shown), problem)
}

// Required refuses an object that lacks a property. At the top of the body
// there is no field to name.
func Required(field string, value Object, property string) *Reply {
	problem := "'" + property + "' is a required property"
	if field == "" {
		return BadRequest("%s", problem)
	}
	return Invalid(field, value, problem)
}

// Shorten keeps what is quoted in an error from being endless.
func Shorten(s string) string {
	const most = 200
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// ReadMetadata reads a metadata object and checks its pairs.
func ReadMetadata(field string, value any) (map[string]string, *Reply) {
	pairs, ok := value.(Object)
	if !ok {
		return nil, Invalid(field, value, PyRepr(value)+" is not of type 'object'")
	}
	if r := CheckMetadata(field, pairs); r != nil {
		return nil, r
	}
	out := make(map[string]string, len(pairs))
	for k := range pairs {
		out[k] = Str(pairs, k)
	}
	return out, nil
}

// CheckMetadata checks the pairs of a metadata object: strings of at most 255
// characters.
func CheckMetadata(field string, pairs Object) *Reply {
	for k, value := range pairs {
		s, ok := value.(string)
		switch {
		case !ok:
			return Invalid(field+"/"+k, value, PyRepr(value)+" is not of type 'string'")
		case k == "" || len([]rune(k)) > 255:
			return BadRequest("Metadata property key greater than 255 characters")
		case len([]rune(s)) > 255:
			return BadRequest("Metadata property value greater than 255 characters")
		}
	}
	return nil
}

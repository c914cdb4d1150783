package nhncloud

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-querystring/query"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// Request is one call of the API, in the words of the official guides. The
// service packages build their calls of it, and a program can build those that
// the SDK lacks:
//
//	volume, err := nhncloud.Fetch[Volume](ctx, client, nhncloud.Request{
//		Operation:   "blockstorage-v2-get-volume",
//		Service:     nhncloud.ServiceBlockStorage,
//		Method:      http.MethodGet,
//		Path:        "/v2/{tenantId}/volumes/{volumeId}",
//		Args:        []string{id},
//		ResponseKey: "volume",
//	})
type Request struct {
	// Operation names the call in errors, logs and metrics.
	Operation string
	// Service decides the endpoint, the token and the form of the answer.
	Service Service
	// Method is the HTTP method.
	Method string
	// Path is the path as documented, with its version. {tenantId}, {appkey}
	// and {Account} are filled in by the client, the other placeholders with
	// Args in their order. A version that the endpoint carries already is not
	// repeated.
	Path string
	// Args are the values of the placeholders. They are escaped here. An empty
	// one, "." and "..", one with a slash or a control character is refused.
	// A placeholder that ends in dots, as {Object...}, takes any UTF-8 text
	// without "." and ".." between its slashes.
	Args []string
	// Query is a struct with url tags (or a pointer to one, which may be nil),
	// url.Values, or a string that is encoded already.
	Query any
	// Header has further header fields.
	Header http.Header
	// Body is nil, a *Body, or a value to send as JSON.
	Body any
	// ResponseKey is the member that wraps the answer: with "server",
	// {"server": {…}} is decoded without the wrapper.
	ResponseKey string
	// Idempotency tells when the call may be sent again. The zero value goes
	// by the method.
	Idempotency Idempotency
	// Anonymous calls carry no token.
	Anonymous bool
	// TokenService is the service whose token the call carries, where that is
	// not Service: a service may have a tenant of its own.
	TokenService Service
	// Sensitive answers have a secret in them, so that errors about an answer
	// that can't be read do not quote it.
	Sensitive bool

	notZero bool        // an answer that leaves out at its zero value is none
	find    func() bool // looks for what is wanted in out; nil where that is all of it
	secret  Secret      // is sent, so that answers may repeat it
}

// Idempotency tells what sending a request twice would do, and so when a
// failed one is sent again.
type Idempotency uint8

const (
	// IdempotencyByMethod is IdempotencyAlways for GET, HEAD, OPTIONS, PUT and
	// DELETE, and IdempotencyCreate for the others.
	IdempotencyByMethod Idempotency = iota
	// IdempotencyAlways is for calls that may be repeated at will. They are,
	// after broken connections, answers that were cut off, and the statuses
	// 408, 429, 498, 500, 502, 503 and 504, also as the end of a resultCode of
	// the v1.0 API.
	IdempotencyAlways
	// IdempotencyCreate is for calls that make something new each time. They
	// are repeated only if the service can't have acted: there was no
	// connection, or its HTTP status is 429, 498, or 503 with Retry-After.
	IdempotencyCreate
	// IdempotencyUnsafe is for calls that must reach the service at most once,
	// such as a reboot. They are repeated only if there was no connection.
	IdempotencyUnsafe
)

func (r *Request) idempotency() Idempotency {
	if r.Idempotency != IdempotencyByMethod {
		return r.Idempotency
	}
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete:
		return IdempotencyAlways
	default:
		return IdempotencyCreate
	}
}

// Body is a request body that is not a JSON value.
type Body struct {
	contentType string
	length      int64 // -1 when unknown
	open        func() (io.ReadCloser, error)
	reader      io.Reader // is read once; open is nil then
	inMemory    bool      // it is content; open is nil then
	content     []byte
}

// NewBody returns a body that open returns anew for each attempt, so that the
// request can be sent again. The length is in bytes, or -1 when it is unknown.
func NewBody(contentType string, length int64, open func() (io.ReadCloser, error)) *Body {
	return &Body{contentType: contentType, length: length, open: open}
}

// NewBodyBytes returns a body with the bytes of b, which must not change until
// the call is over.
func NewBodyBytes(contentType string, b []byte) *Body {
	return &Body{contentType: contentType, length: int64(len(b)), inMemory: true, content: b}
}

// NewBodyReader returns a body that is read from r once. A request with it is
// not sent again once the first byte was read, and the error says so. From 1 MiB
// on, or where the length is unknown, it is read when the service has agreed to
// take it. When the context ends the call does too, and a Read of r that is
// under way goes on.
func NewBodyReader(contentType string, length int64, r io.Reader) *Body {
	return &Body{contentType: contentType, length: length, reader: r}
}

// expectSize is the size from which a body that can be read only once waits for
// the service to ask for it. What is refused before can be sent again.
const expectSize = 1 << 20

// isAskedFor reports whether the body is sent when the service asks for it.
func (b *Body) isAskedFor() bool {
	return b.reader != nil && (b.length < 0 || b.length >= expectSize)
}

// BodyError is what the reader of a body returns when what it reads is at
// fault, such as a file that is shorter than it was. The request is then not
// sent again.
type BodyError struct{ Err error }

// Error tells what is at fault.
func (e *BodyError) Error() string { return e.Err.Error() }

// Unwrap returns the cause.
func (e *BodyError) Unwrap() error { return e.Err }

const contentTypeJSON = "application/json"

// requestBody returns the body to send, or nil.
func (r *Request) requestBody() (*Body, error) {
	switch b := r.Body.(type) {
	case nil:
		return nil, nil
	case *Body:
		if b == nil {
			return nil, nil
		}
		if b.open == nil && b.reader == nil && !b.inMemory || b.length < -1 {
			return nil, NewArgumentError(r.Operation, "Body", "was not made by NewBody")
		}
		return b, nil
	default:
		encoded, err := wire.Marshal(b)
		if err != nil {
			return nil, &Error{Operation: r.Operation, Field: "Body", Message: "can't be encoded as JSON", Err: err}
		}
		return NewBodyBytes(contentTypeJSON, encoded), nil
	}
}

// rawQuery encodes Query.
func (r *Request) rawQuery() (string, error) {
	switch q := r.Query.(type) {
	case nil:
		return "", nil
	case url.Values:
		return q.Encode(), nil
	case string:
		if fault := queryFault(q); fault != "" {
			return "", NewArgumentError(r.Operation, "Query", fault)
		}
		return q, nil
	default:
		values, err := query.Values(q)
		if err != nil {
			return "", &Error{Operation: r.Operation, Field: "Query", Message: "can't be encoded", Err: err}
		}
		return values.Encode(), nil
	}
}

// queryFault says why a string can't be an encoded query, or "".
func queryFault(query string) string {
	if strings.ContainsFunc(query, func(c rune) bool { return c <= ' ' || c >= 0x7f || c == '#' }) {
		return "is not encoded: " + quote(query)
	}
	return ""
}

// checkHeader refuses what could break out of a header line.
func (r *Request) checkHeader() error {
	for name, values := range r.Header {
		if !isToken(name) {
			return NewArgumentError(r.Operation, "header "+quote(name), "is not a header name")
		}
		for _, v := range values {
			if hasControl(v) {
				return NewArgumentError(r.Operation, "header "+name, "has a control character")
			}
		}
	}
	return nil
}

// checkPath refuses what can't fill the placeholders of Path. The values of
// the client's own placeholders come from known.
func (r *Request) checkPath(known func(name string) string) error {
	if !strings.HasPrefix(r.Path, "/") {
		return NewArgumentError(r.Operation, "Path", "must begin with a slash")
	}
	args := r.Args
	for rest := r.Path; ; {
		_, after, more := strings.Cut(rest, "{")
		if !more {
			break
		}
		name, after, closed := strings.Cut(after, "}")
		if !closed {
			return NewArgumentError(r.Operation, "Path", "has a { without a }")
		}
		rest = after
		value := known(name)
		if value == "" {
			if len(args) == 0 {
				return NewArgumentError(r.Operation, name, "has no value")
			}
			value, args = args[0], args[1:]
		}
		name, many := strings.CutSuffix(name, "...")
		fault := ""
		if many {
			fault = segmentsFault(value)
		} else {
			fault = segmentFault(value)
		}
		if fault != "" {
			return NewArgumentError(r.Operation, name, fault)
		}
	}
	if len(args) > 0 {
		return NewArgumentError(r.Operation, "Args", "has more values than the path has placeholders")
	}
	return nil
}

// expand fills the placeholders of a template that checkPath found good, and
// appends the result to the path base, which has the form escapedBase where
// that is not the same. It returns the path in the same two forms.
func (r *Request) expand(base, escapedBase, template string, known func(name string) string) (plain, escaped string) {
	var p, e strings.Builder
	p.Grow(len(base) + len(template) + 64)
	p.WriteString(base)
	e.WriteString(escapedBase)
	differs := escapedBase != ""
	args := r.Args
	for {
		literal, after, more := strings.Cut(template, "{")
		p.WriteString(literal)
		if differs {
			e.WriteString(literal)
		}
		if !more {
			return p.String(), e.String()
		}
		name, rest, _ := strings.Cut(after, "}")
		template = rest
		value := known(name)
		if value == "" {
			value, args = args[0], args[1:]
		}
		esc := url.PathEscape(value)
		if strings.HasSuffix(name, "...") {
			esc = strings.ReplaceAll(esc, "%2F", "/")
		}
		if differs || esc != value {
			if !differs {
				differs = true
				e.WriteString(p.String())
			}
			e.WriteString(esc)
		}
		p.WriteString(value)
	}
}

// CheckID refuses what can't be the id or name of a resource, as the Args of a
// [Request] are checked, for those that travel in a query. Field names it in the
// error.
func CheckID(operation, field, id string) error {
	if fault := segmentFault(id); fault != "" {
		return NewArgumentError(operation, field, fault)
	}
	return nil
}

// segmentFault says why a value can't be one segment of a path, or "".
func segmentFault(value string) string {
	switch {
	case value == "":
		return "must not be empty"
	case value == "." || value == "..":
		return "must not be " + quote(value)
	case strings.IndexByte(value, '/') >= 0:
		return "must not have a slash: " + quote(value)
	case strings.ContainsFunc(value, unicode.IsControl):
		return "must not have a control character: " + quote(value)
	}
	return ""
}

// segmentsFault says why a value can't be several segments of a path, or "".
// Control characters are escaped like any other; "." and ".." would not be, and
// what stands between the program and the service could take them for a path
// to something else.
func segmentsFault(value string) string {
	if value == "" {
		return "must not be empty"
	}
	if !utf8.ValidString(value) {
		return "must be UTF-8: " + quote(value)
	}
	for segment := range strings.SplitSeq(value, "/") {
		if segment == "." || segment == ".." {
			return "must not have " + quote(segment) + " between slashes: " + quote(value)
		}
	}
	return ""
}

// tokenBytes are the characters of the names of methods and header fields.
var tokenBytes = func() (in [256]bool) {
	for c := byte('!'); c <= '~'; c++ {
		in[c] = !strings.ContainsRune(`"(),/:;<=>?@[\]{}`, rune(c))
	}
	return in
}()

// isToken reports whether s can be the name of a method or a header field.
func isToken(s string) bool {
	for i := range len(s) {
		if !tokenBytes[s[i]] {
			return false
		}
	}
	return s != ""
}

// hasControl reports whether s could break out of a header line.
func hasControl(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' && s[i] != '\t' || s[i] == 0x7f {
			return true
		}
	}
	return false
}

// check refuses a request that could not work whatever the service says.
func (r *Request) check() error {
	switch {
	case r.Service == "":
		return NewArgumentError(r.Operation, "Service", "must not be empty")
	case r.Method == "":
		return NewArgumentError(r.Operation, "Method", "must not be empty")
	case !isToken(r.Method):
		return NewArgumentError(r.Operation, "Method", "is not one: "+quote(r.Method))
	}
	return r.checkHeader()
}

package nhncloud

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/google/go-querystring/query"
)

// Request is one call of the API, in the words of the official guides. The
// service packages build their calls of it, and a program can build those that
// the SDK lacks:
//
//	specs, err := nhncloud.Fetch[map[string]string](ctx, client, nhncloud.Request{
//		Operation:   "compute-v2-list-extra-specs",
//		Service:     nhncloud.ServiceCompute,
//		Method:      http.MethodGet,
//		Path:        "/v2/{tenantId}/flavors/{flavorId}/os-extra_specs",
//		Args:        []string{id},
//		ResponseKey: "extra_specs",
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
	// Body is nil, a *Body, or a value to send as JSON. That is encoded as
	// encoding/json does it: omitempty leaves out false, 0, "" and empty lists
	// and maps, omitzero what is zero, and a nil list or map is null. Text has to
	// be UTF-8.
	Body any
	// ResponseKey is the member that wraps the answer: with "server",
	// {"server": {…}} is decoded without the wrapper.
	ResponseKey string
	// ResponseHeader is where the header of the answer goes, for operations that
	// answer in it. Unlike that of [CaptureResponse] it has the secrets that the
	// service sent.
	ResponseHeader *http.Header
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

	// Secrets are what is sent and must not be seen by others, such as a user
	// data script: no error and no log repeats one, in whatever form the service
	// quotes it. The password, the token, and the secret fields of Header and
	// parameters of Query are known without.
	Secrets []Secret
	// SuccessCodes are the statuses that the operation is documented to succeed
	// with. Any other below 300 is an [ErrBadAnswer]. Most operations are
	// documented without; then these are 200 to 204, and 206 with [Client.Open].
	SuccessCodes []int

	notZero bool        // an answer that leaves out at its zero value is none
	find    func() bool // looks for what is wanted in out; nil where that is all of it
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
	// connection, or its HTTP status is 429, 498, or 503 with Retry-After. A
	// service that says so and acted all the same makes two; the documentation of
	// each such call says how to see that. [ContextWithRetry] with [NoRetry]
	// forbids the repetition.
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

package nhncloud

import (
	"bytes"
	"cmp"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

const (
	maxErrorRead = 64 << 10 // what is read of an error body to reuse the connection
	maxErrorBody = 16 << 10 // what Error.Body keeps
	maxMessage   = 500      // bytes of the message
)

// readError turns an answer that is no success into an *Error without the
// facts of the call. It reads and closes the body.
func readError(resp *http.Response, secrets ...string) *Error {
	body, _ := io.ReadAll(io.LimitReader(resp.Body, maxErrorRead))
	drainAndClose(resp.Body)
	e := answerError(resp)
	e.keepBody(body, secrets)
	e.describe(body, secrets)
	return e
}

// answerError returns an *Error with what the header of an answer tells.
func answerError(resp *http.Response) *Error {
	return &Error{
		StatusCode: resp.StatusCode,
		RequestID:  requestID(resp.Header),
		RetryAfter: retryAfter(resp.Header, time.Now()),
		Header:     cleanHeader(resp.Header),
	}
}

// keepBody keeps the beginning of the answer, without secrets.
func (e *Error) keepBody(body []byte, secrets []string) {
	clean := cleanText(body, secrets)
	e.Body = clean[:min(len(clean), maxErrorBody)]
}

// describe fills Code, Message and kind from the body of an error. It reads the
// body as it came, and cleans what it finds.
func (e *Error) describe(body []byte, secrets []string) {
	var fault serviceFault
	if kind := jsontext.Value(body).Kind(); kind == jsontext.KindBeginObject {
		fault = parseFault(body)
	}
	e.Code = readable(fault.code, secrets)
	status := http.StatusText(e.StatusCode)
	text := readable(plainText(body), secrets)
	if rest, found := strings.CutPrefix(text, status+" "); found && status != "" {
		text = rest // the heading of a page, which Error has already
	}
	e.Message = cmp.Or(readable(fault.message, secrets), text, status)
	e.findQuota(e.StatusCode)
}

// findQuota tells a quota that is used up from the other failures that come
// with the same status.
func (e *Error) findQuota(status int) {
	switch status {
	case 403, 409, 413:
		message := strings.ToLower(e.Message)
		if e.Code == "OverQuota" || e.Code == "overLimit" || strings.Contains(message, "quota exceeded") || strings.Contains(message, "exceeded for quota") {
			e.kind = ErrQuotaExceeded
		}
	}
}

// serviceFault is what the services of the v2 API say of a failure.
type serviceFault struct{ code, message string }

// parseFault reads the error bodies of the services, each of which has its own:
//
//	{"error": {"code": 401, "title": "Unauthorized", "message": "…"}}          identity, every 401
//	{"itemNotFound": {"code": 404, "message": "…"}}                            compute, block storage
//	{"code": "404 Not Found", "title": "Not Found", "message": "…<br />"}      image, unknown paths
//	{"NeutronError": {"type": "NetworkNotFound", "message": "…", "detail": ""}} network
//	{"errors": [{"code": "client", "title": "…", "detail": "…"}]}              kubernetes
//	{"faultcode": "Client", "faultstring": "…"}                                load balancer
//	{"code": 404, "title": "Not Found", "description": "…"}                    key manager
//	{"error": "…", "code": 401}                                                REST gateway
//	{"header": {"resultCode": -3, "resultMessage": "…"}}                        v1.0 API, should it ever answer so
func parseFault(body []byte) serviceFault {
	var flat struct {
		Error       jsontext.Value   `json:"error"`
		Errors      []map[string]any `json:"errors"`
		Message     string           `json:"message"`
		Title       string           `json:"title"`
		Description string           `json:"description"`
		FaultCode   string           `json:"faultcode"`
		FaultString string           `json:"faultstring"`
		Code        string           `json:"code"`
		Header      struct {
			ResultMessage string `json:"resultMessage"`
		} `json:"header"`
		Others map[string]jsontext.Value `json:",embed"`
	}
	if wire.Decode(bytes.NewReader(body), "", &flat) != nil {
		return serviceFault{}
	}
	text := func(m map[string]any, key string) string { s, _ := m[key].(string); return s }
	switch {
	case flat.FaultString != "":
		return serviceFault{flat.FaultCode, flat.FaultString}
	case len(flat.Errors) > 0:
		first := flat.Errors[0]
		return serviceFault{text(first, "code"), cmp.Or(text(first, "detail"), text(first, "title"))}
	case flat.Error.Kind() == jsontext.KindString:
		var message string
		_ = wire.Decode(bytes.NewReader(flat.Error), "", &message)
		return serviceFault{"", message}
	case flat.Error.Kind() == jsontext.KindBeginObject:
		return parseNested("", flat.Error)
	case flat.Header.ResultMessage != "":
		return serviceFault{"", flat.Header.ResultMessage}
	case flat.Message != "" || flat.Description != "":
		return serviceFault{flat.Title, cmp.Or(flat.Message, flat.Description)}
	}
	for _, name := range slices.Sorted(maps.Keys(flat.Others)) {
		if value := flat.Others[name]; value.Kind() == jsontext.KindBeginObject {
			if fault := parseNested(name, value); fault.message != "" {
				return fault
			}
		}
	}
	return serviceFault{}
}

// parseNested reads the object inside {"<name>": {…}}.
func parseNested(name string, value jsontext.Value) serviceFault {
	var f struct {
		Type    string `json:"type"`
		Title   string `json:"title"`
		Message string `json:"message"`
		Detail  string `json:"detail"`
	}
	if wire.Decode(bytes.NewReader(value), "", &f) != nil {
		return serviceFault{}
	}
	if name == "NeutronError" {
		name = ""
	}
	return serviceFault{cmp.Or(f.Type, name, f.Title), cmp.Or(f.Message, f.Detail)}
}

var (
	htmlHidden = regexp.MustCompile(`(?is)<(title|style|script)\b.*?</(title|style|script)>`)
	htmlTag    = regexp.MustCompile(`<[^<>]*>`)
)

// entities are the characters that error pages escape.
var entities = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#34;", `"`, "&#39;", "'", "&apos;", "'", "&nbsp;", " ", "&amp;", "&")

// plainText makes one line of an HTML or text body.
func plainText(body []byte) string {
	text := string(body)
	if bytes.IndexByte(body, '<') >= 0 {
		text = htmlHidden.ReplaceAllString(text, " ")
		text = entities.Replace(htmlTag.ReplaceAllString(text, " "))
	}
	return text
}

// readable makes what a service or the decoder said fit for an error: free of
// secrets, on one line, and short.
func readable(text string, secrets []string) string {
	return shorten(string(cleanText([]byte(text), secrets)))
}

// shorten takes markup, line breaks and control characters out of a message
// and cuts it to a readable length.
func shorten(message string) string {
	if strings.Contains(message, "<br") {
		message = htmlTag.ReplaceAllString(message, " ")
	}
	message = strings.Join(strings.FieldsFunc(strings.ToValidUTF8(message, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
	if len(message) > maxMessage {
		message = strings.ToValidUTF8(message[:maxMessage], "") + "…"
	}
	return message
}

// requestID finds the id under which the service logged the request.
func requestID(h http.Header) string {
	return cmp.Or(h.Get("X-Openstack-Request-Id"), h.Get("X-Compute-Request-Id"), h.Get("X-Trans-Id"), h.Get("X-Request-Id"))
}

// retryAfter reads the Retry-After header, in seconds or as a date.
func retryAfter(h http.Header, now time.Time) time.Duration {
	value := strings.TrimSpace(h.Get("Retry-After"))
	if value == "" {
		return 0
	}
	if seconds, err := strconv.ParseFloat(value, 64); err == nil {
		const most = 1e9 // seconds; keeps the product below in range
		if seconds >= 0 && seconds <= most {
			return time.Duration(seconds * float64(time.Second))
		}
		return 0
	}
	if at, err := http.ParseTime(value); err == nil {
		return max(0, at.Sub(now))
	}
	return 0
}

// secretValue matches the value of a member whose name says that it is secret,
// in JSON, in JSON inside of a string, or in the Python notation that services
// use to quote a request.
var secretValue = regexp.MustCompile(
	`(?is)(["'](?:password|adminPass|user_data|private_key|secret|secret_key|token|x-auth-token|config)\\?["']\s*:\s*u?)` +
		`(?:(")(?:[^"\\]|\\.)*"?|(')(?:[^'\\]|\\.)*'?|(\\")(?:[^"\\]|\\[^"])*(?:\\")?)`)

// secretHeaders are never kept or logged.
var secretHeaders = []string{
	"X-Auth-Token", "X-Subject-Token", "X-Storage-Token", "Set-Cookie", "Authorization",
	"X-Account-Meta-Temp-Url-Key", "X-Account-Meta-Temp-Url-Key-2", "X-Container-Meta-Temp-Url-Key", "X-Container-Meta-Temp-Url-Key-2",
}

// cleanText takes secrets out of what a service said: known ones by their
// value, others by the name they stand under.
func cleanText(text []byte, secrets []string) []byte {
	for _, secret := range secrets {
		if len(secret) >= 4 { // shorter ones would tear words apart
			text = bytes.ReplaceAll(text, []byte(secret), []byte(redacted))
		}
	}
	return secretValue.ReplaceAll(text, []byte("${1}${2}${3}${4}"+redacted+"${2}${3}${4}"))
}

// withoutCut drops the beginning of a secret from the end of a text that was
// cut off.
func withoutCut(text []byte, secrets []string) []byte {
	for _, secret := range secrets {
		for n := len(secret) - 1; n > 0; n-- {
			if bytes.HasSuffix(text, []byte(secret[:n])) {
				text = text[:len(text)-n]
				break
			}
		}
	}
	return text
}

// cleanHeader returns a copy of the header without secrets.
func cleanHeader(h http.Header) http.Header {
	h = h.Clone()
	for _, name := range secretHeaders {
		if h.Get(name) != "" {
			h.Set(name, redacted)
		}
	}
	return h
}

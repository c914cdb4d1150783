package nhncloud

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

const (
	maxErrorRead = 256 << 10 // what is read of an error body: user data that it quotes fits in
	maxErrorText = 16 << 10  // what is cleaned of a text from outside, before it is shortened
	maxErrorBody = 16 << 10  // what Error.Body keeps
	maxMessage   = 500       // bytes of the message
	maxWord      = 128       // bytes of a code or an id
)

// readError turns an answer that is no success into an *Error without the
// facts of the call, whose texts are as they came. It reads and closes the body.
func (c *call) readError(resp *http.Response) *Error {
	e := answerError(resp)
	if resp.StatusCode == http.StatusSwitchingProtocols { // that has no body, but a connection
		_ = resp.Body.Close()
	} else {
		defer c.closeWhenOver(resp.Body)()
		var err error
		if e.Body, err = io.ReadAll(io.LimitReader(resp.Body, maxErrorRead)); err == nil {
			drain(resp.Body)
		} else if c.Err() != nil {
			e.Err = c.Err()
		}
	}
	e.describe(e.Body)
	return e
}

// answerError returns an *Error with what the header of an answer tells.
func answerError(resp *http.Response) *Error {
	return &Error{
		StatusCode: resp.StatusCode,
		RequestID:  requestID(resp.Header),
		RetryAfter: retryAfter(resp.Header, time.Now()),
		Header:     resp.Header,
	}
}

// describe fills Code, Message and kind from the body of an error.
func (e *Error) describe(body []byte) {
	status := http.StatusText(e.StatusCode)
	var fault serviceFault
	switch begin := bytes.TrimLeft(body, " \t\r\n"); {
	case bytes.HasPrefix(begin, []byte("{")):
		fault = parseFault(body)
	case bytes.HasPrefix(begin, []byte("[")):
		var list []any // none of the services answers so
		if wire.Decode(bytes.NewReader(body), "", &list) == nil {
			fault.message = strings.Join(texts(list), ": ")
		}
	default:
		fault.message, _ = strings.CutPrefix(tidy(plainText(body)), status+" ") // the heading of a page
	}
	e.Code, e.Message = fault.code, cmp.Or(fault.message, status)
	e.findKind(e.StatusCode)
}

// quotaWords are how services say that a quota is used up, in the messages that
// come with the statuses of findKind.
var quotaWords = regexp.MustCompile(`(?i)quota (?:limit )?(?:is |was |has been )?(?:exceeded|reached|met)|exceeds? (?:the |your )?quota|exceeded for quota|` +
	`maximum number of .* (?:is |was )?exceed|limit (?:has been |was |is )?exceeded|reached the maximum`)

// stateWords are how block storage, and compute where it asks that, say with 400
// that a volume or a snapshot is in a state that does not allow the call: it is
// in use, has snapshots, or something is being done to it; and how the Kubernetes
// service says that of a cluster.
var stateWords = regexp.MustCompile(`(?i)^(?:fail: )?(?:` +
	`invalid (?:volume|snapshot): .*(?:status must be|must be available|already attached|still attached|dependent snapshots)|` +
	`volume cannot be deleted while in attached state|volume \S+ is still attached|` +
	`.* a cluster when status is "[a-z_]+" is not supported)`)

// findKind tells a quota that is used up, and a state that does not allow the
// call, from the other failures that come with the same status.
func (e *Error) findKind(status int) {
	switch status {
	case 400:
		if stateWords.MatchString(cut(e.Message, maxErrorText)) {
			e.kind = ErrConflict
		}
	case 403, 409, 413:
		if e.Code == "OverQuota" || e.Code == "overLimit" || quotaWords.MatchString(cut(e.Message, maxErrorText)) {
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
//	{"code": 404, "title": "Not Found", "description": "…"}                    key manager, load balancer
//	{"Errors": [["c/x", "Etag Mismatch"]]}                                      object storage, for the parts of an object
//	{"error": "…", "code": 401}                                                REST gateway
//	{"header": {"resultCode": -3, "resultMessage": "…"}}                        v1.0 API, should it ever answer so
func parseFault(body []byte) serviceFault {
	var members map[string]any
	if wire.Decode(bytes.NewReader(body), "", &members) != nil {
		return brokenFault(body)
	}
	if message := text(members, "faultstring"); message != "" {
		return serviceFault{text(members, "faultcode"), message}
	}
	if list, _ := members["errors"].([]any); len(list) > 0 {
		first, _ := list[0].(map[string]any)
		return serviceFault{text(first, "code"), cmp.Or(text(first, "detail"), text(first, "title"))}
	}
	switch e := members["error"].(type) {
	case string:
		return serviceFault{"", e}
	case map[string]any:
		if fault := parseNested("", e); fault.message != "" {
			return fault
		}
	}
	if header, _ := members["header"].(map[string]any); text(header, "resultMessage") != "" {
		return serviceFault{"", text(header, "resultMessage")}
	}
	if fault := (serviceFault{text(members, "title"), cmp.Or(text(members, "message"), text(members, "description"))}); fault != (serviceFault{}) {
		return fault
	}
	if parts, _ := members["Errors"].([]any); len(parts) > 0 {
		return serviceFault{"", parseParts(parts)}
	}
	for _, name := range slices.Sorted(maps.Keys(members)) {
		if nested, ok := members[name].(map[string]any); ok {
			if fault := parseNested(name, nested); fault.message != "" {
				return fault
			}
		}
	}
	return serviceFault{"", strings.Join(texts(members), ": ")}
}

// text returns a member that is a text, a number or a Boolean as text, and ""
// where there is none.
func text(members map[string]any, name string) string {
	switch v := members[name].(type) {
	case string:
		return v
	case float64, bool:
		return fmt.Sprint(v)
	}
	return ""
}

// texts returns all texts in a value of an error body that has none where they
// are looked for, each once.
func texts(value any) []string {
	var found []string
	switch v := value.(type) {
	case string:
		found = []string{v}
	case []any:
		for _, element := range v {
			found = append(found, texts(element)...)
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			found = append(found, texts(v[name])...)
		}
	}
	return slices.Compact(slices.DeleteFunc(found, func(s string) bool { return strings.TrimSpace(s) == "" }))
}

// parseNested reads the object inside {"<name>": {…}}.
func parseNested(name string, members map[string]any) serviceFault {
	if name == "NeutronError" {
		name = ""
	}
	return serviceFault{cmp.Or(text(members, "type"), name, text(members, "title")), cmp.Or(text(members, "message"), text(members, "detail"))}
}

// parseParts reads the list of what is wrong with the parts of an object, each
// with its path.
func parseParts(parts []any) string {
	lines := make([]string, len(parts))
	for i, part := range parts {
		lines[i] = strings.Join(texts(part), ": ")
	}
	return strings.Join(lines, "; ")
}

// brokenMessage finds the message in JSON that is cut off or broken.
var brokenMessage = regexp.MustCompile(`"(?:message|detail|description|faultstring|resultMessage)"\s*:\s*"((?:[^"\\]|\\.)*)("?)`)

// brokenFault reads what can be read of an error body that is no JSON to its
// end.
func brokenFault(body []byte) serviceFault {
	found := brokenMessage.FindSubmatch(body[:min(len(body), maxErrorText)]) // it begins soon, or there is none
	if found == nil {
		return serviceFault{}
	}
	message := string(found[1])
	if unquoted, err := strconv.Unquote(`"` + message + `"`); err == nil {
		message = unquoted
	}
	if len(found[2]) == 0 {
		message += "…"
	}
	return serviceFault{"", message}
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
		text = htmlHidden.ReplaceAllLiteralString(text, " ")
		text = entities.Replace(htmlTag.ReplaceAllLiteralString(text, " "))
	}
	return text
}

// tidy takes markup, line breaks and control characters out of a text.
func tidy(text string) string {
	if strings.Contains(text, "<br") {
		text = htmlTag.ReplaceAllLiteralString(text, " ")
	}
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(text, "\uFFFD"), func(r rune) bool {
		return unicode.IsSpace(r) || unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	}), " ")
}

// cut cuts a text off after that many bytes.
func cut(text string, most int) string {
	if len(text) <= most {
		return text
	}
	return strings.ToValidUTF8(text[:most], "") + "…"
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

package objectstorage

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// dialect is how Swift words what is not an answer of a handler.
type dialect struct{ frame.OpenStack }

// Fail is an error in Swift's own words, which the status decides.
func (dialect) Fail(_ *frame.Call, status int, _ string) frame.Reply { return *errorReply(status) }

// Unknown answers a path that makes no sense.
func (dialect) Unknown(*frame.Call) frame.Reply { return *errorReply(http.StatusNotFound) }

// Sign adds the ids of the transaction, and what a client without a token is
// to do.
func (dialect) Sign(c *frame.Call, rep frame.Reply, h http.Header, now time.Time) {
	if h.Get("Content-Type") == "" {
		h.Set("Content-Type", htmlType)
	}
	if _, said := h["Www-Authenticate"]; rep.Status == http.StatusUnauthorized && !said {
		_, path := splitPathOf(c)
		h["Www-Authenticate"] = challenge(c, cmp.Or(path[0], "unknown"))
	}
	id := fmt.Sprintf("tx%s-%010x", frame.NewHexID()[:21], now.Unix())
	h.Set("X-Trans-Id", id)
	h.Set("X-Openstack-Request-Id", id)
}

// challenge tells who has no token where they come from. What a client put into
// the path must not end the text.
func challenge(c *frame.Call, realm string) []string {
	return []string{`Swift realm="` + quotePath(realm) + `"`, `Keystone uri="` + c.Frame.URL + `/identity"`}
}

const (
	htmlType  = "text/html; charset=UTF-8"
	plainType = "text/plain"
)

// newReply is an answer without a body.
func newReply(status int) *frame.Reply { return &frame.Reply{Status: status, Header: http.Header{}} }

// textReply is an error in bare text; it is called HTML all the same, unless
// another type is given.
func textReply(status int, contentType, format string, args ...any) *frame.Reply {
	r := newReply(status)
	r.Header.Set("Content-Type", contentType)
	r.Body = fmt.Appendf(nil, format, args...)
	return r
}

// reasons are the titles and sentences of the errors.
var reasons = map[int][2]string{
	202: {"Accepted", "The request is accepted for processing."},
	301: {"Moved Permanently", "The resource has moved permanently."},
	400: {"Bad Request", "The server could not comply with the request since it is either malformed or otherwise incorrect."},
	401: {"Unauthorized", "This server could not verify that you are authorized to access the document you requested."},
	403: {"Forbidden", "Access was denied to this resource."},
	404: {"Not Found", "The resource could not be found."},
	405: {"Method Not Allowed", "The method is not allowed for this resource."},
	406: {"Not Acceptable", "The resource is not available in a format acceptable to your browser."},
	408: {"Request Timeout", "The server has waited too long for the request to be sent by the client."},
	409: {"Conflict", "There was a conflict when trying to complete your request."},
	411: {"Length Required", "Content-Length header required."},
	412: {"Precondition Failed", "A precondition for this request was not met."},
	413: {"Request Entity Too Large", "The body of your request was too large for this server."},
	416: {"Requested Range Not Satisfiable", "The Range requested is not available."},
	422: {"Unprocessable Entity", "Unable to process the contained instructions"},
	500: {"Internal Error", "The server has either erred or is incapable of performing the requested operation."},
	501: {"Not Implemented", "The requested method is not implemented by this server."},
	503: {"Service Unavailable", "The server is currently unavailable. Please try again at a later time."},
	504: {"Gateway Timeout", "A timeout has occurred speaking to a backend server."},
	507: {"Insufficient Storage", "There was not enough space to save the resource. Drive: unknown"},
}

// errorReply is an error as Swift words it.
func errorReply(status int) *frame.Reply {
	reason, ok := reasons[status]
	if !ok {
		reason = [2]string{frame.StatusText(status), frame.StatusText(status)}
	}
	return textReply(status, htmlType, "<html><h1>%s</h1><p>%s</p></html>", reason[0], reason[1])
}

// statusLine is a status as it stands in reports.
func statusLine(status int) string {
	if reason, ok := reasons[status]; ok {
		return strconv.Itoa(status) + " " + reason[0]
	}
	return strconv.Itoa(status) + " " + http.StatusText(status)
}

package nhncloud

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// maxShownURL is how much of a URL the text of an error shows, in bytes.
const maxShownURL = 512

// The kinds of failure. Every error of this module that stands for one of
// them answers to [errors.Is]; the details are in [*Error], by [errors.As].
//
// Code that knows files alone understands two of them: ErrNotFound is an
// [fs.ErrNotExist] as well, and ErrForbidden an [fs.ErrPermission]. No other is
// one of package fs: ErrUnauthorized tells of the account and not of a resource,
// so that nobody should pass over what it came with, and ErrConflict has more
// reasons than that something exists.
var (
	// ErrInvalidArgument: an argument was refused, by the SDK before anything
	// was sent (then [Error.Field] names it) or by the service (400, 411, 422).
	ErrInvalidArgument = errors.New("invalid argument")
	// ErrUnauthorized: the login or the token was refused (401).
	ErrUnauthorized = errors.New("unauthorized")
	// ErrForbidden: the account may not do this (402, 403, 451).
	ErrForbidden = errors.New("forbidden")
	// ErrNotFound: the resource does not exist, or not for this account (404, 410).
	ErrNotFound = errors.New("not found")
	// ErrConflict: the state of the resource does not allow this (409, 423). It
	// comes with 400 for a volume or a snapshot, told by the words: for one that
	// is in use, has snapshots or is not available.
	ErrConflict = errors.New("conflict")
	// ErrPreconditionFailed: a conditional request did not match (412, 428).
	ErrPreconditionFailed = errors.New("precondition failed")
	// ErrNotModified: a conditional read found nothing new (304).
	ErrNotModified = errors.New("not modified")
	// ErrRangeNotSatisfiable: a range is outside of the object (416).
	ErrRangeNotSatisfiable = errors.New("range not satisfiable")
	// ErrChecksumMismatch: content arrived other than it was sent.
	ErrChecksumMismatch = errors.New("checksum mismatch")
	// ErrTooLarge: the request was too large for the service, as its body (413),
	// its URL (414) or its header (431).
	ErrTooLarge = errors.New("too large")
	// ErrRateLimited: too many requests (429; 498 in object storage).
	ErrRateLimited = errors.New("rate limited")
	// ErrQuotaExceeded: a quota of the project is used up. It comes with 403,
	// 409 or 413, and is none of those kinds: waiting does not help.
	ErrQuotaExceeded = errors.New("quota exceeded")
	// ErrUnavailable: the service could not be reached, or said that it is
	// unavailable, or too busy to take the request (408, 502, 503, 504).
	ErrUnavailable = errors.New("unavailable")
	// ErrServerFault: the service failed in another way (the rest of 5xx).
	ErrServerFault = errors.New("server fault")
	// ErrNotSupported: the service does not know this call, or not in this form
	// or version (300, 405, 406, 415, 501).
	ErrNotSupported = errors.New("not supported")
	// ErrBadAnswer: the answer is none of the service, or could not be read: cut
	// off, not JSON, of the wrong shape, larger than the limit, with a status
	// that is not documented, a redirect to elsewhere, a page of a proxy. What
	// the call does may be done.
	ErrBadAnswer = errors.New("bad answer")
	// ErrEndpointNotFound: the service does not exist in the region.
	ErrEndpointNotFound = errors.New("endpoint not found")
	// ErrFailedState: a waiter saw the resource reach a state from which the
	// wanted one can't be reached any more.
	ErrFailedState = errors.New("failed state")
)

// Error is what every call of the SDK fails with, always as *Error. It keeps
// what the service said, and what the SDK did before it gave up.
//
// Text from the service is shortened and freed of secrets. An Error made for a
// broken connection or a finished context has no StatusCode, and the cause can
// be found with [errors.Is] and [errors.As]; where an answer had come before,
// its details are kept beside the cause.
//
// Field is the name of the parameter, or of the field of the request, as it is
// in Go, with its place in a list: "Name", "BlockDevices[0].UUID". Ids in the
// path or the query have their names in the API line of the method: "serverId".
// Where several were refused, all of them stand in Field with ", " between, and
// Message has a sentence about each with "; " between.
type Error struct {
	Operation  string        // documented operation, such as "compute-v2-get-server"
	Method     string        // HTTP method
	URL        string        // full URL without secrets
	StatusCode int           // HTTP status; 0 when no answer came
	ResultCode int           // header.resultCode of the v1.0 API; 0 elsewhere
	Code       string        // word of the service for the failure, such as "itemNotFound" or "OverQuota"
	Message    string        // message of the service, or what the SDK has to say
	Field      string        // the argument that the SDK refused, or all of them; "" otherwise
	RequestID  string        // id to quote to the support of NHN Cloud
	Attempts   int           // requests sent for this call, 0 when none was
	RetryAfter time.Duration // what the service asked to wait; 0 when it did not
	Header     http.Header   // header of the answer; nil when none came
	Body       []byte        // beginning of the answer, at most 16 KiB, without secrets
	Note       string        // why there was no (further) attempt, where that is not obvious
	Err        error         // cause: of the connection, the context, or the decoder

	kind        error // overrides what StatusCode and ResultCode stand for
	namesFields bool  // Message names the arguments that were refused itself
}

// NewArgumentError returns the error for an argument that is refused before
// anything is sent. It is an [ErrInvalidArgument].
//
//go:noinline
func NewArgumentError(operation, field, problem string) *Error {
	return &Error{Operation: operation, Field: field, Message: problem}
}

// Error tells what failed, what the service said and where to look further.
func (e *Error) Error() string {
	text := "nhncloud: "
	if e.Operation != "" {
		text += e.Operation + ": "
	}
	if e.Field != "" {
		if !e.namesFields {
			text += e.Field + " "
		}
		text += e.Message
		if e.Err != nil {
			text += ": " + e.Err.Error()
		}
		return text
	}
	what := cmp.Or(e.what(), "failed")
	if e.Note != "" {
		what = goOn(what) + "; " + e.Note
	}
	text += what
	var where []string
	if e.URL != "" {
		where = append(where, e.Method+" "+cut(e.URL, maxShownURL))
	}
	if e.RequestID != "" {
		where = append(where, "request id "+e.RequestID)
	}
	if e.Attempts > 1 {
		where = append(where, fmt.Sprintf("%d attempts", e.Attempts))
	}
	if len(where) > 0 {
		text += " [" + strings.Join(where, ", ") + "]"
	}
	return text
}

// what tells what the service, the SDK and the cause say, each once.
func (e *Error) what() string {
	var parts []string
	say := func(text string) {
		if text == "" {
			return
		}
		if n := len(parts); n > 0 {
			parts[n-1] = goOn(parts[n-1])
		}
		parts = append(parts, text)
	}
	status := http.StatusText(e.StatusCode)
	switch {
	case e.ResultCode != 0:
		say(fmt.Sprintf("resultCode %d", e.ResultCode))
	case e.StatusCode != 0:
		text := strings.TrimSpace(fmt.Sprintf("%d %s", e.StatusCode, status))
		if e.Code != "" && !strings.EqualFold(e.Code, status) && e.Code != text {
			text += " (" + e.Code + ")"
		}
		say(text)
	}
	if !strings.EqualFold(strings.TrimRight(e.Message, "."), status) || len(parts) == 0 {
		say(e.Message)
	}
	if e.Err != nil {
		say(e.Err.Error())
	}
	return strings.Join(parts, ": ")
}

// goOn takes from a text the end of its sentence, because more follows. What was
// cut still shows it.
func goOn(text string) string {
	if strings.HasSuffix(text, "…") {
		return text
	}
	return strings.TrimRight(text, ".:; ")
}

// Format writes the text of the error for every verb of package fmt, so that
// none prints the causes field by field. With %q it is quoted.
func (e Error) Format(f fmt.State, verb rune) {
	text := e.Error()
	if verb == 'q' {
		text = strconv.Quote(text)
	}
	_, _ = io.WriteString(f, text)
}

// Unwrap returns the cause, if there is one beside the answer of the service.
func (e *Error) Unwrap() error { return e.Err }

// Is reports whether the failure is of the kind that target stands for: one of
// the Err… variables, [fs.ErrNotExist] for [ErrNotFound], or [fs.ErrPermission]
// for [ErrForbidden].
func (e *Error) Is(target error) bool {
	kind := e.Kind()
	switch target {
	case fs.ErrNotExist:
		return kind == ErrNotFound
	case fs.ErrPermission:
		return kind == ErrForbidden
	}
	return target == kind
}

// Kind returns the kind of the failure: one of the Err… variables, or nil
// where none fits.
func (e *Error) Kind() error {
	switch {
	case e.kind != nil:
		return e.kind
	case e.Field != "":
		return ErrInvalidArgument
	case e.ResultCode != 0:
		return kindOfResult(e.ResultCode)
	}
	if kind := kindOfStatus(e.StatusCode); kind != nil {
		return kind
	}
	for _, kind := range kinds {
		if errors.Is(e.Err, *kind) {
			return *kind
		}
	}
	return nil
}

// kinds are all there are, for errors whose cause tells theirs.
var kinds = []*error{
	&ErrInvalidArgument, &ErrUnauthorized, &ErrForbidden, &ErrNotFound, &ErrConflict, &ErrPreconditionFailed, &ErrTooLarge,
	&ErrRateLimited, &ErrQuotaExceeded, &ErrUnavailable, &ErrServerFault, &ErrNotSupported, &ErrBadAnswer, &ErrEndpointNotFound,
	&ErrFailedState, &ErrNotModified, &ErrRangeNotSatisfiable, &ErrChecksumMismatch,
}

func kindOfStatus(status int) error {
	switch status {
	case 304:
		return ErrNotModified
	case 400, 411, 422:
		return ErrInvalidArgument
	case 401:
		return ErrUnauthorized
	case 402, 403, 451:
		return ErrForbidden
	case 404, 410:
		return ErrNotFound
	case 300, 405, 406, 415, 501: // with 300 come the versions that there are
		return ErrNotSupported
	case 408, 502, 503, 504:
		return ErrUnavailable
	case 409, 423:
		return ErrConflict
	case 412, 428:
		return ErrPreconditionFailed
	case 413, 414, 431:
		return ErrTooLarge
	case 416:
		return ErrRangeNotSatisfiable
	case 429, 498:
		return ErrRateLimited
	}
	switch {
	case status >= 500:
		return ErrServerFault
	case status >= 400:
		return nil
	case status >= 300 || status > 0 && status < 200:
		return ErrBadAnswer // it says neither that the call failed nor that it did not
	}
	return nil
}

// kindOfResult classifies header.resultCode of the v1.0 API. Codes of five
// digits carry an HTTP status in the last three.
func kindOfResult(code int) error {
	switch code {
	case -1:
		return ErrUnauthorized // the authentication module refused or failed
	case -3:
		return ErrForbidden
	case -4, -8: // invalid parameters; not JSON
		return ErrInvalidArgument
	case -5:
		return ErrNotFound
	case -7:
		return ErrNotSupported
	case 20001: // no free IP address
		return ErrQuotaExceeded
	case 20004: // no network that can be used
		return ErrNotFound
	}
	if status := statusOfResult(code); status != 0 {
		return kindOfStatus(status)
	}
	return ErrServerFault // -2, -6, and what is not documented
}

// statusOfResult returns the HTTP status that a resultCode carries, or 0.
func statusOfResult(code int) int {
	if status := code % 1000; code >= 10000 && status >= 400 {
		return status
	}
	return 0
}

// status returns the HTTP status that the failure stands for: that in the
// resultCode, where there is one.
func (e *Error) status() int {
	if e.ResultCode != 0 {
		return statusOfResult(e.ResultCode)
	}
	return e.StatusCode
}

// LogValue shows the error as a group in structured logs.
func (e *Error) LogValue() slog.Value {
	attrs := []slog.Attr{
		slog.String("operation", e.Operation),
		slog.String("method", e.Method),
		slog.String("url", cut(e.URL, maxShownURL)),
		slog.Int("status", e.StatusCode),
		slog.Int("result_code", e.ResultCode),
		slog.String("code", e.Code),
		slog.String("field", e.Field),
		slog.String("message", e.Message),
		slog.String("request_id", e.RequestID),
		slog.Int("attempts", e.Attempts),
		slog.Duration("retry_after", e.RetryAfter),
		slog.String("note", e.Note),
	}
	if e.Err != nil {
		attrs = append(attrs, slog.String("cause", e.Err.Error()))
	}
	return slog.GroupValue(slices.DeleteFunc(attrs, func(a slog.Attr) bool {
		switch v := a.Value.Any().(type) {
		case string:
			return v == ""
		case int64:
			return v == 0
		case time.Duration:
			return v == 0
		}
		return false
	})...)
}

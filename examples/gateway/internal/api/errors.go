package api

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhncloud-go/nhncloud"
)

// Error is what all failures answer.
type Error struct {
	Text string `json:"error" doc:"what failed"`
	Code int    `json:"code" enum:"400,401,403,404,500" doc:"the HTTP status"`
}

// Error returns the text.
func (e *Error) Error() string { return e.Text }

// GetStatus returns the HTTP status.
func (e *Error) GetStatus() int { return e.Code }

// codes are the statuses of failures. There are no others.
var codes = []int{http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusInternalServerError}

// kinds maps the kinds of failure of the SDK onto codes. What is not here is a
// 500: the gateway or the cloud behind it is at fault, and the same request may
// succeed later.
var kinds = []struct {
	kind error
	code int
}{
	{nhncloud.ErrUnauthorized, http.StatusUnauthorized},
	{nhncloud.ErrForbidden, http.StatusForbidden},
	{nhncloud.ErrQuotaExceeded, http.StatusForbidden},
	{nhncloud.ErrNotFound, http.StatusNotFound},
	{nhncloud.ErrInvalidArgument, http.StatusBadRequest},
	{nhncloud.ErrConflict, http.StatusBadRequest},
	{nhncloud.ErrEndpointNotFound, http.StatusBadRequest}, // the region does not have the service
	{nhncloud.ErrNotSupported, http.StatusBadRequest},
	{nhncloud.ErrPreconditionFailed, http.StatusBadRequest},
	{nhncloud.ErrTooLarge, http.StatusBadRequest},
}

// errorOf makes an answer of what an operation failed with.
func errorOf(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	code := http.StatusInternalServerError
	for _, k := range kinds {
		if errors.Is(err, k.kind) {
			code = k.code
			break
		}
	}
	text := err.Error()
	switch e, ok := errors.AsType[*nhncloud.Error](err); {
	case errors.Is(err, context.DeadlineExceeded):
		text = "the cloud did not answer in time"
	case ok && e.Message != "" && code != http.StatusInternalServerError:
		text = e.Message
	}
	return &Error{Text: text, Code: code}
}

// refuse says that a field of the request is not as it has to be.
func refuse(field, problem string) *Error {
	return &Error{Text: field + ": " + problem, Code: http.StatusBadRequest}
}

// ownErrors makes huma answer in the form of the gateway. Huma has one form of
// errors for a whole program.
var ownErrors = sync.OnceFunc(func() {
	huma.NewError = func(status int, text string, details ...error) huma.StatusError {
		return newError(status, text, details)
	}
	huma.NewErrorWithContext = func(_ huma.Context, status int, text string, details ...error) huma.StatusError {
		return newError(status, text, details)
	}
})

// newError makes an answer of what huma found wrong with a request.
func newError(status int, text string, details []error) *Error {
	e := &Error{Text: text, Code: http.StatusBadRequest}
	switch {
	case status >= http.StatusInternalServerError:
		e.Code = http.StatusInternalServerError
	case status == http.StatusRequestEntityTooLarge:
		e.Text = "body: must not have more than 1 MiB"
	}
	var problems []string
	for _, detail := range details {
		d, ok := errors.AsType[*huma.ErrorDetail](detail)
		if !ok {
			if detail != nil && e.Code != http.StatusInternalServerError {
				problems = append(problems, detail.Error())
			}
			continue
		}
		// The value stays out: it may be a password.
		field := d.Location
		for _, where := range []string{"body.", "header.", "path.", "query."} {
			field = strings.TrimPrefix(field, where)
		}
		if field == tokenHeader {
			e.Code = http.StatusUnauthorized
		}
		problems = append(problems, field+": "+d.Message)
	}
	if len(problems) > 0 {
		e.Text = strings.Join(problems, "; ")
	}
	return e
}

// errorResponses documents the failures of an endpoint.
func (a *API) errorResponses() map[string]*huma.Response {
	schema := huma.SchemaFromType(a.huma.OpenAPI().Components.Schemas, typeOfError)
	responses := map[string]*huma.Response{}
	for _, code := range codes {
		responses[strconv.Itoa(code)] = &huma.Response{
			Description: http.StatusText(code),
			Content:     map[string]*huma.MediaType{"application/json": {Schema: schema}},
		}
	}
	return responses
}

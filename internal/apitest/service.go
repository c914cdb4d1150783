package apitest

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// Service is what the tests of a service package have in common.
type Service[C any] struct {
	New     func(*nhncloud.Client) C
	BaseURL string            // what stands before the paths of its operations
	Header  map[string]string // that every request has
}

// Want is a request of an operation. The body is JSON, "@" for the documented
// one, or "".
func (s Service[C]) Want(operation, method, path, body string) Want {
	if body == "@" {
		body = "@" + operation + ".request.json"
	}
	return Want{Operation: operation, Method: method, URL: s.BaseURL + path, Body: body, Header: s.Header}
}

// Documented is the documented answer to an operation.
func Documented(operation string) Reply { return Reply{Body: "@" + operation + ".response.json"} }

// On makes a call of the service one of any client.
func On[C, T any](s Service[C], call func(ctx context.Context, client C) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return func(ctx context.Context, client *nhncloud.Client) (T, error) { return call(ctx, s.New(client)) }
}

// Refuses checks that a call refuses an argument, or several.
func (s Service[C]) Refuses(t *testing.T, operation, field string, call func(ctx context.Context, client C) error) {
	t.Helper()
	Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error { return call(ctx, s.New(client)) })
}

// RefusesIDs checks that a call refuses what can't be an id in a path.
func (s Service[C]) RefusesIDs(t *testing.T, operation, field string, call func(ctx context.Context, client C, id string) error) {
	t.Helper()
	RefusedSegments(t, operation, field, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return call(ctx, s.New(client), id)
	})
}

// Sends checks what body a call sends, whatever the answer is.
func (s Service[C]) Sends(t *testing.T, w Want, body string, reply Reply, call func(ctx context.Context, client C) error) {
	t.Helper()
	m := New(t)
	w.Body = body
	m.Expect(w, reply)
	require.NoError(t, call(t.Context(), s.New(m.Client)))
}

// CheckDeletion checks an operation that deletes a resource, of which path and
// query are those without the id. The status is the documented one.
func (s Service[C]) CheckDeletion(t *testing.T, operation, path, query string, status int, field string, del func(ctx context.Context, client C, id string) error) {
	t.Helper()
	w := s.Want(operation, http.MethodDelete, path+"/x1"+query, "")
	CheckEmpty(t, w, Reply{Status: status}, func(ctx context.Context, client *nhncloud.Client) error { return del(ctx, s.New(client), "x1") })
	s.RefusesIDs(t, operation, field, del)
}

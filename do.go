package nhncloud

import (
	"context"
	"net/http"
	"net/url"
	"slices"
)

// Do sends a request and decodes the answer into out, a pointer, or drops it
// when out is nil. All calls of the service packages go through it; a program
// needs it for calls that the SDK lacks.
//
// What out points to has the json tags of encoding/json, and needs no types of its
// own for what the services print in several ways: numbers and Booleans may be in
// quotes, times have any of their layouts, and what is unset may be null or "".
// A tag is the whole name of a member; a field without one takes the member of
// its name, in capitals or not.
//
// Failures are an [*Error]. Where it fails, what out points to is not to be
// used.
func (c *Client) Do(ctx context.Context, request Request, out any) error {
	call := newCall(ctx, c, request)
	call.out = out
	return call.run()
}

// Open sends a request and returns the answer, whose body is the caller's to
// read and to close. It is for content that is no JSON or too large for memory;
// [WithMaxResponse] does not limit it. The context must live until the body was
// read. What breaks off while it is read is not repeated.
//
// Failures are an [*Error]. For a service of the v1.0 API use [Client.Do],
// which looks into the envelope.
func (c *Client) Open(ctx context.Context, request Request) (*http.Response, error) {
	call := newCall(ctx, c, request)
	call.open = true
	if err := call.run(); err != nil {
		return nil, err
	}
	call.response.Request = nil // it has the token
	return call.response, nil
}

// URL returns the URL that a request would be sent to. It sends nothing, but
// for a login where there is no token yet, because the endpoints may come with
// it.
func (c *Client) URL(ctx context.Context, request Request) (*url.URL, error) {
	call := newCall(ctx, c, request)
	call.listen()
	if err := call.prepare(); err != nil {
		return nil, call.explain(err)
	}
	return &call.url, nil
}

// Fetch sends a request and returns its answer as a new T. It is [Client.Do]
// for answers that have at least one member that T knows; an answer without
// any, such as the page of a proxy that happens to be JSON, is an
// [ErrBadAnswer] instead of an empty T. So is a list of pointers, or a T with one,
// that has an element without any.
func Fetch[T any](ctx context.Context, c *Client, request Request) (*T, error) {
	out := new(T)
	request.notZero = true
	if err := c.Do(ctx, request, out); err != nil {
		return nil, err
	}
	return out, nil
}

// FetchList sends a request and returns its answer, a list without pages. It
// leaves out what is null in the list, so that every element can be used
// without a look.
func FetchList[T any](ctx context.Context, c *Client, request Request) ([]*T, error) {
	list, err := Fetch[[]*T](ctx, c, request)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(*list, func(item *T) bool { return item == nil }), nil
}

// FetchOne sends a request whose answer is a list, as the look-ups of the v1.0
// API are, and returns the element that matches. A list without one is an
// [ErrNotFound].
func FetchOne[T any](ctx context.Context, c *Client, request Request, matches func(*T) bool) (*T, error) {
	var list []*T
	var found *T
	request.find = func() bool {
		i := slices.IndexFunc(list, func(item *T) bool { return item != nil && matches(item) })
		if i >= 0 {
			found = list[i]
		}
		return i >= 0
	}
	if err := c.Do(ctx, request, &list); err != nil {
		return nil, err
	}
	return found, nil
}

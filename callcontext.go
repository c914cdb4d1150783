package nhncloud

import (
	"context"
	"fmt"
	"io"
	"net/http/httptrace"
	"net/textproto"
)

// callContext is the context of a call, and of its requests. It only points to
// the call, because package fmt walks into what the context of a request holds,
// but not beyond a pointer.
type callContext struct {
	context.Context
	call *call
}

// Value makes the call findable from the context of its requests, and its trace
// for net/http, without a context around this one.
func (c *callContext) Value(key any) any {
	switch key {
	case callKey{}:
		return c.call
	case traceKey:
		return &c.call.trace // the caller's is in it
	}
	return c.Context.Value(key)
}

// Format keeps every verb of package fmt from printing fields.
func (c *callContext) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// String names the call.
func (c *callContext) String() string { return "nhncloud.call(" + c.call.request.Operation + ")" }

// traceKey is the key under which package httptrace keeps a trace.
var traceKey = func() any {
	var k keyOf
	httptrace.ContextClientTrace(&k)
	return k.key
}()

// keyOf is a context that notes the key that it is asked for.
type keyOf struct {
	context.Context
	key any
}

// Value notes the key.
func (k *keyOf) Value(key any) any {
	k.key = key
	return nil
}

// maxHints is how many informational answers an attempt may get. Without a
// limit, a service that sends them for ever is listened to for ever.
const maxHints = 10

// informationalError ends an attempt that gets informational answers for which
// there is no reason.
type informationalError struct{ code int }

// Error tells what came.
func (e *informationalError) Error() string {
	return fmt.Sprintf("informational answers instead of one, the last with status %d", e.code)
}

// hear1xx is told of each informational answer. Only that the service is ready
// for the body (100) and early hints (103) have a place in these APIs.
func (c *call) hear1xx(code int, header textproto.MIMEHeader) error {
	if code != 100 && code != 103 || c.hints.Add(1) > maxHints {
		return &informationalError{code}
	}
	if c.callers1xx != nil {
		return c.callers1xx(code, header)
	}
	return nil
}

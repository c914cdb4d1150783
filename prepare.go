package nhncloud

import (
	"cmp"
	"io"
	"maps"
	"net/http"
	"reflect"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

// prepare does everything that can fail without a request.
func (c *call) prepare() error {
	if err := c.Err(); err != nil {
		return err
	}
	r := &c.request
	if err := r.check(); err != nil {
		return err
	}
	if c.open && r.Service == ServiceAppKey {
		return NewArgumentError(r.Operation, "Service", "has answers with an envelope; use Do")
	}
	if out := reflect.ValueOf(c.out); c.out != nil && (out.Kind() != reflect.Pointer || out.IsNil()) {
		return NewArgumentError(r.Operation, "out", "must be nil or a pointer that is not")
	}
	c.policy = c.client.RetryPolicy(c.Context)
	if err := c.policy.check(); err != nil {
		return err
	}
	body, err := r.requestBody()
	if err != nil {
		return err
	}
	c.body.init(body)
	rawQuery, err := r.rawQuery()
	if err != nil {
		return err
	}
	scope, err := c.client.scopeOf(cmp.Or(r.TokenService, r.Service))
	if err != nil && (!r.Anonymous || r.Service == ServiceAppKey) {
		return err
	}
	if !r.Anonymous && c.client.lacksTenant(r.Path) {
		return c.client.needsTenant(r.Service)
	}
	if err = r.checkPath(c.placeholder); err != nil {
		return err // before a login is made for nothing
	}
	if !r.Anonymous {
		c.keeper = c.client.auth.keeper(scope)
		if c.session, err = c.keeper.session(c, r.Service, nil); err != nil {
			return err
		}
	}
	return c.locate(rawQuery)
}

// locate finds the URL.
func (c *call) locate(rawQuery string) error {
	var token *Token
	if c.session != nil {
		token = c.session.token
	}
	resolved, err := c.client.resolve(c.request.Service, token)
	if err != nil {
		return err
	}
	template := endpoint.Missing(resolved.base.Path, c.request.Path)
	c.url = *resolved.base
	c.url.Path, c.url.RawPath = c.request.expand(c.url.Path, c.url.RawPath, template, c.placeholder)
	c.url.RawQuery = rawQuery
	return nil
}

// placeholder gives the values that the client knows itself.
func (c *call) placeholder(name string) string {
	config := &c.client.config
	switch name {
	case "tenantId":
		return config.TenantID
	case "appkey":
		return config.AppKey
	case "Account":
		return c.client.account
	}
	return ""
}

var (
	acceptJSON     = []string{contentTypeJSON}
	expectContinue = []string{"100-continue"}
)

// httpRequest makes the request of the first attempt.
func (c *call) httpRequest() (*http.Request, error) {
	ofService := c.client.headers[c.request.Service.canonical()]
	header := make(http.Header, 4+len(ofService)+len(c.request.Header))
	header["Accept"] = acceptJSON
	header["User-Agent"] = c.client.userAgent
	maps.Copy(header, ofService)
	for name, values := range c.request.Header {
		if len(values) == 0 {
			continue // net/http takes a value for granted in places
		}
		header[http.CanonicalHeaderKey(name)] = values
	}
	if c.session != nil {
		header["X-Auth-Token"] = c.session.header
	}
	body := c.body.body
	if body.isAskedFor() {
		header["Expect"] = expectContinue
		c.body.once.Listen(&c.trace)
	}
	req := (&http.Request{
		Method:     c.request.Method,
		URL:        &c.url,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     header,
		Host:       c.url.Host,
	}).WithContext(&c.callContext)
	if body == nil {
		return req, nil
	}
	if body.contentType != "" {
		if _, ok := header["Content-Type"]; !ok {
			header["Content-Type"] = []string{body.contentType}
		}
	}
	req.ContentLength = body.length
	if body.length == 0 {
		req.Body = http.NoBody
		return req, nil
	}
	if body.reader == nil {
		// The transport itself opens the body again when a kept-alive
		// connection turns out closed before anything was written to it.
		req.GetBody = c.openBody
	}
	var err error
	req.Body, err = c.openBody()
	return req, err
}

// prepareRetry makes the request of a further attempt. Its header is shared
// with the request before, so it is cloned before it is changed.
func (c *call) prepareRetry(req *http.Request) error {
	if err := c.renew(req); err != nil {
		c.last.failure.Err = err
		return c.last.failure
	}
	c.attempts.Add(1)
	c.hints.Store(0)
	return nil
}

// renew gives a request a new token where the last one was refused, and a new
// body.
func (c *call) renew(req *http.Request) error {
	failure := c.last.failure
	if failure.Kind() == ErrUnauthorized && c.session != nil {
		var err error
		if c.leave, err = c.keeper.gate.enter(c); err != nil {
			return err
		}
		s, err := c.keeper.session(c, c.request.Service, c.past.refusal)
		if err != nil {
			return err
		}
		c.session = s
		req.Header = req.Header.Clone()
		req.Header["X-Auth-Token"] = s.header
	}
	if c.body.length() == 0 {
		return nil
	}
	if failure.StatusCode == 0 && c.body.body.mayBeRefused() {
		req.Header = req.Header.Clone()
		req.Header["Expect"] = expectContinue
	}
	var err error
	req.Body, err = c.openBody()
	return err
}

// leaveKeeper is called when the call is over.
func (c *call) leaveKeeper() {
	c.leaveGate()
	if c.past.refused > 0 {
		c.keeper.repeated.Add(-1)
	}
}

// leaveGate makes way for the next call that is sent again with another token.
func (c *call) leaveGate() {
	if c.leave != nil {
		c.leave()
		c.leave = nil
	}
}

// openBody opens the body for an attempt, and watches it where a repetition
// could do the work twice.
func (c *call) openBody() (io.ReadCloser, error) {
	return c.body.open(c.request.idempotency() != IdempotencyAlways)
}

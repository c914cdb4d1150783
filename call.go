package nhncloud

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"reflect"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
	"github.com/nhncloud-go/nhncloud/internal/wire"
)

// Do sends a request and decodes the answer into out, a pointer, or drops it
// when out is nil. All calls of the service packages go through it; a program
// needs it for calls that the SDK lacks.
//
// Failures are an [*Error]. Where it fails, what out points to is not to be
// used.
func (c *Client) Do(ctx context.Context, request Request, out any) error {
	return (&call{Context: ctx, client: c, request: request, out: out}).do()
}

// Open sends a request and returns the answer, whose body is the caller's to
// read and to close. It is for content that is no JSON or too large for memory;
// [WithMaxResponse] does not limit it. The context must live until the body was
// read. What breaks off while it is read is not repeated.
//
// Failures are an [*Error]. For a service of the v1.0 API use [Client.Do],
// which looks into the envelope.
func (c *Client) Open(ctx context.Context, request Request) (*http.Response, error) {
	call := &call{Context: ctx, client: c, request: request, open: true}
	if err := call.do(); err != nil {
		return nil, err
	}
	call.response.Request = nil // it has the token
	return call.response, nil
}

// URL returns the URL that a request would be sent to. It sends nothing, but
// for a login where there is no token yet, because the endpoints may come with
// it.
func (c *Client) URL(ctx context.Context, request Request) (*url.URL, error) {
	call := &call{Context: ctx, client: c, request: request}
	if err := call.prepare(); err != nil {
		return nil, call.explain(err)
	}
	return &call.url, nil
}

// do runs the call, captures its details and logs it.
func (c *call) do() error {
	var start time.Time
	captured, _ := c.Context.Value(captureKey{}).(*capture)
	logging := c.client.logger.Enabled(c.Context, slog.LevelDebug)
	if captured != nil || logging {
		start = time.Now()
	}
	err := c.run()
	for ; captured != nil; captured = captured.outer {
		*captured.response = Response{
			StatusCode: c.status,
			Header:     c.header,
			RequestID:  requestID(c.header),
			Attempts:   int(c.attempts.Load()),
			Duration:   time.Since(start),
		}
	}
	if logging {
		attrs := []slog.Attr{
			slog.String("operation", c.request.Operation),
			slog.Int("status", c.status),
			slog.Int("attempts", int(c.attempts.Load())),
			slog.Duration("duration", time.Since(start)),
		}
		if err != nil {
			attrs = append(attrs, slog.Any("error", err))
		}
		c.client.logger.LogAttrs(c.Context, slog.LevelDebug, "nhncloud: call", attrs...)
	}
	return err
}

// Fetch sends a request and returns its answer as a new T. It is [Client.Do]
// for answers that have at least one member that T knows; an answer without
// any, such as the page of a proxy that happens to be JSON, is an
// [ErrBadAnswer] instead of an empty T.
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

// call is one Do on its way. It is the context of its own requests, so that
// the retry layer and middleware find it.
type call struct {
	context.Context

	client  *Client
	request Request
	out     any
	open    bool // the body of a success goes to the caller unread, in response

	keeper    *keeper  // nil for anonymous calls
	session   *session // token in use; nil for anonymous calls
	policy    RetryPolicy
	retry     retryablehttp.Client // of this call alone; it is only a bundle of functions
	retryable retryablehttp.Request
	url       url.URL
	body      *Body
	opened    bool                     // the body was
	memory    bytes.Reader             // of a body in memory, for the first attempt
	once      onceBody                 // a body that can be read only once, for the first attempt
	trace     httptrace.ClientTrace    // of requests that let the service ask for such a body
	asking    atomic.Pointer[onceBody] // that it may ask for

	attempts atomic.Int32 // requests sent; middleware may look from anywhere
	retries  int          // of them, those after a failure
	relogin  bool         // a refused token was replaced
	bodyRead atomic.Bool  // the transport began to read the watched body of this attempt

	// What is known after an attempt.
	status    int
	header    http.Header
	response  *http.Response
	failure   *Error        // of the last attempt; nil after a success
	decoding  bool          // it brought a success, whose body is next
	limited   limitedReader // of that body
	final     bool          // there is no further attempt
	ambiguous bool          // an earlier attempt may have done its work unseen
	wait      time.Duration // before the next attempt
}

// Format keeps every verb of package fmt from printing the fields of the call,
// which middleware may do with the context of a request.
func (c *call) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// String names the call.
func (c *call) String() string { return "nhncloud.call(" + c.request.Operation + ")" }

// Value makes the call findable from the context of its requests.
func (c *call) Value(key any) any {
	if key == (callKey{}) {
		return c
	}
	return c.Context.Value(key)
}

// run prepares the request, sends it through the retry layer and returns the
// last failure.
func (c *call) run() error {
	if err := c.prepare(); err != nil {
		return c.explain(err)
	}
	req, err := c.httpRequest()
	if err != nil {
		return c.explain(err)
	}
	c.retry.HTTPClient = c.client.http
	c.retry.RetryMax = math.MaxInt // checkRetry counts
	c.retry.CheckRetry = checkRetry
	c.retry.ErrorHandler = retryablehttp.PassthroughErrorHandler
	c.retryable.Request = req
	if !c.open {
		c.retryable.SetResponseHandler(c.handleResponse)
	}

	c.attempts.Store(1)
	c.response, err = c.retry.Do(&c.retryable)
	switch {
	case err == nil, c.final && c.failure == nil:
		return nil
	case c.failure != nil && !c.final && c.Err() != nil:
		// The context ended during a back-off: keep what the service said.
		c.failure.Err = c.Err()
		return c.failure
	default:
		return c.explain(err)
	}
}

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
	err := c.policy.check()
	if err != nil {
		return err
	}
	if c.body, err = r.requestBody(); err != nil {
		return err
	}
	rawQuery, err := r.rawQuery()
	if err != nil {
		return err
	}
	scope, err := c.client.scopeOf(cmp.Or(r.TokenService, r.Service))
	if err != nil && (!r.Anonymous || r.Service == ServiceAppKey) {
		return err
	}
	if err = r.checkPath(c.placeholder); err != nil {
		return err // before a login is made for nothing
	}
	if !r.Anonymous {
		c.keeper = c.client.auth.keeper(scope)
		if c.session, err = c.keeper.session(c, nil); err != nil {
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

// refusableSize is the size from which any body waits for the service to ask for
// it after an attempt that broke off. The service may have refused it, and
// closed the connection while the body was sent; its answer gets lost then.
const refusableSize = 64 << 10

// httpRequest makes the request of the first attempt.
func (c *call) httpRequest() (*http.Request, error) {
	header := make(http.Header, 4+len(c.request.Header))
	header["Accept"] = acceptJSON
	header["User-Agent"] = c.client.userAgent
	for name, values := range c.request.Header {
		header[http.CanonicalHeaderKey(name)] = values
	}
	if c.session != nil {
		header["X-Auth-Token"] = c.session.header
	}
	var ctx context.Context = c
	if c.body != nil && c.body.isAskedFor() {
		header["Expect"] = expectContinue
		hear := func() { c.asking.Load().hear() }
		c.trace.GotFirstResponseByte, c.trace.Got100Continue = hear, hear
		ctx = httptrace.WithClientTrace(c, &c.trace)
	}
	req := (&http.Request{
		Method:     c.request.Method,
		URL:        &c.url,
		Proto:      "HTTP/1.1",
		ProtoMajor: 1,
		ProtoMinor: 1,
		Header:     header,
		Host:       c.url.Host,
	}).WithContext(ctx)
	if c.body == nil {
		return req, nil
	}
	if c.body.contentType != "" {
		if _, ok := header["Content-Type"]; !ok {
			header["Content-Type"] = []string{c.body.contentType}
		}
	}
	req.ContentLength = c.body.length
	if c.body.length == 0 {
		req.Body = http.NoBody
		return req, nil
	}
	if c.body.reader == nil {
		// The transport itself opens the body again when a kept-alive
		// connection turns out closed before anything was written to it.
		req.GetBody = c.openBody
	}
	var err error
	req.Body, err = c.openBody()
	return req, err
}

// openBody opens the body for an attempt. One in memory is opened in a way that
// net/http knows, which then writes it together with the header. Any other is
// watched, unless it does not matter how far it was read.
func (c *call) openBody() (io.ReadCloser, error) {
	memory, once := &c.memory, &c.once
	if c.opened { // the transport may still hold those
		memory, once = new(bytes.Reader), new(onceBody)
	}
	c.opened = true
	if c.body.inMemory {
		memory.Reset(c.body.content)
		return io.NopCloser(memory), nil
	}
	if c.body.reader != nil {
		c.bodyRead.Store(false)
		once.r, once.read = c.body.reader, &c.bodyRead
		once.changed.L = &once.mu
		c.asking.Store(once)
		return once, nil
	}
	rc, err := c.body.open()
	if err != nil {
		return nil, fmt.Errorf("open the body: %w", err)
	}
	if c.request.idempotency() == IdempotencyAlways {
		return rc, nil
	}
	c.bodyRead.Store(false)
	return &watchedBody{rc, &c.bodyRead}, nil
}

// watchedBody notes that the transport began to read it.
type watchedBody struct {
	io.ReadCloser
	read *atomic.Bool
}

// Read reads from the body.
func (b *watchedBody) Read(p []byte) (int, error) {
	b.read.Store(true)
	return b.ReadCloser.Read(p)
}

// onceBody is a body that can be read only once. It notes that the transport
// began to read it, and knows whether it is reading.
type onceBody struct {
	r    io.Reader
	read *atomic.Bool

	mu      sync.Mutex
	changed sync.Cond
	heard   int // what was heard from the service that may ask for it; see hear
	reading bool
	over    bool

	resp *http.Response // what the attempt with it ends with
	err  error
}

// maxGrace is how long a body waits for an answer that has begun to come.
const maxGrace = time.Second

var errBodyOver = errors.New("nhncloud: the call is over")

// Read reads from the body.
func (b *onceBody) Read(p []byte) (int, error) {
	if !b.begin() {
		return 0, errBodyOver
	}
	n, err := b.r.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
	b.reading = false
	if b.over {
		return 0, errBodyOver
	}
	return n, err
}

// begin reports whether the body may be read. It may not be when the service has
// refused it: net/http wants to send it all the same then, to keep the
// connection, but what was not read can be sent again.
func (b *onceBody) begin() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.heard == 1 && !b.read.Load() {
		late := false
		timer := time.AfterFunc(maxGrace, func() {
			b.mu.Lock()
			defer b.mu.Unlock()
			late = true
			b.changed.Broadcast()
		})
		defer timer.Stop()
		for b.heard == 1 && !b.over && !late {
			b.changed.Wait()
		}
	}
	if b.over {
		return false
	}
	b.reading = true
	b.read.Store(true)
	return true
}

// hear is told of the first byte from a service that may ask for the body, and
// then that it does. Once alone it is the answer that is coming.
func (b *onceBody) hear() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard++
	b.changed.Broadcast()
}

// answered is told that the answer is here. A body that was not begun by then is
// not read any more.
func (b *onceBody) answered() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = b.over || !b.read.Load()
	b.changed.Broadcast()
}

// leave ends the reading, and reports whether a read is still under way.
func (b *onceBody) leave() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.over = true
	b.changed.Broadcast()
	return b.reading
}

// Close does nothing: the reader is the caller's.
func (b *onceBody) Close() error { return nil }

// mayHaveActed reports whether the service can have acted on a request that
// failed without an answer: not if no connection was made, and not if its body
// never left.
func (c *call) mayHaveActed(err error) bool {
	if neverConnected(err) {
		return false
	}
	watched := c.body != nil && c.body.length != 0 && !c.body.inMemory
	return !watched || c.bodyRead.Load()
}

// checkRetry is asked by the retry layer after each attempt, and again after
// handleResponse. It returns the error that the call ends with.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	return ctx.Value(callKey{}).(*call).checkRetry(resp, err)
}

func (c *call) checkRetry(resp *http.Response, err error) (bool, error) {
	if c.final {
		if c.failure == nil {
			return false, nil
		}
		return false, c.failure
	}
	var again bool
	switch {
	case err == nil && resp.StatusCode >= 200 && resp.StatusCode < 300:
		c.status, c.header = resp.StatusCode, resp.Header
		c.failure, c.decoding = nil, true
		return false, nil // handleResponse goes on
	case err == nil:
		c.status, c.header = resp.StatusCode, cleanHeader(resp.Header)
		c.failure = readError(resp, c.secrets()...)
		again = c.afterAnswer()
	case c.decoding:
		c.decoding = false
		again = c.afterBadAnswer(err)
	default:
		c.status, c.header = 0, nil
		again = c.afterTransportError(err)
	}
	if c.failure == nil {
		c.final = true
		return false, nil
	}
	c.complete(c.failure)
	if !again || !c.mayRepeat() {
		c.final = true
		return false, c.failure
	}
	c.retry.Backoff = c.backoff
	c.retry.PrepareRetry = c.prepareRetry
	return true, nil
}

// afterAnswer decides after an answer that says that the call failed, in its
// status or in the envelope of the v1.0 API.
func (c *call) afterAnswer() bool {
	e := c.failure
	if c.tokenRefused() {
		return true
	}
	if e.Kind() == ErrNotFound && c.request.Method == http.MethodDelete && c.ambiguous {
		c.failure = nil // this is what it looks like when an earlier attempt did the work
		return false
	}
	if !retryableStatus(c.request.idempotency(), e) {
		return false
	}
	c.ambiguous = c.ambiguous || e.status() >= 500
	return c.schedule(e.RetryAfter)
}

// tokenRefused plans a further attempt with a new token, once, where the token
// ended early. The service did nothing then, so that any call may be repeated.
func (c *call) tokenRefused() bool {
	if c.failure.Kind() != ErrUnauthorized || c.session == nil || c.relogin {
		return false
	}
	c.relogin, c.wait = true, 0
	return true
}

// afterTransportError decides after an attempt without an answer.
func (c *call) afterTransportError(err error) bool {
	if c.Err() != nil {
		if c.failure == nil || c.failure.StatusCode == 0 {
			c.failure = new(Error) // else keep what the service said before
		}
		c.failure.Err = c.Err()
		return false
	}
	c.failure = &Error{Err: transportCause(err), kind: ErrUnavailable}
	if permanentFailure(err) {
		return false
	}
	acted := c.mayHaveActed(err)
	if acted && c.request.idempotency() != IdempotencyAlways {
		c.failure.Note = "not repeated, because the request may have reached the service"
		return false
	}
	c.ambiguous = c.ambiguous || acted
	return c.schedule(0)
}

// afterBadAnswer decides after a success whose content handleResponse refused:
// it can't be read, or is a failure in the envelope of the v1.0 API.
func (c *call) afterBadAnswer(err error) bool {
	if !errors.As(err, &c.failure) {
		c.failure = &Error{Err: err, kind: ErrBadAnswer}
	}
	if c.Err() != nil {
		c.failure.Err, c.failure.kind = c.Err(), nil
		return false
	}
	if c.failure.ResultCode != 0 {
		return c.afterAnswer()
	}
	if c.request.idempotency() != IdempotencyAlways || c.failure.Kind() != ErrBadAnswer || !brokenAnswer(err) {
		return false
	}
	c.ambiguous = true
	if !c.schedule(0) {
		return false
	}
	if c.out != nil {
		// Nothing of this answer may be left in the next one.
		reflect.ValueOf(c.out).Elem().SetZero()
	}
	return true
}

// schedule plans a further attempt, unless there were enough or it could not
// begin before the deadline.
func (c *call) schedule(asked time.Duration) bool {
	if c.retries+1 >= c.policy.MaxAttempts {
		return false
	}
	if c.wait = c.policy.Delay(c.retries); asked > 0 {
		c.wait = min(asked, c.policy.MaxRetryAfter)
	}
	if deadline, ok := c.Deadline(); ok && time.Until(deadline) <= c.wait {
		c.failure.Note = fmt.Sprintf("not repeated, because the wait of %v would outlast the deadline of the context", c.wait.Round(time.Millisecond))
		return false
	}
	c.retries++
	return true
}

// mayRepeat reports whether the body allows a further attempt.
func (c *call) mayRepeat() bool {
	if c.body != nil && c.body.reader != nil && c.bodyRead.Load() {
		c.failure.Note = "not repeated, because the body can be read only once; use NewBody"
		return false
	}
	return true
}

func (c *call) backoff(_, _ time.Duration, _ int, _ *http.Response) time.Duration { return c.wait }

// prepareRetry makes the request of a further attempt. Its header is shared
// with the request before, so it is cloned before it is changed.
func (c *call) prepareRetry(req *http.Request) error {
	if err := c.renew(req); err != nil {
		c.final = true
		c.failure.Err = err
		return c.failure
	}
	c.attempts.Add(1)
	return nil
}

// renew gives a request a new token where the last one was refused, and a new
// body.
func (c *call) renew(req *http.Request) error {
	if c.failure.Kind() == ErrUnauthorized && c.session != nil {
		s, err := c.keeper.session(c, c.session)
		if err != nil {
			return err
		}
		c.session = s
		req.Header = req.Header.Clone()
		req.Header["X-Auth-Token"] = s.header
	}
	if c.body == nil || c.body.length == 0 {
		return nil
	}
	if c.failure.StatusCode == 0 && (c.body.length < 0 || c.body.length >= refusableSize) {
		req.Header = req.Header.Clone()
		req.Header["Expect"] = expectContinue
	}
	var err error
	req.Body, err = c.openBody()
	return err
}

// handleResponse reads a success. What it fails with goes to checkRetry. The
// retry layer calls it for failures too, which were read before.
func (c *call) handleResponse(resp *http.Response) error {
	if c.final {
		return nil
	}
	var err error
	switch {
	case c.request.Service == ServiceAppKey:
		err = c.decodeEnvelope(resp)
	case c.out != nil:
		err = c.decode(resp, resp.Body)
		if err == nil { // read to its end
			_ = resp.Body.Close()
			return nil
		}
	}
	drainAndClose(resp.Body)
	return err
}

// decode decodes an answer of the v2 API into out.
func (c *call) decode(resp *http.Response, body io.Reader) error {
	if resp.StatusCode == http.StatusNoContent {
		return c.badAnswer(resp, nil, errors.New("it has no content"))
	}
	limit := c.client.maxResponse
	if resp.ContentLength > limit {
		return c.badAnswer(resp, nil, fmt.Errorf("answer of %d bytes is %w of %d; see WithMaxResponse", resp.ContentLength, errTooLarge, limit))
	}
	c.limited = limitedReader{r: body, left: limit, limit: limit}
	if err := wire.Decode(&c.limited, c.request.ResponseKey, c.out); err != nil {
		return c.badAnswer(resp, c.limited.beginning(), err)
	}
	if c.request.notZero && reflect.ValueOf(c.out).Elem().IsZero() {
		return c.badAnswer(resp, c.limited.beginning(), errors.New("no documented member in the answer"))
	}
	if c.request.find != nil && !c.request.find() {
		e := answerError(resp)
		e.Message, e.kind = "the list that the service answered with does not hold it", ErrNotFound
		return e
	}
	return nil
}

// decodeEnvelope decodes an answer of the v1.0 API, which tells in its header
// whether the call succeeded.
func (c *call) decodeEnvelope(resp *http.Response) error {
	limit := c.client.maxResponse
	c.limited = limitedReader{r: resp.Body, left: limit, limit: limit}
	body, err := io.ReadAll(&c.limited)
	head := c.limited.beginning()
	if err != nil {
		return c.badAnswer(resp, head, err)
	}
	var header struct {
		IsSuccessful *bool  `json:"isSuccessful"`
		ResultCode   int    `json:"resultCode"`
		Message      string `json:"resultMessage"`
	}
	if err := wire.Decode(bytes.NewReader(body), "header", &header); err != nil {
		return c.badAnswer(resp, head, fmt.Errorf("no v1.0 answer: %w", err))
	}
	if header.IsSuccessful == nil {
		return c.badAnswer(resp, head, errors.New("no v1.0 answer: no header.isSuccessful"))
	}
	if !*header.IsSuccessful {
		e := answerError(resp)
		e.ResultCode = header.ResultCode
		e.Message = readable(header.Message, c.secrets())
		e.keepBody(body, c.secrets())
		e.findQuota(e.status())
		if header.ResultCode == 0 {
			e.kind = ErrServerFault
		}
		return e
	}
	if c.out == nil {
		return nil
	}
	return c.decode(resp, bytes.NewReader(body))
}

// badAnswer is the error for an answer that can't be read.
func (c *call) badAnswer(resp *http.Response, head []byte, err error) *Error {
	words := "not as documented"
	if !c.request.Sensitive || brokenAnswer(err) || errors.Is(err, errTooLarge) {
		words = readable(err.Error(), c.secrets())
	}
	e := answerError(resp)
	e.Message = "the answer can't be read"
	e.Err = &unreadable{words, err}
	e.kind = ErrBadAnswer
	if len(head) > 0 && !c.request.Sensitive {
		e.Message += fmt.Sprintf(" (it begins with %q)", cleanText(withoutCut(head, c.secrets()), c.secrets()))
	}
	return e
}

// unreadable is why an answer can't be read, in words that are free of secrets:
// the decoder quotes what it stumbles over.
type unreadable struct {
	words string
	cause error
}

func (u *unreadable) Error() string { return u.words }
func (u *unreadable) Unwrap() error { return u.cause }

// secrets returns what the answers of this call may not repeat.
func (c *call) secrets() []string {
	secrets := make([]string, 0, 3)
	if c.session != nil {
		secrets = append(secrets, c.session.header[0])
	}
	return append(secrets, string(c.client.config.Password), string(c.request.secret))
}

// complete adds the facts of the call to a failure.
func (c *call) complete(e *Error) {
	e.Operation = c.request.Operation
	e.Method = c.request.Method
	e.URL = redactURL(&c.url)
	e.Attempts = int(c.attempts.Load())
}

// explain makes an *Error of what ended the call outside of an attempt, and
// leaves alone what is one already.
func (c *call) explain(err error) error {
	e := asError(err)
	if e.Operation == "" {
		e.Operation = c.request.Operation
	}
	if e.Attempts == 0 {
		e.Attempts = int(c.attempts.Load())
	}
	return e
}

// asError returns err as an *Error that may be changed.
func asError(err error) *Error {
	if e, ok := err.(*Error); ok {
		own := *e // logins hand one error to all that wait
		return &own
	}
	return &Error{Err: err}
}

package nhncloud

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"math"
	"math/rand/v2"
	"net"
	"net/http"
	"net/url"
	"time"
)

// RetryPolicy says how often and after which waits a failed call is sent
// again. Whether it may be sent again is up to the operation: see
// [Idempotency]. The zero value of a field stands for its default.
type RetryPolicy struct {
	// MaxAttempts is the most requests that one call sends, the first one
	// included; 1 switches retries off. Default 4. A new login after a refused
	// token does not count.
	MaxAttempts int
	// BaseDelay is the most that is waited before the second attempt; the most
	// doubles with each further one. The real wait is random between nothing
	// and that ("full jitter"). Default 500 ms.
	BaseDelay time.Duration
	// MaxDelay caps the wait. Default 20 s.
	MaxDelay time.Duration
	// MaxRetryAfter caps the wait that a service asks for with Retry-After.
	// Default 60 s.
	MaxRetryAfter time.Duration
}

// NoRetry switches retries off.
var NoRetry = RetryPolicy{MaxAttempts: 1}

func (p RetryPolicy) withDefaults() RetryPolicy {
	if p.MaxAttempts == 0 {
		p.MaxAttempts = 4
	}
	if p.BaseDelay == 0 {
		p.BaseDelay = 500 * time.Millisecond
	}
	if p.MaxDelay == 0 {
		p.MaxDelay = 20 * time.Second
	}
	if p.MaxRetryAfter == 0 {
		p.MaxRetryAfter = time.Minute
	}
	return p
}

func (p RetryPolicy) check() error {
	switch {
	case p.MaxAttempts < 0:
		return NewArgumentError("", "RetryPolicy.MaxAttempts", "must not be negative")
	case p.BaseDelay < 0:
		return NewArgumentError("", "RetryPolicy.BaseDelay", "must not be negative")
	case p.MaxDelay < 0:
		return NewArgumentError("", "RetryPolicy.MaxDelay", "must not be negative")
	case p.MaxRetryAfter < 0:
		return NewArgumentError("", "RetryPolicy.MaxRetryAfter", "must not be negative")
	}
	return nil
}

// Delay returns a wait before the next attempt, where so many retries were made
// before. It is for what a program repeats itself, such as to read on in a body
// that broke off; see [Client.RetryPolicy].
func (p RetryPolicy) Delay(retries int) time.Duration {
	p = p.withDefaults()
	most := max(p.MaxDelay, 0)
	if base, shift := max(p.BaseDelay, 0), max(retries, 0); shift < 30 && base <= most>>shift {
		most = base << shift
	}
	if most == math.MaxInt64 {
		most--
	}
	return rand.N(most + 1)
}

type retryKey struct{}

// ContextWithRetry returns a context whose calls follow the policy instead of
// that of the client.
func ContextWithRetry(ctx context.Context, p RetryPolicy) context.Context {
	return context.WithValue(ctx, retryKey{}, p)
}

// RetryPolicy returns the policy that calls with that context follow.
func (c *Client) RetryPolicy(ctx context.Context) RetryPolicy {
	if p, ok := ctx.Value(retryKey{}).(RetryPolicy); ok {
		return p.withDefaults()
	}
	return c.retry
}

// retryableStatus reports whether a request with that answer may be sent again.
func retryableStatus(id Idempotency, e *Error) bool {
	if e.Kind() == ErrQuotaExceeded {
		return false
	}
	if e.ResultCode != 0 && id != IdempotencyAlways {
		return false // behind one call of the v1.0 API are several, some of which may be done
	}
	switch e.status() {
	case http.StatusTooManyRequests, 498:
		return id != IdempotencyUnsafe
	case http.StatusServiceUnavailable:
		return id == IdempotencyAlways || id == IdempotencyCreate && e.Header.Get("Retry-After") != ""
	case http.StatusRequestTimeout, http.StatusInternalServerError, http.StatusBadGateway, http.StatusGatewayTimeout:
		return id == IdempotencyAlways
	}
	return false
}

// permanentFailure reports whether a transport error will come again with
// every further attempt.
func permanentFailure(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		host        x509.HostnameError
		invalid     x509.CertificateInvalidError
		dns         *net.DNSError
		redirect    *redirectError
		body        *BodyError
	)
	switch {
	case errors.As(err, &certificate), errors.As(err, &authority), errors.As(err, &host), errors.As(err, &invalid),
		errors.As(err, &redirect), errors.As(err, &body), errors.Is(err, http.ErrSchemeMismatch), errors.Is(err, errNoAnswer):
		return true
	case errors.As(err, &dns):
		return dns.IsNotFound
	}
	return false
}

// kindOfTransport returns the kind of a transport error.
func kindOfTransport(err error) error {
	var redirect *redirectError
	var informational *informationalError
	var body *BodyError
	switch {
	case errors.As(err, &redirect) && redirect.cause != nil:
		return nil // the caller's policy
	case errors.As(err, &redirect), errors.As(err, &informational), errors.Is(err, errNoAnswer):
		return ErrBadAnswer
	case errors.As(err, &body):
		if kind := new(Error); errors.As(body.Err, &kind) {
			return kind.Kind()
		}
		return ErrInvalidArgument
	}
	return ErrUnavailable
}

// neverConnected reports whether a transport error shows that there was no
// connection that a request could have been sent on.
func neverConnected(err error) bool {
	var dns *net.DNSError
	if errors.As(err, &dns) {
		return true
	}
	for op := new(net.OpError); errors.As(err, &op); err = op.Err {
		if op.Op == "dial" || op.Op == "proxyconnect" {
			return true
		}
	}
	return false
}

// transportCause takes the wrapping off a transport error that repeats method
// and URL, with the secrets of the query.
func transportCause(err error) error {
	for u := new(url.Error); errors.As(err, &u); err = u.Err {
		if u.Err == nil { // and then it can't be printed either
			return errNoCause
		}
	}
	return err
}

var errNoCause = errors.New("the transport failed without a cause")

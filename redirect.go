package nhncloud

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// redirectError is a redirect that is not followed, or that the caller's policy
// refused.
type redirectError struct {
	reason string
	cause  error // of the caller's policy
}

// Error tells why.
func (e *redirectError) Error() string { return e.reason }

// Unwrap returns the error of the caller's policy.
func (e *redirectError) Unwrap() error { return e.cause }

const maxRedirects = 10

// redirects says which redirects are followed. The services redirect nothing;
// what does is a proxy or a wrong address, whose answer must not pass for one of
// the service, and which must not learn what was sent to it.
type redirects struct {
	callers   func(*http.Request, []*http.Request) error // policy of the caller's http.Client
	elsewhere bool                                       // other hosts may be followed to
}

// check follows redirects of reading calls only, and to no other host unless
// that is wanted. Then it goes there without what is secret, and stays without.
func (p redirects) check(r *http.Request, via []*http.Request) error {
	first := via[0]
	if first.Method != http.MethodGet && first.Method != http.MethodHead {
		return http.ErrUseLastResponse // the 3xx becomes an *Error
	}
	r.Header.Del("Referer") // the URL before, with the secrets in its query
	if away := leavesOrigin(r, via); away != nil {
		if !p.elsewhere || first.URL.Scheme == "https" && away.Scheme != "https" {
			return &redirectError{reason: fmt.Sprintf("redirected from %s to %s, which is not followed; see WithRedirectsElsewhere",
				originOf(first.URL), originOf(away))}
		}
		redact.DropHeaders(r.Header)
	}
	if p.callers != nil {
		err := p.callers(r, via)
		if err != nil && !errors.Is(err, http.ErrUseLastResponse) {
			return &redirectError{reason: err.Error(), cause: err}
		}
		return err
	}
	if len(via) >= maxRedirects {
		return &redirectError{reason: fmt.Sprintf("stopped after %d redirects", maxRedirects)}
	}
	return nil
}

// leavesOrigin returns the first URL on the way that is not where the call
// began, or nil.
func leavesOrigin(r *http.Request, via []*http.Request) *url.URL {
	for _, step := range append(via[1:len(via):len(via)], r) {
		if originOf(step.URL) != originOf(via[0].URL) {
			return step.URL
		}
	}
	return nil
}

// originOf returns the scheme and the host of a URL.
func originOf(u *url.URL) string { return strings.ToLower(u.Scheme + "://" + u.Host) }

package nhncloud

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/nhncloud-go/nhncloud/internal/redact"
)

// RedactedURL returns the URL of a request as the errors and logs of the SDK show
// it, for middleware and transports that log or trace: without signatures, tokens
// in the query, the appkey, users, and whatever secret the call sends.
func RedactedURL(r *http.Request) string {
	text := redact.URL(r.URL)
	// One that a redirect led to, or that has a marker in it, may repeat what was
	// sent.
	if c, ok := r.Context().Value(callKey{}).(*call); ok && !c.ownURL(r.URL) {
		text = readable(c.secrets(), text, maxErrorText)
	}
	return text
}

// ownURL reports whether a URL is that of the call, without a query and without
// a secret in its path, so that there is nothing to look for.
func (c *call) ownURL(u *url.URL) bool {
	if u.RawQuery != "" || u.Host != c.url.Host || u.Path != c.url.Path || len(u.Path) > maxShownURL {
		return false
	}
	for _, secret := range c.request.Secrets {
		if strings.Contains(u.Path, string(secret)) {
			return false
		}
	}
	password := string(c.client.config.Password)
	return (password == "" || !strings.Contains(u.Path, password)) && (c.session == nil || !strings.Contains(u.Path, c.session.header[0]))
}

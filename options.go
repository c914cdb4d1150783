package nhncloud

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"
)

// DefaultMaxResponse is the default of [WithMaxResponse], ten times as much as
// the largest pages of the services, such as 1,000 servers.
const DefaultMaxResponse = 32 << 20

// Option changes the behaviour of a client.
type Option func(*settings) error

// WithHTTPClient makes the client send its requests through hc, whose
// transport, proxy, timeout, cookie jar and redirect policy are used as they
// are. The SDK never changes hc. Without this option all clients of a process
// share one transport of the SDK, which takes proxies from the environment, keeps
// up to 128 idle connections to a host and 512 in all, and gives a connection up
// that is silent for 2 minutes in the middle of a request. A transport that is
// brought here has limits of its own; [http.DefaultTransport] keeps 2 connections
// to a host and waits for an answer without end.
//
// A Timeout of hc covers the body as well, large downloads included; contexts
// are the better limit.
func WithHTTPClient(hc *http.Client) Option {
	return func(s *settings) error {
		if hc == nil {
			return NewArgumentError("", "WithHTTPClient", "must not be nil")
		}
		s.httpClient = hc
		return nil
	}
}

// WithLogger sends events to the logger: each attempt and each call at level
// debug, a token cache that can't be used at level warning. Tokens, passwords
// and bodies are never logged. Without this option nothing is logged.
func WithLogger(logger *slog.Logger) Option {
	return func(s *settings) error {
		if logger == nil || logger.Handler() == nil {
			logger = slog.New(slog.DiscardHandler)
		}
		s.logger = logger
		return nil
	}
}

// WithRetry sets the retry policy. [NoRetry] switches retries off, and
// [ContextWithRetry] sets the policy of single calls.
func WithRetry(p RetryPolicy) Option {
	return func(s *settings) error {
		s.retry = p
		return p.check()
	}
}

// WithMiddleware adds middleware around every HTTP exchange, logins and
// further attempts included. The first one given is the outermost.
func WithMiddleware(m ...Middleware) Option {
	return func(s *settings) error {
		if slices.ContainsFunc(m, func(m Middleware) bool { return m == nil }) {
			return NewArgumentError("", "WithMiddleware", "must not be nil")
		}
		s.middleware = append(s.middleware, m...)
		return nil
	}
}

// WithUserAgent puts the name of the program, such as "backup/1.2", before
// that of the SDK in the User-Agent header.
func WithUserAgent(name string) Option {
	return func(s *settings) error {
		if hasControl(name) {
			return NewArgumentError("", "WithUserAgent", "has a control character")
		}
		s.userAgent = []string{strings.TrimSpace(name + " " + defaultUserAgent)}
		return nil
	}
}

// WithEndpoint replaces the endpoint of one service, with or without its
// version part. It wins over the catalog of the token.
func WithEndpoint(service Service, url string) Option {
	return func(s *settings) error {
		if service == "" {
			return NewArgumentError("", "WithEndpoint", "names no service")
		}
		if s.config.Endpoints == nil {
			s.config.Endpoints = map[Service]string{}
		}
		s.config.Endpoints[service.canonical()] = url
		s.newAuth = s.newAuth || service.logsIn()
		return nil
	}
}

// WithRegion changes the region. Tokens are good for all regions, so clients
// of several regions can share one login through [Client.With].
func WithRegion(region Region) Option {
	return func(s *settings) error {
		s.config.Region = region
		return nil
	}
}

// WithTokenSource takes tokens from the source instead of logging in with the
// account of the configuration.
func WithTokenSource(source TokenSource) Option {
	return func(s *settings) error {
		if source == nil {
			return NewArgumentError("", "WithTokenSource", "must not be nil")
		}
		s.source, s.newAuth = source, true
		return nil
	}
}

// WithTokenCache keeps tokens in the cache between runs; see [FileTokenCache].
// Tokens of a [TokenSource] are not cached.
func WithTokenCache(cache TokenCache) Option {
	return func(s *settings) error {
		if cache == fileTokenCache("") {
			return NewArgumentError("", "FileTokenCache", "needs a folder")
		}
		s.cache, s.newAuth = cache, true
		return nil
	}
}

// WithLoginTimeout limits a login, which goes on when the call that began it
// ends, because others may wait for it. A call that waits for a login which
// fails so, and began before the call did, begins another. The default is
// [DefaultLoginTimeout].
func WithLoginTimeout(d time.Duration) Option {
	return func(s *settings) error {
		if d <= 0 {
			return NewArgumentError("", "WithLoginTimeout", "must be positive")
		}
		s.loginTimeout, s.newAuth = d, true
		return nil
	}
}

// WithInsecureHTTP allows endpoints with plain http on hosts other than this
// machine. Tokens and data then travel unencrypted.
func WithInsecureHTTP() Option {
	return func(s *settings) error {
		s.allowHTTP = true
		return nil
	}
}

// WithRedirectsElsewhere makes reading calls follow redirects to other hosts,
// without the token and other secrets, but not from https to plain http. Without
// this option such a redirect fails with an [ErrBadAnswer] that names both
// hosts: the services redirect nothing, and what another host answers is not
// theirs.
func WithRedirectsElsewhere() Option {
	return func(s *settings) error {
		s.elsewhere = true
		return nil
	}
}

// WithMaxResponse limits the size in bytes of an answer that is decoded, and the
// memory that its values take to four times as much; larger ones are an
// [ErrBadAnswer]. It does not limit objects that are streamed. The default is
// [DefaultMaxResponse].
func WithMaxResponse(bytes int64) Option {
	return func(s *settings) error {
		if bytes <= 0 {
			return NewArgumentError("", "WithMaxResponse", "must be positive")
		}
		s.maxResponse = bytes
		return nil
	}
}

// WithWaitInterval sets how long waiters that look with the client wait after
// their first look, where their [WaitOptions] do not say. The default is that of
// the configuration, and 1 s without one.
func WithWaitInterval(interval time.Duration) Option {
	return func(s *settings) error {
		if interval <= 0 {
			return NewArgumentError("", "WithWaitInterval", "must be positive")
		}
		s.config.WaitInterval = interval
		return nil
	}
}

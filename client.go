package nhncloud

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Version is the version of the SDK, as the User-Agent header tells it.
const Version = "0.1.0"

// Client calls the services of NHN Cloud. It resolves endpoints, issues and
// renews tokens, retries, and decodes answers and errors; the service packages
// build on it. A Client is immutable and safe for any number of goroutines;
// make one and share it.
type Client struct {
	*settings // behind a pointer, because package fmt prints unexported fields raw
	http      *http.Client
	auth      *authenticator
	endpoints *endpointCache
}

// settings is what options change.
type settings struct {
	config      Config
	httpClient  *http.Client // of the caller; nil for the default
	logger      *slog.Logger
	retry       RetryPolicy
	middleware  []Middleware
	userAgent   []string
	source      TokenSource
	cache       TokenCache
	allowHTTP   bool
	maxResponse int64
	newAuth     bool   // an option changed who logs in
	account     string // in object storage
}

// DefaultMaxResponse is the default of [WithMaxResponse].
const DefaultMaxResponse = 256 << 20

// NewClient checks the configuration and returns a client. It sends nothing:
// the first call logs in. Everything that is missing or contradictory in the
// configuration is named in one [ErrInvalidArgument].
func NewClient(config Config, options ...Option) (*Client, error) {
	c := &Client{settings: &settings{
		config:      config,
		logger:      slog.New(slog.DiscardHandler),
		userAgent:   []string{defaultUserAgent},
		maxResponse: DefaultMaxResponse,
		newAuth:     true,
	}}
	return c.build(options)
}

// With returns a client with further options that shares the connections, the
// tokens and the logins of c. It has tokens of its own with [WithTokenSource],
// with [WithTokenCache], and with another endpoint for the login.
func (c *Client) With(options ...Option) (*Client, error) {
	own := *c.settings
	derived := &Client{settings: &own, auth: c.auth}
	derived.middleware = slices.Clone(c.middleware)
	derived.newAuth = false
	return derived.build(options)
}

func (c *Client) build(options []Option) (*Client, error) {
	c.config.Endpoints = maps.Clone(c.config.Endpoints) // WithEndpoint writes to it
	for _, option := range options {
		if option == nil {
			continue
		}
		if err := option(c.settings); err != nil {
			return nil, err
		}
	}
	config, err := c.config.validate(c.source != nil, c.allowHTTP)
	if err != nil {
		return nil, err
	}
	c.config = config
	c.account = "AUTH_" + cmp.Or(config.ObjectStorageTenantID, config.TenantID)
	c.retry = c.retry.withDefaults()
	c.endpoints = &endpointCache{known: map[Service]*resolvedEndpoint{}}
	c.http = newHTTPClient(c.httpClient, c.logger, c.middleware)
	if c.newAuth {
		c.auth = &authenticator{
			source:   c.source,
			cacheKey: c.cacheKey,
			logger:   c.logger,
			keepers:  map[Scope]*keeper{},
		}
		if c.source == nil {
			// The tokens of other sources are not cached: whose would they be?
			c.auth.source, c.auth.cache = passwordSource{c}, c.cache
		}
	}
	return c, nil
}

// cacheKey tells whose token it is and who issued it, without secrets.
func (c *Client) cacheKey(scope Scope) string {
	service := ServiceIdentity
	if scope.AppKey != "" {
		service = ServiceAppKey
	}
	issuer, _ := c.lookupEndpoint(service, nil)
	return strings.Join([]string{string(c.config.Environment), issuer, c.config.Username, scope.TenantID, scope.AppKey}, "\n")
}

// Config returns the configuration of the client, with the region in capitals
// and the environment filled in. The password is not in it.
func (c *Client) Config() Config {
	config := c.config
	config.Password = ""
	config.Endpoints = maps.Clone(config.Endpoints)
	return config
}

// String tells where the client calls, without secrets.
func (c *Client) String() string {
	if c == nil {
		return "nhncloud.Client(nil)"
	}
	return fmt.Sprintf("nhncloud.Client(%s %s tenant %s)", c.config.Environment, c.config.Region, c.config.TenantID)
}

// Format keeps every verb of package fmt from printing the fields of the
// client.
func (c Client) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// CloseIdleConnections closes the connections that no call uses at the moment,
// those of other clients on the same http.Client included. The client stays
// usable.
func (c *Client) CloseIdleConnections() {
	c.http.Transport.(*transport).closeIdle()
}

// Option changes the behaviour of a client.
type Option func(*settings) error

// WithHTTPClient makes the client send its requests through hc, whose
// transport, proxy, timeout, cookie jar and redirect policy are used as they
// are. The SDK never changes hc. Without this option all clients of a process
// share one transport of the SDK, which takes proxies from the environment.
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
		if logger == nil {
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
		if s.config.Endpoints == nil {
			s.config.Endpoints = map[Service]string{}
		}
		service = service.canonical()
		s.config.Endpoints[service] = url
		s.newAuth = s.newAuth || service == ServiceIdentity || service == ServiceAppKey
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
		s.cache, s.newAuth = cache, true
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

// WithMaxResponse limits the size in bytes of an answer that is decoded;
// larger ones are an [ErrBadAnswer]. It does not limit objects that are
// streamed. The default is [DefaultMaxResponse].
func WithMaxResponse(bytes int64) Option {
	return func(s *settings) error {
		if bytes <= 0 {
			return NewArgumentError("", "WithMaxResponse", "must be positive")
		}
		s.maxResponse = bytes
		return nil
	}
}

var defaultUserAgent = fmt.Sprintf("nhncloud-go/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)

// Response tells about the answer to a call beyond its content.
type Response struct {
	StatusCode int
	Header     http.Header
	RequestID  string        // id to quote to the support of NHN Cloud
	Attempts   int           // requests sent for the call
	Duration   time.Duration // from the start of the call to its end
}

type captureKey struct{}

// capture is a place to store responses in; outer is that of a caller further out.
type capture struct {
	response *Response
	outer    *capture
}

// CaptureResponse returns a context whose calls store the details of their
// answer in r, failed ones too. After several calls r has those of the last
// one, so calls at the same time need an r each.
func CaptureResponse(ctx context.Context, r *Response) context.Context {
	outer, _ := ctx.Value(captureKey{}).(*capture)
	return context.WithValue(ctx, captureKey{}, &capture{r, outer})
}

func quote(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.QuoteToASCII(s)
}

package nhncloud

import (
	"cmp"
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
type Client struct{ *inside }

// inside is what a client is made of. It has nothing but pointers, because
// package fmt shows the fields of a Client that stands in an unexported field,
// and with a verb that does not suit a pointer also those of what it points to.
// Beyond that it does not go.
type inside struct {
	*settings
	http      *http.Client
	auth      *authenticator
	endpoints *endpointCache
}

// settings is what options change.
type settings struct {
	config       Config
	httpClient   *http.Client // of the caller; nil for the default
	logger       *slog.Logger
	retry        RetryPolicy
	middleware   []Middleware
	hooks        []CallHook
	userAgent    []string
	headers      serviceHeaders
	source       TokenSource
	cache        TokenCache
	allowHTTP    bool
	elsewhere    bool // redirects to other hosts are followed
	maxResponse  int64
	loginTimeout time.Duration
	newAuth      bool   // an option changed who logs in
	account      string // in object storage; "" without a tenant
	anyTenant    bool   // the token is the same for all tenants, so that none need be known
}

// NewClient checks the configuration and returns a client. It sends nothing:
// the first call logs in. Everything that is missing or contradictory in the
// configuration is named in one [ErrInvalidArgument].
func NewClient(config Config, options ...Option) (*Client, error) {
	c := &Client{&inside{settings: &settings{
		config:       config,
		logger:       slog.New(slog.DiscardHandler),
		userAgent:    []string{defaultUserAgent},
		maxResponse:  DefaultMaxResponse,
		loginTimeout: DefaultLoginTimeout,
		headers:      versionHeaders,
		newAuth:      true,
	}}}
	if _, err := c.build(options); err != nil {
		return nil, err
	}
	c.config.warnOfSlips(c.logger)
	return c, nil
}

// With returns a client with further options that shares the connections, the
// tokens and the logins of c. It has tokens of its own with [WithTokenSource],
// with [WithTokenCache], with [WithLoginTimeout], and with another endpoint or
// header for the login.
func (c *Client) With(options ...Option) (*Client, error) {
	own := *c.settings
	derived := &Client{&inside{settings: &own, auth: c.auth}}
	derived.middleware = slices.Clone(c.middleware)
	derived.hooks = slices.Clone(c.hooks)
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
	_, c.anyTenant = c.source.(staticToken)
	config, err := c.config.validate(c.source != nil, c.anyTenant, c.allowHTTP)
	if err != nil {
		return nil, err
	}
	c.config = config
	if tenant := cmp.Or(config.ObjectStorageTenantID, config.TenantID); tenant != "" {
		c.account = "AUTH_" + tenant
	}
	c.retry = c.retry.withDefaults()
	c.endpoints = &endpointCache{known: map[Service]*resolvedEndpoint{}}
	c.http = newHTTPClient(c.httpClient, c.logger, c.middleware, c.elsewhere)
	if c.newAuth {
		c.auth = &authenticator{
			source:   c.source,
			cacheKey: c.cacheKey,
			timeout:  c.loginTimeout,
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
	if c == nil || c.inside == nil {
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

var defaultUserAgent = fmt.Sprintf("nhncloud-go/%s (%s; %s/%s)", Version, runtime.Version(), runtime.GOOS, runtime.GOARCH)

func quote(s string) string {
	const most = 64
	if len(s) > most {
		s = s[:most] + "…"
	}
	return strconv.QuoteToASCII(s)
}

package nhncloud

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Scope is what a token is valid for: a tenant in the v2 API, or an appkey in
// the v1.0 API. Exactly one of the two is set.
type Scope struct {
	TenantID string
	AppKey   string
}

// Token is a token of the identity service and what came with it.
type Token struct {
	// ID is what is sent as X-Auth-Token.
	ID Secret
	// ExpiresAt is when the token ends, by the clock of the service. A zero
	// time stands for a token of unknown end: it is used until it is refused.
	ExpiresAt time.Time
	// IssuedAt is when the token began, by the clock of the service.
	IssuedAt time.Time
	// TenantID is the tenant of a v2 token.
	TenantID string
	// UserID is the API user id, which S3 credentials and ACLs refer to.
	UserID string
	// Roles are the names of the roles that the user has in the tenant.
	Roles []string
	// Catalog lists the endpoints of the v2 services; empty in the v1.0 API.
	Catalog Catalog

	// deadline is ExpiresAt by the clock of this machine, where that is known.
	deadline time.Time
}

// session is a token in use.
type session struct {
	token    *Token
	header   []string      // the token as a header value
	deadline time.Time     // when the token ends by the clock of this machine; zero if unknown
	margin   time.Duration // how long before its end it is replaced
}

func newSession(t *Token) *session {
	s := &session{token: t, header: []string{string(t.ID)}, deadline: t.deadline}
	if s.deadline.IsZero() {
		s.deadline = t.ExpiresAt
	}
	if !s.deadline.IsZero() {
		s.margin = min(softMargin, time.Until(s.deadline)/10)
	}
	return s
}

// due reports whether the token should be replaced soon.
func (s *session) due() bool {
	return !s.deadline.IsZero() && time.Until(s.deadline) <= s.margin
}

// expired reports whether the token should not be used any more.
func (s *session) expired() bool {
	return !s.deadline.IsZero() && time.Until(s.deadline) <= min(hardMargin, s.margin/4)
}

// TokenSource issues tokens. The client caches what it returns, asks anew
// ahead of the end of a token and when a token is refused, and makes at most
// one call per scope at a time. A returned token must not change any more.
type TokenSource interface {
	Token(ctx context.Context, scope Scope) (*Token, error)
}

// StaticToken returns a source of one fixed token, for programs that get their
// token from elsewhere. When the service refuses it, calls fail with
// [ErrUnauthorized].
func StaticToken(id Secret) TokenSource { return staticToken(func() Secret { return id }) }

// staticToken is a function, because no printer looks into one, wherever it is
// kept and whatever the verb.
type staticToken func() Secret

// Token returns the fixed token, whatever the scope.
func (s staticToken) Token(context.Context, Scope) (*Token, error) {
	return &Token{ID: s()}, nil
}

// String tells what it is.
func (s staticToken) String() string { return "nhncloud.StaticToken(" + redacted + ")" }

// MarshalText tells the same in structured logs.
func (s staticToken) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// loginTimeout bounds a login, which no caller's context ends.
const loginTimeout = time.Minute

// A token is replaced in the background from softMargin before its end, and
// not used any more from hardMargin before it. Tokens that live shortly have
// shorter margins.
const (
	softMargin      = 5 * time.Minute
	hardMargin      = 10 * time.Second
	refreshInterval = 10 * time.Second // between failing background logins
)

// keeper holds the token of one scope and lets at most one login run.
type keeper struct {
	login  func(ctx context.Context, rejected *session) (*session, error)
	logger *slog.Logger

	current atomic.Pointer[session]

	mu        sync.Mutex
	flight    *flight
	refreshAt time.Time // no background login before
}

// flight is a login that callers wait for.
type flight struct {
	done    chan struct{}
	session *session
	err     error
}

// session returns a session that is not the rejected one, logging in where needed.
func (k *keeper) session(ctx context.Context, rejected *session) (*session, error) {
	if s := k.current.Load(); s != nil && s != rejected && !s.due() {
		return s, nil
	}
	k.mu.Lock()
	if s := k.current.Load(); s != nil && s != rejected && !s.expired() {
		if s.due() && k.flight == nil && !time.Now().Before(k.refreshAt) {
			k.start(ctx, nil)
		}
		k.mu.Unlock()
		return s, nil
	}
	if k.flight == nil {
		k.start(ctx, rejected)
	}
	f := k.flight
	k.mu.Unlock()

	select {
	case <-f.done:
		return f.session, f.err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// start begins a login; k.mu is held. The login runs detached from the caller,
// so that nobody else fails when the caller goes away.
func (k *keeper) start(ctx context.Context, rejected *session) {
	f := &flight{done: make(chan struct{})}
	k.flight = f
	ctx, cancel := context.WithTimeout(forLogin(ctx), loginTimeout)
	go func() {
		defer cancel()
		f.session, f.err = k.login(ctx, rejected)
		k.mu.Lock()
		if f.err == nil {
			k.current.Store(f.session)
		} else {
			k.refreshAt = time.Now().Add(refreshInterval)
			k.logger.LogAttrs(ctx, slog.LevelDebug, "nhncloud: login failed", slog.Any("error", f.err))
		}
		k.flight = nil
		k.mu.Unlock()
		close(f.done)
	}()
}

// forLogin returns a context for a login that a call began and others wait for:
// it does not end with the call, does not store its response where the caller
// captures that of the call, and follows the retry policy of the client.
func forLogin(ctx context.Context) context.Context {
	ctx = context.WithoutCancel(ctx)
	ctx = context.WithValue(ctx, captureKey{}, nil)
	return context.WithValue(ctx, retryKey{}, nil)
}

// authenticator has the keepers of all scopes of a client and of the clients
// derived from it.
type authenticator struct {
	source   TokenSource
	cache    TokenCache // nil without a cache
	cacheKey func(Scope) string
	logger   *slog.Logger

	mu      sync.RWMutex
	keepers map[Scope]*keeper
}

func (a *authenticator) keeper(scope Scope) *keeper {
	a.mu.RLock()
	k := a.keepers[scope]
	a.mu.RUnlock()
	if k != nil {
		return k
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if k = a.keepers[scope]; k == nil {
		k = &keeper{logger: a.logger, login: func(ctx context.Context, rejected *session) (*session, error) {
			return a.login(ctx, scope, rejected)
		}}
		a.keepers[scope] = k
	}
	return k
}

// login takes a token from the cache, where another process may have put it,
// or from the source.
func (a *authenticator) login(ctx context.Context, scope Scope, rejected *session) (*session, error) {
	if a.cache != nil {
		t, err := a.cache.Load(ctx, a.cacheKey(scope))
		switch {
		case err != nil:
			a.logger.LogAttrs(ctx, slog.LevelWarn, "nhncloud: token cache ignored", slog.Any("error", err))
		case t != nil && usable(t, rejected):
			if s := newSession(t); time.Until(s.deadline) > softMargin {
				return s, nil
			}
		}
	}
	t, err := a.source.Token(ctx, scope)
	switch {
	case err != nil:
		return nil, err
	case t == nil || t.ID == "":
		return nil, &Error{Message: "the token source returned no token", kind: ErrUnauthorized}
	case hasControl(string(t.ID)):
		return nil, NewArgumentError("", "Token.ID", "has a control character")
	case !usable(t, rejected):
		return nil, &Error{Message: "the token source returned the refused token again", kind: ErrUnauthorized}
	}
	if a.cache != nil {
		if err := a.cache.Store(ctx, a.cacheKey(scope), t); err != nil {
			a.logger.LogAttrs(ctx, slog.LevelWarn, "nhncloud: token not cached", slog.Any("error", err))
		}
	}
	return newSession(t), nil
}

// usable reports whether a token is one, and not the one that was refused.
func usable(t *Token, rejected *session) bool {
	return t.ID != "" && !hasControl(string(t.ID)) && (rejected == nil || t.ID != rejected.token.ID)
}

// passwordSource logs in with the account of the configuration.
type passwordSource struct{ client *Client }

// Token logs in on the API that the scope belongs to.
func (s passwordSource) Token(ctx context.Context, scope Scope) (*Token, error) {
	var t *Token
	var err error
	if scope.AppKey != "" {
		t, err = s.client.IssueAppKeyToken(ctx)
	} else {
		t, err = s.client.IssueToken(ctx, scope.TenantID)
	}
	if err != nil {
		return nil, err
	}
	return t.localDeadline(), nil
}

// Token returns the v2 token that the client uses at the moment, logging in
// where needed. A program may hand it to other tools; it should ask again each
// time instead of keeping it.
func (c *Client) Token(ctx context.Context) (*Token, error) {
	return c.tokenFor(ctx, Scope{TenantID: c.config.TenantID})
}

// AppKeyToken is [Client.Token] for the v1.0 API.
func (c *Client) AppKeyToken(ctx context.Context) (*Token, error) {
	return c.tokenFor(ctx, Scope{AppKey: c.config.AppKey})
}

func (c *Client) tokenFor(ctx context.Context, scope Scope) (*Token, error) {
	if scope == (Scope{}) {
		return nil, NewArgumentError("", "Config", "has neither the TenantID nor the AppKey that the token is for")
	}
	s, err := c.auth.keeper(scope).session(ctx, nil)
	if err != nil {
		return nil, asError(err)
	}
	return s.token, nil
}

// access is the answer to a login, the same in both generations.
type access struct {
	Token struct {
		ID       string    `json:"id"`
		Expires  time.Time `json:"expires"`
		IssuedAt time.Time `json:"issued_at"`
		Tenant   struct {
			ID string `json:"id"`
		} `json:"tenant"`
	} `json:"token"`
	ServiceCatalog Catalog `json:"serviceCatalog"`
	User           struct {
		ID    string `json:"id"`
		Roles []struct {
			Name string `json:"name"`
		} `json:"roles"`
	} `json:"user"`
}

func (c *Client) issue(ctx context.Context, req Request) (*Token, error) {
	var a access
	req.Anonymous, req.Sensitive, req.ResponseKey = true, true, "access"
	if err := c.Do(ctx, req, &a); err != nil {
		return nil, err
	}
	if a.Token.ID == "" {
		return nil, &Error{Operation: req.Operation, Message: "the answer has no token", kind: ErrBadAnswer}
	}
	t := &Token{
		ID:        Secret(a.Token.ID),
		ExpiresAt: a.Token.Expires,
		IssuedAt:  a.Token.IssuedAt,
		TenantID:  a.Token.Tenant.ID,
		UserID:    a.User.ID,
		Catalog:   a.ServiceCatalog,
	}
	for _, r := range a.User.Roles {
		t.Roles = append(t.Roles, r.Name)
	}
	return t, nil
}

// localDeadline counts the end of a fresh token from its arrival, because the
// clocks of the service and of this machine differ.
func (t *Token) localDeadline() *Token {
	if !t.IssuedAt.IsZero() && t.ExpiresAt.After(t.IssuedAt) {
		t.deadline = time.Now().Add(t.ExpiresAt.Sub(t.IssuedAt))
	}
	return t
}

// IssueToken logs in to the v2 API and returns a new token for the tenant. It
// leaves the token alone that the client itself uses; see [Client.Token] for
// that. A wrong user, password or tenant is an [ErrUnauthorized].
//
// API: POST /v2.0/tokens (identity-v2-create-token; TOAST-Cloud en/public-api/iaas-token.md)
func (c *Client) IssueToken(ctx context.Context, tenantID string) (*Token, error) {
	type passwordCredentials struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	type auth struct {
		TenantID    string              `json:"tenantId"`
		Credentials passwordCredentials `json:"passwordCredentials"`
	}
	if tenantID == "" {
		return nil, NewArgumentError("identity-v2-create-token", "tenantID", "must not be empty")
	}
	return c.issue(ctx, Request{
		Operation: "identity-v2-create-token",
		Service:   ServiceIdentity,
		Method:    http.MethodPost,
		Path:      "/v2.0/tokens",
		Body: struct {
			Auth auth `json:"auth"`
		}{auth{tenantID, passwordCredentials{c.config.Username, string(c.config.Password)}}},
		Idempotency: IdempotencyAlways,
	})
}

// IssueAppKeyToken logs in to the v1.0 API and returns a new token for the
// appkey of the configuration. It leaves the token alone that the client
// itself uses; see [Client.AppKeyToken] for that.
//
// API: POST /v1.0/appkeys/{appkey}/tokens (identity-v1-create-token; Compute-Instance en/old/api-guide.md)
func (c *Client) IssueAppKeyToken(ctx context.Context) (*Token, error) {
	type auth struct {
		Username string `json:"username"`
		Password string `json:"password"`
	}
	return c.issue(ctx, Request{
		Operation: "identity-v1-create-token",
		Service:   ServiceAppKey,
		Method:    http.MethodPost,
		Path:      "/v1.0/appkeys/{appkey}/tokens",
		Body: struct {
			Auth auth `json:"auth"`
		}{auth{c.config.Username, string(c.config.Password)}},
		Idempotency: IdempotencyAlways,
	})
}

// GetAppKeyToken looks a token of the v1.0 API up and returns when it ends and
// whose it is. A token that is not valid is an [ErrNotFound] or
// [ErrUnauthorized], as the service says.
//
// API: GET /v1.0/appkeys/{appkey}/tokens (identity-v1-get-token; Compute-Instance en/old/api-guide.md)
func (c *Client) GetAppKeyToken(ctx context.Context, id Secret) (*Token, error) {
	if id == "" {
		return nil, NewArgumentError("identity-v1-get-token", "id", "must not be empty")
	}
	return c.issue(ctx, Request{
		Operation: "identity-v1-get-token",
		Service:   ServiceAppKey,
		Method:    http.MethodGet,
		Path:      "/v1.0/appkeys/{appkey}/tokens",
		Query: struct {
			ID string `url:"id"`
		}{string(id)},
		secret: id,
	})
}

// scopeOf returns what a token for the service must be valid for.
func (c *Client) scopeOf(service Service) (Scope, error) {
	switch service {
	case ServiceAppKey:
		if c.config.AppKey == "" {
			return Scope{}, NewArgumentError("", "Config.AppKey", "is needed for the v1.0 API")
		}
		return Scope{AppKey: c.config.AppKey}, nil
	case ServiceObjectStorage:
		if id := c.config.ObjectStorageTenantID; id != "" {
			return Scope{TenantID: id}, nil
		}
	}
	if c.config.TenantID == "" {
		return Scope{}, NewArgumentError("", "Config.TenantID", fmt.Sprintf("is needed for service %q", service))
	}
	return Scope{TenantID: c.config.TenantID}, nil
}

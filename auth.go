package nhncloud

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"time"
)

// authenticator has the keepers of all scopes of a client and of the clients
// derived from it.
type authenticator struct {
	source   TokenSource
	cache    TokenCache // nil without a cache
	cacheKey func(Scope) string
	timeout  time.Duration // of a login
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
		k = &keeper{gate: make(gate, maxRepeats), logger: a.logger, timeout: a.timeout, login: func(ctx context.Context, refused *session) (*session, error) {
			return a.login(ctx, scope, refused)
		}}
		a.keepers[scope] = k
	}
	return k
}

// login takes a token from the cache, where another process may have put it,
// or from the source. What was in the cache when a token from there was refused
// is no better than that: then it is the source.
func (a *authenticator) login(ctx context.Context, scope Scope, refused *session) (*session, error) {
	if a.cache != nil && (refused == nil || !refused.cached) {
		t, err := a.cache.Load(ctx, a.cacheKey(scope))
		switch {
		case err != nil:
			a.logger.LogAttrs(ctx, slog.LevelWarn, "nhncloud: token cache ignored", slog.Any("error", err))
		case t != nil && usable(t, refused):
			if s := newSession(t); time.Until(s.deadline) > softMargin {
				s.cached = true
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
	case !usable(t, refused):
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
func usable(t *Token, refused *session) bool {
	return t.ID != "" && !hasControl(string(t.ID)) && (refused == nil || t.ID != refused.token.ID)
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
	s, err := c.auth.keeper(scope).session(ctx, "", nil)
	if err != nil {
		return nil, asError(err)
	}
	return s.token, nil
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
	if c.config.TenantID == "" && !c.anyTenant {
		return Scope{}, c.needsTenant(service)
	}
	return Scope{TenantID: c.config.TenantID}, nil
}

// lacksTenant reports whether a path has a tenant in it that is not known, as can
// be with a [StaticToken].
func (c *Client) lacksTenant(path string) bool {
	return c.config.TenantID == "" &&
		(strings.Contains(path, "{tenantId}") || c.account == "" && strings.Contains(path, "{Account}"))
}

func (c *Client) needsTenant(service Service) error {
	return NewArgumentError("", "Config.TenantID", fmt.Sprintf("is needed for service %q", service))
}

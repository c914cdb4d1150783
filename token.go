package nhncloud

import (
	"context"
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

// TokenSource issues tokens. The client caches what it returns, asks anew
// ahead of the end of a token and when a token is refused, and makes at most
// one call per scope at a time, whose context ends after [WithLoginTimeout] and
// not with the call that needs the token. A returned token must not change any
// more.
type TokenSource interface {
	Token(ctx context.Context, scope Scope) (*Token, error)
}

// StaticToken returns a source of one fixed token, for programs that get their
// token from elsewhere. When the service refuses it, calls fail with
// [ErrUnauthorized]. The token itself tells most services whose it is: without a
// [Config.TenantID], only calls that have the tenant in their path are refused.
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

package nhncloud

import (
	"context"
	"net/http"
	"time"
)

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

// apiPassword is what most refused logins come down to.
const apiPassword = "the password has to be the API password of the account, which is set in the console under " +
	"Compute > Instance > Set API Endpoint and is not the one that the console itself asks for"

// logIn issues a token for the account of the configuration.
func (c *Client) logIn(ctx context.Context, req Request) (*Token, error) {
	t, err := c.issue(ctx, req)
	if e, ok := err.(*Error); ok && e.Kind() == ErrUnauthorized {
		e.Note = apiPassword
	}
	return t, err
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
	return c.logIn(ctx, Request{
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
	return c.logIn(ctx, Request{
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
		Secrets: []Secret{id},
	})
}

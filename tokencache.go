package nhncloud

import "context"

// TokenCache keeps tokens beyond the life of a client, so that programs that
// run often need not log in each time. The key tells environment, identity
// endpoint, user and tenant, and never has a secret in it. Failures are logged
// as warnings and never fail a call.
type TokenCache interface {
	// Load returns the token that was stored last under the key, or nil.
	Load(ctx context.Context, key string) (*Token, error)
	// Store keeps the token under the key.
	Store(ctx context.Context, key string, token *Token) error
}

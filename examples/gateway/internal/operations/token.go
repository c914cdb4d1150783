package operations

import (
	"context"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// TokenRequest is the account to log in with.
type TokenRequest struct {
	TenantID string `json:"tenant_id" pattern:"^[0-9A-Za-z_-]+$" example:"04a2c5b7de7e4d66b970ad950081a7c3"`
	Username string `json:"username" minLength:"1" example:"user@example.com"`
	Password string `json:"password" minLength:"1" format:"password" doc:"the API password, which is not that of the console"`
}

// TokenAnswer is a new token.
type TokenAnswer struct {
	Token     string    `json:"token"`
	TenantID  string    `json:"tenant_id" example:"04a2c5b7de7e4d66b970ad950081a7c3"`
	ExpiresAt time.Time `json:"expires_at"`
}

// CreateToken logs in.
func CreateToken(ctx context.Context, client *nhncloud.Client, tenantID string) (*TokenAnswer, error) {
	token, err := client.IssueToken(ctx, tenantID)
	if err != nil {
		return nil, err
	}
	return &TokenAnswer{Token: string(token.ID), TenantID: tenantID, ExpiresAt: token.ExpiresAt.UTC()}, nil
}

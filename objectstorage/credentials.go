package objectstorage

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// CredentialsService calls the operations on the keys for the S3 API of Object
// Storage, which the identity service keeps. The id of the user is that of the
// API, as a token has it:
//
//	token, err := client.Token(ctx)
//	…
//	credential, err := storage.Credentials.Create(ctx, token.UserID, tenantID)
type CredentialsService struct{ client *nhncloud.Client }

// Credential is a pair of keys for the S3 API. It has no end of its own.
type Credential struct {
	Access     string          `json:"access"` // access key
	Secret     nhncloud.Secret `json:"secret"` // secret key
	TenantID   string          `json:"tenant_id"`
	UserID     string          `json:"user_id"`
	CreatedAt  time.Time       `json:"created_at"`
	AccessedAt time.Time       `json:"accessed_at"` // when it was last used
}

// Create issues keys for what a user may do in a tenant, which for Object
// Storage is [nhncloud.Config.ObjectStorageTenantID]. A user can have three for
// a tenant.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [CredentialsService.List] shows keys that no call has returned.
//
// API: POST /v2.0/users/{api-user-id}/credentials/OS-EC2 (s3credential-create-credential; Storage-Object-Storage en/s3-api-guide.md)
func (s *CredentialsService) Create(ctx context.Context, userID, tenantID string) (*Credential, error) {
	const operation = "s3credential-create-credential"
	if tenantID == "" {
		return nil, nhncloud.NewArgumentError(operation, "tenantID", "must not be empty")
	}
	return nhncloud.Fetch[Credential](ctx, s.client, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceIdentity,
		TokenService: nhncloud.ServiceObjectStorage,
		Method:       http.MethodPost,
		Path:         "/v2.0/users/{api-user-id}/credentials/OS-EC2",
		Args:         []string{userID},
		Body:         map[string]string{"tenant_id": tenantID},
		ResponseKey:  "credential",
		Sensitive:    true,
	})
}

// List returns the keys of a user, with their secrets.
//
// API: GET /v2.0/users/{user-id}/credentials/OS-EC2 (s3credential-list-credentials; Storage-Object-Storage en/s3-api-guide.md)
func (s *CredentialsService) List(ctx context.Context, userID string) ([]*Credential, error) {
	return nhncloud.FetchList[Credential](ctx, s.client, nhncloud.Request{
		Operation:    "s3credential-list-credentials",
		Service:      nhncloud.ServiceIdentity,
		TokenService: nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v2.0/users/{user-id}/credentials/OS-EC2",
		Args:         []string{userID},
		ResponseKey:  "credentials",
		Sensitive:    true,
	})
}

// Delete deletes keys by their access key. They can't be used any more.
//
// API: DELETE /v2.0/users/{user-id}/credentials/OS-EC2/{access} (s3credential-delete-credential; Storage-Object-Storage en/s3-api-guide.md)
func (s *CredentialsService) Delete(ctx context.Context, userID, access string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation:    "s3credential-delete-credential",
		Service:      nhncloud.ServiceIdentity,
		TokenService: nhncloud.ServiceObjectStorage,
		Method:       http.MethodDelete,
		Path:         "/v2.0/users/{user-id}/credentials/OS-EC2/{access}",
		Args:         []string{userID, access},
	}, nil)
}

package networkv1

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// SecurityGroupsService calls the operations on security groups.
type SecurityGroupsService struct{ client *nhncloud.Client }

// SecurityGroup is a security group.
type SecurityGroup struct {
	ID                 string              `json:"id"`
	Name               string              `json:"name"`
	Description        string              `json:"description"`
	SecurityGroupRules []SecurityGroupRule `json:"securityGroupRules"` // not after Update
}

// List returns the security groups with their rules.
//
// API: GET /v1.0/appkeys/{appkey}/security-groups (network-v1-list-security-groups; Network-VPC en/api-guide.md)
func (s *SecurityGroupsService) List(ctx context.Context) ([]*SecurityGroup, error) {
	return nhncloud.FetchList[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-security-groups",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/security-groups",
		ResponseKey: "securityGroups",
	})
}

// Get returns a security group with its rules.
//
// API: GET /v1.0/appkeys/{appkey}/security-groups (network-v1-list-security-groups; Network-VPC en/api-guide.md)
func (s *SecurityGroupsService) Get(ctx context.Context, id string) (*SecurityGroup, error) {
	const operation = "network-v1-list-security-groups"
	if err := nhncloud.CheckID(operation, "securityGroupId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/security-groups",
		Query:       url.Values{"id": {id}},
		ResponseKey: "securityGroups",
	}, func(g *SecurityGroup) bool { return g.ID == id })
}

// SecurityGroupCreateRequest describes a security group to create. Name is
// required.
type SecurityGroupCreateRequest struct {
	Name        string `json:"name"`
	Description string `json:"description,omitzero"`
}

// Create creates a security group and returns it, with the rules that the
// service gives to a new one.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [SecurityGroupsService.List] shows two groups of the Name.
//
// API: POST /v1.0/appkeys/{appkey}/security-groups (network-v1-create-security-group; Network-VPC en/api-guide.md)
func (s *SecurityGroupsService) Create(ctx context.Context, request SecurityGroupCreateRequest) (*SecurityGroup, error) {
	const operation = "network-v1-create-security-group"
	if request.Name == "" {
		return nil, nhncloud.NewArgumentError(operation, "Name", "must not be empty")
	}
	return nhncloud.Fetch[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/security-groups",
		Body:        map[string]SecurityGroupCreateRequest{"securityGroup": request},
		ResponseKey: "securityGroup",
	})
}

// SecurityGroupUpdateRequest changes a security group. The service wants a
// Name in any case; a nil Description is left as it is.
type SecurityGroupUpdateRequest struct {
	Name        string  `json:"name"`
	Description *string `json:"description,omitzero"`
}

// Update changes the name or the description of a security group and returns
// it, without its rules.
//
// API: PUT /v1.0/appkeys/{appkey}/security-groups/{securityGroupId} (network-v1-update-security-group; Network-VPC en/api-guide.md)
func (s *SecurityGroupsService) Update(ctx context.Context, id string, request SecurityGroupUpdateRequest) (*SecurityGroup, error) {
	const operation = "network-v1-update-security-group"
	if request.Name == "" {
		return nil, nhncloud.NewArgumentError(operation, "Name", "must not be empty")
	}
	return nhncloud.Fetch[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPut,
		Path:        "/v1.0/appkeys/{appkey}/security-groups/{securityGroupId}",
		Args:        []string{id},
		Body:        map[string]SecurityGroupUpdateRequest{"securityGroup": request},
		ResponseKey: "securityGroup",
	})
}

// Delete deletes a security group with its rules.
//
// API: DELETE /v1.0/appkeys/{appkey}/security-groups (network-v1-delete-security-group; Network-VPC en/api-guide.md)
func (s *SecurityGroupsService) Delete(ctx context.Context, id string) error {
	const operation = "network-v1-delete-security-group"
	if err := nhncloud.CheckID(operation, "securityGroupId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/security-groups",
		Query:     url.Values{"id": {id}},
	}, nil)
}

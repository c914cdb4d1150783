package compute

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ServerGroupsService calls the operations on server groups, in the console
// placement policies.
type ServerGroupsService struct{ client *nhncloud.Client }

// ServerGroup places its servers by a policy.
type ServerGroup struct {
	ID       string              `json:"id"`
	Name     string              `json:"name"`
	Policies []ServerGroupPolicy `json:"policies"`
	Members  []string            `json:"members"` // ids of servers
	Metadata map[string]string   `json:"metadata"`
}

// ServerGroupPolicy is how a group places its servers. It is an open type.
type ServerGroupPolicy string

// AntiAffinity puts each server of a group on another host. The guide knows no
// other policy.
const AntiAffinity ServerGroupPolicy = "anti-affinity"

// List returns all server groups.
//
// API: GET /v2/{tenantId}/os-server-groups (compute-v2-list-server-groups; Compute-Instance en/public-api.md)
func (s *ServerGroupsService) List(ctx context.Context) ([]*ServerGroup, error) {
	return nhncloud.FetchList[ServerGroup](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-list-server-groups",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/os-server-groups",
		ResponseKey: "server_groups",
	})
}

// Get returns a server group.
//
// API: GET /v2/{tenantId}/os-server-groups/{servergroupId} (compute-v2-get-server-group; Compute-Instance en/public-api.md)
func (s *ServerGroupsService) Get(ctx context.Context, id string) (*ServerGroup, error) {
	return nhncloud.Fetch[ServerGroup](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-get-server-group",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/os-server-groups/{servergroupId}",
		Args:        []string{id},
		ResponseKey: "server_group",
	})
}

// ServerGroupCreateRequest describes a server group to create.
type ServerGroupCreateRequest struct {
	Name string `json:"name"`
	// Policies default to [AntiAffinity].
	Policies []ServerGroupPolicy `json:"policies"`
}

// Create creates a server group.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [ServerGroupsService.List] shows two groups of the Name.
//
// API: POST /v2/{tenantId}/os-server-groups (compute-v2-create-server-group; Compute-Instance en/public-api.md)
func (s *ServerGroupsService) Create(ctx context.Context, request ServerGroupCreateRequest) (*ServerGroup, error) {
	const operation = "compute-v2-create-server-group"
	if request.Name == "" {
		return nil, nhncloud.NewArgumentError(operation, "Name", "must not be empty")
	}
	if len(request.Policies) == 0 {
		request.Policies = []ServerGroupPolicy{AntiAffinity}
	}
	return nhncloud.Fetch[ServerGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/os-server-groups",
		Body:        map[string]ServerGroupCreateRequest{"server_group": request},
		ResponseKey: "server_group",
	})
}

// Delete deletes a server group. Its servers stay.
//
// API: DELETE /v2/{tenantId}/os-server-groups/{servergroupId} (compute-v2-delete-server-group; Compute-Instance en/public-api.md)
func (s *ServerGroupsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "compute-v2-delete-server-group",
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/os-server-groups/{servergroupId}",
		Args:      []string{id},
	}, nil)
}

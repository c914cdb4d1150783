package compute

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// MetadataService calls the operations on the metadata of servers. The console
// shows some of it: os_distro, os_version, image_name, os_type and
// login_username; changing those is at the caller's own risk.
type MetadataService struct{ client *nhncloud.Client }

// List returns all metadata of a server.
//
// API: GET /v2/{tenantId}/servers/{serverId}/metadata (compute-v2-list-server-metadata; Compute-Instance en/public-api.md)
func (s *MetadataService) List(ctx context.Context, serverID string) (map[string]string, error) {
	metadata, err := nhncloud.Fetch[map[string]string](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-list-server-metadata",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/servers/{serverId}/metadata",
		Args:        []string{serverID},
		ResponseKey: "metadata",
	})
	if err != nil {
		return nil, err
	}
	return *metadata, nil
}

// Get returns one value. A key that is not there is an [nhncloud.ErrNotFound].
//
// API: GET /v2/{tenantId}/servers/{serverId}/metadata/{key} (compute-v2-get-server-metadata; Compute-Instance en/public-api.md)
func (s *MetadataService) Get(ctx context.Context, serverID, key string) (string, error) {
	return metadataValue(ctx, s.client, key, nhncloud.Request{
		Operation:   "compute-v2-get-server-metadata",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/servers/{serverId}/metadata/{key}",
		Args:        []string{serverID, key},
		ResponseKey: "meta",
	})
}

// Set creates or replaces one value, of at most 255 characters, and returns it
// as the service stored it.
//
// API: PUT /v2/{tenantId}/servers/{serverId}/metadata/{key} (compute-v2-set-server-metadata; Compute-Instance en/public-api.md)
func (s *MetadataService) Set(ctx context.Context, serverID, key, value string) (string, error) {
	return metadataValue(ctx, s.client, key, nhncloud.Request{
		Operation:   "compute-v2-set-server-metadata",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPut,
		Path:        "/v2/{tenantId}/servers/{serverId}/metadata/{key}",
		Args:        []string{serverID, key},
		Body:        map[string]map[string]string{"meta": {key: value}},
		ResponseKey: "meta",
	})
}

func metadataValue(ctx context.Context, client *nhncloud.Client, key string, request nhncloud.Request) (string, error) {
	meta, err := nhncloud.Fetch[map[string]string](ctx, client, request)
	if err != nil {
		return "", err
	}
	value, ok := (*meta)[key]
	if !ok {
		return "", &nhncloud.Error{Operation: request.Operation, Message: "the answer is about another key", Err: nhncloud.ErrBadAnswer}
	}
	return value, nil
}

// Delete removes one key.
//
// API: DELETE /v2/{tenantId}/servers/{serverId}/metadata/{key} (compute-v2-delete-server-metadata; Compute-Instance en/public-api.md)
func (s *MetadataService) Delete(ctx context.Context, serverID, key string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "compute-v2-delete-server-metadata",
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/servers/{serverId}/metadata/{key}",
		Args:      []string{serverID, key},
	}, nil)
}

package nks

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ClusterAddon is an add-on of a cluster.
type ClusterAddon struct {
	UUID         string         `json:"uuid" wire:"required"`
	Type         string         `json:"type"` // name of the [AddonType]
	Name         string         `json:"name"`
	Version      string         `json:"version"`
	Options      map[string]any `json:"options"` // by the names of [AddonOptionSchema]
	Status       Status         `json:"status"`
	StatusReason string         `json:"status_reason"`
	Scope        string         `json:"scope"`       // such as "cluster"
	TargetUUID   string         `json:"target_uuid"` // of what is in the Scope
	ClusterUUID  string         `json:"cluster_uuid"`
	ClusterName  string         `json:"cluster_name"`
	ProjectID    string         `json:"project_id"`
	CreatedAt    time.Time      `json:"created_at"`
	UpdatedAt    time.Time      `json:"updated_at"`
}

// ConflictResolution is what is done with what was changed in the cluster itself
// of the resources of an add-on. It is an open type.
type ConflictResolution string

// The resolutions of conflicts.
const (
	ResolveNone      ConflictResolution = "none"      // the change fails
	ResolveOverwrite ConflictResolution = "overwrite" // by what the add-on brings
	ResolvePreserve  ConflictResolution = "preserve"  // what there is stays
)

// AddonInstallRequest describes an add-on to install. Name, Version and
// ResolveConflicts are required.
type AddonInstallRequest struct {
	Name             string             `json:"name"`
	Version          string             `json:"version"`
	ResolveConflicts ConflictResolution `json:"resolve_conflicts"`
	// Options are those of the add-on, by the names of [AddonOptionSchema]. The
	// guide has them for new clusters alone.
	Options map[string]any `json:"options,omitzero"`
}

// AddonUpdateRequest describes another version of an add-on. Version and
// ResolveConflicts are required.
type AddonUpdateRequest struct {
	Version          string             `json:"version"`
	ResolveConflicts ConflictResolution `json:"resolve_conflicts"`
	// Options are those of the add-on, by the names of [AddonOptionSchema]. The
	// guide has them for new clusters alone.
	Options map[string]any `json:"options,omitzero"`
}

// ListInstalled returns the add-ons of a cluster.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/addons/ (nks-list-cluster-addons; Container-Kubernetes en/public-api.md)
func (s *AddonsService) ListInstalled(ctx context.Context, cluster string) ([]*ClusterAddon, error) {
	return nhncloud.FetchList[ClusterAddon](ctx, s.client, nhncloud.Request{
		Operation:   "nks-list-cluster-addons",
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodGet,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/addons/",
		Args:        []string{cluster},
		ResponseKey: "addons",
	})
}

const getClusterAddon = "nks-get-cluster-addon"

// GetInstalled returns an add-on of a cluster by its UUID or name.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME} (nks-get-cluster-addon; Container-Kubernetes en/public-api.md)
func (s *AddonsService) GetInstalled(ctx context.Context, cluster, addon string) (*ClusterAddon, error) {
	return nhncloud.Fetch[ClusterAddon](ctx, s.client, nhncloud.Request{
		Operation: getClusterAddon,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME}",
		Args:      []string{cluster, addon},
	})
}

// Install begins to install an add-on on a cluster and returns the UUID of the
// cluster. Wait with [AddonsService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/addons/ (nks-install-cluster-addon; Container-Kubernetes en/public-api.md)
func (s *AddonsService) Install(ctx context.Context, cluster string, request AddonInstallRequest) (clusterUUID string, err error) {
	const operation = "nks-install-cluster-addon"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	check.Required("Version", request.Version)
	check.Required("ResolveConflicts", string(request.ResolveConflicts))
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/addons/",
		Args:        []string{cluster},
		Body:        request,
		ResponseKey: "uuid",
	})
}

// Update begins to give an add-on of a cluster another version and returns the
// UUID of the cluster. Wait with [AddonsService.WaitForComplete].
//
// API: PATCH /v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME} (nks-update-cluster-addon; Container-Kubernetes en/public-api.md)
func (s *AddonsService) Update(ctx context.Context, cluster, addon string, request AddonUpdateRequest) (clusterUUID string, err error) {
	const operation = "nks-update-cluster-addon"
	var check nhncloud.ArgumentCheck
	check.Required("Version", request.Version)
	check.Required("ResolveConflicts", string(request.ResolveConflicts))
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPatch,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME}",
		Args:        []string{cluster, addon},
		Body:        request,
		ResponseKey: "uuid",
	})
}

// Remove begins to remove an add-on from a cluster and returns the UUID of the
// cluster. Wait with [AddonsService.WaitForRemoval].
//
// API: DELETE /v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME} (nks-remove-cluster-addon; Container-Kubernetes en/public-api.md)
func (s *AddonsService) Remove(ctx context.Context, cluster, addon string) (clusterUUID string, err error) {
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   "nks-remove-cluster-addon",
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodDelete,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/addons/{ADDON_UUID_OR_NAME}",
		Args:        []string{cluster, addon},
		ResponseKey: "uuid",
	})
}

package nks

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// NodeGroupsService calls the operations on the node groups of a cluster. They
// take UUIDs or names.
type NodeGroupsService struct{ client *nhncloud.Client }

// NodeGroup is a group of nodes of a cluster that are alike. A listing has less of
// it.
type NodeGroup struct {
	UUID             string          `json:"uuid" wire:"required"` // an answer has no wrapper that would tell a node group from anything else
	ID               int             `json:"id"`                   // a number beside the UUID, which no call takes
	Name             string          `json:"name"`
	ClusterID        string          `json:"cluster_id"` // UUID
	Role             string          `json:"role"`       // such as "worker"
	IsDefault        bool            `json:"is_default"`
	Status           Status          `json:"status"`
	StatusReason     string          `json:"status_reason"` // why it failed; the service has one for successes too
	Version          string          `json:"version"`       // Kubernetes version; "" where only KubeTag of the Labels tells it
	Labels           NodeGroupLabels `json:"labels"`
	FlavorID         string          `json:"flavor_id"`
	ImageID          string          `json:"image_id"`
	NodeCount        int             `json:"node_count"`
	MinNodeCount     int             `json:"min_node_count"`
	MaxNodeCount     int             `json:"max_node_count"` // 0 where it is not set
	NodeAddresses    []string        `json:"node_addresses"`
	DockerVolumeSize int             `json:"docker_volume_size"`
	ProjectID        string          `json:"project_id"`
	StackID          string          `json:"stack_id"` // of Heat
	CreatedAt        time.Time       `json:"created_at"`
	UpdatedAt        time.Time       `json:"updated_at"`
	Links            []Link          `json:"links"`
}

// KubernetesVersion is the Version, or that of the labels where there is none.
func (g *NodeGroup) KubernetesVersion() string {
	if g.Version != "" {
		return g.Version
	}
	return g.Labels.KubeTag
}

const (
	listNodeGroups = "nks-list-nodegroups"
	getNodeGroup   = "nks-get-nodegroup"
)

// List returns the node groups of a cluster, with less of each than
// [NodeGroupsService.Get] does. The example of the guide has worker groups alone.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups (nks-list-nodegroups; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) List(ctx context.Context, cluster string) ([]*NodeGroup, error) {
	return linked.Listed(s.page(ctx, cluster, nil))
}

// All is [NodeGroupsService.List] as an iterator. It follows the link to the next
// page, which the guide does not know but a service may have.
func (s *NodeGroupsService) All(ctx context.Context, cluster string) iter.Seq2[*NodeGroup, error] {
	return linked.All(listNodeGroups, func(next url.Values) (*linked.Page[NodeGroup], error) { return s.page(ctx, cluster, next) })
}

func (s *NodeGroupsService) page(ctx context.Context, cluster string, next url.Values) (*linked.Page[NodeGroup], error) {
	fetched, err := nhncloud.Fetch[struct {
		Items []*NodeGroup `json:"nodegroups"`
		Next  string       `json:"next"`
	}](ctx, s.client, nhncloud.Request{
		Operation: listNodeGroups,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups",
		Args:      []string{cluster},
		Query:     next,
	})
	return (*linked.NextPage[NodeGroup])(fetched).Linked(), err
}

// Get returns a node group.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-get-nodegroup; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) Get(ctx context.Context, cluster, nodeGroup string) (*NodeGroup, error) {
	return nhncloud.Fetch[NodeGroup](ctx, s.client, nhncloud.Request{
		Operation: getNodeGroup,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}",
		Args:      []string{cluster, nodeGroup},
	})
}

// NodeGroupCreateRequest describes a node group to create. Name, FlavorID, ImageID
// and some of the Labels are required.
type NodeGroupCreateRequest struct {
	Name      string          `json:"name"`
	FlavorID  string          `json:"flavor_id"`
	ImageID   string          `json:"image_id"`            // base image
	NodeCount int             `json:"node_count,omitzero"` // 1 where it is 0
	Labels    NodeGroupLabels `json:"labels"`
}

// nodeGroupCreateBody is a NodeGroupCreateRequest on its way.
type nodeGroupCreateBody struct {
	NodeGroupCreateRequest
	Labels map[string]any `json:"labels"`
}

// Create begins to create a worker group and returns it. Its nodes have the
// Kubernetes version of the control plane. Wait with
// [NodeGroupsService.WaitForComplete].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [NodeGroupsService.All] shows two node groups of the Name, or the
// repetition is an [nhncloud.ErrConflict] because something is being done.
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups (nks-create-nodegroup; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) Create(ctx context.Context, cluster string, request NodeGroupCreateRequest) (*NodeGroup, error) {
	const operation = "nks-create-nodegroup"
	var check nhncloud.ArgumentCheck
	check.Required("Name", request.Name)
	check.Required("FlavorID", request.FlavorID)
	check.Required("ImageID", request.ImageID)
	check.RefuseIf(request.NodeCount < 0, "NodeCount", "must not be negative")
	request.Labels.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[NodeGroup](ctx, s.client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodPost,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups",
		Args:      []string{cluster},
		Body:      nodeGroupCreateBody{request, request.Labels.body()},
		Secrets:   request.Labels.secrets(),
	})
}

// Delete begins to delete a node group with its nodes and their volumes. Wait with
// [NodeGroupsService.WaitForDeletion].
//
// API: DELETE /v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME} (nks-delete-nodegroup; Container-Kubernetes en/public-api.md)
func (s *NodeGroupsService) Delete(ctx context.Context, cluster, nodeGroup string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "nks-delete-nodegroup",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodDelete,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}/nodegroups/{NODEGROUP_ID_OR_NAME}",
		Args:      []string{cluster, nodeGroup},
	}, nil)
}

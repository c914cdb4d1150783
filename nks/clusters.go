package nks

import (
	"context"
	"encoding/json"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// ClustersService calls the operations on clusters. They take the UUID of a
// cluster or its name.
type ClustersService struct{ client *nhncloud.Client }

// Cluster is a Kubernetes cluster. A listing has less of it.
type Cluster struct {
	UUID               string        `json:"uuid" wire:"required"` // an answer has no wrapper that would tell a cluster from anything else
	Name               string        `json:"name"`
	Status             Status        `json:"status"`
	StatusReason       string        `json:"status_reason"` // why it failed; the service has one for successes too
	HealthStatus       HealthStatus  `json:"health_status"`
	HealthStatusReason HealthReason  `json:"health_status_reason"`
	APIAddress         string        `json:"api_address"` // URL of the Kubernetes API
	Labels             ClusterLabels `json:"labels"`
	NodeCount          int           `json:"node_count"` // of all worker groups; it may lag behind
	NodeAddresses      []string      `json:"node_addresses"`
	FlavorID           string        `json:"flavor_id"`     // of the default worker group
	KeyName            string        `json:"keypair"`       // of the default worker group
	FixedNetworkID     string        `json:"fixed_network"` // VPC
	FixedSubnetID      string        `json:"fixed_subnet"`
	// COEVersion is a Kubernetes version that may be an older one after an
	// upgrade; KubeTag of the Labels is that of the control plane.
	COEVersion        string    `json:"coe_version"`
	ContainerVersion  string    `json:"container_version"`
	ClusterTemplateID string    `json:"cluster_template_id"`
	CreateTimeout     int       `json:"create_timeout"` // minutes
	DockerVolumeSize  int       `json:"docker_volume_size"`
	FloatingIPEnabled bool      `json:"floating_ip_enabled"`
	StackID           string    `json:"stack_id"` // of Heat
	ProjectID         string    `json:"project_id"`
	UserID            string    `json:"user_id"`
	CreatedAt         time.Time `json:"created_at"`
	UpdatedAt         time.Time `json:"updated_at"`
	Links             []Link    `json:"links"`
}

// HealthReason is what is known of the health of a cluster, by names such as "api",
// "cluster.api_status", "cluster.node_status", "timestamp",
// "nodegroup.node_status.default-worker" and
// "nodegroup-stats.default-worker", which has the number of nodes that are
// ready and that are not ("2:0"). The examples of the guide have one member for
// each node instead. What the service gives in another form than this is under "".
type HealthReason map[string]any

// UnmarshalJSON reads whatever the service gives.
func (h *HealthReason) UnmarshalJSON(encoded []byte) error {
	var given any
	if err := json.Unmarshal(encoded, &given); err != nil {
		return err
	}
	switch given := given.(type) {
	case nil:
		*h = nil
	case map[string]any:
		*h = given
	default:
		*h = HealthReason{"": given}
	}
	return nil
}

const (
	listClusters = "nks-list-clusters"
	getCluster   = "nks-get-cluster"
)

// List returns the clusters, with less of each than [ClustersService.Get] does.
//
// API: GET /v1/clusters (nks-list-clusters; Container-Kubernetes en/public-api.md)
func (s *ClustersService) List(ctx context.Context) ([]*Cluster, error) {
	return linked.Listed(s.page(ctx, nil))
}

// All is [ClustersService.List] as an iterator. It follows the link to the next
// page, which the guide does not know but a service with many clusters has.
func (s *ClustersService) All(ctx context.Context) iter.Seq2[*Cluster, error] {
	return linked.All(listClusters, func(next url.Values) (*linked.Page[Cluster], error) { return s.page(ctx, next) })
}

func (s *ClustersService) page(ctx context.Context, next url.Values) (*linked.Page[Cluster], error) {
	fetched, err := nhncloud.Fetch[struct {
		Items []*Cluster `json:"clusters"`
		Next  string     `json:"next"`
	}](ctx, s.client, nhncloud.Request{
		Operation: listClusters,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters",
		Query:     next,
	})
	return (*linked.NextPage[Cluster])(fetched).Linked(), err
}

// Get returns a cluster.
//
// API: GET /v1/clusters/{CLUSTER_ID_OR_NAME} (nks-get-cluster; Container-Kubernetes en/public-api.md)
func (s *ClustersService) Get(ctx context.Context, cluster string) (*Cluster, error) {
	return nhncloud.Fetch[Cluster](ctx, s.client, nhncloud.Request{
		Operation: getCluster,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}",
		Args:      []string{cluster},
	})
}

// Delete begins to delete a cluster with all its nodes and their volumes. Wait with
// [ClustersService.WaitForDeletion].
//
// API: DELETE /v1/clusters/{CLUSTER_ID_OR_NAME} (nks-delete-cluster; Container-Kubernetes en/public-api.md)
func (s *ClustersService) Delete(ctx context.Context, cluster string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "nks-delete-cluster",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodDelete,
		Path:      "/v1/clusters/{CLUSTER_ID_OR_NAME}",
		Args:      []string{cluster},
	}, nil)
}

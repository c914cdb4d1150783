package nks

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ResizeRequest sets the number of nodes of a node group.
type ResizeRequest struct {
	NodeGroup string `json:"nodegroup"` // UUID or name of a worker group
	NodeCount int    `json:"node_count"`
	// NodesToRemove are UUIDs of nodes, which are servers, to remove where there are
	// to be fewer. Without them the service picks at random.
	NodesToRemove []string `json:"nodes_to_remove,omitzero"`
}

// Resize begins to add or to remove nodes of a node group, and returns the UUID of
// the cluster. Wait with [ClustersService.WaitForComplete]. Node groups with an
// autoscaler are refused.
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/actions/resize (nks-resize-nodegroup; Container-Kubernetes en/public-api.md)
func (s *ClustersService) Resize(ctx context.Context, cluster string, request ResizeRequest) (uuid string, err error) {
	const operation = "nks-resize-nodegroup"
	var check nhncloud.ArgumentCheck
	check.Required("NodeGroup", request.NodeGroup)
	check.RefuseIf(request.NodeCount <= 0, "NodeCount", "must be positive")
	check.RequiredEach("NodesToRemove", request.NodesToRemove)
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/actions/resize",
		Args:        []string{cluster},
		Body:        request,
		ResponseKey: "uuid",
	})
}

// ServiceGateways are the service gateways that a cluster gets images and add-ons
// through.
type ServiceGateways struct {
	NCRServiceGatewayID string `json:"ncr_sgw"` // of type NCR
	OBSServiceGatewayID string `json:"obs_sgw"` // of type OBS
}

// UpdateServiceGateways begins to put other service gateways in the place of those
// that a cluster was created with, and returns the UUID of the cluster. Both are
// required. Wait with [ClustersService.WaitForComplete].
//
// API: POST /v1/clusters/{CLUSTER_ID_OR_NAME}/actions/update_sgw (nks-update-service-gateways; Container-Kubernetes en/public-api.md)
func (s *ClustersService) UpdateServiceGateways(ctx context.Context, cluster string, gateways ServiceGateways) (uuid string, err error) {
	const operation = "nks-update-service-gateways"
	var check nhncloud.ArgumentCheck
	check.Required("NCRServiceGatewayID", gateways.NCRServiceGatewayID)
	check.Required("OBSServiceGatewayID", gateways.OBSServiceGatewayID)
	if err := check.Err(operation); err != nil {
		return "", err
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPost,
		Path:        "/v1/clusters/{CLUSTER_ID_OR_NAME}/actions/update_sgw",
		Args:        []string{cluster},
		Body:        gateways,
		ResponseKey: "uuid",
	})
}

// RenewCertificate begins to renew the certificates of a cluster for a number of
// years, by the guide 1 to 5, and returns the UUID of the cluster. A kubeconfig
// that was fetched before does not work any more. Wait with
// [ClustersService.WaitForComplete].
//
// API: PATCH /v1/certificates/{CLUSTER_ID_OR_NAME} (nks-renew-certificate; Container-Kubernetes en/public-api.md)
func (s *ClustersService) RenewCertificate(ctx context.Context, cluster string, years int) (uuid string, err error) {
	const operation = "nks-renew-certificate"
	if years <= 0 {
		return "", nhncloud.NewArgumentError(operation, "years", "must be positive")
	}
	return fetchUUID(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceKubernetes,
		Method:      http.MethodPatch,
		Path:        "/v1/certificates/{CLUSTER_ID_OR_NAME}",
		Args:        []string{cluster},
		Body:        map[string]int{"term_of_validity": years},
		ResponseKey: "uuid",
	})
}

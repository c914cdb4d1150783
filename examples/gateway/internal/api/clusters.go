package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// clusterInput names a cluster.
type clusterInput struct {
	Headers
	ClusterName string `path:"cluster_name" doc:"name or uuid"`
}

// clusterCreateInput asks for a cluster.
type clusterCreateInput struct {
	Headers
	Body operations.ClusterCreateRequest
}

func (a *API) registerClusters() {
	const tag = "Kubernetes"
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/", id: "list-clusters", summary: "List clusters", tag: tag,
	}, list[Headers](a, operations.ListClusters))
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/{cluster_name}/", id: "get-cluster", summary: "Get a cluster", tag: tag,
	}, a.getCluster)
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/{cluster_name}/config/", id: "get-cluster-config",
		summary: "Get the kubeconfig of a cluster", tag: tag,
	}, a.getClusterConfig)
	register(a, endpoint{
		method: http.MethodPost, path: "/nks/clusters/create/", id: "create-cluster", summary: "Create a cluster", tag: tag,
		status: http.StatusCreated,
	}, a.createCluster)
	register(a, endpoint{
		method: http.MethodDelete, path: "/nks/clusters/{cluster_name}/", id: "delete-cluster", summary: "Delete a cluster", tag: tag,
	}, a.deleteCluster)
}

func (a *API) getCluster(ctx context.Context, in *clusterInput) (*body[operations.ClusterAnswer], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.GetCluster(ctx, client, in.ClusterName))
}

func (a *API) getClusterConfig(ctx context.Context, in *clusterInput) (*body[operations.ClusterConfig], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.GetClusterConfig(ctx, client, in.ClusterName))
}

func (a *API) createCluster(ctx context.Context, in *clusterCreateInput) (*body[operations.CreatedClusterAnswer], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.CreateCluster(ctx, client, in.Body))
}

func (a *API) deleteCluster(ctx context.Context, in *clusterInput) (*nothing, error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return nil, operations.DeleteCluster(ctx, client, in.ClusterName)
}

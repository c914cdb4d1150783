package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/kinds"
)

// clusterInput names a cluster.
type clusterInput struct {
	Headers
	ClusterName string `path:"cluster_name" doc:"name or uuid"`
}

// clusterCreateInput asks for a cluster.
type clusterCreateInput struct {
	FoundTenantHeaders
	Async
	Body operations.ClusterCreateRequest
}

// clusterDeleteInput names a cluster to delete.
type clusterDeleteInput struct {
	FoundTenantHeaders
	Async
	ClusterName string `path:"cluster_name" doc:"name or uuid"`
}

func (a *API) registerClusters() {
	const tag = "Kubernetes"
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/", id: "list-clusters", summary: "List clusters", tag: tag,
	}, list[Headers](a, operations.ListClusters))
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/{cluster_name}/", id: "get-cluster", summary: "Get a cluster", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *clusterInput) (*operations.ClusterAnswer, error) {
		return operations.GetCluster(ctx, client, in.ClusterName)
	}))
	register(a, endpoint{
		method: http.MethodGet, path: "/nks/clusters/{cluster_name}/config/", id: "get-cluster-config",
		summary: "Get the kubeconfig of a cluster", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *clusterInput) (*operations.ClusterConfig, error) {
		return operations.GetClusterConfig(ctx, client, in.ClusterName)
	}))
	registerAsync(a, endpoint{
		method: http.MethodPost, path: "/nks/clusters/create/", id: "create-cluster", summary: "Create a cluster", tag: tag,
		status: http.StatusCreated,
	}, func(ctx context.Context, _ *nhncloud.Client, in *clusterCreateInput) (*operations.CreatedClusterAnswer, error) {
		client, err := a.clientWithTenant(ctx, in) // flavors are looked up with it
		if err != nil {
			return nil, err
		}
		return operations.CreateCluster(ctx, client, in.Body)
	}, func(in *clusterCreateInput) (string, any) { return kinds.ClusterCreate, in.Body })
	registerAsync(a, endpoint{
		method: http.MethodDelete, path: "/nks/clusters/{cluster_name}/", id: "delete-cluster", summary: "Delete a cluster", tag: tag,
		status: http.StatusNoContent,
	}, func(ctx context.Context, client *nhncloud.Client, in *clusterDeleteInput) (*nothing, error) {
		return nil, operations.DeleteCluster(ctx, client, in.ClusterName)
	}, func(in *clusterDeleteInput) (string, any) {
		return kinds.ClusterDelete, kinds.Cluster{ClusterName: in.ClusterName}
	})
}

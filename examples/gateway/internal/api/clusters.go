package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
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
	TenantID string `header:"X-NHN-Tenant-ID" pattern:"^[0-9A-Za-z_-]+$" doc:"found out where it is missing; flavors are looked up with it"`
	Body     operations.ClusterCreateRequest
}

func (in *clusterCreateInput) caller() (string, clients.Caller) {
	region, who := in.Headers.caller()
	who.TenantID = in.TenantID
	return region, who
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
	register(a, endpoint{
		method: http.MethodPost, path: "/nks/clusters/create/", id: "create-cluster", summary: "Create a cluster", tag: tag,
		status: http.StatusCreated,
	}, a.createCluster)
	register(a, endpoint{
		method: http.MethodDelete, path: "/nks/clusters/{cluster_name}/", id: "delete-cluster", summary: "Delete a cluster", tag: tag,
	}, without(a, func(ctx context.Context, client *nhncloud.Client, in *clusterInput) error {
		return operations.DeleteCluster(ctx, client, in.ClusterName)
	}))
}

func (a *API) createCluster(ctx context.Context, in *clusterCreateInput) (*body[operations.CreatedClusterAnswer], error) {
	client, err := a.clientWithTenant(ctx, in)
	if err != nil {
		return nil, err
	}
	created, err := operations.CreateCluster(ctx, client, in.Body)
	if err != nil {
		return nil, err
	}
	return &body[operations.CreatedClusterAnswer]{created}, nil
}

// clientWithTenant returns the client of who sent the headers, and finds the tenant
// out where they don't say it.
func (a *API) clientWithTenant(ctx context.Context, headers caller) (*nhncloud.Client, error) {
	client, err := a.client(headers)
	if err != nil || client.Config().TenantID != "" {
		return client, err
	}
	tenant, err := operations.FindTenant(ctx, client)
	if err != nil {
		return nil, err
	}
	_, who := headers.caller()
	who.Region, who.TenantID = client.Config().Region, tenant
	return a.cloud.Client(who)
}

package kinds

import (
	"context"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
	"github.com/nhncloud-go/nhncloud/nks"
)

// Cluster names the cluster to delete.
type Cluster struct {
	ClusterName string `json:"cluster_name"` // or its uuid
}

// createCluster creates a cluster. It has no place for the id of the task, so that
// its name has to do: no cluster had it before the first request was sent.
func createCluster(ctx context.Context, j *job) (any, error) {
	var request operations.ClusterCreateRequest
	if err := j.Input(&request); err != nil {
		return nil, err
	}
	clusters := nks.New(j.client).Clusters
	find := func(ctx context.Context) (string, error) {
		for cluster, err := range clusters.All(ctx) {
			if err != nil {
				return "", err
			}
			if cluster.Name == request.ClusterName {
				return cluster.UUID, nil
			}
		}
		return "", nil
	}
	if !j.Sent() && j.Resource() == "" {
		uuid, err := find(ctx)
		if err != nil {
			return nil, err
		}
		if uuid != "" {
			return nil, operations.Taken("cluster_name", request.ClusterName)
		}
	}
	uuid, err := j.once(ctx, find, func(ctx context.Context) (string, error) {
		created, err := operations.CreateCluster(ctx, j.client, request)
		if err != nil {
			return "", err
		}
		return created.Cluster.UUID, nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := clusters.WaitForComplete(ctx, uuid, j.wait(ctx, "cluster "+request.ClusterName)); err != nil {
		return nil, err
	}
	return operations.GetCluster(ctx, j.client, uuid)
}

func deleteCluster(ctx context.Context, j *job) (any, error) {
	var given Cluster
	if err := j.Input(&given); err != nil {
		return nil, err
	}
	clusters := nks.New(j.client).Clusters
	uuid := j.Resource()
	if uuid == "" {
		// Another cluster may get the name as soon as this one is gone.
		cluster, err := clusters.Get(ctx, given.ClusterName)
		if err != nil {
			return nil, err
		}
		uuid = cluster.UUID
	}
	if err := j.remove(ctx, uuid, func(ctx context.Context) error { return operations.DeleteCluster(ctx, j.client, uuid) }); err != nil {
		return nil, err
	}
	if err := clusters.WaitForDeletion(ctx, uuid, j.wait(ctx, "cluster "+given.ClusterName)); err != nil {
		return nil, err
	}
	return deleted{uuid}, nil
}

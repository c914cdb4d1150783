package operations

import (
	"context"
	"errors"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks"
)

// Cluster is a Kubernetes cluster in a list.
type Cluster struct {
	UUID      string `json:"uuid"`
	Name      string `json:"name"`
	Status    string `json:"status" example:"CREATE_COMPLETE"`
	NodeCount int    `json:"node_count"`
}

// Clusters is a list of Kubernetes clusters.
type Clusters struct {
	Clusters []Cluster `json:"clusters" nullable:"false"`
}

// ClusterDetail is a cluster with what a list does not tell.
type ClusterDetail struct {
	Cluster
	StatusReason      string    `json:"status_reason" doc:"why it failed, where it did"`
	HealthStatus      string    `json:"health_status" example:"HEALTHY"`
	APIAddress        string    `json:"api_address" doc:"URL of the Kubernetes API"`
	KubernetesVersion string    `json:"kubernetes_version" example:"v1.28.3"`
	InstanceType      string    `json:"instance_type" doc:"id of the flavor of its nodes"`
	KeyPairName       string    `json:"keypair_name"`
	VPCID             string    `json:"vpc_id"`
	SubnetID          string    `json:"subnet_id"`
	CreatedAt         time.Time `json:"created_at"`
	UpdatedAt         time.Time `json:"updated_at"`
}

// ClusterAnswer is one cluster.
type ClusterAnswer struct {
	Cluster ClusterDetail `json:"cluster"`
}

// ClusterConfig has the kubeconfig of a cluster.
type ClusterConfig struct {
	Config string `json:"config" doc:"the kubeconfig, in YAML"`
}

// ClusterCreateRequest describes a cluster to create.
type ClusterCreateRequest struct {
	ClusterName       string `json:"cluster_name" minLength:"1" example:"my-k8s-cluster"`
	VPCID             string `json:"vpc_id" minLength:"1"`
	SubnetID          string `json:"subnet_id" minLength:"1"`
	InstanceType      string `json:"instance_type" minLength:"1" example:"m2.c4m8" doc:"name or id of a flavor"`
	KeyPairName       string `json:"keypair_name" minLength:"1" example:"my-keypair"`
	KubernetesVersion string `json:"kubernetes_version" minLength:"1" example:"v1.28.3"`
	AvailabilityZone  string `json:"availability_zone" minLength:"1" example:"kr-pub-a"`
	IsPublic          *bool  `json:"is_public,omitempty" default:"true" doc:"whether the Kubernetes API has a public name"`
	ExternalNetworkID string `json:"external_network_id,omitempty" doc:"required where the cluster is public"`
	ExternalSubnetID  string `json:"external_subnet_id,omitempty" doc:"required where the cluster is public"`
	NodeCount         int    `json:"node_count,omitempty" minimum:"1" default:"1"`
	BootVolumeSize    int    `json:"boot_volume_size,omitempty" minimum:"1" default:"50" doc:"GB"`
	BootVolumeType    string `json:"boot_volume_type,omitempty" default:"General SSD"`
}

// CreatedCluster is a cluster that was begun to be created.
type CreatedCluster struct {
	UUID string `json:"uuid"`
	Name string `json:"name"`
}

// CreatedClusterAnswer is what the creation of a cluster answers.
type CreatedClusterAnswer struct {
	Cluster CreatedCluster `json:"cluster"`
}

// ListClusters returns all clusters.
func ListClusters(ctx context.Context, client *nhncloud.Client) (*Clusters, error) {
	clusters, err := listed(nks.New(client).Clusters.All(ctx), clusterOf)
	if err != nil {
		return nil, err
	}
	return &Clusters{clusters}, nil
}

// GetCluster returns a cluster.
func GetCluster(ctx context.Context, client *nhncloud.Client, name string) (*ClusterAnswer, error) {
	cluster, err := nks.New(client).Clusters.Get(ctx, name)
	if err != nil {
		return nil, err
	}
	return &ClusterAnswer{ClusterDetail{
		Cluster:           clusterOf(cluster),
		StatusReason:      cluster.StatusReason,
		HealthStatus:      string(cluster.HealthStatus),
		APIAddress:        cluster.APIAddress,
		KubernetesVersion: cluster.Labels.KubeTag,
		InstanceType:      cluster.FlavorID,
		KeyPairName:       cluster.KeyName,
		VPCID:             cluster.FixedNetworkID,
		SubnetID:          cluster.FixedSubnetID,
		CreatedAt:         cluster.CreatedAt,
		UpdatedAt:         cluster.UpdatedAt,
	}}, nil
}

// GetClusterConfig returns the kubeconfig of a cluster.
func GetClusterConfig(ctx context.Context, client *nhncloud.Client, name string) (*ClusterConfig, error) {
	config, err := nks.New(client).Clusters.GetKubeconfig(ctx, name)
	if err != nil {
		return nil, err
	}
	return &ClusterConfig{string(config)}, nil
}

// CreateCluster begins to create a cluster. The service would make a second one of
// the same name, which nobody could name by it any more.
func CreateCluster(ctx context.Context, client *nhncloud.Client, request ClusterCreateRequest) (*CreatedClusterAnswer, error) {
	clusters := nks.New(client).Clusters
	switch _, err := clusters.Get(ctx, request.ClusterName); {
	case err == nil, errors.Is(err, nhncloud.ErrConflict): // there are several
		return nil, Taken("cluster_name", request.ClusterName)
	case !errors.Is(err, nhncloud.ErrNotFound):
		return nil, err
	}
	uuid, err := clusters.CreateSimple(ctx, nks.SimpleCluster{
		Name:              request.ClusterName,
		VPCID:             request.VPCID,
		SubnetID:          request.SubnetID,
		InstanceType:      request.InstanceType,
		KeyName:           request.KeyPairName,
		KubernetesVersion: request.KubernetesVersion,
		AvailabilityZone:  request.AvailabilityZone,
		ExternalNetworkID: request.ExternalNetworkID,
		ExternalSubnetID:  request.ExternalSubnetID,
		IsPublic:          request.IsPublic,
		NodeCount:         request.NodeCount,
		BootVolumeSize:    request.BootVolumeSize,
		BootVolumeType:    request.BootVolumeType,
	})
	if err != nil {
		return nil, err
	}
	return &CreatedClusterAnswer{CreatedCluster{UUID: uuid, Name: request.ClusterName}}, nil
}

// DeleteCluster begins to delete a cluster.
func DeleteCluster(ctx context.Context, client *nhncloud.Client, name string) error {
	return nks.New(client).Clusters.Delete(ctx, name)
}

func clusterOf(cluster *nks.Cluster) Cluster {
	return Cluster{UUID: cluster.UUID, Name: cluster.Name, Status: string(cluster.Status), NodeCount: cluster.NodeCount}
}

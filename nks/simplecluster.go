package nks

import (
	"cmp"
	"context"

	"github.com/nhncloud-go/nhncloud"
)

// What a [SimpleCluster] has that does not say otherwise.
const (
	DefaultBootVolumeSize = 50 // GB
	DefaultBootVolumeType = "General SSD"
)

// SimpleCluster describes a cluster by what has to be decided about it. All fields
// but the last five are required, and the external network where it is public.
type SimpleCluster struct {
	Name              string
	VPCID             string
	SubnetID          string // for the nodes
	InstanceType      string // name or id of the nodes' flavor, such as "m2.c4m8"
	KeyName           string // key pair for the nodes
	KubernetesVersion string // such as "v1.32.3"; [SupportsService.Get] has them all
	AvailabilityZone  string // such as "kr-pub-a"

	// ExternalNetworkID and ExternalSubnetID are the VPC and the subnet of the
	// internet gateway that the subnet is routed to.
	ExternalNetworkID, ExternalSubnetID string

	// IsPublic gives the Kubernetes API a public name. nil stands for true.
	IsPublic       *bool
	NodeCount      int    // nodes of the default worker group; 1 where it is 0
	BootVolumeSize int    // GB; [DefaultBootVolumeSize] where it is 0
	BootVolumeType string // [DefaultBootVolumeType] where it is ""
	// NodeImage is the name or id of the base image of the nodes; "" for the newest
	// one that is public and that NKS takes.
	NodeImage string
}

// Request returns the request that creates such a cluster with the flavor and the
// base image.
func (c SimpleCluster) Request(flavorID, imageID string) (ClusterCreateRequest, error) {
	var check nhncloud.ArgumentCheck
	check.Required("flavorID", flavorID)
	check.Required("imageID", imageID)
	c.check(&check)
	if err := check.Err(createCluster); err != nil {
		return ClusterCreateRequest{}, err
	}
	labels := ClusterLabels{
		NodeGroupLabels: NodeGroupLabels{
			AvailabilityZone:  c.AvailabilityZone,
			NodeImage:         imageID,
			KubeTag:           c.KubernetesVersion,
			BootVolumeType:    cmp.Or(c.BootVolumeType, DefaultBootVolumeType),
			BootVolumeSize:    cmp.Or(c.BootVolumeSize, DefaultBootVolumeSize),
			ExternalNetworkID: c.ExternalNetworkID,
		},
		MasterLBFloatingIPEnabled: c.public(),
	}
	if c.ExternalSubnetID != "" {
		labels.ExternalSubnetIDs = []string{c.ExternalSubnetID}
	}
	request := ClusterCreateRequest{
		Name:           c.Name,
		KeyName:        c.KeyName,
		FlavorID:       flavorID,
		FixedNetworkID: c.VPCID,
		FixedSubnetID:  c.SubnetID,
		NodeCount:      cmp.Or(c.NodeCount, 1),
		Labels:         labels,
	}
	return request, nil
}

func (c *SimpleCluster) public() bool { return c.IsPublic == nil || *c.IsPublic }

func (c *SimpleCluster) check(check *nhncloud.ArgumentCheck) {
	check.Required("Name", c.Name)
	check.Required("VPCID", c.VPCID)
	check.Required("SubnetID", c.SubnetID)
	check.Required("InstanceType", c.InstanceType)
	check.Required("KeyName", c.KeyName)
	check.Required("KubernetesVersion", c.KubernetesVersion)
	check.Required("AvailabilityZone", c.AvailabilityZone)
	if c.public() || c.ExternalNetworkID != "" || c.ExternalSubnetID != "" {
		check.Required("ExternalNetworkID", c.ExternalNetworkID)
		check.Required("ExternalSubnetID", c.ExternalSubnetID)
	}
	check.RefuseIf(c.NodeCount < 0, "NodeCount", "must not be negative")
	check.RefuseIf(c.BootVolumeSize < 0, "BootVolumeSize", "must not be negative")
}

// CreateSimple looks the flavor and the base image up, begins to create the
// cluster, and returns its UUID. A flavor or an image that does not exist is an
// [nhncloud.ErrNotFound]. It is repeated as [ClustersService.Create] is, unless
// [nhncloud.NoRetry] forbids it.
func (s *ClustersService) CreateSimple(ctx context.Context, cluster SimpleCluster) (uuid string, err error) {
	var check nhncloud.ArgumentCheck
	cluster.check(&check)
	if err := check.Err(createCluster); err != nil {
		return "", err
	}
	flavorID, err := findFlavor(ctx, s.client, cluster.InstanceType)
	if err != nil {
		return "", err
	}
	imageID, err := findNodeImage(ctx, s.client, cluster.NodeImage)
	if err != nil {
		return "", err
	}
	request, err := cluster.Request(flavorID, imageID)
	if err != nil {
		return "", err
	}
	return s.Create(ctx, request)
}

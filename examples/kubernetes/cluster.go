package main

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nks"
)

// choose picks the last version but one of Kubernetes, which can be upgraded to the
// last one, and the smallest flavor that has two vCPUs and boots from a volume. The
// image of the nodes is looked up when the cluster is created.
func (b *builder) choose(ctx context.Context) (cluster nks.SimpleCluster, upgraded string, err error) {
	supports, err := b.nks.Supports.Get(ctx)
	if err != nil {
		return cluster, "", err
	}
	versions := supports.Versions()
	if len(versions) < 2 {
		return cluster, "", errors.New("there is no version of Kubernetes to upgrade from")
	}
	flavors, err := nhncloud.Collect(b.compute.Flavors.All(ctx, nil))
	if err != nil {
		return cluster, "", err
	}
	flavors = slices.DeleteFunc(flavors, func(f *compute.Flavor) bool { return f.HasLocalDisk() || f.Disabled || f.VCPUs < 2 })
	zones, err := b.compute.Zones.List(ctx)
	if err != nil {
		return cluster, "", err
	}
	if len(flavors) == 0 || len(zones) == 0 {
		return cluster, "", errors.New("there is no flavor or no availability zone for nodes")
	}
	version, flavor := versions[len(versions)-2], slices.MinFunc(flavors, func(f, g *compute.Flavor) int { return cmp.Compare(f.RAM, g.RAM) })
	b.Say("Chose Kubernetes %s and flavor %s (%d vCPUs, %d MB).", version, flavor.Name, flavor.VCPUs, flavor.RAM)
	return nks.SimpleCluster{
		Name: b.name, KeyName: b.name, InstanceType: flavor.Name, KubernetesVersion: version, AvailabilityZone: zones[0].Name,
	}, versions[len(versions)-1], nil
}

func (b *builder) createKeyPair(ctx context.Context) error {
	making := b.Making(ctx, "key pair "+b.name)
	pair, err := b.keypairs.Create(making.Context, b.name)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("key pair "+pair.Name, func(ctx context.Context) error { return b.keypairs.Delete(ctx, pair.Name) })
	b.Say("Made key pair %s.", pair.Name)
	return nil
}

// createCluster makes the cluster and waits for it.
func (b *builder) createCluster(ctx context.Context, simple nks.SimpleCluster) (*nks.Cluster, error) {
	making := b.Making(ctx, "cluster "+b.name)
	uuid, err := b.nks.Clusters.CreateSimple(making.Context, simple)
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("cluster "+uuid, func(ctx context.Context) error { return b.deleteCluster(ctx, uuid) })
	b.Say("Creating cluster %s.", simple.Name)
	cluster, err := b.nks.Clusters.WaitForComplete(ctx, uuid, b.Progress())
	if err != nil {
		return nil, err
	}
	b.Say("The cluster has %d node(s), and its API is at %s.", cluster.NodeCount, cluster.APIAddress)
	return cluster, nil
}

// deleteCluster deletes the cluster with all of its node groups. Where something is
// still being done to it, that has to end first, however it does.
func (b *builder) deleteCluster(ctx context.Context, uuid string) error {
	clusters := b.nks.Clusters
	err := clusters.Delete(ctx, uuid)
	if errors.Is(err, nhncloud.ErrConflict) {
		if _, err := clusters.WaitForComplete(ctx, uuid, b.Progress()); err != nil && !errors.Is(err, nhncloud.ErrFailedState) {
			return err
		}
		err = clusters.Delete(ctx, uuid)
	}
	if err != nil {
		return err
	}
	return clusters.WaitForDeletion(ctx, uuid, nil) // its nodes are in the subnet until then
}

// addNodeGroup adds a group of one node like those that there are, and makes that
// two. It goes with the cluster.
func (b *builder) addNodeGroup(ctx context.Context, cluster *nks.Cluster) error {
	group, err := b.nks.NodeGroups.Create(ctx, cluster.UUID, nks.NodeGroupCreateRequest{
		Name: "more", FlavorID: cluster.FlavorID, ImageID: cluster.Labels.NodeImage, NodeCount: 1,
		Labels: nks.NodeGroupLabels{
			AvailabilityZone: cluster.Labels.AvailabilityZone, BootVolumeType: nks.DefaultBootVolumeType, BootVolumeSize: nks.DefaultBootVolumeSize,
		},
	})
	if err != nil {
		return err
	}
	b.Say("Adding node group %s.", group.Name)
	if err := b.settle(ctx, cluster.UUID); err != nil {
		return err
	}
	if _, err := b.nks.Clusters.Resize(ctx, cluster.UUID, nks.ResizeRequest{NodeGroup: group.UUID, NodeCount: 2}); err != nil {
		return err
	}
	b.Say("Scaling it to 2 nodes.")
	return b.settle(ctx, cluster.UUID)
}

// settle waits until nothing is done to the cluster, or one of its node groups.
func (b *builder) settle(ctx context.Context, cluster string) error {
	_, err := b.nks.Clusters.WaitForComplete(ctx, cluster, b.Progress())
	return err
}

// upgrade gives the control plane and then one node group after the other another
// version of Kubernetes.
func (b *builder) upgrade(ctx context.Context, cluster *nks.Cluster, version string) error {
	return b.nks.Clusters.Upgrade(ctx, cluster.UUID, version, &nks.UpgradeOptions{
		Wait:     b.Progress(),
		Progress: func(p nks.UpgradeProgress) { b.Say("Upgrade of %s to %s: %s.", p.NodeGroup, version, p.Stage) },
	})
}

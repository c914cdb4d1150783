package main

import (
	"context"

	"github.com/nhncloud-go/nhncloud/nks"
)

// upgrade gives the control plane and then one node group after the other the next
// version of Kubernetes.
func (b *builder) upgrade(ctx context.Context, cluster *nks.Cluster, version string) error {
	groups, err := b.nks.NodeGroups.List(ctx, cluster.UUID)
	if err != nil {
		return err
	}
	names := []string{nks.ControlPlane}
	for _, group := range groups {
		if group.Name != nks.ControlPlane {
			names = append(names, group.Name)
		}
	}
	for _, name := range names {
		if _, err := b.nks.NodeGroups.Upgrade(ctx, cluster.UUID, name, nks.NodeGroupUpgradeRequest{Version: version}); err != nil {
			return err
		}
		b.Say("Upgrading %s to %s.", name, version)
		if err := b.settle(ctx, cluster.UUID); err != nil {
			return err
		}
	}
	return nil
}

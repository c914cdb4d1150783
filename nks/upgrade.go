package nks

import (
	"context"
	"errors"

	"github.com/nhncloud-go/nhncloud"
)

// UpgradeOptions changes how a cluster is upgraded. A nil pointer stands for the
// zero value.
type UpgradeOptions struct {
	NumBufferNodes         *int // nodes that each worker group gets meanwhile; 1 where it is nil
	NumMaxUnavailableNodes *int // nodes of a group that are upgraded at a time; 1 where it is nil
	// ControlPlaneOnly leaves the worker groups as they are, for those who replace
	// them by new ones.
	ControlPlaneOnly bool
	// Wait changes how it waits between the steps.
	Wait *nhncloud.WaitOptions
	// Progress is called before and after each step, from the goroutine of the call.
	Progress func(UpgradeProgress)
}

// UpgradeProgress tells about one step of an upgrade.
type UpgradeProgress struct {
	NodeGroup string // name; [ControlPlane] is the first
	Stage     UpgradeStage
	Version   string // that the node group had before; "" where it is not told
}

// UpgradeStage is how far the upgrade of a node group got.
type UpgradeStage string

// The stages of the upgrade of a node group.
const (
	UpgradeBegun   UpgradeStage = "begun"
	UpgradeDone    UpgradeStage = "done"
	UpgradeSkipped UpgradeStage = "skipped" // it had the version already
)

// Upgrade gives a cluster another Kubernetes version: first its control plane, then
// one worker group after the other. It returns when all is done, which takes some
// ten minutes for the control plane and more for many nodes.
//
// Versions that [SupportsService.Get] does not offer, older ones, and those that are
// more than one minor version ahead are refused before anything is changed.
//
// A call that ended early, because its context did, its program crashed, or the
// service failed, is repeated with the same arguments: it waits for what is being
// done to the cluster, looks which node groups have the version, and goes on with
// the others. A cluster or a node group that failed is an
// [nhncloud.ErrFailedState], until it is repaired.
//
// The service may not let the user read the node group of the control plane. Then
// the cluster tells how far it is.
func (s *ClustersService) Upgrade(ctx context.Context, cluster, version string, options *UpgradeOptions) error {
	u := &upgrade{clusters: s, groups: &NodeGroupsService{s.client}, cluster: cluster, version: version}
	if options != nil {
		u.UpgradeOptions = *options
	}
	if err := u.checkArguments(); err != nil {
		return err
	}
	before, err := s.WaitForComplete(ctx, cluster, u.Wait) // what an earlier call began, too
	if err != nil {
		return err
	}
	master, err := u.masterOf(ctx, before)
	if err != nil {
		return err
	}
	workers, err := u.workers(ctx)
	if err != nil {
		return err
	}
	if err := u.checkVersions(ctx, master, workers); err != nil {
		return err
	}
	if err := u.upgrade(ctx, master); err != nil || u.ControlPlaneOnly {
		return err
	}
	for _, worker := range workers {
		if err := u.upgrade(ctx, worker); err != nil {
			return err
		}
	}
	return nil
}

// upgrade is an upgrade of a cluster under way.
type upgrade struct {
	UpgradeOptions

	clusters         *ClustersService
	groups           *NodeGroupsService
	cluster, version string
}

func (u *upgrade) checkArguments() error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(parseVersion(u.version) == nil, "version", "must be a Kubernetes version, such as v1.32.3")
	checkCounts(&check, u.NumBufferNodes, u.NumMaxUnavailableNodes)
	return check.Err(upgradeNodeGroup)
}

// checkVersions refuses a version that the cluster can't get.
func (u *upgrade) checkVersions(ctx context.Context, master *member, workers []*member) error {
	if master.version == u.version {
		return nil // it could, and what is missing follows
	}
	supports, err := (&SupportsService{u.clusters.client}).Get(ctx)
	if err != nil {
		return err
	}
	var check nhncloud.ArgumentCheck
	check.RefuseIf(!supports.Kubernetes[u.version], "version", "is not offered")
	if current := parseVersion(master.version); current != nil {
		minors, ok := current.minorsTo(parseVersion(u.version))
		check.RefuseIf(!ok, "version", "must not be older than that of the control plane, which is "+master.version)
		check.RefuseIf(ok && minors > 1, "version", "must not be more than one minor version ahead of that of the control plane, which is "+master.version)
	}
	if err := check.Err(upgradeNodeGroup); err != nil {
		return err
	}
	for _, worker := range workers {
		if worker.version != "" && master.version != "" && worker.version != master.version {
			return &nhncloud.Error{
				Operation: upgradeNodeGroup,
				Message:   "node group " + worker.name + " has " + worker.version + ": it must be upgraded to " + master.version + " of the control plane first",
				Err:       nhncloud.ErrConflict,
			}
		}
	}
	return nil
}

// has reports whether a node group has the version, or a later one.
func (u *upgrade) has(m *member) bool {
	return parseVersion(m.version).reaches(parseVersion(u.version))
}

// upgrade upgrades one node group, unless it is.
func (u *upgrade) upgrade(ctx context.Context, m *member) error {
	if m.name != ControlPlane { // the control plane was looked at just now
		if _, err := u.clusters.WaitForComplete(ctx, u.cluster, u.Wait); err != nil {
			return err
		}
	}
	if u.has(m) {
		u.tell(m, UpgradeSkipped)
		return nil
	}
	request := NodeGroupUpgradeRequest{Version: u.version}
	if m.name != ControlPlane {
		request.NumBufferNodes, request.NumMaxUnavailableNodes = u.NumBufferNodes, u.NumMaxUnavailableNodes
	}
	_, err := u.groups.Upgrade(ctx, u.cluster, m.name, request)
	if err != nil && !errors.Is(err, nhncloud.ErrConflict) {
		return err
	}
	// A conflict may be this very upgrade, which an earlier call asked for.
	u.tell(m, UpgradeBegun)
	if err := u.wait(ctx, m, err); err != nil {
		return err
	}
	u.tell(m, UpgradeDone)
	return nil
}

func (u *upgrade) tell(m *member, stage UpgradeStage) {
	if u.Progress != nil {
		u.Progress(UpgradeProgress{NodeGroup: m.name, Stage: stage, Version: m.version})
	}
}

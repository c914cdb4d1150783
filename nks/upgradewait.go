package nks

import (
	"context"
	"errors"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// member is a node group as an upgrade sees it.
type member struct {
	seen
	name    string
	version string // Kubernetes version; "" where it is not told
}

// master looks at the control plane.
func (u *upgrade) master(ctx context.Context, _ string) (*member, error) {
	cluster, err := u.clusters.Get(ctx, u.cluster)
	if err != nil {
		return nil, err
	}
	return u.masterOf(ctx, cluster)
}

// masterOf is the control plane of a cluster. Each of those that tell its version
// may still tell an older one after an upgrade, and its node group may be kept from
// the user.
func (u *upgrade) masterOf(ctx context.Context, cluster *Cluster) (*member, error) {
	m := &member{
		seen:    seen{cluster.Status, cluster.StatusReason, cluster.UUID, func(*Event) bool { return true }},
		name:    ControlPlane,
		version: newest(cluster.Labels.KubeTag, cluster.COEVersion),
	}
	group, err := u.groups.Get(ctx, u.cluster, ControlPlane)
	switch {
	case err == nil:
		m.version = newest(m.version, group.Version, group.Labels.KubeTag)
	case !errors.Is(err, nhncloud.ErrForbidden) && !errors.Is(err, nhncloud.ErrNotFound):
		return nil, err
	}
	return m, nil
}

// worker looks at a worker group.
func (u *upgrade) worker(ctx context.Context, name string) (*member, error) {
	group, err := u.groups.Get(ctx, u.cluster, name)
	if err != nil {
		return nil, err
	}
	return &member{
		seen:    seen{group.Status, group.StatusReason, group.ClusterID, func(event *Event) bool { return event.ResourceUUID == group.UUID }},
		name:    group.Name,
		version: newest(group.Version, group.Labels.KubeTag),
	}, nil
}

// workers looks at all worker groups.
func (u *upgrade) workers(ctx context.Context) ([]*member, error) {
	var workers []*member
	for group, err := range u.groups.All(ctx, u.cluster) {
		if err != nil {
			return nil, err
		}
		if group.Name == ControlPlane || group.Role == "master" {
			continue
		}
		worker, err := u.worker(ctx, group.Name)
		if err != nil {
			return nil, err
		}
		workers = append(workers, worker)
	}
	return workers, nil
}

// conflictGrace is how long a node group may seem to be idle that the service says
// something is being done to.
const conflictGrace = time.Minute

// wait waits until a node group is upgraded. Where the service refused that because
// something is being done, it is to be seen whether that is this upgrade.
func (u *upgrade) wait(ctx context.Context, m *member, conflict error) error {
	look := u.worker
	if m.name == ControlPlane {
		look = u.master
	}
	begin, busy := time.Now(), false
	w := waiter(ctx, u.clusters.client, upgradeNodeGroup, "node group", m.name, look, func(m *member) seen { return m.seen })
	last, err := w.Wait(ctx, u.Wait, func(now *member) nhncloud.WaitStatus {
		var s nhncloud.WaitStatus
		switch now.status.stage() {
		case failed, StatusDeleteInProgress, StatusDeleteComplete, StatusDeleteFailed:
			s.Failed = "node group " + m.name + " was not upgraded to " + u.version
		case complete:
			s.Done = u.has(now) || busy || conflict != nil && time.Since(begin) >= conflictGrace
		}
		busy = busy || now.status.InProgress()
		return s
	})
	if err == nil && conflict != nil && !u.has(last) {
		return conflict
	}
	return err
}

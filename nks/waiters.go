package nks

import (
	"cmp"
	"context"
	"iter"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// seen is what a waiter makes of what it looks at.
type seen struct {
	status      Status
	reason      string
	clusterUUID string
	concerns    func(*Event) bool // tells the events that may say why it failed
}

// stage is how far what is being done got, whatever it is. A deletion has stages
// of its own, since nothing comes after it.
func (s Status) stage() Status {
	switch {
	case strings.HasPrefix(string(s), "DELETE_"):
		return s
	case s.Complete():
		return complete
	case s.Failed():
		return failed
	}
	return s
}

// waiter waits for something that has a [Status], and asks the events why it
// failed.
func waiter[T any](ctx context.Context, client *nhncloud.Client, operation, resource, name string, look func(ctx context.Context, name string) (T, error), see func(T) seen) nhncloud.Waiter[T, Status] {
	return nhncloud.Waiter[T, Status]{
		Operation:      operation,
		Resource:       resource,
		ID:             name,
		Look:           look,
		Status:         func(it T) Status { return see(it).status },
		Canonical:      Status.stage,
		Busy:           func(it T) bool { return see(it).status.InProgress() },
		Reason:         func(it T) string { return see(it).why(ctx, &EventsService{client}) },
		Failed:         []Status{failed},
		Deleting:       []Status{StatusDeleteInProgress},
		Deleted:        []Status{StatusDeleteComplete},
		DeletionFailed: []Status{StatusDeleteFailed},
	}
}

// why is what the service says of a failure: the reason beside the status, and
// what the event says that ended last.
func (s seen) why(ctx context.Context, events *EventsService) string {
	if !s.status.Failed() {
		return ""
	}
	event := s.lastEvent(ctx, events)
	if event == nil || event.State != EventFail {
		return s.reason
	}
	text := event.Type + " of " + event.ResourceName + " failed"
	if event.Contents != "" {
		text += ": " + event.Contents
	}
	if s.reason == "" || s.reason == event.Contents {
		return text
	}
	return s.reason + "; " + text
}

// lastEvent returns the youngest event that concerns it and ended, or nil. The
// error that it goes into is one already, so that a listing that fails says
// nothing.
func (s seen) lastEvent(ctx context.Context, events *EventsService) (last *Event) {
	if s.clusterUUID == "" {
		return nil
	}
	for event, err := range events.All(ctx, s.clusterUUID) {
		switch {
		case err != nil:
			return last
		case event.State == EventInProgress || !s.concerns(event):
		case last == nil || cmp.Or(event.CreatedAt.Compare(last.CreatedAt), cmp.Compare(event.ID, last.ID)) > 0:
			last = event
		}
	}
	return last
}

func (s *ClustersService) waiter(ctx context.Context, cluster string) nhncloud.Waiter[*Cluster, Status] {
	return waiter(ctx, s.client, getCluster, "cluster", cluster, s.Get, func(c *Cluster) seen {
		return seen{c.Status, c.StatusReason, c.UUID, func(*Event) bool { return true }}
	})
}

// WaitForComplete waits until what is being done to a cluster is done and returns
// the cluster. It ends with an [nhncloud.ErrFailedState] when that failed, or the
// cluster is deleted, instead; the error has the reason that the service gives, and
// what the last event says where that failed.
//
// A new cluster takes about ten minutes, and up to an hour; so long should the
// context live.
func (s *ClustersService) WaitForComplete(ctx context.Context, cluster string, options *nhncloud.WaitOptions) (*Cluster, error) {
	return s.waiter(ctx, cluster).Until(ctx, options, complete)
}

// WaitForDeletion waits until a cluster is not found any more. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed.
func (s *ClustersService) WaitForDeletion(ctx context.Context, cluster string, options *nhncloud.WaitOptions) error {
	return s.waiter(ctx, cluster).UntilGone(ctx, options)
}

func (s *NodeGroupsService) waiter(ctx context.Context, cluster, nodeGroup string) nhncloud.Waiter[*NodeGroup, Status] {
	look := func(ctx context.Context, nodeGroup string) (*NodeGroup, error) { return s.Get(ctx, cluster, nodeGroup) }
	return waiter(ctx, s.client, getNodeGroup, "node group", nodeGroup, look, func(g *NodeGroup) seen {
		return seen{g.Status, g.StatusReason, g.ClusterID, func(event *Event) bool { return event.ResourceUUID == g.UUID }}
	})
}

// WaitForComplete waits until what is being done to a node group is done and
// returns the group. It ends with an [nhncloud.ErrFailedState] when that failed, as
// [ClustersService.WaitForComplete] does.
func (s *NodeGroupsService) WaitForComplete(ctx context.Context, cluster, nodeGroup string, options *nhncloud.WaitOptions) (*NodeGroup, error) {
	return s.waiter(ctx, cluster, nodeGroup).Until(ctx, options, complete)
}

// WaitForDeletion waits until a node group is not found any more. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed. A cluster that is not found
// has no node groups any more either.
func (s *NodeGroupsService) WaitForDeletion(ctx context.Context, cluster, nodeGroup string, options *nhncloud.WaitOptions) error {
	return s.waiter(ctx, cluster, nodeGroup).UntilGone(ctx, options)
}

// group waits for many node groups of a cluster with one listing a look. That has
// less of a group than a look at it, and perhaps only groups of workers.
func (s *NodeGroupsService) group(ctx context.Context, cluster string) nhncloud.GroupWaiter[*NodeGroup, Status] {
	return nhncloud.GroupWaiter[*NodeGroup, Status]{
		Waiter: func(nodeGroup string) nhncloud.Waiter[*NodeGroup, Status] { return s.waiter(ctx, cluster, nodeGroup) },
		List:   func(ctx context.Context) iter.Seq2[*NodeGroup, error] { return s.All(ctx, cluster) },
		Keys:   func(g *NodeGroup) []string { return []string{g.UUID, g.Name} },
		Brief:  true,
	}
}

// WaitForCompleteAll is [NodeGroupsService.WaitForComplete] for many node groups
// of a cluster, by UUID or name, with one listing a look, and a request for each
// group in the end. It returns a result for each, in their order, beside an error
// that joins theirs. A group that failed does not end the wait for the others. See
// [nhncloud.GroupWaiter].
func (s *NodeGroupsService) WaitForCompleteAll(ctx context.Context, cluster string, nodeGroups []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*NodeGroup], error) {
	if err := nhncloud.CheckID(getNodeGroup, "cluster", cluster); err != nil {
		return nil, err
	}
	return s.group(ctx, cluster).Until(ctx, options, nodeGroups, complete)
}

// WaitForDeletionAll is [NodeGroupsService.WaitForDeletion] for many node groups
// of a cluster, as [NodeGroupsService.WaitForCompleteAll] is. A cluster that is not
// found has no node groups any more either.
func (s *NodeGroupsService) WaitForDeletionAll(ctx context.Context, cluster string, nodeGroups []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*NodeGroup], error) {
	if err := nhncloud.CheckID(getNodeGroup, "cluster", cluster); err != nil {
		return nil, err
	}
	return s.group(ctx, cluster).UntilGone(ctx, options, nodeGroups)
}

func (s *AddonsService) waiter(ctx context.Context, cluster, addon string) nhncloud.Waiter[*ClusterAddon, Status] {
	look := func(ctx context.Context, addon string) (*ClusterAddon, error) {
		return s.GetInstalled(ctx, cluster, addon)
	}
	return waiter(ctx, s.client, getClusterAddon, "add-on", addon, look, func(a *ClusterAddon) seen {
		return seen{a.Status, a.StatusReason, a.ClusterUUID, func(event *Event) bool { return strings.HasSuffix(event.Type, "_ADDON") }}
	})
}

// WaitForComplete waits until what is being done to an add-on of a cluster is done
// and returns the add-on. It ends with an [nhncloud.ErrFailedState] when that
// failed, as [ClustersService.WaitForComplete] does. One that was just installed
// may be an [nhncloud.ErrNotFound] for a moment, which ends it.
func (s *AddonsService) WaitForComplete(ctx context.Context, cluster, addon string, options *nhncloud.WaitOptions) (*ClusterAddon, error) {
	return s.waiter(ctx, cluster, addon).Until(ctx, options, complete)
}

// WaitForRemoval waits until an add-on of a cluster is not found any more. It ends
// with an [nhncloud.ErrFailedState] when the removal failed.
func (s *AddonsService) WaitForRemoval(ctx context.Context, cluster, addon string, options *nhncloud.WaitOptions) error {
	return s.waiter(ctx, cluster, addon).UntilGone(ctx, options)
}

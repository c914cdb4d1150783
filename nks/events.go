package nks

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// EventsService calls the operations on the events of clusters: what was done to
// them and how it ended. They take the UUID of a cluster, not its name.
type EventsService struct{ client *nhncloud.Client }

// Event is something that was done, or happened, to a cluster or a node group.
type Event struct {
	UUID         string     `json:"uuid" wire:"required"`
	ID           int        `json:"id"`   // a number beside the UUID, which no call takes
	Type         string     `json:"type"` // such as "CLUSTER_CREATE"; [Supports] has them all
	State        EventState `json:"state"`
	Contents     string     `json:"contents"`      // how far it got, or why it failed; "" after a success
	Details      string     `json:"details"`       // what was asked for
	ResourceType string     `json:"resource_type"` // "cluster" or "nodegroup"
	ResourceUUID string     `json:"resource_uuid"`
	ResourceName string     `json:"resource_name"`
	ClusterUUID  string     `json:"cluster_uuid"`
	ClusterName  string     `json:"cluster_name"`
	ProjectID    string     `json:"project_id"`
	CreatedAt    time.Time  `json:"created_at"` // when it began
	UpdatedAt    time.Time  `json:"updated_at"` // when it ended
}

// EventState is how an event ended. It is an open type.
type EventState string

// The states of an event.
const (
	EventSuccess    EventState = "SUCCESS"
	EventFail       EventState = "FAIL"
	EventInProgress EventState = "IN_PROGRESS"
)

const listEvents = "nks-list-cluster-events"

// List returns the events of a cluster.
//
// API: GET /v1/clusters/{CLUSTER_UUID}/events (nks-list-cluster-events; Container-Kubernetes en/public-api.md)
func (s *EventsService) List(ctx context.Context, clusterUUID string) ([]*Event, error) {
	return linked.Listed(s.page(ctx, clusterUUID, nil))
}

// All is [EventsService.List] as an iterator. It follows the link to the next
// page, which the guide does not know but a service may have.
func (s *EventsService) All(ctx context.Context, clusterUUID string) iter.Seq2[*Event, error] {
	return linked.All(listEvents, func(next url.Values) (*linked.Page[Event], error) { return s.page(ctx, clusterUUID, next) })
}

func (s *EventsService) page(ctx context.Context, clusterUUID string, next url.Values) (*linked.Page[Event], error) {
	fetched, err := nhncloud.Fetch[struct {
		Items []*Event `json:"events"`
		Next  string   `json:"next"`
	}](ctx, s.client, nhncloud.Request{
		Operation: listEvents,
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_UUID}/events",
		Args:      []string{clusterUUID},
		Query:     next,
	})
	return (*linked.NextPage[Event])(fetched).Linked(), err
}

// Get returns an event of a cluster.
//
// API: GET /v1/clusters/{CLUSTER_UUID}/events/{EVENT_UUID} (nks-get-cluster-event; Container-Kubernetes en/public-api.md)
func (s *EventsService) Get(ctx context.Context, clusterUUID, eventUUID string) (*Event, error) {
	return nhncloud.Fetch[Event](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-cluster-event",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/clusters/{CLUSTER_UUID}/events/{EVENT_UUID}",
		Args:      []string{clusterUUID, eventUUID},
	})
}

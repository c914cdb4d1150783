package nks

import (
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// resource is what an event is about.
type resource struct{ kind, id, name string }

func (cl *cluster) resource() resource  { return resource{"cluster", cl.id, cl.name} }
func (g *nodeGroup) resource() resource { return resource{"nodegroup", g.id, g.name} }

// event tells of a change of a cluster.
type event struct {
	number           int
	id, kind, state  string
	about            resource
	contents         string // what went wrong
	created, updated time.Time
}

// States of an event.
const (
	eventInProgress = "IN_PROGRESS"
	eventSuccess    = "SUCCESS"
	eventFail       = "FAIL"
)

// tell notes that a change has begun.
func (cl *cluster) tell(now time.Time, kind string, about resource) *event {
	e := &event{number: cl.project.service.number(), id: frame.NewID(), kind: kind, state: eventInProgress, about: about, created: now, updated: now}
	cl.events = append(cl.events, e)
	return e
}

// end notes how a change ended.
func (e *event) end(at time.Time, problem string) {
	e.state, e.contents, e.updated = eventSuccess, problem, at
	if problem != "" {
		e.state = eventFail
	}
}

func (cl *cluster) eventBody(e *event) object {
	return object{
		"id": e.number, "uuid": e.id, "project_id": cl.project.place.Tenant, "cluster_uuid": cl.id, "cluster_name": cl.name,
		"resource_uuid": e.about.id, "resource_name": e.about.name, "resource_type": e.about.kind,
		"type": e.kind, "state": e.state, "contents": frame.Nullable(e.contents),
		"created_at": formatTime(e.created), "updated_at": formatTime(e.updated),
	}
}

// clusterByID finds the cluster that the path names by its id, where a name
// will not do.
func (c *call) clusterByID() (*cluster, *frame.Reply) {
	id := c.Value("cluster")
	for _, cl := range c.project.clusters {
		if cl.id == id {
			return cl, nil
		}
	}
	return nil, noCluster(id)
}

func listEvents(c *call) frame.Reply {
	cl, r := c.clusterByID()
	if r != nil {
		return *r
	}
	events := []object{}
	for _, e := range cl.events {
		events = append(events, cl.eventBody(e))
	}
	return frame.Answer(http.StatusOK, object{"events": events})
}

func getEvent(c *call) frame.Reply {
	cl, r := c.clusterByID()
	if r != nil {
		return *r
	}
	id := c.Value("event")
	for _, e := range cl.events {
		if e.id == id {
			return frame.Answer(http.StatusOK, cl.eventBody(e))
		}
	}
	return *refused(http.StatusNotFound, "Event %s could not be found.", id)
}

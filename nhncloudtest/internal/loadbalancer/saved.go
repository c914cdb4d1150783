package loadbalancer

import (
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "load balancers", Roots: map[string]any{"projects": &s.projects}, Anchors: map[string]any{"": s},
		Kinds: []any{
			changed{}, &balancer{}, &listener{}, &pool{}, &member{}, &monitor{}, &policy{}, &rule{}, &errorPage{},
		},
	}
}

// changed ends the change of a tree, with what goes.
type changed struct {
	balancer *balancer
	gone     part // nil where nothing goes
}

// Happen opens the tree for further changes.
func (d changed) Happen(time.Time) {
	d.balancer.status = active
	if d.gone != nil {
		d.gone.leave()
	}
}

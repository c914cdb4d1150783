package loadbalancer

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.identity.Places() {
		p := s.projects[place]
		for _, b := range p.balancers {
			add(place.Item("load balancer", "load balancer").With(b.id, b.name, b.status, b.kind))
		}
		for _, l := range p.listeners {
			add(place.Item("load balancer", "listener").With(l.id, l.name, "", fmt.Sprintf("%s %d", l.protocol, l.port)))
		}
		for _, pl := range p.pools {
			add(place.Item("load balancer", "pool").With(pl.id, pl.name, "", fmt.Sprintf("%d members", len(pl.members))))
		}
	}
}

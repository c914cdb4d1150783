package nks

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.identity.Places() {
		for _, cl := range s.projects[place].clusters {
			add(place.Item("Kubernetes", "cluster").With(cl.id, cl.name, cl.status, cl.version))
			for _, g := range cl.groups {
				add(place.Item("Kubernetes", "node group").With(g.id, g.name, g.status, fmt.Sprintf("%d nodes of %s", g.count, cl.name)))
			}
		}
	}
}

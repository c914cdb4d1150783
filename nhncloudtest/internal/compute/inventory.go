package compute

import (
	"maps"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.Identity.Places() {
		p := s.projects[place]
		for _, v := range p.Servers {
			add(place.Item("compute", "server").With(v.ID, v.Name, v.Status(), v.Flavor.Name))
		}
		for _, g := range p.groups {
			add(place.Item("compute", "server group").With(g.id, g.name, "", ""))
		}
	}
	for _, rg := range s.frame.Regions {
		place := frame.Place{Region: rg}
		for _, name := range slices.Sorted(maps.Keys(s.regions[rg].Keys)) {
			k := s.regions[rg].Keys[name]
			add(place.Item("compute", "key pair").With(name, name, "", k.Fingerprint))
		}
	}
}

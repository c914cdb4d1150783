package nhncloudtest

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// Resource is a thing that is in the cloud.
type Resource struct {
	Service, Kind  string // such as "compute" and "server"
	Region, Tenant string // Tenant is empty where all tenants of the region have it
	ID, Name       string
	Status         string // as the API shows it; empty where such things have none
	Detail         string // a few words more: a size, a flavor, addresses
}

// room is a service, as far as the front goes through all of them.
type room interface {
	Inventory(add func(frame.Item))
}

// Inventory lists what is in the cloud, in all regions and of all tenants, past
// the API: by service, kinds within a service together as they were made. It shows
// no secret, and of object storage the containers only.
func (s *Server) Inventory() []Resource {
	s.frame.Lock()
	defer s.frame.Unlock()
	s.frame.Settle()
	var out []Resource
	for _, r := range s.rooms {
		r.Inventory(func(i frame.Item) { out = append(out, Resource(i)) })
	}
	return out
}

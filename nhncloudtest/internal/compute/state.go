package compute

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// What is below looks into and changes what the tenant of the infrastructure
// services has in the first region, past the API.

func (s *Service) home() *Project { return s.At(s.Identity.Home()) }

// AddServers makes servers that are ACTIVE at once, and returns their ids.
func (s *Service) AddServers(n int) []string {
	s.frame.Lock()
	defer s.frame.Unlock()
	p := s.home()
	now := s.frame.Time()
	o := &Order{
		image:    p.image(frame.FixedID("image", "Ubuntu Server 24.04.3 LTS (2025.11.18)")),
		flavor:   p.Region.Flavor(frame.FixedID("flavor", "u2.c1m1")),
		security: []*network.SecurityGroup{p.Network.DefaultSecurityGroup()},
	}
	ids := make([]string, 0, n)
	for i := range n {
		o.nics = nil // more servers than addresses: those have none
		if vpc := p.Network.Network(network.DefaultNetworkID(p.Place)); vpc != nil {
			o.nics = []nic{{subnets: vpc.Subnets}}
		}
		if len(o.nics) > 0 && o.nics[0].free() < 1 {
			o.nics = nil
		}
		v, r := p.place(o, fmt.Sprintf("server-%d", i+1), now)
		if r != nil {
			panic("nhncloudtest: " + string(r.Body))
		}
		v.built(now)
		ids = append(ids, v.ID)
	}
	return ids
}

// SetStatus puts a server into a status, in which it stays.
func (s *Service) SetStatus(id, status string) error {
	s.frame.Lock()
	defer s.frame.Unlock()
	v, err := s.known(id)
	if err != nil {
		return err
	}
	st, ok := states[status]
	if !ok {
		return fmt.Errorf("no such status: %q", status)
	}
	now := s.frame.Time()
	v.pending.Cancel()
	v.vm, v.Task, v.power, v.Updated = st.vm, st.task, st.power, now
	switch st.vm {
	case vmDeleted:
		v.remove(now)
	case vmError:
		v.fault = "No valid host was found. There are not enough hosts available."
	case vmBuilding:
	default:
		v.Placed = true
	}
	return nil
}

// Status is the status of a server; false when there is none.
func (s *Service) Status(id string) (string, bool) {
	s.frame.Lock()
	defer s.frame.Unlock()
	v, err := s.known(id)
	if err != nil {
		return "", false
	}
	return v.Status(), true
}

// Protect sets whether a server is protected from deletion.
func (s *Service) Protect(id string, protected bool) error {
	s.frame.Lock()
	defer s.frame.Unlock()
	v, err := s.known(id)
	if err != nil {
		return err
	}
	v.protected = protected
	return nil
}

func (s *Service) known(id string) (*Server, error) {
	s.frame.Settle()
	if v := s.home().Server(id); v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("no such server: %q", id)
}

// AddFlavor adds a flavor and returns it with its id.
func (s *Service) AddFlavor(f Flavor) Flavor {
	s.frame.Lock()
	defer s.frame.Unlock()
	return *s.home().Region.addFlavor(f)
}

// Flavors are the flavors there are.
func (s *Service) Flavors() []Flavor {
	s.frame.Lock()
	defer s.frame.Unlock()
	var out []Flavor
	for _, f := range s.home().Region.Flavors {
		out = append(out, *f)
	}
	return out
}

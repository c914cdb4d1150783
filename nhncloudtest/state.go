package nhncloudtest

import (
	"fmt"
	"slices"
)

// The methods below look into and change the state of the infrastructure
// tenant in the first region, past the API.

// AddServers makes n servers that are ACTIVE at once, for tests that need
// many, and returns their ids in the order in which they were made. They are
// called server-1, server-2 and so on, have the smallest flavor with a local
// disk, and count towards no quota.
func (s *Server) AddServers(n int) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.home()
	now := s.clock.now()
	o := &order{
		image:    p.image(fixedID("image", "Ubuntu Server 24.04.3 LTS (2025.11.18)")),
		flavor:   p.region.flavor(fixedID("flavor", "u2.c1m1")),
		security: p.defaultSecurity(),
	}
	ids := make([]string, 0, n)
	for i := range n {
		o.nics = []nic{{subnets: p.networks[0].subnets}}
		if p.networks[0].subnets[0].free()+p.networks[0].subnets[1].free() < 1 {
			o.nics = nil // more servers than addresses: these have none
		}
		v, r := s.place(p, o, fmt.Sprintf("server-%d", i+1), now)
		if r != nil {
			panic("nhncloudtest: " + string(r.body))
		}
		v.built(now)
		ids = append(ids, v.id)
	}
	return ids
}

// SetServerStatus puts a server into a status, such as "ERROR", in which it
// stays: what was under way is dropped. "DELETED" removes it.
func (s *Server) SetServerStatus(id, status string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.known(id)
	if err != nil {
		return err
	}
	st, ok := states[status]
	if !ok {
		return fmt.Errorf("nhncloudtest: no such status: %q", status)
	}
	v.pending.cancel()
	v.vm, v.task, v.power, v.updated = st.vm, st.task, st.power, s.clock.now()
	switch st.vm {
	case vmDeleted:
		v.project.remove(v, s.clock.now())
	case vmError:
		v.fault = "No valid host was found. There are not enough hosts available."
	case vmBuilding:
	default:
		v.placed = true
	}
	return nil
}

// ServerStatus is the status of a server as the API shows it; false when there
// is no such server (any more).
func (s *Server) ServerStatus(id string) (string, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.known(id)
	if err != nil {
		return "", false
	}
	return v.status(), true
}

// ProtectServer sets whether a server is protected from deletion, which on the
// real cloud is done in the console.
func (s *Server) ProtectServer(id string, protected bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, err := s.known(id)
	if err != nil {
		return err
	}
	v.protected = protected
	return nil
}

func (s *Server) known(id string) (*server, error) {
	s.agenda.settle(s.clock.now())
	if v := s.home().byID[id]; v != nil {
		return v, nil
	}
	return nil, fmt.Errorf("nhncloudtest: no such server: %q", id)
}

// AddFlavor adds a flavor and returns it with its id.
func (s *Server) AddFlavor(f Flavor) Flavor {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.regions[0].addFlavor(f).Flavor
}

// AddImage adds a public image and returns it with its id.
func (s *Server) AddImage(img Image) Image {
	s.mu.Lock()
	defer s.mu.Unlock()
	made := s.regions[0].addImage(img, "public", operatorTenant, s.clock.now())
	img.ID, img.MinDisk = made.id, made.minDisk
	return img
}

// Flavors are the flavors there are.
func (s *Server) Flavors() []Flavor {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Flavor
	for _, f := range s.regions[0].flavors {
		out = append(out, f.Flavor)
	}
	return out
}

// FlavorID is the id of the flavor of a name, such as "u2.c1m1"; "" when there
// is none.
func (s *Server) FlavorID(name string) string {
	for _, f := range s.Flavors() {
		if f.Name == name {
			return f.ID
		}
	}
	return ""
}

// ImageID is the id of the newest image whose name begins as given, such as
// "Ubuntu Server 24.04"; "" when there is none.
func (s *Server) ImageID(name string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, img := range slices.Backward(s.regions[0].images) {
		if len(img.name) >= len(name) && img.name[:len(name)] == name {
			return img.id
		}
	}
	return ""
}

// NetworkID is the id of the default VPC, which servers can be put into.
func (s *Server) NetworkID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home().networks[0].id
}

// SubnetID is the id of the first subnet of the default VPC, 192.168.0.0/24.
func (s *Server) SubnetID() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home().networks[0].subnets[0].id
}

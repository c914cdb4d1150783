package network

import (
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.identity.Places() {
		p := s.projects[place]
		item := func(kind, id, name, status, detail string) {
			add(place.Item("network", kind).With(id, name, status, detail))
		}
		for _, n := range p.Networks {
			if n.External {
				continue
			}
			item("VPC", n.ID, n.Name, available, n.cidr.String())
			for _, sn := range n.Subnets {
				item("subnet", sn.ID, sn.Name, available, sn.CIDR.String())
			}
			for _, t := range n.tables {
				item("routing table", t.ID, t.Name, available, "")
			}
		}
		for _, g := range p.gateways {
			item("internet gateway", g.ID, g.Name, g.state, "")
		}
		for _, g := range p.SecurityGroups {
			item("security group", g.ID, g.Name, "", g.Description)
		}
		for _, f := range p.FloatingIPs {
			item("floating IP", f.ID, f.IP.String(), f.Status, f.label)
		}
		for _, pt := range p.Ports {
			var ips []string
			for _, f := range pt.Fixed {
				ips = append(ips, f.IP.String())
			}
			item("port", pt.ID, pt.Name, pt.Status(), strings.Join(ips, ", "))
		}
	}
}

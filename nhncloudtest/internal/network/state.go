package network

import (
	"fmt"
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// What is below changes what the tenant of the infrastructure services has in
// the first region, past the API.

func (s *Service) home() *Project { return s.At(s.identity.Home()) }

// AddGateway makes a gateway to another network, of a kind such as
// "natgateway", with a port in the first subnet of a VPC. It returns its
// id and the address that routes can lead to.
func (s *Service) AddGateway(vpcID, kind, name string) (id, address string, err error) {
	s.frame.Lock()
	defer s.frame.Unlock()
	n := s.home().Network(vpcID)
	if n == nil || n.External || len(n.Subnets) == 0 {
		return "", "", fmt.Errorf("no VPC with a subnet: %q", vpcID)
	}
	id = frame.NewID()
	pt := s.home().Plug(gatewayDevice{}, id, gatewayPrefix+kind, n.Subnets[0], netip.Addr{}, nil)
	if pt == nil {
		return "", "", fmt.Errorf("no address left in the first subnet of VPC %q", vpcID)
	}
	pt.Name = name
	return id, pt.Fixed[0].IP.String(), nil
}

// gatewayDevice is what the port of such a gateway is plugged into.
type gatewayDevice struct{}

func (gatewayDevice) NICStatus() string { return active }
func (gatewayDevice) Unplugged(*Port)   {}

// RestartGateway begins to move an internet gateway to another host, as a
// restart for maintenance does.
func (s *Service) RestartGateway(id string) error {
	s.frame.Lock()
	defer s.frame.Unlock()
	now := s.frame.Settle()
	g, ok := byID(s.home().gateways, id)
	if !ok || g.table == nil {
		return fmt.Errorf("no internet gateway that is attached: %q", id)
	}
	g.move(now)
	return nil
}

package v1

import (
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

func listNetworks(c *call) (object, *frame.Reply) {
	list, r := listing(c, "Network", c.network.Networks, func(n *network.Network) string { return n.ID }, func(n *network.Network) object {
		subnets := []string{}
		for _, sn := range n.Subnets {
			subnets = append(subnets, sn.ID)
		}
		return object{
			"id": n.ID, "name": n.Name, "status": "ACTIVE", "adminStateUp": true, "router:external": n.External, "subnets": subnets,
		}
	})
	return object{"networks": list}, r
}

func listSubnets(c *call) (object, *frame.Reply) {
	subnets := []object{}
	for _, sn := range c.network.Subnets() {
		subnets = append(subnets, object{
			"id": sn.ID, "name": sn.Name, "networkId": sn.Network.ID, "cidr": sn.CIDR.String(), "gatewayIp": sn.Gateway.String(),
			"ipVersion": 4, "enableDhcp": true, "hostRoutes": []any{},
			"allocationPools": []object{{"start": sn.Gateway.Next().String(), "end": sn.Last().String()}},
		})
	}
	return object{"subnets": subnets}, nil
}

package network

import (
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The views of VPCs and their subnets that neutron has.

func (n *Network) networkBody() object {
	ids := []string{}
	for _, sn := range n.Subnets {
		ids = append(ids, sn.ID)
	}
	return object{
		"id": n.ID, "name": n.Name, "status": "ACTIVE", "subnets": ids, "router:external": n.External,
		"tenant_id": n.tenant, "admin_state_up": true, "mtu": 0, "shared": n.External, "port_security_enabled": true,
	}
}

func listNetworks(c *call) frame.Reply {
	return list(c, "networks", bodies(c.project.Networks, (*Network).networkBody), nil)
}

func getNetwork(c *call) frame.Reply {
	return one(c, "network", c.project.Networks, aNetwork, (*Network).networkBody)
}

func (sn *Subnet) subnetBody() object {
	return object{
		"id": sn.ID, "name": sn.Name, "network_id": sn.Network.ID, "tenant_id": sn.Network.tenant,
		"cidr": sn.CIDR.String(), "gateway_ip": sn.Gateway.String(), "ip_version": 4, "enable_dhcp": true,
		"allocation_pools": []object{{"start": sn.Gateway.Next().String(), "end": sn.Last().String()}},
		"dns_nameservers":  []any{}, "host_routes": []any{},
		"ipv6_ra_mode": nil, "ipv6_address_mode": nil, "subnetpool_id": nil,
	}
}

func listSubnets(c *call) frame.Reply {
	all := c.project.Subnets()
	return list(c, "subnets", bodies(all, (*Subnet).subnetBody), map[string]Filter{
		"shared": func(o object, values []string) bool {
			sn, _ := byID(all, o["id"].(string))
			return equal("shared")(sn.body(), values)
		},
	})
}

func getSubnet(c *call) frame.Reply {
	return one(c, "subnet", c.project.Subnets(), aSubnet, (*Subnet).subnetBody)
}

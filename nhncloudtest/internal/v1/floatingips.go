package v1

import (
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// pools are the networks that floating IPs come from.
func (c *call) pools() []*network.Network {
	return slices.DeleteFunc(slices.Clone(c.network.Networks), func(n *network.Network) bool { return !n.External })
}

func poolBody(n *network.Network) object { return object{"id": n.ID, "name": n.Name} }

func floatingIPBody(f *network.FloatingIP) object {
	o := object{
		"id": f.ID, "floatingIpAddress": f.IP.String(), "pool": poolBody(f.Subnet.Network), "status": f.Status,
	}
	if f.Port != nil {
		o["fixedIpAddress"], o["portId"], o["routerId"] = f.Fixed.IP.String(), f.Port.ID, f.Fixed.Subnet.Table().ID
	}
	return o
}

func listPools(c *call) (object, *frame.Reply) {
	pools := []object{}
	for _, n := range c.pools() {
		pools = append(pools, poolBody(n))
	}
	return object{"pools": pools}, nil
}

func listFloatingIPs(c *call) (object, *frame.Reply) {
	list, r := listing(c, "Floating IP", c.network.FloatingIPs, func(f *network.FloatingIP) string { return f.ID }, floatingIPBody)
	return object{"floatingips": list}, r
}

func createFloatingIP(c *call) (object, *frame.Reply) {
	request, r := c.request("pool")
	if r != nil {
		return nil, r
	}
	ids, r := texts(request, "id")
	if r != nil {
		return nil, r
	}
	for _, pool := range c.pools() {
		if pool.ID != ids[0] {
			continue
		}
		if pool.Full() {
			return nil, failedHeader(20001, "No available IP")
		}
		f, r := c.network.AddFloatingIP(pool)
		if r != nil {
			return nil, areaFloatingIP.relay(r)
		}
		return object{"floatingip": floatingIPBody(f)}, nil
	}
	return nil, areaFloatingIP.notFound("Floating IP pool", ids[0])
}

func deleteFloatingIP(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	for _, f := range c.network.FloatingIPs {
		if f.ID == id {
			return nil, areaFloatingIP.relay(c.network.RemoveFloatingIP(f))
		}
	}
	return nil, areaFloatingIP.notFound("Floating IP", id)
}

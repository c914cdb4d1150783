package interop

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/external"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/extradhcpopts"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/portsecurity"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/groups"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/ports"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/subnets"
	"github.com/gophercloud/gophercloud/v2/pagination"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func (c *cloud) network() *gophercloud.ServiceClient { return c.client(openstack.NewNetworkV2) }

// post makes something that gophercloud has no package for, below a key of the
// body, and returns its id.
func (c *cloud) post(path, key string, fields map[string]any) string {
	c.t.Helper()
	var made map[string]struct{ ID string }
	network := c.network()
	_, err := network.Post(c.t.Context(), network.ServiceURL(path), map[string]any{key: fields}, &made, nil)
	require.NoError(c.t, err)
	return made[key].ID
}

// vpc makes a VPC with a subnet, which are a network and a subnet to
// gophercloud.
func (c *cloud) vpc(cidr string) (network, subnet string) {
	c.t.Helper()
	network = c.post("vpcs", "vpc", map[string]any{"name": "v", "cidrv4": cidr})
	return network, c.post("vpcsubnets", "vpcsubnet", map[string]any{"vpc_id": network, "name": "s", "cidr": cidr})
}

// outside is the id of the external network.
func (c *cloud) outside() string {
	c.t.Helper()
	yes := true
	pages, err := networks.List(c.network(), external.ListOptsExt{ListOptsBuilder: networks.ListOpts{}, External: &yes}).AllPages(c.t.Context())
	require.NoError(c.t, err)
	ways, err := networks.ExtractNetworks(pages)
	require.NoError(c.t, err)
	require.Len(c.t, ways, 1)
	return ways[0].ID
}

func TestNetworks(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.client(openstack.NewNetworkV2)
	pages, err := networks.List(network, networks.ListOpts{Name: "Default Network"}).AllPages(ctx)
	require.NoError(t, err)
	var found []struct {
		networks.Network
		external.NetworkExternalExt
	}
	require.NoError(t, networks.ExtractNetworksInto(pages, &found))
	require.Len(t, found, 1)
	assert.False(t, found[0].External)
	outside := true
	pages, err = networks.List(network, external.ListOptsExt{ListOptsBuilder: networks.ListOpts{}, External: &outside}).AllPages(ctx)
	require.NoError(t, err)
	ways, err := networks.ExtractNetworks(pages)
	require.NoError(t, err)
	assert.Len(t, ways, 1)

	one, err := networks.Get(ctx, network, c.NetworkID()).Extract()
	require.NoError(t, err)
	assert.Equal(t, "ACTIVE", one.Status)
	pages, err = subnets.List(network, subnets.ListOpts{NetworkID: one.ID, Limit: 1}).AllPages(ctx)
	require.NoError(t, err)
	subs, err := subnets.ExtractSubnets(pages)
	require.NoError(t, err)
	require.Len(t, subs, 2)
	sub, err := subnets.Get(ctx, network, c.SubnetID()).Extract()
	require.NoError(t, err)
	assert.Equal(t, "192.168.0.0/24", sub.CIDR)

	pages, err = groups.List(network, groups.ListOpts{}).AllPages(ctx)
	require.NoError(t, err)
	sgs, err := groups.ExtractGroups(pages)
	require.NoError(t, err)
	assert.Len(t, sgs, 2)
	sg, err := groups.Get(ctx, network, sgs[1].ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, sgs[1].Name, sg.Name)
	pages, err = rules.List(network, rules.ListOpts{SecGroupID: sg.ID, Protocol: "tcp"}).AllPages(ctx)
	require.NoError(t, err)
	tcp, err := rules.ExtractRules(pages)
	require.NoError(t, err)
	assert.Len(t, tcp, 3)
	_, err = networks.Get(ctx, network, "nope").Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound), err)
}

func TestNetworkPages(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.network()
	vpc, _ := c.vpc("10.0.0.0/24")
	for i := range 5 {
		_, err := ports.Create(ctx, network, ports.CreateOpts{NetworkID: vpc, Name: fmt.Sprintf("p%d", i)}).Extract()
		require.NoError(t, err)
	}
	var names []string
	pager := ports.List(network, ports.ListOpts{NetworkID: vpc, Limit: 2, SortKey: "name", SortDir: "desc"})
	count := 0
	require.NoError(t, pager.EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
		count++
		list, err := ports.ExtractPorts(page)
		for _, p := range list {
			names = append(names, p.Name)
		}
		return true, err
	}))
	assert.Equal(t, []string{"p4", "p3", "p2", "p1", "p0"}, names)
	assert.Equal(t, 3, count)
}

// TestPorts does what gophercloud's own acceptance tests do with ports.
func TestPorts(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.network()
	vpc, subnet := c.vpc("10.0.0.0/24")
	port, err := ports.Create(ctx, network, ports.CreateOpts{
		NetworkID: vpc, Name: "port", Description: "described", AdminStateUp: gophercloud.Enabled,
		FixedIPs: []ports.IP{{SubnetID: subnet}, {SubnetID: subnet}},
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "DOWN", port.Status)
	assert.Equal(t, "described", port.Description)
	require.Len(t, port.FixedIPs, 2)
	assert.Len(t, port.SecurityGroups, 1)
	address := port.FixedIPs[0].IPAddress
	for name, opts := range map[string]ports.ListOpts{
		"id": {ID: port.ID}, "network": {NetworkID: vpc}, "subnet": {FixedIPs: []ports.FixedIPOpts{{SubnetID: subnet}}},
		"address": {FixedIPs: []ports.FixedIPOpts{{IPAddress: address}}}, "part": {FixedIPs: []ports.FixedIPOpts{{IPAddressSubstr: "10.0."}}},
		"both": {FixedIPs: []ports.FixedIPOpts{{SubnetID: subnet, IPAddress: address}}}, "project": {ProjectID: c.TenantID},
	} {
		pages, err := ports.List(network, opts).AllPages(ctx)
		require.NoError(t, err, name)
		list, err := ports.ExtractPorts(pages)
		require.NoError(t, err, name)
		require.Len(t, list, 1, name)
		assert.Equal(t, port.ID, list[0].ID, name)
	}
	empty, mac, web := "", "aa:bb:cc:dd:ee:ff", c.group("web")
	changed, err := ports.Update(ctx, network, port.ID, ports.UpdateOpts{
		Name: &empty, Description: &empty, MACAddress: &mac, SecurityGroups: &[]string{web},
		AllowedAddressPairs: &[]ports.AddressPair{{IPAddress: "192.168.255.10", MACAddress: mac}},
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, []any{"", "", mac, []string{web}}, []any{changed.Name, changed.Description, changed.MACAddress, changed.SecurityGroups})
	assert.Len(t, changed.AllowedAddressPairs, 1)
	changed, err = ports.Update(ctx, network, port.ID, ports.UpdateOpts{
		SecurityGroups: &[]string{}, AllowedAddressPairs: &[]ports.AddressPair{},
	}).Extract()
	require.NoError(t, err)
	assert.Empty(t, changed.SecurityGroups)
	assert.Empty(t, changed.AllowedAddressPairs)

	var full struct {
		ports.Port
		portsecurity.PortSecurityExt
		extradhcpopts.ExtraDHCPOptsExt
	}
	off := false
	require.NoError(t, ports.Update(ctx, network, port.ID, portsecurity.PortUpdateOptsExt{
		UpdateOptsBuilder: ports.UpdateOpts{}, PortSecurityEnabled: &off,
	}).ExtractInto(&full))
	assert.False(t, full.PortSecurityEnabled)
	value := "1400"
	require.NoError(t, ports.Update(ctx, network, port.ID, extradhcpopts.UpdateOptsExt{
		UpdateOptsBuilder: ports.UpdateOpts{}, ExtraDHCPOpts: []extradhcpopts.UpdateExtraDHCPOpt{{OptName: "mtu", OptValue: &value, IPVersion: 4}},
	}).ExtractInto(&full))
	require.Len(t, full.ExtraDHCPOpts, 1)
	assert.Equal(t, value, full.ExtraDHCPOpts[0].OptValue)

	_, err = ports.Create(ctx, network, ports.CreateOpts{NetworkID: vpc, FixedIPs: []ports.IP{{SubnetID: subnet, IPAddress: address}}}).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	require.NoError(t, ports.Delete(ctx, network, port.ID).ExtractErr())
	_, err = ports.Get(ctx, network, port.ID).Extract()
	gone(t, err)
}

// group is the id of a security group.
func (c *cloud) group(name string) string {
	c.t.Helper()
	pages, err := groups.List(c.network(), groups.ListOpts{Name: name}).AllPages(c.t.Context())
	require.NoError(c.t, err)
	found, err := groups.ExtractGroups(pages)
	require.NoError(c.t, err)
	require.Len(c.t, found, 1)
	return found[0].ID
}

func TestSecurityGroups(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.network()
	group, err := groups.Create(ctx, network, groups.CreateOpts{Name: "db", Description: "databases"}).Extract()
	require.NoError(t, err)
	assert.Len(t, group.Rules, 2)
	opts := rules.CreateOpts{
		SecGroupID: group.ID, Direction: rules.DirIngress, EtherType: rules.EtherType4, Protocol: rules.ProtocolTCP,
		PortRangeMin: 5432, PortRangeMax: 5433, RemoteIPPrefix: "10.0.0.0/8", Description: "clients",
	}
	rule, err := rules.Create(ctx, network, opts).Extract()
	require.NoError(t, err)
	assert.Equal(t, 5433, rule.PortRangeMax)
	assert.Equal(t, "clients", rule.Description)
	_, err = rules.Create(ctx, network, opts).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	assert.ErrorContains(t, err, "Rule id is "+rule.ID)
	other := opts
	other.RemoteIPPrefix, other.RemoteGroupID = "", group.ID
	icmp := rules.CreateOpts{SecGroupID: group.ID, Direction: rules.DirIngress, EtherType: rules.EtherType4, Protocol: rules.ProtocolICMP}
	several, err := rules.CreateBulk(ctx, network, []rules.CreateOpts{other, icmp}).Extract()
	require.NoError(t, err)
	assert.Len(t, several, 2)

	description := ""
	group, err = groups.Update(ctx, network, group.ID, groups.UpdateOpts{Name: "database", Description: &description}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "database", group.Name)
	assert.Len(t, group.Rules, 5)
	require.NoError(t, rules.Delete(ctx, network, rule.ID).ExtractErr())
	_, err = rules.Get(ctx, network, rule.ID).Extract()
	gone(t, err)

	port, err := ports.Create(ctx, network, ports.CreateOpts{NetworkID: c.NetworkID(), SecurityGroups: &[]string{group.ID}}).Extract()
	require.NoError(t, err)
	err = groups.Delete(ctx, network, group.ID).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	require.NoError(t, ports.Delete(ctx, network, port.ID).ExtractErr())
	require.NoError(t, groups.Delete(ctx, network, group.ID).ExtractErr())
	err = groups.Delete(ctx, network, c.group("default")).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
}

func TestFloatingIPs(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.network()
	server := c.u2("web")
	pages, err := ports.List(network, ports.ListOpts{DeviceID: server.ID}).AllPages(ctx)
	require.NoError(t, err)
	nics, err := ports.ExtractPorts(pages)
	require.NoError(t, err)
	require.Len(t, nics, 1)
	assert.Equal(t, "ACTIVE", nics[0].Status)

	made, err := floatingips.Create(ctx, network, floatingips.CreateOpts{
		FloatingNetworkID: c.outside(), PortID: nics[0].ID, Description: "way in",
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "way in", made.Description)
	bound, err := floatingips.Get(ctx, network, made.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, "ACTIVE", bound.Status)
	assert.Equal(t, nics[0].FixedIPs[0].IPAddress, bound.FixedIP)
	assert.NotEmpty(t, bound.RouterID)
	s, err := servers.Get(ctx, c.compute(), server.ID).Extract()
	require.NoError(t, err)
	assert.Len(t, s.Addresses["Default Network"], 2)

	err = floatingips.Delete(ctx, network, made.ID).ExtractErr()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict), err)
	_, err = floatingips.Update(ctx, network, made.ID, floatingips.UpdateOpts{PortID: new(string)}).Extract()
	require.NoError(t, err)
	free, err := floatingips.Get(ctx, network, made.ID).Extract()
	require.NoError(t, err)
	assert.Empty(t, free.PortID)
	assert.Equal(t, "DOWN", free.Status)
	pages, err = floatingips.List(network, floatingips.ListOpts{Status: "DOWN", FloatingNetworkID: c.outside()}).AllPages(ctx)
	require.NoError(t, err)
	list, err := floatingips.ExtractFloatingIPs(pages)
	require.NoError(t, err)
	assert.Len(t, list, 1)
	require.NoError(t, floatingips.Delete(ctx, network, made.ID).ExtractErr())
	_, err = floatingips.Get(ctx, network, made.ID).Extract()
	gone(t, err)
}

// TestFloatingIPMoves leads a floating IP to another address of its port, and
// waits as a program has to.
func TestFloatingIPMoves(t *testing.T) {
	c := newCloud(t, nhncloudtest.WithTransition(50*time.Millisecond))
	ctx, network := t.Context(), c.network()
	port, err := ports.Create(ctx, network, ports.CreateOpts{
		NetworkID: c.NetworkID(), FixedIPs: []ports.IP{{SubnetID: c.SubnetID()}, {SubnetID: c.SubnetID()}},
	}).Extract()
	require.NoError(t, err)
	made, err := floatingips.Create(ctx, network, floatingips.CreateOpts{
		FloatingNetworkID: c.outside(), PortID: port.ID, FixedIP: port.FixedIPs[0].IPAddress,
	}).Extract()
	require.NoError(t, err)
	moved, err := floatingips.Update(ctx, network, made.ID, floatingips.UpdateOpts{
		PortID: &port.ID, FixedIP: port.FixedIPs[1].IPAddress,
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, port.FixedIPs[1].IPAddress, moved.FixedIP)
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	require.NoError(t, gophercloud.WaitFor(ctx, func(ctx context.Context) (bool, error) {
		f, err := floatingips.Get(ctx, network, made.ID).Extract()
		return err == nil && f.Status == "ACTIVE", err
	}))
}

func TestServerOnPort(t *testing.T) {
	c := newCloud(t)
	ctx, network := t.Context(), c.network()
	vpc, _ := c.vpc("10.0.0.0/24")
	port, err := ports.Create(ctx, network, ports.CreateOpts{NetworkID: vpc}).Extract()
	require.NoError(t, err)
	server := c.make(servers.CreateOpts{
		Name: "s", FlavorRef: c.FlavorID("u2.c1m1"), ImageRef: c.ImageID("Rocky"), Networks: []servers.Network{{Port: port.ID}},
	})
	assert.Contains(t, server.Addresses, "v")
	port, err = ports.Get(ctx, network, port.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, server.ID, port.DeviceID)
	require.NoError(t, servers.Delete(ctx, c.compute(), server.ID).ExtractErr())
	_, err = servers.Get(ctx, c.compute(), server.ID).Extract()
	gone(t, err)
	port, err = ports.Get(ctx, network, port.ID).Extract()
	require.NoError(t, err)
	assert.Empty(t, port.DeviceID)
}

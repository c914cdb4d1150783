package network_test

import (
	"context"
	"iter"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

// listing is one of the listings, to be tried with options of its own.
type listing struct {
	operation, path, key string
	query                string // of all options
	list, all            func(ctx context.Context, n *network.Client, withOptions bool) iter.Seq2[string, error]
	limit                func(ctx context.Context, n *network.Client) error // with a negative Limit, nil where there is none
}

func newListing[T, O any](operation, path, key, query string, full O, id func(*T) string,
	list func(ctx context.Context, n *network.Client, options *O) ([]*T, error), all func(ctx context.Context, n *network.Client, options *O) iter.Seq2[*T, error],
) listing {
	choose := func(withOptions bool) *O {
		if withOptions {
			return &full
		}
		return nil
	}
	return listing{
		operation: operation, path: path, key: key, query: query,
		list: func(ctx context.Context, n *network.Client, withOptions bool) iter.Seq2[string, error] {
			items, err := list(ctx, n, choose(withOptions))
			return apitest.OnePage(items, err, id)
		},
		all: func(ctx context.Context, n *network.Client, withOptions bool) iter.Seq2[string, error] {
			return apitest.IDsOf(all(ctx, n, choose(withOptions)), id)
		},
	}
}

func listings() []listing {
	no, yes := new(false), new(true)
	vpcs := newListing("network-v2-list-vpcs", "/vpcs", "vpcs", "id=i&name=n+%26&router%3Aexternal=true&shared=false&sort_dir=asc&sort_key=name&tenant_id=t",
		network.VPCListOptions{ID: "i", Name: "n &", TenantID: "t", RouterExternal: yes, Shared: no, SortKey: "name", SortDir: "asc"},
		func(v *network.VPC) string { return v.ID },
		func(ctx context.Context, n *network.Client, o *network.VPCListOptions) ([]*network.VPC, error) {
			return n.VPCs.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.VPCListOptions) iter.Seq2[*network.VPC, error] {
			return n.VPCs.All(ctx, o)
		})
	subnets := newListing("network-v2-list-vpcsubnets", "/vpcsubnets", "vpcsubnets", "cidr=10.0.0.0%2F24&id=i&name=n&shared=true&sort_dir=desc&sort_key=cidr&vpc_id=v",
		network.SubnetListOptions{ID: "i", Name: "n", VPCID: "v", CIDR: "10.0.0.0/24", Shared: yes, SortKey: "cidr", SortDir: "desc"},
		func(s *network.Subnet) string { return s.ID },
		func(ctx context.Context, n *network.Client, o *network.SubnetListOptions) ([]*network.Subnet, error) {
			return n.Subnets.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.SubnetListOptions) iter.Seq2[*network.Subnet, error] {
			return n.Subnets.All(ctx, o)
		})
	tables := newListing("network-v2-list-routingtables", "/routingtables", "routingtables",
		"default_table=false&detail=true&distributed=true&gateway_id=g&id=i&name=n&sort_dir=asc&sort_key=name&tenant_id=t",
		network.RoutingTableListOptions{ID: "i", Name: "n", TenantID: "t", DefaultTable: no, GatewayID: "g", Distributed: yes, Detail: true, SortKey: "name", SortDir: "asc"},
		func(r *network.RoutingTable) string { return r.ID },
		func(ctx context.Context, n *network.Client, o *network.RoutingTableListOptions) ([]*network.RoutingTable, error) {
			return n.RoutingTables.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.RoutingTableListOptions) iter.Seq2[*network.RoutingTable, error] {
			return n.RoutingTables.All(ctx, o)
		})
	routes := newListing("network-v2-list-routes", "/routes", "routes", "cidr=0.0.0.0%2F0&gateway=local&gateway_id=g&id=i&mask=0&routingtable_id=r",
		network.RouteListOptions{ID: "i", CIDR: "0.0.0.0/0", Mask: new(0), Gateway: network.GatewayLocal, RoutingTableID: "r", GatewayID: "g"},
		func(r *network.Route) string { return r.ID },
		func(ctx context.Context, n *network.Client, o *network.RouteListOptions) ([]*network.Route, error) {
			return n.Routes.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.RouteListOptions) iter.Seq2[*network.Route, error] {
			return n.Routes.All(ctx, o)
		})
	gateways := newListing("network-v2-list-internetgateways", "/internetgateways", "internetgateways", "external_network_id=e&id=i&name=n&routingtable_id=r&tenant_id=t",
		network.GatewayListOptions{ID: "i", Name: "n", TenantID: "t", ExternalNetworkID: "e", RoutingTableID: "r"},
		func(g *network.Gateway) string { return g.ID },
		func(ctx context.Context, n *network.Client, o *network.GatewayListOptions) ([]*network.Gateway, error) {
			return n.Gateways.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.GatewayListOptions) iter.Seq2[*network.Gateway, error] {
			return n.Gateways.All(ctx, o)
		})
	return append([]listing{vpcs, subnets, tables, routes, gateways}, pagedListings()...)
}

// pagedListings are the listings whose pages have a size.
func pagedListings() []listing {
	no, yes, fields := new(false), new(true), []string{"id", "name"}
	ports := newListing("network-v2-list-ports", "/ports", "ports",
		"admin_state=true&device_id=d&device_owner=compute%3Akr-pub-a&fields=id&fields=name&fixed_ips=ip_address%3D10.0.0.5&fixed_ips=ip_address_substr%3D10.&fixed_ips=subnet_id%3Ds&id=i&limit=2&mac_address=fa%3A16%3A3e%3A1a%3Aed%3A34&marker=m&name=n&network_id=v&status=DOWN&tenant_id=t",
		network.PortListOptions{
			ID: "i", Name: "n", Status: network.PortDown, AdminState: yes, NetworkID: "v", TenantID: "t",
			FixedIP:    network.FixedIPFilter{IPAddress: "10.0.0.5", IPAddressSubstr: "10.", SubnetID: "s"},
			MACAddress: "fa:16:3e:1a:ed:34", DeviceOwner: "compute:kr-pub-a", DeviceID: "d", Fields: fields, Limit: 2, Marker: "m",
		},
		func(p *network.Port) string { return p.ID },
		func(ctx context.Context, n *network.Client, o *network.PortListOptions) ([]*network.Port, error) {
			return n.Ports.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.PortListOptions) iter.Seq2[*network.Port, error] {
			return n.Ports.All(ctx, o)
		})
	ports.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.Ports.List(ctx, &network.PortListOptions{Limit: -1})
		return err
	}
	groups := newListing("network-v2-list-security-groups", "/security-groups", "security_groups", "fields=id&fields=name&id=i&limit=2&marker=m&name=n&sort_dir=asc&sort_key=name&tenant_id=t",
		network.SecurityGroupListOptions{ID: "i", TenantID: "t", Name: "n", SortKey: "name", SortDir: "asc", Fields: fields, Limit: 2, Marker: "m"},
		func(g *network.SecurityGroup) string { return g.ID },
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupListOptions) ([]*network.SecurityGroup, error) {
			return n.SecurityGroups.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupListOptions) iter.Seq2[*network.SecurityGroup, error] {
			return n.SecurityGroups.All(ctx, o)
		})
	groups.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.SecurityGroups.List(ctx, &network.SecurityGroupListOptions{Limit: -1})
		return err
	}
	rules := newListing("network-v2-list-security-group-rules", "/security-group-rules", "security_group_rules",
		"description=d&direction=egress&ethertype=IPv6&fields=id&fields=name&id=i&limit=2&marker=m&port_range_max=0&port_range_min=8&protocol=icmp&remote_group_id=r&remote_ip_prefix=%3A%3A%2F0&security_group_id=g&sort_dir=asc&sort_key=id&tenant_id=t",
		network.SecurityGroupRuleListOptions{
			ID: "i", TenantID: "t", SecurityGroupID: "g", Direction: network.DirectionEgress, Ethertype: network.EthertypeIPv6, Protocol: network.ProtocolICMP,
			PortRangeMin: new(8), PortRangeMax: new(0), RemoteGroupID: "r", RemoteIPPrefix: "::/0", Description: "d",
			SortKey: "id", SortDir: "asc", Fields: fields, Limit: 2, Marker: "m",
		},
		func(r *network.SecurityGroupRule) string { return r.ID },
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupRuleListOptions) ([]*network.SecurityGroupRule, error) {
			return n.SecurityGroupRules.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupRuleListOptions) iter.Seq2[*network.SecurityGroupRule, error] {
			return n.SecurityGroupRules.All(ctx, o)
		})
	rules.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.SecurityGroupRules.List(ctx, &network.SecurityGroupRuleListOptions{Limit: -1})
		return err
	}
	floatingIPs := newListing("network-v2-list-floatingips", "/floatingips", "floatingips",
		"delete_protection=false&fields=id&fields=name&fixed_ip_address=10.0.0.5&floating_ip_address=133.186.1.1&floating_network_id=e&id=i&label=l&limit=2&marker=m&port_id=p&sort_dir=asc&sort_key=id&status=DOWN&tenant_id=t",
		network.FloatingIPListOptions{
			ID: "i", TenantID: "t", Status: network.FloatingIPDown, FloatingNetworkID: "e", FloatingIPAddress: "133.186.1.1", FixedIPAddress: "10.0.0.5",
			PortID: "p", DeleteProtection: no, Label: "l", SortKey: "id", SortDir: "asc", Fields: fields, Limit: 2, Marker: "m",
		},
		func(f *network.FloatingIP) string { return f.ID },
		func(ctx context.Context, n *network.Client, o *network.FloatingIPListOptions) ([]*network.FloatingIP, error) {
			return n.FloatingIPs.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.FloatingIPListOptions) iter.Seq2[*network.FloatingIP, error] {
			return n.FloatingIPs.All(ctx, o)
		})
	floatingIPs.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.FloatingIPs.List(ctx, &network.FloatingIPListOptions{Limit: -1})
		return err
	}
	networks := newListing("network-v2-list-networks", "/networks", "networks",
		"fields=id&fields=name&id=i&limit=2&marker=m&name=n&offset=3&provider%3Anetwork_type=flat&router%3Aexternal=false&shared=true&sort_dir=asc&sort_key=id&tenant_id=t",
		network.NetworkListOptions{
			ID: "i", Name: "n", TenantID: "t", ProviderNetworkType: "flat", RouterExternal: no, Shared: yes,
			SortKey: "id", SortDir: "asc", Fields: fields, Limit: 2, Offset: 3, Marker: "m",
		},
		func(n *network.Network) string { return n.ID },
		func(ctx context.Context, n *network.Client, o *network.NetworkListOptions) ([]*network.Network, error) {
			return n.Networks.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.NetworkListOptions) iter.Seq2[*network.Network, error] {
			return n.Networks.All(ctx, o)
		})
	networks.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.Networks.List(ctx, &network.NetworkListOptions{Limit: -1})
		return err
	}
	subnets := newListing("network-v2-list-subnets", "/subnets", "subnets",
		"cidr=10.0.0.0%2F24&enable_dhcp=false&fields=id&fields=name&id=i&limit=2&marker=m&name=n&network_id=v&offset=3&shared=true&sort_dir=asc&sort_key=id",
		network.NetworkSubnetListOptions{
			ID: "i", Name: "n", NetworkID: "v", CIDR: "10.0.0.0/24", EnableDHCP: no, Shared: yes,
			SortKey: "id", SortDir: "asc", Fields: fields, Limit: 2, Offset: 3, Marker: "m",
		},
		func(s *network.NetworkSubnet) string { return s.ID },
		func(ctx context.Context, n *network.Client, o *network.NetworkSubnetListOptions) ([]*network.NetworkSubnet, error) {
			return n.NetworkSubnets.List(ctx, o)
		},
		func(ctx context.Context, n *network.Client, o *network.NetworkSubnetListOptions) iter.Seq2[*network.NetworkSubnet, error] {
			return n.NetworkSubnets.All(ctx, o)
		})
	subnets.limit = func(ctx context.Context, n *network.Client) error {
		_, err := n.NetworkSubnets.List(ctx, &network.NetworkSubnetListOptions{Limit: -1})
		return err
	}
	groupPorts := newListing("network-v2-list-security-group-ports", "/security-group-ports?security_group_id=g", "security_group_ports",
		"fields=id&fields=name&security_group_id=g&sort_dir=asc&sort_key=id&tenant_id=t",
		network.SecurityGroupPortListOptions{TenantID: "t", SortKey: "id", SortDir: "asc", Fields: fields},
		func(p *network.SecurityGroupPort) string { return p.ID },
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupPortListOptions) ([]*network.SecurityGroupPort, error) {
			return n.SecurityGroups.ListPorts(ctx, "g", o)
		},
		func(ctx context.Context, n *network.Client, o *network.SecurityGroupPortListOptions) iter.Seq2[*network.SecurityGroupPort, error] {
			return n.SecurityGroups.AllPorts(ctx, "g", o)
		})
	return []listing{ports, groups, rules, floatingIPs, networks, subnets, groupPorts}
}

func (l listing) url() string { return baseURL + l.path }

// plainURL is that without a query.
func (l listing) plainURL() string {
	url, _, _ := strings.Cut(l.url(), "?")
	return url
}

func TestListings(t *testing.T) {
	t.Parallel()
	for _, l := range listings() {
		t.Run(l.operation, func(t *testing.T) {
			t.Parallel()
			page := func(next string, ids ...string) string {
				links := `[{"rel": "previous", "href": "x?marker=z"}]`
				if next != "" {
					links = `[{"rel": "previous", "href": "x?marker=z"}, {"rel": "next", "href": "http://retired.example.com:9696/v2.0/x` + next + `"}]`
				}
				return `{"` + l.key + `": ` + apitest.IDList(ids...) + `, "` + l.key + `_links": ` + links + `}`
			}
			_, firstQuery, hasQuery := strings.Cut(l.path, "?")
			first := ""
			if hasQuery {
				first = "?" + firstQuery
			}
			for name, walk := range map[string]apitest.Walk{
				"none":              {Pages: []apitest.Page{{first, page("")}}},
				"one page":          {Pages: []apitest.Page{{first, page("", "a", "b")}}, IDs: []string{"a", "b"}},
				"pages":             {Pages: []apitest.Page{{first, page("?limit=2&marker=b", "a", "b")}, {"?limit=2&marker=b", page("", "c")}}, IDs: []string{"a", "b", "c"}},
				"second page fails": {Pages: []apitest.Page{{first, page("?marker=b", "a")}, {"?marker=b", apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable},
				"endless":           {Pages: []apitest.Page{{first, page("?marker=b", "a")}, {"?marker=b", page("?marker=b", "b")}}, IDs: []string{"a", "b"}, Err: nhncloud.ErrBadAnswer},
				"stopped":           {Pages: []apitest.Page{{first, page("?marker=b", "a", "b")}}, IDs: []string{"a"}, Stop: 1},
			} {
				t.Run("All "+name, func(t *testing.T) {
					t.Parallel()
					walk.Run(t, l.operation, l.plainURL(), func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
						return l.all(ctx, network.New(client), false)
					})
				})
			}
			for name, run := range map[string]func(context.Context, *network.Client, bool) iter.Seq2[string, error]{"List": l.list, "All": l.all} {
				t.Run(name+" with options", func(t *testing.T) {
					t.Parallel()
					m := apitest.New(t)
					m.Expect(apitest.Want{Operation: l.operation, Method: http.MethodGet, URL: l.plainURL() + "?" + l.query}, apitest.Reply{Body: page("", "a")})
					ids, err := nhncloud.Collect(run(t.Context(), network.New(m.Client), true))
					require.NoError(t, err)
					assert.Equal(t, []string{"a"}, ids)
				})
				t.Run(name+" of null", func(t *testing.T) {
					t.Parallel()
					m := apitest.New(t)
					m.Expect(apitest.Want{Operation: l.operation, Method: http.MethodGet, URL: l.url()}, apitest.Reply{Body: `{"` + l.key + `": null}`})
					ids, err := nhncloud.Collect(run(t.Context(), network.New(m.Client), false))
					assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
					assert.Empty(t, ids)
				})
				t.Run(name+" with nulls", func(t *testing.T) {
					t.Parallel()
					m := apitest.New(t)
					m.Expect(apitest.Want{Operation: l.operation, Method: http.MethodGet, URL: l.url()}, apitest.Reply{Body: `{"` + l.key + `": [null, {"id": "a"}]}`})
					ids, err := nhncloud.Collect(run(t.Context(), network.New(m.Client), false))
					require.NoError(t, err)
					assert.Equal(t, []string{"a"}, ids)
				})
			}
			if l.limit != nil {
				refuses(t, l.operation, "Limit", l.limit)
			}
		})
	}
	refuses(t, "network-v2-list-networks", "Limit, Offset", func(ctx context.Context, n *network.Client) error {
		_, err := nhncloud.Collect(n.Networks.All(ctx, &network.NetworkListOptions{Limit: -1, Offset: -1}))
		return err
	})
	refuses(t, "network-v2-list-subnets", "Offset", func(ctx context.Context, n *network.Client) error {
		_, err := n.NetworkSubnets.List(ctx, &network.NetworkSubnetListOptions{Offset: -1})
		return err
	})
	for _, list := range []func(ctx context.Context, n *network.Client) error{
		func(ctx context.Context, n *network.Client) error {
			_, err := n.SecurityGroups.ListPorts(ctx, "", nil)
			return err
		},
		func(ctx context.Context, n *network.Client) error {
			_, err := nhncloud.Collect(n.SecurityGroups.AllPorts(ctx, "", nil))
			return err
		},
	} {
		refuses(t, "network-v2-list-security-group-ports", "id", list)
	}
}

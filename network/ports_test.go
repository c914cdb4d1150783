package network_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

const (
	portID   = "2a83bc25-ed76-4a2b-83b7-a4408aa99c4a"
	serverID = "10b9643d-9bc8-4b0f-a5dd-cfcb4033d70b"
)

// documentedPort is the port of the listing and of the single answer.
func documentedPort() *network.Port {
	return &network.Port{
		ID: portID, TenantID: "19eeb40d58684543aef29cbb5ebfe8f0", NetworkID: "c46ee4e8-c9fa-462e-8a3b-55b1f11dd8f8", Status: network.PortActive, AdminStateUp: true,
		MACAddress: "fa:16:3e:1a:ed:34", FixedIPs: []network.FixedIP{{SubnetID: "eb166bdf-dd99-4b02-ac8e-64be21dff2d5", IPAddress: "192.168.0.15"}},
		DeviceID: serverID, DeviceOwner: "compute:kr-pub-a", VNICType: "normal", PortSecurityEnabled: true,
		SecurityGroups: []string{"877b092c-2a31-4509-8d23-deeb02d95633"}, AllowedAddressPairs: []network.AllowedAddressPair{}, ExtraDHCPOpts: []network.ExtraDHCPOpt{},
	}
}

// privatePort is the port of the answers to changes.
func privatePort() *network.Port {
	return &network.Port{
		ID: "65c0ee9f-d634-4522-8954-51021b570b0d", Name: "private-port", TenantID: "d6700c0c9ffa4f1cb322cd4a1f3906fa", NetworkID: "a87cc70a-3e15-4acf-8205-9b711a3531b7",
		Status: network.PortDown, AdminStateUp: true, MACAddress: "fa:16:3e:c9:cb:f0",
		FixedIPs:       []network.FixedIP{{SubnetID: "a0304c3a-4f08-4c43-88af-d796509c97d2", IPAddress: "10.0.0.2"}},
		SecurityGroups: []string{"f0ac4394-7e4a-4409-9701-ba8be283dbc3"}, AllowedAddressPairs: []network.AllowedAddressPair{},
	}
}

func TestPortsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-ports"
	apitest.Check(t, want(operation, http.MethodGet, "/ports", ""), documented(operation), []*network.Port{documentedPort()},
		on(func(ctx context.Context, n *network.Client) ([]*network.Port, error) { return n.Ports.List(ctx, nil) }))
}

func TestPortsGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-port"
	apitest.Check(t, want(operation, http.MethodGet, "/ports/"+portID, ""), documented(operation), documentedPort(),
		on(func(ctx context.Context, n *network.Client) (*network.Port, error) { return n.Ports.Get(ctx, portID) }))
	refusesIDs(t, operation, "portId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.Ports.Get(ctx, id)
		return err
	})
	t.Run("fields", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want(operation, http.MethodGet, "/ports/p?fields=id&fields=extra_dhcp_opts", ""),
			apitest.Reply{Body: `{"port": {"id": "p", "extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": "1400", "ip_version": 4}]}}`})
		port, err := network.New(m.Client).Ports.Get(t.Context(), "p", "id", "extra_dhcp_opts")
		require.NoError(t, err)
		assert.Equal(t, &network.Port{ID: "p", ExtraDHCPOpts: []network.ExtraDHCPOpt{{Name: "mtu", Value: new("1400"), IPVersion: 4}}}, port)
	})
}

func TestPortsCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-port"
	create := func(request network.PortCreateRequest) func(context.Context, *network.Client) (*network.Port, error) {
		return func(ctx context.Context, n *network.Client) (*network.Port, error) {
			return n.Ports.Create(ctx, request)
		}
	}
	w := want(operation, http.MethodPost, "/ports", "@")
	apitest.CheckCreate(t, w, documented(operation), privatePort(),
		on(create(network.PortCreateRequest{NetworkID: "a87cc70a-3e15-4acf-8205-9b711a3531b7", Name: "private-port", AdminStateUp: new(true)})))
	for body, request := range map[string]network.PortCreateRequest{
		`{"network_id": "v"}`: {NetworkID: "v"},
		`{"network_id": "v", "fixed_ips": [], "security_groups": [], "allowed_address_pairs": [], "extra_dhcp_opts": []}`: {
			NetworkID: "v", FixedIPs: []network.FixedIP{}, SecurityGroups: []string{}, AllowedAddressPairs: []network.AllowedAddressPair{}, ExtraDHCPOpts: []network.ExtraDHCPOpt{},
		},
		`{"network_id": "v", "admin_state_up": false, "port_security_enabled": false}`: {NetworkID: "v", AdminStateUp: new(false), PortSecurityEnabled: new(false)},
		`{"network_id": "v", "fixed_ips": [{"subnet_id": "s", "ip_address": "10.0.0.9"}, {"subnet_id": "s"}], "port_security_enabled": true, "security_groups": ["g"],
			"allowed_address_pairs": [{"ip_address": "10.0.1.0/24"}, {"ip_address": "10.0.0.8", "mac_address": "fa:16:3e:1a:ed:34"}],
			"extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": "1400", "ip_version": 4}], "device_id": "d", "device_owner": "network:virtual_ip"}`: {
			NetworkID: "v", FixedIPs: []network.FixedIP{{SubnetID: "s", IPAddress: "10.0.0.9"}, {SubnetID: "s"}}, PortSecurityEnabled: new(true), SecurityGroups: []string{"g"},
			AllowedAddressPairs: []network.AllowedAddressPair{{IPAddress: "10.0.1.0/24"}, {IPAddress: "10.0.0.8", MACAddress: "fa:16:3e:1a:ed:34"}},
			ExtraDHCPOpts:       []network.ExtraDHCPOpt{{Name: "mtu", Value: new("1400"), IPVersion: 4}}, DeviceID: "d", DeviceOwner: network.DeviceOwnerVirtualIP,
		},
	} {
		sends(t, w, `{"port": `+body+`}`, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := create(request)(ctx, n)
			return err
		})
	}
	refuses(t, operation, "NetworkID", func(ctx context.Context, n *network.Client) error {
		_, err := create(network.PortCreateRequest{})(ctx, n)
		return err
	})
	for _, test := range refusedPorts() {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			_, err := create(network.PortCreateRequest{
				NetworkID: "v", FixedIPs: test.port.FixedIPs, PortSecurityEnabled: test.port.PortSecurityEnabled, SecurityGroups: test.port.SecurityGroups,
				AllowedAddressPairs: test.port.AllowedAddressPairs, ExtraDHCPOpts: test.port.ExtraDHCPOpts,
			})(ctx, n)
			return err
		})
	}
}

// refusedPorts are what is refused in new ports and in changes alike.
func refusedPorts() []struct {
	field string
	port  network.PortUpdateRequest
} {
	pair := func(address, mac string) network.PortUpdateRequest {
		return network.PortUpdateRequest{AllowedAddressPairs: []network.AllowedAddressPair{{IPAddress: "10.0.0.8"}, {IPAddress: address, MACAddress: mac}}}
	}
	return []struct {
		field string
		port  network.PortUpdateRequest
	}{
		{"FixedIPs[1]", network.PortUpdateRequest{FixedIPs: []network.FixedIP{{SubnetID: "s"}, {}}}},
		{"FixedIPs[0].IPAddress", network.PortUpdateRequest{FixedIPs: []network.FixedIP{{IPAddress: "10.0.0.256"}}}},
		{"FixedIPs[0].IPAddress", network.PortUpdateRequest{FixedIPs: []network.FixedIP{{IPAddress: "10.0.0.0/24"}}}},
		{"SecurityGroups[1]", network.PortUpdateRequest{SecurityGroups: []string{"g", ""}}},
		{"AllowedAddressPairs[1].IPAddress", pair("", "")},
		{"AllowedAddressPairs[1].IPAddress", pair("10.0.0.1/24", "")},
		{"AllowedAddressPairs[1].MACAddress", pair("10.0.0.1", "fa:16:3e")},
		{"AllowedAddressPairs[1].MACAddress", pair("10.0.0.1", "02:00:5e:10:00:00:00:01")},
		{"ExtraDHCPOpts[0].Name", network.PortUpdateRequest{ExtraDHCPOpts: []network.ExtraDHCPOpt{{}}}},
		{"SecurityGroups, AllowedAddressPairs", network.PortUpdateRequest{
			PortSecurityEnabled: new(false), SecurityGroups: []string{"g"}, AllowedAddressPairs: []network.AllowedAddressPair{{IPAddress: "10.0.0.8"}},
		}},
	}
}

func TestPortsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-port"
	const id = "65c0ee9f-d634-4522-8954-51021b570b0d"
	update := func(id string, request network.PortUpdateRequest) func(context.Context, *network.Client) (*network.Port, error) {
		return func(ctx context.Context, n *network.Client) (*network.Port, error) {
			return n.Ports.Update(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/ports/"+id, "@")
	apitest.Check(t, w, documented(operation), privatePort(), on(update(id, network.PortUpdateRequest{Name: new("private-port"), AdminStateUp: new(true)})))
	for body, request := range map[string]network.PortUpdateRequest{
		`{"name": ""}`: {Name: new("")}, // a port needs none
		`{"port_security_enabled": false, "security_groups": [], "allowed_address_pairs": []}`: {
			PortSecurityEnabled: new(false), SecurityGroups: []string{}, AllowedAddressPairs: []network.AllowedAddressPair{},
		},
		`{"fixed_ips": []}`:         {FixedIPs: []network.FixedIP{}},
		`{"security_groups": []}`:   {SecurityGroups: []string{}},
		`{"admin_state_up": false}`: {AdminStateUp: new(false)},
		`{"extra_dhcp_opts": [{"opt_name": "mtu", "opt_value": null}]}`: {ExtraDHCPOpts: []network.ExtraDHCPOpt{{Name: "mtu"}}},
	} {
		sends(t, w, `{"port": `+body+`}`, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := update(id, request)(ctx, n)
			return err
		})
	}
	refuses(t, operation, "Name", func(ctx context.Context, n *network.Client) error {
		_, err := update(id, network.PortUpdateRequest{})(ctx, n)
		return err
	})
	for _, test := range refusedPorts() {
		refuses(t, operation, test.field, func(ctx context.Context, n *network.Client) error {
			_, err := update(id, test.port)(ctx, n)
			return err
		})
	}
	refusesIDs(t, operation, "portId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, network.PortUpdateRequest{Name: new("n")})(ctx, n)
		return err
	})
}

func TestPortsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-port", "/ports", "portId", func(ctx context.Context, n *network.Client, id string) error { return n.Ports.Delete(ctx, id) })
}

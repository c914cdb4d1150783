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
	floatingIPID = "fed3fcf6-59b1-4f43-93e5-23a47cb5452e"
	connectedID  = "5338b5b2-9d80-46b5-ba13-2fd13f5c498a"
)

// documentedFloatingIP is the floating IP that is connected to nothing.
func documentedFloatingIP() *network.FloatingIP {
	return &network.FloatingIP{
		ID: floatingIPID, TenantID: "19eeb40d58684543aef29cbb5ebfe8f0", FloatingNetworkID: "4b61db01-8183-4540-b2a3-47254a58298d",
		FloatingIPAddress: "133.186.242.214", Status: network.FloatingIPDown, DeleteProtection: true, Label: "LABEL",
	}
}

// connectedFloatingIP is the floating IP of the answers to changes.
func connectedFloatingIP() *network.FloatingIP {
	return &network.FloatingIP{
		ID: connectedID, TenantID: "f5073eaa26b64cffbee89411df94ce01", FloatingNetworkID: "b04b1c31-f2e9-4ae0-a264-02b7d61ad618",
		FloatingIPAddress: "133.186.147.40", FixedIPAddress: "192.168.22.96", PortID: "af41e9f7-18ae-43c5-8b7e-7026f792bf3a",
		RouterID: "4337119f-8c72-40bf-818a-21258ecb86db", Status: network.FloatingIPDown, DeleteProtection: true, Label: "LABEL",
	}
}

func TestFloatingIPsList(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-list-floatingips"
	w := want(operation, http.MethodGet, "/floatingips", "")
	list := on(func(ctx context.Context, n *network.Client) ([]*network.FloatingIP, error) {
		return n.FloatingIPs.List(ctx, nil)
	})
	apitest.Check(t, w, documented(operation), []*network.FloatingIP{documentedFloatingIP()}, list)
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, documented(operation+".gateway"))
		ips, err := list(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, []*network.FloatingIP{{ID: "fip-id-123", FloatingIPAddress: "133.186.xxx.xxx", Status: network.FloatingIPActive, PortID: "port-id-123"}}, ips)
	})
}

func TestFloatingIPsGet(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-get-floatingip"
	apitest.Check(t, want(operation, http.MethodGet, "/floatingips/"+floatingIPID, ""), documented(operation), documentedFloatingIP(),
		on(func(ctx context.Context, n *network.Client) (*network.FloatingIP, error) {
			return n.FloatingIPs.Get(ctx, floatingIPID)
		}))
	refusesIDs(t, operation, "floatingIpId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.FloatingIPs.Get(ctx, id)
		return err
	})
}

func TestFloatingIPsCreate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-create-floatingip"
	create := func(request network.FloatingIPCreateRequest) func(context.Context, *network.Client) (*network.FloatingIP, error) {
		return func(ctx context.Context, n *network.Client) (*network.FloatingIP, error) {
			return n.FloatingIPs.Create(ctx, request)
		}
	}
	// The guide sends a port_id of null as well, which says nothing.
	w := want(operation, http.MethodPost, "/floatingips", `{"floatingip": {"floating_network_id": "4b61db01-8183-4540-b2a3-47254a58298d"}}`)
	apitest.CheckCreate(t, w, documented(operation), documentedFloatingIP(), on(create(network.FloatingIPCreateRequest{FloatingNetworkID: "4b61db01-8183-4540-b2a3-47254a58298d"})))
	sends(t, w, `{"floatingip": {"floating_network_id": "e", "port_id": "p", "delete_protection": true, "label": "라벨"}}`, documented(operation),
		func(ctx context.Context, n *network.Client) error {
			_, err := create(network.FloatingIPCreateRequest{FloatingNetworkID: "e", PortID: "p", DeleteProtection: true, Label: "라벨"})(ctx, n)
			return err
		})
	refuses(t, operation, "FloatingNetworkID", func(ctx context.Context, n *network.Client) error {
		_, err := create(network.FloatingIPCreateRequest{})(ctx, n)
		return err
	})
}

func TestFloatingIPsUpdate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-update-floatingip"
	update := func(id string, request network.FloatingIPUpdateRequest) func(context.Context, *network.Client) (*network.FloatingIP, error) {
		return func(ctx context.Context, n *network.Client) (*network.FloatingIP, error) {
			return n.FloatingIPs.Update(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/floatingips/"+connectedID, "@")
	apitest.Check(t, w, documented(operation), connectedFloatingIP(), on(update(connectedID, network.FloatingIPUpdateRequest{DeleteProtection: new(true), Label: new("LABEL")})))
	for body, request := range map[string]network.FloatingIPUpdateRequest{
		`{"floatingip": {"delete_protection": false}}`: {DeleteProtection: new(false)},
		`{"floatingip": {"label": ""}}`:                {Label: new("")},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, n *network.Client) error {
			_, err := update(connectedID, request)(ctx, n)
			return err
		})
	}
	refuses(t, operation, "DeleteProtection", func(ctx context.Context, n *network.Client) error {
		_, err := update(connectedID, network.FloatingIPUpdateRequest{})(ctx, n)
		return err
	})
	refusesIDs(t, operation, "floatingIpId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := update(id, network.FloatingIPUpdateRequest{Label: new("")})(ctx, n)
		return err
	})
}

func TestFloatingIPsAssociate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-associate-floatingip"
	const port = "af41e9f7-18ae-43c5-8b7e-7026f792bf3a"
	associate := func(id string, request network.FloatingIPAssociateRequest) func(context.Context, *network.Client) (*network.FloatingIP, error) {
		return func(ctx context.Context, n *network.Client) (*network.FloatingIP, error) {
			return n.FloatingIPs.Associate(ctx, id, request)
		}
	}
	w := want(operation, http.MethodPut, "/floatingips/"+connectedID, "@")
	apitest.Check(t, w, documented(operation), connectedFloatingIP(), on(associate(connectedID, network.FloatingIPAssociateRequest{PortID: port})))
	sends(t, w, `{"floatingip": {"port_id": "p", "fixed_ip_address": "10.0.0.5"}}`, documented(operation), func(ctx context.Context, n *network.Client) error {
		_, err := associate(connectedID, network.FloatingIPAssociateRequest{PortID: "p", FixedIPAddress: "10.0.0.5"})(ctx, n)
		return err
	})
	refuses(t, operation, "PortID, FixedIPAddress", func(ctx context.Context, n *network.Client) error {
		_, err := associate(connectedID, network.FloatingIPAssociateRequest{FixedIPAddress: "here"})(ctx, n)
		return err
	})
	refusesIDs(t, operation, "floatingIpId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := associate(id, network.FloatingIPAssociateRequest{PortID: port})(ctx, n)
		return err
	})
}

func TestFloatingIPsDisassociate(t *testing.T) {
	t.Parallel()
	const operation = "network-v2-associate-floatingip"
	apitest.Check(t, want(operation, http.MethodPut, "/floatingips/"+floatingIPID, `{"floatingip": {"port_id": null}}`), documented("network-v2-get-floatingip"), documentedFloatingIP(),
		on(func(ctx context.Context, n *network.Client) (*network.FloatingIP, error) {
			return n.FloatingIPs.Disassociate(ctx, floatingIPID)
		}))
	refusesIDs(t, operation, "floatingIpId", func(ctx context.Context, n *network.Client, id string) error {
		_, err := n.FloatingIPs.Disassociate(ctx, id)
		return err
	})
}

func TestFloatingIPsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "network-v2-delete-floatingip", "/floatingips", "floatingIpId", func(ctx context.Context, n *network.Client, id string) error {
		return n.FloatingIPs.Delete(ctx, id)
	})
}

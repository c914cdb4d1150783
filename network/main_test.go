package network_test

import (
	"context"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const baseURL = "https://kr1-api-network-infrastructure.nhncloudservice.com/v2.0"

// want is a request of an operation. The body is JSON, "@" for the documented
// one, or "".
func want(operation, method, path, body string) apitest.Want {
	if body == "@" {
		body = "@" + operation + ".request.json"
	}
	return apitest.Want{Operation: operation, Method: method, URL: baseURL + path, Body: body}
}

// documented is the documented answer to an operation.
func documented(operation string) apitest.Reply {
	return apitest.Reply{Body: "@" + operation + ".response.json"}
}

// on makes a call of the network service one of any client.
func on[T any](call func(ctx context.Context, n *network.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return func(ctx context.Context, client *nhncloud.Client) (T, error) { return call(ctx, network.New(client)) }
}

// refuses checks that a call refuses an argument.
func refuses(t *testing.T, operation, field string, call func(ctx context.Context, n *network.Client) error) {
	t.Helper()
	apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error { return call(ctx, network.New(client)) })
}

// refusesIDs checks that a call refuses what can't be an id in a path.
func refusesIDs(t *testing.T, operation, field string, call func(ctx context.Context, n *network.Client, id string) error) {
	t.Helper()
	apitest.RefusedSegments(t, operation, field, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return call(ctx, network.New(client), id)
	})
}

// checkDeletion checks an operation that deletes a resource.
func checkDeletion(t *testing.T, operation, path, field string, del func(ctx context.Context, n *network.Client, id string) error) {
	t.Helper()
	apitest.CheckEmpty(t, want(operation, http.MethodDelete, path+"/x1", ""), apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return del(ctx, network.New(client), "x1")
	})
	refusesIDs(t, operation, field, del)
}

// sends checks what body a call sends, whatever the answer is.
func sends(t *testing.T, w apitest.Want, body string, reply apitest.Reply, call func(ctx context.Context, n *network.Client) error) {
	t.Helper()
	m := apitest.New(t)
	w.Body = body
	m.Expect(w, reply)
	require.NoError(t, call(t.Context(), network.New(m.Client)))
}

// at reads a time of a payload.
func at(t *testing.T, text string) time.Time {
	t.Helper()
	parsed, err := time.Parse("2006-01-02 15:04:05", text)
	require.NoError(t, err)
	return parsed
}

// TestConstants has the words of the guides.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []network.State{"available"}, []network.State{network.StateAvailable})
	assert.Equal(t, []network.GatewayState{"available", "unavailable", "migrating", "ERROR"},
		[]network.GatewayState{network.GatewayAvailable, network.GatewayUnavailable, network.GatewayMigrating, network.GatewayError})
	assert.Equal(t, []network.MigrateStatus{"none", "unbinding_progress", "unbinding_error", "binding_progress", "binding_error"}, []network.MigrateStatus{
		network.MigrateNone, network.MigrateUnbindingProgress, network.MigrateUnbindingError, network.MigrateBindingProgress, network.MigrateBindingError,
	})
	assert.Equal(t, []network.GatewayType{
		"goblin:transition", "goblin:colocation_gateway", "goblin:peering", "goblin:inter_project_peering", "goblin:inter_region_peering",
		"goblin:natgateway", "goblin:vpngateway", "goblin:asterisk",
	}, []network.GatewayType{
		network.GatewayTransit, network.GatewayColocation, network.GatewayPeering, network.GatewayInterProjectPeering, network.GatewayInterRegionPeering,
		network.GatewayNAT, network.GatewayVPN, network.GatewayTransitHub,
	})
	assert.Equal(t, []network.PortStatus{"ACTIVE", "BUILD", "DOWN", "ERROR"},
		[]network.PortStatus{network.PortActive, network.PortBuild, network.PortDown, network.PortError})
	assert.Equal(t, []network.NetworkStatus{"ACTIVE", "DOWN", "BUILD", "ERROR"},
		[]network.NetworkStatus{network.NetworkActive, network.NetworkDown, network.NetworkBuild, network.NetworkError})
	assert.Equal(t, []network.FloatingIPStatus{"ACTIVE", "DOWN", "ERROR"},
		[]network.FloatingIPStatus{network.FloatingIPActive, network.FloatingIPDown, network.FloatingIPError})
	assert.Equal(t, []network.Direction{"ingress", "egress"}, []network.Direction{network.DirectionIngress, network.DirectionEgress})
	assert.Equal(t, []network.Ethertype{"IPv4", "IPv6"}, []network.Ethertype{network.EthertypeIPv4, network.EthertypeIPv6})
	assert.Equal(t, []network.Protocol{"", "icmp", "tcp", "udp"},
		[]network.Protocol{network.ProtocolAny, network.ProtocolICMP, network.ProtocolTCP, network.ProtocolUDP})
	assert.Equal(t, []string{"local", "network:virtual_ip", "Default Network"}, []string{network.GatewayLocal, network.DeviceOwnerVirtualIP, network.DefaultVPCName})
}

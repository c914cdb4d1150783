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

var service = apitest.Service[*network.Client]{New: network.New, BaseURL: baseURL}

var (
	want       = service.Want
	documented = apitest.Documented
	refuses    = service.Refuses
	refusesIDs = service.RefusesIDs
	sends      = service.Sends
)

// on makes a call of the network service one of any client.
func on[T any](call func(context.Context, *network.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return apitest.On(service, call)
}

// checkDeletion checks an operation that deletes a resource.
func checkDeletion(t *testing.T, operation, path, field string, del func(ctx context.Context, n *network.Client, id string) error) {
	t.Helper()
	service.CheckDeletion(t, operation, path, "", http.StatusNoContent, field, del)
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

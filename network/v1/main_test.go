package networkv1_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"

	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The words of the guide.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []networkv1.NetworkStatus{"BUILD", "ACTIVE", "DOWN", "ERROR"},
		[]networkv1.NetworkStatus{networkv1.NetworkBuild, networkv1.NetworkActive, networkv1.NetworkDown, networkv1.NetworkError})
	assert.Equal(t, []networkv1.FloatingIPStatus{"ACTIVE", "DOWN", "ERROR"},
		[]networkv1.FloatingIPStatus{networkv1.FloatingIPActive, networkv1.FloatingIPDown, networkv1.FloatingIPError})
	assert.Equal(t, []networkv1.Direction{"ingress", "egress"}, []networkv1.Direction{networkv1.DirectionIngress, networkv1.DirectionEgress})
	assert.Equal(t, []networkv1.Ethertype{"IPv4", "IPv6"}, []networkv1.Ethertype{networkv1.EthertypeIPv4, networkv1.EthertypeIPv6})
	assert.Equal(t, []networkv1.Protocol{"", "icmp", "tcp", "udp"},
		[]networkv1.Protocol{networkv1.ProtocolAny, networkv1.ProtocolICMP, networkv1.ProtocolTCP, networkv1.ProtocolUDP})
}

package netcheck_test

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// message is what a check has to say, or "".
func message(check *nhncloud.ArgumentCheck) string {
	if err := check.Err("op"); err != nil {
		return err.Error()
	}
	return ""
}

func TestNetwork(t *testing.T) {
	t.Parallel()
	const noNetwork = "nhncloud: op: CIDR must be a network in CIDR notation, such as 10.0.0.0/16"
	for text, problem := range map[string]string{
		"10.0.0.0/16": "", "0.0.0.0/0": "", "10.1.2.3/32": "", "192.168.0.128/25": "", "2001:db8::/32": "", "::/0": "", "fe80::1/128": "",
		"": "nhncloud: op: CIDR must not be empty", "10.0.0.0": noNetwork, "10.0.0.0/33": noNetwork, "10.0.0.0/-1": noNetwork, "10.0.0/16": noNetwork,
		"10.0.0.256/24": noNetwork, "010.0.0.0/8": noNetwork, " 10.0.0.0/8": noNetwork, "10.0.0.0/08": noNetwork, "10.0.0.0/255.0.0.0": noNetwork,
		"fe80::%eth0/64": noNetwork, "all": noNetwork, "::/129": noNetwork,
		"10.0.0.1/16":     "nhncloud: op: CIDR must not have host bits; the network is 10.0.0.0/16",
		"2001:db8::1/127": "nhncloud: op: CIDR must not have host bits; the network is 2001:db8::/127",
	} {
		var check nhncloud.ArgumentCheck
		network := netcheck.Network(&check, "CIDR", text)
		assert.Equal(t, problem, message(&check), text)
		if problem == "" {
			assert.Equal(t, netip.MustParsePrefix(text), network)
		} else {
			assert.Zero(t, network, text)
		}
	}
	var check nhncloud.ArgumentCheck
	assert.True(t, netcheck.NetworkV4(&check, "CIDR", "10.0.0.0/8").IsValid())
	assert.Empty(t, message(&check))
	assert.Zero(t, netcheck.NetworkV4(&check, "CIDR", "2001:db8::/32"))
	assert.Equal(t, "nhncloud: op: CIDR must be a network of IPv4", message(&check))
}

func TestAddress(t *testing.T) {
	t.Parallel()
	for text, problem := range map[string]string{
		"10.0.0.1": "", "0.0.0.0": "", "2001:db8::1": "",
		"":             "nhncloud: op: IPAddress must not be empty",
		"10.0.0.1/32":  "nhncloud: op: IPAddress must be an IP address",
		"10.0.0":       "nhncloud: op: IPAddress must be an IP address",
		"fe80::1%eth0": "nhncloud: op: IPAddress must be an IP address",
		"localhost":    "nhncloud: op: IPAddress must be an IP address",
	} {
		var check nhncloud.ArgumentCheck
		address := netcheck.Address(&check, "IPAddress", text)
		assert.Equal(t, problem, message(&check), text)
		assert.Equal(t, problem == "", address.IsValid(), text)
	}
}

func TestGateway(t *testing.T) {
	t.Parallel()
	for text, problem := range map[string]string{
		"10.0.1.1 10.0.1.0/24": "", "10.0.1.254 10.0.1.0/24": "", "10.0.1.0 10.0.1.0/31": "", "10.0.1.1 10.0.1.0/31": "", "10.0.1.1 10.0.1.1/32": "",
		"2001:db8::1 2001:db8::/64": "", "2001:db8::ffff:ffff:ffff:ffff 2001:db8::/64": "",
		"10.0.2.1 10.0.1.0/24":      "must be in 10.0.1.0/24",
		"2001:db8::1 10.0.1.0/24":   "must be in 10.0.1.0/24",
		"10.0.1.0 10.0.1.0/24":      "must not be the address of 10.0.1.0/24 itself",
		"2001:db8:: 2001:db8::/64":  "must not be the address of 2001:db8::/64 itself",
		"10.0.1.255 10.0.1.0/24":    "must not be the broadcast address of 10.0.1.0/24",
		"255.255.255.255 0.0.0.0/0": "must not be the broadcast address of 0.0.0.0/0",
		"gateway 10.0.1.0/24":       "must be an IP address",
	} {
		address, network := cut(text)
		var check nhncloud.ArgumentCheck
		netcheck.Gateway(&check, "Gateway", address, netip.MustParsePrefix(network))
		if problem != "" {
			problem = "nhncloud: op: Gateway " + problem
		}
		assert.Equal(t, problem, message(&check), text)
	}
	var check nhncloud.ArgumentCheck
	netcheck.Gateway(&check, "Gateway", "10.0.0.1", netip.Prefix{})
	assert.Empty(t, message(&check), "the network was refused itself")
}

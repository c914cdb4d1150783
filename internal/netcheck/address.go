package netcheck

import (
	"fmt"
	"net/netip"

	"github.com/nhncloud-go/nhncloud"
)

// Network refuses a field that is no network in CIDR notation, and returns it.
// The zero prefix stands for one that was refused.
func Network(check *nhncloud.ArgumentCheck, field, value string) netip.Prefix {
	network, err := netip.ParsePrefix(value)
	switch {
	case value == "":
		check.Required(field, value)
	case err != nil:
		check.Refuse(field, "must be a network in CIDR notation, such as 10.0.0.0/16")
	case network != network.Masked():
		check.Refuse(field, fmt.Sprintf("must not have host bits; the network is %v", network.Masked()))
	default:
		return network
	}
	return netip.Prefix{}
}

// NetworkV4 is [Network] for one of IPv4.
func NetworkV4(check *nhncloud.ArgumentCheck, field, value string) netip.Prefix {
	network := Network(check, field, value)
	if network.IsValid() && !network.Addr().Is4() {
		check.Refuse(field, "must be a network of IPv4")
		return netip.Prefix{}
	}
	return network
}

// Address refuses a field that is no IP address, and returns it. The zero
// address stands for one that was refused.
func Address(check *nhncloud.ArgumentCheck, field, value string) netip.Addr {
	address, err := netip.ParseAddr(value)
	switch {
	case value == "":
		check.Required(field, value)
	case err != nil || address.Zone() != "":
		check.Refuse(field, "must be an IP address")
	default:
		return address
	}
	return netip.Addr{}
}

// Gateway refuses a field that is no address of a host in the network. A zero
// network, which was refused itself, has all.
func Gateway(check *nhncloud.ArgumentCheck, field, value string, network netip.Prefix) {
	address := Address(check, field, value)
	switch {
	case !address.IsValid() || !network.IsValid():
	case !network.Contains(address):
		check.Refuse(field, fmt.Sprintf("must be in %v", network))
	case network.IsSingleIP() || network.Bits() == address.BitLen()-1: // all addresses are of hosts
	case address == network.Addr():
		check.Refuse(field, fmt.Sprintf("must not be the address of %v itself", network))
	case address.Is4() && !network.Contains(address.Next()):
		check.Refuse(field, fmt.Sprintf("must not be the broadcast address of %v", network))
	}
}

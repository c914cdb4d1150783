package network

import (
	"fmt"
	"net"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// portSecurity is what the requests for a new port and for a change of one have
// to be checked for alike.
type portSecurity struct {
	fixedIPs []FixedIP
	enabled  *bool
	groups   []string
	pairs    []AllowedAddressPair
	options  []ExtraDHCPOpt
}

func (p portSecurity) check(check *nhncloud.ArgumentCheck) {
	for i, ip := range p.fixedIPs {
		field := fmt.Sprintf("FixedIPs[%d]", i)
		check.RefuseIf(ip == FixedIP{}, field, "needs SubnetID or IPAddress")
		if ip.IPAddress != "" {
			netcheck.Address(check, field+".IPAddress", ip.IPAddress)
		}
	}
	check.RequiredEach("SecurityGroups", p.groups)
	for i, pair := range p.pairs {
		pair.check(check, fmt.Sprintf("AllowedAddressPairs[%d]", i))
	}
	for i, option := range p.options {
		check.Required(fmt.Sprintf("ExtraDHCPOpts[%d].Name", i), option.Name)
	}
	if p.enabled != nil && !*p.enabled {
		check.RefuseIf(len(p.groups) > 0, "SecurityGroups", "must be empty without PortSecurityEnabled")
		check.RefuseIf(len(p.pairs) > 0, "AllowedAddressPairs", "must be empty without PortSecurityEnabled")
	}
}

func (p AllowedAddressPair) check(check *nhncloud.ArgumentCheck, field string) {
	if strings.Contains(p.IPAddress, "/") {
		netcheck.Network(check, field+".IPAddress", p.IPAddress)
	} else {
		netcheck.Address(check, field+".IPAddress", p.IPAddress)
	}
	if p.MACAddress != "" {
		hardware, err := net.ParseMAC(p.MACAddress)
		check.RefuseIf(err != nil || len(hardware) != 6, field+".MACAddress", "must be a MAC address, such as fa:16:3e:1a:ed:34")
	}
}

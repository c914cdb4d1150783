package network

import (
	crand "crypto/rand"
	"fmt"
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Port is where something touches a subnet.
type Port struct {
	ID     string
	Subnet *Subnet
	IP     netip.Addr
	MAC    string
}

// Connect makes a port with an address, or any free one when it is the zero
// one; nil when there is none.
func (sn *Subnet) Connect(owner string, ip netip.Addr) *Port {
	if !ip.IsValid() {
		var ok bool
		if ip, ok = sn.take(owner); !ok {
			return nil
		}
	}
	sn.used[ip] = owner
	return &Port{ID: frame.NewID(), Subnet: sn, IP: ip, MAC: newMAC()}
}

// Release gives the address of a port back, and ends what leads to it.
func (p *Project) Release(pt *Port) {
	delete(pt.Subnet.used, pt.IP)
	if f := p.FloatingIPOf(pt.ID); f != nil {
		f.Port = nil
	}
}

func newMAC() string {
	var b [3]byte
	_, _ = crand.Read(b[:])
	return fmt.Sprintf("fa:16:3e:%02x:%02x:%02x", b[0], b[1], b[2])
}

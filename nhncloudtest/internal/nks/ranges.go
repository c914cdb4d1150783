package nks

import (
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// The ranges of pods and services where a request names none.
const (
	defaultPods      = "10.100.0.0/16"
	defaultServices  = "10.254.0.0/16"
	defaultPodSubnet = "24"
)

// reservedRanges are in use already: link-local addresses, and NKS itself.
var reservedRanges = []netip.Prefix{netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("198.18.0.0/19")}

// readRanges checks the networks of pods and services: none is too small, and
// none overlaps with another one or with what is in use.
func (c *call) readRanges(_ object, o *order) *frame.Reply {
	labels := o.cluster.labels
	taken := append([]netip.Prefix{o.cluster.subnet.CIDR}, reservedRanges...)
	for _, in := range reservedRanges {
		if in.Overlaps(o.cluster.subnet.CIDR) {
			return invalid("fixed_subnet", o.cluster.subnet.ID, "The CIDR overlaps with %s.", in)
		}
	}
	if o.cluster.subnet.CIDR.Bits() > 24 {
		return invalid("fixed_subnet", o.cluster.subnet.ID, "The prefix of the CIDR is longer than /24.")
	}
	var pods netip.Prefix
	for _, label := range []string{"pods_network_cidr", "service_cluster_ip_range"} {
		value := shown(labels[label])
		cidr, err := netip.ParsePrefix(value)
		switch {
		case err != nil || !cidr.Addr().Is4() || cidr != cidr.Masked():
			return invalid("labels."+label, value, "It is no IPv4 network.")
		case cidr.Bits() > 24:
			return invalid("labels."+label, value, "The prefix of the CIDR is longer than /24.")
		}
		for _, other := range taken {
			if cidr.Overlaps(other) {
				return invalid("labels."+label, value, "The CIDR overlaps with %s.", other)
			}
		}
		taken = append(taken, cidr)
		if !pods.IsValid() {
			pods = cidr
		}
	}
	size, ok := frame.AsInt(labels["pods_network_subnet"])
	switch {
	case !ok || size < 20 || size > 28:
		return invalid("labels.pods_network_subnet", labels["pods_network_subnet"], "It is not between 20 and 28.")
	case size < pods.Bits()+2:
		return invalid("labels.pods_network_subnet", labels["pods_network_subnet"], "It is not at least 2 more than the prefix of %s.", pods)
	}
	return nil
}

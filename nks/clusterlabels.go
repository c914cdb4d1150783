package nks

import (
	"net/netip"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
	"github.com/nhncloud-go/nhncloud/nks/internal/label"
)

// ClusterLabels are the settings of a cluster. Those of NodeGroupLabels are of
// its default worker group, but for KubeTag: that is the Kubernetes version of
// the control plane.
//
// ExternalNetworkID and ExternalSubnetIDs are required where the subnet of the
// cluster is routed to an internet gateway.
type ClusterLabels struct {
	NodeGroupLabels
	// MasterLBFloatingIPEnabled (label master_lb_floating_ip_enabled) gives the
	// Kubernetes API a public name. It needs the external network.
	MasterLBFloatingIPEnabled bool

	ServiceClusterIPRange string // service_cluster_ip_range: CIDR of the services' cluster IPs
	PodsNetworkCIDR       string // pods_network_cidr
	PodsNetworkSubnet     int    // pods_network_subnet: bits of the subnet of each node's pods, 20 to 28
	CNIDriver             string // cni_driver

	NCRServiceGatewayID string // ncr_sgw: service gateway of NCR, in the VPC of the cluster
	OBSServiceGatewayID string // obs_sgw: service gateway of object storage, in the VPC of the cluster

	// ControlPlaneLog (label control_plane_log) is JSON in a text, as
	// [ControlPlaneLog.Label] makes it.
	ControlPlaneLog nhncloud.Secret
	SKMKeyID        string // skm: key of Secure Key Manager that encrypts etcd

	TermOfValidity    int    // term_of_validity: years that the certificates are valid for, in answers
	CertificateExpiry string // certificate_expiry: date, in answers
}

// fields is what ClusterLabels look like on their way.
func (l *ClusterLabels) fields() []label.Field {
	return append(l.NodeGroupLabels.fields(),
		label.Required("master_lb_floating_ip_enabled", &l.MasterLBFloatingIPEnabled),
		label.Text("service_cluster_ip_range", &l.ServiceClusterIPRange),
		label.Text("pods_network_cidr", &l.PodsNetworkCIDR),
		label.Number("pods_network_subnet", &l.PodsNetworkSubnet),
		label.Text("cni_driver", &l.CNIDriver),
		label.Text("ncr_sgw", &l.NCRServiceGatewayID),
		label.Text("obs_sgw", &l.OBSServiceGatewayID),
		label.Secret("control_plane_log", &l.ControlPlaneLog),
		label.Key("skm", &l.SKMKeyID),
		label.Number("term_of_validity", &l.TermOfValidity),
		label.Text("certificate_expiry", &l.CertificateExpiry),
	)
}

// MarshalJSON encodes the labels as they travel, but without what is secret.
func (l ClusterLabels) MarshalJSON() ([]byte, error) { return label.Shown(l.fields(), l.Other) }

// UnmarshalJSON reads labels in any of their documented forms.
func (l *ClusterLabels) UnmarshalJSON(encoded []byte) error {
	*l = ClusterLabels{}
	return label.Read(encoded, l.fields(), &l.Other)
}

func (l *ClusterLabels) body() map[string]any { return label.Body(l.fields(), l.Other) }

func (l *ClusterLabels) secrets() []nhncloud.Secret {
	return append(l.NodeGroupLabels.secrets(), l.ControlPlaneLog)
}

// check refuses what no cluster is created with.
func (l *ClusterLabels) check(check *nhncloud.ArgumentCheck) {
	l.NodeGroupLabels.check(check)
	check.Required("Labels.NodeImage", l.NodeImage)
	check.Required("Labels.KubeTag", l.KubeTag)
	if l.MasterLBFloatingIPEnabled || l.ExternalNetworkID != "" || len(l.ExternalSubnetIDs) > 0 {
		check.Required("Labels.ExternalNetworkID", l.ExternalNetworkID)
		check.RefuseIf(len(l.ExternalSubnetIDs) == 0, "Labels.ExternalSubnetIDs", "must not be empty")
	}
	l.checkNetworks(check)
}

// reserved are the networks that NKS uses itself, and the one of link-local
// addresses.
var reserved = []netip.Prefix{netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("198.18.0.0/19")}

// checkNetworks refuses networks that overlap.
func (l *ClusterLabels) checkNetworks(check *nhncloud.ArgumentCheck) {
	taken := slices.Clone(reserved)
	for _, one := range []struct{ field, cidr string }{
		{"Labels.ServiceClusterIPRange", l.ServiceClusterIPRange},
		{"Labels.PodsNetworkCIDR", l.PodsNetworkCIDR},
	} {
		if one.cidr == "" {
			continue
		}
		network := netcheck.NetworkV4(check, one.field, one.cidr)
		if i := slices.IndexFunc(taken, network.Overlaps); network.IsValid() && i >= 0 {
			check.Refuse(one.field, "must not overlap with "+taken[i].String())
		}
		taken = append(taken, network)
	}
}

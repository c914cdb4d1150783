package gatewaytest

import (
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nks"
)

// Version is a version of Kubernetes that the cloud in memory has. That of the
// documented request is older.
const Version = "v1.30.3"

// KeyName is the key pair of what is made here.
const KeyName = "my-keypair"

// AddKeyPair makes a key pair called [KeyName].
func (w *World) AddKeyPair() {
	w.Helper()
	_, err := keypair.New(w.SDK).KeyPairs.Create(w.Context(), KeyName)
	require.NoError(w, err)
}

// AddInstance makes an instance that runs, and returns its id. It needs the key
// pair.
func (w *World) AddInstance(name string) string {
	w.Helper()
	servers := compute.New(w.SDK).Servers
	created, err := servers.CreateSimple(w.Context(), compute.SimpleServer{
		Name: name, ImageID: w.Cloud.ImageID("Ubuntu"), FlavorID: w.Cloud.FlavorID("m2.c2m4"), SubnetID: w.Cloud.SubnetID(), KeyName: KeyName,
	})
	require.NoError(w, err)
	_, err = servers.WaitForStatus(w.Context(), created.ID, compute.StatusActive, nil)
	require.NoError(w, err)
	return created.ID
}

// AddVPC makes a VPC with a subnet, and returns their ids.
func (w *World) AddVPC(name string) (vpcID, subnetID string) {
	w.Helper()
	n := network.New(w.SDK)
	vpc, err := n.VPCs.Create(w.Context(), network.VPCCreateRequest{Name: name, CIDRv4: "10.0.0.0/16"})
	require.NoError(w, err)
	subnet, err := n.Subnets.Create(w.Context(), network.SubnetCreateRequest{VPCID: vpc.ID, Name: name, CIDR: "10.0.1.0/24"})
	require.NoError(w, err)
	return vpc.ID, subnet.ID
}

// AddFloatingIP gives an instance a floating IP.
func (w *World) AddFloatingIP(serverID string) {
	w.Helper()
	_, err := network.New(w.SDK).FloatingIPs.AssociateWithServer(w.Context(), network.ServerAssociation{ServerID: serverID}, nil)
	require.NoError(w, err)
}

// External returns the external network and its subnet, which a public cluster
// needs.
func (w *World) External() (networkID, subnetID string) {
	w.Helper()
	n := network.New(w.SDK)
	external, err := n.VPCs.FindExternal(w.Context())
	require.NoError(w, err)
	subnets, err := nhncloud.Collect(n.Subnets.All(w.Context(), &network.SubnetListOptions{VPCID: external.ID}))
	require.NoError(w, err)
	require.NotEmpty(w, subnets)
	return external.ID, subnets[0].ID
}

// AddCluster makes a cluster that is complete. It needs the key pair.
func (w *World) AddCluster(name string) {
	w.Helper()
	clusters := nks.New(w.SDK).Clusters
	networkID, subnetID := w.External()
	uuid, err := clusters.CreateSimple(w.Context(), nks.SimpleCluster{
		Name: name, VPCID: w.Cloud.NetworkID(), SubnetID: w.Cloud.SubnetID(), InstanceType: "m2.c4m8", KeyName: KeyName,
		KubernetesVersion: Version, AvailabilityZone: "kr-pub-a", ExternalNetworkID: networkID, ExternalSubnetID: subnetID,
	})
	require.NoError(w, err)
	_, err = clusters.WaitForComplete(w.Context(), uuid, nil)
	require.NoError(w, err)
}

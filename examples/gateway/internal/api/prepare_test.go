package api_test

import (
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func changeToken(w *world, request map[string]any) {
	request["tenant_id"], request["username"], request["password"] = w.Cloud.TenantID, w.Cloud.Username, w.Cloud.Password
}

func changeInstance(w *world, request map[string]any) {
	request["image_id"], request["flavor_id"], request["subnet_id"] = w.Cloud.ImageID("Ubuntu"), w.Cloud.FlavorID("m2.c2m4"), w.Cloud.SubnetID()
}

func changeSubnet(w *world, request map[string]any) {
	request["vpc_id"], _ = w.AddVPC("my-vpc")
	request["cidr"] = "10.0.2.0/24" // the VPC has one with 10.0.1.0/24
}

func changeCluster(w *world, request map[string]any) {
	request["vpc_id"], request["subnet_id"] = w.Cloud.NetworkID(), w.Cloud.SubnetID()
	request["external_network_id"], request["external_subnet_id"] = w.External()
	request["kubernetes_version"] = gatewaytest.Version
}

func withKeyPair(w *world) map[string]string {
	w.AddKeyPair()
	return nil
}

func withInstance(w *world) map[string]string {
	w.AddKeyPair()
	return map[string]string{"server_id": w.AddInstance("my-instance")}
}

func withStoppedInstance(w *world) map[string]string {
	names := withInstance(w)
	servers := compute.New(w.SDK).Servers
	require.NoError(w, servers.Stop(w.Context(), names["server_id"]))
	_, err := servers.WaitForStatus(w.Context(), names["server_id"], compute.StatusShutoff, nil)
	require.NoError(w, err)
	return names
}

func withVPC(w *world) map[string]string {
	vpc, subnet := w.AddVPC("my-vpc")
	return map[string]string{"vpc_id": vpc, "subnet_id": subnet}
}

func withFloatingIP(w *world) map[string]string {
	names := withInstance(w)
	w.AddFloatingIP(names["server_id"])
	return names
}

func withCluster(w *world) map[string]string {
	w.AddKeyPair()
	w.AddCluster("my-cluster")
	return map[string]string{"cluster_name": "my-cluster"}
}

func withObjects(w *world) map[string]string {
	w.Cloud.AddObjects("container1", "folder/", 3)
	return map[string]string{"container_name": "container1"}
}

func withEmptyContainer(w *world) map[string]string {
	_, err := objectstorage.New(w.SDK).Containers.Create(w.Context(), "container1", nil)
	require.NoError(w, err)
	return map[string]string{"container_name": "container1"}
}

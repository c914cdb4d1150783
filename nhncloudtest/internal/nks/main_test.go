package nks_test

import (
	"maps"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type object = cloudtest.Object

// world is a cloud with words for its Kubernetes service.
type world struct{ *cloudtest.World }

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	w := &world{cloudtest.New(t, opts...)}
	require.Equal(t, 200, w.Compute("POST", "/os-keypairs", object{"keypair": object{"name": "key"}}).Status)
	return w
}

// try sends a call with the version header.
func (w *world) try(method, path string, body any) cloudtest.Result {
	w.T.Helper()
	res, err := w.Try(method, "/container-infra/v1/"+path, body, map[string][]string{"OpenStack-API-Version": {"container-infra latest"}})
	require.NoError(w.T, err)
	return res
}

// do sends a call that has to be answered with a status.
func (w *world) do(status int, method, path string, body any) object {
	w.T.Helper()
	res := w.try(method, path, body)
	require.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	return res.Body
}

func (w *world) get(path string) object {
	w.T.Helper()
	return w.do(200, "GET", path, nil)
}

// refused sends a call that is refused, and checks what the error says.
func (w *world) refused(status int, message, method, path string, body any) {
	w.T.Helper()
	res := w.try(method, path, body)
	assert.Equal(w.T, status, res.Status, "%s %s: %s", method, path, res.Text)
	list, _ := res.Body["errors"].([]any)
	if assert.Len(w.T, list, 1, res.Text) {
		assert.Contains(w.T, cloudtest.At(list[0], "detail"), message, "%s %s", method, path)
	}
}

// external are the ids of the external network and its subnet.
func (w *world) external() (network, subnet string) {
	w.T.Helper()
	vpc := w.Call("GET", "/network/v2.0/vpcs?router%3Aexternal=true", nil)
	network = cloudtest.At(vpc.Body, "vpcs", 0, "id").(string)
	subnets := w.Call("GET", "/network/v2.0/vpcsubnets?vpc_id="+network, nil)
	return network, cloudtest.At(subnets.Body, "vpcsubnets", 0, "id").(string)
}

// clusterBody is a request for a cluster with what it has to have.
func (w *world) clusterBody(name string, labels, fields object) object {
	w.T.Helper()
	network, subnet := w.external()
	all := object{
		"availability_zone": "kr-pub-a", "node_image": w.ImageID("Ubuntu Server 22.04"), "boot_volume_type": "General SSD",
		"boot_volume_size": "50", "cert_manager_api": "True", "ca_enable": "False", "kube_tag": "v1.30.3",
		"master_lb_floating_ip_enabled": "True", "external_network_id": network, "external_subnet_id_list": subnet,
	}
	merge(all, labels)
	body := object{
		"name": name, "cluster_template_id": "iaas_console", "keypair": "key", "node_count": 1, "flavor_id": w.FlavorID("m2.c2m4"),
		"fixed_network": w.NetworkID(), "fixed_subnet": w.SubnetID(), "labels": all,
	}
	merge(body, fields)
	return body
}

// merge changes an object; a null takes a key out.
func merge(o, changes object) {
	maps.Copy(o, changes)
	maps.DeleteFunc(o, func(_ string, v any) bool { return v == nil })
}

// cluster makes a cluster and waits until it is there.
func (w *world) cluster(name string, labels, fields object) string {
	w.T.Helper()
	id := w.do(202, "POST", "clusters", w.clusterBody(name, labels, fields))["uuid"].(string)
	w.Done()
	require.Equal(w.T, "CREATE_COMPLETE", w.get("clusters/" + id)["status"], "%v", w.get("clusters/" + id)["status_reason"])
	return "clusters/" + id
}

// nodes are the servers of a tenant, by their names.
func (w *world) nodes() map[string]object {
	w.T.Helper()
	nodes := map[string]object{}
	for _, s := range w.Compute("GET", "/servers/detail", nil).Body["servers"].([]any) {
		nodes[s.(object)["name"].(string)] = s.(object)
	}
	return nodes
}

// nodeIDs are the ids of the servers, in no order.
func (w *world) nodeIDs() []string {
	w.T.Helper()
	var ids []string
	for _, s := range w.nodes() {
		ids = append(ids, s["id"].(string))
	}
	return ids
}

// lastEvent is the latest event of a cluster.
func (w *world) lastEvent(cluster string) object {
	w.T.Helper()
	events := w.get(cluster + "/events")["events"].([]any)
	return events[len(events)-1].(object)
}

// changed makes a change, sees that it is under way and lets no other one in,
// and waits for its end.
func (w *world) changed(event, cluster, method, path string, body any) {
	w.T.Helper()
	res := w.try(method, path, body)
	require.Contains(w.T, []int{202, 204}, res.Status, res.Text)
	assert.Equal(w.T, "UPDATE_IN_PROGRESS", w.get(cluster)["status"])
	assert.Equal(w.T, "IN_PROGRESS", w.lastEvent(cluster)["state"])
	assert.Equal(w.T, event, w.lastEvent(cluster)["type"])
	w.refused(400, `when status is "UPDATE_IN_PROGRESS" is not supported.`, "PATCH", "certificates/"+cluster[len("clusters/"):], object{"term_of_validity": 1})
	w.Done()
	if event == "NODEGROUP_UPDATE_FLAVOR" {
		w.Done()
	}
	assert.Equal(w.T, "UPDATE_COMPLETE", w.get(cluster)["status"])
	assert.Equal(w.T, "SUCCESS", w.lastEvent(cluster)["state"])
}

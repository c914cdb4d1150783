package nks_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// groupBody is a request for a node group with what it has to have.
func (w *world) groupBody(name string, labels, fields object) object {
	w.T.Helper()
	all := object{"availability_zone": "kr-pub-b", "boot_volume_type": "General HDD", "boot_volume_size": "20", "ca_enable": "false"}
	merge(all, labels)
	body := object{"name": name, "flavor_id": w.FlavorID("m2.c1m2"), "image_id": w.ImageID("Rocky"), "labels": all}
	merge(body, fields)
	return body
}

func TestNodeGroups(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("groups", nil, nil)
	request := w.groupBody("added", nil, nil)
	created := w.do(202, "POST", path+"/nodegroups", request)
	cloudtest.SameShape(t, "nks-create-nodegroup.response", created)
	assert.EqualValues(t, 1, created["node_count"])
	assert.Nil(t, created["max_node_count"])
	group := path + "/nodegroups/" + created["uuid"].(string)
	assert.Equal(t, "CREATE_IN_PROGRESS", w.get(group)["status"])
	assert.Equal(t, "UPDATE_IN_PROGRESS", w.get(path)["status"])
	w.refused(400, `Creating a nodegroup of a cluster when status is "UPDATE_IN_PROGRESS"`, "POST", path+"/nodegroups", request)
	w.refused(400, `Updating a cluster when status is "UPDATE_IN_PROGRESS"`, "DELETE", group, nil)
	w.Done()
	assert.Equal(t, "CREATE_COMPLETE", w.get(group)["status"])
	assert.EqualValues(t, 2, w.get(path)["node_count"])
	assert.Len(t, w.get(path)["node_addresses"], 2)
	assert.Len(t, w.get(path + "/nodegroups")["nodegroups"], 2)
	assert.Len(t, w.nodes(), 2)
	assert.Equal(t, w.get(group), w.get(path+"/nodegroups/added"))

	w.refused(409, "A node group with name added already exists", "POST", path+"/nodegroups", request)
	w.refused(409, "A node group with name default-master already exists", "POST", path+"/nodegroups", w.groupBody("default-master", nil, nil))
	w.refused(404, "Nodegroup nope could not be found.", "GET", path+"/nodegroups/nope", nil)
	w.refused(403, "Policy doesn't allow nodegroup:get to be performed.", "GET", path+"/nodegroups/default-master", nil)
	for message, change := range map[string][2]object{
		"Unknown attribute for argument nodegroup: odd": {nil, {"odd": 1}},
		"name. Value: 'None'. Mandatory":                {nil, {"name": nil}},
		"name. Value: 'x_y'.":                           {nil, {"name": "x_y"}},
		"Unable to find flavor nope.":                   {nil, {"flavor_id": "nope"}},
		"Image nope could not be found.":                {nil, {"image_id": "nope"}},
		"node_count. Value: '0'.":                       {nil, {"node_count": 0}},
		"Wrong type. Expected '<class 'dict'>'":         {nil, {"labels": []any{1}}},
		"labels.ca_enable. Value: 'None'. Mandatory":    {{"ca_enable": nil}, nil},
		"labels.availability_zone. Value: 'mars'.":      {{"availability_zone": "mars"}, nil},
	} {
		w.refused(400, message, "POST", path+"/nodegroups", w.groupBody("refused", change[0], change[1]))
	}

	w.changed("NODEGROUP_DELETE", path, "DELETE", group, nil)
	w.refused(404, "could not be found", "GET", group, nil)
	assert.Len(t, w.nodes(), 1)
}

// All of a group that a request can say is in its nodes.
func TestFurnishedNodes(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("rooms", nil, nil)
	wide := cloudtest.At(w.Call("GET", "/network/v2.0/vpcsubnets?name=Wide+Subnet", nil).Body, "vpcsubnets", 0, "id").(string)
	sg := w.Call("POST", "/network/v2.0/security-groups", object{"security_group": object{"name": "extra"}})
	w.do(202, "POST", path+"/nodegroups", w.groupBody("many", object{
		"boot_volume_type": "Encrypted SSD", "boot_volume_key_id": "key-1", "boot_volume_appkey": "appkey",
		"additional_network_id_list": w.NetworkID(), "additional_subnet_id_list": wide,
		"extra_security_groups": []object{{"target_subnet": wide, "security_group_ids": cloudtest.At(sg.Body, "security_group", "id")}},
		"extra_volumes":         []object{{"volume_type": "General HDD", "volume_size": 30}},
	}, nil))
	w.Done()
	require.Equal(t, "CREATE_COMPLETE", w.get(path + "/nodegroups/many")["status"], "%v", w.get(path + "/nodegroups/many")["status_reason"])
	nodes := w.nodes()
	names := slices.Sorted(func(yield func(string) bool) {
		for name := range nodes {
			if strings.HasPrefix(name, "rooms-many-") && !yield(name) {
				return
			}
		}
	})
	require.Len(t, names, 1)
	node := nodes[names[0]]
	assert.Equal(t, "kr-pub-b", node["OS-EXT-AZ:availability_zone"])
	assert.Len(t, cloudtest.At(node, "addresses", "Default Network"), 2)
	assert.Len(t, node["security_groups"], 2)
	var sizes []any
	var named []any
	for _, v := range node["os-extended-volumes:volumes_attached"].([]any) {
		volume := w.Volume("GET", "/volumes/"+cloudtest.At(v, "id").(string), nil).Body["volume"].(object)
		sizes = append(sizes, volume["size"])
		if volume["name"] != nil {
			named = append(named, volume["name"])
		} else {
			assert.Equal(t, "key-1", cloudtest.At(volume, "nhn_encryption", "skm_key_id"))
		}
	}
	assert.ElementsMatch(t, []any{20., 30.}, sizes)
	assert.Equal(t, []any{fmt.Sprintf("rooms-many-%s-extra-volume-0", names[0])}, named)
	assert.Len(t, w.get(path + "/nodegroups/many")["node_addresses"], 1)
}

func TestResize(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("size", nil, nil)
	resize := path + "/actions/resize"
	first := w.nodeIDs()[0]
	res := w.do(202, "POST", resize, cloudtest.Fixture(t, "nks-resize-nodegroup.request"))
	cloudtest.SameShape(t, "nks-resize-nodegroup.response", res)
	assert.Equal(t, "clusters/"+res["uuid"].(string), path)
	assert.EqualValues(t, 3, w.get(path)["node_count"])
	w.Done()
	assert.Equal(t, "UPDATE_COMPLETE", w.get(path + "/nodegroups/default-worker")["status"])
	assert.Equal(t, "Stack UPDATE completed successfully", w.get(path + "/nodegroups/default-worker")["status_reason"])
	require.Len(t, w.nodes(), 3)

	w.refused(400, "Unknown attribute for argument cluster_resize_req: odd", "POST", resize, object{"odd": 1})
	w.refused(400, "nodegroup. Value: 'None'.", "POST", resize, object{"node_count": 2})
	w.refused(404, "Nodegroup nope", "POST", resize, object{"node_count": 2, "nodegroup": "nope"})
	w.refused(400, "node_count. Value: '0'.", "POST", resize, object{"node_count": 0, "nodegroup": "default-worker"})
	w.refused(400, "Wrong type. Expected '<class 'list'>'", "POST", resize, object{"node_count": 2, "nodegroup": "default-worker", "nodes_to_remove": "x"})
	w.refused(400, "Node nope could not be found", "POST", resize, object{"node_count": 2, "nodegroup": "default-worker", "nodes_to_remove": []string{"nope"}})
	w.refused(400, "A change from 3 nodes to 3 removes 0.", "POST", resize, object{"node_count": 3, "nodegroup": "default-worker", "nodes_to_remove": []string{first}})
	w.refused(403, "Resource limit exceeded", "POST", resize, object{"node_count": 11, "nodegroup": "default-worker"})

	w.changed("CLUSTER_RESIZE", path, "POST", resize, object{"node_count": 2, "nodegroup": "default-worker", "nodes_to_remove": []string{first, first}})
	assert.NotContains(t, w.nodeIDs(), first)
	w.changed("CLUSTER_RESIZE", path, "POST", resize, object{"node_count": 1, "nodegroup": "default-worker"})
	assert.Len(t, w.nodes(), 1)
	w.changed("NODEGROUP_SET_CLUSTER_AUTOSCALER", path, "POST", path+"/nodegroups/default-worker/autoscale", object{"ca_enable": true})
	w.refused(400, "Resizing a nodegroup on which the cluster autoscaler is enabled is not supported.", "POST", resize,
		object{"node_count": 2, "nodegroup": "default-worker"})
}

func TestStartAndStop(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("power", nil, object{"node_count": 2})
	group := path + "/nodegroups/default-worker"
	ids := w.nodeIDs()
	w.refused(400, "node_list. Value: 'None'.", "POST", group+"/stop_node", object{})
	w.refused(400, "Node nope could not be found", "POST", group+"/stop_node", object{"node_list": "nope"})
	w.refused(400, "Stopping all nodes of a nodegroup is not supported.", "POST", group+"/stop_node", object{"node_list": ids[0] + ":" + ids[1]})
	w.refused(400, "The node is ACTIVE.", "POST", group+"/start_node", object{"node_list": ids[0]})
	w.changed("NODEGROUP_NODE_ACTION_STOP_NODE", path, "POST", group+"/stop_node", object{"node_list": ids[0]})
	status, _ := w.ServerStatus(ids[0])
	assert.Equal(t, "SHUTOFF", status)
	assert.Equal(t, "HEALTHY", w.get(path)["health_status"])
	w.refused(400, "Stopping all nodes", "POST", group+"/stop_node", object{"node_list": ids[1]})
	w.refused(400, "with stopped nodes is not supported", "POST", group+"/autoscale", object{"ca_enable": true})
	w.refused(400, "with stopped nodes is not supported", "PATCH", group, object{"type": "flavor_id", "flavor_id": w.FlavorID("m2.c4m8")})
	w.changed("NODEGROUP_UPGRADE", path, "POST", path+"/nodegroups/default-master/upgrade", object{"version": "v1.31.4"})
	w.refused(400, "Upgrading a nodegroup with stopped nodes", "POST", group+"/upgrade", object{"version": "v1.31.4"})
	res := w.do(202, "POST", group+"/start_node", object{"node_list": ids[0]})
	cloudtest.SameShape(t, "nks-start-nodes.response", res)
	w.Done()
	status, _ = w.ServerStatus(ids[0])
	assert.Equal(t, "ACTIVE", status)
	require.NoError(t, w.SetServerStatus(ids[0], "ERROR"))
	assert.Equal(t, "UNHEALTHY", w.get(path)["health_status"])
}

func TestChangeFlavor(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("flavor", nil, nil)
	group := path + "/nodegroups/default-worker"
	change := func(flavor string) object { return object{"type": "flavor_id", "flavor_id": flavor} }
	w.refused(400, "flavor_id. Value: 'None'.", "PATCH", group, object{"type": "flavor_id"})
	w.refused(400, "Unable to find flavor nope.", "PATCH", group, change("nope"))
	w.refused(400, "Changing flavor m2.c2m4 to u2.c2m4 is not supported.", "PATCH", group, change(w.FlavorID("u2.c2m4")))
	w.refused(400, "The nodes have that flavor.", "PATCH", group, change(w.FlavorID("m2.c2m4")))
	w.refused(400, "num_buffer_nodes. Value: '10'. It is not between 0 and 9.", "PATCH", group,
		object{"type": "flavor_id", "flavor_id": "x", "num_buffer_nodes": 10})
	w.changed("NODEGROUP_UPDATE_FLAVOR", path, "PATCH", group, change(w.FlavorID("r2.c2m8")))
	assert.Equal(t, w.FlavorID("r2.c2m8"), w.get(group)["flavor_id"])
	assert.Equal(t, w.FlavorID("r2.c2m8"), cloudtest.At(anyOf(w.nodes()), "flavor", "id"))
	w.refused(400, "There is no such change.", "PATCH", group, object{"type": "nope"})
	w.refused(400, "type. Value: 'None'.", "PATCH", group, object{})
}

func TestUpgrade(t *testing.T) {
	w := newWorld(t)
	path := w.cluster("up", object{"kube_tag": "v1.29.3"}, nil)
	w.do(202, "POST", path+"/nodegroups", w.groupBody("more", nil, nil))
	w.Done()
	up := func(group string) string { return path + "/nodegroups/" + group + "/upgrade" }
	to := func(version string) object { return object{"version": version} }
	w.refused(400, "version. Value: 'None'.", "POST", up("default-master"), object{})
	w.refused(400, "The Kubernetes version is not supported.", "POST", up("default-master"), to("v9.9.9"))
	w.refused(400, "there is no way back", "POST", up("default-master"), to("v1.29.3"))
	w.refused(400, "an upgrade is to the next minor version", "POST", up("default-master"), to("v1.31.4"))
	w.refused(400, "The control plane has version v1.29.3 and is upgraded first.", "POST", up("default-worker"), to("v1.30.3"))
	w.refused(400, "num_max_unavailable_nodes. Value: '0'. It is not between 1 and 1.", "POST", up("default-worker"),
		object{"version": "v1.30.3", "num_max_unavailable_nodes": 0})
	w.refused(404, "Nodegroup nope", "POST", up("nope"), to("v1.30.3"))

	w.changed("NODEGROUP_UPGRADE", path, "POST", up("default-master"), to("v1.30.3"))
	assert.Equal(t, "default-master", w.lastEvent(path)["resource_name"])
	assert.Equal(t, "v1.30.3", cloudtest.At(w.get(path), "labels", "kube_tag"))
	assert.Equal(t, "v1.29.3", w.get(path)["coe_version"], "it lags behind")
	w.refused(400, "Upgrading the control plane ahead of all nodegroups is not supported.", "POST", up("default-master"), to("v1.31.4"))
	w.changed("NODEGROUP_UPGRADE", path, "POST", up("default-worker"), to("v1.30.3"))
	w.refused(400, "The nodegroup has that version.", "POST", up("default-worker"), to("v1.30.3"))
	assert.Equal(t, "v1.30.3", w.get(path + "/nodegroups/default-worker")["version"])
	assert.Equal(t, "v1.29.3", w.get(path + "/nodegroups/more")["version"])
	w.changed("NODEGROUP_UPGRADE", path, "POST", up("more"), to("v1.30.3"))
	assert.Equal(t, "v1.30.3", w.get(path)["coe_version"])
}

func TestFailures(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithQuota(nhncloudtest.Quota{Servers: 2}))
	require.EqualError(t, w.FailKubernetesTask("NOPE", "x"), `nhncloudtest: no such type of event: "NOPE"`)
	require.EqualError(t, w.FailKubernetesTask("CLUSTER_CREATE", ""), "nhncloudtest: no reason for CLUSTER_CREATE to fail")
	require.NoError(t, w.FailKubernetesTask("CLUSTER_CREATE", "Resource CREATE failed: out of luck"))
	id := w.do(202, "POST", "clusters", w.clusterBody("bad", nil, nil))["uuid"].(string)
	assert.Equal(t, "CREATE_IN_PROGRESS", w.get("clusters/" + id)["status"])
	w.Done()
	cl := w.get("clusters/" + id)
	assert.Equal(t, "CREATE_FAILED", cl["status"])
	assert.Equal(t, "Resource CREATE failed: out of luck", cl["status_reason"])
	assert.Equal(t, "CREATE_FAILED", w.get("clusters/" + id + "/nodegroups/default-worker")["status"])
	event := w.lastEvent("clusters/" + id)
	assert.Equal(t, []any{"FAIL", "Resource CREATE failed: out of luck"}, []any{event["state"], event["contents"]})
	w.refused(400, `when status is "CREATE_FAILED" is not supported`, "POST", "clusters/"+id+"/actions/resize", object{})
	w.do(204, "DELETE", "clusters/"+id, nil)
	w.Done()
	w.refused(404, "", "GET", "clusters/"+id, nil)

	// What the services below refuse is told the same way.
	path := w.cluster("good", nil, nil)
	w.do(202, "POST", path+"/actions/resize", object{"node_count": 3, "nodegroup": "default-worker"})
	w.Done()
	cl = w.get(path)
	assert.Equal(t, "UPDATE_FAILED", cl["status"])
	assert.Contains(t, cl["status_reason"], "Quota exceeded for instances")
	assert.Len(t, w.nodes(), 2)
	w.changed("CLUSTER_RESIZE", path, "POST", path+"/actions/resize", object{"node_count": 2, "nodegroup": "default-worker"})

	// A security group that a server of somebody else has too stays.
	name := cloudtest.At(anyOf(w.nodes()), "security_groups", 0, "name")
	port := w.Call("GET", "/network/v2.0/security-groups?name="+name.(string), nil)
	w.Call("POST", "/network/v2.0/ports", object{"port": object{
		"network_id": w.NetworkID(), "security_groups": []any{cloudtest.At(port.Body, "security_groups", 0, "id")},
	}})
	require.NoError(t, w.ProtectServer(w.nodeIDs()[0], true))
	w.do(204, "DELETE", path, nil)
	w.Done()
	assert.Contains(t, w.get(path)["status_reason"], "is protected from deletion")
	require.NoError(t, w.ProtectServer(w.nodeIDs()[0], false))
	w.do(204, "DELETE", path, nil)
	w.Done()
	assert.Equal(t, "DELETE_FAILED", w.get(path)["status"])
	assert.Contains(t, w.get(path)["status_reason"], "Failed to delete the security group")
}

// A cluster can be deleted while it is made.
func TestInterrupted(t *testing.T) {
	w := newWorld(t)
	id := w.do(202, "POST", "clusters", w.clusterBody("short", nil, nil))["uuid"].(string)
	w.do(204, "DELETE", "clusters/"+id, nil)
	events := w.get("clusters/" + id + "/events")["events"]
	assert.Equal(t, "FAIL", cloudtest.At(events, 0, "state"))
	assert.Equal(t, "IN_PROGRESS", cloudtest.At(events, 1, "state"))
	w.Done()
	assert.Empty(t, w.nodes())
}

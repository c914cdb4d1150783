package nks_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// standing is all that a cluster stands on.
func (w *world) standing() map[string]any {
	w.T.Helper()
	return map[string]any{
		"servers": w.Compute("GET", "/servers/detail", nil).Body["servers"], "volumes": w.Volume("GET", "/volumes", nil).Body["volumes"],
		"ports":  w.Call("GET", "/network/v2.0/ports", nil).Body["ports"],
		"groups": w.Call("GET", "/network/v2.0/security-groups", nil).Body["security_groups"],
	}
}

func TestLife(t *testing.T) {
	w := newWorld(t)
	before := w.standing()
	request := w.clusterBody("life", object{"extra_volumes": []object{{"volume_type": "General HDD", "volume_size": 100}}}, object{"node_count": "2"})
	created := w.do(202, "POST", "clusters", request)
	cloudtest.SameShape(t, "nks-create-cluster.response", created)
	id := created["uuid"].(string)
	path := "clusters/" + id

	cl := w.get(path)
	assert.Equal(t, "CREATE_IN_PROGRESS", cl["status"])
	assert.Nil(t, cl["api_address"])
	assert.Nil(t, cl["updated_at"])
	w.refused(400, `Getting the kubeconfig of a cluster when status is "CREATE_IN_PROGRESS" is not supported.`, "GET", path+"/config", nil)
	w.refused(400, `Resizing a cluster when status is "CREATE_IN_PROGRESS" is not supported.`, "POST", path+"/actions/resize",
		object{"node_count": 3, "nodegroup": "default-worker"})
	assert.Equal(t, "BUILD", anyOf(w.nodes())["status"])

	w.Done()
	cl = w.get("clusters/life")
	cloudtest.SameShape(t, "nks-get-cluster.response", cl)
	assert.Equal(t, "CREATE_COMPLETE", cl["status"])
	assert.Equal(t, "2026-03-01T12:01:00+00:00", cl["updated_at"])
	assert.EqualValues(t, 2, cl["node_count"])
	assert.Len(t, cl["node_addresses"], 2)
	assert.Len(t, cl["health_status_reason"], 3)
	assert.Equal(t, "HEALTHY", cl["health_status"])
	labels := cl["labels"].(object)
	for label := range cloudtest.Fixture(t, "nks-get-cluster.response")["labels"].(object) {
		assert.IsType(t, "", labels[label], label)
	}
	assert.NotContains(t, labels, "boot_volume_size")
	cloudtest.SameShape(t, "nks-list-clusters.response", w.get("clusters"))

	group := w.get(path + "/nodegroups/default-worker")
	cloudtest.SameShape(t, "nks-get-nodegroup.response", group)
	assert.Equal(t, "Stack CREATE completed successfully", group["status_reason"])
	labels = group["labels"].(object)
	for label := range cloudtest.Fixture(t, "nks-get-nodegroup.response")["labels"].(object) {
		assert.IsType(t, "", labels[label], label)
	}
	assert.Equal(t, []any{object{"volume_type": "General HDD", "volume_size": 100.}}, labels["extra_volumes"])
	assert.NotContains(t, labels, "pods_network_cidr")
	cloudtest.SameShape(t, "nks-list-nodegroups.response", w.get(path+"/nodegroups"))

	now := w.standing()
	assert.Len(t, now["servers"], 2)
	assert.Len(t, now["volumes"], 4)
	assert.Len(t, now["ports"], 2)
	assert.Len(t, now["groups"], len(before["groups"].([]any))+1)
	node := anyOf(w.nodes())
	assert.Equal(t, "ACTIVE", node["status"])
	assert.Contains(t, cloudtest.At(node, "security_groups", 0, "name"), "secgroup_kube_minion")
	assert.Regexp(t, `^life-default-w-[0-9a-f]{12}-node-[01]$`, node["name"])

	events := w.get(path + "/events")
	cloudtest.SameShape(t, "nks-list-cluster-events.response", events)
	event := w.get(path + "/events/" + cloudtest.At(events, "events", 0, "uuid").(string))
	cloudtest.SameShape(t, "nks-get-cluster-event.response", event)
	assert.Equal(t, "CLUSTER_CREATE", event["type"])
	assert.Equal(t, "SUCCESS", event["state"])
	w.refused(404, "Cluster life could not be found.", "GET", "clusters/life/events", nil)
	w.refused(404, "Event nope could not be found.", "GET", path+"/events/nope", nil)

	assert.Empty(t, w.do(204, "DELETE", path, nil))
	assert.Equal(t, "DELETE_IN_PROGRESS", w.get(path)["status"])
	assert.Equal(t, "DELETE_IN_PROGRESS", w.get(path + "/nodegroups/default-worker")["status"])
	w.do(204, "DELETE", path, nil)
	w.Done()
	w.refused(404, "Cluster "+id+" could not be found.", "GET", path, nil)
	assert.Equal(t, before, w.standing())
	assert.Empty(t, w.get("clusters")["clusters"])
}

func anyOf(all map[string]object) object {
	for _, o := range all {
		return o
	}
	return nil
}

// The documented request is taken but for the ids in it.
func TestDocumentedRequest(t *testing.T) {
	w := newWorld(t)
	fixture := cloudtest.Fixture(t, "nks-create-cluster.request")
	group := w.Call("POST", "/network/v2.0/security-groups", object{"security_group": object{"name": "extra"}})
	groupID := cloudtest.At(group.Body, "security_group", "id").(string)
	mine := w.clusterBody("x", nil, nil)
	for _, k := range []string{"fixed_network", "fixed_subnet", "flavor_id", "keypair"} {
		fixture[k] = mine[k]
	}
	labels := fixture["labels"].(object)
	for _, k := range []string{"availability_zone", "external_network_id", "external_subnet_id_list", "kube_tag", "node_image"} {
		labels[k] = mine["labels"].(object)[k]
	}
	cloudtest.At(labels, "extra_security_groups", 0).(object)["target_subnet"] = w.SubnetID()
	cloudtest.At(labels, "extra_security_groups", 0).(object)["security_group_ids"] = groupID
	id := w.do(202, "POST", "clusters", fixture)["uuid"].(string)
	w.Done()
	cl := w.get("clusters/" + id)
	require.Equal(t, "CREATE_COMPLETE", cl["status"], "%v", cl["status_reason"])
	addons := w.get("clusters/" + id + "/addons/")
	assert.Len(t, addons["addons"], 2)
	assert.Equal(t, "CREATE_COMPLETE", cloudtest.At(addons, "addons", 1, "status"))
	assert.Len(t, anyOf(w.nodes())["security_groups"], 2)
	for label, value := range labels {
		if _, list := value.([]any); !list {
			assert.Equal(t, value, w.get("clusters/" + id + "/nodegroups/default-worker")["labels"].(object)[label], label)
		}
	}
}

func TestRefusedClusters(t *testing.T) {
	w := newWorld(t)
	network, _ := w.external()
	for message, change := range map[string][2]object{
		"keypair. Value: 'None'. Mandatory field missing.":          {nil, {"keypair": nil}},
		"labels. Value: 'None'. Mandatory field missing.":           {nil, {"labels": nil}},
		"labels. Value: 'x'. Wrong type. Expected '<class 'dict'>'": {nil, {"labels": "x"}},
		"labels.odd. Value: '{}'.":                                  {{"odd": object{}}, nil},
		"name. Value: 'Upper'.":                                     {nil, {"name": "Upper"}},
		"name. Value: '" + "a23456789012345678901'.":                {nil, {"name": "a23456789012345678901"}},
		"Unable to find keypair nope.":                              {nil, {"keypair": "nope"}},
		"create_timeout. Value: '-1'.":                              {nil, {"create_timeout": -1}},
		"Unable to find fixed network nope.":                        {nil, {"fixed_network": "nope"}},
		"Unable to find fixed network " + network:                   {nil, {"fixed_network": network}},
		"Unable to find fixed subnet nope.":                         {nil, {"fixed_subnet": "nope"}},
		"Unable to find flavor nope.":                               {nil, {"flavor_id": "nope"}},
		"node_count. Value: 'x'. Wrong type.":                       {nil, {"node_count": "x"}},
		"node_count. Value: '0'. Value should be greater":           {nil, {"node_count": 0}},
		"labels.kube_tag. Value: 'None'. Mandatory":                 {{"kube_tag": nil}, nil},
		"labels.kube_tag. Value: 'v1.28.3'. The Kubernetes version": {{"kube_tag": "v1.28.3"}, nil},
		"Image nope could not be found.":                            {{"node_image": "nope"}, nil},
		"Nodes can't be made of the image.":                         {{"node_image": w.ImageID("Windows")}, nil},
		"labels.cert_manager_api. Value: 'False'.":                  {{"cert_manager_api": false}, nil},
		"labels.master_lb_floating_ip_enabled. Value: 'maybe'.":     {{"master_lb_floating_ip_enabled": "maybe"}, nil},
		"labels.availability_zone. Value: 'mars'.":                  {{"availability_zone": "mars"}, nil},
		"labels.boot_volume_type. Value: 'tape'.":                   {{"boot_volume_type": "tape"}, nil},
		"labels.boot_volume_size. Value: 'x'.":                      {{"boot_volume_size": "x"}, nil},
		"The image needs 20 GB.":                                    {{"boot_volume_size": 10}, nil},
		"labels.ca_enable. Value: 'x'.":                             {{"ca_enable": "x"}, nil},
		"labels.ca_max_node_count. Value: '11'. It is not between":  {{"ca_max_node_count": "11"}, nil},
		"The node count 1 is not between 2 and 10.":                 {{"ca_enable": true, "ca_min_node_count": 2}, nil},
		"labels.external_network_id. Value: 'None'.":                {{"external_network_id": nil}, nil},
		"labels.external_subnet_id_list. Value: 'None'.":            {{"external_subnet_id_list": nil}, nil},
		"Unable to find external network " + w.NetworkID():          {{"external_network_id": w.NetworkID()}, nil},
		"Unable to find external subnet nope.":                      {{"external_subnet_id_list": "nope"}, nil},
		"Unable to find network nope.":                              {{"additional_network_id_list": "nope", "additional_subnet_id_list": "x"}, nil},
		"Unable to find subnet x.":                                  {{"additional_network_id_list": w.NetworkID(), "additional_subnet_id_list": "x"}, nil},
		"labels.additional_subnet_id_list. Value: 'None'.":          {{"additional_network_id_list": w.NetworkID()}, nil},
		"labels.extra_volumes. Value: 'x'.":                         {{"extra_volumes": "x"}, nil},
		"labels.extra_volumes. Value: 'y'.":                         {{"extra_volumes": []any{"y"}}, nil},
		"labels.extra_volumes.volume_size. Value: 'None'.":          {{"extra_volumes": []any{object{"volume_type": "General SSD"}}}, nil},
		"labels.extra_security_groups.target_subnet":                {{"extra_security_groups": []any{object{}}}, nil},
		"Security group z does not exist.":                          {{"extra_security_groups": []any{object{"target_subnet": "a", "security_group_ids": "z"}}}, nil},
		"pods_network_cidr. Value: '192.168.0.0/22'. The CIDR over": {{"pods_network_cidr": "192.168.0.0/22"}, nil},
		"pods_network_cidr. Value: '10.0.0.0/26'. The prefix":       {{"pods_network_cidr": "10.0.0.0/26"}, nil},
		"pods_network_cidr. Value: '10.0.0.1/16'. It is no IPv4":    {{"pods_network_cidr": "10.0.0.1/16"}, nil},
		"service_cluster_ip_range. Value: '10.100.1.0/24'.":         {{"service_cluster_ip_range": "10.100.1.0/24"}, nil},
		"pods_network_subnet. Value: '29'. It is not between":       {{"pods_network_subnet": 29}, nil},
		"It is not at least 2 more than the prefix of 10.8.0.0/23.": {{"pods_network_cidr": "10.8.0.0/23"}, nil},
		"addons. Value: 'x'.":                                       {nil, {"addons": "x"}},
		"An add-on of the type kube-dns is mandatory.":              {nil, {"addons": []any{object{"name": "calico", "version": "v3.28.2-nks1"}}}},
		"Addon nope of version 1 could not be found.":               {nil, {"addons": []any{object{"name": "nope", "version": "1"}}}},
		"enable. Value: 'None'. Mandatory":                          {nil, {"api_ep_ipacl": object{}}},
	} {
		w.refused(400, message, "POST", "clusters", w.clusterBody("refused", change[0], change[1]))
	}
	w.refused(403, "Resource limit exceeded", "POST", "clusters", w.clusterBody("refused", nil, object{"node_count": 11}))
	w.refused(400, "is too small", "POST", "clusters", w.clusterBody("refused", nil, object{"flavor_id": w.AddFlavor(nhncloudtest.Flavor{Name: "u2.tiny", Disk: 10, RAM: 1024}).ID}))
	w.refused(400, "Malformed request body", "POST", "clusters", "{")
	assert.Empty(t, w.get("clusters")["clusters"])
	assert.Empty(t, w.nodes())
}

func TestNames(t *testing.T) {
	w := newWorld(t)
	w.cluster("twin", nil, nil)
	w.cluster("twin", nil, object{"flavor_id": w.FlavorID("u2.c2m4")})
	w.refused(409, "Multiple clusters exist with same name. Please use the cluster uuid instead.", "GET", "clusters/twin", nil)
}

// A subnet without a way to the internet needs service gateways instead.
func TestServiceGateways(t *testing.T) {
	w := newWorld(t)
	vpc := w.Call("POST", "/network/v2.0/vpcs", object{"vpc": object{"name": "alone", "cidrv4": "10.0.0.0/16"}})
	vpcID := cloudtest.At(vpc.Body, "vpc", "id").(string)
	subnet := w.Call("POST", "/network/v2.0/vpcsubnets", object{"vpcsubnet": object{"name": "alone", "vpc_id": vpcID, "cidr": "10.0.0.0/24"}})
	fields := object{"fixed_network": vpcID, "fixed_subnet": cloudtest.At(subnet.Body, "vpcsubnet", "id")}
	offline := object{"external_network_id": nil, "external_subnet_id_list": nil}
	create := func(labels object) object {
		merged := object{}
		for _, from := range []object{offline, labels} {
			for k, v := range from {
				merged[k] = v
			}
		}
		return w.clusterBody("alone", merged, fields)
	}
	network, _ := w.external()
	w.refused(400, "The subnet is not connected to an internet gateway.", "POST", "clusters", create(object{"external_network_id": network}))
	w.refused(400, "labels.ncr_sgw", "POST", "clusters", create(nil))
	w.refused(400, "labels.obs_sgw", "POST", "clusters", create(object{"ncr_sgw": "a"}))
	id := w.do(202, "POST", "clusters", create(object{"ncr_sgw": "a", "obs_sgw": "b"}))["uuid"].(string)
	w.Done()
	w.refused(400, "obs_sgw", "POST", "clusters/"+id+"/actions/update_sgw", object{"ncr_sgw": "c"})
	w.changed("CLUSTER_UPDATE_SGW", "clusters/"+id, "POST", "clusters/"+id+"/actions/update_sgw", object{"ncr_sgw": "c", "obs_sgw": "d"})
	assert.Equal(t, "c", cloudtest.At(w.get("clusters/"+id), "labels", "ncr_sgw"))
	path := w.cluster("online", nil, nil)
	w.refused(400, "made without them is not supported", "POST", path+"/actions/update_sgw", object{"ncr_sgw": "c", "obs_sgw": "d"})
}

// With strict rules nodes get out to what they need and no further.
func TestSecurityRules(t *testing.T) {
	w := newWorld(t)
	rules := func(strict any) (open, all int) {
		w.cluster("rules", object{"strict_sg_rules": strict}, nil)
		name := cloudtest.At(anyOf(w.nodes()), "security_groups", 0, "name").(string)
		groups := w.Call("GET", "/network/v2.0/security-groups?name="+name, nil)
		for _, r := range cloudtest.At(groups.Body, "security_groups", 0, "security_group_rules").([]any) {
			if r := r.(object); r["direction"] == "egress" && r["protocol"] == nil {
				open++
			}
			all++
		}
		w.do(204, "DELETE", "clusters/rules", nil)
		w.Done()
		return open, all
	}
	open, all := rules(true)
	assert.Equal(t, []int{0, 10}, []int{open, all})
	open, all = rules("False")
	assert.Equal(t, []int{2, 8}, []int{open, all})
}

// Every call about a cluster, a node group or an add-on says when there is none.
func TestMissing(t *testing.T) {
	w := newWorld(t)
	const cluster, group = "clusters/nope", "clusters/nope/nodegroups/nope"
	for _, call := range [][2]string{
		{"GET", cluster}, {"DELETE", cluster}, {"PATCH", cluster}, {"GET", cluster + "/events"}, {"GET", cluster + "/events/x"},
		{"POST", cluster + "/actions/resize"}, {"POST", cluster + "/actions/update_sgw"}, {"GET", cluster + "/config"},
		{"POST", cluster + "/api_ep_ipacl"}, {"GET", cluster + "/api_ep_ipacl"}, {"PATCH", "certificates/nope"},
		{"GET", cluster + "/nodegroups"}, {"POST", cluster + "/nodegroups"}, {"GET", group}, {"DELETE", group}, {"PATCH", group},
		{"POST", group + "/stop_node"}, {"POST", group + "/start_node"}, {"GET", group + "/autoscale"}, {"POST", group + "/autoscale"},
		{"POST", group + "/upgrade"}, {"POST", group + "/userscript"}, {"GET", cluster + "/addons/"}, {"POST", cluster + "/addons/"},
		{"GET", cluster + "/addons/x"}, {"PATCH", cluster + "/addons/x"}, {"DELETE", cluster + "/addons/x"},
	} {
		var bodies []any
		switch {
		case call[0] == "PATCH" && call[1] == cluster:
			bodies = []any{object{"type": "control_plane_log"}}
		case call[0] == "PATCH" && call[1] == group:
			for _, kind := range []string{"metric_base_autoscale", "flavor_id", "fip_auto_bind", "k8s_node_labels"} {
				bodies = append(bodies, object{"type": kind})
			}
		case call[0] == "PATCH" || call[0] == "POST":
			bodies = []any{object{"resolve_conflicts": "none"}}
		default:
			bodies = []any{nil}
		}
		for _, body := range bodies {
			w.refused(404, "Cluster nope could not be found.", call[0], call[1], body)
		}
	}
}

// A cluster of another tenant is not there.
func TestTenants(t *testing.T) {
	w := newWorld(t, nhncloudtest.WithTenants("0123456789abcdef0123456789abcdef"))
	path := w.cluster("mine", nil, nil)
	w.Login("0123456789abcdef0123456789abcdef")
	assert.Empty(t, w.get("clusters")["clusters"])
	cloudtest.SameError(t, "nks_404_stranger", w.try("GET", path, nil))
	w.Login(w.ObjectStorageTenantID)
	assert.Empty(t, w.get("clusters")["clusters"])
}

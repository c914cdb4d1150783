package nks_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// documentedCluster is the documented request for a cluster. It has "True" and
// "False" where the example of the guide has "true" and "false" in places.
func documentedCluster() nks.ClusterCreateRequest {
	return nks.ClusterCreateRequest{
		Name: "test-k8s", KeyName: "test-keypair", FlavorID: "6ef27f21-c774-4c0e-84ff-7dd4a762571f",
		FixedNetworkID: "eb212079-b6ec-430c-ba57-14280a457bcb", FixedSubnetID: "4fdf5b80-3d35-43f5-a5c1-010a3b6c8e90", NodeCount: 1, CreateTimeout: 60,
		Labels: nks.ClusterLabels{
			NodeGroupLabels: nks.NodeGroupLabels{
				AvailabilityZone: "kr2-pub-b", NodeImage: "f462a2a5-ba24-46d6-b7a1-9a9febcd3cfc", KubeTag: "v1.23.3",
				BootVolumeSize: 20, BootVolumeType: "General HDD",
				ExternalNetworkID: "751b8227-7b45-440a-9349-dbf829d0aba5", ExternalSubnetIDs: []string{"59ddc195-76b1-431d-9693-f09880747dc6"},
				Autoscaler: nks.Autoscaler{
					PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 1, ScaleDownDelayAfterAdd: 3, ScaleDownEnable: new(true), ScaleDownUnneededTime: 3,
					ScaleDownUtilThresh: 50, ClusterAutoscale: "nodegroupfeature",
				},
				StrictSGRules: true,
				ExtraSecurityGroups: []nks.ExtraSecurityGroup{{
					TargetSubnetID:   "4fdf5b80-3d35-43f5-a5c1-010a3b6c8e90",
					SecurityGroupIDs: []string{"8669cca4-7904-4dc6-b1be-db49661cedb6", "fa69d78d-bd04-4ab0-9ce6-c92a84b899c2"},
				}},
				ExtraVolumes: []nks.ExtraVolume{{VolumeType: "General HDD", VolumeSize: 100}},
				Other:        map[string]any{"user_script_v2": ""},
			},
			MasterLBFloatingIPEnabled: true,
		},
		Addons: []nks.AddonChoice{
			{Name: "calico", Version: "v3.28.2-nks1", Options: map[string]any{"mode": "vxlan"}},
			{Name: "coredns", Version: "1.8.4-nks1"},
		},
	}
}

// capital gives the Booleans of the labels the capital that the table of the guide
// has.
func capital(t *testing.T, body string) string {
	t.Helper()
	return strings.NewReplacer(`"true"`, `"True"`, `"false"`, `"False"`).Replace(apitest.Text(t, body))
}

func TestClustersCreate(t *testing.T) {
	t.Parallel()
	const operation, uuid = "nks-create-cluster", "5801ef8a-3760-4858-b467-fc4c1201241d"
	create := func(request nks.ClusterCreateRequest) func(context.Context, *nks.Client) (string, error) {
		return func(ctx context.Context, k *nks.Client) (string, error) { return k.Clusters.Create(ctx, request) }
	}
	w := want(operation, http.MethodPost, "/clusters", capital(t, "@nks-create-cluster.request.json"))
	apitest.CheckCreate(t, w, documented(operation), uuid, on(create(documentedCluster())))

	least := nks.ClusterCreateRequest{
		Name: "웹", KeyName: "k", FlavorID: "f", FixedNetworkID: "v", FixedSubnetID: "s", NodeCount: 2,
		Labels: nks.ClusterLabels{NodeGroupLabels: nks.NodeGroupLabels{
			AvailabilityZone: "kr-pub-a", NodeImage: "i", KubeTag: "v1.32.3", BootVolumeType: "General SSD", BootVolumeSize: 50,
		}},
	}
	const head = `{"cluster_template_id": "iaas_console", "name": "웹", "keypair": "k", "flavor_id": "f", "fixed_network": "v", "fixed_subnet": "s", "node_count": 2, `
	const labels = `"availability_zone": "kr-pub-a", "node_image": "i", "kube_tag": "v1.32.3", "boot_volume_type": "General SSD", "boot_volume_size": "50",
		"ca_enable": "False", "cert_manager_api": "True"`
	for body, change := range map[string]func(r *nks.ClusterCreateRequest){
		head + `"labels": {` + labels + `, "master_lb_floating_ip_enabled": "False"}}`: func(*nks.ClusterCreateRequest) {},
		head + `"labels": {` + labels + `, "master_lb_floating_ip_enabled": "True", "external_network_id": "e", "external_subnet_id_list": "a:b"},
			"api_ep_ipacl": {"enable": "True", "action": "ALLOW", "ipacl_targets": [{"cidr_address": "10.0.0.1"}]}}`: func(r *nks.ClusterCreateRequest) {
			r.Labels.MasterLBFloatingIPEnabled, r.Labels.ExternalNetworkID, r.Labels.ExternalSubnetIDs = true, "e", []string{"a", "b"}
			r.APIEndpointIPACL = &nks.APIEndpointIPACL{ClusterUUID: "x", Enable: true, Action: nks.IPACLAllow, Targets: []nks.IPACLTarget{{CIDRAddress: "10.0.0.1"}}}
		},
		head + `"labels": {` + labels + `, "master_lb_floating_ip_enabled": "False", "service_cluster_ip_range": "10.254.0.0/16", "pods_network_cidr": "10.100.0.0/16",
			"pods_network_subnet": "24", "cni_driver": "calico", "ncr_sgw": "n", "obs_sgw": "o", "skm": "{\"key_id\":\"s\"}", "user_script_v2": "echo <1>",
			"fip_auto_bind_enable": "True", "fip_bind_subnet": "fs", "fip_selector": "fx", "k8s_node_labels": "{\"a\": \"b\"}",
			"control_plane_log": "{\"enable\":true,\"type\":\"lncs\",\"sgw\":\"g\",\"lncs_appkey\":\"appkey-1\"}", "new_setting": ["a", 1]}}`: func(r *nks.ClusterCreateRequest) {
			l := &r.Labels
			l.ServiceClusterIPRange, l.PodsNetworkCIDR, l.PodsNetworkSubnet, l.CNIDriver = "10.254.0.0/16", "10.100.0.0/16", 24, "calico"
			l.NCRServiceGatewayID, l.OBSServiceGatewayID, l.SKMKeyID, l.UserScript = "n", "o", "s", "echo <1>"
			l.FloatingIPAutoBind = nks.FloatingIPAutoBind{Enable: true, BindSubnetID: "fs", Selector: "fx"}
			l.NodeLabels, l.Other = `{"a": "b"}`, map[string]any{"new_setting": []any{"a", 1}}
			l.ControlPlaneLog = nks.ControlPlaneLog{Enable: true, Type: nks.LogToLNCS, ServiceGatewayID: "g", LNCSAppKey: "appkey-1"}.Label()
		},
	} {
		request := least
		change(&request)
		sends(t, w, body, documented(operation), func(ctx context.Context, k *nks.Client) error {
			_, err := create(request)(ctx, k)
			return err
		})
	}
	assert.False(t, least.Labels.CertManagerAPI, "the caller's request stays as it is")
}

func TestClustersCreateRefused(t *testing.T) {
	t.Parallel()
	for field, change := range map[string]func(r *nks.ClusterCreateRequest){
		"Name, KeyName, FlavorID, FixedNetworkID, FixedSubnetID, NodeCount, Labels.AvailabilityZone, Labels.BootVolumeType, Labels.BootVolumeSize, " +
			"Labels.NodeImage, Labels.KubeTag": func(r *nks.ClusterCreateRequest) { *r = nks.ClusterCreateRequest{} },
		"CreateTimeout": func(r *nks.ClusterCreateRequest) { r.CreateTimeout = -1 },
		"Labels.ExternalNetworkID, Labels.ExternalSubnetIDs": func(r *nks.ClusterCreateRequest) {
			r.Labels.ExternalNetworkID, r.Labels.ExternalSubnetIDs = "", nil
		},
		"Labels.ExternalSubnetIDs": func(r *nks.ClusterCreateRequest) {
			r.Labels.MasterLBFloatingIPEnabled, r.Labels.ExternalSubnetIDs = false, nil
		},
		"Labels.ExternalNetworkID": func(r *nks.ClusterCreateRequest) {
			r.Labels.MasterLBFloatingIPEnabled, r.Labels.ExternalNetworkID = false, ""
		},
		"Labels.ExternalSubnetIDs[1]": func(r *nks.ClusterCreateRequest) { r.Labels.ExternalSubnetIDs = []string{"a", "b:c"} },
		"Labels.AdditionalNetworkIDs[0], Labels.AdditionalSubnetIDs[0]": func(r *nks.ClusterCreateRequest) {
			r.Labels.AdditionalNetworkIDs, r.Labels.AdditionalSubnetIDs = []string{""}, []string{":"}
		},
		"Labels.ExtraSecurityGroups[0].TargetSubnetID, Labels.ExtraSecurityGroups[0].SecurityGroupIDs, Labels.ExtraSecurityGroups[1].SecurityGroupIDs[0]": func(r *nks.ClusterCreateRequest) {
			r.Labels.ExtraSecurityGroups = []nks.ExtraSecurityGroup{{}, {TargetSubnetID: "s", SecurityGroupIDs: []string{"a,b"}}}
		},
		"Labels.ExtraVolumes[0].VolumeType, Labels.ExtraVolumes[0].VolumeSize": func(r *nks.ClusterCreateRequest) { r.Labels.ExtraVolumes = []nks.ExtraVolume{{}} },
		"Labels.Autoscaler.MinNodeCount":                                       func(r *nks.ClusterCreateRequest) { r.Labels.Autoscaler.MinNodeCount = 11 },
		"Labels.FloatingIPAutoBind.BindSubnetID":                               func(r *nks.ClusterCreateRequest) { r.Labels.FloatingIPAutoBind.Enable = true },
		"Labels.ServiceClusterIPRange, Labels.PodsNetworkCIDR": func(r *nks.ClusterCreateRequest) {
			r.Labels.ServiceClusterIPRange, r.Labels.PodsNetworkCIDR = "10.0.0.1/16", "pods"
		},
		"Labels.PodsNetworkCIDR": func(r *nks.ClusterCreateRequest) {
			r.Labels.ServiceClusterIPRange, r.Labels.PodsNetworkCIDR = "10.254.0.0/16", "10.254.128.0/17"
		},
		"Labels.ServiceClusterIPRange": func(r *nks.ClusterCreateRequest) { r.Labels.ServiceClusterIPRange = "198.18.4.0/24" },
		"Addons[1].Name, Addons[1].Version": func(r *nks.ClusterCreateRequest) {
			r.Addons = []nks.AddonChoice{{Name: "calico", Version: "v3"}, {}}
		},
		"APIEndpointIPACL.Action, APIEndpointIPACL.Targets": func(r *nks.ClusterCreateRequest) { r.APIEndpointIPACL = &nks.APIEndpointIPACL{Enable: true} },
	} {
		request := documentedCluster()
		change(&request)
		refuses(t, "nks-create-cluster", field, func(ctx context.Context, k *nks.Client) error {
			_, err := k.Clusters.Create(ctx, request)
			return err
		})
	}
}

// TestSecretsOfLabels has services that quote what they refuse.
func TestSecretsOfLabels(t *testing.T) {
	t.Parallel()
	const script, appKey = "curl https://internal.example.com/join", "3e4jP4LlMGXitafx"
	quoted := apitest.Reply{Status: http.StatusBadRequest, Body: `{"errors": [{"status": 400, "title": "Invalid", "detail": "not ` + script + ` nor ` + appKey + `"}]}`}
	m := apitest.New(t)
	cluster, group := documentedCluster(), documentedNodeGroup()
	log := nks.ControlPlaneLog{Enable: true, Type: nks.LogToLNCS, ServiceGatewayID: "g", LNCSAppKey: appKey}
	cluster.Labels.UserScript, cluster.Labels.Other = script, nil
	group.Labels.OldUserScript = script
	check := func(err error, secret string) {
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
		assert.NotContains(t, err.Error(), secret)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.NotContains(t, string(e.Body), secret)
	}
	body := strings.Replace(capital(t, "@nks-create-cluster.request.json"), `"user_script_v2": ""`, `"user_script_v2": "`+script+`"`, 1)
	m.Expect(want("nks-create-cluster", http.MethodPost, "/clusters", body), quoted)
	k := nks.New(m.Client)
	_, err := k.Clusters.Create(t.Context(), cluster)
	check(err, script)
	m.Expect(want("nks-create-nodegroup", http.MethodPost, "/clusters/web/nodegroups", strings.Replace(capital(t, "@nks-create-nodegroup.request.json"),
		`"ca_enable"`, `"user_script": "`+script+`", "ca_enable"`, 1)), quoted)
	_, err = k.NodeGroups.Create(t.Context(), "web", group)
	check(err, script)
	m.Expect(want("nks-set-control-plane-log", http.MethodPatch, "/clusters/web", `{"type": "control_plane_log", "control_plane_log":
		{"enable": true, "type": "lncs", "sgw": "g", "lncs_appkey": "`+appKey+`"}}`), quoted)
	_, err = k.Clusters.SetControlPlaneLog(t.Context(), "web", log)
	check(err, appKey)
	m.Expect(want("nks-set-user-script", http.MethodPost, "/clusters/web/nodegroups/g/userscript", `{"contents": "`+script+`"}`), quoted)
	_, err = k.NodeGroups.SetUserScript(t.Context(), "web", "g", script)
	check(err, script)

	cluster.Labels.ControlPlaneLog = log.Label()
	apitest.Hidden(t, script, cluster)
	apitest.Hidden(t, appKey, cluster.Labels)
	apitest.Hidden(t, script, group)
	apitest.Hidden(t, appKey, log)
}

package nks_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nks"
)

// TestLabels reads labels in each of their documented forms, and checks that they
// come back as the same when they were sent in the form that a request has.
func TestLabels(t *testing.T) {
	t.Parallel()
	group := func(set func(l *nks.NodeGroupLabels)) nks.ClusterLabels {
		var l nks.ClusterLabels
		set(&l.NodeGroupLabels)
		return l
	}
	cluster := func(set func(l *nks.ClusterLabels)) nks.ClusterLabels {
		var l nks.ClusterLabels
		set(&l)
		return l
	}
	for given, expected := range map[string]nks.ClusterLabels{
		`{}`:   {},
		`null`: {},
		`{"availability_zone": "", "boot_volume_size": "", "ca_scale_down_enable": "", "external_subnet_id_list": "", "extra_volumes": "", "skm": "",
			"user_script_v2": "", "ca_enable": ""}`: {},
		`{"availability_zone": null, "boot_volume_size": null, "ca_scale_down_enable": null, "external_subnet_id_list": null, "extra_volumes": null,
			"skm": null, "user_script_v2": null, "ca_enable": null}`: {},

		`{"boot_volume_size": "20"}`:        group(func(l *nks.NodeGroupLabels) { l.BootVolumeSize = 20 }),
		`{"boot_volume_size": 20}`:          group(func(l *nks.NodeGroupLabels) { l.BootVolumeSize = 20 }),
		`{"ca_enable": "True"}`:             group(func(l *nks.NodeGroupLabels) { l.Autoscaler.Enable = true }),
		`{"ca_enable": "true"}`:             group(func(l *nks.NodeGroupLabels) { l.Autoscaler.Enable = true }),
		`{"ca_enable": true}`:               group(func(l *nks.NodeGroupLabels) { l.Autoscaler.Enable = true }),
		`{"ca_enable": "False"}`:            {},
		`{"ca_enable": "false"}`:            {},
		`{"ca_enable": false}`:              {},
		`{"ca_scale_down_enable": "False"}`: group(func(l *nks.NodeGroupLabels) { l.Autoscaler.ScaleDownEnable = new(false) }),
		`{"ca_scale_down_enable": "true"}`:  group(func(l *nks.NodeGroupLabels) { l.Autoscaler.ScaleDownEnable = new(true) }),
		`{"ca_pod_replicas": "1", "ca_max_node_count": "10", "ca_min_node_count": 2, "ca_scale_down_unneeded_time": "20", "ca_scale_down_util_thresh": 40,
			"ca_scale_down_delay_after_add": "30", "clusterautoscale": "nodegroupfeature"}`: group(func(l *nks.NodeGroupLabels) {
			l.Autoscaler = nks.Autoscaler{
				PodReplicas: 1, MaxNodeCount: 10, MinNodeCount: 2, ScaleDownUnneededTime: 20, ScaleDownUtilThresh: 40, ScaleDownDelayAfterAdd: 30,
				ClusterAutoscale: "nodegroupfeature",
			}
		}),
		`{"external_subnet_id_list": "a:b"}`:     group(func(l *nks.NodeGroupLabels) { l.ExternalSubnetIDs = []string{"a", "b"} }),
		`{"external_subnet_id_list": ["a","b"]}`: group(func(l *nks.NodeGroupLabels) { l.ExternalSubnetIDs = []string{"a", "b"} }),
		`{"additional_network_id_list": "a", "additional_subnet_id_list": "b : c:"}`: group(func(l *nks.NodeGroupLabels) {
			l.AdditionalNetworkIDs, l.AdditionalSubnetIDs = []string{"a"}, []string{"b", "c"}
		}),
		`{"extra_volumes": [{"volume_type": "General HDD", "volume_size": 100}, {"volume_size": "20", "volume_mount_path": "/d", "volume_key_id": "k", "volume_appkey": "a"}]}`: group(func(l *nks.NodeGroupLabels) {
			l.ExtraVolumes = []nks.ExtraVolume{{VolumeType: "General HDD", VolumeSize: 100}, {VolumeSize: 20, MountPath: "/d", VolumeKeyID: "k", VolumeAppKey: "a"}}
		}),
		`{"extra_volumes": "[{\"volume_type\": \"General HDD\", \"volume_size\": 100}]"}`: group(func(l *nks.NodeGroupLabels) {
			l.ExtraVolumes = []nks.ExtraVolume{{VolumeType: "General HDD", VolumeSize: 100}}
		}),
		`{"extra_security_groups": [{"target_subnet": "s", "security_group_ids": "a,b"}]}`: group(func(l *nks.NodeGroupLabels) {
			l.ExtraSecurityGroups = []nks.ExtraSecurityGroup{{TargetSubnetID: "s", SecurityGroupIDs: []string{"a", "b"}}}
		}),
		`{"extra_security_groups": "[{\"target_subnet\": \"s\", \"security_group_ids\": [\"a\"]}]"}`: group(func(l *nks.NodeGroupLabels) {
			l.ExtraSecurityGroups = []nks.ExtraSecurityGroup{{TargetSubnetID: "s", SecurityGroupIDs: []string{"a"}}}
		}),
		`{"fip_auto_bind_enable": "true", "fip_bind_subnet": "s", "fip_selector": "x"}`: group(func(l *nks.NodeGroupLabels) {
			l.FloatingIPAutoBind = nks.FloatingIPAutoBind{Enable: true, BindSubnetID: "s", Selector: "x"}
		}),
		`{"k8s_node_labels": "{\"a\":\"b\"}", "mba_scale_out": "off"}`: group(func(l *nks.NodeGroupLabels) { l.NodeLabels, l.MetricScaleOut = `{"a":"b"}`, "off" }),
		`{"k8s_node_labels": {"a": "b"}, "mba_scale_in": {"enable": false}}`: group(func(l *nks.NodeGroupLabels) {
			l.NodeLabels, l.MetricScaleIn = `{"a":"b"}`, `{"enable":false}`
		}),
		`{"cert_manager_api": "true", "strict_sg_rules": "True", "platform_version": "1.202511.0", "kube_tag": "v1.32.3"}`: group(func(l *nks.NodeGroupLabels) {
			l.CertManagerAPI, l.StrictSGRules, l.PlatformVersion, l.KubeTag = true, true, "1.202511.0", "v1.32.3"
		}),
		`{"boot_volume_key_id": "k", "boot_volume_appkey": "a", "boot_volume_type": "Encrypted SSD", "node_image": "i"}`: group(func(l *nks.NodeGroupLabels) {
			l.BootVolumeKeyID, l.BootVolumeAppKey, l.BootVolumeType, l.NodeImage = "k", "a", "Encrypted SSD", "i"
		}),

		`{"master_lb_floating_ip_enabled": "true", "service_cluster_ip_range": "10.254.0.0/16", "pods_network_cidr": "10.100.0.0/16", "pods_network_subnet": 24}`: cluster(func(l *nks.ClusterLabels) {
			l.MasterLBFloatingIPEnabled, l.ServiceClusterIPRange, l.PodsNetworkCIDR, l.PodsNetworkSubnet = true, "10.254.0.0/16", "10.100.0.0/16", 24
		}),
		`{"cni_driver": "calico", "ncr_sgw": "n", "obs_sgw": "o", "term_of_validity": "5", "certificate_expiry": "2031-01-01"}`: cluster(func(l *nks.ClusterLabels) {
			l.CNIDriver, l.NCRServiceGatewayID, l.OBSServiceGatewayID, l.TermOfValidity, l.CertificateExpiry = "calico", "n", "o", 5, "2031-01-01"
		}),
		`{"skm": "{\"key_id\": \"k\"}"}`: cluster(func(l *nks.ClusterLabels) { l.SKMKeyID = "k" }),
		`{"skm": {"key_id": "k"}}`:       cluster(func(l *nks.ClusterLabels) { l.SKMKeyID = "k" }),

		// What has no field, and what has not the form of its field.
		`{"os_type": "linux", "number": 7, "deep": {"a": [true, null]}}`: group(func(l *nks.NodeGroupLabels) {
			l.Other = map[string]any{"os_type": "linux", "number": 7.0, "deep": map[string]any{"a": []any{true, nil}}}
		}),
		`{"boot_volume_size": "20 GB", "ca_enable": "maybe", "ca_scale_down_enable": "often", "kube_tag": ["v1"], "external_subnet_id_list": [["a"]],
			"extra_volumes": "[{'volume_size': 1}]", "extra_security_groups": 7, "skm": "s", "additional_subnet_id_list": {}}`: group(func(l *nks.NodeGroupLabels) {
			l.Other = map[string]any{
				"boot_volume_size": "20 GB", "ca_enable": "maybe", "ca_scale_down_enable": "often", "kube_tag": []any{"v1"},
				"external_subnet_id_list": []any{[]any{"a"}}, "extra_volumes": "[{'volume_size': 1}]", "extra_security_groups": 7.0, "skm": "s",
				"additional_subnet_id_list": map[string]any{},
			}
		}),
	} {
		read := nks.ClusterLabels{NodeGroupLabels: nks.NodeGroupLabels{KubeTag: "old", Other: map[string]any{"old": 1}}}
		require.NoError(t, json.Unmarshal([]byte(given), &read), given)
		assert.Equal(t, expected, read, given)
		sent, err := json.Marshal(read)
		require.NoError(t, err, given)
		var again nks.ClusterLabels
		require.NoError(t, json.Unmarshal(sent, &again), string(sent))
		assert.Equal(t, expected, again, string(sent))

		// A node group reads the same, and has what only clusters have in Other.
		var ofGroup nks.NodeGroupLabels
		require.NoError(t, json.Unmarshal(sent, &ofGroup), string(sent))
		assert.Equal(t, expected.KubeTag, ofGroup.KubeTag)
		back, err := json.Marshal(ofGroup)
		require.NoError(t, err)
		assert.JSONEq(t, string(sent), string(back))
	}
}

// TestLabelsSent has the form that requests have.
func TestLabelsSent(t *testing.T) {
	t.Parallel()
	for expected, labels := range map[string]nks.ClusterLabels{
		`{"ca_enable": "False", "master_lb_floating_ip_enabled": "False"}`: {},
		`{"ca_enable": "True", "master_lb_floating_ip_enabled": "True", "ca_scale_down_enable": "False", "boot_volume_size": "20",
			"external_subnet_id_list": "a:b", "extra_volumes": [{"volume_type": "General HDD", "volume_size": 100}],
			"extra_security_groups": [{"target_subnet": "s", "security_group_ids": "a,b"}], "skm": "{\"key_id\":\"k\"}", "etcd_volume_size": "10"}`: {
			NodeGroupLabels: nks.NodeGroupLabels{
				Autoscaler: nks.Autoscaler{Enable: true, ScaleDownEnable: new(false)}, BootVolumeSize: 20, ExternalSubnetIDs: []string{"a", "b"},
				ExtraVolumes:        []nks.ExtraVolume{{VolumeType: "General HDD", VolumeSize: 100}},
				ExtraSecurityGroups: []nks.ExtraSecurityGroup{{TargetSubnetID: "s", SecurityGroupIDs: []string{"a", "b"}}},
				Other:               map[string]any{"etcd_volume_size": "10", "boot_volume_size": "goes"},
			},
			MasterLBFloatingIPEnabled: true, SKMKeyID: "k",
		},
	} {
		sent, err := json.Marshal(labels)
		require.NoError(t, err)
		assert.JSONEq(t, expected, string(sent))
	}
	for _, broken := range []string{`[]`, `"labels"`, `7`} {
		var cluster nks.ClusterLabels
		var group nks.NodeGroupLabels
		assert.Error(t, json.Unmarshal([]byte(broken), &cluster), broken)
		assert.Error(t, json.Unmarshal([]byte(broken), &group), broken)
	}
	var group nks.ExtraSecurityGroup
	assert.Error(t, json.Unmarshal([]byte(`[]`), &group))
}

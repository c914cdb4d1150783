package nks

import (
	"encoding/json"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks/internal/label"
)

// NodeGroupLabels are the settings of a node group, and of the nodes that a
// cluster is made with. They travel as a map in which Booleans and numbers are
// texts and lists are joined; encoded as JSON they have that form too.
//
// A creation needs AvailabilityZone, BootVolumeType and BootVolumeSize, that of a
// cluster NodeImage and KubeTag as well; all others are optional. In an answer
// the labels of a node group have some of its cluster among them.
type NodeGroupLabels struct {
	AvailabilityZone string // label availability_zone
	NodeImage        string // node_image: UUID of the base image
	KubeTag          string // kube_tag: Kubernetes version, such as "v1.32.3"

	BootVolumeType   string // boot_volume_type, such as "General SSD"
	BootVolumeSize   int    // boot_volume_size: GB
	BootVolumeKeyID  string // boot_volume_key_id: symmetric key of an encrypted volume
	BootVolumeAppKey string // boot_volume_appkey: appkey of that key

	ExternalNetworkID    string   // external_network_id: VPC that has the internet gateway
	ExternalSubnetIDs    []string // external_subnet_id_list: subnets that have the internet gateway
	AdditionalNetworkIDs []string // additional_network_id_list: VPCs of the additional networks
	AdditionalSubnetIDs  []string // additional_subnet_id_list: subnets of the additional networks

	ExtraSecurityGroups []ExtraSecurityGroup // extra_security_groups
	ExtraVolumes        []ExtraVolume        // extra_volumes

	// Autoscaler has the labels that begin with ca_. Its Enable always travels.
	Autoscaler Autoscaler
	// MetricScaleOut and MetricScaleIn are the labels mba_scale_out and
	// mba_scale_in, of which the guide says that they are texts, and no more.
	MetricScaleOut, MetricScaleIn string

	UserScript    nhncloud.Secret // user_script_v2: is run when a node is set up
	OldUserScript nhncloud.Secret // user_script: what UserScript took the place of

	// FloatingIPAutoBind has the labels that begin with fip_.
	FloatingIPAutoBind FloatingIPAutoBind
	// NodeLabels is the label k8s_node_labels, of which the guide says that it is
	// a text, and no more. See [NodeGroupsService.SetNodeLabels].
	NodeLabels string

	CertManagerAPI  bool   // cert_manager_api: certificate signing requests can be made
	StrictSGRules   bool   // strict_sg_rules: the nodes' security group has the necessary rules alone
	PlatformVersion string // platform_version, in answers

	// Other has the labels that have no field here, by their names, and those
	// that did not come in the form of their field. They are sent along.
	Other map[string]any
}

// fields is what NodeGroupLabels look like on their way.
func (l *NodeGroupLabels) fields() []label.Field {
	return []label.Field{
		label.Text("availability_zone", &l.AvailabilityZone),
		label.Text("node_image", &l.NodeImage),
		label.Text("kube_tag", &l.KubeTag),
		label.Text("boot_volume_type", &l.BootVolumeType),
		label.Number("boot_volume_size", &l.BootVolumeSize),
		label.Text("boot_volume_key_id", &l.BootVolumeKeyID),
		label.Text("boot_volume_appkey", &l.BootVolumeAppKey),
		label.Text("external_network_id", &l.ExternalNetworkID),
		label.Colons("external_subnet_id_list", &l.ExternalSubnetIDs),
		label.Colons("additional_network_id_list", &l.AdditionalNetworkIDs),
		label.Colons("additional_subnet_id_list", &l.AdditionalSubnetIDs),
		label.Array("extra_security_groups", &l.ExtraSecurityGroups),
		label.Array("extra_volumes", &l.ExtraVolumes),
		label.Required("ca_enable", &l.Autoscaler.Enable),
		label.Number("ca_pod_replicas", &l.Autoscaler.PodReplicas),
		label.Number("ca_max_node_count", &l.Autoscaler.MaxNodeCount),
		label.Number("ca_min_node_count", &l.Autoscaler.MinNodeCount),
		label.Optional("ca_scale_down_enable", &l.Autoscaler.ScaleDownEnable),
		label.Number("ca_scale_down_unneeded_time", &l.Autoscaler.ScaleDownUnneededTime),
		label.Number("ca_scale_down_util_thresh", &l.Autoscaler.ScaleDownUtilThresh),
		label.Number("ca_scale_down_delay_after_add", &l.Autoscaler.ScaleDownDelayAfterAdd),
		label.Text("clusterautoscale", &l.Autoscaler.ClusterAutoscale),
		label.JSON("mba_scale_out", &l.MetricScaleOut),
		label.JSON("mba_scale_in", &l.MetricScaleIn),
		label.Secret("user_script_v2", &l.UserScript),
		label.Secret("user_script", &l.OldUserScript),
		label.Flag("fip_auto_bind_enable", &l.FloatingIPAutoBind.Enable),
		label.Text("fip_bind_subnet", &l.FloatingIPAutoBind.BindSubnetID),
		label.Text("fip_selector", &l.FloatingIPAutoBind.Selector),
		label.JSON("k8s_node_labels", &l.NodeLabels),
		label.Flag("cert_manager_api", &l.CertManagerAPI),
		label.Flag("strict_sg_rules", &l.StrictSGRules),
		label.Text("platform_version", &l.PlatformVersion),
	}
}

// MarshalJSON encodes the labels as they travel, but without what is secret.
func (l NodeGroupLabels) MarshalJSON() ([]byte, error) { return label.Shown(l.fields(), l.Other) }

// UnmarshalJSON reads labels in any of their documented forms.
func (l *NodeGroupLabels) UnmarshalJSON(encoded []byte) error {
	*l = NodeGroupLabels{}
	return label.Read(encoded, l.fields(), &l.Other)
}

func (l *NodeGroupLabels) body() map[string]any { return label.Body(l.fields(), l.Other) }

// secrets are what no error and no log may repeat.
func (l *NodeGroupLabels) secrets() []nhncloud.Secret {
	return []nhncloud.Secret{l.UserScript, l.OldUserScript}
}

// check refuses what no node group is created with.
func (l *NodeGroupLabels) check(check *nhncloud.ArgumentCheck) {
	check.Required("Labels.AvailabilityZone", l.AvailabilityZone)
	check.Required("Labels.BootVolumeType", l.BootVolumeType)
	check.RefuseIf(l.BootVolumeSize <= 0, "Labels.BootVolumeSize", "must be positive")
	checkJoined(check, "Labels.ExternalSubnetIDs", ":", l.ExternalSubnetIDs)
	checkJoined(check, "Labels.AdditionalNetworkIDs", ":", l.AdditionalNetworkIDs)
	checkJoined(check, "Labels.AdditionalSubnetIDs", ":", l.AdditionalSubnetIDs)
	for i, group := range l.ExtraSecurityGroups {
		field := indexed("Labels.ExtraSecurityGroups", i)
		check.Required(field+".TargetSubnetID", group.TargetSubnetID)
		check.RefuseIf(len(group.SecurityGroupIDs) == 0, field+".SecurityGroupIDs", "must not be empty")
		checkJoined(check, field+".SecurityGroupIDs", ",", group.SecurityGroupIDs)
	}
	for i, volume := range l.ExtraVolumes {
		field := indexed("Labels.ExtraVolumes", i)
		check.Required(field+".VolumeType", volume.VolumeType)
		check.RefuseIf(volume.VolumeSize <= 0, field+".VolumeSize", "must be positive")
	}
	l.Autoscaler.check(check, "Labels.Autoscaler.")
	l.FloatingIPAutoBind.check(check, "Labels.FloatingIPAutoBind.")
}

// ExtraSecurityGroup gives the nodes further security groups in one of their
// subnets.
type ExtraSecurityGroup struct {
	TargetSubnetID   string
	SecurityGroupIDs []string
}

// extraSecurityGroup is an ExtraSecurityGroup on its way.
type extraSecurityGroup struct {
	TargetSubnetID   string `json:"target_subnet"`
	SecurityGroupIDs any    `json:"security_group_ids"`
}

// MarshalJSON encodes it as it travels: the ids are one text, with commas between.
func (g ExtraSecurityGroup) MarshalJSON() ([]byte, error) {
	return json.Marshal(extraSecurityGroup{g.TargetSubnetID, strings.Join(g.SecurityGroupIDs, ",")})
}

// UnmarshalJSON reads the ids from such a text, or from an array.
func (g *ExtraSecurityGroup) UnmarshalJSON(encoded []byte) error {
	var sent extraSecurityGroup
	if err := json.Unmarshal(encoded, &sent); err != nil {
		return err
	}
	ids, _ := label.Split(sent.SecurityGroupIDs, ",")
	*g = ExtraSecurityGroup{sent.TargetSubnetID, ids}
	return nil
}

// ExtraVolume gives each node a further volume.
type ExtraVolume struct {
	VolumeType   string `json:"volume_type"` // such as "General HDD"
	VolumeSize   int    `json:"volume_size"` // GB
	VolumeKeyID  string `json:"volume_key_id,omitzero"`
	VolumeAppKey string `json:"volume_appkey,omitzero"`
	MountPath    string `json:"volume_mount_path,omitzero"`
}

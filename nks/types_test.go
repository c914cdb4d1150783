package nks_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		nks.APIEndpointIPACL{}, nks.Addon{}, nks.AddonChoice{}, nks.AddonInstallRequest{}, nks.AddonOptionSchema{}, nks.AddonType{}, nks.AddonUpdateRequest{},
		nks.Autoscaler{}, nks.Cluster{}, nks.ClusterAddon{}, nks.ClusterCreateRequest{}, nks.ClusterLabels{}, nks.ControlPlaneLog{}, nks.Event{},
		nks.ExtraSecurityGroup{}, nks.ExtraVolume{}, nks.FlavorChangeRequest{}, nks.FloatingIPAutoBind{}, nks.IPACLTarget{}, nks.KubeconfigSaveOptions{}, nks.Link{},
		nks.MetricAutoscaler{}, nks.MetricRule{}, nks.MetricScaleIn{}, nks.MetricScaleOut{}, nks.NodeGroup{}, nks.NodeGroupCreateRequest{},
		nks.NodeGroupLabels{}, nks.NodeGroupUpgradeRequest{}, nks.ResizeRequest{}, nks.ServiceGateways{}, nks.SimpleCluster{}, nks.Supports{}, nks.UpgradeOptions{}, nks.UpgradeProgress{},
	)
}

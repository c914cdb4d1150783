package nks_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// documentedSimple is the documented simple form, with all of its fields.
func documentedSimple(t *testing.T) nks.SimpleCluster {
	t.Helper()
	var form struct {
		Name              string `json:"cluster_name"`
		VPCID             string `json:"vpc_id"`
		SubnetID          string `json:"subnet_id"`
		InstanceType      string `json:"instance_type"`
		KeyName           string `json:"keypair_name"`
		KubernetesVersion string `json:"kubernetes_version"`
		AvailabilityZone  string `json:"availability_zone"`
		IsPublic          *bool  `json:"is_public"`
		ExternalNetworkID string `json:"external_network_id"`
		ExternalSubnetID  string `json:"external_subnet_id"`
		NodeCount         int    `json:"node_count"`
		BootVolumeSize    int    `json:"boot_volume_size"`
		BootVolumeType    string `json:"boot_volume_type"`
	}
	decoder := json.NewDecoder(strings.NewReader(apitest.Text(t, "@nks-create-cluster.gateway.request.json")))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&form))
	return nks.SimpleCluster{
		Name: form.Name, VPCID: form.VPCID, SubnetID: form.SubnetID, InstanceType: form.InstanceType, KeyName: form.KeyName,
		KubernetesVersion: form.KubernetesVersion, AvailabilityZone: form.AvailabilityZone, IsPublic: form.IsPublic,
		ExternalNetworkID: form.ExternalNetworkID, ExternalSubnetID: form.ExternalSubnetID, NodeCount: form.NodeCount,
		BootVolumeSize: form.BootVolumeSize, BootVolumeType: form.BootVolumeType,
	}
}

var (
	wantFlavors = apitest.Want{Operation: "compute-v2-list-flavors", Method: http.MethodGet, URL: apitest.ComputeURL + "/flavors"}
	wantImages  = apitest.Want{Operation: "image-v2-list-images", Method: http.MethodGet, URL: apitest.ImageURL + "/v2/images?nhncloud_allow_nks_cpu_flavor=true&visibility=public"}
)

const simpleFlavors = `{"flavors": [{"id": "other", "name": "m2.c2m4"}, {"id": "flavor-1", "name": "m2.c4m8"}]}`

// simpleBody is the body for the documented simple form.
func simpleBody(nodes, size, public, external string) string {
	return `{"cluster_template_id": "iaas_console", "name": "my-k8s-cluster", "keypair": "my-keypair", "flavor_id": "flavor-1", "fixed_network": "vpc-id-123",
		"fixed_subnet": "subnet-id-123", "node_count": ` + nodes + `, "labels": {"availability_zone": "kr-pub-a", "kube_tag": "v1.28.3", "node_image": "new",
		"boot_volume_size": "` + size + `", "boot_volume_type": "General SSD", "ca_enable": "False", "cert_manager_api": "True",
		"master_lb_floating_ip_enabled": "` + public + `"` + external + `}}`
}

func TestCreateSimple(t *testing.T) {
	t.Parallel()
	const images = `{"images": [{"id": "old", "name": "Ubuntu", "status": "active", "created_at": "2025-01-01T00:00:00Z"},
		{"id": "new", "name": "Ubuntu", "status": "active", "created_at": "2026-01-01T00:00:00Z"},
		{"id": "queued", "name": "Ubuntu", "status": "queued", "created_at": "2026-02-01T00:00:00Z"}]}`
	const external = `, "external_network_id": "ext-net-id", "external_subnet_id_list": "ext-subnet-id"`
	for name, test := range map[string]struct {
		change       func(s *nks.SimpleCluster)
		images, body string
	}{
		"documented": {func(*nks.SimpleCluster) {}, images, simpleBody("3", "50", "True", external)},
		"defaults": {func(s *nks.SimpleCluster) {
			s.IsPublic, s.NodeCount, s.BootVolumeSize, s.BootVolumeType = nil, 0, 0, ""
		}, images,
			simpleBody("1", "50", "True", external)},
		"flavor by id": {func(s *nks.SimpleCluster) { s.InstanceType = "flavor-1" }, images, simpleBody("3", "50", "True", external)},
		"private": {func(s *nks.SimpleCluster) {
			s.IsPublic, s.ExternalNetworkID, s.ExternalSubnetID, s.BootVolumeSize = new(false), "", "", 100
		}, images, simpleBody("3", "100", "False", "")},
		"private, with a gateway": {func(s *nks.SimpleCluster) { s.IsPublic = new(false) }, images, simpleBody("3", "50", "False", external)},
		"image by name": {func(s *nks.SimpleCluster) { s.NodeImage = "Rocky" }, `{"images": [{"id": "u", "name": "Ubuntu", "status": "active",
			"created_at": "2026-01-01T00:00:00Z"}, {"id": "new", "name": "Rocky", "status": "active", "created_at": "2020-01-01T00:00:00Z"}]}`,
			simpleBody("3", "50", "True", external)},
		"image by id": {func(s *nks.SimpleCluster) { s.NodeImage = "new" }, images, simpleBody("3", "50", "True", external)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantFlavors, apitest.Reply{Body: simpleFlavors})
			m.Expect(wantImages, apitest.Reply{Body: test.images})
			m.Expect(want("nks-create-cluster", http.MethodPost, "/clusters", test.body), documented("nks-create-cluster"))
			simple := documentedSimple(t)
			test.change(&simple)
			uuid, err := nks.New(m.Client).Clusters.CreateSimple(t.Context(), simple)
			require.NoError(t, err)
			assert.Equal(t, "5801ef8a-3760-4858-b467-fc4c1201241d", uuid)
		})
	}
	t.Run("on later pages", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantFlavors, apitest.Reply{Body: `{"flavors": [{"id": "a"}], "flavors_links": [{"rel": "next", "href": "https://retired.example.com/flavors?marker=a"}]}`})
		flavors, next := wantFlavors, wantImages
		flavors.URL += "?marker=a"
		m.Expect(flavors, apitest.Reply{Body: simpleFlavors})
		m.Expect(wantImages, apitest.Reply{Body: `{"images": [], "next": "/v2/images?marker=b&visibility=public"}`})
		next.URL = apitest.ImageURL + "/v2/images?marker=b&visibility=public"
		m.Expect(next, apitest.Reply{Body: images})
		m.Expect(want("nks-create-cluster", http.MethodPost, "/clusters", simpleBody("3", "50", "True", external)), documented("nks-create-cluster"))
		_, err := nks.New(m.Client).Clusters.CreateSimple(t.Context(), documentedSimple(t))
		require.NoError(t, err)
	})
}

func TestCreateSimpleFails(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavors, images apitest.Reply
		err             error
		message         string
	}{
		"no such flavor":         {apitest.Reply{Body: `{"flavors": [{"id": "a", "name": "b"}]}`}, apitest.Reply{}, nhncloud.ErrNotFound, "there is no flavor m2.c4m8"},
		"flavors can't be asked": {apitest.Reply{Status: http.StatusForbidden}, apitest.Reply{}, nhncloud.ErrForbidden, ""},
		"no such image":          {apitest.Reply{Body: simpleFlavors}, apitest.Reply{Body: `{"images": [{"id": "a", "name": "b", "status": "active"}]}`}, nhncloud.ErrNotFound, "there is no base image Rocky"},
		"images can't be asked":  {apitest.Reply{Body: simpleFlavors}, apitest.Reply{Status: http.StatusForbidden}, nhncloud.ErrForbidden, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantFlavors, test.flavors)
			if test.images.Body != "" || test.images.Status != 0 {
				m.Expect(wantImages, test.images)
			}
			simple := documentedSimple(t)
			simple.NodeImage = "Rocky"
			uuid, err := nks.New(m.Client).Clusters.CreateSimple(t.Context(), simple)
			assert.Empty(t, uuid)
			assert.ErrorIs(t, err, test.err)
			assert.ErrorContains(t, err, test.message)
		})
	}
}

func TestSimpleClusterRefused(t *testing.T) {
	t.Parallel()
	const all = "Name, VPCID, SubnetID, InstanceType, KeyName, KubernetesVersion, AvailabilityZone, ExternalNetworkID, ExternalSubnetID"
	for field, simple := range map[string]nks.SimpleCluster{
		all:                                 {},
		all + ", NodeCount, BootVolumeSize": {NodeCount: -1, BootVolumeSize: -1},
		strings.TrimSuffix(all, ", ExternalNetworkID, ExternalSubnetID"): {IsPublic: new(false)},
		strings.Replace(all, ", ExternalNetworkID", "", 1):               {IsPublic: new(false), ExternalNetworkID: "e"},
		strings.TrimSuffix(all, ", ExternalSubnetID"):                    {IsPublic: new(false), ExternalSubnetID: "e"},
	} {
		refuses(t, "nks-create-cluster", field, func(ctx context.Context, k *nks.Client) error {
			_, err := k.Clusters.CreateSimple(ctx, simple)
			return err
		})
	}
	refuses(t, "nks-create-cluster", "flavorID, imageID, "+all, func(context.Context, *nks.Client) error {
		_, err := nks.SimpleCluster{}.Request("", "")
		return err
	})
	assert.Equal(t, []any{50, "General SSD"}, []any{nks.DefaultBootVolumeSize, nks.DefaultBootVolumeType})
}

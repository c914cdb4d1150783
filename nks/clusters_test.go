package nks_test

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

const clusterUUID = "2b778d83-8b67-45b1-920e-b0c5ad5c2f30"

// documentedLabels are the labels of the documented cluster, but for those that
// its listing lacks.
func documentedLabels() nks.ClusterLabels {
	return nks.ClusterLabels{
		NodeGroupLabels: nks.NodeGroupLabels{
			AvailabilityZone: "kr2-pub-b", NodeImage: "f462a2a5-ba24-46d6-b7a1-9a9febcd3cfc", KubeTag: "v1.23.3",
			ExternalNetworkID: "751b8227-7b45-440a-9349-dbf829d0aba5", ExternalSubnetIDs: []string{"59ddc195-76b1-431d-9693-f09880747dc6"},
			Autoscaler: nks.Autoscaler{ClusterAutoscale: "nodegroupfeature"}, CertManagerAPI: true, StrictSGRules: true,
			Other: map[string]any{
				"etcd_volume_size": "10", "flavor_type": "core", "hypervisor_type": "qemu", "login_username": "centos", "os_arch": "amd64",
				"os_distro": "CentOS", "os_type": "linux", "os_version": "7.8", "project_domain": "NORMAL",
				"server_group_meta": "k8s_2b778d83-8b67-45b1-920e-b0c5ad5c2f30_561c3f55-a23f-4e1a-b2fa-a5459b2c0575",
			},
		},
		MasterLBFloatingIPEnabled: true, ServiceClusterIPRange: "10.254.0.0/16", PodsNetworkCIDR: "10.100.0.0/16", PodsNetworkSubnet: 24,
	}
}

func TestClustersGet(t *testing.T) {
	t.Parallel()
	const operation = "nks-get-cluster"
	labels := documentedLabels()
	labels.Other["kube_version_status"], labels.PlatformVersion = "NEED_UPGRADE", "1.202511.0"
	w := want(operation, http.MethodGet, "/clusters/my%20cluster", "")
	get := func(ctx context.Context, k *nks.Client) (*nks.Cluster, error) {
		return k.Clusters.Get(ctx, "my cluster")
	}
	apitest.Check(t, w, documented(operation), &nks.Cluster{
		UUID: clusterUUID, Name: "test-k8s", Status: nks.StatusCreateComplete, HealthStatus: nks.HealthHealthy,
		HealthStatusReason: nks.HealthReason{"test-k8s-default-w-bnga636xulqk-node-0.Ready": "True", "api": "ok"},
		APIAddress:         "https://2b778d83-kr2-k8s.container.cloud.toast.com:6443", Labels: labels,
		NodeCount: 1, NodeAddresses: []string{"192.168.0.5"}, FlavorID: "6ef27f21-c774-4c0e-84ff-7dd4a762571f", KeyName: "test-keypair",
		FixedNetworkID: "eb212079-b6ec-430c-ba57-14280a457bcb", FixedSubnetID: "4fdf5b80-3d35-43f5-a5c1-010a3b6c8e90",
		COEVersion: "v1.23.3", ContainerVersion: "1.12.6", ClusterTemplateID: "b4503d97-6012-499d-a31a-5200f94a7890", CreateTimeout: 60,
		StackID: "7f497472-9729-4b89-9124-1c097335b856", ProjectID: "1ffeaca9bbf94ab1aa9cffdec29a258a", UserID: "12ba32bebc414c4992a2c9be3952a64c",
		CreatedAt: at(t, "2021-08-05T01:48:39+00:00"), UpdatedAt: at(t, "2021-08-05T04:39:49+00:00"), Links: links("/clusters/" + clusterUUID),
	}, on(get))
	refusesIDs(t, operation, clusterArg, func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Clusters.Get(ctx, id)
		return err
	})
	t.Run("without the version", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Status: http.StatusNotAcceptable, Body: `{"errors": [{"status": 406, "code": "", "title": "Not Acceptable",
			"detail": "Version 1.1 was requested but the requested API get_one is not supported for this version."}]}`})
		_, err := get(t.Context(), nks.New(m.Client))
		assert.ErrorIs(t, err, nhncloud.ErrNotSupported)
		assert.ErrorContains(t, err, "is not supported for this version")
	})
}

// TestHealthReason has the forms of the table of the guide and others.
func TestHealthReason(t *testing.T) {
	t.Parallel()
	for given, expected := range map[string]nks.HealthReason{
		`{"timestamp": "2026-01-01T00:00:00", "cluster.api_status": "NORMAL", "nodegroup-stats.default-worker": "2:0"}`: {
			"timestamp": "2026-01-01T00:00:00", "cluster.api_status": "NORMAL", "nodegroup-stats.default-worker": "2:0",
		},
		`null`:      nil,
		`{}`:        {},
		`"pending"`: {"": "pending"},
		`["a"]`:     {"": []any{"a"}},
	} {
		m := apitest.New(t)
		m.Expect(want("nks-get-cluster", http.MethodGet, "/clusters/x", ""), apitest.Reply{Body: `{"uuid": "x", "health_status_reason": ` + given + `}`})
		cluster, err := nks.New(m.Client).Clusters.Get(t.Context(), "x")
		require.NoError(t, err, given)
		assert.Equal(t, &nks.Cluster{UUID: "x", HealthStatusReason: expected}, cluster, given)
	}
}

func TestClustersList(t *testing.T) {
	t.Parallel()
	const operation = "nks-list-clusters"
	w := want(operation, http.MethodGet, "/clusters", "")
	list := func(ctx context.Context, k *nks.Client) ([]*nks.Cluster, error) { return k.Clusters.List(ctx) }
	apitest.Check(t, w, documented(operation), []*nks.Cluster{{
		UUID: clusterUUID, Name: "k8s-test", Status: nks.StatusCreateComplete, HealthStatus: nks.HealthHealthy, Labels: documentedLabels(), NodeCount: 1,
		FlavorID: "6ef27f21-c774-4c0e-84ff-7dd4a762571f", KeyName: "testkeypair", ClusterTemplateID: "b4503d97-6012-499d-a31a-5200f94a7890",
		CreateTimeout: 60, StackID: "7f497472-9729-4b89-9124-1c097335b856", Links: links("/clusters/f0af4484-0a16-433a-a15c-295d9ba6537d"),
	}}, on(list))
	t.Run("gateway", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Body: "@nks-list-clusters.gateway.response.json"})
		clusters, err := list(t.Context(), nks.New(m.Client))
		require.NoError(t, err)
		assert.Equal(t, []*nks.Cluster{{UUID: "cluster-uuid-123", Name: "my-cluster", Status: nks.StatusCreateComplete, NodeCount: 3}}, clusters)
	})
	t.Run("null among them", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Body: `{"clusters": [null, {"uuid": "a"}]}`})
		clusters, err := list(t.Context(), nks.New(m.Client))
		require.NoError(t, err)
		assert.Equal(t, []*nks.Cluster{{UUID: "a"}}, clusters)
	})
}

// TestAll walks over the listings that may have pages.
func TestAll(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		operation, path, key string
		all                  func(ctx context.Context, k *nks.Client) iter.Seq2[string, error]
	}{
		{"nks-list-clusters", "/clusters", "clusters", func(ctx context.Context, k *nks.Client) iter.Seq2[string, error] {
			return apitest.IDsOf(k.Clusters.All(ctx), func(c *nks.Cluster) string { return c.UUID })
		}},
		{"nks-list-nodegroups", "/clusters/web/nodegroups", "nodegroups", func(ctx context.Context, k *nks.Client) iter.Seq2[string, error] {
			return apitest.IDsOf(k.NodeGroups.All(ctx, "web"), func(g *nks.NodeGroup) string { return g.UUID })
		}},
		{"nks-list-cluster-events", "/clusters/web/events", "events", func(ctx context.Context, k *nks.Client) iter.Seq2[string, error] {
			return apitest.IDsOf(k.Events.All(ctx, "web"), func(e *nks.Event) string { return e.UUID })
		}},
	} {
		first := `{"` + test.key + `": [{"uuid": "a"}, null], "next": "https://retired.example.com/v1/x?limit=2&marker=a"}`
		last := `{"` + test.key + `": [{"uuid": "b"}]}`
		for name, walk := range map[string]apitest.Walk{
			"one page":      {Pages: []apitest.Page{{"", last}}, IDs: []string{"b"}},
			"two pages":     {Pages: []apitest.Page{{"", first}, {"?limit=2&marker=a", last}}, IDs: []string{"a", "b"}},
			"none":          {Pages: []apitest.Page{{"", `{"` + test.key + `": []}`}}},
			"stopped":       {Pages: []apitest.Page{{"", first}}, IDs: []string{"a"}, Stop: 1},
			"down":          {Pages: []apitest.Page{{"", first}, {"?limit=2&marker=a", apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable},
			"down at first": {Pages: []apitest.Page{{"", apitest.Down}}, Err: nhncloud.ErrUnavailable},
		} {
			t.Run(test.key+" "+name, func(t *testing.T) {
				t.Parallel()
				walk.Run(t, test.operation, baseURL+test.path, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
					return test.all(ctx, nks.New(client))
				})
			})
		}
	}
}

func TestClustersDelete(t *testing.T) {
	t.Parallel()
	const operation = "nks-delete-cluster"
	del := func(ctx context.Context, client *nhncloud.Client, id string) error {
		return nks.New(client).Clusters.Delete(ctx, id)
	}
	apitest.CheckEmpty(t, want(operation, http.MethodDelete, "/clusters/web", ""), apitest.Reply{Status: http.StatusNoContent},
		func(ctx context.Context, client *nhncloud.Client) error { return del(ctx, client, "web") })
	apitest.RefusedSegments(t, operation, clusterArg, del)
}

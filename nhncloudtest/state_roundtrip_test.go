package nhncloudtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"iter"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	"github.com/nhncloud-go/nhncloud/nks"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// sdk are the clients of a cloud.
type sdk struct {
	compute *compute.Client
	keys    *keypair.Client
	network *network.Client
	volumes *blockstorage.Client
	nks     *nks.Client
	objects *objectstorage.Client
	v1      *computev1.Client
	lb      *loadbalancer.Client
}

func clients(t *testing.T, cloud *nhncloudtest.Server) sdk {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	c := testclient.New(cloud, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	return sdk{compute.New(c), keypair.New(c), network.New(c), blockstorage.New(c), nks.New(c), objectstorage.New(c), computev1.New(c), loadbalancer.New(c)}
}

const transition = 10 * time.Second

// stateStart is when the clocks of the tests begin.
var stateStart = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func stateCloud(t *testing.T, opts ...nhncloudtest.Option) *nhncloudtest.Server {
	t.Helper()
	return nhncloudtest.Start(t, append([]nhncloudtest.Option{
		nhncloudtest.WithManualClock(stateStart), nhncloudtest.WithTransition(transition), nhncloudtest.WithEd25519Keys(),
		nhncloudtest.WithRegions("KR1", "JP1"),
	}, opts...)...)
}

// one is a value without its error, which ends the test.
func one[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		require.NoError(t, err)
		return v
	}
}

// populate makes something of each service, and leaves much of it under way.
func populate(t *testing.T, cloud *nhncloudtest.Server) {
	t.Helper()
	ctx, c := t.Context(), clients(t, cloud)
	_, err := c.keys.KeyPairs.Create(ctx, "key")
	require.NoError(t, err)
	later := populateBalancers(t, cloud, c.lb)

	vpc := one[*network.VPC](t)(c.network.VPCs.Create(ctx, network.VPCCreateRequest{Name: "한글 <b>", CIDRv4: "10.0.0.0/16"}))
	one[*network.Subnet](t)(c.network.Subnets.Create(ctx, network.SubnetCreateRequest{VPCID: vpc.ID, Name: "sub", CIDR: "10.0.1.0/24"}))
	one[*network.SecurityGroup](t)(c.network.SecurityGroups.Create(ctx, network.SecurityGroupCreateRequest{Name: "group"}))
	one[*network.Port](t)(c.network.Ports.Create(ctx, network.PortCreateRequest{NetworkID: vpc.ID, Name: "port"}))
	external := one[*network.VPC](t)(c.network.VPCs.FindExternal(ctx))

	volume := one[*blockstorage.Volume](t)(c.volumes.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 10, Name: "data", Metadata: map[string]string{"a": "b"}}))
	simple := compute.SimpleServer{Name: "first", ImageID: cloud.ImageID("Ubuntu"), FlavorID: cloud.FlavorID("m2.c1m2"), SubnetID: cloud.SubnetID(), KeyName: "key"}
	first := one[*compute.CreatedServer](t)(c.compute.Servers.CreateSimple(ctx, simple))
	cloud.Advance(transition)
	one[*blockstorage.Snapshot](t)(c.volumes.Snapshots.Create(ctx, blockstorage.SnapshotCreateRequest{VolumeID: volume.ID, Name: "snap"}))
	_, err = c.compute.VolumeAttachments.Attach(ctx, first.ID, volume.ID)
	require.NoError(t, err)
	one[*compute.ServerGroup](t)(c.compute.ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{Name: "apart"}))
	img := one[*compute.Image](t)(c.compute.Images.Create(ctx, compute.ImageCreateRequest{
		Name: "mine", OSType: compute.OSLinux, DiskFormat: "raw", ContainerFormat: "bare", AllowDownload: true, Tags: []string{"tag"},
	}))
	one[*compute.Image](t)(c.compute.Images.Upload(ctx, img.ID, bytes.NewReader(bytes.Repeat([]byte("image"), 300_000)), nil))

	ports := one[[]*network.Port](t)(c.network.Ports.List(ctx, &network.PortListOptions{DeviceID: first.ID}))
	one[*network.FloatingIP](t)(c.network.FloatingIPs.Create(ctx, network.FloatingIPCreateRequest{FloatingNetworkID: external.ID, PortID: ports[0].ID, Label: "front"}))

	one[bool](t)(c.objects.Containers.Create(ctx, "box", nil))
	put := func(name, text string, o *objectstorage.PutOptions) {
		one[*objectstorage.PutResult](t)(c.objects.Objects.Put(ctx, "box", name, strings.NewReader(text), o))
	}
	put("small", "a few words", &objectstorage.PutOptions{Metadata: map[string]string{"why": "테스트"}})
	put("a//b/한 글", strings.Repeat("large", 500_000), nil)
	put("empty", "", nil)
	put("going", "soon", &objectstorage.PutOptions{DeleteAt: cloud.Now().Add(3 * transition)})
	one[*objectstorage.UploadResult](t)(c.objects.Objects.Upload(ctx, "box", "parts", bytes.NewReader(bytes.Repeat([]byte("0123456789"), 1<<18)),
		&objectstorage.UploadOptions{PartSize: new(int64(1 << 20)), Threshold: 1 << 20}))

	subnets := one[[]*network.Subnet](t)(c.network.Subnets.List(ctx, &network.SubnetListOptions{VPCID: external.ID}))
	one[string](t)(c.nks.Clusters.CreateSimple(ctx, nks.SimpleCluster{
		Name: "kube", VPCID: cloud.NetworkID(), SubnetID: cloud.SubnetID(), InstanceType: "m2.c2m4", KeyName: "key", KubernetesVersion: "v1.30.3",
		AvailabilityZone: "kr-pub-a", ExternalNetworkID: external.ID, ExternalSubnetID: subnets[0].ID,
	}))

	// Under way: a server, a resize in its first step, and a server and a member that go.
	simple.Name = "second"
	one[*compute.CreatedServer](t)(c.compute.Servers.CreateSimple(ctx, simple))
	ids := cloud.AddServers(2)
	require.NoError(t, c.compute.Servers.Resize(ctx, ids[0], cloud.FlavorID("u2.c2m4")))
	require.NoError(t, c.compute.Servers.Delete(ctx, ids[1]))
	one[*blockstorage.Volume](t)(c.volumes.Volumes.Create(ctx, blockstorage.VolumeCreateRequest{Size: 1}))
	later()
}

// look is all that listings and looks of the SDK show, as JSON, by what it is.
func look(t *testing.T, cloud *nhncloudtest.Server) map[string]string {
	t.Helper()
	ctx, c := t.Context(), clients(t, cloud)
	out := map[string]string{}
	note := func(name string, v any, err error) {
		t.Helper()
		require.NoError(t, err, name)
		data, err := json.MarshalIndent(v, "", " ")
		require.NoError(t, err, name)
		out[name] = strings.ReplaceAll(string(data), cloud.URL(), "")
	}
	walk(t, note, "servers", c.compute.Servers.All(ctx, nil))
	walk(t, note, "flavors", c.compute.Flavors.All(ctx, nil))
	walk(t, note, "images", c.compute.Images.All(ctx, nil))
	walk(t, note, "volumes", c.volumes.Volumes.All(ctx, nil))
	walk(t, note, "snapshots", c.volumes.Snapshots.All(ctx, nil))
	walk(t, note, "vpcs", c.network.VPCs.All(ctx, nil))
	walk(t, note, "subnets", c.network.Subnets.All(ctx, nil))
	walk(t, note, "routing tables", c.network.RoutingTables.All(ctx, nil))
	walk(t, note, "routes", c.network.Routes.All(ctx, nil))
	walk(t, note, "gateways", c.network.Gateways.All(ctx, nil))
	walk(t, note, "ports", c.network.Ports.All(ctx, nil))
	walk(t, note, "security groups", c.network.SecurityGroups.All(ctx, nil))
	walk(t, note, "security rules", c.network.SecurityGroupRules.All(ctx, nil))
	walk(t, note, "floating IPs", c.network.FloatingIPs.All(ctx, nil))
	walk(t, note, "containers", c.objects.Containers.All(ctx, nil))
	lookAtBalancers(t, note, c.lb)
	keys, err := c.keys.KeyPairs.List(ctx)
	note("keys", keys, err)
	groups, err := c.compute.ServerGroups.List(ctx)
	note("server groups", groups, err)
	instances, err := c.v1.Instances.List(ctx)
	note("instances of v1.0", instances, err)
	vpc, err := c.network.VPCs.Get(ctx, cloud.NetworkID())
	note("vpc", vpc, err)
	for cl, err := range c.nks.Clusters.All(ctx) {
		require.NoError(t, err)
		whole, err := c.nks.Clusters.Get(ctx, cl.UUID)
		if whole != nil {
			whole.APIAddress = ""
		}
		note("cluster", whole, err)
		walk(t, note, "node groups", c.nks.NodeGroups.All(ctx, cl.UUID))
		walk(t, note, "events", c.nks.Events.All(ctx, cl.UUID))
		addons, err := c.nks.Addons.ListInstalled(ctx, cl.UUID)
		note("add-ons", addons, err)
	}
	for cont, err := range c.objects.Containers.All(ctx, nil) {
		require.NoError(t, err)
		for o, err := range c.objects.Objects.All(ctx, cont.Name, nil) {
			require.NoError(t, err)
			content, err := c.objects.Objects.Get(ctx, cont.Name, o.Name, nil)
			require.NoError(t, err, o.Name)
			data, err := io.ReadAll(content)
			require.NoError(t, err)
			require.NoError(t, content.Close())
			note("object "+cont.Name+"/"+o.Name, []any{o, content.Object, len(data), bytes.Clone(data[:min(len(data), 100)])}, nil)
		}
	}
	return out
}

func walk[T any](t *testing.T, note func(string, any, error), name string, seq iter.Seq2[T, error]) {
	t.Helper()
	var all []T
	for v, err := range seq {
		require.NoError(t, err, name)
		all = append(all, v)
	}
	assert.NotEmpty(t, all, name)
	note(name, all, nil)
}

func saveState(t *testing.T, cloud *nhncloudtest.Server) []byte {
	t.Helper()
	var buf bytes.Buffer
	require.NoError(t, cloud.SaveState(&buf))
	return buf.Bytes()
}

// What was saved and loaded is the same in every respect that the SDK shows, then
// and as time goes on.
func TestStateComesBack(t *testing.T) {
	t.Parallel()
	before := stateCloud(t)
	populate(t, before)
	state := saveState(t, before)
	after := stateCloud(t)
	require.NoError(t, after.LoadState(bytes.NewReader(state)))
	assert.Equal(t, before.Now(), after.Now())
	for step := range 9 {
		want, got := look(t, before), look(t, after)
		for name, text := range want {
			require.Equal(t, text, got[name], "step %d: %s", step, name)
		}
		require.Len(t, got, len(want))
		before.Advance(transition / 2)
		after.Advance(transition / 2)
	}
	counts := func(state []byte) int { return bytes.Count(state, []byte("\n")) }
	assert.Equal(t, counts(saveState(t, before)), counts(saveState(t, after)))
}

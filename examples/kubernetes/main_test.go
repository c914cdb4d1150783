package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/examples/internal/frametest"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	"github.com/nhncloud-go/nhncloud/nks"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// trip is a run on a cloud of its own.
type trip struct {
	*testing.T
	frametest.Printed
	cloud  *nhncloudtest.Server
	client *nhncloud.Client
	before []string // what the cloud begins with
}

func newTrip(t *testing.T) *trip {
	t.Helper()
	p := &trip{T: t, cloud: nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys(), nhncloudtest.WithTransition(time.Millisecond))}
	p.client = testclient.New(p.cloud)
	p.before = p.all()
	p.cloud.ResetRequests()
	return p
}

func (p *trip) take(ctx context.Context) error {
	return program().Do(ctx, frame.Process{Cloud: p.cloud, Stdout: p, Stderr: io.Discard})
}

// all lists what stands in the cloud.
func (p *trip) all() []string {
	p.Helper()
	n, c, ctx := network.New(p.client), compute.New(p.client), p.Context()
	var names []string
	there := func(what, id string, err error) {
		require.NoError(p, err)
		names = append(names, what+" "+id)
	}
	for vpc, err := range n.VPCs.All(ctx, nil) {
		there("VPC", vpc.ID, err)
	}
	for subnet, err := range n.Subnets.All(ctx, nil) {
		there("subnet", subnet.ID, err)
	}
	for gateway, err := range n.Gateways.All(ctx, nil) {
		there("gateway", gateway.ID, err)
	}
	for port, err := range n.Ports.All(ctx, nil) {
		there("port", port.ID, err)
	}
	for group, err := range n.SecurityGroups.All(ctx, nil) {
		there("security group", group.ID, err)
	}
	for server, err := range c.Servers.All(ctx, nil) {
		there("server", server.ID, err)
	}
	for cluster, err := range nks.New(p.client).Clusters.All(ctx) {
		there("cluster", cluster.UUID, err)
	}
	pairs, err := keypair.New(p.client).KeyPairs.List(ctx)
	require.NoError(p, err)
	for _, pair := range pairs {
		there("key pair", pair.Name, nil)
	}
	return names
}

// nothingLeft asserts that all is as it was before, and that the program says so.
func (p *trip) nothingLeft() {
	p.Helper()
	if strings.Contains(p.Text(), "Made") {
		assert.Equal(p, "Everything is gone again.\n", p.Lines[len(p.Lines)-1])
	}
	p.cloud.RemoveFaults()
	assert.ElementsMatch(p, p.before, p.all())
}

// It does what it says, and Kubernetes tells the same as NHN Cloud.
func TestRun(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	require.NoError(t, p.take(t.Context()))
	p.nothingLeft()
	out := p.Text()
	const node = "- node k8s-[0-9]{6}-[0-9]{6}-%-[0-9a-f]{12}-node-[01], "
	first, more := strings.Replace(node, "%", "default-w", 1), strings.Replace(node, "%", "more", 1)
	for _, want := range []string{
		`Kubernetes says that it is v1\.31\.4\.\n` + first + `v1\.31\.4, Ready: True\nAdding`,
		`(?s)Scaling it to 2 nodes.*` + first + `v1\.31\.4, Ready: True\n` + more + `v1\.31\.4, Ready: True\n` + more + `v1\.31\.4, Ready: True\n(  ….*\n)*Upgrade of default-master`,
		`(?s)Upgrade of default-master to v1\.32\.3: begun.*Upgrade of default-worker to v1\.32\.3: done.*Upgrade of more to v1\.32\.3: done\.\n- node`,
		first + `v1\.32\.3, Ready: True\n` + more + `v1\.32\.3, Ready: True\n` + more + `v1\.32\.3, Ready: True\nDeleting cluster`,
	} {
		assert.Regexp(t, want, out)
	}
	assert.NotContains(t, out, "BEGIN")
}

// The kubeconfig is for its owner alone, and gone at the end.
func TestKubeconfig(t *testing.T) {
	folder := t.TempDir()
	t.Setenv("TMPDIR", folder)
	p := newTrip(t)
	found := 0
	p.Do = func(line string) {
		if strings.HasPrefix(line, "Saved the kubeconfig") {
			entries, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Len(t, entries, 1)
			info, err := os.Stat(folder + "/" + entries[0].Name() + "/kubeconfig")
			require.NoError(t, err)
			assert.Equal(t, os.FileMode(0o600), info.Mode())
			found++
		}
	}
	require.NoError(t, p.take(t.Context()))
	assert.Equal(t, 1, found)
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, entries)
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Chose", "Made VPC", "Made its subnet", "Made internet gateway", "Made key pair", "Creating cluster", "The cluster has",
		"Saved the kubeconfig", "Kubernetes says", "- node", "Adding node group", "Scaling", "Upgrade of default-master", "Upgrade of more",
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := newTrip(t)
			p.Do = func(line string) {
				if strings.Contains(line, text) {
					cancel()
				}
			}
			require.ErrorIs(t, p.take(ctx), context.Canceled)
			p.nothingLeft()
		})
	}
}

// Whatever call fails, it deletes what it made.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{
		"nks-get-supports", "image-v2-list-images", "compute-v2-list-flavors-detail", "compute-v2-list-availability-zones", "network-v2-create-vpc",
		"network-v2-create-vpcsubnet", "network-v2-list-vpcsubnets", "network-v2-create-internetgateway", "keypair-v2-create-keypair",
		"nks-create-cluster", "nks-get-kubeconfig", "nks-create-nodegroup", "nks-resize-nodegroup", "nks-list-nodegroups", "nks-upgrade-nodegroup",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			p := newTrip(t)
			p.cloud.Inject(nhncloudtest.Fault{Operation: operation, Times: 1, Status: http.StatusForbidden})
			require.ErrorIs(t, p.take(t.Context()), nhncloud.ErrForbidden)
			p.nothingLeft()
		})
	}
}

// A task that fails ends it with the reason.
func TestFailedTasks(t *testing.T) {
	t.Parallel()
	for _, event := range []string{"CLUSTER_CREATE", "NODEGROUP_CREATE", "CLUSTER_RESIZE", "NODEGROUP_UPGRADE"} {
		t.Run(event, func(t *testing.T) {
			t.Parallel()
			p := newTrip(t)
			require.NoError(t, p.cloud.FailKubernetesTask(event, "out of luck"))
			err := p.take(t.Context())
			require.ErrorIs(t, err, nhncloud.ErrFailedState)
			require.ErrorContains(t, err, "out of luck")
			p.nothingLeft()
		})
	}
}

// A cluster that can't be deleted because something is being done to it is
// deleted afterwards.
func TestBusyCluster(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.cloud.Inject(nhncloudtest.Fault{Operation: "nks-delete-cluster", Times: 1, Status: http.StatusConflict})
	require.NoError(t, p.take(t.Context()))
	p.nothingLeft()
	assert.Equal(t, 2, p.cloud.Count("nks-delete-cluster"))
}

// What can't be deleted is named.
func TestCleanUpFails(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.cloud.Inject(nhncloudtest.Fault{Operation: "nks-delete-cluster", Status: http.StatusForbidden})
	err := p.take(t.Context())
	require.ErrorIs(t, err, nhncloud.ErrForbidden)
	var left []string
	for line := range strings.Lines(err.Error()) {
		what, _, _ := strings.Cut(line, " was not deleted; please do it in the console: ")
		left = append(left, what[:strings.LastIndexByte(what, ' ')])
	}
	assert.True(t, slices.Contains(left, "cluster") && slices.Contains(left, "subnet"), err)
	assert.NotContains(t, p.Text(), "Everything is gone")
}

// With -live it works on the account in its environment, after a yes.
func TestLive(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	process := frame.Process{Args: []string{"-live"}, Stdin: strings.NewReader("yes\n"), LookupEnv: p.cloud.LookupEnv, Stdout: p, Stderr: io.Discard}
	require.NoError(t, program().Do(t.Context(), process))
	p.nothingLeft()

	process.Stdin = strings.NewReader("no\n")
	p.cloud.ResetRequests()
	require.EqualError(t, program().Do(t.Context(), process), "nothing was done")
	assert.Zero(t, p.cloud.Count(""))
}

package examples

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frametest"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// words are what the two generations of the API call the same thing.
var words = strings.NewReplacer("instance ", "server ")

// left lists what stands in a cloud that had nothing in it.
func left(t *testing.T, cloud *nhncloudtest.Server) []string {
	t.Helper()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	require.NoError(t, err)
	client, err := nhncloud.NewClient(config)
	require.NoError(t, err)
	var names []string
	for server, err := range compute.New(client).Servers.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "server "+server.ID)
	}
	pairs, err := keypair.New(client).KeyPairs.List(t.Context())
	require.NoError(t, err)
	for _, pair := range pairs {
		names = append(names, "key pair "+pair.Name)
	}
	for image, err := range compute.New(client).Images.All(t.Context(), &compute.ImageListOptions{Owner: cloud.TenantID}) {
		require.NoError(t, err)
		names = append(names, "image "+image.ID)
	}
	n := network.New(client)
	for vpc, err := range n.VPCs.All(t.Context(), nil) {
		require.NoError(t, err)
		if vpc.Name != network.DefaultVPCName && !vpc.RouterExternal {
			names = append(names, "VPC "+vpc.ID)
		}
	}
	for group, err := range n.SecurityGroups.All(t.Context(), nil) {
		require.NoError(t, err)
		if group.Name != "default" && group.Name != "web" {
			names = append(names, "security group "+group.ID)
		}
	}
	for ip, err := range n.FloatingIPs.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "floating IP "+ip.ID)
	}
	l := loadbalancer.New(client)
	for balancer, err := range l.LoadBalancers.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "load balancer "+balancer.ID)
	}
	for group, err := range l.IPACLGroups.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "IP ACL group "+group.ID)
	}
	for secret, err := range l.Secrets.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "secret "+secret.Ref.ID())
	}
	for container, err := range objectstorage.New(client).Containers.All(t.Context(), nil) {
		require.NoError(t, err)
		names = append(names, "container "+container.Name)
	}
	return names
}

// start starts an example on a cloud, as if that were the real one.
func start(t *testing.T, name string, cloud *nhncloudtest.Server) *frametest.Process {
	args := []string{"-live", "-yes"}
	if name == "waiting" {
		args = append(args, "-image", cloud.ImageID("Ubuntu"), "-flavor", cloud.FlavorID("m2.c2m4"), "-subnet", cloud.SubnetID())
	}
	return frametest.Start(t, filepath.Join(programs, name), cloud.Environ(), nil, args...)
}

// hold has a call hang that an example makes, once it was made so many times,
// and waits until it does. The first signal ends the call.
func hold(t *testing.T, cloud *nhncloudtest.Server, operation string, after int) (held func()) {
	cloud.Inject(nhncloudtest.Fault{Operation: operation, After: after, Times: 1, Delay: time.Hour})
	return func() {
		t.Helper()
		require.Eventually(t, func() bool { return cloud.Count(operation) > after }, time.Minute, time.Millisecond)
	}
}

// interrupt sends the first signal and waits for what the example says then.
func interrupt(p *frametest.Process, name string, signal syscall.Signal) {
	p.Signal(signal)
	p.WaitFor(name + ": " + signal.String() + ": cleaning up; the next signal ends it at once")
}

// The first signal has an example delete what it made.
func TestFirstSignal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, held string
		after      int
		signal     syscall.Signal
	}{
		{"quickstart", "compute-v2-get-server", 1, syscall.SIGTERM},
		{"quickstart-v1", "compute-v1-instance-action-stop", 0, syscall.SIGINT},
		{"network", "network-v2-associate-floatingip", 0, syscall.SIGINT},
		{"network", "network-v2-get-internetgateway", 0, syscall.SIGTERM},
		{"waiting", "compute-v2-get-server", 1, syscall.SIGTERM},
		{"images", "image-v2-upload-image-file", 0, syscall.SIGINT},
		{"images", "image-v2-get-image", 1, syscall.SIGTERM},
		{"objects", "objectstorage-list-objects", 0, syscall.SIGINT},
	} {
		t.Run(test.name+"/"+test.held, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys())
			held := hold(t, cloud, test.held, test.after)
			p := start(t, test.name, cloud)
			held()
			interrupt(p, test.name, test.signal)
			assert.Equal(t, 128+int(test.signal), p.Wait(), p.Output())
			assert.Contains(t, p.Output(), "Everything is gone again.\n")
			assert.Empty(t, left(t, cloud))
			assert.Empty(t, p.Left())
		})
	}
}

// The second signal ends it at once, whatever hangs, and it says what it leaves.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, held string
		after      int
		hangs      string // while it cleans up
		signal     syscall.Signal
		left       []string // ID stands for an id or a name
	}{
		{"quickstart", "compute-v2-get-server", 1, "compute-v2-delete-server", syscall.SIGTERM, []string{"server ID", "key pair ID"}},
		{"quickstart", "blockstorage-v2-get-volume", 0, "compute-v2-delete-server", syscall.SIGINT, []string{"server ID", "key pair ID", "volume ID"}},
		// What creates something is not ended by the first signal.
		{"quickstart", "compute-v2-create-server", 0, "", syscall.SIGTERM, []string{"maybe server ID, which was being made", "key pair ID"}},
		{"quickstart-v1", "compute-v1-instance-action-stop", 0, "compute-v1-delete-instance", syscall.SIGINT,
			[]string{"instance ID", "key pair ID", "security group ID"}},
		{"network", "network-v2-associate-floatingip", 0, "network-v2-delete-floatingip", syscall.SIGINT, []string{
			"floating IP ID", "server ID", "key pair ID", "security group ID", "internet gateway ID", "subnet ID", "VPC ID"}},
		{"network", "network-v2-create-internetgateway", 0, "", syscall.SIGTERM, []string{
			"maybe internet gateway ID, which was being made", "subnet ID", "VPC ID"}},
		{"waiting", "compute-v2-get-server", 1, "compute-v2-delete-server", syscall.SIGTERM, []string{"server ID", "server ID", "server ID", "key pair ID"}},
		{"images", "compute-v2-get-server", 0, "compute-v2-delete-server", syscall.SIGINT, []string{"server ID", "key pair ID", "image ID"}},
		{"objects", "objectstorage-list-objects", 0, "objectstorage-delete-container", syscall.SIGINT, []string{"container ID"}},
	} {
		t.Run(test.name+"/"+test.held, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys())
			held := hold(t, cloud, test.held, test.after)
			p := start(t, test.name, cloud)
			held()
			if test.hangs != "" {
				held = hold(t, cloud, test.hangs, 0)
			}
			interrupt(p, test.name, test.signal)
			held()
			p.Signal(test.signal)
			assert.Equal(t, 128+int(test.signal), p.Wait(), p.Output())
			lines := strings.Join(append([]string{test.name + ": ended at once; left behind:"}, test.left...), "\n  ")
			assert.Regexp(t, strings.ReplaceAll(lines, "ID", "[0-9a-z-]+")+"\n$", p.Output())
			for _, there := range left(t, cloud) {
				assert.Contains(t, words.Replace(p.Output()), "  "+there+"\n")
			}
			assert.Empty(t, p.Left())
		})
	}
}

// What -live needs is looked for before it asks.
func TestLiveAsks(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"quickstart", "quickstart-v1", "network", "waiting", "images", "objects"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t)
			args := []string{"-live"}
			if name == "waiting" {
				args = append(args, "-image", "a", "-flavor", "b", "-subnet", "c")
			}
			program := filepath.Join(programs, name)

			p := frametest.Start(t, program, nil, strings.NewReader("yes\n"), args...)
			assert.Equal(t, 1, p.Wait())
			assert.Contains(t, p.Output(), "NHNCLOUD_")
			assert.NotContains(t, p.Output(), "Type yes")

			p = frametest.Start(t, program, cloud.Environ(), strings.NewReader("no\n"), args...)
			assert.Equal(t, 1, p.Wait())
			assert.Regexp(t, "^This makes .* on the real NHN Cloud. They may cost money until .*\nType yes to go on: "+name+": nothing was done\n$", p.Output())

			stdin, typed, err := os.Pipe()
			require.NoError(t, err)
			defer stdin.Close()
			defer typed.Close()
			p = frametest.Start(t, program, cloud.Environ(), stdin, args...)
			p.WaitFor("This makes")
			p.Signal(os.Interrupt)
			assert.Equal(t, 128+int(syscall.SIGINT), p.Wait())
			assert.Contains(t, p.Output(), "nothing was done")
			assert.Zero(t, cloud.Count(""))
		})
	}
}

// A login that fails makes nothing.
func TestLiveLoginFails(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	p := frametest.Start(t, filepath.Join(programs, "quickstart"), append(cloud.Environ(), "NHNCLOUD_PASSWORD=wrong"), nil, "-live", "-yes")
	assert.Equal(t, 1, p.Wait())
	assert.Contains(t, p.Output(), "401")
	assert.NotContains(t, p.Output(), "gone again")
}

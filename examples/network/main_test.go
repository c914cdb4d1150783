package main

import (
	"context"
	"io"
	"log"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/examples/internal/frametest"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// trip is a run on a cloud of its own.
type trip struct {
	*testing.T
	frametest.Printed
	cloud    *nhncloudtest.Server
	client   *nhncloud.Client
	before   []string // what the cloud begins with
	endpoint string   // of the network service; "" for that of the cloud
}

func newTrip(t *testing.T) *trip {
	t.Helper()
	p := &trip{T: t, cloud: nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys(), nhncloudtest.WithTransition(time.Millisecond))}
	p.client = testclient.New(p.cloud)
	p.before = p.all()
	p.cloud.ResetRequests()
	return p
}

func (p *trip) lookupEnv(name string) (string, bool) {
	if name == "NHNCLOUD_ENDPOINT_NETWORK" && p.endpoint != "" {
		return p.endpoint, true
	}
	return p.cloud.LookupEnv(name)
}

func (p *trip) take(ctx context.Context, args ...string) error {
	return program().Do(ctx, frame.Process{Args: args, Cloud: p.cloud, LookupEnv: p.lookupEnv, Stdout: p, Stderr: io.Discard})
}

// all lists what stands in the cloud.
func (p *trip) all() []string {
	p.Helper()
	n, ctx := network.New(p.client), p.Context()
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
	for table, err := range n.RoutingTables.All(ctx, nil) {
		there("routing table", table.ID, err)
	}
	for route, err := range n.Routes.All(ctx, nil) {
		there("route", route.ID, err)
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
	for rule, err := range n.SecurityGroupRules.All(ctx, nil) {
		there("rule", rule.ID, err)
	}
	for ip, err := range n.FloatingIPs.All(ctx, nil) {
		there("floating IP", ip.ID, err)
	}
	for server, err := range compute.New(p.client).Servers.All(ctx, nil) {
		there("server", server.ID, err)
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
	} else {
		assert.NotContains(p, p.Text(), "gone again")
	}
	p.cloud.RemoveFaults()
	assert.ElementsMatch(p, p.before, p.all())
}

// steps makes a trip without trouble, and returns the lines that it printed
// until it began to clean up, and the operations that it called until then.
func steps(t *testing.T) (lines, operations []string) {
	t.Helper()
	p := newTrip(t)
	called := map[string]bool{}
	p.Do = func(line string) {
		if !strings.HasPrefix(line, "Deleting floating IP") {
			return
		}
		p.Do, lines = nil, slices.Clone(p.Lines)
		for _, r := range p.cloud.Requests() {
			called[r.Operation] = true
		}
	}
	require.NoError(t, p.take(t.Context()))
	p.nothingLeft()
	require.NotEmpty(t, lines)
	return lines, slices.Sorted(maps.Keys(called))
}

// It builds what it says it does, and prints what there is.
func TestTree(t *testing.T) {
	t.Parallel()
	lines, operations := steps(t)
	for _, operation := range []string{
		"network-v2-create-vpc", "network-v2-create-vpcsubnet", "network-v2-create-internetgateway", "network-v2-attach-routingtable-gateway",
		"network-v2-create-security-group", "network-v2-create-security-group-rule", "keypair-v2-create-keypair", "compute-v2-create-server",
		"network-v2-create-floatingip", "network-v2-associate-floatingip",
	} {
		assert.Contains(t, operations, operation)
	}
	begin := slices.IndexFunc(lines, func(line string) bool { return strings.HasPrefix(line, "- VPC") })
	require.Positive(t, begin)
	const name = "network-[0-9]{8}-[0-9]{6}"
	assert.Regexp(t, strings.ReplaceAll(`^- VPC NAME, 10\.20\.0\.0/16
  - routing table \S+
    - 10\.20\.0\.0/16 to local
    - 0\.0\.0\.0/0 to internet gateway NAME
  - subnet NAME, 10\.20\.1\.0/24
    - server NAME, ACTIVE, 10\.20\.1\.[0-9]+, key pair NAME, floating IP [0-9.]+
      - security group NAME
        - egress IPv4 everything everywhere
        - egress IPv6 everything everywhere
        - ingress IPv4 tcp 22 to 22 203\.0\.113\.0/24
        - ingress IPv4 tcp 80 to 80 0\.0\.0\.0/0
$`, "NAME", name), strings.Join(lines[begin:], ""))
}

// The addresses for ssh are read before anything is made.
func TestSSHFrom(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	require.NoError(t, p.take(t.Context(), "-ssh-from", "198.51.100.7/24"))
	assert.Contains(t, p.Text(), "- ingress IPv4 tcp 22 to 22 198.51.100.0/24\n")
	p.nothingLeft()
	p = newTrip(t)
	require.ErrorContains(t, p.take(t.Context(), "-ssh-from", "here"), "ssh-from")
	assert.Zero(t, p.cloud.Count(""))
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	lines, _ := steps(t)
	for i, line := range lines[1:] { // the first one is printed before it asks
		if strings.HasPrefix(line, "  … ") {
			continue // how often it looks varies
		}
		// What is made has another name in another run.
		words := strings.Fields(line)
		at := strings.Join(words[:min(2, len(words))], " ")
		nth := 0
		for _, before := range lines[1 : i+1] {
			if strings.HasPrefix(strings.TrimSpace(before), at) {
				nth++
			}
		}
		t.Run(strings.TrimSpace(line), func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := newTrip(t)
			seen := 0
			p.Do = func(line string) {
				if strings.HasPrefix(strings.TrimSpace(line), at) {
					if seen == nth {
						cancel()
					}
					seen++
				}
			}
			err := p.take(ctx)
			if strings.HasPrefix(line, strings.Repeat(" ", 6)) { // the end of the tree, when there is nothing to do any more
				require.NoError(t, err)
			} else {
				require.ErrorIs(t, err, context.Canceled)
			}
			assert.Error(t, ctx.Err())
			p.nothingLeft()
		})
	}
}

// What is being made when it is interrupted is deleted as well.
func TestInterruptedHalfWay(t *testing.T) {
	t.Parallel()
	for _, call := range []string{
		"POST vpcs", "POST vpcsubnets", "POST internetgateways", "PUT attach_gateway", "POST security-groups", "POST security-group-rules",
		"POST floatingips", "PUT floatingips",
	} {
		t.Run(call, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			p := newTrip(t)
			target, err := url.Parse(p.cloud.URL() + "/network")
			require.NoError(t, err)
			proxy := httputil.NewSingleHostReverseProxy(target)
			proxy.ErrorLog = log.New(io.Discard, "", 0) // it tells of calls that the program ended
			method, what, _ := strings.Cut(call, " ")
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if at := path.Base(r.URL.Path); r.Method == method && (at == what || path.Base(path.Dir(r.URL.Path)) == what) {
					cancel()
				}
				proxy.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
			}))
			defer front.Close()
			p.endpoint = front.URL
			require.ErrorIs(t, p.take(ctx), context.Canceled)
			p.nothingLeft()
			assert.Contains(t, p.Text(), "Deleting VPC")
		})
	}
}

// Whatever call fails, it deletes what it made.
func TestFailures(t *testing.T) {
	t.Parallel()
	_, operations := steps(t)
	for _, operation := range operations {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			p := newTrip(t)
			p.cloud.Inject(nhncloudtest.Fault{Operation: operation, Times: 1, Status: http.StatusForbidden})
			require.ErrorIs(t, p.take(t.Context()), nhncloud.ErrForbidden)
			p.nothingLeft()
		})
	}
}

// One call after the other fails, each of all that are made until the tree is
// printed.
func TestEachCallFails(t *testing.T) {
	t.Parallel()
	for n := 0; ; n++ {
		p := newTrip(t)
		fault := p.cloud.Inject(nhncloudtest.Fault{After: n, Times: 1, Status: http.StatusForbidden, Optional: true})
		p.Do = func(line string) {
			if strings.HasPrefix(line, "Deleting") {
				fault.Remove() // what it can't delete is told, and has a test of its own
			}
		}
		err := p.take(t.Context())
		p.nothingLeft()
		if fault.Fired() == 0 {
			require.NoError(t, err)
			assert.Greater(t, n, 20)
			return
		}
		require.ErrorIs(t, err, nhncloud.ErrForbidden, "call %d", n+1)
	}
}

// What may be there without its id being known is named. Where the id is known,
// nothing is left.
func TestLostAnswers(t *testing.T) {
	t.Parallel()
	for operation, named := range map[string]string{
		"network-v2-create-vpc":                  "VPC network-",
		"network-v2-create-vpcsubnet":            "subnet network-",
		"network-v2-create-internetgateway":      "internet gateway network-",
		"network-v2-attach-routingtable-gateway": "",
		"network-v2-create-security-group":       "security group network-",
		"network-v2-create-security-group-rule":  "",
		"keypair-v2-create-keypair":              "key pair network-",
		"compute-v2-create-server":               "server network-",
		"network-v2-create-floatingip":           "a floating IP with label network-",
		"network-v2-associate-floatingip":        "",
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			p := newTrip(t)
			p.cloud.Inject(nhncloudtest.Fault{Operation: operation, Times: 1, ResetAfter: true})
			err := p.take(t.Context())
			if named == "" {
				p.nothingLeft()
				return
			}
			require.ErrorIs(t, err, nhncloud.ErrUnavailable)
			assert.Regexp(t, "(?m)^"+named+"[0-9-]+ may be there, because the answer to the call got lost", err.Error())
			assert.NotContains(t, p.Text(), "gone again")
		})
	}
}

// What can't be deleted is named, and the rest is deleted nevertheless.
func TestCleanUpFails(t *testing.T) {
	t.Parallel()
	for operation, named := range map[string][]string{
		"network-v2-delete-floatingip":      {"floating IP"},
		"network-v2-delete-security-group":  {"security group"},
		"network-v2-delete-internetgateway": {"internet gateway"},
		"network-v2-delete-vpcsubnet":       {"subnet"}, // it goes with the VPC nevertheless, and so does the gateway
		"network-v2-delete-vpc":             {"VPC"},
		"keypair-v2-delete-keypair":         {"key pair"},
		"compute-v2-delete-server":          {"server", "security group", "subnet", "VPC"},
	} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			p := newTrip(t)
			p.cloud.Inject(nhncloudtest.Fault{Operation: operation, Status: http.StatusForbidden})
			err := p.take(t.Context())
			require.ErrorIs(t, err, nhncloud.ErrForbidden)
			var left []string
			for line := range strings.Lines(err.Error()) {
				what, _, _ := strings.Cut(line, " was not deleted; please do it in the console: ")
				left = append(left, what[:strings.LastIndexByte(what, ' ')])
			}
			assert.Equal(t, named, left, err)
			assert.NotContains(t, p.Text(), "Everything is gone")
		})
	}
}

package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// trip is a tour on a cloud of its own.
type trip struct {
	*testing.T
	cloud    *nhncloudtest.Server
	endpoint string // of the v1.0 API; "" for that of the cloud
	out      bytes.Buffer
	at       string // calls do once a line with this text is written
	do       func()
}

func newTrip(t *testing.T) *trip {
	return &trip{T: t, cloud: nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys())}
}

func (p *trip) Write(b []byte) (int, error) {
	if p.do != nil && strings.Contains(string(b), p.at) {
		p.do()
	}
	return p.out.Write(b)
}

func (p *trip) lookupEnv(name string) (string, bool) {
	if name == "NHNCLOUD_ENDPOINT_APPKEY" && p.endpoint != "" {
		return p.endpoint, true
	}
	return p.cloud.LookupEnv(name)
}

func (p *trip) take(ctx context.Context) error {
	return program().Do(ctx, frame.Process{Cloud: p.cloud, LookupEnv: p.lookupEnv, Stdout: p, Stderr: io.Discard})
}

var savedFile = regexp.MustCompile(`Saved its private key to (\S+),`)

// nothingLeft asserts that all is as it was before the tour.
func (p *trip) nothingLeft() {
	p.Helper()
	if strings.Contains(p.out.String(), "Made") {
		assert.True(p, strings.HasSuffix(p.out.String(), "Everything is gone again.\n"), p.out.String())
	} else {
		assert.NotContains(p, p.out.String(), "gone again")
	}
	ctx := p.Context()
	config, err := nhncloud.ConfigFrom(p.cloud.LookupEnv)
	require.NoError(p, err)
	client, err := nhncloud.NewClient(config)
	require.NoError(p, err)
	instances, err := computev1.New(client).Instances.ListSummaries(ctx)
	require.NoError(p, err)
	assert.Empty(p, instances)
	for image, err := range computev1.New(client).Images.All(ctx, nil) {
		require.NoError(p, err)
		assert.True(p, image.Public, image.Name)
	}
	pairs, err := keypairv1.New(client).KeyPairs.List(ctx)
	require.NoError(p, err)
	assert.Empty(p, pairs)
	ips, err := networkv1.New(client).FloatingIPs.List(ctx)
	require.NoError(p, err)
	assert.Empty(p, ips)
	groups, err := networkv1.New(client).SecurityGroups.List(ctx)
	require.NoError(p, err)
	for _, group := range groups {
		assert.Contains(p, []string{"default", "web"}, group.Name)
	}
	if saved := savedFile.FindStringSubmatch(p.out.String()); saved != nil {
		assert.NoFileExists(p, saved[1])
	}
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, at := range []string{
		"Logged in", "Chose", "Made security group", "lets ssh", "Made key pair", "Saved", "Creating instance", "BUILD", "has address",
		"Took floating IP", "Connected", "Stopping", "POWERING_OFF", " STOP\n", "Making image", "saving",
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			p := newTrip(t)
			p.at, p.do = at, cancel
			require.ErrorIs(t, p.take(ctx), context.Canceled)
			p.nothingLeft()
			if at == "Saved" {
				assert.Zero(t, p.cloud.Count("compute-v1-create-instance"), "nothing new is begun")
			}
		})
	}
}

// What is being created when it is interrupted is deleted as well.
func TestInterruptedHalfWay(t *testing.T) {
	t.Parallel()
	for _, what := range []string{"security-groups", "keypairs", "instances", "floating-ips"} {
		t.Run(what, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			p := newTrip(t)
			target, err := url.Parse(p.cloud.AppKeyURL())
			require.NoError(t, err)
			proxy := httputil.NewSingleHostReverseProxy(target)
			front := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost && path.Base(r.URL.Path) == what {
					cancel()
				}
				proxy.ServeHTTP(w, r.WithContext(context.WithoutCancel(r.Context())))
			}))
			defer front.Close()
			p.endpoint = front.URL
			require.ErrorIs(t, p.take(ctx), context.Canceled)
			p.nothingLeft()
			assert.Contains(t, p.out.String(), "Deleting")
		})
	}
}

// Whatever fails, it deletes what it made.
func TestFailures(t *testing.T) {
	t.Parallel()
	for _, operation := range []string{
		"identity-v1-create-token", "compute-v1-list-availability-zones", "image-v1-list-images", "compute-v1-list-flavors",
		"network-v1-list-networks", "network-v1-list-subnets", "network-v1-create-security-group", "network-v1-create-security-group-rule",
		"keypair-v1-create-keypair", "compute-v1-create-instance", "compute-v1-list-instances-detail", "network-v1-list-floating-ip-pools",
		"network-v1-create-floating-ip", "compute-v1-instance-action-add-floating-ip", "compute-v1-instance-action-stop",
		"compute-v1-instance-action-upload-image",
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

// A floating IP is disconnected even where the answer to connecting it got lost.
func TestLostAnswer(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.cloud.Inject(nhncloudtest.Fault{Operation: "compute-v1-instance-action-add-floating-ip", Times: 1, ResetAfter: true})
	require.ErrorIs(t, p.take(t.Context()), nhncloud.ErrUnavailable)
	p.nothingLeft()
}

// What may be there without its id being known is named.
func TestLostId(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.cloud.Inject(nhncloudtest.Fault{Operation: "network-v1-create-floating-ip", Times: 1, ResetAfter: true})
	err := p.take(t.Context())
	require.ErrorIs(t, err, nhncloud.ErrUnavailable)
	require.ErrorContains(t, err, "a floating IP of pool public_network may be there, because the answer to the call got lost")
	assert.Contains(t, p.out.String(), "Deleting instance")
	assert.NotContains(t, p.out.String(), "gone again")
}

// What can't be deleted is named, and the rest is deleted nevertheless.
func TestCleanUpFails(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.cloud.Inject(nhncloudtest.Fault{Operation: "image-v1-delete-image", Status: http.StatusForbidden})
	err := p.take(t.Context())
	require.ErrorIs(t, err, nhncloud.ErrForbidden)
	assert.Regexp(t, "^image [0-9a-f-]+ was not deleted; please do it in the console: ", err.Error())
	assert.NotContains(t, p.out.String(), "Everything is gone")
	for _, operation := range []string{
		"network-v1-delete-floating-ip", "compute-v1-delete-instance", "keypair-v1-delete-keypair", "network-v1-delete-security-group",
	} {
		assert.Equal(t, 1, p.cloud.Count(operation), operation)
	}
}

// Others can't read the private key.
func TestPrivateKey(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	p.at = "Creating instance"
	p.do = func() {
		saved := savedFile.FindStringSubmatch(p.out.String())
		require.NotNil(t, saved, p.out.String())
		info, err := os.Stat(saved[1])
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode())
		content, err := os.ReadFile(saved[1])
		require.NoError(t, err)
		assert.Contains(t, string(content), "PRIVATE KEY")
		assert.NotContains(t, p.out.String(), "PRIVATE KEY")
	}
	require.NoError(t, p.take(t.Context()))
	p.nothingLeft()
}

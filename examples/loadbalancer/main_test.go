package main

import (
	"context"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/examples/internal/frametest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// trip is a run on a cloud of its own.
type trip struct {
	*testing.T
	frametest.Printed
	cloud  *nhncloudtest.Server
	before []string // what the cloud begins with
}

func newTrip(t *testing.T) *trip {
	t.Helper()
	p := &trip{T: t, cloud: nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys(), nhncloudtest.WithTransition(time.Millisecond))}
	p.before = p.all()
	p.cloud.ResetRequests()
	return p
}

func (p *trip) take(ctx context.Context, args ...string) error {
	return program().Do(ctx, frame.Process{Args: args, Cloud: p.cloud, Stdout: p, Stderr: io.Discard})
}

// all lists what is in the cloud.
func (p *trip) all() []string {
	p.Helper()
	var all []string
	for _, r := range p.cloud.Inventory() {
		all = append(all, r.Service+" "+r.Kind+" "+r.ID)
	}
	l := loadbalancer.New(testclient.New(p.cloud))
	balancers, err := l.LoadBalancers.List(p.Context(), nil)
	require.NoError(p, err)
	for _, b := range balancers {
		all = append(all, "load balancer "+b.ID)
	}
	groups, err := l.IPACLGroups.List(p.Context(), nil)
	require.NoError(p, err)
	for _, group := range groups {
		all = append(all, "IP ACL group "+group.ID)
	}
	secrets, err := l.Secrets.List(p.Context(), nil)
	require.NoError(p, err)
	for _, secret := range secrets {
		all = append(all, "secret "+secret.Ref.ID())
	}
	containers, err := l.SecretContainers.List(p.Context(), nil)
	require.NoError(p, err)
	for _, container := range containers {
		all = append(all, "secret container "+container.Ref.ID())
	}
	return all
}

// nothingLeft asserts that all is as it was before, and that the program says so.
func (p *trip) nothingLeft(at string) {
	p.Helper()
	require.ElementsMatch(p, p.before, p.all(), at)
	if strings.Contains(p.Text(), "Made") {
		require.Equal(p, "Everything is gone again.\n", p.Lines[len(p.Lines)-1], at)
	}
}

// It prints what it does, which the second time is nothing.
func TestTwice(t *testing.T) {
	t.Parallel()
	p := newTrip(t)
	require.NoError(t, p.take(t.Context(), "-keep-out", "198.51.100.7/24"))
	text := regexp.MustCompile(`loadbalancer-\d{8}-\d{6}`).ReplaceAllString(p.Text(), "NAME")
	for _, line := range []string{
		"create IP ACL group NAME", "create load balancer NAME", "update IP ACL binding NAME: IPACLGroups", "create pool NAME", "create health monitor NAME",
		"create member NAME/192.168.0.2:80", "create member NAME/192.168.0.3:80", "create listener 443", "create listener 80", "create L7 policy 80/to-https",
		"create L7 rule 80/to-https/PATH STARTS_WITH /",
	} {
		assert.Equal(t, 1, strings.Count(text, "  … "+line+"\n"), line)
	}
	assert.Contains(t, text, "Load balancer NAME is ACTIVE at 192.168.0.4 after 14 changes.\nApplied the same spec again: 0 changes.\nDeleting load balancer NAME.\n")
	assert.NotContains(t, text, "PRIVATE KEY")
	assert.Equal(t, 1, p.cloud.CountRequests(func(r nhncloudtest.RecordedRequest) bool {
		return r.Operation == "loadbalancer-v2-create-ipacl-group" && strings.Contains(string(r.Body), `"198.51.100.0/24"`)
	}))
	p.nothingLeft("")
	p = newTrip(t)
	require.ErrorContains(t, p.take(t.Context(), "-keep-out", "everyone"), "keep-out")
	assert.Zero(t, p.cloud.Count(""))
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for n := 2; ; n++ { // the first line is printed before it asks
		p := newTrip(t)
		ctx, cancel := context.WithCancel(t.Context())
		end := false
		p.Do = func(line string) {
			switch {
			case end:
			case strings.HasPrefix(line, "Applied"):
				end = true
			case len(p.Lines)+1 == n:
				cancel()
			}
		}
		err := p.take(ctx)
		p.nothingLeft(p.Text())
		if ctx.Err() == nil {
			cancel()
			require.NoError(t, err)
			assert.Greater(t, n, 20)
			return
		}
		require.ErrorIs(t, err, context.Canceled)
	}
}

// Whatever call fails, it deletes what it made.
func TestFailures(t *testing.T) {
	t.Parallel()
	for n := 0; ; n++ {
		p := newTrip(t)
		fault := p.cloud.Inject(nhncloudtest.Fault{After: n, Times: 1, Status: http.StatusForbidden, Optional: true})
		p.Do = func(line string) {
			if strings.HasPrefix(line, "Deleting") {
				fault.Remove() // what it can't delete is told
			}
		}
		err := p.take(t.Context())
		fault.Remove()
		p.nothingLeft(p.Text())
		if fault.Fired() == 0 {
			require.NoError(t, err)
			assert.Greater(t, n, 40)
			return
		}
		require.ErrorIs(t, err, nhncloud.ErrForbidden, "call %d", n+1)
	}
}

package loadbalancer_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

var look = want("loadbalancer-v2-get-loadbalancer", http.MethodGet, "/loadbalancers/b", "")

// state is a load balancer that a waiter sees, or the status of a failure.
func state(status string) apitest.Reply {
	switch status {
	case "404":
		return apitest.Reply{Status: http.StatusNotFound}
	case "503":
		return apitest.Reply{Status: http.StatusServiceUnavailable}
	}
	return apitest.Reply{Body: fmt.Sprintf(`{"loadbalancer": {"id": "b", "provisioning_status": %q, "operating_status": "ONLINE"}}`, status)}
}

// waitThrough lets a waiter see the states.
func waitThrough(t *testing.T, states []string, wait func(ctx context.Context, l *loadbalancer.Client, options *nhncloud.WaitOptions) error) error {
	t.Helper()
	var looks []apitest.Look
	for _, s := range states {
		seen := apitest.Look{Status: s, Reply: state(s)}
		switch {
		case s == "503", s == "404":
			seen.Status, seen.Failed = "", true
		}
		looks = append(looks, seen)
	}
	return apitest.WaitThrough(t, look, looks, func(ctx context.Context, client *nhncloud.Client, options *nhncloud.WaitOptions) error {
		return wait(ctx, loadbalancer.New(client), options)
	})
}

func TestLoadBalancersWaitForReady(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		states []string
		err    error
	}{
		"at once":         {[]string{"ACTIVE"}, nil},
		"created":         {[]string{"PENDING_CREATE", "PENDING_UPDATE", "ACTIVE"}, nil},
		"new word":        {[]string{"PENDING_MIGRATE", "ACTIVE"}, nil},
		"failed":          {[]string{"PENDING_CREATE", "ERROR"}, nhncloud.ErrFailedState},
		"not moved":       {[]string{"ERROR_MIGRATE"}, nhncloud.ErrFailedState},
		"deleted":         {[]string{"PENDING_DELETE"}, nhncloud.ErrFailedState},
		"gone":            {[]string{"PENDING_CREATE", "404"}, nhncloud.ErrNotFound},
		"passing failure": {[]string{"503", "ACTIVE"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				err := waitThrough(t, test.states, func(ctx context.Context, l *loadbalancer.Client, options *nhncloud.WaitOptions) error {
					ready, err := l.LoadBalancers.WaitForReady(ctx, "b", options)
					if err == nil {
						assert.Equal(t, loadbalancer.ProvisioningActive, ready.ProvisioningStatus)
					}
					return err
				})
				assert.ErrorIs(t, err, test.err)
			})
		})
	}
}

func TestLoadBalancersWaitForOperatingStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		err := waitThrough(t, []string{"PENDING_UPDATE", "ACTIVE"}, func(ctx context.Context, l *loadbalancer.Client, options *nhncloud.WaitOptions) error {
			online, err := l.LoadBalancers.WaitForOperatingStatus(ctx, "b", loadbalancer.OperatingOnline, options)
			if assert.NoError(t, err) {
				assert.Equal(t, loadbalancer.OperatingOnline, online.OperatingStatus)
			}
			return err
		})
		assert.NoError(t, err)
	})
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		m := apitest.New(t)
		m.Expect(look, state("ACTIVE"))
		m.Expect(look, state("ACTIVE"))
		_, err := loadbalancer.New(m.Client).LoadBalancers.WaitForOperatingStatus(ctx, "b", loadbalancer.OperatingOffline, &nhncloud.WaitOptions{Interval: 1900 * time.Millisecond})
		assert.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestLoadBalancersWaitForDeletion(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		for _, status := range []string{"ACTIVE", "PENDING_DELETE", "404"} {
			m.Expect(look, state(status))
		}
		assert.NoError(t, loadbalancer.New(m.Client).LoadBalancers.WaitForDeletion(t.Context(), "b", nil))
	})
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		m.Expect(look, state("PENDING_DELETE"))
		m.Expect(look, state("ERROR"))
		assert.ErrorIs(t, loadbalancer.New(m.Client).LoadBalancers.WaitForDeletion(t.Context(), "b", nil), nhncloud.ErrFailedState)
	})
}

func TestMembersWaitForOperatingStatus(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		w := want("loadbalancer-v2-get-member", http.MethodGet, "/pools/p/members/m", "")
		for _, status := range []string{"INACTIVE", "OFFLINE", "ACTIVE"} {
			m.Expect(w, apitest.Reply{Body: fmt.Sprintf(`{"member": {"id": "m", "operating_status": %q}}`, status)})
		}
		member, err := loadbalancer.New(m.Client).Members.WaitForOperatingStatus(t.Context(), "p", "m", loadbalancer.OperatingActive, nil)
		require.NoError(t, err)
		assert.Equal(t, loadbalancer.OperatingActive, member.OperatingStatus)
	})
}

const (
	octaviaBusy = `{"faultcode": "Client", "faultstring": "Load Balancer b is immutable and cannot be updated.", "debuginfo": null}`
	neutronBusy = `{"NeutronError": {"type": "StateInvalid", "message": "Invalid state PENDING_UPDATE of loadbalancer resource b", "detail": ""}}`
	portTaken   = `{"faultcode": "Client", "faultstring": "Another Listener on this Load Balancer is already using protocol HTTP and protocol_port 80", "debuginfo": null}`
)

// TestLoadBalancersWhenReady goes by the requests in their order: a status for a
// look at the load balancer, and what begins with "{" for an answer to the change.
func TestLoadBalancersWhenReady(t *testing.T) {
	t.Parallel()
	const made = `{"member": {"id": "m"}}`
	refused := func(body string) apitest.Reply { return apitest.Reply{Status: http.StatusConflict, Body: body} }
	for name, test := range map[string]struct {
		looks   []string
		answers []apitest.Reply
		err     error
	}{
		"at once":             {[]string{"ACTIVE"}, []apitest.Reply{{Body: made}}, nil},
		"later":               {[]string{"PENDING_CREATE", "503", "ACTIVE"}, []apitest.Reply{{Body: made}}, nil},
		"another came first":  {[]string{"ACTIVE", "PENDING_UPDATE", "ACTIVE", "ACTIVE"}, []apitest.Reply{refused(octaviaBusy), {Body: made}}, nil},
		"twice":               {[]string{"ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE", "ACTIVE"}, []apitest.Reply{refused(octaviaBusy), refused(neutronBusy), {Body: made}}, nil},
		"in other words":      {[]string{"ACTIVE", "PENDING_UPDATE", "ACTIVE", "ACTIVE"}, []apitest.Reply{refused(`{"message": "later"}`), {Body: made}}, nil},
		"refused for good":    {[]string{"ACTIVE", "ACTIVE"}, []apitest.Reply{refused(portTaken)}, nhncloud.ErrConflict},
		"refused, and unseen": {[]string{"ACTIVE", "503"}, []apitest.Reply{refused(portTaken)}, nhncloud.ErrConflict},
		"fails":               {[]string{"ACTIVE"}, []apitest.Reply{{Status: http.StatusServiceUnavailable}}, nhncloud.ErrUnavailable},
		"breaks off":          {[]string{"ACTIVE"}, []apitest.Reply{{Err: errors.New("connection reset by peer")}}, nhncloud.ErrUnavailable},
		"failed before":       {[]string{"PENDING_UPDATE", "ERROR"}, nil, nhncloud.ErrFailedState},
		"not moved":           {[]string{"ERROR_MIGRATE"}, nil, nhncloud.ErrFailedState},
		"deleted":             {[]string{"PENDING_DELETE"}, nil, nhncloud.ErrFailedState},
		"gone":                {[]string{"404"}, nil, nhncloud.ErrNotFound},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				m := apitest.New(t)
				for _, status := range test.looks {
					m.Expect(look, state(status))
				}
				for _, reply := range test.answers {
					m.Expect(want("loadbalancer-v2-create-member", http.MethodPost, "/pools/p/members", `{"member": {"subnet_id": "s", "address": "10.0.0.5", "protocol_port": 80}}`), reply)
				}
				l := loadbalancer.New(m.Client)
				var member *loadbalancer.Member
				var last time.Time
				err := l.LoadBalancers.WhenReady(t.Context(), "b", nil, func(ctx context.Context) error {
					assert.True(t, time.Since(last) > 0, "a wait lies between two attempts")
					last = time.Now()
					var err error
					member, err = l.Members.Create(ctx, "p", loadbalancer.MemberCreateRequest{SubnetID: "s", Address: "10.0.0.5", ProtocolPort: 80})
					return err
				})
				assert.ErrorIs(t, err, test.err)
				if test.err == nil && assert.NotNil(t, member) {
					assert.Equal(t, "m", member.ID)
				}
			})
		})
	}
}

// TestLoadBalancersWhenReadyOnce has a create that was sent twice, and refused
// because the first one is being done: it must not be made a third time.
func TestLoadBalancersWhenReadyOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: 1}))
		m.Expect(look, state("ACTIVE"))
		w := want("loadbalancer-v2-create-pool", http.MethodPost, "/pools", `{"pool": {"loadbalancer_id": "b", "lb_algorithm": "SOURCE_IP", "protocol": "TCP"}}`)
		m.Expect(w, apitest.Reply{Status: http.StatusTooManyRequests})
		m.Expect(w, apitest.Reply{Status: http.StatusConflict, Body: octaviaBusy})
		l := loadbalancer.New(m.Client)
		err := l.LoadBalancers.WhenReady(t.Context(), "b", nil, func(ctx context.Context) error {
			_, err := l.Pools.Create(ctx, loadbalancer.PoolCreateRequest{LoadBalancerID: "b", LBAlgorithm: loadbalancer.AlgorithmSourceIP, Protocol: loadbalancer.ProtocolTCP})
			return err
		})
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
	})
	synctest.Test(t, func(t *testing.T) {
		m := apitest.New(t)
		m.Expect(look, state("ACTIVE"))
		own := errors.New("not from the service")
		assert.Equal(t, own, loadbalancer.New(m.Client).LoadBalancers.WhenReady(t.Context(), "b", nil, func(context.Context) error { return own }))
	})
}

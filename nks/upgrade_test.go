package nks_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nks"
)

// service is an NKS with one cluster, which can be upgraded. Its time is that of
// the bubble that a test runs in.
type service struct {
	t        *testing.T
	versions map[string]string // by node group
	target   string            // what is upgraded at the moment
	began    time.Time         // when
	upgrades []string          // that were accepted, in their order

	delay    time.Duration // until a change is to be seen
	hidden   bool          // the node group of the control plane is not for the user
	lags     bool          // the cluster goes on telling old versions
	conflict bool          // upgrades are refused
	fails    string        // node group whose upgrade fails
	failed   bool

	calls  int
	after  func(call int) error // makes the answer to a call get lost
	before func(r *http.Request)
}

const (
	from, to    = "v1.31.4", "v1.32.3"
	upgradeTime = 8 * time.Second // so that not too many calls are made
)

func newService(t *testing.T) *service {
	t.Helper()
	return &service{t: t, versions: map[string]string{"default-master": from, "default-worker": from, "batch": from}}
}

// settle ends what has ended.
func (s *service) settle() {
	if s.target == "" || time.Since(s.began) < s.delay+upgradeTime {
		return
	}
	if s.failed = s.target == s.fails; !s.failed && s.target != "none" {
		s.versions[s.target] = to
	}
	s.target = ""
}

func (s *service) status() string {
	switch {
	case s.failed:
		return "UPDATE_FAILED"
	case s.target != "" && time.Since(s.began) >= s.delay:
		return "UPDATE_IN_PROGRESS"
	}
	return "UPDATE_COMPLETE"
}

// RoundTrip answers a request, or loses the answer.
func (s *service) RoundTrip(r *http.Request) (*http.Response, error) {
	s.settle()
	call, _ := nhncloud.CallFromContext(r.Context())
	if s.before != nil {
		s.before(r)
	}
	status, body := s.answer(call.Operation, r)
	s.calls++
	if s.after != nil {
		if err := s.after(s.calls); err != nil {
			return nil, err
		}
	}
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Request: r, ContentLength: int64(len(body)), Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

func (s *service) answer(operation string, r *http.Request) (int, string) {
	switch operation {
	case "nks-get-supports":
		return 200, `{"supported_k8s": {"v1.30.3": true, "v1.31.4": true, "v1.32.3": true, "v1.33.4": true, "v1.32.1": false}}`
	case "nks-list-cluster-events":
		return 200, `{"events": []}`
	case "nks-get-cluster":
		version := s.versions["default-master"]
		if s.lags {
			version = from
		}
		return 200, fmt.Sprintf(`{"uuid": "c-1", "name": "web", "status": %q, "coe_version": %q, "labels": {"kube_tag": %q}}`, s.status(), from, version)
	case "nks-list-nodegroups":
		return 200, `{"nodegroups": [{"uuid": "m-1", "name": "default-master", "role": "master"}, {"uuid": "w-1", "name": "default-worker", "role": "worker"},
			{"uuid": "w-2", "name": "batch", "role": "worker"}]}`
	}
	segments := strings.Split(r.URL.Path, "/")
	group := segments[5]
	switch operation {
	case "nks-get-nodegroup":
		if s.hidden && group == "default-master" {
			return 403, `{"errors": [{"status": 403, "title": "Forbidden", "detail": "Policy doesn't allow nodegroup:get to be performed."}]}`
		}
		status := "UPDATE_COMPLETE"
		if group == s.target || group == s.fails {
			status = s.status()
		}
		return 200, fmt.Sprintf(`{"uuid": "u-%s", "name": %q, "cluster_id": "c-1", "status": %q, "version": null, "labels": {"kube_tag": %q}}`, group, group, status, s.versions[group])
	case "nks-upgrade-nodegroup":
		if s.target != "" || s.conflict {
			return 409, `{"errors": [{"status": 409, "title": "Conflict", "detail": "Cluster is being updated."}]}`
		}
		s.target, s.began = group, time.Now()
		s.upgrades = append(s.upgrades, group)
		return 202, `{"uuid": "u"}`
	}
	s.t.Errorf("unexpected operation %s", operation)
	return 404, ""
}

// client is a new client of the service, as a program has it that was started
// again.
func (s *service) client() *nks.Client {
	client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "t"},
		nhncloud.WithTokenSource(nhncloud.StaticToken("token")), nhncloud.WithHTTPClient(&http.Client{Transport: s}), nhncloud.WithRetry(nhncloud.NoRetry))
	require.NoError(s.t, err)
	return nks.New(client)
}

// done checks that everything has the version, and was upgraded once, in order.
func (s *service) done() {
	s.t.Helper()
	assert.Equal(s.t, []string{"default-master", "default-worker", "batch"}, s.upgrades)
	assert.Equal(s.t, map[string]string{"default-master": to, "default-worker": to, "batch": to}, s.versions)
}

func TestUpgrade(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(s *service){
		"as it should be":             func(*service) {},
		"the control plane is hidden": func(s *service) { s.hidden = true },
		"old versions are told":       func(s *service) { s.lags = true },
		"both":                        func(s *service) { s.hidden, s.lags = true, true },
		"changes show late":           func(s *service) { s.delay = 5 * time.Second },
		"something else is going on":  func(s *service) { s.target, s.began = "none", time.Now() },
		"a patch version": func(s *service) {
			maps.Copy(s.versions, map[string]string{"default-master": "v1.32.2", "default-worker": "v1.32.2", "batch": "v1.32.2"})
		},
		"no version is told of groups": func(s *service) { s.versions["default-worker"], s.versions["batch"] = "", "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newService(t)
				change(s)
				before := s.versions["default-worker"]
				var progress []nks.UpgradeProgress
				require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, &nks.UpgradeOptions{
					Progress: func(p nks.UpgradeProgress) { progress = append(progress, p) },
				}))
				s.done()
				require.Len(t, progress, 6)
				assert.Equal(t, []nks.UpgradeProgress{
					{NodeGroup: "default-worker", Stage: nks.UpgradeBegun, Version: before}, {NodeGroup: "default-worker", Stage: nks.UpgradeDone, Version: before},
				}, progress[2:4])
			})
		})
	}
}

// TestUpgradeResumed ends an upgrade after each of its calls, in two ways, and
// starts it again.
func TestUpgradeResumed(t *testing.T) {
	t.Parallel()
	calls := func(t *testing.T, change func(s *service)) (n int) {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t)
			change(s)
			require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, nil))
			n = s.calls
		})
		return n
	}
	for name, change := range map[string]func(s *service){
		"":                              func(*service) {},
		", the control plane is hidden": func(s *service) { s.hidden = true },
		", changes show late":           func(s *service) { s.delay = 5 * time.Second },
	} {
		total := calls(t, change)
		require.Greater(t, total, 15)
		for n := 1; n <= total; n++ {
			for way, end := range map[string]func(cancel context.CancelFunc) error{
				"killed after":        func(cancel context.CancelFunc) error { cancel(); return nil },
				"answer lost to call": func(context.CancelFunc) error { return errors.New("connection reset by peer") },
			} {
				t.Run(fmt.Sprintf("%s %d%s", way, n, name), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						s := newService(t)
						change(s)
						ctx, cancel := context.WithCancel(t.Context())
						defer cancel()
						s.after = func(call int) error {
							if call != n {
								return nil
							}
							return end(cancel)
						}
						options := &nks.UpgradeOptions{Wait: &nhncloud.WaitOptions{MaxErrors: -1}}
						err := s.client().Clusters.Upgrade(ctx, "web", to, options)
						require.True(t, err != nil || n > total/2, "the waits vary, and with them the number of calls")
						s.after = nil
						require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, options))
						s.done()
					})
				})
			}
		}
	}
}

func TestUpgradeOptions(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newService(t)
		var bodies []string
		s.before = func(r *http.Request) {
			if r.Method == http.MethodPost {
				body, err := io.ReadAll(r.Body)
				require.NoError(t, err)
				bodies = append(bodies, string(body))
			}
		}
		var stages []nks.UpgradeStage
		options := &nks.UpgradeOptions{
			ControlPlaneOnly: true, NumBufferNodes: new(0), NumMaxUnavailableNodes: new(2),
			Progress: func(p nks.UpgradeProgress) { stages = append(stages, p.Stage) },
		}
		require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, options))
		assert.Equal(t, []string{"default-master"}, s.upgrades)
		assert.Equal(t, []nks.UpgradeStage{nks.UpgradeBegun, nks.UpgradeDone}, stages)

		options.ControlPlaneOnly, stages = false, nil
		require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, options))
		s.done()
		assert.Equal(t, []nks.UpgradeStage{nks.UpgradeSkipped, nks.UpgradeBegun, nks.UpgradeDone, nks.UpgradeBegun, nks.UpgradeDone}, stages)
		require.Len(t, bodies, 3)
		assert.JSONEq(t, `{"version": "v1.32.3"}`, bodies[0])
		assert.JSONEq(t, `{"version": "v1.32.3", "num_buffer_nodes": 0, "num_max_unavailable_nodes": 2}`, bodies[1])

		calls := s.calls
		require.NoError(t, s.client().Clusters.Upgrade(t.Context(), "web", to, nil), "nothing is left to do")
		s.done()
		assert.Less(t, s.calls-calls, 10)
	})
}

func TestUpgradeRefused(t *testing.T) {
	t.Parallel()
	for version, problem := range map[string]string{
		"v1.32.1": "is not offered", "v1.32.9": "is not offered", "v1.33.4": "must not be more than one minor version ahead", "v1.30.3": "must not be older",
		"v2.0.0": "must not be older", "1.32": "must be a Kubernetes version", "latest": "must be a Kubernetes version", "": "must be a Kubernetes version",
		"v1.-2.3": "must be a Kubernetes version",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newService(t)
			err := s.client().Clusters.Upgrade(t.Context(), "web", version, nil)
			require.ErrorIs(t, err, nhncloud.ErrInvalidArgument, version)
			assert.ErrorContains(t, err, problem, version)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Contains(t, e.Field, "version")
			assert.Empty(t, s.upgrades)
		})
	}
	refuses(t, "nks-upgrade-nodegroup", "version, NumBufferNodes, NumMaxUnavailableNodes", func(ctx context.Context, k *nks.Client) error {
		return k.Clusters.Upgrade(ctx, "web", "", &nks.UpgradeOptions{NumBufferNodes: new(-1), NumMaxUnavailableNodes: new(0)})
	})
}

func TestUpgradeFails(t *testing.T) {
	t.Parallel()
	upgrade := func(t *testing.T, change func(s *service), check func(s *service, err error)) {
		t.Helper()
		synctest.Test(t, func(t *testing.T) {
			s := newService(t)
			change(s)
			check(s, s.client().Clusters.Upgrade(t.Context(), "web", to, nil))
		})
	}
	t.Run("a worker group stayed behind", func(t *testing.T) {
		t.Parallel()
		upgrade(t, func(s *service) { s.versions["batch"] = "v1.30.3" }, func(s *service, err error) {
			assert.ErrorIs(t, err, nhncloud.ErrConflict)
			assert.ErrorContains(t, err, "node group batch has v1.30.3: it must be upgraded to v1.31.4")
			assert.Empty(t, s.upgrades)
		})
	})
	for _, group := range []string{"default-master", "default-worker"} {
		t.Run(group+" fails", func(t *testing.T) {
			t.Parallel()
			upgrade(t, func(s *service) { s.fails = group }, func(s *service, err error) {
				assert.ErrorIs(t, err, nhncloud.ErrFailedState)
				assert.ErrorContains(t, err, "node group "+group+" was not upgraded to v1.32.3")
				assert.ErrorIs(t, s.client().Clusters.Upgrade(s.t.Context(), "web", to, nil), nhncloud.ErrFailedState, "until it is repaired")
				s.failed, s.fails = false, ""
				upgrades := len(s.upgrades)
				assert.NoError(t, s.client().Clusters.Upgrade(s.t.Context(), "web", to, nil))
				assert.Equal(t, group, s.upgrades[upgrades], "it is tried again")
			})
		})
	}
	t.Run("a conflict that lasts", func(t *testing.T) {
		t.Parallel()
		upgrade(t, func(s *service) { s.conflict = true }, func(s *service, err error) {
			assert.ErrorIs(t, err, nhncloud.ErrConflict)
			assert.ErrorContains(t, err, "Cluster is being updated")
			assert.Empty(t, s.upgrades)
		})
	})
	t.Run("the control plane is looked at in vain", func(t *testing.T) {
		t.Parallel()
		upgrade(t, func(s *service) {
			s.after = func(call int) error {
				if call == 2 {
					return errors.New("connection reset by peer")
				}
				return nil
			}
		}, func(_ *service, err error) { assert.ErrorIs(t, err, nhncloud.ErrUnavailable) })
	})
}

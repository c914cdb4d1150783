package nks_test

import (
	"context"
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// waits is how to wait for one kind of resource.
type waits struct {
	look     apitest.Want
	answer   string // with places for the status and the reason
	complete func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) (nks.Status, error)
	gone     func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) error
	name     string
}

func statusOf[T any](it *T, err error, status func(*T) nks.Status) (nks.Status, error) {
	if it == nil {
		return "", err
	}
	return status(it), err
}

var kinds = map[string]waits{
	"cluster": {
		want("nks-get-cluster", http.MethodGet, "/clusters/web", ""), `{"uuid": "c-1", "status": %q, "status_reason": %q}`,
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) (nks.Status, error) {
			cluster, err := k.Clusters.WaitForComplete(ctx, "web", options)
			return statusOf(cluster, err, func(c *nks.Cluster) nks.Status { return c.Status })
		},
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) error {
			return k.Clusters.WaitForDeletion(ctx, "web", options)
		},
		"cluster web",
	},
	"node group": {
		want("nks-get-nodegroup", http.MethodGet, "/clusters/web/nodegroups/g", ""), `{"uuid": "g-1", "cluster_id": "c-1", "status": %q, "status_reason": %q}`,
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) (nks.Status, error) {
			group, err := k.NodeGroups.WaitForComplete(ctx, "web", "g", options)
			return statusOf(group, err, func(g *nks.NodeGroup) nks.Status { return g.Status })
		},
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) error {
			return k.NodeGroups.WaitForDeletion(ctx, "web", "g", options)
		},
		"node group g",
	},
	"add-on": {
		want("nks-get-cluster-addon", http.MethodGet, "/clusters/web/addons/calico", ""), `{"uuid": "a-1", "cluster_uuid": "c-1", "status": %q, "status_reason": %q}`,
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) (nks.Status, error) {
			addon, err := k.Addons.WaitForComplete(ctx, "web", "calico", options)
			return statusOf(addon, err, func(a *nks.ClusterAddon) nks.Status { return a.Status })
		},
		func(ctx context.Context, k *nks.Client, options *nhncloud.WaitOptions) error {
			return k.Addons.WaitForRemoval(ctx, "web", "calico", options)
		},
		"add-on calico",
	},
}

var wantEvents = want("nks-list-cluster-events", http.MethodGet, "/clusters/c-1/events", "")

// through lets a waiter see statuses, or those of failures, and checks what it
// shows.
func (w waits) through(t *testing.T, m *apitest.Mock, looks []any) *nhncloud.WaitOptions {
	t.Helper()
	for _, look := range looks {
		switch look := look.(type) {
		case string:
			m.Expect(w.look, apitest.Reply{Body: fmt.Sprintf(w.answer, look, "as it is")})
		case int:
			m.Expect(w.look, apitest.Reply{Status: look})
		}
	}
	return &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		require.LessOrEqual(t, p.Look, len(looks))
		status, isStatus := looks[p.Look-1].(string)
		if isStatus {
			assert.Equal(t, status, p.Status)
			assert.NoError(t, p.Err)
		}
		assert.Equal(t, w.name, p.Resource)
	}}
}

func TestWaitForComplete(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks  []any
		events bool // are asked for
		err    error
	}{
		"created":           {[]any{"CREATE_IN_PROGRESS", "CREATE_COMPLETE"}, false, nil},
		"updated":           {[]any{"UPDATE_IN_PROGRESS", 503, "UPDATE_IN_PROGRESS", "UPDATE_COMPLETE"}, false, nil},
		"another change":    {[]any{"RESUME_IN_PROGRESS", "RESUME_COMPLETE"}, false, nil},
		"at once":           {[]any{"UPDATE_COMPLETE"}, false, nil},
		"a new status":      {[]any{"STRANGE", "CREATE_COMPLETE"}, false, nil},
		"creation failed":   {[]any{"CREATE_IN_PROGRESS", "CREATE_FAILED"}, true, nhncloud.ErrFailedState},
		"update failed":     {[]any{"UPDATE_FAILED"}, true, nhncloud.ErrFailedState},
		"deletion failed":   {[]any{"DELETE_FAILED"}, true, nhncloud.ErrFailedState},
		"is being deleted":  {[]any{"DELETE_IN_PROGRESS"}, false, nhncloud.ErrFailedState},
		"is deleted":        {[]any{"DELETE_COMPLETE"}, false, nhncloud.ErrFailedState},
		"gone":              {[]any{"CREATE_IN_PROGRESS", 404}, false, nhncloud.ErrNotFound},
		"not for this user": {[]any{403}, false, nhncloud.ErrForbidden},
	} {
		for kind, w := range kinds {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					m := apitest.New(t)
					options := w.through(t, m, test.looks)
					if test.events {
						m.Expect(wantEvents, apitest.Reply{Body: `{"events": []}`})
					}
					status, err := w.complete(t.Context(), nks.New(m.Client), options)
					assert.ErrorIs(t, err, test.err)
					if test.err == nil {
						assert.Equal(t, test.looks[len(test.looks)-1], string(status))
					}
					if test.events {
						assert.ErrorContains(t, err, w.name+" does not become COMPLETE")
						assert.ErrorContains(t, err, "as it is", "the reason of the service")
					}
				})
			})
		}
	}
}

func TestWaitForDeletion(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		looks  []any
		events bool
		err    error
	}{
		"deleted":        {[]any{"UPDATE_COMPLETE", "DELETE_IN_PROGRESS", 503, "DELETE_IN_PROGRESS", 404}, false, nil},
		"deleted before": {[]any{404}, false, nil},
		"failed":         {[]any{"DELETE_IN_PROGRESS", "DELETE_FAILED"}, true, nhncloud.ErrFailedState},
		"called off":     {[]any{"DELETE_IN_PROGRESS", "UPDATE_COMPLETE"}, false, nhncloud.ErrFailedState},
		"not allowed":    {[]any{"DELETE_IN_PROGRESS", 403}, false, nhncloud.ErrForbidden},
	} {
		for kind, w := range kinds {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					m := apitest.New(t)
					options := w.through(t, m, test.looks)
					if test.events {
						m.Expect(wantEvents, apitest.Reply{Body: `{"events": []}`})
					}
					assert.ErrorIs(t, w.gone(t.Context(), nks.New(m.Client), options), test.err)
				})
			})
		}
	}
}

// TestWhy has the events that say why something failed.
func TestWhy(t *testing.T) {
	t.Parallel()
	event := func(id int, minute int, kind, state, resource, contents string) string {
		return fmt.Sprintf(`{"uuid": "e-%d", "id": %d, "type": %q, "state": %q, "resource_uuid": %q, "resource_name": "it", "contents": %q,
			"created_at": "2026-01-01T00:%02d:00+00:00"}`, id, id, kind, state, resource, contents, minute)
	}
	for kind, test := range map[string]struct{ events, text string }{
		"cluster": {
			event(3, 9, "NODEGROUP_CREATE", "FAIL", "g-2", "no quota") + "," + event(1, 1, "CLUSTER_CREATE", "FAIL", "c-1", "older") + "," +
				event(2, 9, "CLUSTER_RESIZE", "FAIL", "c-1", "earlier in the minute") + "," + event(4, 10, "CLUSTER_RESIZE", "IN_PROGRESS", "c-1", "half"),
			"as it is; NODEGROUP_CREATE of it failed: no quota",
		},
		"node group": {
			event(1, 1, "NODEGROUP_UPGRADE", "FAIL", "g-1", "") + "," + event(2, 2, "NODEGROUP_CREATE", "FAIL", "g-2", "another group"),
			"as it is; NODEGROUP_UPGRADE of it failed",
		},
		"add-on": {
			event(1, 1, "CLUSTER_UPDATE_ADDON", "FAIL", "c-1", "a conflict") + "," + event(2, 2, "CLUSTER_RESIZE", "FAIL", "c-1", "another thing"),
			"as it is; CLUSTER_UPDATE_ADDON of it failed: a conflict",
		},
	} {
		w := kinds[kind]
		for name, variant := range map[string]struct {
			reply      apitest.Reply
			text, miss string
		}{
			"failed":         {apitest.Reply{Body: `{"events": [` + test.events + `]}`}, test.text, "older"},
			"succeeded last": {apitest.Reply{Body: `{"events": [` + test.events + `,` + event(9, 59, "X_ADDON", "SUCCESS", map[string]string{"node group": "g-1"}[kind], "") + `]}`}, "as it is", "failed:"},
			"not readable":   {apitest.Reply{Status: http.StatusForbidden}, "as it is", "failed:"},
		} {
			t.Run(kind+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					m := apitest.New(t)
					options := w.through(t, m, []any{"UPDATE_FAILED"})
					m.Expect(wantEvents, variant.reply)
					_, err := w.complete(t.Context(), nks.New(m.Client), options)
					require.ErrorIs(t, err, nhncloud.ErrFailedState)
					assert.ErrorContains(t, err, variant.text)
					assert.NotContains(t, err.Error(), variant.miss)
				})
			})
		}
	}
	t.Run("no reason, and no cluster to ask", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			m := apitest.New(t)
			m.Expect(kinds["node group"].look, apitest.Reply{Body: `{"uuid": "g-1", "status": "UPDATE_FAILED", "status_reason": null}`})
			_, err := kinds["node group"].complete(t.Context(), nks.New(m.Client), nil)
			assert.ErrorIs(t, err, nhncloud.ErrFailedState)
		})
	})
	t.Run("an event alone", func(t *testing.T) {
		t.Parallel()
		synctest.Test(t, func(t *testing.T) {
			m := apitest.New(t)
			m.Expect(kinds["cluster"].look, apitest.Reply{Body: `{"uuid": "c-1", "status": "CREATE_FAILED", "status_reason": null}`})
			m.Expect(wantEvents, apitest.Reply{Body: `{"events": [` + event(1, 1, "CLUSTER_CREATE", "FAIL", "c-1", "no subnet") + `]}`})
			_, err := kinds["cluster"].complete(t.Context(), nks.New(m.Client), nil)
			assert.ErrorContains(t, err, ": CLUSTER_CREATE of it failed: no subnet")
		})
	})
}

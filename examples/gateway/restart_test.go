package main

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/postgres"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/kinds"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nks"
)

// deaths are the moments in which gateways die.
var deaths = map[string]struct {
	cluster      bool // it makes one, or else an instance
	method, path string
	after        bool
}{
	"before the create":               {false, "GET", `/flavors`, false},
	"with the create under way":       {false, "POST", `/servers$`, false},
	"before the answer to the create": {false, "POST", `/servers$`, true},
	"waiting":                         {false, "GET", `/servers/[^/]+$`, true},
	"before the answer for a cluster": {true, "POST", `/clusters$`, true},
}

// TestKilledAndRestarted kills a gateway in the middle of a task, and starts it again
// on the same file.
func TestKilledAndRestarted(t *testing.T) {
	t.Parallel()
	for name, death := range deaths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newDeath(t)
			db := filepath.Join(t.TempDir(), "tasks.db")
			c := startChild(w, db)
			h := newHold(death.method, death.path, death.after)
			c.proxy.set(h)
			made := begin(c, death.cluster)
			wait(t, h.held)
			c.kill()
			assertNoSecrets(t, w, db)
			c = startChild(w, db)
			assertOne(t, c, death.cluster, c.end(made.ID))
			assertNoSecrets(t, w, db)
		})
	}
}

// TestKilledAmongTwo kills one of two gateways on one PostgreSQL, and the other one
// goes on with what it did.
func TestKilledAmongTwo(t *testing.T) {
	t.Parallel()
	for name, death := range deaths {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := postgres.New(t)
			w := newDeath(t)
			gateways := []*child{startChild(w, db), startChild(w, db)}
			holds := []*hold{newHold(death.method, death.path, death.after), newHold(death.method, death.path, death.after)}
			for i, c := range gateways {
				c.proxy.set(holds[i])
			}
			made := begin(gateways[0], death.cluster)
			dying := 0
			select {
			case <-holds[0].held:
			case <-holds[1].held:
				dying = 1
			case <-time.After(30 * time.Second):
				require.FailNow(t, "no gateway got there")
			}
			other := gateways[1-dying]
			other.proxy.set(nil)
			assert.Equal(t, "running", other.until(made.ID, func(t task) bool { return t.State == "running" }).State)
			gateways[dying].kill()
			assertOne(t, other, death.cluster, other.end(made.ID))
		})
	}
}

// TestCancelledElsewhere cancels a task through the gateway that does not run it.
func TestCancelledElsewhere(t *testing.T) {
	t.Parallel()
	db := postgres.New(t)
	w := newDeath(t, nhncloudtest.WithTransition(time.Hour))
	first, second := startChild(w, db), startChild(w, db)
	// Whichever runs it, one of the two is not it.
	for _, c := range []*child{first, second} {
		made := begin(c, false)
		c.until(made.ID, func(t task) bool { return t.ResourceID != "" })
		answer := second.ask("DELETE", "/api/nhn/tasks/"+made.ID+"/", "", w.Headers())
		assert.Equal(t, http.StatusAccepted, answer.Status, answer.Body)
		assert.Equal(t, "cancelled", first.end(made.ID).State)
	}
}

func newDeath(t *testing.T, options ...nhncloudtest.Option) *gatewaytest.World {
	t.Helper()
	w := gatewaytest.New(t, append([]nhncloudtest.Option{nhncloudtest.WithTransition(200 * time.Millisecond)}, options...)...)
	w.AddKeyPair()
	return w
}

// begin begins a task that makes something.
func begin(c *child, cluster bool) task {
	c.Helper()
	if !cluster {
		return c.create("web")
	}
	answer := c.ask("POST", "/api/nhn/nks/clusters/create/?async=true", c.clusterBody("my-cluster"), c.Headers())
	require.Equal(c, http.StatusAccepted, answer.Status, answer.Body)
	return taskIn(c, answer.Body)
}

// assertOne asserts that a task ended well, and has made one thing.
func assertOne(t *testing.T, c *child, cluster bool, ended task) {
	t.Helper()
	require.Equal(t, "succeeded", ended.State, ended.Error)
	assert.GreaterOrEqual(t, ended.Attempts, 2)
	if cluster {
		clusters, err := nhncloud.Collect(nks.New(c.SDK).Clusters.All(t.Context()))
		require.NoError(t, err)
		require.Len(t, clusters, 1)
		assert.Equal(t, ended.ResourceID, clusters[0].UUID)
		return
	}
	servers, err := nhncloud.Collect(compute.New(c.SDK).Servers.All(t.Context(), nil))
	require.NoError(t, err)
	require.Len(t, servers, 1)
	assert.Equal(t, ended.ResourceID, servers[0].ID)
	assert.Equal(t, ended.ID, servers[0].Metadata[kinds.MetadataKey])
	assert.Equal(t, compute.StatusActive, servers[0].Status)
}

// assertNoSecrets asserts that a database has no token in the clear.
func assertNoSecrets(t *testing.T, w *gatewaytest.World, db string) {
	t.Helper()
	names, err := filepath.Glob(db + "*")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		content, err := os.ReadFile(name)
		require.NoError(t, err)
		assert.NotContains(t, string(content), w.Token, name)
	}
}

func wait(t *testing.T, held <-chan struct{}) {
	t.Helper()
	select {
	case <-held:
	case <-time.After(30 * time.Second):
		require.FailNow(t, "the gateway did not get there")
	}
}

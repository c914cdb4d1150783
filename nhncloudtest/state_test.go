package nhncloudtest_test

import (
	"bytes"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A state that is none, is cut off anywhere or was changed is refused, and the
// cloud stays as it was.
func TestLoadStateRefuses(t *testing.T) {
	t.Parallel()
	before := stateCloud(t)
	before.AddServers(1)
	before.AddObjects("box", "", 1)
	state := string(saveState(t, before))
	lines := strings.SplitAfter(state, "\n")
	after := stateCloud(t)
	after.AddServers(3)
	was := after.Inventory()
	refused := func(words, text string) {
		t.Helper()
		err := after.LoadState(strings.NewReader(text))
		require.ErrorContains(t, err, words)
		require.ErrorContains(t, err, "nhncloudtest: loading the state: ")
	}
	for _, n := range []int{0, 1, len(lines[0]), len(lines[0]) + 10, len(state) / 2, len(state) - 10} {
		refused("cut off", state[:n])
	}
	for i := range len(lines) - 2 {
		refused("cut off", strings.Join(lines[:i+1], ""))
	}
	change := func(old, new string) string {
		require.Contains(t, state, old)
		return strings.Replace(state, old, new, 1)
	}
	refused("no state", `{"format":"something"}`)
	refused("invalid character", "server: 1")
	refused("version 2; this cloud reads version 1", change(`"version":1`, `"version":2`))
	refused("JP1", change(`"regions":["KR1","JP1"]`, `"regions":["KR1"]`))
	refused("tenants", change(before.ObjectStorageTenantID, "other"))
	refused("makes no sense", lines[0]+`{"blob":7}`)
	refused("a part of it is missing", strings.Join(lines[:len(lines)-3], "")+lines[len(lines)-2])
	refused("compute.Server has no field Nombre any more", change(`"Name":"server-1"`, `"Nombre":"server-1"`))
	refused(`this cloud has no "frame region KR9"`, change("frame region KR1", "frame region KR9"))
	refused("points to object 999999", change(`{"ref":1}`, `{"ref":999999}`))
	assert.Equal(t, was, after.Inventory())
	require.NoError(t, after.LoadState(strings.NewReader(state)))
	assert.Equal(t, before.Inventory(), after.Inventory())
}

type brokenWriter struct{}

func (brokenWriter) Write([]byte) (int, error) { return 0, errors.New("the disk is full") }

func TestSaveStateFails(t *testing.T) {
	t.Parallel()
	require.ErrorContains(t, stateCloud(t).SaveState(brokenWriter{}), "the disk is full")
}

// What is under way goes on by the clock, which has gone on meanwhile.
func TestStateAndClock(t *testing.T) {
	t.Parallel()
	before := nhncloudtest.Start(t, nhncloudtest.WithTransition(time.Hour), nhncloudtest.WithEd25519Keys())
	c := clients(t, before)
	_, err := c.keys.KeyPairs.Create(t.Context(), "key")
	require.NoError(t, err)
	server, err := c.compute.Servers.CreateSimple(t.Context(), compute.SimpleServer{
		Name: "s", ImageID: before.ImageID("Ubuntu"), FlavorID: before.FlavorID("u2.c1m1"), SubnetID: before.SubnetID(), KeyName: "key",
	})
	require.NoError(t, err)
	before.Advance(40 * time.Minute)
	state := saveState(t, before)
	for _, opts := range [][]nhncloudtest.Option{nil, {nhncloudtest.WithManualClock(time.Time{})}} {
		after := nhncloudtest.Start(t, append(opts, nhncloudtest.WithTransition(time.Minute))...)
		require.NoError(t, after.LoadState(bytes.NewReader(state)))
		status := func() string { s, _ := after.ServerStatus(server.ID); return s }
		assert.Equal(t, "BUILD", status())
		after.Advance(10 * time.Minute)
		assert.Equal(t, "BUILD", status())
		after.Advance(15 * time.Minute)
		assert.Equal(t, "ACTIVE", status())
	}
}

// Tokens are good over a restart, and what is made afterwards has ids of its own.
func TestStateGoesOn(t *testing.T) {
	t.Parallel()
	before := stateCloud(t)
	populate(t, before)
	c := clients(t, before)
	_, err := c.keys.KeyPairs.List(t.Context())
	require.NoError(t, err)
	var token string
	for _, r := range before.Requests() {
		if token = r.Header.Get("X-Auth-Token"); token != "" && strings.HasPrefix(r.Path, "/compute") {
			break
		}
	}
	after := stateCloud(t)
	require.NoError(t, after.LoadState(bytes.NewReader(saveState(t, before))))
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, after.URL()+"/compute/v2/"+after.TenantID+"/servers", nil)
	require.NoError(t, err)
	req.Header.Set("X-Auth-Token", token)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, http.StatusOK, resp.StatusCode)

	known := map[string]bool{}
	for _, r := range before.Inventory() {
		known[r.Kind+r.ID] = true
	}
	for _, id := range after.AddServers(3) {
		assert.False(t, known["server"+id])
	}
	c = clients(t, after)
	first, err := c.keys.KeyPairs.Get(t.Context(), "key")
	require.NoError(t, err)
	_, err = c.keys.KeyPairs.Create(t.Context(), "other")
	require.NoError(t, err)
	second, err := c.keys.KeyPairs.Get(t.Context(), "other")
	require.NoError(t, err)
	assert.NotEqual(t, first.ID, second.ID)

	// The first address of a port that is made now is one that nobody has.
	addresses := map[string]int{}
	for port, err := range c.network.Ports.All(t.Context(), nil) {
		require.NoError(t, err)
		for _, f := range port.FixedIPs {
			addresses[f.SubnetID+f.IPAddress]++
		}
	}
	for address, n := range addresses {
		assert.Equal(t, 1, n, address)
	}

	// The data are there as long as somebody has them, and after the first cloud went.
	before.Close()
	require.NoError(t, c.objects.Objects.Delete(t.Context(), "box", "small"))
	content, err := c.objects.Objects.Get(t.Context(), "box", "parts", nil)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	_, err = c.objects.Objects.Put(t.Context(), "box", "new", strings.NewReader("new"), &objectstorage.PutOptions{})
	require.NoError(t, err)

	// Loaded a second time, it is again what it was.
	state := saveState(t, after)
	require.NoError(t, after.LoadState(bytes.NewReader(state)))
	assert.True(t, bytes.Equal(state, saveState(t, after)))
}

// The Kubernetes API of a cluster is where it was, with the same certificates.
func TestStateOfKubernetes(t *testing.T) {
	t.Parallel()
	before := stateCloud(t)
	populate(t, before)
	before.Advance(10 * transition)
	state := saveState(t, before)
	config := func(cloud *nhncloudtest.Server) string {
		c := clients(t, cloud)
		all, err := c.nks.Clusters.List(t.Context())
		require.NoError(t, err)
		require.Len(t, all, 1)
		text, err := c.nks.Clusters.GetKubeconfig(t.Context(), all[0].UUID)
		require.NoError(t, err)
		return string(text)
	}
	want := config(before)
	beside := stateCloud(t)
	require.NoError(t, beside.LoadState(bytes.NewReader(state)))
	assert.NotEqual(t, want, config(beside), "the address is in use")
	before.Close()
	after := stateCloud(t)
	require.NoError(t, after.LoadState(bytes.NewReader(state)))
	assert.Equal(t, want, config(after))
}

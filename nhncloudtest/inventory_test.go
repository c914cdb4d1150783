package nhncloudtest_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func statusOf(t *testing.T, url string) int {
	t.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	require.NoError(t, err)
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func TestInventory(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithRegions("KR1", "JP1"))
	id := cloud.AddServers(1)[0]
	cloud.AddObjects("box", "", 3)
	found := map[string]nhncloudtest.Resource{}
	counts := map[string]int{}
	for _, r := range cloud.Inventory() {
		found[r.ID] = r
		counts[r.Region+" "+r.Kind]++
	}
	assert.Equal(t, nhncloudtest.Resource{
		Service: "compute", Kind: "server", Region: "KR1", Tenant: cloud.TenantID, ID: id, Name: "server-1", Status: "ACTIVE", Detail: "u2.c1m1",
	}, found[id])
	assert.Equal(t, "3 objects, 0 bytes", found["box"].Detail)
	assert.Equal(t, "Default Network", found[cloud.NetworkID()].Name)
	assert.Equal(t, 5, counts["JP1 image"])
	assert.Equal(t, 1, counts["KR1 port"])
	assert.Zero(t, counts["JP1 server"])
}

func TestWithLatency(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithLatency(20*time.Millisecond, 25*time.Millisecond))
	begin := time.Now()
	statusOf(t, cloud.URL()+"/compute/")
	assert.GreaterOrEqual(t, time.Since(begin), 20*time.Millisecond)
	assert.GreaterOrEqual(t, cloud.Requests()[0].Duration, 20*time.Millisecond)
	_, err := nhncloudtest.Listen(nhncloudtest.WithLatency(2, 1))
	require.ErrorContains(t, err, "latencies")
}

func TestWithHandler(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithHandler(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTeapot)
	})))
	assert.Equal(t, http.StatusTeapot, statusOf(t, cloud.URL()+"/"))
	assert.Equal(t, http.StatusTeapot, statusOf(t, cloud.URL()+"/elsewhere"))
	assert.Zero(t, cloud.Count(""))
	assert.Equal(t, http.StatusMultipleChoices, statusOf(t, cloud.URL()+"/identity/"))
	_, err := nhncloudtest.Listen(nhncloudtest.WithHandler(nil))
	require.ErrorContains(t, err, "handler")
}

func TestFaultChance(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	fault := cloud.Inject(nhncloudtest.Fault{Status: 599, Chance: 0.5})
	for i := 0; i < 1000 && (fault.Fired() == 0 || fault.Fired() == i); i++ {
		statusOf(t, cloud.URL()+"/compute/")
	}
	assert.Positive(t, fault.Fired())
	assert.Less(t, fault.Fired(), cloud.Count(""))
	assert.PanicsWithValue(t, "nhncloudtest: Fault: Chance is not between 0 and 1: 1.5", func() { cloud.Inject(nhncloudtest.Fault{Chance: 1.5}) })
}

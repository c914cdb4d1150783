package nhncloudtest_test

import (
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestOptionsRefused(t *testing.T) {
	t.Parallel()
	for name, opt := range map[string]nhncloudtest.Option{
		"all interfaces": nhncloudtest.WithAddr("0.0.0.0:0"),
		"any interface":  nhncloudtest.WithAddr(":8774"),
		"other host":     nhncloudtest.WithAddr("example.com:80"),
		"no port":        nhncloudtest.WithAddr("127.0.0.1"),
		"no region":      nhncloudtest.WithRegions(),
		"no tenant":      nhncloudtest.WithTenants(""),
		"tenant twice":   nhncloudtest.WithTenants("a", "a"),
		"tenant odd":     nhncloudtest.WithTenants("a/b"),
		"region twice":   nhncloudtest.WithRegions("KR1", "KR1"),
		"region odd":     nhncloudtest.WithRegions("K/1"),
		"transition":     nhncloudtest.WithTransition(-1),
		"lifetime":       nhncloudtest.WithTokenLifetime(0),
		"pages":          nhncloudtest.WithPageLimits(0, 0),
		"pages crossed":  nhncloudtest.WithPageLimits(5, 4),
		"count":          nhncloudtest.WithMaxCount(0),
	} {
		_, err := nhncloudtest.Listen(opt)
		require.Error(t, err, name)
		assert.Panics(t, func() { nhncloudtest.NewServer(opt) }, name)
	}
}

// fakeTB is a test that fails.
type fakeTB struct {
	failed  string
	cleanup func()
}

func (tb *fakeTB) Helper()                           {}
func (tb *fakeTB) Cleanup(f func())                  { tb.cleanup = f }
func (tb *fakeTB) Fatalf(format string, args ...any) { tb.failed = fmt.Sprintf(format, args...) }

// overTB is one that has failed already, and says so.
type overTB struct{ *fakeTB }

func (overTB) Failed() bool  { return true }
func (overTB) Skipped() bool { return false }

func TestAddr(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.NewServer(nhncloudtest.WithAddr("localhost:0"))
	defer srv.Close()
	addr := strings.TrimPrefix(srv.URL(), "http://")
	host, _, err := net.SplitHostPort(addr)
	require.NoError(t, err)
	assert.True(t, net.ParseIP(host).IsLoopback())

	_, err = nhncloudtest.Listen(nhncloudtest.WithAddr(addr))
	require.Error(t, err, "in use")
	tb := &fakeTB{}
	assert.Nil(t, nhncloudtest.Start(tb, nhncloudtest.WithAddr(addr)))
	assert.Contains(t, tb.failed, "in use")
}

func TestClose(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.NewServer()
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Get(srv.URL() + "/compute/")
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	srv.Close()
	srv.Close()
	_, err = client.Get(srv.URL() + "/compute/")
	require.Error(t, err)
}

func TestEnviron(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.Start(t, nhncloudtest.WithRegions("JP1"))
	vars := map[string]string{}
	for _, kv := range srv.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		vars[name] = value
		got, ok := srv.LookupEnv(name)
		assert.True(t, ok)
		assert.Equal(t, value, got)
	}
	assert.Equal(t, map[string]string{
		"NHNCLOUD_AUTH_URL":                 srv.URL() + "/identity/v2.0",
		"NHNCLOUD_REGION":                   "JP1",
		"NHNCLOUD_TENANT_ID":                srv.TenantID,
		"NHNCLOUD_OBJECT_STORAGE_TENANT_ID": srv.ObjectStorageTenantID,
		"NHNCLOUD_APPKEY":                   srv.AppKey,
		"NHNCLOUD_USERNAME":                 srv.Username,
		"NHNCLOUD_PASSWORD":                 srv.Password,
		"NHNCLOUD_ENDPOINT_APPKEY":          srv.URL() + "/appkey",
		"NHNCLOUD_WAIT_INTERVAL":            "6ms",
		"OS_AUTH_URL":                       srv.URL() + "/identity/v2.0",
		"OS_TENANT_ID":                      srv.TenantID,
		"OS_PROJECT_ID":                     srv.TenantID,
		"OS_USERNAME":                       srv.Username,
		"OS_PASSWORD":                       srv.Password,
		"OS_REGION_NAME":                    "JP1",
	}, vars)
	_, ok := srv.LookupEnv("HOME")
	assert.False(t, ok)
}

func TestClock(t *testing.T) {
	t.Parallel()
	start := time.Date(2020, 2, 2, 2, 2, 2, 0, time.FixedZone("KST", 9*3600))
	srv := nhncloudtest.Start(t, nhncloudtest.WithManualClock(start))
	assert.Equal(t, start.UTC(), srv.Now())
	srv.Advance(time.Hour)
	assert.Equal(t, start.UTC().Add(time.Hour), srv.Now())

	srv = nhncloudtest.Start(t, nhncloudtest.WithManualClock(time.Time{}))
	assert.WithinDuration(t, time.Now(), srv.Now(), time.Minute)
	assert.Equal(t, srv.Now(), srv.Now())

	srv = nhncloudtest.Start(t)
	assert.WithinDuration(t, time.Now(), srv.Now(), time.Minute)
	srv.Advance(time.Hour)
	assert.WithinDuration(t, time.Now().Add(time.Hour), srv.Now(), time.Minute)
}

func TestAddFlavor(t *testing.T) {
	t.Parallel()
	srv := nhncloudtest.Start(t, nhncloudtest.WithFlavors(nhncloudtest.Flavor{Name: "g2.c8m90", VCPUs: 8, RAM: 92160}))
	assert.NotEmpty(t, srv.FlavorID("g2.c8m90"))
	made := srv.AddFlavor(nhncloudtest.Flavor{Name: "odd", ExtraSpecs: map[string]string{"k": "v"}})
	assert.Equal(t, made.ID, srv.FlavorID("odd"))
	assert.Equal(t, map[string]string{"k": "v", "flavor_type": "general"}, made.ExtraSpecs)
}

func ExampleServer_Inject() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()

	// The next look at a server is answered 503, the one after that normally.
	busy := cloud.Inject(nhncloudtest.Fault{
		Operation: "compute-v2-get-server", Times: 1, Status: 503, RetryAfter: time.Second,
	})
	// … let the program look …
	fmt.Println(busy.Fired())
	// Output: 0
}

// The ids that faults and counts are about.
func ExampleOperations() {
	for _, id := range nhncloudtest.Operations() {
		if strings.HasPrefix(id, "blockstorage-v1-") {
			fmt.Println(id)
		}
	}
	// Output:
	// blockstorage-v1-create-volume
	// blockstorage-v1-delete-volume
	// blockstorage-v1-list-volumes
}

func Example() {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithManualClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)))
	defer cloud.Close()

	id := cloud.AddServers(1)[0]
	status, _ := cloud.ServerStatus(id)
	region, _ := cloud.LookupEnv("NHNCLOUD_REGION")
	fmt.Println(region, status)
	// Output: KR1 ACTIVE
}

func TestEndpointURL(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t, nhncloudtest.WithRegions("KR1", "KR2"))
	for want, of := range map[string][2]string{
		"/compute":             {"KR1", "compute"},
		"/kr2/compute":         {"kr2", "compute"},
		"/kr2/container-infra": {"KR2", "container-infra"},
		"/identity":            {"KR2", "identity"},
		"/key-manager":         {"KR1", "key-manager"},
	} {
		got, ok := cloud.EndpointURL(of[0], of[1])
		assert.True(t, ok)
		assert.Equal(t, cloud.URL()+want, got)
	}
	for _, of := range [][2]string{{"JP1", "compute"}, {"KR1", ""}, {"KR1", "moon"}} {
		_, ok := cloud.EndpointURL(of[0], of[1])
		assert.False(t, ok, of)
	}
}

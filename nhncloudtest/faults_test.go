package nhncloudtest_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFaultStatus(t *testing.T) {
	w := cloudtest.New(t)
	f := w.Inject(nhncloudtest.Fault{
		Operation: "compute-v2-list-servers", After: 1, Times: 2, Status: 503, RetryAfter: 1500 * time.Millisecond,
		Header: http.Header{"x-reason": {"test"}},
	})
	var got []int
	for range 5 {
		res := w.Compute("GET", "/servers", nil)
		got = append(got, res.Status)
		if res.Status == 503 {
			assert.Equal(t, "2", res.Header.Get("Retry-After"))
			assert.Equal(t, "test", res.Header.Get("X-Reason"))
			assert.EqualValues(t, 503, cloudtest.At(res.Body, "serviceUnavailable", "code"))
		}
		assert.Equal(t, 200, w.Compute("GET", "/servers/detail", nil).Status)
	}
	assert.Equal(t, []int{200, 503, 503, 200, 200}, got)
	assert.Equal(t, 2, f.Fired())
	assert.Equal(t, 5, w.Count("compute-v2-list-servers"))
}

func TestFaultPicks(t *testing.T) {
	w := cloudtest.New(t)
	f := w.Inject(nhncloudtest.Fault{Method: "GET", Path: `^/image/.*[0-9]$|flavors$`, Status: 500})
	assert.Equal(t, 200, w.Call("GET", "/image/v2/images", nil).Status)
	res := w.Call("GET", "/image/v2/images/1", nil)
	assert.Equal(t, "500 Internal Server Error", res.Body["code"])
	assert.EqualValues(t, 500, cloudtest.At(w.Compute("GET", "/flavors", nil).Body, "computeFault", "code"))
	assert.Equal(t, 404, w.Compute("POST", "/flavors", object{}).Status)
	assert.Equal(t, 2, f.Fired())
	f.Remove()
	assert.Equal(t, 404, w.Call("GET", "/image/v2/images/1", nil).Status)

	w.Inject(nhncloudtest.Fault{Status: 418, Body: "teapot"})
	w.Inject(nhncloudtest.Fault{Status: 500, Optional: true})
	assert.Equal(t, "teapot", w.Compute("GET", "/flavors", nil).Text, "the first one hits")
	w.RemoveFaults()
	assert.Equal(t, 200, w.Compute("GET", "/flavors", nil).Status)

	for path, key := range map[string]string{
		"/network/v2.0/networks": "NeutronError", "/identity/v2.0": "error",
		"/appkey/v1.0/appkeys/" + w.AppKey + "/tokens?id=x": "header",
	} {
		f := w.Inject(nhncloudtest.Fault{Status: 429})
		res := w.Call("GET", path, nil)
		assert.Equal(t, 429, res.Status, path)
		assert.Contains(t, res.Body, key)
		f.Remove()
	}
	f = w.Inject(nhncloudtest.Fault{Status: 498, Path: "^/image"})
	assert.Equal(t, "498 Error", w.Call("GET", "/image/v2/images", nil).Body["code"])
	f.Remove()

	watch := w.Inject(nhncloudtest.Fault{Operation: "compute-v2-server-action-stop"})
	id := w.U2("s")
	w.Do(id, "stop", 202)
	w.Do(id, "stop", 409)
	assert.Equal(t, 2, watch.Fired(), "a fault without a consequence counts")
}

// A fault that can match nothing, or do nothing, would make a test pass that
// tests nothing.
func TestFaultRefused(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	for text, fault := range map[string]nhncloudtest.Fault{
		`no call of the cloud is operation "compute-v2-get-servers" (did you mean "compute-v2-get-server"?)`: {Operation: "compute-v2-get-servers"},
		`no call of the cloud is operation "nonsense"; Operations lists`:                                     {Operation: "nonsense"},
		`method "get": methods are upper case`:                                                               {Method: "get"},
		`method "GETT" is none of GET, HEAD`:                                                                 {Method: "GETT"},
		`method POST: operation "compute-v2-get-server" is made with GET or HEAD`:                            {Method: "POST", Operation: "compute-v2-get-server"},
		`method GET: operation "compute-v2-server-action-stop" is made with POST`:                            {Method: "GET", Operation: "compute-v2-server-action-stop"},
		`method PUT: operation "objectstorage-get-object" is made with GET`:                                  {Method: "PUT", Operation: "objectstorage-get-object"},
		"path: error parsing regexp":                                                                         {Path: "("},
		`path "servers\\?limit=1": the path of a request is percent-encoded`:                                 {Path: `servers\?limit=1`},
		`path "한글$": the path of a request is percent-encoded`:                                               {Path: "한글$"},
		"status 99999 is none that ends a request: 200 to 599":                                               {Status: 99999},
		"status 100 is none":                       {Status: 100},
		"status -1 is none":                        {Status: -1},
		"After is negative: -1":                    {After: -1},
		"Times is negative: -1; Delay is negative": {Times: -1, Delay: -1},
		"RetryAfter is negative: -1s":              {RetryAfter: -time.Second},
		"a Body needs a Status":                    {Body: "x"},
		"Reset leaves no answer":                   {Reset: true, Status: 503},
		"ResetAfter leaves no answer":              {ResetAfter: true, Truncate: true},
	} {
		func() {
			defer func() { assert.Contains(t, recover(), "nhncloudtest: Fault: "+text) }()
			cloud.Inject(fault)
		}()
	}
	assert.PanicsWithValue(t, `nhncloudtest: Count: no call of the cloud is operation "compute-v2-get-sever" `+
		`(did you mean "compute-v2-get-server"?); Operations lists those that are`, func() { cloud.Count("compute-v2-get-sever") })
	for _, fault := range []nhncloudtest.Fault{
		{Method: "COPY"}, {Method: "HEAD", Operation: "compute-v2-get-server"}, {Method: "PUT", Operation: "objectstorage-temp-url"},
		{Path: `^/compute/.*%20$`}, {Delay: time.Hour, Reset: true}, {Status: 204, Header: http.Header{}},
	} {
		fault.Optional = true
		assert.NotPanics(t, func() { cloud.Inject(fault).Remove() }, "%+v", fault)
	}
}

// A test whose faults hit nothing tests nothing, and fails.
func TestFaultMissed(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		test func(*nhncloudtest.Server)
		want string
		over bool
	}{
		"missed": {
			test: func(cloud *nhncloudtest.Server) {
				cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: 503})
				cloud.Inject(nhncloudtest.Fault{Method: "GET", Path: "/nowhere$", After: 2, Delay: 1})
			},
			want: `nhncloudtest: no request was hit by the faults [{Operation: "compute-v2-get-server", Status: 503} ` +
				`{Method: "GET", Path: "/nowhere$", After: 2}]; set Optional of those where this is meant`,
		},
		"removed too early": {
			test: func(cloud *nhncloudtest.Server) {
				cloud.Inject(nhncloudtest.Fault{Status: 503}).Remove()
				cloud.Inject(nhncloudtest.Fault{Status: 504})
				cloud.RemoveFaults()
			},
			want: "[{Status: 503} {Status: 504}]",
		},
		"After not reached": {
			test: func(cloud *nhncloudtest.Server) {
				cloud.Inject(nhncloudtest.Fault{After: 1, Status: 503})
				get(t, cloud)
			},
			want: "[{After: 1, Status: 503}]",
		},
		"hit": {test: func(cloud *nhncloudtest.Server) {
			fault := cloud.Inject(nhncloudtest.Fault{Status: 503, Times: 3})
			get(t, cloud)
			fault.Remove()
		}},
		"meant":                    {test: func(cloud *nhncloudtest.Server) { cloud.Inject(nhncloudtest.Fault{Status: 503, Optional: true}) }},
		"that only counts":         {test: func(cloud *nhncloudtest.Server) { cloud.Inject(nhncloudtest.Fault{}) }},
		"of a test that is over":   {test: func(cloud *nhncloudtest.Server) { cloud.Inject(nhncloudtest.Fault{Status: 503}) }, over: true},
		"of a test without faults": {test: func(*nhncloudtest.Server) {}},
	} {
		var tb nhncloudtest.TB = &fakeTB{}
		end := tb.(*fakeTB)
		if c.over {
			tb = overTB{end}
		}
		c.test(nhncloudtest.Start(tb))
		end.cleanup()
		if c.want == "" {
			assert.Empty(t, end.failed, name)
		}
		assert.Contains(t, end.failed, c.want, name)
	}
}

func get(t *testing.T, cloud *nhncloudtest.Server) {
	t.Helper()
	resp, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Get(cloud.URL())
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
}

func TestOperations(t *testing.T) {
	t.Parallel()
	all := nhncloudtest.Operations()
	assert.IsIncreasing(t, all)
	for _, id := range []string{
		"identity-v2-create-token", "compute-v2-server-action-stop", "compute-v1-instance-action-stop", "objectstorage-temp-url",
		"blockstorage-v2-list-volumes", "image-v2-get-image", "network-v2-list-vpcs", "keypair-v1-create-keypair",
	} {
		assert.Contains(t, all, id)
	}
	assert.NotContains(t, all, "")
}

func TestFaultReset(t *testing.T) {
	w := cloudtest.New(t)
	w.Inject(nhncloudtest.Fault{Operation: "keypair-v2-create-keypair", Times: 1, Reset: true})
	w.Inject(nhncloudtest.Fault{Operation: "keypair-v2-create-keypair", Times: 1, ResetAfter: true})
	body := object{"keypair": object{"name": "k"}}
	path := "/compute/v2/" + w.TenantID + "/os-keypairs"
	for i, wantKeys := range []int{0, 1} {
		_, err := w.Try("POST", path, body, nil)
		require.Error(t, err)
		assert.True(t, errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF), "%v", err)
		assert.Len(t, w.Compute("GET", "/os-keypairs", nil).Body["keypairs"], wantKeys, i)
	}
	assert.Equal(t, 409, w.Compute("POST", "/os-keypairs", body).Status)
	for _, r := range w.Requests()[1:4] {
		if r.Method == "POST" {
			assert.Zero(t, r.Status, "no answer was sent")
		}
	}
}

func TestFaultTruncate(t *testing.T) {
	w := cloudtest.New(t)
	w.AddServers(50)
	w.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-servers", Times: 1, Truncate: true})
	req, err := http.NewRequestWithContext(t.Context(), "GET", w.URL()+"/compute/v2/"+w.TenantID+"/servers", nil)
	require.NoError(t, err)
	req.Header.Set("X-Auth-Token", w.Token)
	resp, err := w.HTTP.Do(req)
	require.NoError(t, err)
	data, err := io.ReadAll(resp.Body)
	require.NoError(t, resp.Body.Close())
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	assert.Equal(t, resp.ContentLength/2, int64(len(data)))
	assert.Equal(t, 200, w.Compute("GET", "/servers", nil).Status)
}

func TestFaultDelay(t *testing.T) {
	w := cloudtest.New(t)
	w.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-flavors", Delay: 20 * time.Millisecond})
	start := time.Now()
	assert.Equal(t, 200, w.Compute("GET", "/flavors", nil).Status)
	assert.GreaterOrEqual(t, time.Since(start), 20*time.Millisecond)

	// The client goes away: the request is not handled.
	slow := w.Inject(nhncloudtest.Fault{Operation: "keypair-v2-create-keypair", Delay: time.Hour})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, "GET", w.URL()+"/compute/v2/"+w.TenantID+"/flavors", nil)
	require.NoError(t, err)
	req.Header.Set("X-Auth-Token", w.Token)
	all := w.Inject(nhncloudtest.Fault{Method: "GET", Path: "servers$", Delay: time.Hour})
	req.URL.Path = "/compute/v2/" + w.TenantID + "/servers"
	_, err = w.HTTP.Do(req)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	assert.Equal(t, 1, all.Fired())

	// The cloud closes.
	done := make(chan error, 1)
	go func() {
		_, err := w.Try("POST", "/compute/v2/"+w.TenantID+"/os-keypairs", object{"keypair": object{"name": "k"}}, nil)
		done <- err
	}()
	require.Eventually(t, func() bool { return slow.Fired() == 1 }, 10*time.Second, time.Millisecond)
	w.Close()
	require.Error(t, <-done)
}

func TestRecords(t *testing.T) {
	w := cloudtest.New(t)
	w.ResetRequests()
	assert.Empty(t, w.Requests())
	assert.Zero(t, w.Count(""))
	w.Compute("GET", "/servers?limit=5", nil)
	w.Compute("POST", "/os-keypairs", object{"keypair": object{"name": "a b"}})
	w.Compute("GET", "/os-keypairs/a%20b", nil)
	w.Compute("GET", "/nope", nil)
	all := w.Requests()
	require.Len(t, all, 4)
	first := all[0]
	assert.Equal(t, "GET", first.Method)
	assert.Equal(t, "/compute/v2/"+w.TenantID+"/servers", first.Path)
	assert.Equal(t, "limit=5", first.RawQuery)
	assert.Equal(t, w.Token, first.Header.Get("X-Auth-Token"))
	assert.Equal(t, "compute-v2-list-servers", first.Operation)
	assert.Equal(t, 200, first.Status)
	assert.WithinDuration(t, time.Now(), first.Time, time.Minute)
	assert.JSONEq(t, `{"keypair":{"name":"a b"}}`, string(all[1].Body))
	assert.Equal(t, "/compute/v2/"+w.TenantID+"/os-keypairs/a%20b", all[2].Path)
	assert.Empty(t, all[3].Operation)
	assert.Equal(t, 404, all[3].Status)
	assert.Equal(t, 4, w.Count(""))
	assert.Equal(t, 1, w.Count("keypair-v2-get-keypair"))
	assert.Equal(t, 2, w.CountRequests(func(r nhncloudtest.RecordedRequest) bool { return r.Status == 200 && r.Method == "GET" }))
	assert.Zero(t, w.Logins())
	assert.Zero(t, w.Connections(), "the one from before is still good")
	w.HTTP.CloseIdleConnections()
	w.Compute("GET", "/servers", nil)
	assert.Equal(t, 1, w.Connections())
}

func TestManyRequests(t *testing.T) {
	w := cloudtest.New(t)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 1500 {
				req, _ := http.NewRequest("GET", w.URL()+"/compute/", nil)
				resp, err := w.HTTP.Do(req)
				if err == nil {
					_, _ = io.Copy(io.Discard, resp.Body)
					_ = resp.Body.Close()
				}
			}
		})
	}
	wg.Wait()
	assert.Equal(t, 12_001, w.Count(""))
	n := len(w.Requests())
	assert.GreaterOrEqual(t, n, 9000)
	assert.LessOrEqual(t, n, 10_000)
}

func TestConcurrentUse(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithTransition(0))
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range 10 {
				res := w.Compute("POST", "/servers", object{"server": w.U2Body("s")})
				if !assert.Equal(t, 202, res.Status, "%s", res.Text) {
					return
				}
				id := cloudtest.At(res.Body, "server", "id").(string)
				assert.Equal(t, "ACTIVE", w.GetServer(id)["status"])
				w.Compute("GET", "/servers/detail", nil)
				w.Advance(time.Second)
				_ = w.Requests()
				assert.Equal(t, 204, w.Compute("DELETE", "/servers/"+id, nil).Status)
			}
		})
	}
	wg.Wait()
	assert.Empty(t, w.Compute("GET", "/servers", nil).Body["servers"])
}

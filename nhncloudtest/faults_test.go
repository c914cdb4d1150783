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
	w.Inject(nhncloudtest.Fault{Status: 500})
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
	assert.Panics(t, func() { w.Inject(nhncloudtest.Fault{Path: "("}) })
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

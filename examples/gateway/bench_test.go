package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

const (
	benchBehind  = 5 * time.Millisecond // that the cloud takes for an answer
	benchServers = 10                   // in the answer
	benchRole    = "NHNCLOUD_GATEWAY_BENCH"
	benchBehindE = "NHNCLOUD_GATEWAY_BEHIND"
)

// playBenchRole does what a process of the benchmarks is there for, and tells whether
// this is one: their cloud and their gateway are processes of their own, as they are
// in life.
func playBenchRole() bool {
	switch os.Getenv(benchRole) {
	case "cloud":
		serveBench(cannedCloud())
	case "gateway":
		log, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
		if err != nil {
			panic(err)
		}
		gateway, err := newGateway(benchCloud(os.Getenv(benchBehindE)), nil, options{}, slog.New(slog.NewJSONHandler(log, nil)))
		if err != nil {
			panic(err)
		}
		serveBench(gateway.handler)
	default:
		return false
	}
	return true
}

// serveBench serves until the process gets a signal, and prints where.
func serveBench(handler http.Handler) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		panic(err)
	}
	go http.Serve(listener, handler) //nolint:gosec // it ends with the process
	fmt.Printf("http://%s\n", listener.Addr())
	<-ctx.Done()
}

// cannedCloud answers each request with the same list of servers, which has one
// page.
func cannedCloud() http.Handler {
	var servers []string
	for i := range benchServers {
		servers = append(servers, fmt.Sprintf(`{"id": "5a2f3c1e-6f0e-4f0d-9f5b-%012d", "name": "server-%d", "status": "ACTIVE", "tenant_id": "tenant",
			"created": "2024-01-01T00:00:00Z", "updated": "2024-01-01T00:00:10Z", "hostId": "f3ba", "key_name": "my-keypair", "metadata": {"a": "b"},
			"addresses": {"Default Network": [{"addr": "192.168.0.%d", "version": 4, "OS-EXT-IPS:type": "fixed", "OS-EXT-IPS-MAC:mac_addr": "fa:16:3e:00:00:01"}]},
			"flavor": {"id": "flavor", "links": []}, "image": {"id": "image", "links": []}, "OS-EXT-STS:vm_state": "active", "OS-EXT-STS:power_state": 1,
			"security_groups": [{"name": "default"}], "os-extended-volumes:volumes_attached": [{"id": "volume"}], "links": []}`, i, i, i))
	}
	body := []byte(`{"servers": [` + strings.Join(servers, ",") + `]}`)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		time.Sleep(benchBehind)
		w.Header().Set("Content-Type", "application/json")
		if strings.Contains(r.URL.RawQuery, "marker=") { // the SDK asks for more until there is none
			io.WriteString(w, `{"servers": []}`)
			return
		}
		w.Write(body)
	})
}

// behind is a cloud at a URL.
type behind struct{ *clients.Cache }

func benchCloud(url string) behind {
	return behind{clients.New(func(caller clients.Caller) (*nhncloud.Client, error) {
		return nhncloud.NewClient(nhncloud.Config{
			Region: caller.Region, TenantID: caller.TenantID, Endpoints: map[nhncloud.Service]string{nhncloud.ServiceCompute: url},
		}, nhncloud.WithTokenSource(nhncloud.StaticToken(caller.Token)))
	}, time.Hour, 10)}
}

func (b behind) Client(caller clients.Caller) (*nhncloud.Client, error) { return b.Get(caller) }

func (b behind) Region(string) (nhncloud.Region, bool) { return nhncloud.KR1, true }

func (b behind) Login(string, string, nhncloud.Secret) (*nhncloud.Client, error) { panic("not here") }

// startProcess starts this program in a role, and returns where it serves.
func startProcess(tb testing.TB, role, behind string) string {
	tb.Helper()
	program, err := os.Executable()
	require.NoError(tb, err)
	process := exec.CommandContext(tb.Context(), program)
	process.Env = append(os.Environ(), benchRole+"="+role, benchBehindE+"="+behind)
	process.Stderr = os.Stderr
	process.Cancel = func() error { return process.Process.Signal(syscall.SIGTERM) }
	process.WaitDelay = 10 * time.Second
	out, err := process.StdoutPipe()
	require.NoError(tb, err)
	require.NoError(tb, process.Start())
	tb.Cleanup(func() { process.Wait() }) // it was told to end by the context
	var url string
	_, err = fmt.Fscanln(out, &url)
	require.NoError(tb, err)
	return url
}

// measure makes b.N calls from so many callers, and reports how many there were in a
// second and how long one took.
func measure(b *testing.B, callers int, call func() error) {
	b.Helper()
	require.NoError(b, call())
	took := make([]time.Duration, b.N)
	var next atomic.Int64
	var wg sync.WaitGroup
	b.ResetTimer()
	for range callers {
		wg.Go(func() {
			for i := next.Add(1) - 1; i < int64(b.N); i = next.Add(1) - 1 {
				began := time.Now()
				if err := call(); err != nil {
					b.Error(err)
					return
				}
				took[i] = time.Since(began)
			}
		})
	}
	wg.Wait()
	b.StopTimer()
	slices.Sort(took)
	ms := func(share float64) float64 {
		return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1e3
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "calls/s")
	b.ReportMetric(ms(0.50), "p50-ms")
	b.ReportMetric(ms(0.99), "p99-ms")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkListInstances lists instances with the SDK alone and through the gateway.
func BenchmarkListInstances(b *testing.B) {
	cloud := startProcess(b, "cloud", "")
	client, err := benchCloud(cloud).Client(clients.Caller{Region: nhncloud.KR1, TenantID: "tenant", Token: "token"})
	require.NoError(b, err)
	gateway := startProcess(b, "gateway", cloud)
	for _, callers := range []int{8, 64} {
		browser := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers}}
		b.Run(fmt.Sprintf("sdk/callers=%d", callers), func(b *testing.B) {
			measure(b, callers, func() error {
				list, err := operations.ListInstances(b.Context(), client)
				if err == nil && len(list.Servers) != benchServers {
					return fmt.Errorf("%d servers", len(list.Servers))
				}
				return err
			})
		})
		b.Run(fmt.Sprintf("gateway/callers=%d", callers), func(b *testing.B) {
			measure(b, callers, func() error { return listThrough(b.Context(), browser, gateway) })
		})
	}
}

func listThrough(ctx context.Context, browser *http.Client, gateway string) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, gateway+"/api/nhn/compute/instances/", nil)
	if err != nil {
		return err
	}
	r.Header.Set("X-NHN-Region", "kr1")
	r.Header.Set("X-NHN-Token", "token")
	r.Header.Set("X-NHN-Tenant-ID", "tenant")
	answer, err := browser.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err == nil && (answer.StatusCode != http.StatusOK || strings.Count(string(body), `"status":"ACTIVE"`) != benchServers) {
		err = fmt.Errorf("%s: %s", answer.Status, body)
	}
	return err
}

// What the benchmark compares works.
func TestBenchmarked(t *testing.T) {
	t.Parallel()
	cloud := startProcess(t, "cloud", "")
	assert.NoError(t, listThrough(t.Context(), http.DefaultClient, startProcess(t, "gateway", cloud)))
}

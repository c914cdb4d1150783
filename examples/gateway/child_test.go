package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
)

// childVariable has what a gateway is to do that is a process of its own: this test
// program, started again.
const childVariable = "NHNCLOUD_GATEWAY_TEST_CHILD"

// errand is what a child is to do.
type errand struct {
	Auth      string
	Endpoints map[string]string // by region and service
	DB        string
	Times     taskTimes
}

func (e errand) AuthURL() string { return e.Auth }

func (e errand) EndpointURL(region, service string) (string, bool) {
	url, ok := e.Endpoints[region+" "+service]
	return url, ok
}

// TestMain is also the main of the processes that tests and benchmarks start: this
// program again, with what it is there for in its environment.
func TestMain(m *testing.M) {
	if given := os.Getenv(childVariable); given != "" {
		if err := runErrand(given); err != nil {
			println(err.Error())
			os.Exit(1)
		}
		return
	}
	if playBenchRole() {
		return
	}
	os.Exit(m.Run())
}

func runErrand(given string) error {
	var e errand
	if err := json.Unmarshal([]byte(given), &e); err != nil {
		return err
	}
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	cloud, err := backend.Memory(e, []string{"kr1", "kr2"})
	if err != nil {
		return err
	}
	o := options{listen: "127.0.0.1:0", db: e.DB, tasks: e.Times}
	return o.serve(context.Background(), cloud, nil, logger, os.Stdout)
}

// child is a gateway that is a process of its own, in front of a cloud in this one.
// Between the two stands a proxy that can hold requests.
type child struct {
	*station
	process *exec.Cmd
	proxy   *proxy
}

func startChild(w *gatewaytest.World, db string) *child {
	w.Helper()
	c := &child{station: &station{World: w}, proxy: newProxy(w)}
	e := errand{Auth: c.proxy.in(w.Cloud.AuthURL()), Endpoints: map[string]string{}, DB: db, Times: taskTimes{3 * time.Second, 2 * time.Second}}
	for _, region := range []string{"KR1", "KR2"} {
		for _, service := range []string{"compute", "image", "network", "volumev2", "container-infra", "object-store"} {
			endpoint, ok := w.Cloud.EndpointURL(region, service)
			require.True(w, ok)
			e.Endpoints[region+" "+service] = c.proxy.in(endpoint)
		}
	}
	program, err := os.Executable()
	require.NoError(w, err)
	c.process = exec.Command(program)
	c.process.Env = append(os.Environ(), childVariable+"="+encode(w, e), keyVariable+"="+childKey, "NHNCLOUD_WAIT_INTERVAL=50ms")
	var log lockedBuffer
	c.process.Stderr = &log
	w.Cleanup(func() {
		if w.Failed() {
			w.Logf("the gateway on %s says:\n%s", c.url, log.String())
		}
	})
	out, err := c.process.StdoutPipe()
	require.NoError(w, err)
	require.NoError(w, c.process.Start())
	w.Cleanup(c.kill)
	listens := regexp.MustCompile(`listens on (http://[0-9.]+:[0-9]+)`)
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if found := listens.FindStringSubmatch(lines.Text()); found != nil {
			c.url = found[1]
			return c
		}
	}
	require.FailNow(w, "the gateway did not start", log.String())
	return nil
}

const childKey = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

// kill ends the process as the kernel ends one that takes too much: without a word.
func (c *child) kill() {
	_ = c.process.Process.Kill()
	_ = c.process.Wait()
}

// proxy stands between a gateway and the cloud.
type proxy struct {
	server *httptest.Server
	cloud  *url.URL
	done   chan struct{} // closed at the end

	mu   sync.Mutex
	hold *hold
}

// hold says which request is held, and when.
type hold struct {
	method string
	path   *regexp.Regexp
	after  bool          // after the cloud has answered, not before it is asked
	held   chan struct{} // closed when one is held
}

func newHold(method, path string, after bool) *hold {
	return &hold{method: method, path: regexp.MustCompile(path), after: after, held: make(chan struct{})}
}

func newProxy(w *gatewaytest.World) *proxy {
	target, err := url.Parse(w.Cloud.URL())
	require.NoError(w, err)
	p := &proxy{cloud: target, done: make(chan struct{})}
	forward := &httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(target) }}
	p.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		h := p.hold
		if h != nil && h.method == r.Method && h.path.MatchString(r.URL.Path) {
			p.hold = nil // it holds one
		} else {
			h = nil
		}
		p.mu.Unlock()
		if h == nil {
			forward.ServeHTTP(w, r)
			return
		}
		if h.after {
			// The cloud does it, and the gateway never hears of it.
			forward.ServeHTTP(httptest.NewRecorder(), r.WithContext(context.WithoutCancel(r.Context())))
		}
		_, _ = io.Copy(io.Discard, r.Body) // or it is not seen that the gateway is gone
		close(h.held)
		select {
		case <-r.Context().Done():
		case <-p.done:
		}
	}))
	w.Cleanup(func() { close(p.done); p.server.Close() })
	return p
}

// in is a URL of the cloud by way of the proxy.
func (p *proxy) in(of string) string {
	return strings.Replace(of, p.cloud.Scheme+"://"+p.cloud.Host, p.server.URL, 1)
}

// set holds the next request of a kind.
func (p *proxy) set(h *hold) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.hold = h
}

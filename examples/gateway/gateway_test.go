package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// lockedBuffer is a log that several can write to.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// station is a gateway that is served on a port.
type station struct {
	*gatewaytest.World
	gateway *gateway
	url     string
	log     *lockedBuffer
	stop    context.CancelFunc
	ended   chan error
}

func gatewayOptions(origins ...string) options {
	return options{origins: origins, regions: []string{"kr1", "kr2"}}
}

func start(t *testing.T, origins []string, options ...nhncloudtest.Option) *station {
	t.Helper()
	s := &station{World: gatewaytest.New(t, options...), log: &lockedBuffer{}, ended: make(chan error, 1)}
	logger := slog.New(slog.NewJSONHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	cloud, err := backend.Memory(s.Cloud, []string{"kr1", "kr2"}, nhncloud.WithLogger(logger))
	require.NoError(t, err)
	t.Cleanup(cloud.Close)
	s.gateway, err = newGateway(cloud, memoryTasks(t, cloud, logger), gatewayOptions(origins...), logger)
	require.NoError(t, err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.url = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(t.Context())
	s.stop = stop
	go func() { s.ended <- s.gateway.serve(ctx, listener, logger); close(s.ended) }()
	t.Cleanup(func() { stop(); <-s.ended })
	return s
}

// ask sends a request to the gateway.
func (s *station) ask(method, path, body string, headers map[string]string) gatewaytest.Answer {
	r, err := http.NewRequestWithContext(s.Context(), method, s.url+path, strings.NewReader(body))
	require.NoError(s, err)
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	answer, err := http.DefaultClient.Do(r)
	require.NoError(s, err)
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	require.NoError(s, err)
	return gatewaytest.Answer{Status: answer.StatusCode, Header: answer.Header, Body: string(text)}
}

// Two tenants that call at once see their own things, and the token of one does not
// open the other.
func TestTenantsDoNotMix(t *testing.T) {
	t.Parallel()
	const other = "0123456789abcdef0123456789abcdef"
	s := start(t, nil, nhncloudtest.WithTenants(other))
	tenants := []string{s.Cloud.TenantID, other}
	callers := make([]map[string]string, len(tenants))
	for i, tenant := range tenants {
		headers := s.Headers()
		headers["X-NHN-Token"], headers["X-NHN-Tenant-ID"] = s.Login(tenant), tenant
		callers[i] = headers
		answer := s.ask("POST", "/api/nhn/vpc/create/", fmt.Sprintf(`{"name": "of-%d", "cidr": "10.0.0.0/16"}`, i), headers)
		require.Equal(t, 201, answer.Status, answer.Body)
	}
	var wg sync.WaitGroup
	for i := range 200 {
		wg.Go(func() {
			mine := i % 2
			vpcs := s.ask("GET", "/api/nhn/vpc/", "", callers[mine])
			assert.Contains(t, vpcs.Body, fmt.Sprintf("of-%d", mine))
			assert.NotContains(t, vpcs.Body, fmt.Sprintf("of-%d", 1-mine))
			assert.Equal(t, 200, s.ask("GET", "/api/nhn/compute/instances/", "", callers[mine]).Status)
		})
	}
	wg.Wait()
	for _, r := range s.Cloud.Requests() {
		for i, headers := range callers {
			if r.Header.Get("X-Auth-Token") == headers["X-NHN-Token"] {
				assert.NotContains(t, r.Path, tenants[1-i])
			}
		}
	}
	callers[0]["X-NHN-Tenant-ID"] = other
	foreign := s.ask("GET", "/api/nhn/compute/instances/", "", callers[0])
	assert.Equal(t, 400, foreign.Status, "as nova answers; %s", foreign.Body)
}

// The log tells of each request, and of no secret.
func TestLogHasNoSecret(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	s.AddKeyPair()
	s.AddCluster("my-cluster")
	login := s.ask("POST", "/api/nhn/token/?password=in-the-query", fmt.Sprintf(`{"tenant_id": %q, "username": %q, "password": %q}`,
		s.Cloud.TenantID, s.Cloud.Username, s.Cloud.Password), map[string]string{"Content-Type": "application/json"})
	token, _ := login.JSON(t).(map[string]any)["token"].(string)
	require.NotEmpty(t, token)
	headers := s.Headers()
	headers["X-NHN-Token"], headers["X-Request-Id"] = token, "req-7"
	config := s.ask("GET", "/api/nhn/nks/clusters/my-cluster/config/", "", headers)
	kubeconfig, _ := config.JSON(t).(map[string]any)["config"].(string)
	key := regexp.MustCompile(`client-key-data: (\S+)`).FindStringSubmatch(kubeconfig)
	require.NotNil(t, key)
	answers := []gatewaytest.Answer{
		s.ask("GET", "/api/nhn/compute/instances/"+token+"/", "", headers),
		s.ask("GET", "/api/nhn/compute/"+token+"/", "", headers),
		s.ask("POST", "/api/nhn/vpc/create/", `{"name": "a", "`+token+`": 7}`, headers),
		s.ask("POST", "/api/nhn/token/", `{"tenant_id": "x", "username": "y", "password": ["wrong-password"]}`, headers),
		s.ask("POST", "/api/nhn/token/", `{"tenant_id": "x", "username": "y", "password": "wrong-password"}`, headers),
	}
	headers["X-NHN-Token"] = "made-up-token"
	answers = append(answers, s.ask("GET", "/api/nhn/vpc/", "", headers))
	assert.Equal(t, []int{404, 404, 400, 400, 401, 401}, []int{
		answers[0].Status, answers[1].Status, answers[2].Status, answers[3].Status, answers[4].Status, answers[5].Status,
	})
	texts := []string{s.log.String()}
	for _, answer := range answers {
		assert.Equal(t, "req-7", answer.Header.Get("X-Request-Id"))
		texts = append(texts, answer.Body)
	}
	for _, text := range texts {
		for _, secret := range []string{token, s.Cloud.Password, "made-up-token", "wrong-password", "in-the-query", key[1]} {
			assert.NotContains(t, text, secret)
		}
	}
	for _, want := range []string{`"request_id":"req-7"`, `"path":"/api/nhn/token/"`, `"status":401`, "compute-v2-get-server", `"error":`} {
		assert.Contains(t, texts[0], want)
	}
	requests := s.Cloud.Requests()
	assert.Equal(t, "req-7", requests[len(requests)-1].Header.Get("X-Request-Id"), "it goes on to the cloud")
}

// A gateway that ends answers what is under way, and takes no more.
func TestGracefulShutdown(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	assert.Equal(t, 200, s.ask("GET", "/healthz", "", nil).Status)
	assert.Equal(t, 200, s.ask("GET", "/readyz", "", nil).Status)
	slow := s.Cloud.Inject(nhncloudtest.Fault{Operation: "network-v2-list-vpcs", Delay: 200 * time.Millisecond, Times: 1})
	answered := make(chan gatewaytest.Answer, 1)
	go func() { answered <- s.ask("GET", "/api/nhn/vpc/", "", s.Headers()) }()
	require.Eventually(t, func() bool { return slow.Fired() > 0 }, 10*time.Second, time.Millisecond)
	s.stop()
	require.Eventually(t, func() bool { return !s.gateway.ready.Load() }, 10*time.Second, time.Millisecond)
	assert.Equal(t, 503, gatewaytest.Do(s.gateway.handler, "GET", "/readyz", "", nil).Status)
	assert.Equal(t, 200, (<-answered).Status)
	require.NoError(t, <-s.ended)
	_, err := net.Dial("tcp", strings.TrimPrefix(s.url, "http://"))
	assert.Error(t, err)
}

// A page of an allowed origin may use the gateway.
func TestOrigins(t *testing.T) {
	t.Parallel()
	s := start(t, []string{"https://app.example.com"})
	headers := s.Headers()
	headers["Origin"] = "https://app.example.com"
	answer := s.ask("GET", "/api/nhn/vpc/", "", headers)
	assert.Equal(t, 200, answer.Status)
	assert.Equal(t, "https://app.example.com", answer.Header.Get("Access-Control-Allow-Origin"))
	delete(headers, "X-NHN-Token")
	assert.Equal(t, "https://app.example.com", s.ask("GET", "/api/nhn/vpc/", "", headers).Header.Get("Access-Control-Allow-Origin"), "errors can be read too")
	headers["Origin"] = "https://evil.example.com"
	assert.Empty(t, s.ask("GET", "/api/nhn/vpc/", "", headers).Header.Get("Access-Control-Allow-Origin"))
	_, err := newGateway(s.Backend, nil, gatewayOptions("evil"), slog.New(slog.DiscardHandler))
	assert.Error(t, err)
}

// Swagger UI is all in the program.
func TestSwaggerUI(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	page := s.ask("GET", "/swagger/", "", nil)
	require.Equal(t, 200, page.Status)
	assert.Contains(t, page.Body, "/openapi.json")
	links := regexp.MustCompile(`(?:src|href)="([^"]*)"`).FindAllStringSubmatch(page.Body, -1)
	require.NotEmpty(t, links)
	for _, link := range links {
		require.True(t, strings.HasPrefix(link[1], "/swagger/"), link[1])
		assert.Equal(t, 200, s.ask("GET", link[1], "", nil).Status, link[1])
	}
	assert.Contains(t, page.Header.Get("Content-Security-Policy"), "default-src 'self'", "the browser holds it to that")
	assert.Equal(t, 200, s.ask("GET", "/swagger", "", nil).Status, "it leads there")
}

// A cloud that hangs does not hold a request for ever.
func TestTimeLimit(t *testing.T) {
	t.Parallel()
	w := gatewaytest.New(t)
	g, err := newGateway(w.Backend, nil, gatewayOptions(), slog.New(slog.DiscardHandler))
	require.NoError(t, err)
	w.Cloud.Inject(nhncloudtest.Fault{Operation: "network-v2-list-vpcs", Delay: time.Minute})
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	answer := gatewaytest.DoContext(ctx, g.handler, "GET", "/api/nhn/vpc/", "", w.Headers())
	assert.Equal(t, 500, answer.Status)
	assert.Contains(t, answer.Body, "did not answer in time")
}

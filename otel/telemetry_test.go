package otelnhncloud_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/trace"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

// The call is around its login and its attempts, each of which is a span.
func TestSpans(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	id := cloud.AddServers(1)[0]
	cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: 503, Times: 1})
	w := newWatch(t)
	ctx, root := w.tracer.Tracer("program").Start(t.Context(), "program")
	_, err := compute.New(w.client(cloud)).Servers.Get(ctx, id)
	require.NoError(t, err)
	root.End()

	var names []string
	byName := map[string]trace.SpanContext{}
	for _, s := range w.ended() {
		names = append(names, s.Name)
		byName[s.Name] = s.SpanContext
		assert.Equal(t, root.SpanContext().TraceID(), s.SpanContext.TraceID(), s.Name)
	}
	assert.Equal(t, []string{
		"POST identity-v2-create-token", "identity-v2-create-token",
		"GET compute-v2-get-server", "GET compute-v2-get-server", "compute-v2-get-server", "program",
	}, names)
	spans := w.ended()
	call := spans[4]
	assert.Equal(t, root.SpanContext().SpanID(), call.Parent.SpanID())
	for _, i := range []int{1, 2, 3} {
		assert.Equal(t, call.SpanContext.SpanID(), spans[i].Parent.SpanID(), spans[i].Name)
	}
	assert.Equal(t, spans[1].SpanContext.SpanID(), spans[0].Parent.SpanID())
	assert.Equal(t, trace.SpanKindInternal, call.SpanKind)
	assert.Equal(t, codes.Unset, call.Status.Code)
	got := attributes(call.Attributes)
	assert.Regexp(t, "^req-", got["nhncloud.request_id"])
	delete(got, "nhncloud.request_id")
	assert.Equal(t, map[string]any{
		"nhncloud.operation": "compute-v2-get-server", "nhncloud.service": "compute", "nhncloud.attempts": int64(2),
	}, got)

	base, err := url.Parse(cloud.URL())
	require.NoError(t, err)
	attempt := attributes(spans[2].Attributes)
	port, want := attempt["server.port"], map[string]any{
		"nhncloud.operation": "compute-v2-get-server", "nhncloud.service": "compute", "http.request.method": "GET",
		"server.address": base.Hostname(), "network.protocol.version": "1.1", "http.response.status_code": int64(503), "error.type": "503",
		"url.full": attempt["url.full"], "server.port": attempt["server.port"],
	}
	assert.Equal(t, want, attempt)
	assert.Equal(t, base.Port(), fmtInt(port))
	assert.True(t, strings.HasSuffix(attempt["url.full"].(string), "/servers/"+id), attempt["url.full"])
	assert.Equal(t, trace.SpanKindClient, spans[2].SpanKind)
	assert.Equal(t, codes.Error, spans[2].Status.Code)
	second := attributes(spans[3].Attributes)
	assert.EqualValues(t, 1, second["http.request.resend_count"])
	assert.EqualValues(t, 200, second["http.response.status_code"])
	assert.NotContains(t, second, "error.type")

	// The log of the SDK has the trace and the span of the call.
	for line := range strings.Lines(w.log.String()) {
		var record struct {
			Operation string
			TraceID   string `json:"trace_id"`
			SpanID    string `json:"span_id"`
		}
		require.NoError(t, json.Unmarshal([]byte(line), &record))
		assert.Equal(t, root.SpanContext().TraceID().String(), record.TraceID, line)
		assert.Equal(t, byName[record.Operation].SpanID().String(), record.SpanID, line)
	}
}

func fmtInt(v any) string {
	text, _ := json.Marshal(v)
	return string(text)
}

// Failures have their kind, and that of the v1.0 API although its status is 200.
func TestFailures(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	w := newWatch(t)
	client := w.client(cloud)
	_, err := compute.New(client).Servers.Get(t.Context(), "nope")
	require.ErrorIs(t, err, nhncloud.ErrNotFound)
	call := w.named("compute-v2-get-server")
	assert.Equal(t, codes.Error, call.Status.Code)
	assert.Equal(t, err.Error(), call.Status.Description)
	assert.Equal(t, "not_found", attributes(call.Attributes)["error.type"])

	_, err = computev1.New(client).Instances.Get(t.Context(), "nope")
	require.Error(t, err)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	call = w.named(e.Operation)
	assert.Equal(t, codes.Error, call.Status.Code)
	assert.Equal(t, codes.Unset, w.named("GET "+e.Operation).Status.Code)
	assert.EqualValues(t, 200, attributes(w.named("GET " + e.Operation).Attributes)["http.response.status_code"])
	if e.ResultCode != 0 {
		assert.EqualValues(t, e.ResultCode, attributes(call.Attributes)["nhncloud.result_code"])
	}
}

// An object that is not modified is no failure.
func TestNotModified(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	w := newWatch(t)
	objects := objectstorage.New(w.client(cloud)).Objects
	_, err := objectstorage.New(w.client(cloud)).Containers.Create(t.Context(), "c", nil)
	require.NoError(t, err)
	info, err := objects.Put(t.Context(), "c", "o", strings.NewReader("content"), nil)
	require.NoError(t, err)
	_, err = objects.Get(t.Context(), "c", "o", &objectstorage.GetOptions{IfNoneMatch: info.ETag})
	require.ErrorIs(t, err, nhncloud.ErrNotModified)
	call := w.named("objectstorage-get-object")
	assert.Equal(t, codes.Unset, call.Status.Code)
	assert.NotContains(t, attributes(call.Attributes), "error.type")
}

// Numbers add up to what was called and sent.
func TestMetrics(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	id := cloud.AddServers(1)[0]
	cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: 503, Times: 2})
	w := newWatch(t)
	client := w.client(cloud)
	for range 3 {
		_, err := compute.New(client).Servers.Get(t.Context(), id)
		require.NoError(t, err)
	}
	_, err := objectstorage.New(client).Containers.Create(t.Context(), "c", nil)
	require.NoError(t, err)
	const size = 100_000
	for _, r := range []io.Reader{strings.NewReader(strings.Repeat("x", size)), io.LimitReader(zeros{}, size)} { // of known length and of unknown
		_, err := objectstorage.New(client).Objects.Put(t.Context(), "c", "o", r, nil)
		require.NoError(t, err)
	}
	object, err := objectstorage.New(client).Objects.Get(t.Context(), "c", "o", nil)
	require.NoError(t, err)
	n, err := io.Copy(io.Discard, object)
	require.NoError(t, err)
	require.NoError(t, object.Close())
	require.EqualValues(t, size, n)

	m := w.metrics()
	calls, attempts := map[string]uint64{}, map[string]uint64{}
	for _, p := range m["nhncloud.client.call.duration"].Data.(metricdata.Histogram[float64]).DataPoints {
		calls[attributes(p.Attributes.ToSlice())["nhncloud.operation"].(string)] += p.Count
		assert.Positive(t, p.Sum)
	}
	for _, p := range m["http.client.request.duration"].Data.(metricdata.Histogram[float64]).DataPoints {
		all := attributes(p.Attributes.ToSlice())
		attempts[all["nhncloud.operation"].(string)+" "+fmtInt(all["http.response.status_code"])] += p.Count
		assert.NotContains(t, all, "url.full")
	}
	retries := m["nhncloud.client.retries"].Data.(metricdata.Sum[int64]).DataPoints
	require.Len(t, retries, 1)
	assert.EqualValues(t, 2, retries[0].Value)
	assert.EqualValues(t, 3, calls["compute-v2-get-server"])
	assert.EqualValues(t, 2, attempts["compute-v2-get-server 503"])
	assert.EqualValues(t, 3, attempts["compute-v2-get-server 200"])
	bytes := func(name, operation string) (sum int64) {
		for _, p := range m[name].Data.(metricdata.Histogram[int64]).DataPoints {
			if attributes(p.Attributes.ToSlice())["nhncloud.operation"] == operation {
				sum += p.Sum
			}
		}
		return sum
	}
	assert.EqualValues(t, 2*size, bytes("http.client.request.body.size", "objectstorage-put-object"))
	assert.EqualValues(t, size, bytes("http.client.response.body.size", "objectstorage-get-object"))
	assert.Zero(t, bytes("http.client.request.body.size", "compute-v2-get-server"))
	assert.Positive(t, bytes("http.client.response.body.size", "compute-v2-get-server"))
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

// Nothing of a trace leaves the program unless that is asked for.
func TestPropagation(t *testing.T) {
	t.Parallel()
	for name, options := range map[string][]otelnhncloud.Option{
		"": nil, "traceparent": {otelnhncloud.WithPropagator(propagation.TraceContext{})},
	} {
		cloud := nhncloudtest.Start(t)
		w := newWatch(t)
		seen := map[string]string{}
		inside := func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				for header := range r.Header {
					if h := strings.ToLower(header); h == "traceparent" || h == "tracestate" || h == "baggage" || h == "b3" {
						seen[h] = r.Header.Get(header)
					}
				}
				assert.True(t, trace.SpanContextFromContext(r.Context()).IsValid(), "what is inside sees the span")
				return next.RoundTrip(r)
			})
		}
		client, err := w.client(cloud, options...).With(nhncloud.WithMiddleware(inside))
		require.NoError(t, err)
		_, err = compute.New(client).Zones.List(t.Context())
		require.NoError(t, err)
		if name == "" {
			assert.Empty(t, seen)
			continue
		}
		attempt := w.named("GET compute-v2-list-availability-zones").SpanContext
		assert.Equal(t, map[string]string{name: "00-" + attempt.TraceID().String() + "-" + attempt.SpanID().String() + "-01"}, seen)
	}
}

// What ends an attempt without an answer is told by few words.
func TestErrorTypes(t *testing.T) {
	t.Parallel()
	for want, send := range map[string]func(*http.Request) (*http.Response, error){
		"canceled":            func(*http.Request) (*http.Response, error) { return nil, context.Canceled },
		"timeout":             func(*http.Request) (*http.Response, error) { return nil, context.DeadlineExceeded },
		"*errors.errorString": func(*http.Request) (*http.Response, error) { return nil, errors.New("id 4711 failed") },
		"io.ErrUnexpectedEOF": func(*http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ProtoMajor: 2, Header: http.Header{}, Body: io.NopCloser(io.MultiReader(strings.NewReader("{"), broken{}))}, nil
		},
	} {
		w := newWatch(t)
		client := w.scripted(send, nhncloud.WithTokenSource(nhncloud.StaticToken(token)), nhncloud.WithRetry(nhncloud.NoRetry))
		err := client.Do(t.Context(), nhncloud.Request{
			Service: nhncloud.ServiceCompute, Operation: "own", Method: "LOOK", Path: "/v2/{tenantId}/x",
			Idempotency: nhncloud.IdempotencyAlways,
		}, new(struct{ A int }))
		require.Error(t, err)
		attempt := attributes(w.named("HTTP own").Attributes)
		if want == "io.ErrUnexpectedEOF" {
			want = "*errors.errorString"
			assert.Equal(t, "2", attempt["network.protocol.version"])
		}
		assert.Equal(t, want, attempt["error.type"])
		assert.Equal(t, "_OTHER", attempt["http.request.method"])
		assert.Equal(t, "LOOK", attempt["http.request.method_original"])
		assert.EqualValues(t, 443, attempt["server.port"])
		assert.NotEmpty(t, attributes(w.named("own").Attributes)["error.type"])
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// Without providers nothing happens, and with names without end little is kept.
func TestWithoutProviders(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	require.NoError(t, err)
	client, err := nhncloud.NewClient(config, otelnhncloud.Telemetry())
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)
	_, err = compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	_, err = nhncloud.NewClient(nhncloud.Config{}, otelnhncloud.Telemetry())
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
}

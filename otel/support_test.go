package otelnhncloud_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

// watch keeps what a client tells.
type watch struct {
	t      *testing.T
	spans  *tracetest.SpanRecorder
	tracer *trace.TracerProvider
	reader *metric.ManualReader
	meter  *metric.MeterProvider
	log    bytes.Buffer
}

func newWatch(t *testing.T) *watch {
	w := &watch{t: t, spans: tracetest.NewSpanRecorder(), reader: metric.NewManualReader()}
	w.tracer = trace.NewTracerProvider(trace.WithSpanProcessor(w.spans))
	w.meter = metric.NewMeterProvider(metric.WithReader(w.reader))
	return w
}

// options are those of a client that is watched.
func (w *watch) options(options ...otelnhncloud.Option) []nhncloud.Option {
	logger := slog.New(otelnhncloud.LogHandler(slog.NewJSONHandler(&w.log, &slog.HandlerOptions{Level: slog.LevelDebug})))
	options = append([]otelnhncloud.Option{
		otelnhncloud.WithTracerProvider(w.tracer), otelnhncloud.WithMeterProvider(w.meter),
	}, options...)
	return []nhncloud.Option{
		nhncloud.WithLogger(logger), nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}), otelnhncloud.Telemetry(options...),
	}
}

func (w *watch) client(cloud *nhncloudtest.Server, options ...otelnhncloud.Option) *nhncloud.Client {
	client := testclient.New(cloud, w.options(options...)...)
	w.t.Cleanup(client.CloseIdleConnections)
	return client
}

// scripted returns a client whose requests go to a function.
func (w *watch) scripted(send nhncloud.RoundTripperFunc, options ...nhncloud.Option) *nhncloud.Client {
	w.t.Helper()
	all := append(w.options(), nhncloud.WithHTTPClient(&http.Client{Transport: send}))
	client, err := nhncloud.NewClient(nhncloud.Config{
		Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "6cdebe3eb0094910bc41f1d42ebe4cb7", AppKey: appKey,
		Username: "user@example.com", Password: password,
	}, append(all, options...)...)
	require.NoError(w.t, err)
	return client
}

// ended returns the spans that have ended, with the innermost first.
func (w *watch) ended() tracetest.SpanStubs {
	return tracetest.SpanStubsFromReadOnlySpans(w.spans.Ended())
}

// named returns the one span with a name.
func (w *watch) named(name string) tracetest.SpanStub {
	w.t.Helper()
	var found tracetest.SpanStubs
	for _, s := range w.ended() {
		if s.Name == name {
			found = append(found, s)
		}
	}
	require.Len(w.t, found, 1, name)
	return found[0]
}

// attributes returns the attributes of a span by name.
func attributes(list []attribute.KeyValue) map[string]any {
	all := map[string]any{}
	for _, kv := range list {
		all[string(kv.Key)] = kv.Value.AsInterface()
	}
	return all
}

// metrics returns what was measured, by the name of the instrument.
func (w *watch) metrics() map[string]metricdata.Metrics {
	w.t.Helper()
	var data metricdata.ResourceMetrics
	require.NoError(w.t, w.reader.Collect(w.t.Context(), &data))
	all := map[string]metricdata.Metrics{}
	for _, scope := range data.ScopeMetrics {
		require.Equal(w.t, otelnhncloud.ScopeName, scope.Scope.Name)
		for _, m := range scope.Metrics {
			all[m.Name] = m
		}
	}
	return all
}

// everything returns all that was told, as one text.
func (w *watch) everything() string {
	w.t.Helper()
	spans, err := json.Marshal(w.ended())
	require.NoError(w.t, err)
	numbers, err := json.Marshal(w.metrics())
	require.NoError(w.t, err)
	return string(spans) + string(numbers) + w.log.String()
}

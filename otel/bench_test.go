package otelnhncloud_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/nhncloud-go/nhncloud"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

// discard is an exporter that loses the spans.
type discard struct{}

func (discard) ExportSpans(context.Context, []trace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                          { return nil }

// BenchmarkTelemetry is a call without a network, so that what is told of it
// shows beside the little that it costs.
func BenchmarkTelemetry(b *testing.B) {
	meters := otelnhncloud.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())))
	tracers := func(s trace.Sampler) otelnhncloud.Option {
		provider := trace.NewTracerProvider(trace.WithSampler(s), trace.WithBatcher(discard{}))
		b.Cleanup(func() { _ = provider.Shutdown(context.Background()) })
		return otelnhncloud.WithTracerProvider(provider)
	}
	for _, test := range []struct {
		name    string
		options []nhncloud.Option
	}{
		{"none", nil},
		{"no-providers", []nhncloud.Option{otelnhncloud.Telemetry()}},
		{"metrics", []nhncloud.Option{otelnhncloud.Telemetry(meters)}},
		{"metrics-and-spans-of-none", []nhncloud.Option{otelnhncloud.Telemetry(meters, tracers(trace.NeverSample()))}},
		{"metrics-and-all-spans", []nhncloud.Option{otelnhncloud.Telemetry(meters, tracers(trace.AlwaysSample()))}},
	} {
		b.Run(test.name, func(b *testing.B) {
			answer := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				return &http.Response{StatusCode: 200, ProtoMajor: 1, ProtoMinor: 1, Request: r, Body: io.NopCloser(strings.NewReader("{}"))}, nil
			})
			client, err := nhncloud.NewClient(nhncloud.Config{
				Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: "6cdebe3eb0094910bc41f1d42ebe4cb7",
			}, append([]nhncloud.Option{
				nhncloud.WithHTTPClient(&http.Client{Transport: answer}), nhncloud.WithTokenSource(nhncloud.StaticToken(token)),
			}, test.options...)...)
			if err != nil {
				b.Fatal(err)
			}
			request := nhncloud.Request{
				Operation: "compute-v2-get-server", Service: nhncloud.ServiceCompute, Method: "GET",
				Path: "/v2/{tenantId}/servers/{serverId}", Args: []string{"1"},
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := client.Do(context.Background(), request, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

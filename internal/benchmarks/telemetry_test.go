package benchmarks

import (
	"context"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/trace"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

// discard is an exporter that loses the spans.
type discard struct{}

func (discard) ExportSpans(context.Context, []trace.ReadOnlySpan) error { return nil }
func (discard) Shutdown(context.Context) error                          { return nil }

// telemetry is what OpenTelemetry has to do for a client.
type telemetry struct {
	name    string
	options func(testing.TB) []nhncloud.Option
}

// telemetries are nothing at all, the module without a place to send anything to,
// and the SDK of OpenTelemetry with numbers and with one span of none, ten or all
// calls in a hundred.
var telemetries = []telemetry{
	{"none", func(testing.TB) []nhncloud.Option { return nil }},
	{"no-providers", func(testing.TB) []nhncloud.Option { return []nhncloud.Option{otelnhncloud.Telemetry()} }},
	{"metrics", recording(nil)},
	{"metrics-and-spans-of-none", recording(trace.NeverSample())},
	{"metrics-and-spans-of-a-tenth", recording(trace.TraceIDRatioBased(0.1))},
	{"metrics-and-all-spans", recording(trace.AlwaysSample())},
}

func recording(sampler trace.Sampler) func(testing.TB) []nhncloud.Option {
	return func(tb testing.TB) []nhncloud.Option {
		options := []otelnhncloud.Option{otelnhncloud.WithMeterProvider(metric.NewMeterProvider(metric.WithReader(metric.NewManualReader())))}
		if sampler != nil {
			provider := trace.NewTracerProvider(trace.WithSampler(trace.ParentBased(sampler)), trace.WithBatcher(discard{}))
			tb.Cleanup(func() { _ = provider.Shutdown(context.Background()) })
			options = append(options, otelnhncloud.WithTracerProvider(provider))
		}
		return []nhncloud.Option{otelnhncloud.Telemetry(options...)}
	}
}

// newTelling returns a client that gets a server, and tells of it.
func newTelling(tb testing.TB, c *service.Cloud, options []nhncloud.Option) func() error {
	client, err := nhncloud.NewClient(nhncloud.Config{
		AuthURL: c.URL + "/v2.0", Region: nhncloud.KR1, TenantID: service.Tenant, Username: "user", Password: "password",
	}, options...)
	require.NoError(tb, err)
	servers := compute.New(client).Servers
	get := func() error {
		_, err := servers.Get(context.Background(), service.ServerID)
		return err
	}
	require.NoError(tb, get())
	return get
}

// BenchmarkTelemetry gets a server, in turns with a client that tells nothing, so
// that both see the same machine. ratio is the median of those of the turns, by
// the clock; more-cpu-µs is the processor time that telling takes, which varies
// less when the machine does other things as well.
func BenchmarkTelemetry(b *testing.B) {
	for _, t := range telemetries {
		b.Run(t.name, func(b *testing.B) {
			const turn = 50
			c := service.NewCloud(b, service.CloudOptions{})
			calls := [2]func() error{newTelling(b, c, nil), newTelling(b, c, t.options(b))}
			var ratios []float64
			var cpu [2]time.Duration
			for b.Loop() {
				var took [2]time.Duration
				for i := range calls {
					which := (i + len(ratios)) % 2
					start, before := time.Now(), processorTime(b)
					for range turn {
						if err := calls[which](); err != nil {
							b.Fatal(err)
						}
					}
					took[which] = time.Since(start)
					cpu[which] += processorTime(b) - before
				}
				ratios = append(ratios, float64(took[1])/float64(took[0]))
			}
			slices.Sort(ratios)
			calledEach := float64(len(ratios) * turn)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(ratios[len(ratios)/2], "ratio")
			b.ReportMetric(float64(cpu[0].Nanoseconds())/calledEach/1000, "cpu-µs")
			b.ReportMetric(float64((cpu[1]-cpu[0]).Nanoseconds())/calledEach/1000, "more-cpu-µs")
		})
	}
}

// processorTime is what this process has used, with all of its goroutines.
func processorTime(b *testing.B) time.Duration {
	var usage syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &usage); err != nil {
		b.Fatal(err)
	}
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// TestTelemetryAllocations holds what is told of a call to a number of
// allocations.
func TestTelemetryAllocations(t *testing.T) {
	if underRace() {
		out, err := goCommand(t, "test", "-count=1", "-run=^TestTelemetryAllocations$", ".").CombinedOutput()
		require.NoError(t, err, "without the race detector: %s", out)
		return
	}
	c := service.NewCloud(t, service.CloudOptions{})
	allocations := func(options []nhncloud.Option) float64 {
		get := newTelling(t, c, options)
		return testing.AllocsPerRun(300, func() {
			if err := get(); err != nil {
				t.Fatal(err)
			}
		})
	}
	without := allocations(nil)
	for i, budget := range []float64{0, 10, 10, 12, 16, 30} {
		got := allocations(telemetries[i].options(t)) - without
		t.Logf("%s: %.0f allocations more, %.0f allowed", telemetries[i].name, got, budget)
		require.LessOrEqual(t, got, budget, telemetries[i].name)
	}
}

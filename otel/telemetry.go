package otelnhncloud

import (
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/metric"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/semconv/v1.43.0"
	"go.opentelemetry.io/otel/trace"

	"github.com/nhncloud-go/nhncloud"
)

// ScopeName is the name of the tracer and the meter, the instrumentation scope.
const ScopeName = "github.com/nhncloud-go/nhncloud/otel"

// Option changes what [Telemetry] does.
type Option func(*settings)

type settings struct {
	tracers    trace.TracerProvider
	meters     metric.MeterProvider
	propagator propagation.TextMapPropagator
}

// WithTracerProvider has the provider make the spans, instead of the global one.
// Nil stands for that.
func WithTracerProvider(p trace.TracerProvider) Option {
	return func(s *settings) { s.tracers = p }
}

// WithMeterProvider has the provider keep the numbers, instead of the global one.
// Nil stands for that.
func WithMeterProvider(p metric.MeterProvider) Option {
	return func(s *settings) { s.meters = p }
}

// WithPropagator has the propagator add the trace, and the baggage if it does
// that, to the headers of every request, logins included. Without this option
// nothing of a trace leaves the program. The services of NHN Cloud do not
// document that they know such headers; a proxy of one's own may.
func WithPropagator(p propagation.TextMapPropagator) Option {
	return func(s *settings) { s.propagator = p }
}

// Telemetry is an option for [nhncloud.NewClient] with which the client tells
// OpenTelemetry what it does. Middleware that is given before it is around each
// span of an attempt, what is given behind it inside. Clients that
// [nhncloud.Client.With] derives tell the same, and must not be given it again.
func Telemetry(options ...Option) nhncloud.Option {
	var s settings
	for _, option := range options {
		option(&s)
	}
	if s.tracers == nil {
		s.tracers = otel.GetTracerProvider()
	}
	if s.meters == nil {
		s.meters = otel.GetMeterProvider()
	}
	t := newTelemetry(s)
	return both(nhncloud.WithCallHook(t.hook), nhncloud.WithMiddleware(t.middleware))
}

// both is two options of a client in one. What they change has a name in the SDK
// alone.
func both[S any](first, second func(S) error) func(S) error {
	return func(s S) error {
		if err := first(s); err != nil {
			return err
		}
		return second(s)
	}
}

// telemetry is what a client tells with.
type telemetry struct {
	tracer     trace.Tracer
	propagator propagation.TextMapPropagator // nil for none

	callDuration    metric.Float64Histogram
	retries         metric.Int64Counter
	attemptDuration metric.Float64Histogram
	sent, received  metric.Int64Histogram

	callNames    cache[about, *callNames]
	attemptNames cache[target, *attemptNames]
	callSets     cache[callResult, *measured]
	attemptSets  cache[attemptResult, *measured]
}

// The bounds of histograms. Those of durations are what the semantic conventions
// advise, and some for calls that wait for a service that is down.
var (
	durations = []float64{0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10, 30, 60}
	sizes     = []float64{0, 1 << 10, 8 << 10, 64 << 10, 512 << 10, 4 << 20, 32 << 20, 256 << 20, 2 << 30}
)

func newTelemetry(s settings) *telemetry {
	meter := s.meters.Meter(ScopeName, metric.WithInstrumentationVersion(nhncloud.Version), metric.WithSchemaURL(semconv.SchemaURL))
	duration := func(name, what string) metric.Float64Histogram {
		h, err := meter.Float64Histogram(name, metric.WithUnit("s"), metric.WithDescription(what), metric.WithExplicitBucketBoundaries(durations...))
		handle(err)
		return h
	}
	size := func(name, what string) metric.Int64Histogram {
		h, err := meter.Int64Histogram(name, metric.WithUnit("By"), metric.WithDescription(what), metric.WithExplicitBucketBoundaries(sizes...))
		handle(err)
		return h
	}
	retries, err := meter.Int64Counter("nhncloud.client.retries", metric.WithUnit("{attempt}"),
		metric.WithDescription("Attempts beyond the first of a call."))
	handle(err)
	return &telemetry{
		tracer: s.tracers.Tracer(ScopeName, trace.WithInstrumentationVersion(nhncloud.Version),
			trace.WithSchemaURL(semconv.SchemaURL)),
		propagator:      s.propagator,
		callDuration:    duration("nhncloud.client.call.duration", "Duration of calls, with their logins and all of their attempts."),
		retries:         retries,
		attemptDuration: duration("http.client.request.duration", "Duration of HTTP client requests."),
		sent:            size("http.client.request.body.size", "Size of HTTP client request bodies."),
		received:        size("http.client.response.body.size", "Size of HTTP client response bodies."),
	}
}

// handle tells of an instrument that can't be had, which then measures nothing.
func handle(err error) {
	if err != nil {
		otel.Handle(err)
	}
}

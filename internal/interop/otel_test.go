package interop

import (
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// The transport of OpenTelemetry is a middleware as the documentation of
// nhncloud.Middleware says: each attempt is a span.
func TestOpenTelemetry(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	otel.SetTracerProvider(trace.NewTracerProvider(trace.WithSpanProcessor(spans)))
	cloud := nhncloudtest.Start(t)
	cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-flavors-detail", Status: http.StatusServiceUnavailable, Times: 1})
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	require.NoError(t, err)

	tracing := func(next http.RoundTripper) http.RoundTripper { return otelhttp.NewTransport(next) }
	client, err := nhncloud.NewClient(config, nhncloud.WithMiddleware(tracing))
	require.NoError(t, err)
	t.Cleanup(client.CloseIdleConnections)

	flavors, err := nhncloud.Collect(compute.New(client).Flavors.All(t.Context(), nil))
	require.NoError(t, err)
	assert.NotEmpty(t, flavors)
	var got []string
	for _, span := range spans.Ended() {
		got = append(got, span.Name()+" "+span.Status().Code.String())
	}
	assert.Equal(t, []string{
		"HTTP POST " + codes.Unset.String(), "HTTP GET " + codes.Error.String(), "HTTP GET " + codes.Unset.String(),
	}, got)
}

package otelnhncloud_test

import (
	"context"
	"fmt"
	"log"
	"log/slog"
	"os"

	"go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

// A call and its attempts are spans. The spans go to an exporter in memory here,
// and the cloud is one in memory too, which fails once.
func Example() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	id := cloud.AddServers(1)[0]
	cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: 502, Times: 1})

	exporter := tracetest.NewInMemoryExporter()
	provider := trace.NewTracerProvider(trace.WithSyncer(exporter))
	client, err := newClient(cloud.LookupEnv, provider) // os.LookupEnv, in a program
	if err != nil {
		log.Fatal(err)
	}
	if _, err := compute.New(client).Servers.Get(context.Background(), id); err != nil {
		log.Fatal(err)
	}
	for _, span := range exporter.GetSpans() {
		fmt.Println(span.Name, span.Status.Code)
	}
	// Output:
	// POST identity-v2-create-token Unset
	// identity-v2-create-token Unset
	// GET compute-v2-get-server Error
	// GET compute-v2-get-server Unset
	// compute-v2-get-server Unset
}

// newClient returns a client that is traced, whose logs have the ids of the traces.
func newClient(lookup func(string) (string, bool), provider *trace.TracerProvider) (*nhncloud.Client, error) {
	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		return nil, err
	}
	logger := slog.New(otelnhncloud.LogHandler(slog.NewTextHandler(os.Stderr, nil)))
	return nhncloud.NewClient(config, nhncloud.WithLogger(logger),
		otelnhncloud.Telemetry(otelnhncloud.WithTracerProvider(provider)))
}

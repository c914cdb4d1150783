// Prometheus shows what a program asks of NHN Cloud where Prometheus fetches it:
// calls, attempts, retries, durations and bytes, by the documented operation. It
// is a module of its own: run it in its folder.
//
//	go run .              on an in-memory NHN Cloud; prints what there is to fetch
//	go run . -live        on the real one, with the account in NHNCLOUD_* or OS_*
//	go run . -for 1m      goes on for a minute: curl http://127.0.0.1:9464/metrics
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	exporter "go.opentelemetry.io/otel/exporters/prometheus"
	"go.opentelemetry.io/otel/sdk/metric"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	otelnhncloud "github.com/nhncloud-go/nhncloud/otel"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	var address string
	var last time.Duration
	return frame.Program{
		Name: "prometheus",
		Does: "shows what a program asks of NHN Cloud where Prometheus fetches it",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&address, "addr", "127.0.0.1:9464", "address of /metrics")
			flags.DurationVar(&last, "for", 0, "go on for this time")
		},
		Run: func(ctx context.Context, stage *frame.Stage) error { return run(ctx, stage, address, last) },
	}
}

func run(ctx context.Context, stage *frame.Stage, address string, last time.Duration) error {
	if stage.Cloud != nil { // which fails once, to show a retry
		stage.Cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-flavors-detail", Status: http.StatusBadGateway, Times: 1})
	}
	registry := prometheus.NewRegistry()
	reader, err := exporter.New(exporter.WithRegisterer(registry))
	if err != nil {
		return err
	}
	provider := metric.NewMeterProvider(metric.WithReader(reader))
	defer func() { _ = provider.Shutdown(context.WithoutCancel(ctx)) }()
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = server.Serve(listener) }()
	defer func() { _ = server.Close() }()

	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, otelnhncloud.Telemetry(otelnhncloud.WithMeterProvider(provider)))
	if err != nil {
		return err
	}
	defer client.CloseIdleConnections()
	for end := time.Now().Add(last); ; {
		if _, err := nhncloud.Collect(compute.New(client).Flavors.All(ctx, nil)); err != nil {
			return err
		}
		if time.Now().After(end) {
			break
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
	return show(ctx, stage, "http://"+listener.Addr().String()+"/metrics")
}

// show prints what Prometheus would fetch, without the buckets of histograms.
func show(ctx context.Context, stage *frame.Stage, url string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(request)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(text)) {
		if !strings.HasPrefix(line, "#") && !strings.Contains(line, "_bucket{") {
			fmt.Fprint(stage.Out, line)
		}
	}
	return nil
}

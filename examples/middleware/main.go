// Middleware counts and times every attempt by operation, as one would for a
// metrics library, and adds a header. Any function that makes one
// http.RoundTripper of another fits. That of OpenTelemetry has options besides:
//
//	tracing := func(next http.RoundTripper) http.RoundTripper { return otelhttp.NewTransport(next) }
//	client, err := nhncloud.NewClient(config, nhncloud.WithMiddleware(tracing))
//
//	go run ./examples/middleware          on an in-memory NHN Cloud
//	go run ./examples/middleware -live    on the real one, with the account in NHNCLOUD_* or OS_*
package main

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	frame.Main(frame.Program{Name: "middleware", Does: "counts and times every attempt by operation", Run: run})
}

func run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil { // which fails once, to show a second attempt
		stage.Cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-flavors-detail", Status: http.StatusBadGateway, Times: 1})
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config,
		nhncloud.WithMiddleware(measure, tag),
		nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Millisecond}))
	if err != nil {
		return err
	}
	flavors, err := nhncloud.Collect(compute.New(client).Flavors.All(ctx, nil))
	if err != nil {
		return err
	}
	fmt.Printf("%d flavors.\n", len(flavors))
	return nil
}

// measure sees each attempt with the call that it belongs to.
func measure(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		start := time.Now()
		resp, err := next.RoundTrip(r)
		call, _ := nhncloud.CallFromContext(r.Context())
		status := "no answer"
		if err == nil {
			status = resp.Status
		}
		fmt.Printf("%-32s attempt %d: %s after %v\n", call.Operation, call.Attempt, status, time.Since(start).Round(time.Millisecond))
		return resp, err
	})
}

// tag adds a header, to a copy of the request.
func tag(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		r = r.Clone(r.Context())
		r.Header.Set("X-Team", "billing")
		return next.RoundTrip(r)
	})
}

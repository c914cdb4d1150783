// Middleware counts and times every attempt by operation, as one would for a
// metrics library, and adds a header. Any function that makes one
// http.RoundTripper of another fits, otelhttp.NewTransport for one.
//
//	go run ./examples/middleware
package main

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-flavors-detail", Status: http.StatusBadGateway, Times: 1})
	if err := run(context.Background(), cloud.LookupEnv); err != nil {
		fmt.Fprintln(os.Stderr, "middleware:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, lookup func(string) (string, bool)) error {
	config, err := nhncloud.ConfigFrom(lookup)
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

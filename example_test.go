package nhncloud_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// newExampleClient returns a client of an in-memory cloud. A program passes
// os.LookupEnv, or calls nhncloud.ConfigFromEnv.
func newExampleClient(lookup func(string) (string, bool), options ...nhncloud.Option) *nhncloud.Client {
	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config, options...)
	if err != nil {
		log.Fatal(err)
	}
	return client
}

func Example() {
	cloud := nhncloudtest.NewServer() // an NHN Cloud in memory
	defer cloud.Close()

	config, err := nhncloud.ConfigFrom(cloud.LookupEnv) // for the real one: ConfigFromEnv
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	zones, err := compute.New(client).Zones.List(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	for _, zone := range zones {
		fmt.Println(zone.Name)
	}
	// Output:
	// kr-pub-a
	// kr-pub-b
}

func ExampleNewClient_incomplete() {
	_, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Username: "user@example.com"})
	fmt.Println(err)
	// Output:
	// nhncloud: Config is not usable: Password is missing (the API password, which is not that of the console); Region is missing (such as KR1); TenantID is missing (see Compute > Instance > Set API Endpoint in the console; or AppKey, for the v1.0 API alone)
}

func ExampleError() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := newExampleClient(cloud.LookupEnv)

	_, err := compute.New(client).Servers.Get(context.Background(), "no-such-server")
	fmt.Println(errors.Is(err, nhncloud.ErrNotFound))
	var e *nhncloud.Error
	if errors.As(err, &e) {
		fmt.Println(e.Operation, e.StatusCode, e.Code)
		fmt.Println(e.Message)
	}
	// Output:
	// true
	// compute-v2-get-server 404 itemNotFound
	// Instance no-such-server could not be found.
}

func ExampleFetch() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := newExampleClient(cloud.LookupEnv)

	// A call that the SDK has no method for.
	flavors, err := compute.New(client).Flavors.List(context.Background(), nil)
	if err != nil {
		log.Fatal(err)
	}
	specs, err := nhncloud.Fetch[map[string]string](context.Background(), client, nhncloud.Request{
		Operation:   "compute-v2-list-extra-specs", // of OpenStack, not documented by NHN Cloud
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/flavors/{flavorId}/os-extra_specs",
		Args:        []string{flavors[0].ID},
		ResponseKey: "extra_specs",
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(*specs)
	// Output:
	// map[flavor_type:memory]
}

func ExampleContextWithRetry() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := newExampleClient(cloud.LookupEnv)
	down := cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-availability-zones", Status: http.StatusServiceUnavailable})

	ctx := nhncloud.ContextWithRetry(context.Background(), nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Millisecond})
	_, err := compute.New(client).Zones.List(ctx)
	fmt.Println(errors.Is(err, nhncloud.ErrUnavailable), down.Fired())

	_, err = compute.New(client).Zones.List(nhncloud.ContextWithRetry(ctx, nhncloud.NoRetry))
	fmt.Println(errors.Is(err, nhncloud.ErrUnavailable), down.Fired())
	// Output:
	// true 3
	// true 4
}

func ExampleWithMiddleware() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	logCalls := func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			resp, err := next.RoundTrip(r)
			if call, ok := nhncloud.CallFromContext(r.Context()); ok && err == nil {
				fmt.Println(call.Operation, call.Attempt, resp.StatusCode)
			}
			return resp, err
		})
	}
	client := newExampleClient(cloud.LookupEnv, nhncloud.WithMiddleware(logCalls))
	if _, err := compute.New(client).Zones.List(context.Background()); err != nil {
		log.Fatal(err)
	}
	// Output:
	// identity-v2-create-token 1 200
	// compute-v2-list-availability-zones 1 200
}

func ExampleCaptureResponse() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	client := newExampleClient(cloud.LookupEnv)

	var response nhncloud.Response
	ctx := nhncloud.CaptureResponse(context.Background(), &response)
	if _, err := compute.New(client).Zones.List(ctx); err != nil {
		log.Fatal(err)
	}
	fmt.Println(response.StatusCode, response.Attempts, response.RequestID != "")
	// Output:
	// 200 1 true
}

func ExampleClient_With() {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithRegions("KR1", "KR2"))
	defer cloud.Close()
	pangyo := newExampleClient(cloud.LookupEnv)

	// A client for another region shares connections and tokens.
	pyeongchon, err := pangyo.With(nhncloud.WithRegion(nhncloud.KR2))
	if err != nil {
		log.Fatal(err)
	}
	for _, client := range []*nhncloud.Client{pangyo, pyeongchon} {
		zones, err := compute.New(client).Zones.List(context.Background())
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(client.Config().Region, zones[0].Name)
	}
	fmt.Println(cloud.Logins(), "login")
	// Output:
	// KR1 kr-pub-a
	// KR2 kr2-pub-a
	// 1 login
}

func ExampleWait() {
	progress := 0
	look := func(context.Context) (int, error) {
		progress += 40
		return progress, nil
	}
	options := &nhncloud.WaitOptions{
		Interval: time.Millisecond,
		Progress: func(p nhncloud.WaitProgress) { fmt.Println(p.Look, p.Status) },
	}
	_, err := nhncloud.Wait(context.Background(), options, look, func(percent int) nhncloud.WaitStatus {
		return nhncloud.WaitStatus{Status: fmt.Sprintf("%d %%", percent), Done: percent >= 100}
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// 1 40 %
	// 2 80 %
	// 3 120 %
}

// Httpclient sends everything through an http.Client of the program's own,
// here one with a proxy and its own limits.
//
//	go run ./examples/httpclient
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	proxy := newProxy()
	defer proxy.Close()
	if err := run(context.Background(), cloud.LookupEnv, proxy.URL); err != nil {
		fmt.Fprintln(os.Stderr, "httpclient:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, lookup func(string) (string, bool), proxy string) error {
	proxyURL, err := url.Parse(proxy)
	if err != nil {
		return err
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = http.ProxyURL(proxyURL)
	transport.MaxIdleConnsPerHost = 32 // the standard 2 make busy programs dial again and again
	transport.ResponseHeaderTimeout = time.Minute
	defer transport.CloseIdleConnections()

	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	if err != nil {
		return err
	}
	zones, err := compute.New(client).Zones.List(ctx)
	if err != nil {
		return err
	}
	for _, zone := range zones {
		fmt.Printf("Zone %s is available: %t.\n", zone.Name, zone.State.Available)
	}
	return nil
}

// newProxy is a small proxy for plain http, so that the example has one.
func newProxy() *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Printf("proxy: %s %s\n", r.Method, r.URL.Path)
		out := r.Clone(r.Context())
		out.RequestURI = ""
		resp, err := http.DefaultTransport.RoundTrip(out)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		defer func() { _ = resp.Body.Close() }()
		for name, values := range resp.Header {
			w.Header()[name] = values
		}
		w.WriteHeader(resp.StatusCode)
		_, _ = io.Copy(w, resp.Body)
	}))
}

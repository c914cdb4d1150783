// Httpclient sends everything through an http.Client of the program's own,
// here one with a proxy and its own limits.
//
//	go run ./examples/httpclient          on an in-memory NHN Cloud, by a proxy that it starts
//	go run ./examples/httpclient -live    on the real one, with the account in NHNCLOUD_* or OS_*,
//	                                      by the proxy in HTTPS_PROXY
package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

func main() {
	frame.Main(frame.Program{Name: "httpclient", Does: "sends everything through an http.Client of the program's own", Run: run})
}

func run(ctx context.Context, stage *frame.Stage) error {
	proxy := http.ProxyFromEnvironment // HTTPS_PROXY and NO_PROXY
	if stage.Cloud != nil {
		own := newProxy()
		defer own.Close()
		proxyURL, err := url.Parse(own.URL)
		if err != nil {
			return err
		}
		proxy = http.ProxyURL(proxyURL)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	transport.Proxy = proxy
	transport.MaxIdleConnsPerHost = 32 // the standard 2 make busy programs dial again and again
	transport.ResponseHeaderTimeout = time.Minute
	defer transport.CloseIdleConnections()

	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
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

// newProxy is a small proxy for plain http, so that the in-memory cloud has one.
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

package main

import (
	"context"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// place is where objects go.
type place struct{ Name, URL, Token string }

// serve is an in-memory cloud that ends with its input.
func serve(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("serve", flag.ContinueOnError)
	latency := flags.Duration("latency", 5*time.Millisecond, "what every answer takes longer")
	dir := flags.String("dir", "", "where large objects go")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cloud, err := nhncloudtest.Listen(nhncloudtest.WithObjectDir(*dir))
	if err != nil {
		return err
	}
	defer cloud.Close()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		return err
	}
	config.TenantID = config.ObjectStorageTenantID // which the token is for
	client, err := nhncloud.NewClient(config)
	if err != nil {
		return err
	}
	token, err := client.Token(ctx)
	if err != nil {
		return err
	}
	if *latency > 0 {
		cloud.Inject(nhncloudtest.Fault{Path: "/object-store/", Delay: *latency})
	}
	err = json.NewEncoder(os.Stdout).Encode(place{"in-memory cloud, " + latency.String() + " more an answer", cloud.ObjectStorageURL(), string(token.ID)})
	if err != nil {
		return err
	}
	_, err = io.Copy(io.Discard, os.Stdin)
	return err
}

// startCloud starts serve in a process of its own.
func startCloud(latency time.Duration, dir string) (there place, stop func(), err error) {
	program, err := os.Executable()
	if err != nil {
		return place{}, nil, err
	}
	cmd := exec.Command(program, "serve", "-latency", latency.String(), "-dir", dir)
	in, err := cmd.StdinPipe()
	if err != nil {
		return place{}, nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return place{}, nil, err
	}
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return place{}, nil, err
	}
	err = json.NewDecoder(out).Decode(&there)
	return there, func() { _ = in.Close(); _ = cmd.Wait() }, err
}

// swift is the one that the environment names, as for the tests of
// internal/integration/swift.
func swift(ctx context.Context) (place, error) {
	there := place{Name: "Swift", URL: strings.TrimSuffix(os.Getenv("NHNCLOUD_SWIFT_URL"), "/"), Token: os.Getenv("NHNCLOUD_SWIFT_TOKEN")}
	if there.Token != "" {
		return there, nil
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, os.Getenv("NHNCLOUD_SWIFT_AUTH_URL"), nil)
	if err != nil {
		return place{}, err
	}
	r.Header.Set("X-Auth-User", os.Getenv("NHNCLOUD_SWIFT_USER"))
	r.Header.Set("X-Auth-Key", os.Getenv("NHNCLOUD_SWIFT_KEY"))
	resp, err := http.DefaultClient.Do(r)
	if err != nil {
		return place{}, err
	}
	defer resp.Body.Close()
	there.Token = resp.Header.Get("X-Auth-Token")
	return there, nil
}

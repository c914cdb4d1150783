// Listing walks all servers page by page, with and without a filter, and stops
// early without fetching the rest.
//
//	go run ./examples/listing          on an in-memory NHN Cloud
//	go run ./examples/listing -live    on the real one, with the account in NHNCLOUD_* or OS_*
package main

import (
	"context"
	"fmt"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

func main() {
	frame.Main(frame.Program{Name: "listing", Does: "walks servers and flavors page by page", Run: run})
}

func run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Cloud.AddServers(250)
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		return err
	}
	servers := compute.New(client).Servers

	// All servers, however many pages that takes.
	running := 0
	for server, err := range servers.All(ctx, nil) {
		if err != nil {
			return err
		}
		if server.Status == compute.StatusActive {
			running++
		}
	}
	fmt.Printf("%d servers are running.\n", running)

	// The first three with a filter; no further page is fetched.
	found := 0
	for server, err := range servers.All(ctx, &compute.ServerListOptions{Status: compute.StatusActive, Limit: 10}) {
		if err != nil {
			return err
		}
		fmt.Printf("%s %s\n", server.ID, server.Name)
		if found++; found == 3 {
			break
		}
	}

	// All at once, as a slice.
	flavors, err := nhncloud.Collect(compute.New(client).Flavors.All(ctx, &compute.FlavorListOptions{MinRAM: 4096}))
	if err != nil {
		return err
	}
	fmt.Printf("%d flavors have 4 GB or more.\n", len(flavors))
	return nil
}

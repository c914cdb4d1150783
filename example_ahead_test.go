package nhncloud_test

import (
	"context"
	"fmt"
	"iter"
	"log"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// While the loop works on one page of servers, the next one comes.
func ExampleReadAhead() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	cloud.AddServers(250)
	servers := compute.New(newExampleClient(cloud.LookupEnv)).Servers

	active := 0
	for server, err := range nhncloud.ReadAhead(servers.All(ctx, nil), 100) {
		if err != nil {
			log.Fatal(err)
		}
		if server.Status == compute.StatusActive { // and what else takes time
			active++
		}
	}
	fmt.Println(active, "servers are active")
	// Output: 250 servers are active
}

// A loop that may end early cancels the page that is on its way then.
func ExampleReadAheadContext() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer()
	defer cloud.Close()
	cloud.AddServers(250)
	servers := compute.New(newExampleClient(cloud.LookupEnv)).Servers

	all := func(ctx context.Context) iter.Seq2[*compute.Server, error] { return servers.All(ctx, nil) }
	for server, err := range nhncloud.ReadAheadContext(ctx, all, 100) {
		if err != nil {
			log.Fatal(err)
		}
		if server.Status == compute.StatusActive {
			fmt.Println("one is", server.Status)
			break
		}
	}
	// Output: one is ACTIVE
}

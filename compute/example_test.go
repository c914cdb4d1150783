package compute_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// All servers, however many pages there are.
func ExampleServersService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	cloud.AddServers(250)

	running := 0
	for server, err := range compute.New(client).Servers.All(ctx, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if server.Status == compute.StatusActive {
			running++
		}
	}
	fmt.Println(running, "servers are running")
	// Output: 250 servers are running
}

// A server as the console creates one. Whether it boots from a volume or from a
// local disk follows from its flavor.
func ExampleServersService_CreateSimple() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers

	created, err := servers.CreateSimple(ctx, compute.SimpleServer{
		Name:     "web",
		ImageID:  cloud.ImageID("Ubuntu Server 24.04"),
		FlavorID: cloud.FlavorID("m2.c2m4"),
		SubnetID: cloud.SubnetID(),
		KeyName:  "deploy",
	})
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	server, err := servers.WaitForStatus(ctx, created.ID, compute.StatusActive, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Name, server.Status)
	// Output: web ACTIVE
}

// A waiter tells on the way what it sees, and ends at once when the server
// fails.
func ExampleServersService_WaitForStatus() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers
	id := cloud.AddServers(1)[0]

	if err := servers.Stop(ctx, id); err != nil {
		log.Fatal(err)
	}
	server, err := servers.WaitForStatus(ctx, id, compute.StatusShutoff, &nhncloud.WaitOptions{
		Interval: 2 * time.Second,
		Progress: func(p nhncloud.WaitProgress) { fmt.Printf("look %d: %s\n", p.Look, p.Status) },
	})
	switch {
	case errors.Is(err, nhncloud.ErrFailedState):
		log.Fatal("the server broke: ", err)
	case err != nil:
		log.Fatal(err)
	}
	fmt.Println(server.Name, server.Status)
	// Output:
	// look 1: SHUTOFF
	// server-1 SHUTOFF
}

// Images by their properties, such as the system.
func ExampleImagesService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	images := compute.New(client).Images.All(ctx, &compute.ImageListOptions{
		Visibility: compute.ImagePublic,
		SortKey:    "name",
		SortDir:    "asc",
		Properties: map[string]string{"os_distro": "ubuntu"},
	})
	for image, err := range images {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(image.Name, image.Property("login_username"))
	}
	// Output:
	// Ubuntu Server 22.04.5 LTS (2025.11.18) ubuntu
	// Ubuntu Server 24.04.3 LTS (2025.11.18) ubuntu
}

// A flavor by its name, because servers are created with its id.
func ExampleFlavorsService_All() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	for flavor, err := range compute.New(client).Flavors.All(ctx, nil) {
		if err != nil {
			log.Fatal(err)
		}
		if flavor.Name == "m2.c2m4" {
			fmt.Printf("%d vCPUs, %d MB, local disk: %t\n", flavor.VCPUs, flavor.RAM, flavor.HasLocalDisk())
			break
		}
	}
	// Output: 2 vCPUs, 4096 MB, local disk: false
}

// start returns an in-memory cloud in place of the real one, in which changes
// take no time, and a client of it. There is a key pair "deploy".
func start() (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(0), nhncloudtest.WithEd25519Keys())
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	if _, err := keypair.New(client).KeyPairs.Create(context.Background(), "deploy"); err != nil {
		log.Fatal(err)
	}
	return cloud, client
}

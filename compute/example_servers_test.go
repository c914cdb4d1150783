package compute_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/nhncloud-go/nhncloud"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/compute"
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

// Many servers take no more requests than one. One that fails leaves the others
// alone.
func ExampleServersService_WaitForStatusAll() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers
	ids := cloud.AddServers(100)

	for _, id := range ids {
		if err := servers.Stop(ctx, id); err != nil {
			log.Fatal(err)
		}
	}
	if err := cloud.SetServerStatus(ids[7], "ERROR"); err != nil {
		log.Fatal(err)
	}
	results, err := servers.WaitForStatusAll(ctx, ids, compute.StatusShutoff, &nhncloud.WaitOptions{
		Progress: func(p nhncloud.WaitProgress) { fmt.Printf("%s: %s\n", p.Resource, p.Status) },
	})
	for _, result := range results {
		if result.Err != nil {
			fmt.Println(result.Value.Name, "is", result.Value.Status)
		}
	}
	fmt.Println("one broke:", errors.Is(err, nhncloud.ErrFailedState))
	// Output:
	// 100 servers: ERROR 1, SHUTOFF 99
	// server-8 is ERROR
	// one broke: true
}

// A server with all there is to say: a root volume of an image, an empty volume
// beside it, and a script for the first boot.
func ExampleServersService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers

	created, err := servers.Create(ctx, compute.ServerCreateRequest{
		Name:             "db",
		FlavorID:         cloud.FlavorID("m2.c2m4"),
		KeyName:          "deploy",
		Networks:         []compute.ServerNetwork{{SubnetID: cloud.SubnetID()}},
		AvailabilityZone: "kr-pub-a",
		BlockDevices: []compute.BlockDevice{
			{
				SourceType:          compute.SourceImage,
				UUID:                cloud.ImageID("Ubuntu Server 24.04"),
				BootIndex:           0,
				DestinationType:     compute.DestinationVolume,
				VolumeSize:          50,
				DeleteOnTermination: true,
			},
			{
				SourceType:      compute.SourceBlank,
				BootIndex:       -1,
				DestinationType: compute.DestinationVolume,
				VolumeType:      "General SSD",
				VolumeSize:      200,
			},
		},
		SecurityGroups: []string{"default"},
		UserData:       "#!/bin/sh\nmkfs.ext4 /dev/vdb\n",
		Metadata:       map[string]string{"role": "db"},
	})
	if err != nil {
		log.Fatal(err)
	}
	server, err := servers.WaitForStatus(ctx, created.ID, compute.StatusActive, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Name, server.AvailabilityZone, len(server.VolumesAttached), "volumes", server.Metadata["role"])
	// Output: db kr-pub-a 2 volumes db
}

// All that is missing in a request is named at once, and nothing is sent.
func ExampleServersService_Create_incomplete() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	_, err := compute.New(client).Servers.Create(ctx, compute.ServerCreateRequest{Name: "db", ImageID: cloud.ImageID("Ubuntu Server 24.04")})
	fmt.Println(err)
	fmt.Println(errors.Is(err, nhncloud.ErrInvalidArgument))
	// Output:
	// nhncloud: compute-v2-create-server: FlavorID must not be empty; KeyName must not be empty; Networks must not be empty
	// true
}

// Three servers in one call. Their reservation finds them all.
func ExampleServersService_CreateReserved() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers

	reservation, err := servers.CreateReserved(ctx, compute.ServerCreateRequest{
		Name:     "worker",
		FlavorID: cloud.FlavorID("u2.c1m1"), // has a local disk, so that there is no block device
		ImageID:  cloud.ImageID("Ubuntu Server 24.04"),
		KeyName:  "deploy",
		Networks: []compute.ServerNetwork{{SubnetID: cloud.SubnetID()}},
		MinCount: 3,
		MaxCount: 3,
	})
	if err != nil {
		log.Fatal(err)
	}
	for server, err := range servers.All(ctx, &compute.ServerListOptions{ReservationID: reservation}) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(server.Name)
	}
	// Unordered output:
	// worker-1
	// worker-2
	// worker-3
}

// Servers by their status and name, of which the latter is a regular expression.
func ExampleServersService_List() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	cloud.AddServers(12)

	servers, err := compute.New(client).Servers.List(ctx, &compute.ServerListOptions{Status: compute.StatusActive, Name: "^server-1", Limit: 10})
	if err != nil {
		log.Fatal(err)
	}
	for _, server := range servers {
		fmt.Println(server.Name)
	}
	// Unordered output:
	// server-1
	// server-10
	// server-11
	// server-12
}

// The addresses of a server, which come by network.
func ExampleServersService_Get() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	id := cloud.AddServers(1)[0]

	server, err := compute.New(client).Servers.Get(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	for network, addresses := range server.Addresses {
		for _, address := range addresses {
			fmt.Println(network, address.Addr, address.Type)
		}
	}
	// Output: Default Network 192.168.0.2 fixed
}

// A larger flavor. The server is restarted for it.
func ExampleServersService_Resize() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers
	id := cloud.AddServers(1)[0]

	larger := cloud.FlavorID("u2.c2m4")
	if err := servers.Resize(ctx, id, larger); err != nil {
		log.Fatal(err)
	}
	server, err := servers.WaitForResize(ctx, id, larger, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(server.Name, server.Status, server.Flavor.ID == larger)
	// Output: server-1 ACTIVE true
}

// A server is gone some time after the call to delete it.
func ExampleServersService_Delete() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	servers := compute.New(client).Servers
	id := cloud.AddServers(1)[0]

	if err := servers.Delete(ctx, id); err != nil {
		log.Fatal(err)
	}
	if err := servers.WaitForDeletion(ctx, id, nil); err != nil {
		log.Fatal(err)
	}
	_, err := servers.Get(ctx, id)
	fmt.Println("gone:", errors.Is(err, nhncloud.ErrNotFound))
	// Output: gone: true
}

func ExampleMetadataService_Set() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	metadata := compute.New(client).Metadata
	id := cloud.AddServers(1)[0]

	if _, err := metadata.Set(ctx, id, "role", "web"); err != nil {
		log.Fatal(err)
	}
	all, err := metadata.List(ctx, id)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(all["role"])
	// Output: web
}

// A volume for a server, made in the zone of the server.
func ExampleVolumeAttachmentsService_Attach() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	c, volumes := compute.New(client), blockstoragev1.New(client).Volumes

	server, err := c.Servers.Get(ctx, cloud.AddServers(1)[0])
	if err != nil {
		log.Fatal(err)
	}
	volume, err := volumes.Create(ctx, blockstoragev1.VolumeCreateRequest{Name: "data", AvailabilityZone: server.AvailabilityZone, Size: 100})
	if err != nil {
		log.Fatal(err)
	}
	if _, err := volumes.WaitForStatus(ctx, volume.ID, blockstoragev1.StatusAvailable, nil); err != nil {
		log.Fatal(err)
	}
	if _, err := c.VolumeAttachments.Attach(ctx, server.ID, volume.ID); err != nil {
		log.Fatal(err)
	}
	for attachment, err := range c.VolumeAttachments.All(ctx, server.ID) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(attachment.Device, attachment.VolumeID == volume.ID)
	}

	if err := c.VolumeAttachments.Detach(ctx, server.ID, volume.ID); err != nil {
		log.Fatal(err)
	}
	if err := c.VolumeAttachments.WaitForDetach(ctx, server.ID, volume.ID, nil); err != nil {
		log.Fatal(err)
	}
	// Output: /dev/vdb true
}

// Two servers that are never on the same host.
func ExampleServerGroupsService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	c := compute.New(client)

	group, err := c.ServerGroups.Create(ctx, compute.ServerGroupCreateRequest{Name: "db"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = c.Servers.CreateReserved(ctx, compute.ServerCreateRequest{
		Name:          "db",
		FlavorID:      cloud.FlavorID("u2.c1m1"),
		ImageID:       cloud.ImageID("Ubuntu Server 24.04"),
		KeyName:       "deploy",
		Networks:      []compute.ServerNetwork{{SubnetID: cloud.SubnetID()}},
		ServerGroupID: group.ID,
		MinCount:      2,
		MaxCount:      2,
	})
	if err != nil {
		log.Fatal(err)
	}
	group, err = c.ServerGroups.Get(ctx, group.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(group.Policies, len(group.Members), "servers")
	// Output: [anti-affinity] 2 servers
}

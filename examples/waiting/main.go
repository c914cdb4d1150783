// Waiting creates servers and waits for all of them with progress and a deadline,
// one listing a look. It stops one and waits for that one; then it shows what a
// server that fails looks like to a waiter.
//
//	go run ./examples/waiting                                              on an in-memory NHN Cloud
//	go run ./examples/waiting -live -image ID -flavor ID -subnet ID        on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it creates resources that cost money, and asks first.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	var request compute.SimpleServer
	return frame.Program{
		Name:  "waiting",
		Does:  "creates servers and waits for one, and for all of them, with progress and a deadline",
		Makes: "three servers and a key pair",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&request.ImageID, "image", "", "with -live: id of the image")
			flags.StringVar(&request.FlavorID, "flavor", "", "with -live: id of the flavor")
			flags.StringVar(&request.SubnetID, "subnet", "", "with -live: id of the subnet")
		},
		Cloud: []nhncloudtest.Option{nhncloudtest.WithTransition(200 * time.Millisecond)},
		Run:   func(ctx context.Context, stage *frame.Stage) error { return run(ctx, stage, request) },
	}
}

func run(ctx context.Context, stage *frame.Stage, request compute.SimpleServer) error {
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		return err
	}
	if cloud := stage.Cloud; cloud != nil {
		request.ImageID, request.FlavorID, request.SubnetID = cloud.ImageID("Ubuntu"), cloud.FlavorID("m2.c2m4"), cloud.SubnetID()
	}
	if request.ImageID == "" || request.FlavorID == "" || request.SubnetID == "" {
		return errors.New("-live needs -image, -flavor and -subnet")
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	request.Name = "waiting-" + time.Now().UTC().Format("20060102-150405")
	request.KeyName = request.Name

	pairs := keypair.New(client).KeyPairs
	making := stage.Making(ctx, "key pair "+request.KeyName)
	if _, err := pairs.Create(making.Context, request.KeyName); err != nil {
		return making.Failed(err)
	}
	making.Made("key pair "+request.KeyName, func(ctx context.Context) error { return pairs.Delete(ctx, request.KeyName) })

	servers := compute.New(client).Servers
	var ids []string
	for i := range 3 {
		request.Name = fmt.Sprintf("%s-%d", request.KeyName, i+1)
		making := stage.Making(ctx, "server "+request.Name)
		created, err := servers.CreateSimple(making.Context, request)
		if err != nil {
			return making.Failed(err)
		}
		making.Made("server "+created.ID, func(ctx context.Context) error {
			if err := servers.Delete(ctx, created.ID); err != nil {
				return err
			}
			return servers.WaitForDeletion(ctx, created.ID, nil)
		})
		ids = append(ids, created.ID)
	}

	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	// Many take no more requests than one: each look is one listing.
	results, err := servers.WaitForStatusAll(limited, ids, compute.StatusActive, &nhncloud.WaitOptions{
		Progress: func(p nhncloud.WaitProgress) { fmt.Printf("look %d: %s: %s\n", p.Look, p.Resource, p.Status) },
	})
	for _, result := range results {
		if result.Err == nil {
			fmt.Printf("%s is %s.\n", result.Value.Name, result.Value.Status)
		}
	}
	if err != nil {
		return err
	}

	if err := servers.Stop(ctx, ids[0]); err != nil {
		return err
	}
	options := &nhncloud.WaitOptions{
		Progress: func(p nhncloud.WaitProgress) { fmt.Printf("look %d: %s\n", p.Look, p.Status) },
	}
	server, err := servers.WaitForStatus(limited, ids[0], compute.StatusShutoff, options)
	if err != nil {
		return err
	}
	fmt.Printf("%s is %s.\n", server.Name, server.Status)

	if stage.Cloud == nil {
		return nil // the real cloud makes no server fail on demand
	}
	if err := stage.Cloud.SetServerStatus(server.ID, string(compute.StatusError)); err != nil {
		return err
	}
	_, err = servers.WaitForStatus(limited, server.ID, compute.StatusActive, options)
	if !errors.Is(err, nhncloud.ErrFailedState) {
		return err
	}
	fmt.Println("As expected:", err)
	return nil
}

// Waiting creates a server and waits for it with progress and a deadline; then
// it shows what a server that fails looks like to a waiter.
//
//	go run ./examples/waiting
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	cloud := nhncloudtest.NewServer(nhncloudtest.WithTransition(200 * time.Millisecond))
	defer cloud.Close()
	if err := run(context.Background(), cloud); err != nil {
		fmt.Fprintln(os.Stderr, "waiting:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, cloud *nhncloudtest.Server) error {
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		return err
	}
	servers := compute.New(client).Servers
	if _, err := keypair.New(client).KeyPairs.Create(ctx, "deploy"); err != nil {
		return err
	}
	created, err := servers.CreateSimple(ctx, compute.SimpleServer{
		Name:     "web-1",
		ImageID:  cloud.ImageID("Ubuntu"),
		FlavorID: cloud.FlavorID("m2.c2m4"),
		SubnetID: cloud.SubnetID(),
		KeyName:  "deploy",
	})
	if err != nil {
		return err
	}

	// The real cloud takes minutes: leave the intervals at their defaults there.
	options := &nhncloud.WaitOptions{
		Interval: 50 * time.Millisecond,
		Progress: func(p nhncloud.WaitProgress) { fmt.Printf("look %d: %s\n", p.Look, p.Status) },
	}
	limited, cancel := context.WithTimeout(ctx, 10*time.Minute)
	defer cancel()
	server, err := servers.WaitForStatus(limited, created.ID, compute.StatusActive, options)
	if err != nil {
		return err
	}
	fmt.Printf("%s is %s.\n", server.Name, server.Status)

	if err := cloud.SetServerStatus(server.ID, string(compute.StatusError)); err != nil {
		return err
	}
	_, err = servers.WaitForStatus(limited, server.ID, compute.StatusShutoff, options)
	if !errors.Is(err, nhncloud.ErrFailedState) {
		return err
	}
	fmt.Println("As expected:", err)
	return nil
}

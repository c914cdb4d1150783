// Hello lists the servers of a project. It is the smallest program that does
// something useful with the SDK, and is built to see what the SDK adds to a
// program: its size and its dependencies.
package main

import (
	"context"
	"fmt"
	"log"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
)

func main() {
	config, err := nhncloud.ConfigFromEnv()
	if err != nil {
		log.Fatal(err)
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	for server, err := range compute.New(client).Servers.All(context.Background(), nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(server.ID, server.Name, server.Status)
	}
}

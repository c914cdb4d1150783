package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// keyPairName is the key pair that the cloud in memory begins with.
const keyPairName = "my-keypair"

// addKeyPairs makes a key pair in each region of a cloud in memory: instances need
// one, and the gateway has no endpoint to make it.
func addKeyPairs(ctx context.Context, memory *nhncloudtest.Server, regions []string) error {
	for _, region := range regions {
		client, err := nhncloud.NewClient(nhncloud.Config{
			AuthURL: memory.AuthURL(), Region: nhncloud.Region(strings.ToUpper(region)),
			TenantID: memory.TenantID, Username: memory.Username, Password: nhncloud.Secret(memory.Password),
		})
		if err != nil {
			return err
		}
		if _, err := keypair.New(client).KeyPairs.Create(ctx, keyPairName); err != nil {
			return fmt.Errorf("make a key pair in %s: %w", region, err)
		}
	}
	return nil
}

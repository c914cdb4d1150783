// Package keypair calls the key pair operations of NHN Cloud (API v2). Key
// pairs belong to the user, not to the project.
//
// This program creates a key pair and keeps its private key in a file that ssh
// accepts, with the account in the environment:
//
//	package main
//
//	import (
//		"context"
//		"errors"
//		"fmt"
//		"log"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/keypair"
//	)
//
//	func main() {
//		config, err := nhncloud.ConfigFromEnv()
//		if err != nil {
//			log.Fatal(err)
//		}
//		client, err := nhncloud.NewClient(config)
//		if err != nil {
//			log.Fatal(err)
//		}
//		ctx := context.Background()
//		pairs := keypair.New(client).KeyPairs
//		pair, err := pairs.Create(ctx, "deploy")
//		if err != nil {
//			log.Fatal(err)
//		}
//		if err := pair.SavePrivateKey("deploy.pem"); err != nil {
//			log.Fatal(errors.Join(err, pairs.Delete(ctx, pair.Name))) // nobody has its private key
//		}
//		fmt.Println(pair.Name, pair.Fingerprint)
//	}
package keypair

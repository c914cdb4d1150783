// Package keypairv1 calls the key pair operations of NHN Cloud (API v1.0). The
// v1.0 API serves the regions of Korea alone, and needs
// [nhncloud.Config.AppKey].
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
//		keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
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
//		pairs := keypairv1.New(client).KeyPairs
//		pair, err := pairs.Create(ctx, "deploy")
//		if err != nil {
//			log.Fatal(err)
//		}
//		if err := pair.SavePrivateKey("deploy.pem"); err != nil {
//			log.Fatal(errors.Join(err, pairs.Delete(ctx, pair.Name))) // nobody has its private key
//		}
//		fmt.Println(pair.Name, pair.Fingerprint)
//	}
package keypairv1

package keypairv1_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// A new key pair, with its private key in a file that ssh accepts.
func ExampleKeyPairsService_Create() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithEd25519Keys())
	defer cloud.Close()
	client := testclient.New(cloud)
	folder, err := os.MkdirTemp("", "keys")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	pair, err := keypairv1.New(client).KeyPairs.Create(ctx, "deploy")
	if err != nil {
		log.Fatal(err)
	}
	file := filepath.Join(folder, "deploy.pem")
	if err := pair.SavePrivateKey(file); err != nil { // there is no second chance
		log.Fatal(err)
	}
	info, err := os.Stat(file)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pair.Name, pair.PrivateKey)
	fmt.Println(info.Name(), info.Mode())
	// Output:
	// deploy [REDACTED]
	// deploy.pem -rw-------
}

func ExampleKeyPairsService_Import() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithEd25519Keys())
	defer cloud.Close()
	client := testclient.New(cloud)

	const public = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAID5rpUkcwA2F+iWwVhe4FrBF/SMJ7vvetm2fB9ivuY5G me@example.com"
	pair, err := keypairv1.New(client).KeyPairs.Import(ctx, "laptop", public)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(pair.Name, pair.Fingerprint)
	// Output: laptop SHA256:LgKgX0i997QK6yTeejrNpT3vcl3xKk+2Iy+y9y+GZp4
}

// What is there under a name, without its private key.
func ExampleKeyPairsService_List() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithEd25519Keys())
	defer cloud.Close()
	client := testclient.New(cloud)
	pairs := keypairv1.New(client).KeyPairs
	for _, name := range []string{"deploy", "laptop"} {
		if _, err := pairs.Create(ctx, name); err != nil {
			log.Fatal(err)
		}
	}

	all, err := pairs.List(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for _, pair := range all {
		fmt.Println(pair.Name, pair.PrivateKey == "")
	}
	// Unordered output:
	// deploy true
	// laptop true
}

// Instances that were created with a key pair keep its public key.
func ExampleKeyPairsService_Delete() {
	ctx := context.Background()
	cloud := nhncloudtest.NewServer(nhncloudtest.WithEd25519Keys())
	defer cloud.Close()
	client := testclient.New(cloud)
	pairs := keypairv1.New(client).KeyPairs
	if _, err := pairs.Create(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}

	if err := pairs.Delete(ctx, "deploy"); err != nil {
		log.Fatal(err)
	}
	_, err := pairs.Get(ctx, "deploy")
	fmt.Println("gone:", errors.Is(err, nhncloud.ErrNotFound))
	// Output: gone: true
}

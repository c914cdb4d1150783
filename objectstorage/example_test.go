package objectstorage_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A container, an object in it, and both gone again.
func Example() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	storage := objectstorage.New(client)
	if _, err := storage.Containers.Create(ctx, "letters", nil); err != nil {
		log.Fatal(err)
	}
	stored, err := storage.Objects.Put(ctx, "letters", "2026/hello.txt", strings.NewReader("안녕하세요"), &objectstorage.PutOptions{ContentType: "text/plain; charset=utf-8"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored.Size, "bytes are stored")

	content, err := storage.Objects.Get(ctx, "letters", "2026/hello.txt", nil)
	if err != nil {
		log.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content) // fails unless the MD5 is right
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(text))

	if err := storage.Objects.Delete(ctx, "letters", "2026/hello.txt"); err != nil {
		log.Fatal(err)
	}
	if err := storage.Containers.Delete(ctx, "letters"); err != nil {
		log.Fatal(err)
	}
	// Output:
	// 15 bytes are stored
	// 안녕하세요
}

// How much is stored.
func ExampleAccountService_Get() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg", "forest.jpg")
	defer cloud.Close()

	account, err := objectstorage.New(client).Account.Get(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d containers, %d objects, %d bytes\n", account.ContainerCount, account.ObjectCount, account.BytesUsed)
	// Output: 1 containers, 2 objects, 22 bytes
}

// A container for what is read seldom, whose objects end after a year.
func ExampleContainersService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	containers := objectstorage.New(client).Containers
	created, err := containers.Create(ctx, "archive", &objectstorage.CreateContainerOptions{
		StorageClass: objectstorage.Economy,
		Settings:     objectstorage.ContainerSettings{Lifecycle: &objectstorage.Lifecycle{Days: 365}},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("new:", created)
	container, err := containers.Get(ctx, "archive")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(container.StorageClass, container.Lifecycle.Days, "days")
	// Output:
	// new: true
	// Economy 365 days
}

// All containers.
func ExampleContainersService_All() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg", "forest.jpg")
	defer cloud.Close()

	for container, err := range objectstorage.New(client).Containers.All(ctx, nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(container.Name, container.Count, "objects", container.Bytes, "bytes")
	}
	// Output: photos 2 objects 22 bytes
}

// A container that anybody may read from, and a user of the tenant may write to.
func ExampleContainersService_SetACL() {
	ctx := context.Background()
	cloud, client := start("public")
	defer cloud.Close()

	containers := objectstorage.New(client).Containers
	err := containers.SetACL(ctx, "public", objectstorage.ACL{
		Read:  []objectstorage.ACLElement{objectstorage.ACLAnyone},
		Write: []objectstorage.ACLElement{objectstorage.ACLUser("*", "2f1a4c0e2b7d4f0b9d3f5a6c7e8f9a0b")},
	})
	if err != nil {
		log.Fatal(err)
	}
	container, err := containers.Get(ctx, "public")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(container.ACL.Read, container.ACL.Write)
	// Output: [.r:*] [*:2f1a4c0e2b7d4f0b9d3f5a6c7e8f9a0b]
}

// A container has to be empty before it is deleted.
func ExampleContainersService_Delete() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	storage := objectstorage.New(client)
	err := storage.Containers.Delete(ctx, "photos")
	fmt.Println("not empty:", errors.Is(err, nhncloud.ErrConflict))
	if err := storage.Objects.Delete(ctx, "photos", "sea.jpg"); err != nil {
		log.Fatal(err)
	}
	if err := storage.Containers.Delete(ctx, "photos"); err != nil {
		log.Fatal(err)
	}
	_, err = storage.Containers.Get(ctx, "photos")
	fmt.Println("gone:", errors.Is(err, objectstorage.ErrContainerNotFound))
	// Output:
	// not empty: true
	// gone: true
}

// Keys for a program that speaks the S3 API, such as one with minio-go.
func ExampleCredentialsService_Create() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	credentials := objectstorage.New(client).Credentials
	token, err := client.Token(ctx)
	if err != nil {
		log.Fatal(err)
	}
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv) // ConfigFromEnv, in a program
	if err != nil {
		log.Fatal(err)
	}
	keys, err := credentials.Create(ctx, token.UserID, config.ObjectStorageTenantID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(keys.Access) > 0, keys.Secret) // the conversion string(keys.Secret) has the key
	if err := credentials.Delete(ctx, token.UserID, keys.Access); err != nil {
		log.Fatal(err)
	}
	// Output: true [REDACTED]
}

// A URL by which a browser can fetch an object for an hour.
func ExampleObjectsService_TempURL() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	storage := objectstorage.New(client)
	const key = nhncloud.Secret("a key that only this program knows")
	if err := storage.Containers.SetTempURLKey(ctx, "photos", key); err != nil {
		log.Fatal(err)
	}
	link, err := storage.Objects.TempURL(ctx, key, objectstorage.TempURLOptions{Container: "photos", Name: "sea.jpg", Lifetime: time.Hour})
	if err != nil {
		log.Fatal(err)
	}
	resp, err := storage.Objects.OpenTempURL(ctx, link) // without a token, as anybody can
	if err != nil {
		log.Fatal(err)
	}
	defer resp.Body.Close()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(data))
	// Output: some pixels
}

// start returns an in-memory cloud in place of the real one and a client of it.
// In the cloud are the container, if one is named, and objects in it.
func start(containerAndObjects ...string) (*nhncloudtest.Server, *nhncloud.Client) {
	cloud := nhncloudtest.NewServer()
	client := testclient.New(cloud)
	storage := objectstorage.New(client)
	for i, name := range containerAndObjects {
		var err error
		if i == 0 {
			_, err = storage.Containers.Create(context.Background(), name, nil)
		} else {
			_, err = storage.Objects.Put(context.Background(), containerAndObjects[0], name, strings.NewReader("some pixels"), nil)
		}
		if err != nil {
			log.Fatal(err)
		}
	}
	return cloud, client
}

package compute_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// An image of one's own, from a file. Where that fails, no image is left.
func ExampleImagesService_CreateAndUpload() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()

	file := strings.NewReader("what is in the file") // an *os.File of any size
	image, err := compute.New(client).Images.CreateAndUpload(ctx, compute.ImageCreateRequest{
		Name: "ubuntu-golden", OSType: compute.OSLinux, DiskFormat: "qcow2", ContainerFormat: "bare", MinDisk: 20,
		Properties: map[string]string{"login_username": "ubuntu"},
	}, file, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Status, image.Size, "bytes, MD5", image.Checksum)
	// Output: active 19 bytes, MD5 67ff2e219100dae1e524cf939651eed0
}

// The file of an image that exists, with its progress.
func ExampleImagesService_UploadFile() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	folder, err := os.MkdirTemp("", "image")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "disk.raw")
	if err := os.WriteFile(path, make([]byte, 3<<20), 0o600); err != nil {
		log.Fatal(err)
	}

	images := compute.New(client).Images
	created, err := images.Create(ctx, compute.ImageCreateRequest{Name: "data", OSType: compute.OSLinux, DiskFormat: "raw", ContainerFormat: "bare"})
	if err != nil {
		log.Fatal(err)
	}
	var last nhncloud.TransferProgress
	image, err := images.UploadFile(ctx, created.ID, path, &compute.ImageUploadOptions{
		Progress: func(p nhncloud.TransferProgress) { last = p },
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(created.Status, "then", image.Status)
	fmt.Printf("%d of %d bytes\n", last.Done, last.Total)
	// Output:
	// queued then active
	// 3145728 of 3145728 bytes
}

// The file of an image as it comes. A last Read that does not fail means that all
// of it is right.
func ExampleImagesService_Download() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	images := compute.New(client).Images
	image := exampleImage(images)

	content, err := images.Download(ctx, image.ID, nil)
	if err != nil {
		log.Fatal(err)
	}
	defer content.Close()
	text, err := io.ReadAll(content)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(content.Length, string(text))
	// Output: 19 what is in the file
}

// A file that exists is replaced only where that is wanted.
func ExampleImagesService_DownloadFile() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	images := compute.New(client).Images
	image := exampleImage(images)
	folder, err := os.MkdirTemp("", "image")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	path := filepath.Join(folder, "disk.qcow2")
	size, err := images.DownloadFile(ctx, image.ID, path, nil)
	if err != nil {
		log.Fatal(err)
	}
	_, err = images.DownloadFile(ctx, image.ID, path, nil)
	fmt.Println(size, "bytes; exists now:", errors.Is(err, os.ErrExist))
	// Output: 19 bytes; exists now: true
}

// What is not named stays as it is.
func ExampleImagesService_Update() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	images := compute.New(client).Images
	image := exampleImage(images)

	image, err := images.Update(ctx, image.ID, compute.ImageUpdateRequest{
		Name: new("ubuntu-2026"), MinDisk: new(30), Properties: map[string]string{"build": "7"}, RemoveProperties: []string{"login_username"},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Name, image.MinDisk, "GB, build", image.Property("build"), image.OSType)
	// Output: ubuntu-2026 30 GB, build 7 linux
}

// Tags of an image, which can't begin with "_".
func ExampleImagesService_AddTag() {
	ctx := context.Background()
	cloud, client := start()
	defer cloud.Close()
	images := compute.New(client).Images
	image := exampleImage(images)

	for _, tag := range []string{"golden", "2026"} {
		if err := images.AddTag(ctx, image.ID, tag); err != nil {
			log.Fatal(err)
		}
	}
	if err := images.RemoveTag(ctx, image.ID, "2026"); err != nil {
		log.Fatal(err)
	}
	image, err := images.Get(ctx, image.ID)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(image.Tags, images.AddTag(ctx, image.ID, "_x") != nil)
	// Output: [golden] true
}

// An image for another tenant, which accepts it so that its lists have it.
func ExampleImageMembersService() {
	ctx := context.Background()
	const other = "8989447062e04a818baf9e073fd04fa7"
	cloud, client := start(nhncloudtest.WithTenants(other))
	defer cloud.Close()
	mine := compute.New(client)
	image := exampleImage(mine.Images)

	if _, err := mine.Images.SetVisibility(ctx, image.ID, compute.ImageShared); err != nil {
		log.Fatal(err)
	}
	if _, err := mine.ImageMembers.Create(ctx, image.ID, other); err != nil {
		log.Fatal(err)
	}

	theirs := compute.New(clientOf(cloud, other))
	member, err := theirs.ImageMembers.Update(ctx, image.ID, other, compute.ImageMemberAccepted)
	if err != nil {
		log.Fatal(err)
	}
	shared, err := theirs.Images.List(ctx, &compute.ImageListOptions{Visibility: compute.ImageShared})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(member.Status, shared[0].Name)
	// Output: accepted ubuntu-golden
}

// exampleImage makes an image that can be downloaded.
func exampleImage(images *compute.ImagesService) *compute.Image {
	image, err := images.CreateAndUpload(context.Background(), compute.ImageCreateRequest{
		Name: "ubuntu-golden", OSType: compute.OSLinux, DiskFormat: "qcow2", ContainerFormat: "bare", AllowDownload: true,
		Properties: map[string]string{"login_username": "ubuntu"},
	}, strings.NewReader("what is in the file"), nil)
	if err != nil {
		log.Fatal(err)
	}
	return image
}

// clientOf returns a client of another tenant of the same user.
func clientOf(cloud *nhncloudtest.Server, tenant string) *nhncloud.Client {
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	if err != nil {
		log.Fatal(err)
	}
	config.TenantID = tenant
	client, err := nhncloud.NewClient(config)
	if err != nil {
		log.Fatal(err)
	}
	return client
}

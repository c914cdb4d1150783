package objectstorage_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A file of any size. Parts that a killed process had sent are not sent again.
func ExampleObjectsService_UploadFile() {
	ctx := context.Background()
	cloud, client := start("films")
	defer cloud.Close()
	folder := exampleFolder("sea.mp4")
	defer os.RemoveAll(folder)

	stored, err := objectstorage.New(client).Objects.UploadFile(ctx, "films", "2026/sea.mp4", filepath.Join(folder, "sea.mp4"), nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d bytes in %d part, %d of them were there already\n", stored.Size, stored.Parts, stored.ReusedBytes)
	// Output: 11 bytes in 1 part, 0 of them were there already
}

// KeepParts lets an upload go on where one before was cancelled.
func ExampleObjectsService_UploadFile_keepParts() {
	cloud, client := start("films")
	defer cloud.Close()
	folder := exampleFolder()
	defer os.RemoveAll(folder)
	path := filepath.Join(folder, "sea.mp4")
	if err := os.WriteFile(path, []byte(strings.Repeat("pixel", 1<<20)), 0o600); err != nil {
		log.Fatal(err)
	}

	objects := objectstorage.New(client).Objects
	ctx, cancel := context.WithCancel(context.Background())
	options := &objectstorage.UploadOptions{Threshold: 1 << 20, PartSize: new(int64(1 << 20)), Concurrency: 1, KeepParts: true} // small, for the example
	options.Progress = func(p nhncloud.TransferProgress) {
		if p.Parts == 3 {
			cancel()
		}
	}
	_, err := objects.UploadFile(ctx, "films", "sea.mp4", path, options)
	fmt.Println("cancelled:", errors.Is(err, context.Canceled))

	options.Progress = nil
	stored, err := objects.UploadFile(context.Background(), "films", "sea.mp4", path, options)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored.Reused, "of", stored.Parts, "parts were there already")
	// Output:
	// cancelled: true
	// 3 of 5 parts were there already
}

// A file that exists is replaced only where that is wanted.
func ExampleObjectsService_DownloadFile() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()
	folder := exampleFolder()
	defer os.RemoveAll(folder)

	objects := objectstorage.New(client).Objects
	path := filepath.Join(folder, "copy.jpg")
	object, err := objects.DownloadFile(ctx, "photos", "sea.jpg", path, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(object.Size, "bytes")
	_, err = objects.DownloadFile(ctx, "photos", "sea.jpg", path, nil)
	fmt.Println("exists:", errors.Is(err, os.ErrExist))
	_, err = objects.DownloadFile(ctx, "photos", "sea.jpg", path, &objectstorage.DownloadOptions{Overwrite: true})
	fmt.Println("replaced:", err == nil)
	// Output:
	// 11 bytes
	// exists: true
	// replaced: true
}

// A folder, of which only what has changed is sent.
func ExampleObjectsService_UploadDir() {
	ctx := context.Background()
	cloud, client := start("backup")
	defer cloud.Close()
	folder := exampleFolder("sea.jpg", "2025/forest.jpg")
	defer os.RemoveAll(folder)

	objects := objectstorage.New(client).Objects
	for range 2 {
		result, err := objects.UploadDir(ctx, "backup", "photos/", folder, nil)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(result.Transferred, "sent,", result.Unchanged, "unchanged")
	}
	for object, err := range objects.All(ctx, "backup", nil) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(object.Name)
	}
	// Output:
	// 2 sent, 0 unchanged
	// 0 sent, 2 unchanged
	// photos/2025/forest.jpg
	// photos/sea.jpg
}

// What begins with a prefix, into a folder.
func ExampleObjectsService_DownloadDir() {
	ctx := context.Background()
	cloud, client := start("backup", "photos/sea.jpg", "photos/2025/forest.jpg", "letters/hello.txt")
	defer cloud.Close()
	folder := exampleFolder()
	defer os.RemoveAll(folder)

	result, err := objectstorage.New(client).Objects.DownloadDir(ctx, "backup", "photos/", folder, nil)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Transferred, "files,", result.Bytes, "bytes")
	_, err = os.Stat(filepath.Join(folder, "2025", "forest.jpg"))
	fmt.Println("is there:", err == nil)
	// Output:
	// 2 files, 22 bytes
	// is there: true
}

// A failure whose cleaning up failed, too, tells what is to be deleted later.
func ExampleLeftoverError() {
	ctx := context.Background()
	cloud, client := start("films")
	defer cloud.Close()
	for _, operation := range []string{"objectstorage-put-slo-manifest", "objectstorage-delete-object"} {
		cloud.Inject(nhncloudtest.Fault{Operation: operation, Status: http.StatusForbidden})
	}

	objects := objectstorage.New(client).Objects
	options := &objectstorage.UploadOptions{Threshold: 1 << 20, PartSize: new(int64(1 << 20))} // small, for the example
	_, err := objects.Upload(ctx, "films", "sea.mp4", strings.NewReader(strings.Repeat("pixel", 1<<20)), options)
	var left *objectstorage.LeftoverError
	if !errors.As(err, &left) {
		log.Fatal(err)
	}
	fmt.Println(len(left.Objects), "parts are left behind")

	cloud.RemoveFaults()
	for _, place := range left.Objects {
		if err := objects.Delete(ctx, place.Container, place.Name); err != nil {
			log.Fatal(err)
		}
	}
	// Output: 5 parts are left behind
}

// exampleFolder makes a folder with files in it, of which each has a few bytes.
func exampleFolder(files ...string) string {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		log.Fatal(err)
	}
	for _, file := range files {
		path := filepath.Join(folder, filepath.FromSlash(file))
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			log.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("some pixels"), 0o600); err != nil {
			log.Fatal(err)
		}
	}
	return folder
}

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
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// An object with metadata, which the service deletes after a day, and which is
// not to replace another one.
func ExampleObjectsService_Put() {
	ctx := context.Background()
	cloud, client := start("photos")
	defer cloud.Close()

	objects := objectstorage.New(client).Objects
	options := &objectstorage.PutOptions{
		ContentType: "image/jpeg",
		Metadata:    map[string]string{"taken-by": "김수로"},
		DeleteAfter: 24 * time.Hour,
		NoOverwrite: true,
	}
	if _, err := objects.Put(ctx, "photos", "sea.jpg", strings.NewReader("some pixels"), options); err != nil {
		log.Fatal(err)
	}
	_, err := objects.Put(ctx, "photos", "sea.jpg", strings.NewReader("other pixels"), options)
	fmt.Println("is there already:", errors.Is(err, nhncloud.ErrPreconditionFailed))

	object, err := objects.Head(ctx, "photos", "sea.jpg")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(object.Size, object.ContentType, object.Metadata, !object.DeleteAt.IsZero())
	// Output:
	// is there already: true
	// 11 image/jpeg map[taken-by:김수로] true
}

// The last bytes of an object.
func ExampleObjectsService_Get() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	content, err := objectstorage.New(client).Objects.Get(ctx, "photos", "sea.jpg", &objectstorage.GetOptions{Offset: -6})
	if err != nil {
		log.Fatal(err)
	}
	defer content.Close()
	data, err := io.ReadAll(content)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%q from %d on, of %d bytes\n", data, content.Offset, content.Size)
	// Output: "pixels" from 5 on, of 11 bytes
}

// What stands directly in a folder.
func ExampleObjectsService_All() {
	ctx := context.Background()
	cloud, client := start("photos", "2025/forest.jpg", "2026/sea.jpg", "2026/05/lake.jpg", "2026/06/hill.jpg")
	defer cloud.Close()

	entries := objectstorage.New(client).Objects.All(ctx, "photos", &objectstorage.ObjectListOptions{Prefix: "2026/", Delimiter: "/"})
	for entry, err := range entries {
		if err != nil {
			log.Fatal(err)
		}
		if entry.Subdir != "" {
			fmt.Println("folder", entry.Subdir)
		} else {
			fmt.Println("object", entry.Name, entry.Bytes, "bytes")
		}
	}
	// Output:
	// folder 2026/05/
	// folder 2026/06/
	// object 2026/sea.jpg 11 bytes
}

// Metadata is replaced as a whole, so what is to stay has to be told.
func ExampleObjectsService_Update() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	objects := objectstorage.New(client).Objects
	object, err := objects.Head(ctx, "photos", "sea.jpg")
	if err != nil {
		log.Fatal(err)
	}
	metadata := map[string]string{"album": "summer"}
	for name, value := range object.Metadata {
		metadata[name] = value
	}
	err = objects.Update(ctx, "photos", "sea.jpg", objectstorage.ObjectUpdate{Metadata: metadata, DeleteAt: object.DeleteAt})
	if err != nil {
		log.Fatal(err)
	}
	if object, err = objects.Head(ctx, "photos", "sea.jpg"); err != nil {
		log.Fatal(err)
	}
	fmt.Println(object.Metadata)
	// Output: map[album:summer]
}

// A copy within the service, under another name.
func ExampleObjectsService_Copy() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg")
	defer cloud.Close()

	objects := objectstorage.New(client).Objects
	from := objectstorage.Location{Container: "photos", Name: "sea.jpg"}
	to := objectstorage.Location{Container: "photos", Name: "backup/sea.jpg"}
	if _, err := objects.Copy(ctx, from, to, nil); err != nil {
		log.Fatal(err)
	}
	object, err := objects.Head(ctx, "photos", "backup/sea.jpg")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(object.Size, "bytes")
	// Output: 11 bytes
}

// Several objects at once. One that does not exist is no failure.
func ExampleObjectsService_DeleteMany() {
	ctx := context.Background()
	cloud, client := start("photos", "sea.jpg", "forest.jpg")
	defer cloud.Close()

	results, err := objectstorage.New(client).Objects.DeleteMany(ctx, "photos", []string{"sea.jpg", "forest.jpg", "missing.jpg"}, 0)
	for _, result := range results {
		fmt.Println(result.Name, result.Err)
	}
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// sea.jpg <nil>
	// forest.jpg <nil>
	// missing.jpg <nil>
}

// A large object goes with its segments.
func ExampleObjectsService_DeleteLarge() {
	ctx := context.Background()
	cloud, client := start("films")
	defer cloud.Close()

	storage := objectstorage.New(client)
	options := &objectstorage.UploadOptions{Threshold: 1 << 20, PartSize: new(int64(1 << 20))} // small, for the example
	stored, err := storage.Objects.Upload(ctx, "films", "sea.mp4", strings.NewReader(strings.Repeat("pixel", 1<<20)), options)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(stored.Parts, "parts")
	if err := storage.Objects.DeleteLarge(ctx, "films", "sea.mp4"); err != nil {
		log.Fatal(err)
	}
	segments, err := storage.Containers.Get(ctx, "films_segments")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(segments.ObjectCount, "segments are left")
	// Output:
	// 5 parts
	// 0 segments are left
}

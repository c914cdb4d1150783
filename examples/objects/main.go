// Objects stores files in object storage, lists them as folders and with their
// metadata, fetches one back, and shares one by a signed URL that works without
// an account, for a while.
//
//	go run ./examples/objects          on an in-memory NHN Cloud
//	go run ./examples/objects -live    on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it makes a container with a few small objects, and asks first.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func main() {
	frame.Main(frame.Program{
		Name: "objects", Does: "stores, lists, fetches and shares objects", Makes: "a container with four small objects", Run: run,
	})
}

func run(ctx context.Context, stage *frame.Stage) error {
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config)
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	storage := objectstorage.New(client)

	container := "photos-" + strings.ToLower(rand.Text())
	making := stage.Making(ctx, "container "+container)
	if _, err := storage.Containers.Create(making.Context, container, nil); err != nil {
		return making.Failed(err)
	}
	making.Made("container "+container, func(ctx context.Context) error { return remove(ctx, storage, container) })
	if err := upload(ctx, storage.Objects, container); err != nil {
		return err
	}
	if err := list(ctx, storage.Objects, container); err != nil {
		return err
	}
	if err := download(ctx, storage.Objects, container); err != nil {
		return err
	}
	return share(ctx, storage, container)
}

// remove deletes a container after all that is in it.
func remove(ctx context.Context, storage *objectstorage.Client, container string) error {
	var names []string
	for object, err := range storage.Objects.All(ctx, container, nil) {
		if err != nil {
			return err
		}
		names = append(names, object.Name)
	}
	if _, err := storage.Objects.DeleteMany(ctx, container, names, 0); err != nil {
		return err
	}
	return storage.Containers.Delete(ctx, container)
}

// upload stores content of two kinds: what a program has at hand, and a file.
func upload(ctx context.Context, objects *objectstorage.ObjectsService, container string) error {
	put, err := objects.Put(ctx, container, "2026/sea/notes.txt", strings.NewReader("Blue, wide, cold."), &objectstorage.PutOptions{
		ContentType: "text/plain",
		Metadata:    map[string]string{"author": "Jin"},
		DeleteAfter: 30 * 24 * time.Hour,
	})
	if err != nil {
		return err
	}
	fmt.Printf("Stored notes of %d bytes with ETag %s.\n", put.Size, put.ETag)

	dir, err := os.MkdirTemp("", "objects")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	for _, name := range []string{"2026/sea/waves.jpg", "2026/hills/fog.jpg", "cover.jpg"} {
		path := filepath.Join(dir, filepath.Base(name))
		if err := os.WriteFile(path, []byte(strings.Repeat("pixel ", 10_000)), 0o600); err != nil {
			return err
		}
		// Large files go up in parts, several at the same time; these are small.
		uploaded, err := objects.UploadFile(ctx, container, name, path, nil)
		if err != nil {
			return err
		}
		fmt.Printf("Stored %s, %d bytes.\n", name, uploaded.Size)
	}

	_, err = objects.Put(ctx, container+"-missing", "x", strings.NewReader("x"), nil)
	if !errors.Is(err, objectstorage.ErrContainerNotFound) {
		return fmt.Errorf("a container that is missing: %w", err)
	}
	fmt.Println("As expected:", err)
	return nil
}

// list shows what is at the top of the container, as folders and objects, and
// then everything of one folder.
func list(ctx context.Context, objects *objectstorage.ObjectsService, container string) error {
	for entry, err := range objects.All(ctx, container, &objectstorage.ObjectListOptions{Delimiter: "/"}) {
		if err != nil {
			return err
		}
		if entry.Subdir != "" {
			fmt.Println("folder", entry.Subdir)
			continue
		}
		fmt.Println("object", entry.Name, entry.Bytes)
	}
	for entry, err := range objects.All(ctx, container, &objectstorage.ObjectListOptions{Prefix: "2026/sea/"}) {
		if err != nil {
			return err
		}
		object, err := objects.Head(ctx, container, entry.Name) // a listing has no metadata
		if err != nil {
			return err
		}
		fmt.Println(object.Name, object.ContentType, object.Metadata)
	}
	return nil
}

// download fetches an object into a file, which appears when it is whole and
// right, and the beginning of one as a stream.
func download(ctx context.Context, objects *objectstorage.ObjectsService, container string) error {
	dir, err := os.MkdirTemp("", "objects")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	object, err := objects.DownloadFile(ctx, container, "2026/sea/waves.jpg", filepath.Join(dir, "waves.jpg"), nil)
	if err != nil {
		return err
	}
	fmt.Printf("Fetched %s of %d bytes.\n", object.Name, object.Size)

	content, err := objects.Get(ctx, container, "2026/sea/notes.txt", &objectstorage.GetOptions{Length: 4})
	if err != nil {
		return err
	}
	defer content.Close()
	beginning, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	fmt.Printf("The notes begin with %q.\n", beginning)
	return nil
}

// share lets anybody read one object for an hour.
func share(ctx context.Context, storage *objectstorage.Client, container string) error {
	key := nhncloud.Secret(rand.Text())
	if err := storage.Containers.SetTempURLKey(ctx, container, key); err != nil {
		return err
	}
	shared, err := storage.Objects.TempURL(ctx, key, objectstorage.TempURLOptions{
		Container: container,
		Name:      "2026/sea/notes.txt",
		Lifetime:  time.Hour,
	})
	if err != nil {
		return err
	}

	// Whoever has the URL needs no token, and no SDK.
	status, text, err := get(shared)
	if err != nil {
		return err
	}
	fmt.Printf("By the signed URL: %s, %q.\n", status, text)
	unsigned, _, _ := strings.Cut(shared, "?")
	if status, _, err = get(unsigned); err != nil {
		return err
	}
	fmt.Printf("Without the signature: %s.\n", status)

	// A new key, or none, ends all URLs that were signed with the old one.
	if err := storage.Containers.SetTempURLKey(ctx, container, ""); err != nil {
		return err
	}
	if status, _, err = get(shared); err != nil {
		return err
	}
	fmt.Printf("After the key is gone: %s.\n", status)
	return nil
}

func get(url string) (status, text string, err error) {
	resp, err := http.Get(url)
	if err != nil {
		return "", "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return resp.Status, string(body), err
}

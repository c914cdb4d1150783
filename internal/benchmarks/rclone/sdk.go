package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// The environment of the programs that are measured; rclone reads the same.
const (
	urlVariable   = "RCLONE_SWIFT_STORAGE_URL"
	tokenVariable = "RCLONE_SWIFT_AUTH_TOKEN"
)

func newStorage(there place) (*objectstorage.Client, error) {
	client, err := nhncloud.NewClient(nhncloud.Config{Region: nhncloud.KR1, TenantID: "test"},
		nhncloud.WithInsecureHTTP(),
		nhncloud.WithTokenSource(nhncloud.StaticToken(nhncloud.Secret(there.Token))),
		nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, there.URL))
	if err != nil {
		return nil, err
	}
	return objectstorage.New(client), nil
}

// move is what the SDK does in the place of rclone copy.
func move(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("sdk", flag.ContinueOnError)
	transfers := flags.Int("transfers", 8, "files, and parts of a file, at a time")
	trust := flags.Bool("trust-listing", false, "look at no object that the listing tells")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if flags.NArg() != 3 {
		return errors.New("sdk wants a direction, a folder or file, and a container")
	}
	storage, err := newStorage(place{URL: os.Getenv(urlVariable), Token: os.Getenv(tokenVariable)})
	if err != nil {
		return err
	}
	path, container := flags.Arg(1), flags.Arg(2)
	up := objectstorage.UploadOptions{Concurrency: *transfers}
	down := objectstorage.DownloadOptions{Concurrency: *transfers, Overwrite: true}
	switch flags.Arg(0) {
	case "up":
		did, err := storage.Objects.UploadDir(ctx, container, "", path, &objectstorage.UploadDirOptions{UploadOptions: up, Files: *transfers, TrustListing: *trust})
		return told(did, err)
	case "down":
		did, err := storage.Objects.DownloadDir(ctx, container, "", path, &objectstorage.DownloadDirOptions{DownloadOptions: down, Files: *transfers})
		return told(did, err)
	case "up-file":
		_, err := storage.Objects.UploadFile(ctx, container, filepath.Base(path), path, &up)
		return err
	case "down-file":
		_, err := storage.Objects.DownloadFile(ctx, container, filepath.Base(path), path, &down)
		return err
	}
	return fmt.Errorf("%q is no direction", flags.Arg(0))
}

func told(did *objectstorage.DirResult, err error) error {
	if err == nil {
		fmt.Printf("%d moved, %d unchanged\n", did.Transferred, did.Unchanged)
	}
	return err
}

// Credentials makes a client of what is in the environment, logs in, and keeps
// the token in a file, so that the next run needs no login.
//
//	go run ./examples/credentials
//
// It reads NHNCLOUD_* or OS_*; without an account there it uses an in-memory
// NHN Cloud.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "credentials:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := nhncloud.ConfigFromEnv()
	if err != nil {
		return err
	}
	if config.Username == "" {
		cloud := nhncloudtest.NewServer()
		defer cloud.Close()
		if config, err = nhncloud.ConfigFrom(cloud.LookupEnv); err != nil {
			return err
		}
		fmt.Println("No account in the environment: using an in-memory NHN Cloud.")
	}
	fmt.Printf("Configuration, which does not show its password: %+v\n", config)

	folder, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithTokenCache(nhncloud.FileTokenCache(filepath.Join(folder, "nhncloud"))))
	if err != nil {
		return err // names everything that is missing
	}
	token, err := client.Token(ctx)
	switch {
	case errors.Is(err, nhncloud.ErrUnauthorized):
		return fmt.Errorf("user, API password or tenant is wrong: %w", err)
	case err != nil:
		return err
	}
	fmt.Printf("Token of tenant %s, good until %s, for %d services.\n", token.TenantID, token.ExpiresAt, len(token.Catalog))
	return nil
}

// Credentials makes a client of what is in the environment, logs in, and keeps
// the token in a file, so that the next client needs no login.
//
//	go run ./examples/credentials                         on an in-memory NHN Cloud
//	go run ./examples/credentials -live                   on the real one, with the account in NHNCLOUD_* or OS_*
//	go run ./examples/credentials -live -cache tokens     the same, and the token stays in that folder for the next run
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

func main() {
	var cache string
	frame.Main(frame.Program{
		Name: "credentials",
		Does: "logs in with the account of the environment, and keeps the token in a file",
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&cache, "cache", "", "folder that the token is kept in for the next run; without it the token is removed at the end")
		},
		Run: func(ctx context.Context, stage *frame.Stage) error { return run(ctx, stage, cache) },
	})
}

func run(ctx context.Context, stage *frame.Stage, folder string) error {
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	fmt.Printf("User %s of tenant %s in %s, whose password is %v here.\n", config.Username, config.TenantID, config.Region, config.Password)

	// A program would take a folder below os.UserCacheDir.
	if folder == "" {
		if folder, err = stage.Folder(); err != nil {
			return err
		}
	}
	for range 2 {
		logins := 0
		count := func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				logins++
				return next.RoundTrip(r)
			})
		}
		client, err := nhncloud.NewClient(config, nhncloud.WithTokenCache(nhncloud.FileTokenCache(folder)), nhncloud.WithMiddleware(count))
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
		fmt.Printf("Token of tenant %s, good until %s, for %d services, after %d logins.\n", token.TenantID, token.ExpiresAt, len(token.Catalog), logins)
	}
	return nil
}

// Errors shows how to tell failures apart: by kind, by what the service said,
// and what a call that was refused before it was sent looks like.
//
//	go run ./examples/errors          on an in-memory NHN Cloud
//	go run ./examples/errors -live    on the real one, with the account in NHNCLOUD_* or OS_*
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	frame.Main(frame.Program{Name: "errors", Does: "shows how to tell failures apart", Run: run})
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
	servers := compute.New(client).Servers

	// By kind.
	_, err = servers.Get(ctx, "3f2c7d1e-0000-0000-0000-000000000000")
	if !errors.Is(err, nhncloud.ErrNotFound) {
		return err
	}
	fmt.Println("There is no such server.")

	// By the details.
	var e *nhncloud.Error
	if errors.As(err, &e) {
		fmt.Printf("Status %d, code %q, message %q, for the support: %s.\n", e.StatusCode, e.Code, e.Message, e.RequestID)
	}
	slog.New(slog.NewTextHandler(os.Stdout, &slog.HandlerOptions{ReplaceAttr: withoutTime})).Warn("not found", "error", err)

	// Refused before anything was sent.
	_, err = servers.Get(ctx, "../flavors")
	if !errors.Is(err, nhncloud.ErrInvalidArgument) || !errors.As(err, &e) {
		return err
	}
	fmt.Printf("The argument %s %s.\n", e.Field, e.Message)

	// After retries: how many attempts were made, and what came last.
	if stage.Cloud == nil {
		return nil // the real cloud is not down
	}
	stage.Cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-servers-detail", Status: http.StatusServiceUnavailable})
	quickly := nhncloud.ContextWithRetry(ctx, nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Millisecond})
	_, err = servers.List(quickly, nil)
	if !errors.Is(err, nhncloud.ErrUnavailable) || !errors.As(err, &e) {
		return err
	}
	fmt.Printf("The service is down; gave up after %d attempts.\n", e.Attempts)
	return nil
}

func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

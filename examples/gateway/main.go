// Gateway is a REST API in front of NHN Cloud, for browsers and small scripts:
// tokens, instances, networks, Kubernetes clusters and object storage with plain
// JSON, described by an OpenAPI document. It is a module of its own: run it in its
// folder.
//
//	go run .          in front of an in-memory NHN Cloud
//	go run . -live    in front of the real one
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	switch err := run(ctx, os.Args[1:], os.Stdout, os.Stderr); {
	case err == nil, errors.Is(err, flag.ErrHelp):
	default:
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
}

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
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "gateway:", err)
		os.Exit(1)
	}
}

// options are the flags.
type options struct {
	listen      string
	db          string
	origins     string
	environment string
	regions     string
	live        bool
}

func parse(args []string, out io.Writer) (options, error) {
	var o options
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8900", "address to listen on")
	flags.StringVar(&o.db, "db", "gateway.db", "where tasks are kept: a file of SQLite, or postgres://…")
	flags.StringVar(&o.origins, "origins", "", "origins whose pages may use the gateway, such as https://app.example.com,http://localhost:3000")
	flags.StringVar(&o.environment, "environment", "public", "environment of NHN Cloud, with -live: public, gov, …")
	flags.StringVar(&o.regions, "regions", "kr1,kr2", "regions that callers can choose")
	flags.BoolVar(&o.live, "live", false, "stand in front of the real NHN Cloud")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("takes flags only, not %q; -h says which", flags.Arg(0))
	}
	return o, nil
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stderr)
	if err != nil {
		return err
	}
	cloud, closeCloud, err := open(o)
	if err != nil {
		return err
	}
	defer closeCloud()
	return serve(ctx, o, cloud, stdout, stderr)
}

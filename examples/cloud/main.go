// Cloud serves an in-memory NHN Cloud on a loopback port, for programs in any
// language to be tried out against. It prints the environment variables that
// point a program at it and runs until it is interrupted.
//
//	go run ./examples/cloud -addr 127.0.0.1:8774
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// run serves until the context ends.
func run(ctx context.Context, args []string, stdout io.Writer) error {
	flags := flag.NewFlagSet("cloud", flag.ContinueOnError)
	flags.SetOutput(stdout)
	addr := flags.String("addr", "127.0.0.1:8774", "loopback address to listen on; port 0 takes a free one")
	transition := flags.Duration("transition", 2*time.Second, "how long building, rebooting and the like take")
	if err := flags.Parse(args); err != nil {
		return err
	}
	cloud, err := nhncloudtest.Listen(nhncloudtest.WithAddr(*addr), nhncloudtest.WithTransition(*transition))
	if err != nil {
		return err
	}
	defer cloud.Close()
	for _, kv := range cloud.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		if _, err := fmt.Fprintf(stdout, "export %s=%s\n", name, value); err != nil {
			return err
		}
	}
	_, err = fmt.Fprintf(stdout, "# An NHN Cloud in memory listens on %s. Paste the lines above into another shell"+
		" and run your program there; Ctrl-C ends the cloud.\n", cloud.URL())
	if err != nil {
		return err
	}
	<-ctx.Done()
	return nil
}

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
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	addr, transition := "127.0.0.1:8774", 2*time.Second
	return frame.Program{
		Name:     "cloud",
		Does:     "serves an in-memory NHN Cloud until it is interrupted",
		OwnCloud: true,
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&addr, "addr", addr, "loopback address to listen on; port 0 takes a free one")
			flags.DurationVar(&transition, "transition", transition, "how long building, rebooting and the like take")
		},
		Run: func(ctx context.Context, stage *frame.Stage) error { return serve(ctx, stage.Out, addr, transition) },
	}
}

// serve serves until the context ends.
func serve(ctx context.Context, stdout io.Writer, addr string, transition time.Duration) error {
	cloud, err := nhncloudtest.Listen(nhncloudtest.WithAddr(addr), nhncloudtest.WithTransition(transition))
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

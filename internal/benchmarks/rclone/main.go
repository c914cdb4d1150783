// Rclone compares folders and large files that the SDK and rclone move, each in
// a process of its own, from and to the same service. See run.sh beside it.
//
//	rclone compare -rclone PROGRAM [-files 10000] [-size 4096] [-large 4294967296] [-transfers 8] [-rounds 3]
//
// It moves to the Swift that the environment names, as the tests of
// internal/integration/swift do, and otherwise to an in-memory cloud in a process
// of its own, whose answers take 5 ms longer (-latency).
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "rclone:", err)
		os.Exit(1)
	}
}

// run does what the first argument says; the programs that are measured, and the
// service, are this one again.
func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return fmt.Errorf("one of compare, sdk and serve is wanted")
	}
	switch args[0] {
	case "compare":
		return compare(ctx, args[1:])
	case "sdk":
		return move(ctx, args[1:])
	case "serve":
		return serve(ctx, args[1:])
	}
	return fmt.Errorf("%q is none of compare, sdk and serve", args[0])
}

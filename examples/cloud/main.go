// Cloud serves an in-memory NHN Cloud on a loopback port, for programs in any
// language to be tried out against. It prints the environment variables that
// point a program at it and runs until it is interrupted. A page at / shows what
// is there and what was asked of it.
//
//	go run github.com/nhncloud-go/nhncloud/examples/cloud@latest -regions KR1,JP1 -latency 5ms-40ms
//
// With -state the cloud is kept in a file, in which tokens and keys are: what is
// there is there again after a restart, and what was under way goes on. With
// -faults some requests fail as a file says, such as faults.json beside this
// program.
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

// settings are what the flags say.
type settings struct {
	addr       string
	transition time.Duration
	regions    string
	latency    span
	faults     string
	state      string
	every      time.Duration
}

func program() frame.Program {
	s := settings{addr: "127.0.0.1:8774", transition: 2 * time.Second, regions: "KR1", every: 5 * time.Second}
	return frame.Program{
		Name:     "cloud",
		Does:     "serves an in-memory NHN Cloud until it is interrupted",
		OwnCloud: true,
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&s.addr, "listen", s.addr, "loopback `address` to listen on; port 0 takes a free one")
			flags.StringVar(&s.addr, "addr", s.addr, "the same as -listen")
			flags.StringVar(&s.regions, "regions", s.regions, "`names` of the regions, with commas between; the first one is where v1.0 looks for its own")
			flags.DurationVar(&s.transition, "transition", s.transition, "how long building, rebooting and the like take")
			flags.Var(&s.latency, "latency", "how long each request takes: a `time` such as 20ms, or a range such as 5ms-80ms")
			flags.StringVar(&s.faults, "faults", s.faults, "JSON `file` that says which requests fail, and how")
			flags.StringVar(&s.state, "state", s.state, "`file` to keep the cloud in over a restart; it is made when it is missing")
			flags.DurationVar(&s.every, "state-every", s.every, "with -state: how often it is kept while requests come; 0 for the end only")
		},
		Run: func(ctx context.Context, stage *frame.Stage) error { return serve(ctx, stage, s) },
	}
}

// serve serves until the context ends.
func serve(ctx context.Context, stage *frame.Stage, s settings) error {
	faults, err := readFaults(s.faults)
	if err != nil {
		return err
	}
	page := &page{every: time.Second}
	cloud, err := nhncloudtest.Listen(
		nhncloudtest.WithAddr(s.addr), nhncloudtest.WithRegions(strings.Split(s.regions, ",")...),
		nhncloudtest.WithTransition(s.transition), nhncloudtest.WithLatency(s.latency.least, s.latency.most),
		nhncloudtest.WithHandler(page),
	)
	if err != nil {
		return err
	}
	defer cloud.Close()
	if err := inject(cloud, faults); err != nil {
		return fmt.Errorf("%s: %w", s.faults, err)
	}
	kept := &keeper{cloud: cloud, name: s.state, every: s.every}
	if s.state != "" {
		if err := kept.load(); err != nil {
			return err
		}
	}
	page.show(cloud)
	if err := greet(stage.Out, cloud); err != nil {
		return err
	}
	if s.state != "" {
		return kept.keep(ctx, stage.Err)
	}
	<-ctx.Done()
	return nil
}

// greet tells how to get to the cloud.
func greet(stdout io.Writer, cloud *nhncloudtest.Server) error {
	for _, kv := range cloud.Environ() {
		name, value, _ := strings.Cut(kv, "=")
		if _, err := fmt.Fprintf(stdout, "export %s=%s\n", name, value); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintf(stdout, "# An NHN Cloud in memory listens on %s. Paste the lines above into another shell"+
		" and run your program there; open %[1]s/ to see what it does. Ctrl-C ends the cloud.\n", cloud.URL())
	return err
}

// span is a time, or a range of times. It is a [flag.Value].
type span struct{ least, most time.Duration }

func (s *span) String() string {
	if s.least == s.most {
		return s.least.String()
	}
	return s.least.String() + "-" + s.most.String()
}

// Set reads a time or two with a hyphen between.
func (s *span) Set(text string) error {
	from, to, isRange := strings.Cut(text, "-")
	if !isRange {
		to = from
	}
	var err error
	if s.least, err = time.ParseDuration(from); err != nil {
		return err
	}
	if s.most, err = time.ParseDuration(to); err != nil {
		return err
	}
	if s.most < s.least {
		return fmt.Errorf("%s is longer than %s", from, to)
	}
	return nil
}

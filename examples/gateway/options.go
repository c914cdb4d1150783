package main

import (
	"flag"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// options are the flags.
type options struct {
	listen      string
	db          string
	origins     []string
	environment string
	regions     []string
	live        bool
	level       slog.Level
	tasks       taskTimes // no flag: the defaults are right
}

func parse(args []string, out io.Writer) (options, error) {
	o := options{regions: []string{"kr1", "kr2"}}
	flags := flag.NewFlagSet("gateway", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.StringVar(&o.listen, "listen", "127.0.0.1:8900", "`address` to listen on")
	flags.StringVar(&o.db, "db", "", "where tasks are kept, encrypted with the key in "+keyVariable+": a `file` of SQLite, or postgres://… (default "+defaultDB+", and in memory without a key)")
	flags.Func("origins", "`origins` whose pages may use the gateway, with commas between: https://app.example.com,http://localhost:3000", split(&o.origins))
	flags.StringVar(&o.environment, "environment", "public", "with -live: `environment` of NHN Cloud, such as public or gov")
	flags.Func("regions", "`regions` that callers can choose (default kr1,kr2)", split(&o.regions))
	flags.BoolVar(&o.live, "live", false, "stand in front of the real NHN Cloud, not of one in memory")
	flags.TextVar(&o.level, "log", slog.LevelInfo, "`level` of the log: debug, info, warn or error; debug shows each call of the cloud")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	if flags.NArg() > 0 {
		return o, fmt.Errorf("it takes flags only, not %q; -h says which", flags.Arg(0))
	}
	return o, nil
}

// split reads a list with commas.
func split(list *[]string) func(string) error {
	return func(text string) error {
		*list = nil
		for item := range strings.SplitSeq(text, ",") {
			if item = strings.TrimSpace(item); item != "" {
				*list = append(*list, item)
			}
		}
		if len(*list) == 0 {
			return fmt.Errorf("has nothing in it")
		}
		return nil
	}
}

// transition is how long things take in the cloud in memory: long enough to be seen.
const transition = 3 * time.Second

// open opens the cloud that the flags ask for. It is the one that is returned beside
// it where it is in memory.
func (o options) open(logger *slog.Logger) (*backend.Cloud, *nhncloudtest.Server, error) {
	if o.live {
		cloud, err := backend.Live(o.environment, o.regions, nhncloud.WithLogger(logger))
		return cloud, nil, err
	}
	names := make([]string, len(o.regions))
	for i, region := range o.regions {
		names[i] = strings.ToUpper(region)
	}
	memory, err := nhncloudtest.Listen(nhncloudtest.WithRegions(names...), nhncloudtest.WithTransition(transition))
	if err != nil {
		return nil, nil, err
	}
	cloud, err := backend.Memory(memory, o.regions, nhncloud.WithLogger(logger))
	if err != nil {
		memory.Close()
		return nil, nil, err
	}
	return cloud, memory, nil
}

// Sync brings a folder to a container and back, with a progress bar. What is
// the same on both sides stays as it is, so that it goes on where it stopped
// when it is run again. It is a module of its own: run it in its folder.
//
//	go run .                                              a few files, on an in-memory NHN Cloud
//	go run . -live -dir photos -container photos          to the real one, with the account in NHNCLOUD_* or OS_*
//	go run . -live -down -dir photos -container photos    and back
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/objectstorage"
	"github.com/schollz/progressbar/v3"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	s := new(syncer)
	return frame.Program{
		Name: "sync",
		Does: "brings a folder to a container and back, with a progress bar",
		Flags: func(flags *flag.FlagSet) {
			flags.BoolVar(&s.fetch, "down", false, "with -live: from the container to the folder")
			flags.StringVar(&s.dir, "dir", "", "with -live: the folder")
			flags.StringVar(&s.container, "container", "", "with -live: the container; it is created when it does not exist")
			flags.StringVar(&s.prefix, "prefix", "", "with -live: what stands before the names of the objects, such as backup/")
			flags.BoolVar(&s.overwrite, "overwrite", false, "with -down: replace files that differ")
		},
		Run: s.run,
	}
}

// run prints to stdout what it did, and draws the bars on stderr.
func (s *syncer) run(ctx context.Context, stage *frame.Stage) error {
	s.stdout, s.stderr = stage.Out, stage.Err
	if stage.Cloud != nil {
		if s.fetch || s.overwrite || s.dir != "" || s.container != "" || s.prefix != "" {
			return errors.New("without -live it takes nothing else")
		}
		return s.demo(ctx, stage)
	}
	if s.dir == "" || s.container == "" {
		return errors.New("-live needs -dir and -container")
	}
	if err := s.connect(stage.LookupEnv); err != nil {
		return err
	}
	if s.fetch {
		stage.Keep("what has come to folder " + s.dir)
		return s.down(ctx, s.dir)
	}
	stage.Keep("what has come to container " + s.container + ", and parts of large files; the next run goes on with them")
	return s.up(ctx, s.dir)
}

// demo takes a folder up, up again with one file changed, and down twice.
func (s *syncer) demo(ctx context.Context, stage *frame.Stage) error {
	s.container, s.prefix = "photos", "2026/"
	if err := s.connect(stage.LookupEnv); err != nil {
		return err
	}
	dir, err := stage.Folder()
	if err != nil {
		return err
	}
	here, there := filepath.Join(dir, "here"), filepath.Join(dir, "there")
	for i := range 16 {
		if err := writeFile(filepath.Join(here, fmt.Sprintf("day-%d", i/4+1), fmt.Sprintf("photo-%02d.jpg", i+1)), 2<<20); err != nil {
			return err
		}
	}
	if err := s.up(ctx, here); err != nil {
		return err
	}
	if err := writeFile(filepath.Join(here, "day-1", "photo-01.jpg"), 3<<20); err != nil {
		return err
	}
	if err := s.up(ctx, here); err != nil {
		return err
	}
	if err := s.down(ctx, there); err != nil {
		return err
	}
	return s.down(ctx, there)
}

// writeFile makes a file of noise.
func writeFile(path string, size int) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	var seed [32]byte
	copy(seed[:], path)
	content := make([]byte, size)
	if _, err := rand.NewChaCha8(seed).Read(content); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o600)
}

// syncer has what both directions share.
type syncer struct {
	stdout, stderr    io.Writer
	storage           *objectstorage.Client
	dir               string
	container, prefix string
	fetch, overwrite  bool
}

func (s *syncer) connect(lookup func(string) (string, bool)) error {
	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-sync"))
	if err != nil {
		return err
	}
	s.storage = objectstorage.New(client)
	return nil
}

func (s *syncer) up(ctx context.Context, dir string) error {
	if _, err := s.storage.Containers.Create(ctx, s.container, nil); err != nil {
		return err
	}
	bar := &bar{out: s.stderr, what: "up  "}
	options := &objectstorage.UploadDirOptions{}
	options.Progress = bar.show
	options.KeepParts = true         // of large files, so that the next run need not send them again
	options.DeleteOldSegments = true // of large files that are replaced
	result, err := s.storage.Objects.UploadDir(ctx, s.container, s.prefix, dir, options)
	bar.end()
	return s.report("sent", result, err)
}

func (s *syncer) down(ctx context.Context, dir string) error {
	bar := &bar{out: s.stderr, what: "down"}
	options := &objectstorage.DownloadDirOptions{}
	options.Progress = bar.show
	options.Overwrite = s.overwrite
	result, err := s.storage.Objects.DownloadDir(ctx, s.container, s.prefix, dir, options)
	bar.end()
	return s.report("fetched", result, err)
}

func (s *syncer) report(did string, result *objectstorage.DirResult, err error) error {
	if result != nil {
		fmt.Fprintf(s.stdout, "Files %s: %d, with %.1f MiB. The same on both sides: %d.\n",
			did, result.Transferred, float64(result.Bytes)/(1<<20), result.Unchanged)
	}
	if errors.Is(err, context.Canceled) {
		return fmt.Errorf("interrupted; run it again to go on: %w", err)
	}
	return err
}

// bar draws the progress of one direction.
type bar struct {
	out  io.Writer
	what string
	bar  *progressbar.ProgressBar
}

// show draws how far it is. The SDK calls it from one goroutine at a time.
func (b *bar) show(p nhncloud.TransferProgress) {
	if p.Total <= 0 {
		return // nothing but empty files
	}
	if b.bar == nil {
		b.bar = progressbar.NewOptions64(p.Total,
			progressbar.OptionSetWriter(b.out),
			progressbar.OptionSetDescription(b.what),
			progressbar.OptionSetWidth(30),
			progressbar.OptionShowBytes(true),
			progressbar.OptionUseIECUnits(true),
			progressbar.OptionThrottle(50*time.Millisecond),
		)
	}
	_ = b.bar.Set64(p.Done)
}

// end leaves the line of the bar.
func (b *bar) end() {
	if b.bar != nil {
		fmt.Fprintln(b.out)
	}
}

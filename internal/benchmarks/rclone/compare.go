package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// comparison is what is asked for.
type comparison struct {
	rclone    string
	transfers int
	place     place
	dir       string
	seen      map[string][]sample // by step and program
}

// sample is what a program took.
type sample struct {
	seconds float64
	peak    float64 // MiB
}

func compare(ctx context.Context, args []string) error {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	c := comparison{seen: map[string][]sample{}}
	flags.StringVar(&c.rclone, "rclone", "rclone", "the program")
	flags.IntVar(&c.transfers, "transfers", 8, "files, and parts of a file, at a time")
	files := flags.Int("files", 10_000, "in the folder")
	size := flags.Int("size", 4<<10, "of each of them, in bytes")
	large := flags.Int64("large", 4<<30, "bytes of the large file; 0 for none")
	rounds := flags.Int("rounds", 3, "")
	latency := flags.Duration("latency", 5*time.Millisecond, "of the in-memory cloud")
	within := flags.String("dir", "", "where the files go; default is the one for temporary files")
	if err := flags.Parse(args); err != nil {
		return err
	}
	var err error
	if c.dir, err = os.MkdirTemp(*within, "rclone-"); err != nil {
		return err
	}
	defer os.RemoveAll(c.dir)
	if os.Getenv("NHNCLOUD_SWIFT_URL") != "" {
		c.place, err = swift(ctx)
	} else {
		var stop func()
		c.place, stop, err = startCloud(*latency, c.dir)
		if stop != nil {
			defer stop()
		}
	}
	if err != nil {
		return err
	}
	if err := makeFiles(filepath.Join(c.dir, "folder"), *files, *size); err != nil {
		return err
	}
	if *large > 0 {
		if err := makeFile(filepath.Join(c.dir, "large"), *large); err != nil {
			return err
		}
	}
	for round := range *rounds {
		programs := []string{"sdk", "rclone"}
		if round%2 == 1 {
			slices.Reverse(programs)
		}
		for _, program := range programs {
			if err := c.round(ctx, program, *large > 0); err != nil {
				return err
			}
		}
	}
	fmt.Printf("%s; %d files of %d bytes, one of %d; %d transfers; medians of %d rounds\n\n", c.place.Name, *files, *size, *large, c.transfers, *rounds)
	c.print()
	return nil
}

// round moves everything with one program, into containers of its own.
func (c *comparison) round(ctx context.Context, program string, large bool) error {
	storage, err := newStorage(c.place)
	if err != nil {
		return err
	}
	container := program + "-" + strconv.FormatInt(time.Now().UnixNano(), 36)
	if _, err := storage.Containers.Create(ctx, container, nil); err != nil {
		return err
	}
	back := filepath.Join(c.dir, "back")
	folder, file := filepath.Join(c.dir, "folder"), filepath.Join(c.dir, "large")
	steps := []step{
		{"up", []string{"up", folder, container}, []string{"copy", folder, ":swift:" + container}},
		{"unchanged", []string{"up", folder, container}, []string{"copy", folder, ":swift:" + container}},
		{"unchanged, listing trusted", []string{"-trust-listing", "up", folder, container}, []string{"copy", "--checksum", folder, ":swift:" + container}},
		{"down", []string{"down", back, container}, []string{"copy", ":swift:" + container, back}},
	}
	if large {
		steps = append(steps,
			step{"large up", []string{"up-file", file, container}, []string{"copy", file, ":swift:" + container}},
			step{"large down", []string{"down-file", filepath.Join(back, "large"), container}, []string{"copyto", ":swift:" + container + "/large", filepath.Join(back, "large")}})
	}
	for _, s := range steps {
		took, err := c.measure(ctx, program, s)
		if err != nil {
			return fmt.Errorf("%s, %s: %w", program, s.name, err)
		}
		fmt.Fprintf(os.Stderr, "%-7s %-28s %7.2f s %7.1f MiB\n", program, s.name, took.seconds, took.peak)
		c.seen[s.name+"/"+program] = append(c.seen[s.name+"/"+program], took)
	}
	return errors.Join(os.RemoveAll(back), empty(ctx, storage, container), empty(ctx, storage, container+"_segments"))
}

// step is one thing that both programs do.
type step struct {
	name        string
	sdk, rclone []string
}

// measure runs a program.
func (c *comparison) measure(ctx context.Context, program string, s step) (sample, error) {
	n := strconv.Itoa(c.transfers)
	var cmd *exec.Cmd
	if program == "sdk" {
		self, err := os.Executable()
		if err != nil {
			return sample{}, err
		}
		cmd = exec.CommandContext(ctx, self, append([]string{"sdk", "-transfers", n}, s.sdk...)...)
	} else {
		cmd = exec.CommandContext(ctx, c.rclone, append([]string{"--config", "", "--transfers", n, "--checkers", n, "--multi-thread-streams", n}, s.rclone...)...)
	}
	cmd.Env = append(os.Environ(), urlVariable+"="+c.place.URL, tokenVariable+"="+c.place.Token)
	start := time.Now()
	out, err := cmd.CombinedOutput()
	took := time.Since(start)
	if err != nil {
		return sample{}, fmt.Errorf("%w: %s", err, out)
	}
	usage := cmd.ProcessState.SysUsage().(*syscall.Rusage)
	return sample{took.Seconds(), float64(usage.Maxrss) / 1024}, nil
}

func (c *comparison) print() {
	fmt.Println("| | sdk, s | rclone, s | times as fast | peak of sdk, MiB | of rclone |")
	fmt.Println("| --- | --- | --- | --- | --- | --- |")
	for _, name := range []string{"up", "unchanged", "unchanged, listing trusted", "down", "large up", "large down"} {
		sdk, rclone := c.seen[name+"/sdk"], c.seen[name+"/rclone"]
		if len(sdk) == 0 {
			continue
		}
		ours, theirs := median(sdk, func(s sample) float64 { return s.seconds }), median(rclone, func(s sample) float64 { return s.seconds })
		fmt.Printf("| %s | %.2f | %.2f | %.1f | %.0f | %.0f |\n", name, ours, theirs, theirs/ours,
			median(sdk, func(s sample) float64 { return s.peak }), median(rclone, func(s sample) float64 { return s.peak }))
	}
}

func median(samples []sample, of func(sample) float64) float64 {
	values := make([]float64, len(samples))
	for i, s := range samples {
		values[i] = of(s)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

// makeFiles makes a folder with files of noise, a hundred in each folder below.
func makeFiles(dir string, n, size int) error {
	random := rand.NewChaCha8([32]byte{})
	data := make([]byte, size)
	for i := range n {
		below := filepath.Join(dir, fmt.Sprintf("%03d", i/100))
		if i%100 == 0 {
			if err := os.MkdirAll(below, 0o755); err != nil {
				return err
			}
		}
		_, _ = random.Read(data)
		if err := os.WriteFile(filepath.Join(below, fmt.Sprintf("%05d.bin", i)), data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// makeFile makes a file of noise.
func makeFile(path string, size int64) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	random := rand.NewChaCha8([32]byte{1})
	data := make([]byte, 1<<20)
	for done := int64(0); done < size; done += int64(len(data)) {
		_, _ = random.Read(data)
		if _, err := f.Write(data[:min(int64(len(data)), size-done)]); err != nil {
			return errors.Join(err, f.Close())
		}
	}
	return f.Close()
}

func empty(ctx context.Context, storage *objectstorage.Client, container string) error {
	var names []string
	for entry, err := range storage.Objects.All(ctx, container, nil) {
		if err != nil {
			if strings.HasSuffix(container, "_segments") {
				return nil // no large file went up in parts
			}
			return err
		}
		names = append(names, entry.Name)
	}
	if _, err := storage.Objects.DeleteMany(ctx, container, names, 16); err != nil {
		return err
	}
	return storage.Containers.Delete(ctx, container)
}

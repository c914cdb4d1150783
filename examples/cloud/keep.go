package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// keeper keeps the state of a cloud in a file. Tokens, keys of clusters and
// credentials are in it, so that only its owner can read it.
type keeper struct {
	cloud *nhncloudtest.Server
	name  string
	every time.Duration // looks whether something was asked; 0 keeps it at the end only
	calls int           // that had come when it was kept last
}

// load loads the file, where it is there.
func (k *keeper) load() error {
	file, err := os.Open(k.name)
	if errors.Is(err, fs.ErrNotExist) {
		return k.save() // it can be written, or that is told at once
	}
	if err != nil {
		return err
	}
	defer file.Close()
	if err := k.cloud.LoadState(file); err != nil {
		return fmt.Errorf("%s: %w", k.name, err)
	}
	return nil
}

// save writes the state into a new file that takes the place of the old one, so
// that there is always a whole one.
func (k *keeper) save() error {
	calls := k.cloud.Count("")
	file, err := os.CreateTemp(filepath.Dir(k.name), filepath.Base(k.name)+".*.tmp") // with mode 0600
	if err != nil {
		return err
	}
	err = k.cloud.SaveState(file)
	err = errors.Join(err, file.Sync(), file.Close())
	if err == nil {
		err = os.Rename(file.Name(), k.name)
	}
	if err != nil {
		return errors.Join(err, os.Remove(file.Name()))
	}
	k.calls = calls
	return nil
}

// keep saves the state now and then after requests, and when the context ends. It
// tells of what goes wrong meanwhile, and goes on.
func (k *keeper) keep(ctx context.Context, problems io.Writer) error {
	var ticks <-chan time.Time
	if k.every > 0 {
		ticker := time.NewTicker(k.every)
		defer ticker.Stop()
		ticks = ticker.C
	}
	for {
		select {
		case <-ctx.Done():
			return k.save()
		case <-ticks:
			if k.cloud.Count("") == k.calls {
				continue
			}
			if err := k.save(); err != nil {
				fmt.Fprintf(problems, "cloud: the state is not kept: %v\n", err)
			}
		}
	}
}

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func do(t *testing.T, stdout, stderr io.Writer, args ...string) error {
	return program().Do(t.Context(), frame.Process{Args: args, Stdout: stdout, Stderr: stderr})
}

func TestRun(t *testing.T) {
	t.Parallel()
	var out, bars bytes.Buffer
	require.NoError(t, do(t, &out, &bars))
	assert.Equal(t, []string{
		"Files sent: 16, with 32.0 MiB. The same on both sides: 0.",
		"Files sent: 1, with 3.0 MiB. The same on both sides: 15.",
		"Files fetched: 16, with 33.0 MiB. The same on both sides: 0.",
		"Files fetched: 0, with 0.0 MiB. The same on both sides: 16.",
	}, strings.Split(strings.TrimSpace(out.String()), "\n"))
	assert.Equal(t, 4, strings.Count(bars.String(), "100%"), bars.String())
}

func TestFlags(t *testing.T) {
	t.Parallel()
	for want, args := range map[string][]string{
		"without -live it takes nothing else":             {"-dir", "x"},
		"-live needs -dir and -container":                 {"-live", "-dir", "x"},
		"flag provided but not defined: -nope":            {"-nope"},
		"invalid boolean value \"x\" for -live: parse er": {"-live=x"},
	} {
		require.ErrorContains(t, do(t, io.Discard, io.Discard, args...), want)
	}
}

// With -live the account comes from the environment.
func TestLive(t *testing.T) {
	cloud := nhncloudtest.Start(t)
	for _, variable := range cloud.Environ() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	here, there := t.TempDir(), t.TempDir()
	require.NoError(t, writeFile(filepath.Join(here, "a", "b"), 100))
	require.NoError(t, writeFile(filepath.Join(here, "empty"), 0))
	live := []string{"-live", "-container", "box", "-prefix", "p/", "-dir"}
	var out bytes.Buffer
	require.NoError(t, do(t, &out, io.Discard, append(live, here)...))
	require.NoError(t, do(t, &out, io.Discard, append(live, there, "-down")...))
	want, err := os.ReadFile(filepath.Join(here, "a", "b"))
	require.NoError(t, err)
	got, err := os.ReadFile(filepath.Join(there, "a", "b"))
	require.NoError(t, err)
	assert.Equal(t, want, got)

	// A file that differs is replaced only when that is wanted.
	require.NoError(t, writeFile(filepath.Join(there, "a", "b"), 50))
	require.ErrorIs(t, do(t, &out, io.Discard, append(live, there, "-down")...), os.ErrExist)
	out.Reset()
	require.NoError(t, do(t, &out, io.Discard, append(live, there, "-down", "-overwrite")...))
	assert.Equal(t, "Files fetched: 1, with 0.0 MiB. The same on both sides: 1.\n", out.String())
}

// cancelAtOnce cancels when the bar is drawn for the first time.
type cancelAtOnce context.CancelFunc

func (cancel cancelAtOnce) Write(p []byte) (int, error) {
	cancel()
	return len(p), nil
}

// An interrupted run leaves whole files only, and the next one goes on.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	here, there := filepath.Join(t.TempDir(), "here"), filepath.Join(t.TempDir(), "there")
	for _, name := range []string{"a", "b", "c", "d", "e", "f", "g", "h"} {
		require.NoError(t, writeFile(filepath.Join(here, name), 1<<20))
	}
	s := &syncer{container: "box", prefix: "p/"}
	require.NoError(t, s.connect(cloud.LookupEnv))
	for _, move := range []func(context.Context) error{
		func(ctx context.Context) error { return s.up(ctx, here) },
		func(ctx context.Context) error { return s.down(ctx, there) },
	} {
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		var out bytes.Buffer
		s.stdout, s.stderr = &out, cancelAtOnce(cancel)
		err := move(ctx)
		require.ErrorIs(t, err, context.Canceled)
		require.ErrorContains(t, err, "run it again")
		assert.NotContains(t, out.String(), ": 8, with")

		s.stderr = io.Discard
		require.NoError(t, move(t.Context()))
		require.NoError(t, move(t.Context()))
		assert.True(t, strings.HasSuffix(out.String(), ": 0, with 0.0 MiB. The same on both sides: 8.\n"), out.String())
	}
	files, err := os.ReadDir(there)
	require.NoError(t, err)
	assert.Len(t, files, 8)
}

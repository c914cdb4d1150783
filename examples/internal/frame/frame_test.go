package frame

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// try runs a program and returns what it printed to stdout.
func try(t *testing.T, p Program, input string, args ...string) (string, error) {
	t.Helper()
	var out bytes.Buffer
	p.Name, p.Does = "try", "tries"
	err := p.Do(t.Context(), Process{Args: args, Stdin: strings.NewReader(input), Stdout: &out, Stderr: io.Discard})
	return out.String(), err
}

func TestClouds(t *testing.T) {
	t.Parallel()
	var own *nhncloudtest.Server
	_, err := try(t, Program{Cloud: []nhncloudtest.Option{nhncloudtest.WithRegions("JP1")}, Run: func(_ context.Context, s *Stage) error {
		own = s.Cloud
		region, _ := s.LookupEnv("NHNCLOUD_REGION")
		assert.Equal(t, "JP1", region)
		assert.False(t, s.Live())
		return nil
	}}, "")
	require.NoError(t, err)
	_, err = http.Get(own.URL())
	require.Error(t, err, "the cloud of the program is closed at its end")

	given := nhncloudtest.Start(t)
	_, err = try(t, Program{Run: func(_ context.Context, s *Stage) error {
		assert.True(t, s.Live())
		assert.Nil(t, s.Cloud)
		name, ok := s.LookupEnv("PATH")
		assert.Equal(t, os.Getenv("PATH"), name)
		assert.True(t, ok)
		return nil
	}}, "", "-live")
	require.NoError(t, err)
	require.NoError(t, Program{Run: func(_ context.Context, s *Stage) error {
		assert.Same(t, given, s.Cloud)
		return nil
	}}.Do(t.Context(), Process{Cloud: given}))
	require.NoError(t, Program{OwnCloud: true, Run: func(_ context.Context, s *Stage) error {
		assert.Nil(t, s.Cloud)
		return nil
	}}.Do(t.Context(), Process{}))
}

func TestFlags(t *testing.T) {
	t.Parallel()
	var text string
	var deadline time.Time
	p := Program{
		Makes:   "something",
		Timeout: time.Hour,
		Flags:   func(flags *flag.FlagSet) { flags.StringVar(&text, "text", "a", "some `text`") },
		Run: func(ctx context.Context, _ *Stage) error {
			deadline, _ = ctx.Deadline()
			return nil
		},
	}
	out, err := try(t, p, "", "-h")
	require.NoError(t, err)
	assert.Equal(t, `Try tries.

usage: try [flags]

It works on an in-memory NHN Cloud and needs no account. With -live it works on
the real one, with the account that NHNCLOUD_* or OS_* name.

  -live
    	work on the real NHN Cloud
  -text text
    	some text (default "a")
  -timeout duration
    	give up after this time (default 1h0m0s)
  -yes
    	with -live: do not ask before it makes something
`, out)
	assert.Zero(t, deadline)

	start := time.Now()
	_, err = try(t, p, "", "-text", "b", "-timeout", "2h")
	require.NoError(t, err)
	assert.Equal(t, "b", text)
	assert.False(t, deadline.Before(start.Add(2*time.Hour)), deadline)

	for args, want := range map[string]string{
		"-nope":      "flag provided but not defined: -nope; -h says what it takes",
		"-live=x":    `invalid boolean value "x" for -live: parse error; -h says what it takes`,
		"-text b go": `it takes flags only, not "go"; -h says what it takes`,
	} {
		out, err := try(t, p, "", strings.Fields(args)...)
		require.EqualError(t, err, want)
		var usage *usageError
		require.ErrorAs(t, err, &usage)
		assert.Empty(t, out)
	}
}

func TestConfirm(t *testing.T) {
	t.Parallel()
	p := Program{Makes: "a thing", Run: func(ctx context.Context, s *Stage) error { return s.Confirm(ctx) }}
	const question = "This makes a thing on the real NHN Cloud. They may cost money until they are deleted, which this program does at its end.\n"
	for input, confirmed := range map[string]bool{"yes\n": true, " yes \n": true, "yes": true, "no\n": false, "y\n": false, "": false, "\nyes\n": false} {
		out, err := try(t, p, input, "-live")
		assert.Equal(t, question+"Type yes to go on: ", out)
		if confirmed {
			require.NoError(t, err, "%q", input)
		} else {
			require.EqualError(t, err, "nothing was done", "%q", input)
		}
	}
	out, err := try(t, p, "", "-live", "-yes")
	require.NoError(t, err)
	assert.Equal(t, question, out)
	out, err = try(t, p, "")
	require.NoError(t, err)
	assert.Empty(t, out)

	assert.PanicsWithValue(t, "frame: Making without Confirm", func() {
		_, _ = try(t, Program{Run: func(ctx context.Context, s *Stage) error {
			s.Making(ctx, "a thing")
			return nil
		}}, "", "-live")
	})
}

// make makes things, and has their names written down when they are deleted.
func (m maker) make(ctx context.Context, what string, last bool, failure error) {
	making := m.Making(ctx, what)
	making.Last = last
	making.Made(what, func(ctx context.Context) error {
		require.NoError(m.t, ctx.Err(), "what was made is deleted in time of its own")
		*m.deleted = append(*m.deleted, what)
		return failure
	})
}

type maker struct {
	*Stage
	t       *testing.T
	deleted *[]string
}

func TestCleanUp(t *testing.T) {
	t.Parallel()
	boom := errors.New("boom")
	for _, test := range []struct {
		name    string
		run     func(ctx context.Context, m maker) error
		deleted []string
		out     string
		err     string
	}{
		{"nothing made", func(context.Context, maker) error { return nil }, nil, "", ""},
		{"failed before", func(context.Context, maker) error { return boom }, nil, "", "boom"},
		{"the last first", func(ctx context.Context, m maker) error {
			m.make(ctx, "a", false, nil)
			m.make(ctx, "b", false, nil)
			m.make(ctx, "c", true, nil)
			return nil
		}, []string{"b", "a", "c"}, "Deleting b.\nDeleting a.\nDeleting c.\nEverything is gone again.\n", ""},
		{"failed after", func(ctx context.Context, m maker) error {
			m.make(ctx, "a", false, nil)
			return boom
		}, []string{"a"}, "Deleting a.\nEverything is gone again.\n", "boom"},
		{"gone already", func(ctx context.Context, m maker) error {
			m.make(ctx, "a", false, fmt.Errorf("a: %w", nhncloud.ErrNotFound))
			return nil
		}, []string{"a"}, "Deleting a.\nEverything is gone again.\n", ""},
		{"can't be deleted", func(ctx context.Context, m maker) error {
			m.make(ctx, "a", false, nil)
			m.make(ctx, "b", false, boom)
			return nil
		}, []string{"b", "a"}, "Deleting b.\nDeleting a.\n", "b was not deleted; please do it in the console: boom"},
		{"refused", func(ctx context.Context, m maker) error {
			m.make(ctx, "a", false, nil)
			return m.Making(ctx, "b").Failed(boom)
		}, []string{"a"}, "Deleting a.\nEverything is gone again.\n", "boom"},
		{"answer lost", func(ctx context.Context, m maker) error {
			return m.Making(ctx, "b").Failed(fmt.Errorf("b: %w", nhncloud.ErrUnavailable))
		}, nil, "", "b: " + nhncloud.ErrUnavailable.Error() + "\nb may be there, because the answer to the call got lost; please look in the console"},
		{"answer to another client lost", func(ctx context.Context, m maker) error {
			return m.Making(ctx, "b").Failed(&url.Error{Op: "Put", URL: "x", Err: io.EOF})
		}, nil, "", "Put \"x\": EOF\nb may be there, because the answer to the call got lost; please look in the console"},
		{"interrupted", func(ctx context.Context, m maker) error {
			ctx, cancel := context.WithCancel(ctx)
			making := m.Making(ctx, "a")
			cancel()
			require.NoError(m.t, making.Context.Err(), "what was begun is ended")
			making.Made("a", func(context.Context) error { return nil })
			return m.Making(ctx, "b").Failed(ctx.Err())
		}, nil, "Deleting a.\nEverything is gone again.\n", "context canceled"},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var deleted []string
			out, err := try(t, Program{Run: func(ctx context.Context, s *Stage) error { return test.run(ctx, maker{s, t, &deleted}) }}, "")
			assert.Equal(t, test.deleted, deleted)
			assert.Equal(t, test.out, out)
			if test.err == "" {
				require.NoError(t, err)
			} else {
				require.EqualError(t, err, test.err)
			}
		})
	}
}

// Whatever happens, what was made is deleted, then the folder, then the rest.
func TestPanic(t *testing.T) {
	t.Parallel()
	var order []string
	var folder string
	assert.PanicsWithValue(t, "boom", func() {
		_, _ = try(t, Program{Run: func(ctx context.Context, s *Stage) error {
			var err error
			folder, err = s.Folder()
			require.NoError(t, err)
			again, err := s.Folder()
			require.NoError(t, err)
			assert.Equal(t, folder, again)
			require.NoError(t, os.WriteFile(filepath.Join(folder, "file"), nil, 0o600))
			s.AtEnd(func() {
				assert.NoDirExists(t, folder)
				order = append(order, "end")
			})
			s.Making(ctx, "a").Made("a", func(context.Context) error {
				assert.FileExists(t, filepath.Join(folder, "file"))
				order = append(order, "a")
				return nil
			})
			panic("boom")
		}}, "")
	})
	assert.Equal(t, []string{"a", "end"}, order)
}

func TestProgress(t *testing.T) {
	t.Parallel()
	out, err := try(t, Program{Run: func(_ context.Context, s *Stage) error {
		options := s.Progress()
		for _, p := range []nhncloud.WaitProgress{
			{Resource: "server 1", Status: "BUILD"}, {Resource: "server 1", Status: "BUILD"}, {Err: errors.New("down")},
			{Resource: "server 1", Status: "ACTIVE"}, {Resource: "port 2", Status: "ACTIVE"}, {Status: "DOWN"},
		} {
			options.Progress(p)
		}
		return nil
	}}, "")
	require.NoError(t, err)
	assert.Equal(t, "  … server 1 BUILD\n  … could not look: down\n  … server 1 ACTIVE\n  … port 2 ACTIVE\n  … DOWN\n", out)
}

// What stays on purpose is told as well when the program is ended at once.
func TestAbandon(t *testing.T) {
	t.Parallel()
	var errs bytes.Buffer
	s := &Stage{Err: &errs, live: true, confirmed: true, program: Program{Name: "try"}}
	s.abandon()
	assert.Equal(t, "try: ended at once; left behind:\n  nothing\n", errs.String())
	errs.Reset()
	s.Making(t.Context(), "a").Made("a 1", nil)
	s.Making(t.Context(), "b").Made("b 2", func(context.Context) error { return nil })
	s.Keep("c")
	s.abandon()
	assert.Equal(t, "try: ended at once; left behind:\n  b 2\n  maybe a 1, which was being made\n  c\n", errs.String())
	errs.Reset()
	s.live = false
	s.abandon()
	assert.Equal(t, "try: ended at once; left behind:\n  nothing\n", errs.String())
}

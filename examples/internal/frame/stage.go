package frame

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// Stage is what a program has to work with.
type Stage struct {
	// LookupEnv is where the account stands, for [nhncloud.ConfigFrom]: the
	// environment with -live, and else what leads to the in-memory cloud.
	LookupEnv func(string) (string, bool)
	// Cloud is the in-memory cloud, and nil with -live.
	Cloud    *nhncloudtest.Server
	Out, Err io.Writer

	program   Program
	stdin     io.Reader
	live      bool
	confirmed bool
	timeout   time.Duration // 0 for none

	mu     sync.Mutex
	made   []*Making // what is there, in the order in which it was made
	used   bool      // something was made
	kept   []string  // what stays on purpose
	atEnd  []func()
	folder string // of the files that it makes; "" for none
}

// output is written to by a program and by what listens for signals.
type output struct {
	mu sync.Mutex
	w  io.Writer
}

// Write writes to what stands behind the output.
func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.w.Write(p)
}

// play runs the program, and deletes what it made, whatever happens.
func (s *Stage) play(ctx context.Context) (err error) {
	defer func() {
		s.removeFolder()
		for _, do := range s.atEnd {
			do()
		}
	}()
	if !s.live && s.Cloud == nil && !s.program.OwnCloud {
		s.Cloud = nhncloudtest.NewServer(s.program.Cloud...)
		defer s.Cloud.Close()
	}
	switch {
	case s.LookupEnv != nil:
	case s.Cloud != nil:
		s.LookupEnv = s.Cloud.LookupEnv
	default:
		s.LookupEnv = os.LookupEnv
	}
	defer func() { err = errors.Join(err, s.cleanUp(ctx)) }()
	if s.timeout > 0 {
		limited, cancel := context.WithTimeout(ctx, s.timeout)
		defer cancel()
		return s.program.Run(limited, s)
	}
	return s.program.Run(ctx, s)
}

// Live tells whether the program works on the real cloud.
func (s *Stage) Live() bool { return s.live }

// Say prints a line.
func (s *Stage) Say(format string, args ...any) { fmt.Fprintf(s.Out, format+"\n", args...) }

// Confirm asks before something is made on the real cloud, and returns an error
// where the answer is not yes. It is called when all is there that is needed.
func (s *Stage) Confirm(ctx context.Context) error {
	if !s.live {
		return nil
	}
	s.Say("This makes %s on the real NHN Cloud. They may cost money until they are deleted, which this program does at its end.", s.program.Makes)
	if s.confirmed {
		return nil
	}
	fmt.Fprint(s.Out, "Type yes to go on: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(s.stdin).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case given := <-answer:
		s.confirmed = given == "yes"
	case <-ctx.Done():
	}
	if !s.confirmed {
		return errors.New("nothing was done")
	}
	return nil
}

// AtEnd has a function called after all is deleted.
func (s *Stage) AtEnd(do func()) { s.atEnd = append(s.atEnd, do) }

// Folder returns a folder for files, which is removed at the end.
func (s *Stage) Folder() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder != "" {
		return s.folder, nil
	}
	folder, err := os.MkdirTemp("", s.program.Name)
	s.folder = folder
	return folder, err
}

func (s *Stage) removeFolder() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.folder == "" {
		return
	}
	if err := os.RemoveAll(s.folder); err != nil {
		fmt.Fprintf(s.Err, "%s: %s was not removed: %v\n", s.program.Name, s.folder, err)
	}
}

// Progress returns the options for a waiter that prints each new status, and
// what has it.
func (s *Stage) Progress() *nhncloud.WaitOptions {
	last := ""
	return &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		if p.Err != nil {
			s.Say("  … could not look: %v", p.Err)
			return
		}
		if now := strings.TrimSpace(p.Resource + " " + p.Status); now != last {
			s.Say("  … %s", now)
			last = now
		}
	}}
}

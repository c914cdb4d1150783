package frame

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// Program is an example. Without the flag -live it works on an in-memory NHN
// Cloud, with it on the real one.
type Program struct {
	Name string // of its folder
	Does string // one sentence that goes on after the name, for -h

	// Makes is what it makes with -live and deletes again. [Stage.Confirm] asks
	// before that.
	Makes string
	// Timeout is the default of a flag -timeout; 0 means that there is none.
	Timeout time.Duration
	// Flags adds flags of its own. It may be nil.
	Flags func(*flag.FlagSet)
	// Cloud are the options of the in-memory cloud.
	Cloud []nhncloudtest.Option
	// OwnCloud says that it has a cloud of its own, and so no -live.
	OwnCloud bool

	Run func(context.Context, *Stage) error
}

// Process is what a program has of the process that it runs in.
type Process struct {
	Args           []string // without the name
	Stdin          io.Reader
	Stdout, Stderr io.Writer
	Signals        <-chan os.Signal

	// LookupEnv is where the account is looked up; nil stands for the
	// environment with -live, and else for what leads to the in-memory cloud.
	LookupEnv func(string) (string, bool)
	// Cloud is the in-memory cloud to work on; nil makes a new one.
	Cloud *nhncloudtest.Server
}

// Main runs a program in this process, and ends it.
//
// The first SIGINT (Ctrl-C) or SIGTERM ends the context of the program, which
// then deletes what it made. The second one ends it at once; it says what is
// left behind. The exit code is 1 after a failure, 2 after wrong flags, and 128
// and the number of the signal after one.
func Main(p Program) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	err := p.Do(context.Background(), Process{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Signals: signals,
	})
	if err == nil {
		os.Exit(0)
	}
	fmt.Fprintf(os.Stderr, "%s: %v\n", p.Name, err)
	var usage *usageError
	var interrupted *interruption
	switch {
	case errors.As(err, &usage):
		os.Exit(2)
	case errors.As(err, &interrupted):
		os.Exit(interrupted.code())
	}
	os.Exit(1)
}

// Do runs the program. Only a second signal ends the process.
func (p Program) Do(ctx context.Context, process Process) error {
	s := &Stage{Out: &output{w: process.Stdout}, Err: &output{w: process.Stderr}, Cloud: process.Cloud, LookupEnv: process.LookupEnv,
		program: p, stdin: process.Stdin}
	flags := p.flags(s)
	err := flags.Parse(process.Args)
	switch {
	case errors.Is(err, flag.ErrHelp):
		p.usage(s.Out, flags)
		return nil
	case err == nil && flags.NArg() > 0:
		return &usageError{fmt.Errorf("it takes flags only, not %q", flags.Arg(0))}
	case err != nil:
		return &usageError{err}
	}

	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := make(chan struct{})
	defer close(ended)
	go s.listen(process.Signals, stop, ended)
	err = s.play(ctx)
	var interrupted *interruption
	if err != nil && errors.As(context.Cause(ctx), &interrupted) {
		return fmt.Errorf("%w: %w", interrupted, err)
	}
	return err
}

func (p Program) flags(s *Stage) *flag.FlagSet {
	flags := flag.NewFlagSet(p.Name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if !p.OwnCloud {
		flags.BoolVar(&s.live, "live", false, "work on the real NHN Cloud")
	}
	if p.Makes != "" {
		flags.BoolVar(&s.confirmed, "yes", false, "with -live: do not ask before it makes something")
	}
	if p.Timeout > 0 {
		flags.DurationVar(&s.timeout, "timeout", p.Timeout, "give up after this time")
	}
	if p.Flags != nil {
		p.Flags(flags)
	}
	return flags
}

// usageError says what is wrong with the flags.
type usageError struct{ err error }

func (u *usageError) Error() string { return u.err.Error() + "; -h says what it takes" }
func (u *usageError) Unwrap() error { return u.err }

func (p Program) usage(w io.Writer, flags *flag.FlagSet) {
	fmt.Fprintf(w, "%s%s %s.\n\nusage: %s [flags]\n\n", strings.ToUpper(p.Name[:1]), p.Name[1:], p.Does, p.Name)
	if !p.OwnCloud {
		fmt.Fprint(w, "It works on an in-memory NHN Cloud and needs no account. With -live it works on\n"+
			"the real one, with the account that NHNCLOUD_* or OS_* name.\n\n")
	}
	flags.SetOutput(w)
	flags.PrintDefaults()
}

// interruption is the signal that ended the context of a program.
type interruption struct{ signal os.Signal }

func (i *interruption) Error() string { return i.signal.String() }

func (i *interruption) code() int {
	if number, ok := i.signal.(syscall.Signal); ok {
		return 128 + int(number)
	}
	return 1
}

// listen waits for signals until the program has ended.
func (s *Stage) listen(signals <-chan os.Signal, stop context.CancelCauseFunc, ended <-chan struct{}) {
	select {
	case signal := <-signals:
		fmt.Fprintf(s.Err, "%s: %s: cleaning up; the next signal ends it at once\n", s.program.Name, signal)
		stop(&interruption{signal})
	case <-ended:
		return
	}
	select {
	case signal := <-signals:
		s.abandon()
		os.Exit((&interruption{signal}).code())
	case <-ended:
	}
}

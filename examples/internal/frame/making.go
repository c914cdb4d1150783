package frame

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

const (
	makingTime  = time.Minute      // for a call that makes something
	cleanUpTime = 30 * time.Minute // for deleting all of it, such as a Kubernetes cluster
)

// Making is something that a program makes and deletes again.
type Making struct {
	// Context is for the call that makes it. The first signal does not end it:
	// cut off half way, something could be there without the program knowing.
	Context context.Context
	// Last says that it can be deleted only after all that was made before.
	Last bool

	stage  *Stage
	cancel context.CancelFunc
	what   string
	undo   func(context.Context) error // nil as long as nobody knows whether it is there
}

// Making begins to make something of a name. [Making.Made] or [Making.Failed]
// is called as soon as it is known whether it is there.
func (s *Stage) Making(ctx context.Context, what string) *Making {
	if s.live && !s.confirmed {
		panic("frame: Making without Confirm")
	}
	m := &Making{stage: s, what: what, Context: ctx, cancel: func() {}}
	if ctx.Err() != nil {
		return m // nothing new is begun
	}
	m.Context, m.cancel = context.WithTimeout(context.WithoutCancel(ctx), makingTime)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = append(s.made, m)
	return m
}

// Made says what was made, best with its id, and how it is deleted.
func (m *Making) Made(what string, undo func(context.Context) error) {
	m.cancel()
	s := m.stage
	s.mu.Lock()
	defer s.mu.Unlock()
	m.what, m.undo = what, undo
	s.used = true
	if m.Last {
		s.made = slices.DeleteFunc(s.made, func(other *Making) bool { return other == m })
		s.made = slices.Insert(s.made, 0, m)
	}
}

// Failed returns the error that it is given. Where that does not tell whether
// something was made, the program says so at its end.
func (m *Making) Failed(err error) error {
	m.cancel()
	if !unclear(err) {
		m.stage.forget(m)
	}
	return err
}

// unclear reports whether a call that failed may have done its work.
func unclear(err error) bool {
	for _, kind := range []error{nhncloud.ErrUnavailable, nhncloud.ErrServerFault, nhncloud.ErrBadAnswer, context.DeadlineExceeded} {
		if errors.Is(err, kind) {
			return true
		}
	}
	var network net.Error // of a client that is not the SDK
	return errors.As(err, &network)
}

func (s *Stage) forget(m *Making) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made = slices.DeleteFunc(s.made, func(other *Making) bool { return other == m })
}

// Keep says what the program leaves where it is, also when it is ended at once.
func (s *Stage) Keep(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.kept = append(s.kept, what)
}

// there is what there is, in the order in which it is to be deleted.
func (s *Stage) there() []*Making {
	s.mu.Lock()
	defer s.mu.Unlock()
	there := slices.Clone(s.made)
	slices.Reverse(there)
	return there
}

// cleanUp deletes what was made, in time of its own.
func (s *Stage) cleanUp(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
	defer cancel()
	var failed error
	for _, m := range s.there() {
		if m.undo == nil {
			failed = errors.Join(failed, fmt.Errorf("%s may be there, because the answer to the call got lost; please look in the console", m.what))
			continue
		}
		s.Say("Deleting %s.", m.what)
		if err := m.undo(ctx); err != nil && !errors.Is(err, nhncloud.ErrNotFound) {
			failed = errors.Join(failed, fmt.Errorf("%s was not deleted; please do it in the console: %w", m.what, err))
			continue
		}
		s.forget(m)
	}
	if s.used && failed == nil {
		s.Say("Everything is gone again.")
	}
	return failed
}

// abandon says what a program leaves behind that is about to end at once.
func (s *Stage) abandon() {
	s.removeFolder()
	var left []string
	if s.live {
		for _, m := range s.there() {
			if m.undo == nil {
				left = append(left, "maybe "+m.what+", which was being made")
				continue
			}
			left = append(left, m.what)
		}
		s.mu.Lock()
		left = append(left, s.kept...)
		s.mu.Unlock()
	}
	if len(left) == 0 {
		left = []string{"nothing"}
	}
	fmt.Fprintf(s.Err, "%s: ended at once; left behind:\n  %s\n", s.program.Name, strings.Join(left, "\n  "))
}

package nks

import (
	"fmt"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// What can be done to a cluster, a node group or an add-on.
const (
	creating = "CREATE"
	updating = "UPDATE"
	deleting = "DELETE"

	inProgress = "_IN_PROGRESS"
	complete   = "_COMPLETE"
	broken     = "_FAILED"
)

// state is how far something is.
type state struct {
	status           string
	reason           string
	created, updated time.Time
}

func (st *state) set(at time.Time, status, reason string) {
	if st.created.IsZero() {
		st.created = at
	} else {
		st.updated = at
	}
	st.status, st.reason = status, reason
}

// part is something that a task does something to.
type part struct {
	*state
	doing string
	words string // the reason when all went well
}

// task is a change that takes a while. While it is under way, no other one can
// begin on the same cluster.
type task struct {
	event       string // type of the event that tells of it
	about       resource
	parts       []part
	transitions int                     // how long it takes; 1 when it is 0
	start       func() (problem string) // what is done at once
	end         frame.Deed              // what is true at its end; a trial may still go wrong
}

// begin begins a task. An injected failure is known from the start: nothing is
// done then.
func (cl *cluster) begin(now time.Time, t task) {
	s := cl.project.service
	cl.pending.Cancel()
	cl.interrupt(now)
	e := cl.tell(now, t.event, t.about)
	for _, p := range t.parts {
		p.set(now, p.doing+inProgress, "")
	}
	problem := s.failureOf(t.event)
	if problem == "" && t.start != nil {
		problem = t.start()
	}
	wait := time.Duration(max(t.transitions, 1)) * s.frame.Transition
	cl.pending = s.frame.Plan(now.Add(wait), taskOver{e, t.parts, problem, t.end})
}

// trial is a deed before which something can still go wrong.
type trial interface{ try() error }

// taskOver ends a task, well where there was no problem.
type taskOver struct {
	event   *event
	parts   []part
	problem string
	end     frame.Deed
}

func (d taskOver) Happen(at time.Time) {
	if t, ok := d.end.(trial); ok && d.problem == "" {
		if err := t.try(); err != nil {
			d.problem = err.Error()
		}
	}
	d.event.end(at, d.problem)
	for _, p := range d.parts {
		if d.problem != "" {
			p.set(at, p.doing+broken, d.problem)
		} else {
			p.set(at, p.doing+complete, p.words)
		}
	}
	if d.problem == "" && d.end != nil {
		d.end.Happen(at)
	}
}

// interrupt ends the event of what a deletion does not let come to its end.
func (cl *cluster) interrupt(now time.Time) {
	for _, e := range cl.events {
		if e.state == eventInProgress {
			e.end(now, "Interrupted by the deletion of the cluster.")
		}
	}
}

// free refuses a change while another one is under way, or after one that left
// nothing to change.
func (cl *cluster) free(doing string) *frame.Reply {
	if slices.Contains([]string{creating + complete, updating + complete, updating + broken}, cl.status) {
		return nil
	}
	return unsupported(`%s a cluster when status is "%s"`, doing, cl.status)
}

// update begins a change of a cluster that is about the cluster alone.
func (cl *cluster) update(now time.Time, event string, end frame.Deed) {
	cl.begin(now, task{event: event, about: cl.resource(), parts: []part{{state: cl.state, doing: updating}}, end: end})
}

// update begins a change of a node group.
func (g *nodeGroup) update(now time.Time, t task) {
	t.about = g.resource()
	t.parts = []part{{state: g.cluster.state, doing: updating}, g.part(updating)}
	g.cluster.begin(now, t)
}

func (g *nodeGroup) part(doing string) part {
	return part{g.state, doing, "Stack " + doing + " completed successfully"}
}

// failure is one that is to come.
type failure struct{ event, reason string }

// FailNext makes the next task whose event has a type end in failure.
func (s *Service) FailNext(event, reason string) error {
	switch {
	case eventTypes[event] == "":
		return fmt.Errorf("no such type of event: %q", event)
	case reason == "":
		return fmt.Errorf("no reason for %s to fail", event)
	}
	s.frame.Lock()
	defer s.frame.Unlock()
	s.failures = append(s.failures, failure{event, reason})
	return nil
}

// failureOf takes the failure that was meant for a task, if any.
func (s *Service) failureOf(event string) string {
	for i, f := range s.failures {
		if f.event == event {
			s.failures = slices.Delete(s.failures, i, i+1)
			return f.reason
		}
	}
	return ""
}

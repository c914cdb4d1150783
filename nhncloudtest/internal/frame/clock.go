package frame

import (
	"slices"
	"time"
)

// clock is the time of the cloud: the machine's own plus an offset, or one
// that stands still. The lock of the frame guards it.
type clock struct {
	manual bool
	at     time.Time     // manual: the time it is
	offset time.Duration // not manual: how far it was moved
}

func (c *clock) now() time.Time {
	if c.manual {
		return c.at
	}
	return time.Now().Add(c.offset).UTC()
}

func (c *clock) advance(d time.Duration) {
	if c.manual {
		c.at = c.at.Add(d)
		return
	}
	c.offset += d
}

// Event is something that comes true at its time: a server gets ready, a
// volume is detached.
type Event struct {
	due  time.Time
	deed Deed // nil when it has happened, or is not to
}

// Deed is what happens at the time of an event. A struct that says what is done
// with what, rather than a function, can be saved with the state of the cloud.
type Deed interface{ Happen(at time.Time) }

// Cancel makes sure that the event does not happen; nil is fine.
func (e *Event) Cancel() {
	if e != nil {
		e.deed = nil
	}
}

// Agenda holds the events to come, earliest first; those of the same time
// happen in the order in which they were planned.
type Agenda struct{ events []*Event }

// Plan puts an event in.
func (a *Agenda) Plan(at time.Time, deed Deed) *Event {
	e := &Event{due: at, deed: deed}
	i, _ := slices.BinarySearchFunc(a.events, at, func(e *Event, at time.Time) int {
		if e.due.After(at) {
			return 1
		}
		return -1 // an equal time counts as earlier: the new one goes behind
	})
	a.events = slices.Insert(a.events, i, e)
	return e
}

// Settle lets everything happen that is due, also what those events plan in
// turn.
func (a *Agenda) Settle(now time.Time) {
	for len(a.events) > 0 && !a.events[0].due.After(now) {
		e := a.events[0]
		a.events = a.events[1:]
		if deed := e.deed; deed != nil {
			e.deed = nil
			deed.Happen(e.due)
		}
	}
}

package frame

import (
	"slices"
	"time"
)

// State is what a service keeps, for the cloud to save and load. All of it is one
// graph: things of one service may point to things of another.
type State struct {
	Name string // of the service
	// Roots are pointers to the fields that lead to all that is saved, by names
	// that stay. A field with the tag state:"-" in what they lead to is left out.
	Roots map[string]any
	// Anchors are pointers to what every cloud has anyway, by names that stay:
	// they are saved by name.
	Anchors map[string]any
	// Kinds are values of the types that stand behind interfaces, such as deeds.
	Kinds []any
	// Lock guards the roots besides the lock of the frame, where it is there.
	Lock, Unlock func()
	// Leave is called when what there was is about to be replaced, where it is there.
	Leave func()
	// Loaded is called when all has been loaded, with the lock of the frame.
	Loaded func(now time.Time)
}

// State is that of the frame itself. The caller holds the lock.
func (f *Frame) State() State {
	anchors := map[string]any{"": f}
	for _, rg := range f.Regions {
		anchors["region "+rg.Name] = rg
	}
	f.agenda.tidy()
	return State{Name: "frame", Roots: map[string]any{"agenda": &f.agenda}, Anchors: anchors}
}

// tidy drops events that are not to happen.
func (a *Agenda) tidy() {
	a.events = slices.DeleteFunc(a.events, func(e *Event) bool { return e.deed == nil })
}

// Offset is how far the cloud's time is ahead of the machine's, or 0 where it
// stands still. The caller holds the lock.
func (f *Frame) Offset() time.Duration { return f.clock.offset }

// Resume sets the time on from what it was when the state was saved. It never goes
// back: whatever is saved has happened. The caller holds the lock.
func (f *Frame) Resume(saved time.Time, offset time.Duration) time.Time {
	c := &f.clock
	if c.manual {
		if c.at.Before(saved) {
			c.at = saved
		}
		return c.at
	}
	c.offset = max(c.offset, offset)
	if now := c.now(); now.Before(saved) {
		c.offset += saved.Sub(now)
	}
	return c.now()
}

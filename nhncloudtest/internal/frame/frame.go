package frame

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Config says how a [Frame] works.
type Config struct {
	URL         string // where the cloud listens
	RegionNames []string
	Manual      bool             // the clock stands still at Start
	Start       time.Time        // of a manual clock
	Transition  time.Duration    // how long a change takes
	PageDefault int              // elements of a page when the request names no limit
	PageMax     int              // and how many it has at most
	Latency     [2]time.Duration // how long each request takes at least: between these
	Elsewhere   http.Handler     // answers paths that belong to no service; nil for a 404
}

// Frame is what all services of a cloud stand in.
type Frame struct {
	Config
	Regions []*Region
	APIs    []*API // set by Use, as all below it

	operations map[string][]string // the methods of documented calls, by their ids

	Records Records
	Faults  Faults

	http     *http.Server
	closing  chan struct{}  // closed when Close begins
	served   chan struct{}  // closed when no connection is accepted any more
	conns    sync.WaitGroup // connections
	inFlight sync.WaitGroup // requests

	mu     sync.Mutex // guards all below, and what the services keep
	clock  clock
	agenda Agenda
}

// Region is one region of the cloud.
type Region struct {
	Name   string
	Prefix string // of the paths; the first region has none
	Zones  []string
}

// DefaultZone is where something is put that asks for no zone. It is the same
// for servers and volumes, so that these can be attached to those.
func (rg *Region) DefaultZone() string { return rg.Zones[0] }

// Place is where a tenant has things: in one region.
type Place struct {
	Region *Region
	Tenant string // id
}

// New makes a frame without services.
func New(cfg Config) *Frame {
	f := &Frame{
		Config:  cfg,
		closing: make(chan struct{}),
		served:  make(chan struct{}),
		clock:   clock{manual: cfg.Manual, at: cfg.Start},
	}
	for i, name := range cfg.RegionNames {
		rg := &Region{Name: name, Zones: zonesOf(name)}
		if i > 0 {
			rg.Prefix = "/" + strings.ToLower(name)
		}
		f.Regions = append(f.Regions, rg)
	}
	return f
}

// zonesOf names the two zones of a region as the public cloud does.
func zonesOf(region string) []string {
	stem := strings.ToLower(region)
	if stem == "kr1" || stem == "jp1" {
		stem = stem[:2]
	}
	return []string{stem + "-pub-a", stem + "-pub-b"}
}

// Endpoint is where the service of a type is in a region, without its version.
func (f *Frame) Endpoint(region, kind string) (string, bool) {
	for _, rg := range f.Regions {
		if !strings.EqualFold(rg.Name, region) {
			continue
		}
		for _, api := range f.APIs {
			if kind == "" || api.Catalog.Type != kind {
				continue
			}
			if api.Catalog.Everywhere {
				rg = f.Regions[0]
			}
			name, _, _ := strings.Cut(strings.TrimPrefix(api.Catalog.Path, "/"), "/")
			return f.URL + rg.Prefix + "/" + name, true
		}
	}
	return "", false
}

// Lock takes the lock that guards the clock and what the services keep.
// Handlers run under it.
func (f *Frame) Lock() { f.mu.Lock() }

// Unlock gives the lock back.
func (f *Frame) Unlock() { f.mu.Unlock() }

// Outside lets others in while one who holds the lock does something slow.
func (f *Frame) Outside(slow func()) {
	f.mu.Unlock()
	defer f.mu.Lock()
	slow()
}

// Time is the cloud's time, for those who hold the lock.
func (f *Frame) Time() time.Time { return f.clock.now() }

// Now is the cloud's time, for those who don't.
func (f *Frame) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.clock.now()
}

// Settle lets everything happen that is due and gives the time. The caller
// holds the lock.
func (f *Frame) Settle() time.Time {
	now := f.clock.now()
	f.agenda.Settle(now)
	return now
}

// Advance moves the cloud's time on, and with it what is due by then.
func (f *Frame) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.clock.advance(d)
	f.Settle()
}

// Plan plans a deed for a time. The caller holds the lock.
func (f *Frame) Plan(at time.Time, deed Deed) *Event { return f.agenda.Plan(at, deed) }

// After plans a deed for when a transition is over.
func (f *Frame) After(from time.Time, deed Deed) *Event {
	return f.Plan(from.Add(f.Transition), deed)
}

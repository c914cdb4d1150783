package objectstorage

import (
	"bytes"
	"fmt"
	"net/http"
	"slices"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// store is object storage in one region.
type store struct {
	blobs *blob.Store

	mu       sync.Mutex // guards all below
	accounts map[string]*Account
	agenda   frame.Agenda // when objects expire
	last     time.Time
}

// Account is a storage account; its name is AUTH_ and a tenant.
type Account struct {
	name       string
	created    time.Time
	meta       map[string]string // X-Account-Meta-…
	containers map[string]*Container
	names      nameIndex
	window     time.Time // when the second began in which writes are counted
	writes     int
}

// Container is a container. What was set by headers is kept and given
// back under the same names.
type Container struct {
	name     string
	account  *Account
	created  time.Time
	put      time.Time
	class    string // storage class
	settings map[string]string
	policy   *containerPolicy
	objects  map[string]*Object
	names    nameIndex
	bytes    int64
}

// Object is an object. Its data never change: what overwrites an object
// is a new one.
type Object struct {
	name        string
	container   *Container
	data        *blob.Blob // of a manifest: the JSON of the static one
	etag        string
	contentType string
	meta        http.Header // X-Object-Meta-… and the few others that are kept
	stamp       time.Time
	deleteAt    int64 // Unix time; 0 for never
	retainUntil int64 // Unix time until which the object is locked
	slo         *sloManifest
	expiry      *frame.Event
}

func newAccount(name string, now time.Time) *Account {
	return &Account{name: name, created: now, meta: map[string]string{}, containers: map[string]*Container{}}
}

// add makes a container.
func (a *Account) add(name string, now time.Time) *Container {
	cont := &Container{
		name: name, account: a, created: now, put: now, class: "standard",
		settings: map[string]string{}, objects: map[string]*Object{},
	}
	a.containers[name] = cont
	a.names.add(name)
	return cont
}

// stamp is the time for a change, in steps of 10 µs. No two changes have the
// same, even where the clock stands still.
func (s *store) stamp(now time.Time) time.Time {
	const step = 10 * time.Microsecond
	t := now.UTC().Truncate(step)
	if !t.After(s.last) {
		t = s.last.Add(step)
	}
	s.last = t
	return t
}

// put makes an object the current one of its name.
func (s *store) put(cont *Container, o *Object) {
	if old := cont.objects[o.name]; old != nil {
		s.drop(old)
	} else {
		cont.names.add(o.name)
	}
	o.container = cont
	cont.objects[o.name] = o
	cont.bytes += o.data.Size
	s.planExpiry(o)
}

// remove takes an object out of its container.
func (s *store) remove(o *Object) {
	s.drop(o)
	delete(o.container.objects, o.name)
	o.container.names.remove(o.name)
}

// drop lets go of what an object holds.
func (s *store) drop(o *Object) {
	o.expiry.Cancel()
	o.container.bytes -= o.data.Size
	o.data.Release()
}

// object finds an object by container and name; nil when it is not there.
func (a *Account) object(container, name string) *Object {
	if cont := a.containers[container]; cont != nil {
		return cont.objects[name]
	}
	return nil
}

// Times as Swift writes them.
func unixStamp(t time.Time) string { return fmt.Sprintf("%d.%05d", t.Unix(), t.Nanosecond()/10_000) }

// wholeSecond is the time rounded up, for Last-Modified.
func wholeSecond(t time.Time) time.Time {
	if t.Nanosecond() == 0 {
		return t
	}
	return t.Truncate(time.Second).Add(time.Second)
}

func lastModified(t time.Time) string { return wholeSecond(t).UTC().Format(http.TimeFormat) }

// validName tells whether a name is UTF-8 without a NUL; an empty one is.
func validName(name string) bool {
	return utf8.ValidString(name) && !bytes.Contains([]byte(name), []byte{0})
}

// nameIndex holds names for lists. It sorts them when somebody looks.
type nameIndex struct {
	names []string
	dirty bool // not in order, or with names that are gone
}

func (x *nameIndex) add(name string) {
	if n := len(x.names); n > 0 && x.names[n-1] >= name {
		x.dirty = true
	}
	x.names = append(x.names, name)
}

func (x *nameIndex) remove(name string) {
	if n := len(x.names); !x.dirty && n > 0 && x.names[n-1] == name {
		x.names = x.names[:n-1]
		return
	}
	x.dirty = true
}

// sorted are the names that are there, in the order of their bytes.
func (x *nameIndex) sorted(there func(string) bool) []string {
	if x.dirty {
		x.names = slices.DeleteFunc(x.names, func(name string) bool { return !there(name) })
		slices.Sort(x.names)
		x.names = slices.Compact(x.names)
		x.dirty = false
	}
	return x.names
}

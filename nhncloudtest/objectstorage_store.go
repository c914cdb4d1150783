package nhncloudtest

import (
	"bytes"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"
)

// swiftStore is object storage in one region.
type swiftStore struct {
	blobs *blobs

	mu       sync.Mutex // guards all below
	accounts map[string]*swiftAccount
	agenda   agenda // when objects expire
	last     time.Time
}

// swiftAccount is a storage account; its name is AUTH_ and a tenant.
type swiftAccount struct {
	name       string
	created    time.Time
	meta       map[string]string // X-Account-Meta-…
	containers map[string]*swiftContainer
	names      nameIndex
	window     time.Time // when the second began in which writes are counted
	writes     int
}

// swiftContainer is a container. What was set by headers is kept and given
// back under the same names.
type swiftContainer struct {
	name     string
	account  *swiftAccount
	created  time.Time
	put      time.Time
	class    string // storage class
	settings map[string]string
	policy   *containerPolicy
	objects  map[string]*swiftObject
	names    nameIndex
	bytes    int64
}

// swiftObject is an object. Its data never change: what overwrites an object
// is a new one.
type swiftObject struct {
	name        string
	container   *swiftContainer
	data        *blob // of a manifest: the JSON of the static one
	etag        string
	contentType string
	meta        http.Header // X-Object-Meta-… and the few others that are kept
	stamp       time.Time
	deleteAt    int64 // Unix time; 0 for never
	retainUntil int64 // Unix time until which the object is locked
	slo         *sloManifest
	expiry      *event
}

func newSwiftAccount(name string, now time.Time) *swiftAccount {
	return &swiftAccount{name: name, created: now, meta: map[string]string{}, containers: map[string]*swiftContainer{}}
}

// add makes a container.
func (a *swiftAccount) add(name string, now time.Time) *swiftContainer {
	cont := &swiftContainer{
		name: name, account: a, created: now, put: now, class: "standard",
		settings: map[string]string{}, objects: map[string]*swiftObject{},
	}
	a.containers[name] = cont
	a.names.add(name)
	return cont
}

// stamp is the time for a change, in steps of 10 µs. No two changes have the
// same, even where the clock stands still.
func (s *swiftStore) stamp(now time.Time) time.Time {
	const step = 10 * time.Microsecond
	t := now.UTC().Truncate(step)
	if !t.After(s.last) {
		t = s.last.Add(step)
	}
	s.last = t
	return t
}

// put makes an object the current one of its name.
func (s *swiftStore) put(cont *swiftContainer, o *swiftObject) {
	if old := cont.objects[o.name]; old != nil {
		s.drop(old)
	} else {
		cont.names.add(o.name)
	}
	o.container = cont
	cont.objects[o.name] = o
	cont.bytes += o.data.size
	s.planExpiry(o)
}

// remove takes an object out of its container.
func (s *swiftStore) remove(o *swiftObject) {
	s.drop(o)
	delete(o.container.objects, o.name)
	o.container.names.remove(o.name)
}

// drop lets go of what an object holds.
func (s *swiftStore) drop(o *swiftObject) {
	o.expiry.cancel()
	o.container.bytes -= o.data.size
	o.data.release()
}

// object finds an object by container and name; nil when it is not there.
func (a *swiftAccount) object(container, name string) *swiftObject {
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

// Data.

// inMemory is how large an object can be that is kept in memory.
const inMemory = 1 << 20

// blobs keeps the data that are too large for memory in files.
type blobs struct {
	base string // directory for the directory

	mu   sync.Mutex
	dir  string
	done bool
}

// create makes a file.
func (b *blobs) create() (*os.File, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.done {
		return nil, errors.New("the cloud is closed")
	}
	if b.dir == "" {
		dir, err := os.MkdirTemp(b.base, "nhncloudtest-")
		if err != nil {
			return nil, err
		}
		b.dir = dir
	}
	return os.CreateTemp(b.dir, "object-")
}

// close removes all files.
func (b *blobs) close() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done = true
	if b.dir != "" {
		_ = os.RemoveAll(b.dir)
	}
}

// blob is data that don't change. Objects and readers hold it; it goes away
// when the last of them lets go.
type blob struct {
	size    int64
	memory  []byte
	file    string
	holders atomic.Int64
}

func (b *blob) retain() { b.holders.Add(1) }

func (b *blob) release() {
	if b.holders.Add(-1) == 0 && b.file != "" {
		_ = os.Remove(b.file)
	}
}

// memoryBlob makes a blob of bytes, held once.
func memoryBlob(data []byte) *blob {
	b := &blob{size: int64(len(data)), memory: data}
	b.retain()
	return b
}

// blobWriter takes data in.
type blobWriter struct {
	blobs  *blobs
	memory bytes.Buffer
	file   *os.File
	size   int64
	sum    hash.Hash
}

// newBlobWriter expects so many bytes; -1 means that nobody knows.
func newBlobWriter(b *blobs, expected int64) *blobWriter {
	w := &blobWriter{blobs: b, sum: md5.New()}
	if expected > 0 && expected <= inMemory {
		w.memory.Grow(int(expected))
	}
	return w
}

func (w *blobWriter) Write(p []byte) (int, error) {
	w.size += int64(len(p))
	_, _ = w.sum.Write(p)
	if w.file == nil && w.size <= inMemory {
		return w.memory.Write(p)
	}
	if w.file == nil {
		file, err := w.blobs.create()
		if err != nil {
			return 0, fmt.Errorf("%w: %w", errNoSpace, err)
		}
		w.file = file
		if _, err := w.file.Write(w.memory.Bytes()); err != nil {
			return 0, fmt.Errorf("%w: %w", errNoSpace, err)
		}
		w.memory = bytes.Buffer{}
	}
	n, err := w.file.Write(p)
	if err != nil {
		err = fmt.Errorf("%w: %w", errNoSpace, err)
	}
	return n, err
}

var errNoSpace = errors.New("cannot keep the object")

// finish makes the blob, held once, and the MD5 sum of what is in it.
func (w *blobWriter) finish() (*blob, string, error) {
	sum := hex.EncodeToString(w.sum.Sum(nil))
	if w.file == nil {
		return memoryBlob(bytes.Clone(w.memory.Bytes())), sum, nil
	}
	b := &blob{size: w.size, file: w.file.Name()}
	b.retain()
	if err := w.file.Close(); err != nil {
		b.release()
		return nil, "", fmt.Errorf("%w: %w", errNoSpace, err)
	}
	return b, sum, nil
}

// discard drops what was written.
func (w *blobWriter) discard() {
	if w.file != nil {
		_ = w.file.Close()
		_ = os.Remove(w.file.Name())
	}
}

// part is a piece of a blob. Without a blob it stands for a segment that is
// gone.
type part struct {
	blob   *blob
	off, n int64
}

func (b *blob) whole() part { return part{blob: b, n: b.size} }

// cutParts is what lies in a range of the parts put together.
func cutParts(parts []part, off, n int64) []part {
	var out []part
	for _, p := range parts {
		skip := min(off, p.n)
		take := min(p.n-skip, n)
		off, n = off-skip, n-take
		if take > 0 {
			out = append(out, part{blob: p.blob, off: p.off + skip, n: take})
		}
	}
	return out
}

func sizeOf(parts []part) int64 {
	var n int64
	for _, p := range parts {
		n += p.n
	}
	return n
}

// content reads parts one after the other. It holds their blobs until it is
// closed.
type content struct {
	size  int64
	parts []part
	next  int
	cur   io.Reader
	file  *os.File
}

func newContent(parts []part) *content {
	for _, p := range parts {
		if p.blob != nil {
			p.blob.retain()
		}
	}
	return &content{size: sizeOf(parts), parts: parts}
}

var errSegmentGone = errors.New("a segment is gone")

func (c *content) Read(p []byte) (int, error) {
	for {
		if c.cur != nil {
			if n, err := c.cur.Read(p); n > 0 || err != io.EOF {
				return n, err
			}
		}
		if c.next == len(c.parts) {
			return 0, io.EOF
		}
		if err := c.open(c.parts[c.next]); err != nil {
			return 0, err
		}
		c.next++
	}
}

func (c *content) open(p part) error {
	c.closeFile()
	switch {
	case p.blob == nil:
		return errSegmentGone
	case p.blob.file == "":
		c.cur = bytes.NewReader(p.blob.memory[p.off : p.off+p.n])
	default:
		file, err := os.Open(p.blob.file)
		if err != nil {
			return err
		}
		c.file, c.cur = file, io.NewSectionReader(file, p.off, p.n)
	}
	return nil
}

func (c *content) closeFile() {
	c.cur = nil
	if c.file != nil {
		_ = c.file.Close()
		c.file = nil
	}
}

// Close lets go of the blobs.
func (c *content) Close() {
	c.closeFile()
	for _, p := range c.parts {
		if p.blob != nil {
			p.blob.release()
		}
	}
	c.parts, c.next = nil, 0
}

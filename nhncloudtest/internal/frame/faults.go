package frame

import (
	"fmt"
	"math"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault is trouble to come; the package in front documents its fields.
type Fault struct {
	Method, Path, Operation string
	After, Times            int
	Delay                   time.Duration
	Reset                   bool
	Status                  int
	Body                    string
	Header                  http.Header
	RetryAfter              time.Duration
	ResetAfter              bool
	Truncate                bool
}

// Injected is a [Fault] at work.
type Injected struct {
	faults *Faults
	fault  Fault
	path   *regexp.Regexp
	seen   int
	fired  int
}

// Fired is how many requests were hit.
func (i *Injected) Fired() int {
	i.faults.mu.Lock()
	defer i.faults.mu.Unlock()
	return i.fired
}

// Remove ends the fault.
func (i *Injected) Remove() {
	i.faults.mu.Lock()
	defer i.faults.mu.Unlock()
	i.faults.active = slices.DeleteFunc(i.faults.active, func(o *Injected) bool { return o == i })
}

// Faults are those at work, in the order in which they were injected.
type Faults struct {
	mu     sync.Mutex
	active []*Injected
}

// Inject makes requests fail as the Fault says. It panics when the Path is not
// a regular expression.
func (fs *Faults) Inject(f Fault) *Injected {
	i := &Injected{faults: fs, fault: f}
	if f.Path != "" {
		path, err := regexp.Compile(f.Path)
		if err != nil {
			panic(fmt.Sprintf("nhncloudtest: fault: %v", err))
		}
		i.path = path
	}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = append(fs.active, i)
	return i
}

// Clear ends all faults.
func (fs *Faults) Clear() {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = nil
}

// hit finds the fault for a request and counts it.
func (fs *Faults) hit(r *http.Request, operation string) Fault {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	for _, i := range fs.active {
		f := &i.fault
		if (f.Method != "" && f.Method != r.Method) ||
			(f.Operation != "" && f.Operation != operation) ||
			(i.path != nil && !i.path.MatchString(r.URL.EscapedPath())) {
			continue
		}
		i.seen++
		if i.seen <= f.After || (f.Times > 0 && i.fired >= f.Times) {
			continue
		}
		i.fired++
		return *f
	}
	return Fault{}
}

// answer is what a fault with a Status says.
func (f Fault) answer(c *Call) Reply {
	if f.Body != "" {
		return Reply{Status: f.Status, Header: http.Header{"Content-Type": {JSONType}}, Body: []byte(f.Body)}
	}
	r := c.dialect().Fail(c, f.Status, StatusText(f.Status))
	if f.Operation == "" {
		r.Status = f.Status // of v1.0 too, whose own answers are all 200
	}
	return r
}

// decorate adds the headers that a fault brings.
func (f Fault) decorate(h http.Header) {
	for k, v := range f.Header {
		h[http.CanonicalHeaderKey(k)] = slices.Clone(v)
	}
	if f.RetryAfter > 0 {
		h.Set("Retry-After", strconv.Itoa(int(math.Ceil(f.RetryAfter.Seconds()))))
	}
}

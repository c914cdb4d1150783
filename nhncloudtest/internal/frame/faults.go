package frame

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault is trouble to come; the package in front documents its fields.
type Fault struct {
	Method, Path, Operation string
	After, Times            int
	Chance                  float64
	Optional                bool
	Delay                   time.Duration
	Reset                   bool
	Status                  int
	Body                    string
	Header                  http.Header
	RetryAfter              time.Duration
	ResetAfter              bool
	Truncate                bool
}

// methods are those that calls of the cloud have, and the others of HTTP.
var methods = []string{"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "COPY", "OPTIONS", "TRACE", "CONNECT"}

// check refuses what can match no request, or can do nothing to one.
func (f Fault) check(frame *Frame) (path *regexp.Regexp, err error) {
	var problems []string
	refuse := func(wrong bool, format string, args ...any) {
		if wrong {
			problems = append(problems, fmt.Sprintf(format, args...))
		}
	}
	upper := strings.ToUpper(f.Method)
	refuse(f.Method != upper && slices.Contains(methods, upper), "method %q: methods are upper case", f.Method)
	refuse(f.Method != "" && !slices.Contains(methods, upper), "method %q is none of %s", f.Method, strings.Join(methods, ", "))
	if f.Operation != "" {
		if err := frame.CheckOperation(f.Operation); err != nil {
			problems = append(problems, err.Error())
		} else if made := frame.operations[f.Operation]; slices.Contains(methods, f.Method) {
			refuse(!slices.Contains(made, f.Method) && !slices.Contains(made, ""),
				"method %s: operation %q is made with %s", f.Method, f.Operation, strings.Join(made, " or "))
		}
	}
	if f.Path != "" {
		if path, err = regexp.Compile(f.Path); err != nil {
			problems = append(problems, "path: "+err.Error())
		} else {
			begin, _ := path.LiteralPrefix()
			refuse(strings.ContainsFunc(begin, neverInPath),
				"path %q: the path of a request is percent-encoded and has no query", f.Path)
		}
	}
	refuse(f.After < 0, "After is negative: %d", f.After)
	refuse(f.Times < 0, "Times is negative: %d", f.Times)
	refuse(!(f.Chance >= 0 && f.Chance <= 1), "Chance is not between 0 and 1: %v", f.Chance)
	refuse(f.Delay < 0, "Delay is negative: %v", f.Delay)
	refuse(f.RetryAfter < 0, "RetryAfter is negative: %v", f.RetryAfter)
	refuse(f.Status != 0 && (f.Status < 200 || f.Status > 599), "status %d is none that ends a request: 200 to 599", f.Status)
	refuse(f.Body != "" && f.Status == 0, "a Body needs a Status")
	answers := f.Status != 0 || f.Header != nil || f.RetryAfter > 0
	refuse(f.Reset && (answers || f.ResetAfter || f.Truncate), "Reset leaves no answer to do anything to")
	refuse(f.ResetAfter && (answers || f.Truncate), "ResetAfter leaves no answer to do anything to")
	if len(problems) > 0 {
		return nil, errors.New(strings.Join(problems, "; "))
	}
	return path, nil
}

// neverInPath tells whether a percent-encoded path has no such character.
func neverInPath(r rune) bool {
	return r <= ' ' || r >= 0x7f || strings.ContainsRune("?#\"<>\\^`{|}", r)
}

// harms tells whether anything happens to the requests that are hit.
func (f Fault) harms() bool {
	return f.Delay > 0 || f.Reset || f.Status != 0 || f.Header != nil || f.RetryAfter > 0 || f.ResetAfter || f.Truncate
}

// String is what picks the requests, for messages.
func (f Fault) String() string {
	var parts []string
	for _, p := range [][2]string{{"Method", f.Method}, {"Path", f.Path}, {"Operation", f.Operation}} {
		if p[1] != "" {
			parts = append(parts, fmt.Sprintf("%s: %q", p[0], p[1]))
		}
	}
	if f.After > 0 {
		parts = append(parts, fmt.Sprintf("After: %d", f.After))
	}
	if f.Status != 0 {
		parts = append(parts, fmt.Sprintf("Status: %d", f.Status))
	}
	return "{" + strings.Join(parts, ", ") + "}"
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
func (i *Injected) Remove() { i.faults.remove(func(o *Injected) bool { return o == i }) }

// Faults are those at work, in the order in which they were injected.
type Faults struct {
	mu     sync.Mutex
	active []*Injected
	missed []Fault // that hit nothing until they were removed, though they were to
}

// Inject makes requests fail as the Fault says, unless that makes no sense.
func (f *Frame) Inject(fault Fault) (*Injected, error) {
	path, err := fault.check(f)
	if err != nil {
		return nil, err
	}
	fs := &f.Faults
	i := &Injected{faults: fs, fault: fault, path: path}
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = append(fs.active, i)
	return i, nil
}

// Clear ends all faults.
func (fs *Faults) Clear() { fs.remove(func(*Injected) bool { return true }) }

func (fs *Faults) remove(which func(*Injected) bool) {
	fs.mu.Lock()
	defer fs.mu.Unlock()
	fs.active = slices.DeleteFunc(fs.active, func(i *Injected) bool {
		if !which(i) {
			return false
		}
		if i.fired == 0 && i.fault.harms() && !i.fault.Optional {
			fs.missed = append(fs.missed, i.fault)
		}
		return true
	})
}

// Missed ends all faults and gives those that hit nothing though they were to.
func (fs *Faults) Missed() []Fault {
	fs.Clear()
	fs.mu.Lock()
	defer fs.mu.Unlock()
	return fs.missed
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
		if f.Chance > 0 && rand.Float64() >= f.Chance {
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

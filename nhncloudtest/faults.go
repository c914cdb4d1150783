package nhncloudtest

import (
	"context"
	"fmt"
	"math"
	"net"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Fault is trouble to come. The first group of fields picks requests, the
// second says which of them are hit, the third what happens to those. A Fault
// that says nothing about what happens lets requests through and counts them.
type Fault struct {
	// Method, Path and Operation pick the requests; empty ones pick all.
	Method    string // HTTP method
	Path      string // regular expression, searched in the percent-encoded path
	Operation string // documented id, such as "compute-v2-get-server"

	After int // let this many of them through first
	Times int // then hit this many; 0 means all that follow

	// Delay passes before anything else happens. It ends early when the
	// client goes away (the request is dropped then) or the cloud closes.
	Delay time.Duration
	// Reset cuts the connection with a TCP reset, instead of handling the
	// request.
	Reset bool
	// Status answers with this status, instead of handling the request. Without
	// a Body it is an error in the shape of the service. The v1.0 API tells its
	// failures with status 200: where the Operation is one of its calls, the
	// Status is the end of the resultCode, such as 10503. Where it is not named,
	// the Status is that of the answer, as of a proxy in front of the API.
	Status int
	Body   string
	// Header and RetryAfter (in whole seconds, rounded up) are added to the
	// answer, whether it comes from Status or from the cloud.
	Header     http.Header
	RetryAfter time.Duration
	// ResetAfter handles the request and then cuts the connection with a TCP
	// reset, without an answer.
	ResetAfter bool
	// Truncate sends half of the body under the Content-Length of the whole,
	// and closes the connection.
	Truncate bool
}

// Injected is a [Fault] at work.
type Injected struct {
	faults *faults
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

type faults struct {
	mu     sync.Mutex
	active []*Injected
}

// Inject makes requests fail as the Fault says. A request is hit by one fault
// at most, the one that was injected first. Inject panics when the Path is
// not a regular expression.
func (s *Server) Inject(f Fault) *Injected {
	i := &Injected{faults: &s.faults, fault: f}
	if f.Path != "" {
		path, err := regexp.Compile(f.Path)
		if err != nil {
			panic(fmt.Sprintf("nhncloudtest: fault: %v", err))
		}
		i.path = path
	}
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = append(s.faults.active, i)
	return i
}

// RemoveFaults ends all faults.
func (s *Server) RemoveFaults() {
	s.faults.mu.Lock()
	defer s.faults.mu.Unlock()
	s.faults.active = nil
}

// hit finds the fault for a request and counts it.
func (fs *faults) hit(r *http.Request, operation string) Fault {
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
func (f Fault) answer(c *call) reply {
	if f.Body == "" {
		r := c.fail(f.Status, "%s", statusText(f.Status))
		if f.Operation == "" {
			r.status = f.Status // of v1.0 too, whose own answers are all 200
		}
		return r
	}
	return reply{
		status: f.Status,
		header: http.Header{"Content-Type": {jsonType}},
		body:   []byte(f.Body),
	}
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

// pause waits, and says whether the time really passed.
func (s *Server) pause(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
	case <-s.closing:
	}
	return false
}

// cut ends the connection of a request with a TCP reset.
func cut(w http.ResponseWriter) {
	if h, ok := w.(http.Hijacker); ok {
		if conn, _, err := h.Hijack(); err == nil {
			if tcp, ok := conn.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // close with RST, not FIN
			}
			_ = conn.Close()
			return
		}
	}
	panic(http.ErrAbortHandler)
}

package nhncloudtest

import (
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
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
type Injected struct{ injected *frame.Injected }

// Fired is how many requests were hit.
func (i *Injected) Fired() int { return i.injected.Fired() }

// Remove ends the fault.
func (i *Injected) Remove() { i.injected.Remove() }

// Inject makes requests fail as the Fault says. A request is hit by one fault
// at most, the one that was injected first. Inject panics when the Path is
// not a regular expression.
func (s *Server) Inject(f Fault) *Injected {
	return &Injected{s.frame.Faults.Inject(frame.Fault(f))}
}

// RemoveFaults ends all faults.
func (s *Server) RemoveFaults() { s.frame.Faults.Clear() }

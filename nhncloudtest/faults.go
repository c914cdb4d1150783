package nhncloudtest

import (
	"fmt"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Fault is trouble to come. The first group of fields picks requests, the
// second says which of them are hit, the third what happens to those. A Fault
// that says nothing about what happens lets requests through and counts them.
type Fault struct {
	// Method, Path and Operation pick the requests; empty ones pick all.
	Method    string // HTTP method, in upper case
	Path      string // regular expression, searched in the percent-encoded path
	Operation string // documented id, such as "compute-v2-get-server"; see [Operations]

	After int // let this many of them through first
	Times int // then hit this many; 0 means all that follow
	// Chance is how likely one of those is hit, such as 0.1; 0 means always.
	Chance float64
	// Optional is for faults that need not hit anything. With any other one that
	// does something and never hit a request, a test that began with [Start] fails
	// at its end.
	Optional bool

	// Delay passes before anything else happens. It ends early when the
	// client goes away (the request is dropped then) or the cloud closes.
	Delay time.Duration
	// Reset cuts the connection with a TCP reset, instead of handling the
	// request.
	Reset bool
	// Status answers with this status, 200 to 599, instead of handling the request.
	// Without a Body it is an error in the shape of the service. The v1.0 API tells its
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
// at most, the one that was injected first. Inject panics when the Fault can
// match no request, or can do nothing to one: an operation that is none of
// [Operations], a method in lower case, a Path that is not a regular expression
// or begins with what no path has, a status out of range, negative numbers,
// a Body without a Status, an answer to a connection that is cut.
func (s *Server) Inject(f Fault) *Injected {
	injected, err := s.frame.Inject(frame.Fault(f))
	if err != nil {
		panic(fmt.Sprintf("nhncloudtest: Fault: %v", err))
	}
	return &Injected{injected}
}

// Operations are the documented ids of all calls that the cloud answers, in
// order, such as "compute-v2-get-server": those that [Fault] and [Server.Count]
// take and [RecordedRequest] has.
func Operations() []string { return newServer(defaultConfig(), "").frame.Operations() }

// RemoveFaults ends all faults.
func (s *Server) RemoveFaults() { s.frame.Faults.Clear() }

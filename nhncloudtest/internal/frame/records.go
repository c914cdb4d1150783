package frame

import (
	"net/http"
	"slices"
	"sync"
	"time"
)

const (
	keptRequests = 10_000  // requests that the log holds; older ones are dropped
	keptBody     = 1 << 16 // bytes of each body that it holds
)

// Record is a request that reached the cloud.
type Record struct {
	Time      time.Time // when it came, by the machine's clock
	Method    string
	Path      string        // as it was sent, with its percent-encoding
	RawQuery  string        // without the question mark
	Header    http.Header   // all of it, the token included
	Body      []byte        // at most 64 KiB
	Operation string        // documented id such as "compute-v2-get-server"; "" when there is none
	Status    int           // status answered; 0 while there is none, or when the connection was cut
	Duration  time.Duration // from the request to the first byte of the answer; 0 while there is none
}

// Records is the log of requests and what is counted beside it.
type Records struct {
	mu          sync.Mutex
	log         []*Record
	counts      map[string]int
	total       int
	connections int
}

func (rec *Records) begin(r *http.Request, body []byte, operation string) *Record {
	entry := &Record{
		Time: time.Now(), Method: r.Method, Path: r.URL.EscapedPath(), RawQuery: r.URL.RawQuery,
		Header: r.Header.Clone(), Body: slices.Clone(body[:min(len(body), keptBody)]), Operation: operation,
	}
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if len(rec.log) >= keptRequests {
		rec.log = append(rec.log[:0], rec.log[keptRequests/10:]...)
	}
	rec.log = append(rec.log, entry)
	if rec.counts == nil {
		rec.counts = map[string]int{}
	}
	rec.counts[operation]++
	rec.total++
	return entry
}

func (rec *Records) end(entry *Record, status int) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	entry.Status, entry.Duration = status, time.Since(entry.Time)
}

// body notes the beginning of a body that was read later.
func (rec *Records) body(entry *Record, body []byte) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if body = body[:min(len(body), keptBody)]; len(body) > len(entry.Body) {
		entry.Body = slices.Clone(body)
	}
}

func (rec *Records) connected() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.connections++
}

// All are the requests that are kept, in order.
func (rec *Records) All() []Record {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	out := make([]Record, len(rec.log))
	for i, e := range rec.log {
		out[i] = *e
		out[i].Header = e.Header.Clone()
		out[i].Body = slices.Clone(e.Body)
	}
	return out
}

// Reset empties the log and sets the counts to zero.
func (rec *Records) Reset() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.log, rec.counts = nil, nil
	rec.total, rec.connections = 0, 0
}

// Count is how many requests of an operation came, or with "" of any kind.
func (rec *Records) Count(operation string) int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	if operation == "" {
		return rec.total
	}
	return rec.counts[operation]
}

// Connections is how many connections were accepted.
func (rec *Records) Connections() int {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	return rec.connections
}

package nhncloudtest

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

// RecordedRequest is a request that reached the cloud.
type RecordedRequest struct {
	Time      time.Time // when it came, by the machine's clock
	Method    string
	Path      string      // as it was sent, with its percent-encoding
	RawQuery  string      // without the question mark
	Header    http.Header // all of it, the token included
	Body      []byte      // at most 64 KiB
	Operation string      // documented id such as "compute-v2-get-server"; "" when there is none
	Status    int         // status answered; 0 while there is none, or when the connection was cut
}

// recorder is the log of requests and what is counted beside it.
type recorder struct {
	mu          sync.Mutex
	log         []*RecordedRequest
	counts      map[string]int
	total       int
	connections int
}

func (rec *recorder) begin(r *http.Request, body []byte, operation string) *RecordedRequest {
	entry := &RecordedRequest{
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

func (rec *recorder) end(entry *RecordedRequest, status int) {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	entry.Status = status
}

func (rec *recorder) connected() {
	rec.mu.Lock()
	defer rec.mu.Unlock()
	rec.connections++
}

// Requests are the requests that came since the start or the last
// [Server.ResetRequests], in order; of very many only the last ones (9,000 at
// least) are kept.
func (s *Server) Requests() []RecordedRequest {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	out := make([]RecordedRequest, len(s.records.log))
	for i, e := range s.records.log {
		out[i] = *e
		out[i].Header = e.Header.Clone()
		out[i].Body = slices.Clone(e.Body)
	}
	return out
}

// ResetRequests empties the log and sets the counts of [Server.Count],
// [Server.Connections] and [Server.Logins] to zero.
func (s *Server) ResetRequests() {
	s.mu.Lock()
	s.logins = 0
	s.mu.Unlock()
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	s.records.log, s.records.counts = nil, nil
	s.records.total, s.records.connections = 0, 0
}

// Count is how many requests came, of one documented operation such as
// "compute-v2-get-server", or with "" of any kind. It counts those that were
// refused or cut off as well.
func (s *Server) Count(operation string) int {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	if operation == "" {
		return s.records.total
	}
	return s.records.counts[operation]
}

// CountRequests is how many of the recorded requests a filter picks.
func (s *Server) CountRequests(filter func(RecordedRequest) bool) int {
	n := 0
	for _, r := range s.Requests() {
		if filter(r) {
			n++
		}
	}
	return n
}

// Connections is how many TCP connections were accepted. A client that reuses
// its connections makes few of them.
func (s *Server) Connections() int {
	s.records.mu.Lock()
	defer s.records.mu.Unlock()
	return s.records.connections
}

// Logins is how many tokens were given out.
func (s *Server) Logins() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.logins
}

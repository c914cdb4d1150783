package nhncloudtest

import (
	"fmt"
	"net/http"
	"time"
)

// RecordedRequest is a request that reached the cloud.
type RecordedRequest struct {
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

// Requests are the requests that came since the start or the last
// [Server.ResetRequests], in order; of very many only the last ones (9,000 at
// least) are kept.
func (s *Server) Requests() []RecordedRequest {
	var out []RecordedRequest
	for _, r := range s.frame.Records.All() {
		out = append(out, RecordedRequest(r))
	}
	return out
}

// ResetRequests empties the log and sets the counts of [Server.Count],
// [Server.Connections] and [Server.Logins] to zero.
func (s *Server) ResetRequests() {
	s.identity.ResetLogins()
	s.frame.Records.Reset()
}

// Count is how many requests came, of one of the [Operations], or with "" of any
// kind. It counts those that were refused or cut off as well. It panics when no
// call has such an id, because then it could only be 0.
func (s *Server) Count(operation string) int {
	if operation != "" {
		if err := s.frame.CheckOperation(operation); err != nil {
			panic(fmt.Sprintf("nhncloudtest: Count: %v", err))
		}
	}
	return s.frame.Records.Count(operation)
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
func (s *Server) Connections() int { return s.frame.Records.Connections() }

// Logins is how many tokens were given out.
func (s *Server) Logins() int { return s.identity.Logins() }

package nhncloud

import "time"

// session is a token in use.
type session struct {
	token    *Token
	header   []string      // the token as a header value
	deadline time.Time     // when the token ends by the clock of this machine; zero if unknown
	margin   time.Duration // how long before its end it is replaced
}

func newSession(t *Token) *session {
	s := &session{token: t, header: []string{string(t.ID)}, deadline: t.deadline}
	if s.deadline.IsZero() {
		s.deadline = t.ExpiresAt
	}
	if !s.deadline.IsZero() {
		s.margin = min(softMargin, time.Until(s.deadline)/10)
	}
	return s
}

// due reports whether the token should be replaced soon.
func (s *session) due() bool {
	return !s.deadline.IsZero() && time.Until(s.deadline) <= s.margin
}

// expired reports whether the token should not be used any more.
func (s *session) expired() bool {
	return !s.deadline.IsZero() && time.Until(s.deadline) <= min(hardMargin, s.margin/4)
}

// A token is replaced in the background from softMargin before its end, and
// not used any more from hardMargin before it. Tokens that live shortly have
// shorter margins.
const (
	softMargin = 5 * time.Minute
	hardMargin = 10 * time.Second
)

package nhncloud

import "time"

// session is a token in use.
type session struct {
	token    *Token
	header   []string      // the token as a header value
	deadline time.Time     // when the token ends by the clock of this machine; zero if unknown
	margin   time.Duration // how long before its end it is replaced
	since    time.Time     // when it came to this client
	cached   bool          // it came from the cache, so that it may be any age
}

func newSession(t *Token) *session {
	s := &session{token: t, header: []string{string(t.ID)}, deadline: t.deadline, since: time.Now()}
	if s.deadline.IsZero() {
		s.deadline = t.ExpiresAt
	}
	if !s.deadline.IsZero() {
		s.margin = min(softMargin, time.Until(s.deadline)/10)
	}
	return s
}

// isOtherThan reports whether it has another token than the refused one, which
// may be nil.
func (s *session) isOtherThan(refused *session) bool {
	return refused == nil || s != refused && s.token.ID != refused.token.ID
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

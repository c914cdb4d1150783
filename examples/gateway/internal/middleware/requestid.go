package middleware

import (
	"context"
	"crypto/rand"
	"net/http"
	"strings"
)

// RequestIDHeader is the header field that a request id comes and goes in.
const RequestIDHeader = "X-Request-Id"

const maxRequestID = 64 // bytes

// request is what is known about a request under way.
type request struct {
	id      string
	failure string // what was answered, where that is an error
}

type requestKey struct{}

// WithRequestID gives each request an id, which is answered too: the one that it
// comes with, or a new one where that is none or could be anything.
func WithRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get(RequestIDHeader)
		if !sane(id) || isSecret(r, id) {
			id = rand.Text()
		}
		w.Header().Set(RequestIDHeader, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestKey{}, &request{id: id})))
	})
}

// RequestID returns the id of the request of a context, or "".
func RequestID(ctx context.Context) string {
	if known, ok := ctx.Value(requestKey{}).(*request); ok {
		return known.id
	}
	return ""
}

// NoteFailure keeps why a request failed, for its line in the log. It is called from
// the goroutine of the handler.
func NoteFailure(ctx context.Context, text string) {
	if known, ok := ctx.Value(requestKey{}).(*request); ok {
		known.failure = text
	}
}

// sane reports whether an id can be written anywhere.
func sane(id string) bool {
	if id == "" || len(id) > maxRequestID {
		return false
	}
	return !strings.ContainsFunc(id, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("-_.", r)
	})
}

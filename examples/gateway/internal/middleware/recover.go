package middleware

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"runtime/debug"
	"time"
)

// WithRecover answers a panic with fail, and logs where it was. What it was stays
// out where it has the token in it.
func WithRecover(logger *slog.Logger, fail func(http.ResponseWriter)) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen := &response{ResponseWriter: w}
			defer func() {
				p := recover()
				if p == nil {
					return
				}
				if p == http.ErrAbortHandler {
					panic(p) // net/http cuts the connection without a word
				}
				logger.ErrorContext(r.Context(), "panic", slog.String("request_id", RequestID(r.Context())),
					slog.String("panic", WithoutToken(fmt.Sprint(p), r.Header.Get(TokenHeader))), slog.String("stack", string(debug.Stack())))
				if seen.status != 0 {
					panic(http.ErrAbortHandler) // a part of the answer is out already
				}
				fail(w)
			}()
			next.ServeHTTP(seen, r)
		})
	}
}

// WithTimeout ends the context of a request after a while.
func WithTimeout(limit time.Duration) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			ctx, cancel := context.WithTimeout(r.Context(), limit)
			defer cancel()
			next.ServeHTTP(w, r.WithContext(ctx))
		})
	}
}

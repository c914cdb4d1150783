package middleware

import (
	"log/slog"
	"net/http"
	"strings"
	"time"
)

// TokenHeader has the secret of a request.
const TokenHeader = "X-NHN-Token"

// WithLog writes a line about each request. There are neither headers nor a query
// nor a body in it, and where the path has the token in it by mistake, that is left
// out.
func WithLog(logger *slog.Logger) Middleware {
	return func(next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			began := time.Now()
			seen := &response{ResponseWriter: w}
			next.ServeHTTP(seen, r)
			level := slog.LevelInfo
			switch {
			case seen.status >= http.StatusInternalServerError:
				level = slog.LevelError
			case r.URL.Path == "/healthz", r.URL.Path == "/readyz":
				level = slog.LevelDebug
			}
			if !logger.Enabled(r.Context(), level) {
				return
			}
			attrs := []slog.Attr{
				slog.String("request_id", RequestID(r.Context())),
				slog.String("method", r.Method),
				slog.String("path", WithoutToken(r.URL.Path, r.Header.Get(TokenHeader))),
				slog.Int("status", seen.status),
				slog.Int64("bytes", seen.bytes),
				slog.Float64("ms", float64(time.Since(began).Microseconds())/1e3),
			}
			if region := r.Header.Get("X-NHN-Region"); len(region) == len("kr1") {
				attrs = append(attrs, slog.String("region", region))
			}
			if known, ok := r.Context().Value(requestKey{}).(*request); ok && known.failure != "" {
				attrs = append(attrs, slog.String("error", known.failure))
			}
			logger.LogAttrs(r.Context(), level, "request", attrs...)
		})
	}
}

// WithoutToken returns a text without the token.
func WithoutToken(text, token string) string {
	if token == "" {
		return text
	}
	return strings.ReplaceAll(text, token, "[REDACTED]")
}

func isSecret(r *http.Request, text string) bool {
	token := r.Header.Get(TokenHeader)
	return token != "" && strings.Contains(text, token)
}

// response sees what is answered.
type response struct {
	http.ResponseWriter
	status int
	bytes  int64
}

// Unwrap lets http.ResponseController reach what is wrapped.
func (r *response) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// WriteHeader sees the status.
func (r *response) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

// Write counts.
func (r *response) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Package middleware is what happens to every request of the gateway: it gets an
// id, a line in the log and a time limit, and a panic does not end the program.
package middleware

import "net/http"

// Middleware wraps a handler.
type Middleware func(http.Handler) http.Handler

// Chain wraps a handler in several. The first one is the outermost.
func Chain(handler http.Handler, all ...Middleware) http.Handler {
	for i := len(all) - 1; i >= 0; i-- {
		handler = all[i](handler)
	}
	return handler
}

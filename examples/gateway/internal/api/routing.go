package api

import (
	"encoding/json"
	"net/http"
	"path"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/middleware"
)

// adapter puts the endpoints into a mux of net/http, each with and without the
// slash at its end.
type adapter struct{ mux *http.ServeMux }

// Handle adds an endpoint.
func (a adapter) Handle(op *huma.Operation, handler func(huma.Context)) {
	handle := func(w http.ResponseWriter, r *http.Request) { handler(humago.NewContext(op, r, w)) }
	a.mux.HandleFunc(op.Method+" "+op.Path+"{$}", handle)
	a.mux.HandleFunc(op.Method+" "+strings.TrimSuffix(op.Path, "/"), handle)
}

// ServeHTTP serves the endpoints.
func (a adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) { a.mux.ServeHTTP(w, r) }

// clean reports whether a path has nothing in it that leads elsewhere.
func clean(p string) bool {
	return path.Clean(p) == strings.TrimSuffix(p, "/") || p == "/"
}

// WriteError answers with an error, for what fails outside of an endpoint.
func WriteError(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(&Error{Text: text, Code: code}) // the status is out, nothing more can be said
}

// fail is WriteError for a request, whose line in the log tells of it.
func (a *API) fail(w http.ResponseWriter, r *http.Request, code int, text string) {
	middleware.NoteFailure(r.Context(), text)
	WriteError(w, code, text)
}

const noPath = "there is no such path"

// noSuchPath answers what no endpoint takes: 404, or 400 where the path is one but
// not for this method.
func (a *API) noSuchPath(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
		other := r.Clone(r.Context())
		other.Method = method
		if _, pattern := a.mux.Handler(other); pattern != "/" && pattern != "" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) == 0 {
		a.fail(w, r, http.StatusNotFound, noPath)
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	a.fail(w, r, http.StatusBadRequest, "this path takes "+strings.Join(allowed, " and ")+" only")
}

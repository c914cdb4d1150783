package api

import (
	"encoding/json"
	"net/http"
	"reflect"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

var typeOfError = reflect.TypeFor[Error]()

func newContext(op *huma.Operation, r *http.Request, w http.ResponseWriter) huma.Context {
	return humago.NewContext(op, r, w)
}

// WriteError answers with an error, for what fails outside of an endpoint.
func WriteError(w http.ResponseWriter, code int, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(&Error{Text: text, Code: code}) // the status is out, nothing more can be said
}

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
		WriteError(w, http.StatusNotFound, "there is no such path")
		return
	}
	w.Header().Set("Allow", strings.Join(allowed, ", "))
	WriteError(w, http.StatusBadRequest, "this path takes "+strings.Join(allowed, " and ")+" only")
}

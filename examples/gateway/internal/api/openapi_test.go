package api_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
)

func document(t *testing.T, w *world) *openapi3.T {
	t.Helper()
	answer := w.do("GET", "/openapi.json", "", nil)
	require.Equal(t, 200, answer.Status)
	require.Equal(t, "application/openapi+json", answer.Header.Get("Content-Type"))
	doc, err := openapi3.NewLoader().LoadFromData([]byte(answer.Body))
	require.NoError(t, err)
	return doc
}

// The document is valid, has all endpoints under their documented paths, and their
// headers.
func TestOpenAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	doc := document(t, w)
	require.NoError(t, doc.Validate(t.Context()))
	for _, e := range endpoints {
		item := doc.Paths.Value("/api/nhn" + e.path)
		require.NotNil(t, item, e.path)
		operation := item.GetOperation(e.method)
		require.NotNil(t, operation, e.name())
		assert.NotEmpty(t, operation.Summary)
		for name := range e.headers(w) {
			if name != "Content-Type" {
				parameter := operation.Parameters.GetByInAndName("header", name)
				if assert.NotNil(t, parameter, "%s: %s", e.name(), name) {
					assert.True(t, parameter.Required)
				}
			}
		}
		for _, code := range []string{"400", "401", "403", "404", "500"} {
			assert.NotNil(t, operation.Responses.Value(code), "%s: %s", e.name(), code)
		}
		assert.Nil(t, operation.Responses.Value("422"))
		assert.Equal(t, e.request != "", operation.RequestBody != nil)
	}
}

// What the endpoints take and answer is what the document says.
func TestOpenAPITells(t *testing.T) {
	t.Parallel()
	shared := newWorld(t)
	router, err := gorillamux.NewRouter(document(t, shared))
	require.NoError(t, err)
	for _, e := range endpoints {
		t.Run(e.name(), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			var sent *http.Request
			var body []byte
			inner := w.api
			w.api = http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
				body, _ = io.ReadAll(r.Body)
				r.Body = io.NopCloser(bytes.NewReader(body))
				sent = r
				inner.ServeHTTP(rw, r)
			})
			answer := e.ready(t, w, true)()
			require.Equal(t, e.status, answer.Status, answer.Body)
			r := httptest.NewRequest(sent.Method, sent.URL.String(), bytes.NewReader(body))
			r.Header = sent.Header
			route, params, err := router.FindRoute(r)
			require.NoError(t, err)
			input := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
			require.NoError(t, openapi3filter.ValidateRequest(t.Context(), input))
			refused := w.do(e.method, sent.URL.Path, "", map[string]string{"Content-Type": "application/json"})
			for _, answer := range []gatewaytest.Answer{answer, refused} {
				assert.NoError(t, openapi3filter.ValidateResponse(t.Context(), &openapi3filter.ResponseValidationInput{
					RequestValidationInput: input, Status: answer.Status, Header: answer.Header, Body: io.NopCloser(strings.NewReader(answer.Body)),
					Options: &openapi3filter.Options{IncludeResponseStatus: true},
				}))
			}
		})
	}
}

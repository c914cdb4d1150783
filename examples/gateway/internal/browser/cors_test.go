package browser

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
)

// site is an origin with an empty page.
func site(t testing.TB) string {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		io.WriteString(w, "<!doctype html><title>elsewhere</title><link rel=icon href=data:,>")
	}))
	t.Cleanup(server.Close)
	return server.URL
}

// answer is what a page got.
type answer struct {
	Status    int
	RequestID string
	Body      map[string]any
	Error     string // where the browser kept the answer from the page
}

// fetch has a page call the gateway.
func (b *tab) fetch(g *gateway, method, path string, headers map[string]string, body any) answer {
	b.Helper()
	options := map[string]any{"method": method, "headers": headers}
	if body != nil {
		options["body"] = quoted(body)
	}
	return evaluate[answer](b, fmt.Sprintf(`fetch(%s, %s).then(
		async (r) => ({Status: r.status, RequestID: r.headers.get("X-Request-Id"), Body: await r.json()}),
		(e) => ({Error: String(e)}))`, quoted(g.url+path), quoted(options)))
}

func TestOrigins(t *testing.T) {
	t.Parallel()
	allowed, other := site(t), site(t)
	g, b := start(t, "-origins", allowed), newTab(t)
	g.create("web-1")
	const list = "/api/nhn/compute/instances/"
	headers := g.headers()
	kind := map[string]string{"Content-Type": "application/json"}

	b.run(chromedp.Navigate(allowed))
	got := b.fetch(g, "GET", list, headers, nil)
	assert.Equal(t, 200, got.Status, got.Error)
	assert.NotEmpty(t, got.RequestID)
	assert.Len(t, got.Body["servers"], 1)
	got = b.fetch(g, "POST", "/api/nhn/token/", kind, g.account)
	assert.Equal(t, 200, got.Status, got.Error)
	assert.NotEmpty(t, got.Body["token"])
	headers["X-NHN-Token"] = "bad"
	got = b.fetch(g, "GET", list, headers, nil)
	assert.Equal(t, 401, got.Status, "failures can be read too: %s", got.Error)
	assert.NotEmpty(t, got.Body["error"])

	b.run(chromedp.Navigate(other))
	const kept = "TypeError: Failed to fetch"
	assert.Equal(t, answer{Error: kept}, b.fetch(g, "GET", list, g.headers(), nil))
	assert.Equal(t, answer{Error: kept}, b.fetch(g, "POST", "/api/nhn/token/", kind, g.account))
	assert.Equal(t, answer{Error: kept}, b.fetch(g, "GET", "/openapi.json", map[string]string{}, nil), "not even what needs no preflight")
}

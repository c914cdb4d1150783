package wiretest

import (
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Target is a Swift, or what is to behave as one.
type Target struct {
	URL    string // of the account, directly below the host: http://HOST/v1/AUTH_…
	Token  string // of its owner
	Client *http.Client
}

// Run runs all tests. Each works in containers of its own, which it removes.
func Run(t *testing.T, target Target) {
	client := *target.Client
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	target.Client = &client
	for name, test := range map[string]func(*wire){
		"website":             (*wire).website,
		"folders":             (*wire).folders,
		"folder lists":        (*wire).folderLists,
		"pages of errors":     (*wire).errorPages,
		"preflights":          (*wire).preflights,
		"other origins":       (*wire).otherOrigins,
		"empty metadata":      (*wire).emptyMetadata,
		"limits of metadata":  (*wire).metadataLimits,
		"limits add up":       (*wire).metadataTotals,
		"listings":            (*wire).listings,
		"several ranges":      (*wire).severalRanges,
		"too many ranges":     (*wire).tooManyRanges,
		"expiry":              (*wire).expiry,
		"deletion of expired": (*wire).deletionOfExpired,
		"dynamic manifests":   (*wire).dynamicManifests,
		"temporary URLs":      (*wire).temporaryURLs,
		"content types":       (*wire).contentTypes,
		"early refusals":      (*wire).earlyRefusals,
		"realms":              (*wire).realms,
		"info":                (*wire).info,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&wire{Target: target, t: t})
		})
	}
}

// wire is a test of a target.
type wire struct {
	Target
	t *testing.T
}

// result is an answer that was read to its end.
type result struct {
	status int
	header http.Header
	text   string
}

func (r result) get(name string) string { return r.header.Get(name) }

// send sends a request to a path below the account; headers are pairs of name
// and value.
func (w *wire) send(token, method, path, body string, headers ...string) result {
	w.t.Helper()
	target := path
	if !strings.HasPrefix(path, "http://") {
		target = w.URL + path
	}
	// The end of a test sends requests too, when its context is done.
	req, err := http.NewRequest(method, target, strings.NewReader(body))
	require.NoError(w.t, err)
	if token != "" {
		req.Header.Set("X-Auth-Token", token)
	}
	for i := 0; i < len(headers); i += 2 {
		req.Header[http.CanonicalHeaderKey(headers[i])] = []string{headers[i+1]}
	}
	resp, err := w.Client.Do(req)
	require.NoError(w.t, err)
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	require.NoError(w.t, err)
	return result{resp.StatusCode, resp.Header, string(data)}
}

// do sends a request of the owner and checks the status of the answer.
func (w *wire) do(status int, method, path, body string, headers ...string) result {
	w.t.Helper()
	r := w.send(w.Token, method, path, body, headers...)
	require.Equal(w.t, status, r.status, "%s %s: %s", method, path, r.text)
	return r
}

// anyone sends a request without a token and checks the status of the answer.
func (w *wire) anyone(status int, method, path string, headers ...string) result {
	w.t.Helper()
	r := w.send("", method, path, "", headers...)
	require.Equal(w.t, status, r.status, "%s %s: %s", method, path, r.text)
	return r
}

// container makes a container, and gives its path. It is removed after the test,
// with all that is in it.
func (w *wire) container(headers ...string) string {
	w.t.Helper()
	path := fmt.Sprintf("/wire-%016x", rand.Uint64())
	w.do(201, "PUT", path, "", headers...)
	w.t.Cleanup(func() {
		for _, name := range w.names(path) {
			w.do(204, "DELETE", path+"/"+(&url.URL{Path: name}).EscapedPath(), "")
		}
		w.do(204, "DELETE", path, "")
	})
	return path
}

// names are the names in the list of a container, as text.
func (w *wire) names(path string) []string {
	w.t.Helper()
	r := w.send(w.Token, "GET", path, "")
	require.Contains(w.t, []int{200, 204}, r.status, "%s: %s", path, r.text)
	return strings.FieldsFunc(r.text, func(c rune) bool { return c == '\n' })
}

// host is the URL of the host.
func (w *wire) host() string {
	u, err := url.Parse(w.URL)
	require.NoError(w.t, err)
	return u.Scheme + "://" + u.Host
}

// same compares the values of headers, given as pairs; "" is none.
func (w *wire) same(r result, headers ...string) {
	w.t.Helper()
	for i := 0; i < len(headers); i += 2 {
		assert.Equal(w.t, headers[i+1], r.get(headers[i]), headers[i])
	}
}

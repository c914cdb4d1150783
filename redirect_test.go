package nhncloud_test

import (
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// redirecting is a service that redirects by the name of what is asked for, and
// another host that answers whatever it is asked.
type redirecting struct {
	first, other *httptest.Server
	atOther      atomic.Pointer[http.Request] // the last request there
	back         atomic.Pointer[http.Request] // the last one that came back from there
}

func newRedirecting(t *testing.T) *redirecting {
	s := new(redirecting)
	s.other = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.atOther.Store(r)
		if strings.HasSuffix(r.URL.Path, "/back") {
			http.Redirect(w, r, s.first.URL+"/chosen/by/the/other", http.StatusFound)
			return
		}
		_, _ = io.WriteString(w, thingAnswer)
	}))
	t.Cleanup(s.other.Close)
	s.first = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Empty(t, r.Header.Get("Referer"))
		switch name := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]; name {
		case "here":
			assert.Equal(t, "static-token", r.Header.Get("X-Auth-Token"))
			_, _ = io.WriteString(w, thingAnswer)
		case "same":
			http.Redirect(w, r, "/here", http.StatusFound)
		case "loop":
			http.Redirect(w, r, r.URL.Path, http.StatusFound)
		case "other": // of the path that the other host has chosen
			s.back.Store(r)
			_, _ = io.WriteString(w, thingAnswer)
		case "301", "302", "303", "307", "308":
			w.Header().Set("Location", s.other.URL+"/there")
			w.WriteHeader(map[string]int{"301": 301, "302": 302, "303": 303, "307": 307, "308": 308}[name])
		default:
			http.Redirect(w, r, s.other.URL+"/"+name, http.StatusFound)
		}
	}))
	t.Cleanup(s.first.Close)
	return s
}

func getThing(t *testing.T, client *nhncloud.Client, method, name string) error {
	r := getRequest()
	r.Method = method
	r.Args = []string{name}
	if method == http.MethodHead {
		return client.Do(t.Context(), r, nil)
	}
	return client.Do(t.Context(), r, new(thing))
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	s := newRedirecting(t)
	client := staticClient(t, s.first.URL)

	require.NoError(t, getThing(t, client, http.MethodGet, "same"))
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		for _, status := range []string{"301", "302", "303", "307", "308"} {
			err := getThing(t, client, method, status)
			e := asError(t, err)
			assertKind(t, nhncloud.ErrBadAnswer, e)
			assert.Equal(t, 1, e.Attempts)
			assert.ErrorContains(t, err, "redirected from "+s.first.URL+" to "+s.other.URL)
		}
	}
	assert.Nil(t, s.atOther.Load(), "another host is not asked")

	err := getThing(t, client, http.MethodGet, "loop")
	assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
	assert.ErrorContains(t, err, "redirects")

	err = client.Do(t.Context(), createRequest(), new(thing))
	e := asError(t, err)
	assertKind(t, nhncloud.ErrBadAnswer, e)
	assert.Equal(t, http.StatusFound, e.StatusCode)
	assert.Nil(t, s.atOther.Load(), "a call that changes something is not redirected")
}

// Whoever wants redirects to other hosts gets them without secrets, also on the
// way back.
func TestRedirectsElsewhere(t *testing.T) {
	t.Parallel()
	s := newRedirecting(t)
	client := staticClient(t, s.first.URL, nhncloud.WithRedirectsElsewhere())
	r := getRequest()
	r.Args = []string{"there"}
	r.Header = http.Header{"X-Container-Meta-Temp-Url-Key": {"key"}}
	r.Query = "temp_url_sig=signature"
	require.NoError(t, client.Do(t.Context(), r, new(thing)))
	got := s.atOther.Load()
	assert.Equal(t, "/there", got.URL.Path)
	for _, name := range []string{"X-Auth-Token", "X-Container-Meta-Temp-Url-Key", "Referer"} {
		assert.Empty(t, got.Header.Get(name), name)
	}

	require.NoError(t, getThing(t, client, http.MethodGet, "back"))
	assert.Empty(t, s.back.Load().Header.Get("X-Auth-Token"), "the path was chosen by the other host")
}

// From https a redirect does not lead to plain http, wanted or not.
func TestRedirectToPlainHTTP(t *testing.T) {
	t.Parallel()
	var asked atomic.Bool
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { asked.Store(true) }))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, plain.URL, http.StatusFound)
	}))
	t.Cleanup(secure.Close)
	for _, options := range [][]nhncloud.Option{nil, {nhncloud.WithRedirectsElsewhere()}} {
		client := staticClient(t, secure.URL, append(options, nhncloud.WithHTTPClient(secure.Client()))...)
		err := getThing(t, client, http.MethodGet, "1")
		assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
		assert.ErrorContains(t, err, plain.URL)
	}
	assert.False(t, asked.Load())
}

// The redirect policy of the caller's http.Client is asked, and its error is
// final.
func TestCallersRedirectPolicy(t *testing.T) {
	t.Parallel()
	s := newRedirecting(t)
	refusal := errors.New("no redirects here")
	var asked atomic.Int64
	hc := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error {
		asked.Add(1)
		return refusal
	}}
	err := getThing(t, staticClient(t, s.first.URL, nhncloud.WithHTTPClient(hc)), http.MethodGet, "same")
	require.ErrorIs(t, err, refusal)
	assert.EqualValues(t, 1, asked.Load())
	assert.NotErrorIs(t, err, nhncloud.ErrUnavailable)

	hc = &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	e := asError(t, getThing(t, staticClient(t, s.first.URL, nhncloud.WithHTTPClient(hc)), http.MethodGet, "same"))
	assert.Equal(t, http.StatusFound, e.StatusCode)
}

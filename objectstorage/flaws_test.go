package objectstorage_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// flaw is what goes wrong in the middle of a body.
type flaw func(w http.ResponseWriter, r *http.Request, forward http.Handler)

// picker returns a function that tells what happens to a request; nil for
// nothing.
type picker func() func(*http.Request) flaw

// flawedProxy stands between a client and the cloud.
func flawedProxy(t *testing.T, r *rig, flaws picker) {
	t.Helper()
	pick := flaws()
	target, err := url.Parse(r.cloud.URL())
	require.NoError(t, err)
	upstream := http.DefaultTransport.(*http.Transport).Clone()
	upstream.MaxIdleConnsPerHost = 64
	forward := &httputil.ReverseProxy{
		Rewrite: func(p *httputil.ProxyRequest) {
			p.SetURL(target)
			p.Out.Host = p.In.Host
		},
		Transport:     upstream,
		FlushInterval: -1,
		ErrorHandler:  func(http.ResponseWriter, *http.Request, error) { panic(http.ErrAbortHandler) },
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if f := pick(req); f != nil {
			f(w, req, forward)
			return
		}
		forward.ServeHTTP(w, req)
	}))
	t.Cleanup(func() {
		server.Close()
		upstream.CloseIdleConnections()
	})
	through, err := r.client.With(nhncloud.WithEndpoint(nhncloud.ServiceObjectStorage, server.URL+"/object-store/v1"))
	require.NoError(t, err)
	r.objects = objectstorage.New(through).Objects
}

// resetInRequest reads a part of the body and resets the connection.
func resetInRequest(after int64) flaw {
	return func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		_, _ = io.CopyN(io.Discard, r.Body, after)
		resetConn(w)
	}
}

// resetInAnswer hands out a part of the body and resets the connection.
func resetInAnswer(after int) flaw {
	return func(w http.ResponseWriter, r *http.Request, forward http.Handler) {
		recorder := httptest.NewRecorder()
		forward.ServeHTTP(recorder, r)
		for name, values := range recorder.Header() {
			w.Header()[name] = values
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes()[:min(after, recorder.Body.Len())])
		_ = http.NewResponseController(w).Flush()
		resetConn(w)
	}
}

// garbleRequest changes a byte of the body on its way.
func garbleRequest(w http.ResponseWriter, r *http.Request, forward http.Handler) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	body[len(body)/2] ^= 1
	r.Body = io.NopCloser(bytes.NewReader(body))
	forward.ServeHTTP(w, r)
}

// garbleAnswer changes a byte of the body on its way.
func garbleAnswer(w http.ResponseWriter, r *http.Request, forward http.Handler) {
	recorder := httptest.NewRecorder()
	forward.ServeHTTP(recorder, r)
	for name, values := range recorder.Header() {
		w.Header()[name] = values
	}
	body := recorder.Body.Bytes()
	if len(body) > 0 {
		body[len(body)/2] ^= 1
	}
	w.WriteHeader(recorder.Code)
	_, _ = w.Write(body)
}

func resetConn(w http.ResponseWriter) {
	conn, _, err := w.(http.Hijacker).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.(*net.TCPConn).SetLinger(0)
	_ = conn.Close()
}

// isPart tells whether a request sends a part.
func isPart(r *http.Request) bool {
	return r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/"+depotSegments+"/")
}

// isPartNumber tells whether a request sends that part.
func isPartNumber(n int) func(*http.Request) bool {
	return func(r *http.Request) bool { return isPart(r) && strings.Contains(r.URL.Path, fmt.Sprintf("/%08d-", n)) }
}

// isContent tells whether a request fetches content of an object in depot.
func isContent(r *http.Request) bool {
	return r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/"+depot+"/") && r.URL.RawQuery == ""
}

// eachTime picks a flaw the first n times for each URL and range.
func eachTime(n int, matches func(*http.Request) bool, f flaw) picker {
	return func() func(*http.Request) flaw {
		var mu sync.Mutex
		counts := map[string]int{}
		return func(r *http.Request) flaw {
			if !matches(r) {
				return nil
			}
			mu.Lock()
			defer mu.Unlock()
			key := r.URL.String() + r.Header.Get("Range")
			if counts[key]++; counts[key] <= n {
				return f
			}
			return nil
		}
	}
}

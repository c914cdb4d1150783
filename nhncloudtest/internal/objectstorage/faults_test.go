package objectstorage_test

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestObjectOptionsRefused(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	for name, opt := range map[string]nhncloudtest.Option{
		"no directory":    nhncloudtest.WithObjectDir(filepath.Join(file, "none")),
		"file":            nhncloudtest.WithObjectDir(file),
		"size limit":      nhncloudtest.WithObjectSizeLimit(0),
		"writes a second": nhncloudtest.WithObjectWriteLimit(0),
	} {
		_, err := nhncloudtest.Listen(opt)
		require.Error(t, err, name)
	}
}

func TestObjectFaults(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	text := strings.Repeat("x", 1000)
	s.object("/box/x", text)

	fault := s.Inject(nhncloudtest.Fault{Operation: "objectstorage-get-object", Status: 503, RetryAfter: time.Second, Times: 1})
	res := s.want(503, "GET", "/box/x", "")
	assert.Equal(t, "<html><h1>Service Unavailable</h1><p>The server is currently unavailable. Please try again at a later time.</p></html>", res.Text)
	assert.Equal(t, "1", res.Header.Get("Retry-After"))
	assert.NotEmpty(t, res.Header.Get("X-Trans-Id"))
	assert.Equal(t, 1, fault.Fired())
	s.want(200, "GET", "/box/x", "")
	s.Inject(nhncloudtest.Fault{Status: 418, Times: 1})
	assert.Contains(t, s.want(418, "PUT", "/box/x", text).Text, "teapot")
	s.Inject(nhncloudtest.Fault{Method: "PUT", Path: "/box/x$", Status: 500, Body: `{"own":"body"}`, Times: 1})
	assert.Equal(t, `{"own":"body"}`, s.want(500, "PUT", "/box/x", text).Text)

	// Half of a large body comes.
	s.Inject(nhncloudtest.Fault{Truncate: true, Times: 1})
	resp, err := s.HTTP.Do(s.request("GET", "/box/x", nil))
	require.NoError(t, err)
	half, err := io.ReadAll(resp.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.NoError(t, resp.Body.Close())
	assert.Len(t, half, 500)
	assert.Equal(t, "1000", resp.Header.Get("Content-Length"))

	for _, f := range []nhncloudtest.Fault{{Reset: true, Times: 1}, {ResetAfter: true, Times: 1}} {
		s.Inject(f)
		_, err = s.send("PUT", "/box/new", bytes.NewReader([]byte(text)))
		require.Error(t, err)
		status := map[bool]int{true: 404, false: 200}[f.Reset]
		s.want(status, "HEAD", "/box/new", "")
	}
	// A delay ends with the cloud.
	s.Inject(nhncloudtest.Fault{Delay: time.Hour})
	gone := make(chan error, 1)
	go func() {
		_, err := s.send("GET", "/box/x", nil)
		gone <- err
	}()
	assert.Eventually(t, func() bool { return s.Requests()[len(s.Requests())-1].Status == 0 }, 10*time.Second, time.Millisecond)
	s.Close()
	require.Error(t, <-gone)
}

func TestObjectRecords(t *testing.T) {
	s := newSwift(t)
	s.container("box")
	s.ResetRequests()
	s.object("/box/a//b", "hello")
	large := strings.Repeat("x", 1<<17)
	s.object("/box/large", large)
	s.object("/box/waits", large, "Expect", "100-continue")
	s.want(404, "PUT", "/nope/refused", large)
	all := s.Requests()
	require.Len(t, all, 4)
	assert.Equal(t, "PUT", all[0].Method)
	assert.True(t, strings.HasSuffix(all[0].Path, "/box/a//b"))
	assert.Equal(t, "objectstorage-put-object", all[0].Operation)
	assert.Equal(t, 201, all[0].Status)
	assert.Equal(t, "hello", string(all[0].Body))
	assert.Len(t, all[1].Body, 1<<16)
	assert.Len(t, all[2].Body, 1<<16)
	assert.Equal(t, 404, all[3].Status)

	for _, c := range []struct{ method, path, header, operation string }{
		{"HEAD", "", "", "head-account"},
		{"GET", "", "", "list-containers"},
		{"PUT", "/box", "", "put-container"},
		{"GET", "/box", "", "list-objects"},
		{"POST", "/box", "", "post-container"},
		{"DELETE", "/box", "", "delete-container"},
		{"GET", "/box?policy", "", "get-container-policy"},
		{"POST", "/box", "Content-Type: application/json", "set-container-policy"},
		{"PUT", "/box/x", "", "put-object"},
		{"PUT", "/box/x?multipart-manifest=put", "", "put-slo-manifest"},
		{"PUT", "/box/x", "X-Object-Manifest: box/y", "put-dlo-manifest"},
		{"PUT", "/box/x", "X-Copy-From: box/y", "copy-object-put"},
		{"PUT", "/box/x", "X-Copy-From: box/y; multipart-manifest=get", "copy-manifest-put"},
		{"GET", "/box/x", "", "get-object"},
		{"GET", "/box/x?multipart-manifest=get", "", "get-slo-manifest"},
		{"GET", "/box/x?temp_url_sig=1", "", "temp-url"},
		{"HEAD", "/box/x", "", "head-object"},
		{"POST", "/box/x", "", "post-object-metadata"},
		{"DELETE", "/box/x", "", "delete-object"},
		{"COPY", "/box/x", "", "copy-object"},
		{"COPY", "/box/x?multipart-manifest=get", "", "copy-manifest"},
	} {
		operation := "objectstorage-" + c.operation
		before := s.Count(operation)
		k, v, _ := strings.Cut(c.header, ": ")
		body := ""
		if k == "Content-Type" {
			body = "{}"
		}
		if k == "" {
			s.do(c.method, c.path, body)
		} else {
			s.do(c.method, c.path, body, k, v)
		}
		assert.Equal(t, before+1, s.Count(operation), operation)
	}
	unnamed := s.Count("")
	s.do("HEAD", "/box", "")
	s.do("POST", "?bulk-delete", "x")
	s.Call("GET", "/object-store/v1", nil)
	assert.Equal(t, unnamed+3, s.Count(""))
	assert.Equal(t, http.MethodGet, s.Requests()[len(s.Requests())-1].Method)
	assert.Empty(t, s.Requests()[len(s.Requests())-1].Operation)
}

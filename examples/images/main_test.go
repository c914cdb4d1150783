package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// show is a run on a cloud of its own.
type show struct {
	cloud  *nhncloudtest.Server
	client *nhncloud.Client
	mu     sync.Mutex
	out    bytes.Buffer
	at     string // text at which it is cancelled; "" for never
	cancel context.CancelFunc
}

func newShow(t *testing.T) *show {
	t.Helper()
	s := &show{cloud: nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys())}
	s.client = testclient.New(s.cloud)
	t.Cleanup(s.client.CloseIdleConnections)
	return s
}

// Write takes a piece of the output.
func (s *show) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.at != "" && strings.Contains(string(p), s.at) {
		s.cancel()
	}
	return s.out.Write(p)
}

func (s *show) run(ctx context.Context, args ...string) error {
	ctx, s.cancel = context.WithCancel(ctx)
	defer s.cancel()
	return program().Do(ctx, frame.Process{Args: args, Cloud: s.cloud, Stdout: s, Stderr: io.Discard})
}

// nothing asserts that nothing is left in the cloud.
func (s *show) nothing(t *testing.T) {
	t.Helper()
	images, err := nhncloud.Collect(compute.New(s.client).Images.All(t.Context(), &compute.ImageListOptions{Owner: s.cloud.TenantID}))
	require.NoError(t, err)
	assert.Empty(t, images)
	servers, err := nhncloud.Collect(compute.New(s.client).Servers.All(t.Context(), nil))
	require.NoError(t, err)
	assert.Empty(t, servers)
	volumes, err := nhncloud.Collect(blockstorage.New(s.client).Volumes.All(t.Context(), nil))
	require.NoError(t, err)
	assert.Empty(t, volumes)
}

// The snapshot is made by an action of the server, or of its root volume.
func TestSnapshot(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{nil, {"-volume"}} {
		t.Run(strings.Join(args, " "), func(t *testing.T) {
			t.Parallel()
			s := newShow(t)
			require.NoError(t, s.run(t.Context(), args...))
			assert.Contains(t, s.out.String(), "[========================================] 100 % of 24 MiB\n")
			assert.True(t, strings.HasSuffix(s.out.String(), "Everything is gone again.\n"), s.out.String())
			assert.Equal(t, len(args), s.cloud.Count("blockstorage-v2-volume-action-upload-image"))
			assert.Equal(t, 1-len(args), s.cloud.Count("compute-v2-server-action-create-image"))
			s.nothing(t)
		})
	}
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"Working on", "Uploading", " 50 %", "The image is", "Creating server", "BUILD", "Stopping", "Making image"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			s := newShow(t)
			s.at = at
			require.ErrorIs(t, s.run(t.Context()), context.Canceled)
			s.nothing(t)
		})
	}
}

func TestFile(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	path := filepath.Join(t.TempDir(), "my.raw")
	require.NoError(t, os.WriteFile(path, []byte("small"), 0o600))
	require.NoError(t, s.run(t.Context(), "-file", path, "-format", "raw"))
	assert.Contains(t, s.out.String(), "5 bytes")
	s.nothing(t)
	assert.ErrorIs(t, s.run(t.Context(), "-file", path+".absent"), os.ErrNotExist)
	s.nothing(t)
}

// A file that does not arrive leaves no image.
func TestUploadFails(t *testing.T) {
	t.Parallel()
	s := newShow(t)
	s.cloud.Inject(nhncloudtest.Fault{Operation: "image-v2-upload-image-file", Status: http.StatusRequestEntityTooLarge})
	assert.ErrorIs(t, s.run(t.Context()), nhncloud.ErrTooLarge)
	s.nothing(t)
}

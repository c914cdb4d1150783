package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// cancelAt cancels once a line with the text is written.
type cancelAt struct {
	text   string
	cancel context.CancelFunc
	mu     sync.Mutex
	bytes.Buffer
}

func (w *cancelAt) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if strings.Contains(string(p), w.text) {
		w.cancel()
	}
	return w.Buffer.Write(p)
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, at := range []string{"Logged in", "Made key pair", "Creating server", "BUILD", "Creating a volume", "Attaching", "Stopping", "Starting", "Resizing"} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			ctx, cancel := context.WithCancel(t.Context())
			out := &cancelAt{text: at, cancel: cancel}
			err := program.Do(ctx, frame.Process{Stdout: out, Stderr: io.Discard})
			require.ErrorIs(t, err, context.Canceled)
			made := strings.Contains(out.String(), "Made")
			assert.Equal(t, made, strings.HasSuffix(out.String(), "Everything is gone again.\n"), out.String())
			for made, deleted := range map[string]string{
				"Made key pair":   "Deleting key pair",
				"Creating server": "Deleting server",
				"Creating a vol":  "Deleting volume",
			} {
				if strings.Contains(out.String(), made) {
					assert.Contains(t, out.String(), deleted)
				}
			}
		})
	}
}

// A login that fails makes nothing, so that there is nothing to say of its end.
func TestLoginFails(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	cloud.Inject(nhncloudtest.Fault{Operation: "identity-v2-create-token", Status: http.StatusUnauthorized})
	var out bytes.Buffer
	err := program.Do(t.Context(), frame.Process{Cloud: cloud, Stdout: &out, Stderr: io.Discard})
	require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
	assert.NotContains(t, out.String(), "gone again")
}

package main

import (
	"bytes"
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
			err := run(ctx, nil, strings.NewReader(""), out)
			require.ErrorIs(t, err, context.Canceled)
			assert.True(t, strings.HasSuffix(out.String(), "Everything is gone again.\n"), out.String())
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

// Nothing is done on the real cloud unless it is confirmed.
func TestLiveAsksFirst(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	err := run(t.Context(), []string{"-live"}, strings.NewReader("no\n"), &out)
	require.EqualError(t, err, "nothing was done")
	assert.Contains(t, out.String(), "cost money")
}

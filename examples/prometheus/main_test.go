package main

import (
	"bytes"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

// What Prometheus fetches has the calls, the attempts and the retry.
func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	process := frame.Process{Args: []string{"-addr", "127.0.0.1:0"}, Stdout: &out, Stderr: io.Discard}
	require.NoError(t, program().Do(t.Context(), process))
	for _, want := range []string{
		`nhncloud_client_call_duration_seconds_count\{[^}]*nhncloud_operation="compute-v2-list-flavors-detail"[^}]*\} 1\n`,
		`nhncloud_client_retries[a-z_]*\{[^}]*nhncloud_operation="compute-v2-list-flavors-detail"[^}]*\} 1\n`,
		`http_client_request_duration_seconds_count\{[^}]*http_response_status_code="502"[^}]*\} 1\n`,
		`http_client_request_duration_seconds_count\{[^}]*http_response_status_code="200"[^}]*nhncloud_operation="compute-v2-list-flavors-detail"[^}]*\} 1\n`,
		`http_client_response_body_size_bytes_sum\{[^}]*\} [1-9]`,
	} {
		assert.Regexp(t, want, out.String())
	}
}

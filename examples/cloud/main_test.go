package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- program().Do(ctx, frame.Process{Args: []string{"-addr", "127.0.0.1:0"}, Stdout: w, Stderr: io.Discard})
	}()

	vars := map[string]string{}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		kv, ok := strings.CutPrefix(lines.Text(), "export ")
		if !ok {
			assert.Contains(t, lines.Text(), "Ctrl-C")
			break
		}
		name, value, _ := strings.Cut(kv, "=")
		vars[name] = value
	}
	require.NotEmpty(t, vars["NHNCLOUD_AUTH_URL"])
	assert.Equal(t, vars["NHNCLOUD_AUTH_URL"], vars["OS_AUTH_URL"])

	body := `{"auth":{"tenantId":"` + vars["NHNCLOUD_TENANT_ID"] + `","passwordCredentials":{"username":"` +
		vars["NHNCLOUD_USERNAME"] + `","password":"` + vars["NHNCLOUD_PASSWORD"] + `"}}}`
	resp, err := http.Post(vars["NHNCLOUD_AUTH_URL"]+"/tokens", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	require.NoError(t, resp.Body.Close())

	cancel()
	require.NoError(t, <-done)
	http.DefaultClient.CloseIdleConnections()
}

func TestRunRefusesOtherAddresses(t *testing.T) {
	err := program().Do(t.Context(), frame.Process{Args: []string{"-addr", "0.0.0.0:0"}, Stdout: io.Discard, Stderr: io.Discard})
	require.ErrorContains(t, err, "loopback")
}

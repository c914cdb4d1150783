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
)

func TestRun(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- run(ctx, []string{"-addr", "127.0.0.1:0"}, w) }()

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
	require.ErrorContains(t, run(t.Context(), []string{"-addr", "0.0.0.0:0"}, io.Discard), "loopback")
	require.Error(t, run(t.Context(), []string{"-nonsense"}, io.Discard))
}

package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
)

// run is the program at work.
type run struct {
	vars map[string]string
	stop func() error
}

// start runs the program until stop is called, or the test ends.
func start(t *testing.T, args ...string) *run {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	done := make(chan error, 1)
	go func() {
		err := program().Do(ctx, frame.Process{Args: append([]string{"-listen", "127.0.0.1:0"}, args...), Stdout: w, Stderr: io.Discard})
		_ = w.CloseWithError(io.EOF)
		done <- err
	}()
	p := &run{vars: map[string]string{}}
	p.stop = func() error {
		cancel()
		return <-done
	}
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		kv, ok := strings.CutPrefix(lines.Text(), "export ")
		if !ok {
			assert.Contains(t, lines.Text(), "Ctrl-C")
			break
		}
		name, value, _ := strings.Cut(kv, "=")
		p.vars[name] = value
	}
	if p.vars["NHNCLOUD_AUTH_URL"] == "" {
		require.NoError(t, p.stop())
		require.Fail(t, "it printed nothing")
	}
	return p
}

// url is where the cloud is.
func (p *run) url() string { return strings.TrimSuffix(p.vars["NHNCLOUD_AUTH_URL"], "/identity/v2.0") }

// client is one of the SDK that asks the program.
func (p *run) client(t *testing.T) *nhncloud.Client {
	t.Helper()
	cfg, err := nhncloud.ConfigFrom(func(key string) (string, bool) { v, ok := p.vars[key]; return v, ok })
	require.NoError(t, err)
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	client, err := nhncloud.NewClient(cfg, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	require.NoError(t, err)
	return client
}

func TestRun(t *testing.T) {
	t.Parallel()
	p := start(t)
	assert.Equal(t, p.vars["NHNCLOUD_AUTH_URL"], p.vars["OS_AUTH_URL"])
	flavors, err := compute.New(p.client(t)).Flavors.List(t.Context(), nil)
	require.NoError(t, err)
	assert.NotEmpty(t, flavors)
	require.NoError(t, p.stop())
}

func TestRegions(t *testing.T) {
	t.Parallel()
	p := start(t, "-regions", "JP1,KR1")
	assert.Equal(t, "JP1", p.vars["NHNCLOUD_REGION"])
	p.vars["NHNCLOUD_REGION"] = "KR1"
	_, err := compute.New(p.client(t)).Flavors.List(t.Context(), nil)
	require.NoError(t, err)
	require.NoError(t, p.stop())
}

func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	faults := func(text string) string {
		name := filepath.Join(dir, strings.Map(func(r rune) rune {
			if strings.ContainsRune(`/ "{}:[],`, r) {
				return '_'
			}
			return r
		}, text)+".json")
		require.NoError(t, os.WriteFile(name, []byte(text), 0o600))
		return name
	}
	for _, tt := range []struct {
		args  []string
		words string
	}{
		{[]string{"-listen", "0.0.0.0:0"}, "loopback"},
		{[]string{"-addr", "192.0.2.1:0"}, "loopback"},
		{[]string{"-regions", "KR1,"}, "region"},
		{[]string{"-latency", "soon"}, "latency"},
		{[]string{"-latency", "5ms-later"}, "latency"},
		{[]string{"-latency", "50ms-5ms"}, "longer"},
		{[]string{"-faults", filepath.Join(dir, "missing")}, "missing"},
		{[]string{"-faults", faults(`{`)}, "unexpected"},
		{[]string{"-faults", faults(`{"faults":[]} 1`)}, "follows"},
		{[]string{"-faults", faults(`{"errors":[]}`)}, `"errors"`},
		{[]string{"-faults", faults(`{}`)}, `"faults"`},
		{[]string{"-faults", faults(`{"faults":[{},{"stat":503}]}`)}, "faults[1].stat: there is no such key"},
		{[]string{"-faults", faults(`{"faults":[{"status":"x"}]}`)}, "faults[0].status: string where a int"},
		{[]string{"-faults", faults(`{"faults":[{"delay":5}]}`)}, "faults[0].delay: 5 is no time"},
		{[]string{"-faults", faults(`{"faults":[{"delay":"5"}]}`)}, "faults[0].delay: "},
		{[]string{"-faults", faults(`{"faults":[{"operation":"compute-v2-get-servers"}]}`)}, `did you mean "compute-v2-get-server"`},
		{[]string{"-faults", faults(`{"faults":[{},{"probability":2}]}`)}, "faults[1]: Chance"},
		{[]string{"-faults", faults(`{"faults":[{"status":99}]}`)}, "faults[0]: status 99"},
	} {
		err := program().Do(t.Context(), frame.Process{
			Args: append([]string{"-listen", "127.0.0.1:0"}, tt.args...), Stdout: io.Discard, Stderr: io.Discard,
		})
		require.ErrorContains(t, err, tt.words, "%v", tt.args)
	}
}

func TestFaults(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "faults.json")
	require.NoError(t, os.WriteFile(name, []byte(`{"faults": [
		{"path": "/flavors", "status": 418, "body": "{}", "times": 1},
		{"path": "/volume/", "drop": true}
	]}`), 0o600))
	p := start(t, "-faults", name, "-latency", "1ms-2ms")
	flavors := compute.New(p.client(t)).Flavors
	_, err := flavors.List(t.Context(), nil)
	var problem *nhncloud.Error
	require.ErrorAs(t, err, &problem)
	assert.Equal(t, http.StatusTeapot, problem.StatusCode)
	_, err = flavors.List(t.Context(), nil)
	require.NoError(t, err)
	_, err = http.Get(p.url() + "/volume/v2")
	require.Error(t, err)
	require.NoError(t, p.stop())
}

func TestExampleFile(t *testing.T) {
	t.Parallel()
	p := start(t, "-faults", "faults.json", "-latency", "0s")
	require.NoError(t, p.stop())
}

func TestSpan(t *testing.T) {
	t.Parallel()
	var s span
	require.NoError(t, s.Set("5ms-80ms"))
	assert.Equal(t, "5ms-80ms", s.String())
	require.NoError(t, s.Set("1s"))
	assert.Equal(t, "1s", s.String())
}

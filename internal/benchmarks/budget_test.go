package benchmarks

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// TestAllocations holds the calls of the SDK to a number of allocations, those
// of net/http and of the transport's goroutines included.
func TestAllocations(t *testing.T) {
	if underRace() {
		// The race detector makes allocations of its own and has pools forget.
		out, err := goCommand(t, "test", "-count=1", "-run=^TestAllocations$", ".").CombinedOutput()
		require.NoError(t, err, "without the race detector: %s", out)
		return
	}
	ctx := context.Background()
	client := newSDK(t, service.NewCloud(t, service.CloudOptions{}))
	for _, test := range []struct {
		name   string
		units  int // that share the allocations
		budget float64
		call   func() error
	}{
		{"GetServer", 1, 75, func() error { return client.get(ctx, service.ServerID, nil) }},
		{"CreateServer", 1, 80, func() error { return client.create(ctx, nil) }},
		{"ListServers of 1000, per server", 1000, 18, func() error {
			_, err := client.list(ctx, 1000, nil)
			return err
		}},
	} {
		t.Run(test.name, func(t *testing.T) {
			runs := max(3, 300/test.units)
			got := testing.AllocsPerRun(runs, func() {
				if err := test.call(); err != nil {
					t.Fatal(err)
				}
			}) / float64(test.units)
			t.Logf("%.1f allocations, %.0f allowed", got, test.budget)
			assert.LessOrEqual(t, got, test.budget)
		})
	}
}

// TestObjectAllocations holds puts and gets to ten allocations more than those
// of net/http that hash as much.
func TestObjectAllocations(t *testing.T) {
	if underRace() {
		out, err := goCommand(t, "test", "-count=1", "-run=^TestObjectAllocations$", ".").CombinedOutput()
		require.NoError(t, err, "without the race detector: %s", out)
		return
	}
	const extra = 10
	ctx := context.Background()
	calls := map[string]func(s storer, name string, size int64) error{
		"put from memory": func(s storer, name string, size int64) error {
			return s.put(ctx, name, bytes.NewReader(make([]byte, size)), size)
		},
		"put from a generator": func(s storer, name string, size int64) error { return s.put(ctx, name, generator(size), size) },
		"get":                  func(s storer, name string, size int64) error { return s.get(ctx, name, io.Discard) },
	}
	for what, call := range calls {
		for _, size := range []int64{kib, 2 * mib} {
			name := strconv.FormatInt(size, 10)
			got := map[string]float64{}
			for _, p := range storers {
				s := p.make(t, service.NewStorage(t, service.StorageOptions{Size: size}))
				got[p.name] = testing.AllocsPerRun(100, func() {
					if err := call(s, name, size); err != nil {
						t.Fatal(err)
					}
				})
			}
			t.Logf("%s of %d bytes: %v", what, size, got)
			assert.LessOrEqual(t, got["sdk-unchecked"], got["raw"]+extra, "%s of %d bytes", what, size)
			assert.LessOrEqual(t, got["sdk"], got["raw-md5"]+extra, "%s of %d bytes", what, size)
		}
	}
}

func underRace() bool {
	info, ok := debug.ReadBuildInfo()
	return ok && slices.Contains(info.Settings, debug.BuildSetting{Key: "-race", Value: "true"})
}

// TestTokenStorm holds the SDK to one login for all callers.
func TestTokenStorm(t *testing.T) {
	for name, expired := range map[string]bool{"expired": true, "revoked": false} {
		t.Run(name, func(t *testing.T) {
			s := newStorm(t, newSDK, expired)
			s.run()
			assert.EqualValues(t, 1, s.logins(), "logins")
			assert.Zero(t, s.failed.Load(), "failed callers")
		})
	}
}

// TestConnections holds the SDK to few more connections than there are callers.
func TestConnections(t *testing.T) {
	const callers, calls = 64, 30
	c := service.NewCloud(t, service.CloudOptions{Latency: time.Millisecond})
	client := newSDK(t, c)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range calls {
				assert.NoError(t, client.get(t.Context(), service.ServerID, nil))
			}
		})
	}
	wg.Wait()
	t.Logf("%d connections for %d callers", c.Connections(), callers)
	assert.LessOrEqual(t, c.Connections(), int64(2*callers))
}

// TestHelloSize holds the smallest useful program to a size, as it is built
// without flags and as it is shipped, without symbols.
func TestHelloSize(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skipf("the budget is for linux/amd64, this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	// From Go 1.27 on, whatever imports log/slog has encoding/json/v2 in it.
	plain, stripped := int64(10_300_000), int64(7_200_000)
	if !strings.HasPrefix(runtime.Version(), "go1.26") {
		plain, stripped = 11_300_000, 7_700_000
	}
	for _, build := range []struct {
		flags  string
		budget int64
	}{{"-ldflags=", plain}, {"-ldflags=-s -w", stripped}} {
		binary := filepath.Join(t.TempDir(), "hello")
		out, err := goCommand(t, "build", build.flags, "-o", binary, "./hello").CombinedOutput()
		require.NoError(t, err, "%s", out)
		info, err := os.Stat(binary)
		require.NoError(t, err)
		t.Logf("%s: %d bytes, %d allowed", build.flags, info.Size(), build.budget)
		assert.LessOrEqual(t, info.Size(), build.budget)
	}
}

// TestHelloDependencies holds the SDK to few packages of others.
func TestHelloDependencies(t *testing.T) {
	const budget, module = 5, "github.com/nhncloud-go/nhncloud"
	out, err := goCommand(t, "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", "./hello").Output()
	require.NoError(t, err)
	var others []string
	for lines := bufio.NewScanner(bytes.NewReader(out)); lines.Scan(); {
		if path := lines.Text(); path != "" && path != module && !strings.HasPrefix(path, module+"/") {
			others = append(others, path)
		}
	}
	t.Logf("%d packages, %d allowed: %s", len(others), budget, strings.Join(others, " "))
	assert.NotEmpty(t, others)
	assert.LessOrEqual(t, len(others), budget)
}

// goCommand runs the go tool as it is for everybody, without what this test
// was run with.
func goCommand(t *testing.T, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(t.Context(), "go", args...)
	cmd.Env = append(os.Environ(), "GOFLAGS=-buildvcs=false", "GOWORK=off")
	return cmd
}

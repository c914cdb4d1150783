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
	client := newSDK(t, newCloud(t))
	for _, test := range []struct {
		name   string
		units  int // that share the allocations
		budget float64
		call   func() error
	}{
		{"GetServer", 1, 85, func() error { return client.get(ctx, serverID, nil) }},
		{"CreateServer", 1, 80, func() error { return client.create(ctx, nil) }},
		{"ListServers of 1000, per server", 1000, 30, func() error {
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
	const extra, generated = 10, "put from a generator"
	ctx := context.Background()
	calls := map[string]func(s storer, name string, size int64) error{
		"put from memory": func(s storer, name string, size int64) error {
			return s.put(ctx, name, bytes.NewReader(make([]byte, size)), size)
		},
		generated: func(s storer, name string, size int64) error { return s.put(ctx, name, generator(size), size) },
		"get":     func(s storer, name string, size int64) error { return s.get(ctx, name, io.Discard) },
	}
	for what, call := range calls {
		for _, size := range []int64{kib, 2 * mib} {
			name := strconv.FormatInt(size, 10)
			zeroMD5(size)
			got := map[string]float64{}
			for _, p := range storers {
				s := p.make(t, newStorage(t, nil))
				got[p.name] = testing.AllocsPerRun(100, func() {
					if err := call(s, name, size); err != nil {
						t.Fatal(err)
					}
				})
			}
			t.Logf("%s of %d bytes: %v", what, size, got)
			allowed := float64(extra)
			if what == generated && size >= mib {
				// The SDK has such content wait for the service to ask for it.
				// The server, which is in this process, makes one reader more
				// to ask when its handler begins to read.
				allowed++
			}
			assert.LessOrEqual(t, got["sdk-unchecked"], got["raw"]+allowed, "%s of %d bytes", what, size)
			assert.LessOrEqual(t, got["sdk"], got["raw-md5"]+allowed, "%s of %d bytes", what, size)
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
	c := newCloud(t)
	c.latency = time.Millisecond
	client := newSDK(t, c)
	var wg sync.WaitGroup
	for range callers {
		wg.Go(func() {
			for range calls {
				assert.NoError(t, client.get(t.Context(), serverID, nil))
			}
		})
	}
	wg.Wait()
	t.Logf("%d connections for %d callers", c.accepted.Load(), callers)
	assert.LessOrEqual(t, c.accepted.Load(), int64(2*callers))
}

// TestHelloSize holds the smallest useful program to a size, as it is built
// without flags and as it is shipped, without symbols.
func TestHelloSize(t *testing.T) {
	if runtime.GOOS != "linux" || runtime.GOARCH != "amd64" {
		t.Skipf("the budget is for linux/amd64, this is %s/%s", runtime.GOOS, runtime.GOARCH)
	}
	for _, build := range []struct {
		flags  string
		budget int64
	}{{"-ldflags=", 11_200_000}, {"-ldflags=-s -w", 7_700_000}} {
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
	const budget, module = 10, "github.com/nhncloud-go/nhncloud"
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

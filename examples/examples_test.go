package examples

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ends lists what the output of an example ends with. The example cloud runs
// until it is stopped and has a test of its own.
var ends = map[string]string{
	"credentials":   "services.",
	"errors":        "gave up after 3 attempts.",
	"httpclient":    "is available: true.",
	"listing":       "flavors have 4 GB or more.",
	"middleware":    "flavors.",
	"objects":       "After the key is gone: 401 Unauthorized.",
	"quickstart":    "Everything is gone again.",
	"quickstart-v1": "Everything is gone again.",
	"waiting":       `(status "ERROR"): No valid host was found. There are not enough hosts available.`,
}

func TestExamples(t *testing.T) {
	t.Parallel()
	bin := t.TempDir()
	build := exec.Command("go", "build", "-buildvcs=false", "-o", bin, "./...")
	out, err := build.CombinedOutput()
	require.NoError(t, err, "%s", out)

	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	for _, entry := range entries {
		name := entry.Name()
		if !entry.IsDir() || name == "cloud" {
			continue
		}
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err == nil {
			continue // a module of its own, with tests of its own
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			home := t.TempDir()
			run := exec.CommandContext(t.Context(), filepath.Join(bin, name))
			run.Env = []string{"HOME=" + home, "XDG_CACHE_HOME=" + home} // no account of the one who tests
			out, err := run.CombinedOutput()
			require.NoError(t, err, "%s", out)
			require.Contains(t, ends, name, "an example without an expected end")
			assert.True(t, strings.HasSuffix(strings.TrimSpace(string(out)), ends[name]), "%s", out)
		})
	}
}

package examples

import (
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/internal/frametest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// programs is the folder of the examples as programs.
var programs string

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "examples")
		if err == nil {
			defer os.RemoveAll(dir)
			programs, err = dir, frametest.Build(dir, ".", "./...")
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// ends lists what the output of an example ends with. The example cloud runs
// until it is stopped and has a test of its own.
var ends = map[string]string{
	"credentials":   "after 0 logins.",
	"errors":        "gave up after 3 attempts.",
	"httpclient":    "is available: true.",
	"images":        "Everything is gone again.",
	"listing":       "flavors have 4 GB or more.",
	"loadbalancer":  "Everything is gone again.",
	"middleware":    "flavors.",
	"network":       "Everything is gone again.",
	"objects":       "Everything is gone again.",
	"quickstart":    "Everything is gone again.",
	"quickstart-v1": "Everything is gone again.",
	"waiting":       "Everything is gone again.",
}

// folders lists the examples of this module.
func folders(t *testing.T) []string {
	t.Helper()
	programs, err := filepath.Glob("*/main.go")
	require.NoError(t, err)
	var names []string
	for _, program := range programs {
		name := filepath.Dir(program)
		if _, err := os.Stat(filepath.Join(name, "go.mod")); err != nil { // else a module of its own, with tests of its own
			names = append(names, name)
		}
	}
	require.NotEmpty(t, names)
	return names
}

// Without -live an example leaves the account in its environment alone, and no
// trace on the machine.
func TestExamples(t *testing.T) {
	t.Parallel()
	for _, name := range folders(t) {
		if name == "cloud" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := nhncloudtest.Start(t)
			p := frametest.Start(t, filepath.Join(programs, name), account.Environ(), nil)
			require.Zero(t, p.Wait(), p.Output())
			require.Contains(t, ends, name, "an example without an expected end")
			assert.True(t, strings.HasSuffix(strings.TrimSpace(p.Output()), ends[name]), p.Output())
			assert.Zero(t, account.Count(""), "requests to the account in the environment")
			assert.Empty(t, p.Left())
		})
	}
}

func TestHelp(t *testing.T) {
	t.Parallel()
	for _, name := range folders(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := frametest.Start(t, filepath.Join(programs, name), nil, nil, "-h")
			assert.Zero(t, p.Wait())
			assert.Contains(t, p.Output(), "usage: "+name+" [flags]\n")
			assert.Equal(t, name != "cloud", strings.Contains(p.Output(), "\n  -live\n"), p.Output())

			p = frametest.Start(t, filepath.Join(programs, name), nil, nil, "-nope")
			assert.Equal(t, 2, p.Wait())
			assert.Contains(t, p.Output(), name+": flag provided but not defined: -nope; -h says what it takes")
		})
	}
}

// With -live an example works on the account in its environment, and leaves
// nothing there.
func TestLive(t *testing.T) {
	t.Parallel()
	for _, name := range folders(t) {
		if name == "cloud" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			account := nhncloudtest.Start(t, nhncloudtest.WithEd25519Keys(), nhncloudtest.WithTransition(0))
			args := []string{"-live"}
			if name == "waiting" {
				args = append(args, "-image", account.ImageID("Ubuntu"), "-flavor", account.FlavorID("m2.c2m4"), "-subnet", account.SubnetID())
			}
			p := frametest.Start(t, filepath.Join(programs, name), account.Environ(), strings.NewReader("yes\n"), args...)
			require.Zero(t, p.Wait(), p.Output())
			assert.NotZero(t, account.Count(""))
			assert.Empty(t, p.Left())
			assert.Empty(t, left(t, account))
		})
	}
}

// Without an account all that is missing is named, before anything is asked.
func TestLiveWithoutAccount(t *testing.T) {
	t.Parallel()
	for _, name := range folders(t) {
		if name == "cloud" {
			continue
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := frametest.Start(t, filepath.Join(programs, name), nil, nil, "-live")
			assert.Equal(t, 1, p.Wait())
			for _, variable := range []string{"NHNCLOUD_PASSWORD", "NHNCLOUD_REGION", "NHNCLOUD_TENANT_ID", "NHNCLOUD_USERNAME"} {
				assert.Contains(t, p.Output(), variable)
			}
			assert.NotContains(t, p.Output(), "gone again")
		})
	}
}

// A copied example compiles when the folder of its frame is copied too.
func TestCopied(t *testing.T) {
	t.Parallel()
	const module, frame = "github.com/nhncloud-go/nhncloud", "/examples/internal/frame"
	root, err := filepath.Abs("..")
	require.NoError(t, err)
	dir := t.TempDir()
	copyFile := func(from, to string, edit func(string) string) {
		content, err := os.ReadFile(from)
		require.NoError(t, err)
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(dir, to)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, to), []byte(edit(string(content))), 0o600))
	}
	same := func(text string) string { return text }
	copyFile("../go.sum", "go.sum", same)
	copyFile("../go.mod", "go.mod", func(text string) string {
		text = strings.Replace(text, "module "+module, "module example.com/copied", 1)
		return text + "\nrequire " + module + " v0.0.0\n\nreplace " + module + " => " + root + "\n"
	})
	for _, name := range append(folders(t), "internal/frame") {
		require.NoError(t, filepath.WalkDir(name, func(file string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && !strings.HasSuffix(file, "_test.go") {
				copyFile(file, file, func(text string) string {
					return strings.ReplaceAll(text, `"`+module+frame+`"`, `"example.com/copied/internal/frame"`)
				})
			}
			return err
		}))
	}
	vet := exec.CommandContext(t.Context(), "go", "vet", "./...") // compiles, but links nothing
	vet.Dir = dir
	out, err := vet.CombinedOutput()
	require.NoError(t, err, "%s", out)
}

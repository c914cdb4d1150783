package house_test

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// TestRepository applies the rules to this repository.
func TestRepository(t *testing.T) {
	t.Parallel()
	r := workingTree(t)
	require.True(t, slices.ContainsFunc(r.packages, func(p *pkg) bool { return p.dir == "internal/house" }), "the tests run in the tree they look at")
	for _, rule := range rules {
		t.Run(rule.name, func(t *testing.T) {
			t.Parallel()
			for _, f := range rule.check(r) {
				t.Errorf("%s (%s)", f, rule.name)
			}
		})
	}
}

// workingTree loads this repository.
func workingTree(t *testing.T) *repo {
	t.Helper()
	const root = "../.."
	r, err := load(os.DirFS(root), tracked(t, root))
	require.NoError(t, err)
	return r
}

// tracked lists the files that are, or could be, committed. Outside of a git
// checkout, as in a module cache, these are all files.
func tracked(t *testing.T, root string) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "-C", root, "ls-files", "-z", "--cached", "--others", "--exclude-standard").Output()
	var names []string
	if err == nil && len(out) > 0 {
		for _, name := range bytes.Split(bytes.TrimSuffix(out, []byte{0}), []byte{0}) {
			// A file that was deleted but not yet committed isn't there.
			if info, err := os.Lstat(path.Join(root, string(name))); err == nil && info.Mode().IsRegular() {
				names = append(names, string(name))
			}
		}
		return names
	}
	err = fs.WalkDir(os.DirFS(root), ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && entry.Name() == ".git" {
			return fs.SkipDir
		}
		if err == nil && entry.Type().IsRegular() {
			names = append(names, name)
		}
		return err
	})
	require.NoError(t, err)
	return names
}

// tree makes a repository of files; a Go file needs no package clause.
type tree map[string]string

func (files tree) load(t *testing.T) *repo {
	t.Helper()
	fsys := fstest.MapFS{}
	for name, text := range files {
		if strings.HasSuffix(name, ".go") && !strings.Contains(text, "package ") {
			dir := path.Base(path.Dir(name))
			if dir == "." {
				dir = "nhncloud"
			}
			text = "package " + dir + "; " + text
		}
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	r, err := load(fsys, slices.Collect(maps.Keys(files)))
	require.NoError(t, err)
	return r
}

func TestRules(t *testing.T) {
	t.Parallel()
	for _, rule := range rules {
		require.NotEmpty(t, rule.snippets, "no snippets for %q", rule.name)
		for _, test := range rule.snippets {
			t.Run(rule.name+"/"+test.name, func(t *testing.T) {
				t.Parallel()
				var got []string
				for _, f := range rule.check(test.files.load(t)) {
					got = append(got, f.String())
				}
				assert.Equal(t, test.want, got)
			})
		}
	}
}

func TestLoadErrors(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"a.go": "package", "b.go": "package b; import 7", "c.go": ""} {
		_, err := load(fstest.MapFS{name: {Data: []byte(text)}}, []string{name})
		require.ErrorContains(t, err, name)
	}
	_, err := load(fstest.MapFS{}, []string{"gone.go"})
	require.ErrorIs(t, err, fs.ErrNotExist)
}

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
	const root = "../.."
	r, err := load(os.DirFS(root), tracked(t, root))
	require.NoError(t, err)
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
	// Spelt so that this file keeps the rule.
	work, home := "/"+"work"+"/", "/"+"root"+"/"
	tests := map[string][]struct {
		name  string
		files tree
		want  []string
	}{
		"exported names are documented": {
			{"documented", tree{"a.go": "\n// A is.\ntype A struct{}\n\n// B does.\nfunc (a *A) B() {}\n\n// C, too.\nfunc C() {}\n\n// D's.\nvar D int\n"}, nil},
			{"no comment", tree{"a.go": "\ntype A struct{}\nfunc (a *A) B() {}\nfunc (a S[T]) C() {}\nfunc D() {}\nvar E int\nconst f, G = 1, 2"}, []string{
				"a.go:2: A is exported and has no doc comment",
				"a.go:3: B is exported and has no doc comment",
				"a.go:4: C is exported and has no doc comment",
				"a.go:5: D is exported and has no doc comment",
				"a.go:6: E is exported and has no doc comment",
				"a.go:7: G is exported and has no doc comment",
			}},
			{"other beginning", tree{"a.go": "\n// An A is.\ntype A struct{}\n\n// Gets b.\nfunc (A) Get() {}\n\n// Getter.\nfunc Get() {}"}, []string{
				"a.go:3: the doc comment of A must begin with the name",
				"a.go:6: the doc comment of Get must begin with the name",
				"a.go:9: the doc comment of Get must begin with the name",
			}},
			{"groups", tree{"a.go": "\n// Statuses.\nconst (\n\tA = 1\n\tB = 2\n)\nvar (\n\t// C is.\n\tC int\n\tD int\n\te int\n)\n// Types.\ntype (\n\tF int\n\t// G is.\n\tG int\n)"}, []string{
				"a.go:10: D is exported and has no doc comment",
				"a.go:15: F is exported and has no doc comment",
			}},
			{"not public", tree{
				"a.go": "type a int; func (a) B() {}; func (a[K, V]) C() {}; func (*a) D() {}; func (struct{}) E() {}; func f() {}", "a_test.go": "func A() {}",
				"internal/x/x.go": "func A() {}", "x/internal/y/y.go": "func A() {}", "examples/a/main.go": "package main; func A() {}",
				"cmd/a/main.go": "package main; func A() {}", "testdata/a.go": "func A() {}",
				"bench/go.mod": "module bench", "bench/sub/a.go": "func A() {}",
			}, nil},
		},
		"packages have a doc.go": {
			{"there", tree{"doc.go": "// Package nhncloud is.\npackage nhncloud", "cmd/main.go": "// Command cmd is.\npackage main", "cmd/x.go": "package main"}, nil},
			{"missing", tree{"a.go": "// Package nhncloud is.\npackage nhncloud", "b/doc.go": "package b", "c/c_test.go": "package c_test", "d/main.go": "package main"}, []string{
				"a.go:2: package nhncloud has to have a doc.go with a package comment",
				"b/doc.go:1: package b has to have a doc.go with a package comment",
				"c/c_test.go:1: package c has to have a doc.go with a package comment",
				"d/main.go:1: package main has to have a package comment",
			}},
		},
		"service methods take a context and return an error": {
			{"kept", tree{"a/a.go": `import ("context"; "iter")
func (s *AService) Get(ctx context.Context, id string) (*A, error) { return nil, nil }
func (s *AService) Delete(ctx context.Context) error { return nil }
func (s AService) All(ctx context.Context, o *O) iter.Seq2[A, error] { return nil }
func (s *AService) String() string { return "" }
func (s *AService) get(id string) {}
func (s *aService) Get(id string) {}
func (s Service) Get(id string) {}
func (o *Options) Get(id string) {}
func Get(id string) {}`, "internal/x/a.go": "func (s AService) Get(id string) {}"}, nil},
			{"broken", tree{"a/a.go": `import ("context"; "iter"; ctxt "not/context")
func (s *AService) NoContext(id string) error { return nil }
func (s *AService) Late(id string, ctx context.Context) error { return nil }
func (s *AService) Named(c context.Context) error { return nil }
func (s *AService) Other(ctx ctxt.Context) error { return nil }
func (s *AService) Two(ctx, other context.Context) error { return nil }
func (s *AService) None(ctx context.Context) {}
func (s *AService) First(ctx context.Context) (error, int) { return nil, 0 }
func (s *AService) Seq(ctx context.Context) iter.Seq[A] { return nil }
func (s *AService) Map(ctx context.Context) Map[A, error] { return nil }`}, []string{
				"a/a.go:2: AService.NoContext must take ctx context.Context first",
				"a/a.go:3: AService.Late must take ctx context.Context first",
				"a/a.go:4: AService.Named must take ctx context.Context first",
				"a/a.go:5: AService.Other must take ctx context.Context first",
				"a/a.go:6: AService.Two must take ctx context.Context first",
				"a/a.go:7: AService.None must return an error last, or an iter.Seq2",
				"a/a.go:8: AService.First must return an error last, or an iter.Seq2",
				"a/a.go:9: AService.Seq must return an error last, or an iter.Seq2",
				"a/a.go:10: AService.Map must return an error last, or an iter.Seq2",
			}},
		},
		"clients and services have no exported fields": {
			{"kept", tree{"a/a.go": `
type Client struct { Servers *ServerService; Flavors FlavorService; http *http.Client }
type ServerService struct { client *Client; deep other.DeepService }
type Server struct { ID string }
type Config struct { HTTPClient *http.Client }
type Service string
type httpClient struct { URL string }
type NameClient = Client`, "internal/x/a.go": "type Client struct { URL string }"}, nil},
			{"broken", tree{"a/a.go": `
type Client struct {
	URL, User string
	*http.Client
	Any []Service
}
type ServerService struct { Client *Client }
type HTTPClient struct { sync.Mutex }`}, []string{
				"a/a.go:3: Client.URL is exported and no service",
				"a/a.go:3: Client.User is exported and no service",
				"a/a.go:4: Client.Client is exported and no service",
				"a/a.go:5: Client.Any is exported and no service",
				"a/a.go:7: ServerService.Client is exported and no service",
				"a/a.go:8: HTTPClient.Mutex is exported and no service",
			}},
		},
		"no init functions": {
			{"kept", tree{"a.go": "func (a A) init() {}; func initialise() {}", "a_test.go": "func init() {}"}, nil},
			{"broken", tree{"a.go": "func init() {}", "cmd/a.go": "package main; func init() {}"}, []string{
				"a.go:1: init function", "cmd/a.go:1: init function",
			}},
		},
		"libraries don't print": {
			{"kept", tree{
				"a.go":               `import ("fmt"; "log/slog"; "os"); var x = fmt.Sprint(os.Getenv("A")); func f(log *slog.Logger) { log.Info(""); slog.Info("") }`,
				"a_test.go":          `import "fmt"; func f() { fmt.Println() }`,
				"cmd/main.go":        `package main; import "os"; var x = os.Stdout`,
				"examples/a/main.go": `package main; import "log"; func main() { log.Print() }`,
				"examples/a/b/b.go":  `import "log"; func f() { log.Print() }`,
			}, nil},
			{"broken", tree{
				"a.go":            `import ("fmt"; "log"; sys "os"); func f() { fmt.Println(); fmt.Printf(""); log.Fatal(); use(sys.Stdout, sys.Stderr) }`,
				"internal/x/x.go": `import "fmt"; func f() { fmt.Print() }`,
			}, []string{
				"a.go:1: fmt.Println in a library", "a.go:1: fmt.Printf in a library", "a.go:1: log.Fatal in a library",
				"a.go:1: os.Stdout in a library", "a.go:1: os.Stderr in a library", "internal/x/x.go:1: fmt.Print in a library",
			}},
		},
		"libraries don't import test code": {
			{"kept", tree{
				"a.go":                       `import "net/http"`,
				"a_test.go":                  `import ("testing"; "github.com/stretchr/testify/assert")`,
				"examples/a/main.go":         `package main; import "` + module + `/nhncloudtest"`,
				"internal/apitest/doc.go":    `import ("testing"; "github.com/jarcoal/httpmock"; "` + module + `/nhncloudtest")`,
				"internal/apitest/x_test.go": `import "` + module + `/internal/apitest"`,
			}, nil},
			{"broken", tree{
				"a.go":                    `import ("testing"; "testing/iotest"; "github.com/stretchr/testify/require"; "github.com/jarcoal/httpmock")`,
				"compute/a.go":            `import ("` + module + `/nhncloudtest"; x "` + module + `/internal/apitest")`,
				"nhncloudtest/a.go":       `import "testing"`,
				"internal/apitest/doc.go": ``,
			}, []string{
				"a.go:1: import of testing in a library",
				"a.go:1: import of testing/iotest in a library",
				"a.go:1: import of github.com/stretchr/testify/require in a library",
				"a.go:1: import of github.com/jarcoal/httpmock in a library",
				"compute/a.go:1: import of " + module + "/nhncloudtest in a library",
				"compute/a.go:1: import of " + module + "/internal/apitest in a library",
				"nhncloudtest/a.go:1: import of testing in a library",
			}},
		},
		"the core imports no service": {
			{"kept", tree{
				"a.go": `import ("net/http"; "` + module + `/internal/wire")`, "a_test.go": `import "` + module + `/compute"`,
				"compute/a.go": `import "` + module + `/keypair"`, "internal/apitest/a.go": `import "` + module + `/compute"`,
				"internal/cmd/a.go": `package main; import "` + module + `/compute"`,
			}, nil},
			{"broken", tree{"a.go": `import "` + module + `/compute"`, "internal/x/a.go": `import "` + module + `/compute/v1"`}, []string{
				"a.go:1: the core imports " + module + "/compute",
				"internal/x/a.go:1: the core imports " + module + "/compute/v1",
			}},
		},
		"no paths of somebody's machine": {
			{"kept", tree{"README.md": "a" + work + " $HOME" + work + " ." + work + " ~" + work + " ${x}" + work + " /works/ /roots/ https://host" + home, "image": "\x00 " + home}, nil},
			{"broken", tree{"README.md": "# A\n\n`" + work + "x`", "a/testdata/x.json": `{"path": "` + home + `x"}`, ".ci/run": home + "\nfile://" + work}, []string{
				".ci/run:1: path of a machine: " + home + "…",
				".ci/run:2: path of a machine: " + work + "…",
				"README.md:3: path of a machine: " + work + "…",
				"a/testdata/x.json:1: path of a machine: " + home + "…",
			}},
		},
		"both READMEs are alike": {
			{"one", tree{"README.md": "## A"}, nil},
			{"alike", tree{
				"README.md":    "# A\n## B\n```go\n// do\nx()\n\n# not a heading\n```\n### C\n~~~~sh\n```\n~~~\n~~~~\n",
				"README.ko.md": "# 가\n\n## 나\n나\n```go\nx()\n\t// 다\n\n```\n### 라\n~~~~sh\n```\n~~~\n~~~~\n",
			}, nil},
			{"other heading and code", tree{"README.md": "## A\n### B\n```\na\n```\n", "README.ko.md": "## A\n## B\n```\nb\n```\n"}, []string{
				"README.ko.md:2: this heading differs from the one at README.md:2",
				"README.ko.md:3: this code block differs from the one at README.md:3",
			}},
			{"other language", tree{"README.md": "```go\na\n```\n", "README.ko.md": "```sh\na\n```\n"}, []string{
				"README.ko.md:1: this code block differs from the one at README.md:1",
			}},
			{"less", tree{"README.md": "## A\n## B\n", "README.ko.md": "## A\n```\n"}, []string{
				"README.md:2: README.ko.md has no such heading",
				"README.ko.md:2: README.md has no such code block",
			}},
		},
	}
	for _, rule := range rules {
		require.NotEmpty(t, tests[rule.name], "no snippets for %q", rule.name)
		for _, test := range tests[rule.name] {
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
	assert.Len(t, tests, len(rules))
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

package house_test

import (
	"bytes"
	"errors"
	"fmt"
	"go/ast"
	"go/doc"
	"go/importer"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// What the Go code in a README may use without saying so, besides the public
// packages of this module and err: packages of the standard library, and
// variables.
var (
	snippetImports   = []string{"context", "errors", "fmt", "io", "log/slog", "net/http", "os", "testing", "time"}
	snippetVariables = `ctx context.Context, client *nhncloud.Client, config nhncloud.Config, servers *compute.ServersService,
		objects *objectstorage.ObjectsService, response *http.Response, id, folder string, ids []string`
)

// TestSnippets compiles the Go code of both READMEs.
func TestSnippets(t *testing.T) {
	t.Parallel()
	c := newSnippetChecker(t)
	for _, name := range []string{"README.md", "README.ko.md"} {
		text, err := os.ReadFile("../../" + name)
		require.NoError(t, err)
		found, blocks := c.check(name, string(text))
		assert.NotZero(t, blocks, "Go code in %s", name)
		for _, f := range found {
			t.Error(f)
		}
	}
}

// TestPrograms compiles the whole programs in the overviews of the public
// packages, of which each has one.
func TestPrograms(t *testing.T) {
	t.Parallel()
	c := newSnippetChecker(t)
	for _, p := range workingTree(t).packages {
		if !p.isPublic() {
			continue
		}
		name := path.Join(p.dir, "doc.go")
		text, err := os.ReadFile("../../" + name)
		require.NoError(t, err)
		found, programs := c.check(name, programsIn(string(text)))
		assert.NotZero(t, programs, "programs in %s", name)
		for _, f := range found {
			t.Error(f)
		}
	}
}

// TestWholeFileExamples looks for the whole programs of the public packages that
// are modules of their own. Their go test compiles and runs them, and what shows
// examples shows one with its imports where it has a file to itself, with another
// declaration.
func TestWholeFileExamples(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"otel/example_test.go", "cloudsyaml/example_test.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), "../../"+name, nil, parser.ParseComments)
		require.NoError(t, err)
		examples := doc.Examples(file)
		require.Len(t, examples, 1, name)
		assert.Empty(t, examples[0].Name, "%s: the example of the package", name)
		assert.IsType(t, file, examples[0].Code, "%s: a whole file", name)
		assert.NotEmpty(t, examples[0].Output, "%s: is run", name)
	}
}

// programsIn makes a document of the whole programs in a comment.
func programsIn(text string) string {
	var out strings.Builder
	inside := false
	for line := range strings.Lines(text) {
		code, isCode := strings.CutPrefix(line, "//\t")
		switch {
		case !inside && isCode && strings.HasPrefix(code, "package main"):
			inside = true
			out.WriteString("```go\n")
		case inside && !isCode && strings.TrimSpace(line) != "//":
			inside = false
			out.WriteString("```\n")
		}
		if inside {
			if !isCode {
				code = "\n"
			}
			out.WriteString(code)
		}
	}
	return out.String()
}

func TestSnippetChecker(t *testing.T) {
	t.Parallel()
	c := newSnippetChecker(t)
	for name, test := range map[string]struct {
		text   string
		blocks int
		want   []string
	}{
		"none":         {"# A\n```sh\ngo run .\n```\n```\nx\n```\n", 0, nil},
		"statements":   {"# A\n```go\nserver, err := servers.Get(ctx, id)\nif err != nil {\n\treturn err\n}\n```\n", 1, nil},
		"own variable": {"```go\nservers := compute.New(client).Servers\nerr := servers.Stop(ctx, id)\n```\n", 1, nil},
		"function":     {"```go\nfunc TestA(t *testing.T) {\n\tcloud := nhncloudtest.Start(t)\n}\n```\n", 1, nil},
		"file":         {"```go\npackage main\n\nimport \"strings\"\n\nvar x = strings.ToUpper(\"a\")\n```\n", 1, nil},
		"v1.0":         {"```go\n_ = computev1.New(client)\n```\n", 1, nil},
		"two": {"```go\n_ = servers.Fly(ctx)\n```\n\n~~~go\nvar x int = \"x\"\ny++\n~~~\n", 2, []string{
			"README.md:2: servers.Fly undefined",
			"README.md:6: cannot use \"x\" (untyped string constant) as int value in variable declaration",
			"README.md:7: undefined: y",
		}},
		"arguments":       {"```go\nreturn servers.Stop(ctx)\n```\n", 1, []string{"README.md:2: not enough arguments in call to servers.Stop"}},
		"no Go":           {"A\n```go\nfor {\n```\n", 1, []string{"README.md:3: expected '}'"}},
		"no package":      {"```go\nstrings.ToUpper(\"a\")\n```\n", 1, []string{"README.md:2: undefined: strings"}},
		"unknown package": {"```go\npackage main\n\nimport \"nowhere/x\"\n```\n", 1, []string{"README.md:4: could not import nowhere/x"}},
	} {
		t.Run(name, func(t *testing.T) {
			found, blocks := c.check("README.md", test.text)
			assert.Equal(t, test.blocks, blocks)
			var got []string
			for _, f := range found {
				got = append(got, f.String())
			}
			require.Len(t, got, len(test.want), "%q", got)
			for i, want := range test.want {
				assert.Contains(t, got[i], want)
			}
		})
	}
}

// snippetChecker compiles Go code that stands in documents, without linking it.
type snippetChecker struct {
	importer types.Importer
	fset     *token.FileSet
	imports  string // of the packages that code may use
}

func newSnippetChecker(t *testing.T) *snippetChecker {
	t.Helper()
	list := exec.CommandContext(t.Context(), "go", append([]string{
		"list", "-export", "-deps", "-f", "{{.ImportPath}}\t{{.Name}}\t{{.Export}}", module + "/...",
	}, snippetImports...)...)
	var stderr bytes.Buffer
	list.Stderr = &stderr
	out, err := list.Output()
	require.NoError(t, err, stderr.String())

	c := &snippetChecker{fset: token.NewFileSet()}
	var imports strings.Builder
	for _, standard := range snippetImports {
		fmt.Fprintf(&imports, "import %q;", standard)
	}
	files := map[string]string{}
	for line := range strings.Lines(string(out)) {
		fields := strings.Split(strings.TrimSpace(line), "\t")
		if len(fields) != 3 { // without code, or with tests alone
			continue
		}
		importPath, name := fields[0], fields[1]
		files[importPath] = fields[2]
		p := pkg{dir: strings.TrimPrefix(strings.TrimPrefix(importPath, module), "/"), name: name}
		if (importPath == module || strings.HasPrefix(importPath, module+"/")) && p.isPublic() {
			fmt.Fprintf(&imports, "import %s %q;", name, importPath)
		}
	}
	c.imports = imports.String()
	c.importer = importer.ForCompiler(c.fset, "gc", func(importPath string) (io.ReadCloser, error) {
		file, ok := files[importPath]
		if !ok {
			return nil, fmt.Errorf("no package %s", importPath)
		}
		return os.Open(file)
	})
	return c
}

// check compiles each block of Go code in a document by itself, and tells how
// many there are.
func (c *snippetChecker) check(name, text string) (found []finding, blocks int) {
	for _, block := range readMarkdown(text).code {
		language, _, _ := strings.Cut(block.text, "\n")
		if language != "go" {
			continue
		}
		blocks++
		file, errs := c.parse(name, block)
		if errs == nil {
			config := types.Config{Importer: c.importer, Error: func(err error) {
				var e types.Error
				// Soft ones are about what is imported or declared and not used.
				if errors.As(err, &e) && !e.Soft {
					found = append(found, finding{name, c.fset.Position(e.Pos).Line, e.Msg})
				}
			}}
			_, _ = config.Check(path.Join("snippet", name), c.fset, []*ast.File{file}, nil)
			continue
		}
		// What is missing at its end is missed behind it.
		last := block.line + strings.Count(block.source, "\n")
		found = append(found, finding{name, min(errs[0].Pos.Line, last), errs[0].Msg})
	}
	return found, blocks
}

// parse parses a file, declarations, or statements of a function.
func (c *snippetChecker) parse(name string, b block) (*ast.File, scanner.ErrorList) {
	code := fmt.Sprintf("/*line %s:%d:1*/", name, b.line+1) + b.source
	sources := []string{
		code,
		"package snippet;" + c.imports + code,
		"package snippet;" + c.imports + "func _(" + snippetVariables + ") (err error) { {" + code + "}; return nil }",
	}
	var errs scanner.ErrorList
	for _, source := range sources {
		file, err := parser.ParseFile(c.fset, name, source, parser.SkipObjectResolution)
		if err == nil {
			return file, nil
		}
		errors.As(err, &errs)
	}
	return nil, errs
}

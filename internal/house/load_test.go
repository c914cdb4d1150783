package house_test

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

const module = "github.com/nhncloud-go/nhncloud"

// A repo is what the rules look at.
type repo struct {
	packages []*pkg
	texts    []text // all tracked files that are text
}

// A pkg is the Go files of one directory of the root module.
type pkg struct {
	dir   string // from the root of the repository; "." for the root package
	name  string
	files []file // without tests
	tests []file
}

type file struct {
	name    string // from the root of the repository
	ast     *ast.File
	fset    *token.FileSet
	imports map[string]string // path by the name the file uses for it
}

type text struct{ name, text string }

// A finding is a place that breaks a rule.
type finding struct {
	file string
	line int
	text string
}

func (f finding) String() string { return fmt.Sprintf("%s:%d: %s", f.file, f.line, f.text) }

// The kinds of packages, by the rules that hold for them.

func (p *pkg) isInternal() bool { return slices.Contains(strings.Split(p.dir, "/"), "internal") }
func (p *pkg) isMain() bool     { return p.name == "main" }
func (p *pkg) isExample() bool  { return p.dir == "examples" || strings.HasPrefix(p.dir, "examples/") }

// isTestSupport tells whether the package is a helper of the project's own
// tests, named in the manner of httptest: an internal package called …test.
func (p *pkg) isTestSupport() bool { return p.isInternal() && strings.HasSuffix(p.dir, "test") }

// besideCloud tells whether the package joins the in-memory cloud with the SDK,
// which that itself must not know.
func (p *pkg) besideCloud() bool { return !p.isInternal() && strings.HasPrefix(p.dir, cloudFront+"/") }

// isLibrary tells whether the package ends up in the programs of users.
func (p *pkg) isLibrary() bool { return !p.isMain() && !p.isExample() && !p.isTestSupport() }

// isPublic tells whether users can import the package.
func (p *pkg) isPublic() bool { return p.isLibrary() && !p.isInternal() }

func (f file) at(pos token.Pos, format string, args ...any) finding {
	return finding{f.name, f.fset.Position(pos).Line, fmt.Sprintf(format, args...)}
}

// refersTo returns the path and the name when expr is a selector on an import.
func (f file) refersTo(expr ast.Expr) (importPath, name string) {
	if sel, ok := expr.(*ast.SelectorExpr); ok {
		if x, ok := sel.X.(*ast.Ident); ok {
			return f.imports[x.Name], sel.Sel.Name
		}
	}
	return "", ""
}

// load reads the named files of the tree. A Go file that can't be parsed is an
// error; files of nested modules and in testdata are read as text only.
func load(tree fs.FS, names []string) (*repo, error) {
	names = slices.Sorted(slices.Values(names))
	nested := map[string]bool{}
	for _, name := range names {
		if path.Base(name) == "go.mod" && name != "go.mod" {
			nested[path.Dir(name)] = true
		}
	}
	r := &repo{}
	packages := map[string]*pkg{}
	for _, name := range names {
		data, err := fs.ReadFile(tree, name)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(data, 0) {
			r.texts = append(r.texts, text{name, string(data)})
		}
		if !strings.HasSuffix(name, ".go") || !inModule(name, nested) {
			continue
		}
		f, err := parse(name, data)
		if err != nil {
			return nil, err
		}
		dir := path.Dir(name)
		p := packages[dir]
		if p == nil {
			p = &pkg{dir: dir}
			packages[dir] = p
			r.packages = append(r.packages, p)
		}
		if strings.HasSuffix(name, "_test.go") {
			p.tests = append(p.tests, f)
			if p.name == "" {
				p.name = strings.TrimSuffix(f.ast.Name.Name, "_test")
			}
			continue
		}
		p.files = append(p.files, f)
		p.name = f.ast.Name.Name
	}
	return r, nil
}

func inModule(name string, nested map[string]bool) bool {
	for dir := path.Dir(name); dir != "."; dir = path.Dir(dir) {
		base := path.Base(dir)
		if nested[dir] || base == "testdata" || base[0] == '.' || base[0] == '_' {
			return false
		}
	}
	return true
}

func parse(name string, data []byte) (file, error) {
	f := file{name: name, fset: token.NewFileSet(), imports: map[string]string{}}
	var err error
	f.ast, err = parser.ParseFile(f.fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return file{}, err
	}
	for _, spec := range f.ast.Imports {
		importPath, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			return file{}, fmt.Errorf("%s: import %s: %w", name, spec.Path.Value, err)
		}
		local := path.Base(importPath)
		if spec.Name != nil {
			local = spec.Name.Name
		}
		f.imports[local] = importPath
	}
	return f, nil
}

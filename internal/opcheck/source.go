package opcheck

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// A Position is a place in a file, named from the root of the repository.
type Position struct {
	File string
	Line int
}

func (p Position) String() string { return p.File + ":" + strconv.Itoa(p.Line) }

// An APILine is the line of a doc comment that ties a function to an operation.
type APILine struct {
	Position
	Package  string // directory
	Function string // Get, or ServerService.Get
	Method   string
	Path     string
	ID       string
	Source   string
}

// A Literal is a string in the code that names an operation.
type Literal struct {
	Position
	Package string // directory
	ID      string
}

// Sources is what the Go files say about operations.
type Sources struct {
	APILines []APILine
	Literals []Literal
	Problems []Problem
}

// A Problem is a finding that makes the check fail.
type Problem struct {
	Position
	Text string
}

func (p Problem) String() string {
	if p.File == "" {
		return p.Text
	}
	return p.Position.String() + ": " + p.Text
}

// ReadSources reads the Go files below the root of the module that make up the
// SDK: those of the root package and of the service packages, without tests.
// The in-memory cloud, the examples, internal packages and nested modules name
// operations for other reasons and are left out.
func ReadSources(root fs.FS, table *Table) (*Sources, error) {
	s := &Sources{}
	ids := literalForm(table)
	err := fs.WalkDir(root, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return enter(root, name)
		}
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") {
			return nil
		}
		text, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		f := sourceFile{Sources: s, fset: fset, name: name, ids: ids}
		f.apiLines(file)
		f.literals(file)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read the sources: %w", err)
	}
	return s, nil
}

// enter says whether a directory belongs to the SDK: nil or fs.SkipDir.
func enter(root fs.FS, dir string) error {
	if dir == "." {
		return nil
	}
	switch base := path.Base(dir); {
	case base[0] == '.' || base[0] == '_',
		base == "testdata", base == "vendor", base == "internal",
		dir == "examples", dir == "nhncloudtest":
		return fs.SkipDir
	}
	if _, err := fs.Stat(root, path.Join(dir, "go.mod")); !errors.Is(err, fs.ErrNotExist) {
		return fs.SkipDir
	}
	return nil
}

// literalForm matches strings that are meant as an operation id, known or not:
// they begin as the known ones do (compute-v2-, nks-) and have a third part.
func literalForm(table *Table) *regexp.Regexp {
	var starts []string
	seen := map[string]bool{}
	for _, op := range table.Operations {
		parts := strings.SplitN(op.ID, "-", 3)
		start := parts[0]
		if versionForm.MatchString(parts[1]) {
			start += "-" + parts[1]
		}
		if !seen[start] {
			seen[start] = true
			starts = append(starts, regexp.QuoteMeta(start))
		}
	}
	return regexp.MustCompile(`^(` + strings.Join(starts, "|") + `)-[a-z0-9]+(-[a-z0-9]+)*$`)
}

var versionForm = regexp.MustCompile(`^v[0-9]+$`)

type sourceFile struct {
	*Sources

	fset *token.FileSet
	name string
	ids  *regexp.Regexp
}

func (f sourceFile) at(pos token.Pos) Position {
	return Position{File: f.name, Line: f.fset.Position(pos).Line}
}

func (f sourceFile) pkg() string { return path.Dir(f.name) }

func (f sourceFile) problem(at token.Pos, format string, args ...any) {
	f.Problems = append(f.Problems, Problem{f.at(at), fmt.Sprintf(format, args...)})
}

var apiLine = regexp.MustCompile(`^API: ([A-Z]+) (/\S*) \(([^\s;()]+); (\S.*)\)$`)

func (f sourceFile) apiLines(file *ast.File) {
	functions := map[*ast.CommentGroup]string{}
	for _, decl := range file.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok && fn.Doc != nil {
			functions[fn.Doc] = functionName(fn)
		}
	}
	for _, group := range file.Comments {
		for _, comment := range group.List {
			text, ok := strings.CutPrefix(comment.Text, "//")
			if text = strings.TrimSpace(text); !ok || !strings.HasPrefix(text, "API:") {
				continue
			}
			function, ok := functions[group]
			if !ok {
				f.problem(comment.Pos(), "an API line belongs in the doc comment of a function or method")
				continue
			}
			m := apiLine.FindStringSubmatch(text)
			if m == nil {
				f.problem(comment.Pos(), "%s: an API line has the form %q", function, "API: METHOD /path (operation-id; source)")
				continue
			}
			f.APILines = append(f.APILines, APILine{
				Position: f.at(comment.Pos()), Package: f.pkg(), Function: function,
				Method: m[1], Path: m[2], ID: m[3], Source: m[4],
			})
		}
	}
}

func functionName(fn *ast.FuncDecl) string {
	if fn.Recv == nil || len(fn.Recv.List) == 0 {
		return fn.Name.Name
	}
	expr := fn.Recv.List[0].Type
	for {
		switch t := expr.(type) {
		case *ast.StarExpr:
			expr = t.X
		case *ast.IndexExpr:
			expr = t.X
		case *ast.Ident:
			return t.Name + "." + fn.Name.Name
		default:
			return fn.Name.Name
		}
	}
}

func (f sourceFile) literals(file *ast.File) {
	taken := map[*ast.BasicLit]bool{}
	take := func(lit *ast.BasicLit, always bool) {
		if lit.Kind != token.STRING || taken[lit] {
			return
		}
		id, err := strconv.Unquote(lit.Value)
		if err != nil || !always && !f.ids.MatchString(id) {
			return
		}
		taken[lit] = true
		f.Literals = append(f.Literals, Literal{Position: f.at(lit.Pos()), Package: f.pkg(), ID: id})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ImportSpec:
			return false
		case *ast.CompositeLit:
			// What a Request calls its operation counts whatever it looks like.
			if lit := operationOf(n); lit != nil {
				take(lit, true)
			}
		case *ast.BasicLit:
			take(n, false)
		}
		return true
	})
}

func operationOf(request *ast.CompositeLit) *ast.BasicLit {
	var name string
	switch t := request.Type.(type) {
	case *ast.Ident:
		name = t.Name
	case *ast.SelectorExpr:
		name = t.Sel.Name
	}
	if name != "Request" {
		return nil
	}
	for _, elt := range request.Elts {
		if kv, ok := elt.(*ast.KeyValueExpr); ok {
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == "Operation" {
				lit, _ := kv.Value.(*ast.BasicLit)
				return lit
			}
		}
	}
	return nil
}

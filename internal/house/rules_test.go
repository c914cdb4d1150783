package house_test

import (
	"fmt"
	"go/ast"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// rules is the house style. No rule has exceptions by name.
var rules = []struct {
	name  string
	check func(*repo) []finding
}{
	{"exported names are documented", documented},
	{"packages have a doc.go", packageDocs},
	{"service methods take a context and return an error", serviceMethods},
	{"clients and services have no exported fields", clientFields},
	{"no init functions", noInit},
	{"libraries don't print", noPrinting},
	{"libraries don't import test code", noTestImports},
	{"the core imports no service", coreImports},
	{"no paths of somebody's machine", noMachinePaths},
	{"both READMEs are alike", readmes},
}

// documented: exported names of public packages have a doc comment that begins
// with the name. Names of a const, var or type group may share the comment of
// the group instead.
func documented(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				switch d := decl.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() && (d.Recv == nil || ast.IsExported(receiver(d))) {
						found = append(found, f.wantDoc(d.Name, d.Doc)...)
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						found = append(found, f.wantSpecDoc(d, spec)...)
					}
				}
			}
		}
	}
	return found
}

func (f file) wantDoc(name *ast.Ident, doc *ast.CommentGroup) []finding {
	text := doc.Text()
	rest, ok := strings.CutPrefix(text, name.Name)
	switch {
	case text == "":
		return []finding{f.at(name.Pos(), "%s is exported and has no doc comment", name.Name)}
	case !ok || rest != "" && !strings.ContainsAny(rest[:1], " ,.:;\n'’("):
		return []finding{f.at(name.Pos(), "the doc comment of %s must begin with the name", name.Name)}
	}
	return nil
}

func (f file) wantSpecDoc(d *ast.GenDecl, spec ast.Spec) []finding {
	var names []*ast.Ident
	var doc *ast.CommentGroup
	switch s := spec.(type) {
	case *ast.TypeSpec:
		names, doc = []*ast.Ident{s.Name}, s.Doc
	case *ast.ValueSpec:
		names, doc = s.Names, s.Doc
	}
	if d.Lparen.IsValid() {
		if d.Doc != nil && d.Tok != token.TYPE {
			return nil
		}
	} else {
		doc = d.Doc
	}
	// Of several names in one spec the first exported one is to be named.
	for _, name := range names {
		if name.IsExported() {
			return f.wantDoc(name, doc)
		}
	}
	return nil
}

func receiver(fn *ast.FuncDecl) string {
	expr := fn.Recv.List[0].Type
	for {
		switch t := expr.(type) {
		case *ast.StarExpr:
			expr = t.X
		case *ast.IndexExpr:
			expr = t.X
		case *ast.IndexListExpr:
			expr = t.X
		case *ast.Ident:
			return t.Name
		default:
			return ""
		}
	}
}

// packageDocs: a library package says what it is for in its doc.go; a program
// does so wherever it likes.
func packageDocs(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		ok := slices.ContainsFunc(p.files, func(f file) bool {
			return (p.isMain() || path.Base(f.name) == "doc.go") && f.ast.Doc.Text() != ""
		})
		if !ok {
			want := "a doc.go with a package comment"
			if p.isMain() {
				want = "a package comment"
			}
			first := slices.Concat(p.files, p.tests)[0]
			found = append(found, first.at(first.ast.Package, "package %s has to have %s", p.name, want))
		}
	}
	return found
}

// serviceMethods: whatever a service does with arguments can be cancelled and
// can fail. All that yields an iter.Seq2 has its error in there.
func serviceMethods(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || fn.Recv == nil || !fn.Name.IsExported() || fn.Type.Params.NumFields() == 0 || !isService(receiver(fn)) {
					continue
				}
				name := receiver(fn) + "." + fn.Name.Name
				if !f.takesContext(fn.Type.Params) {
					found = append(found, f.at(fn.Pos(), "%s must take ctx context.Context first", name))
				}
				if !f.returnsError(fn.Type.Results) {
					found = append(found, f.at(fn.Pos(), "%s must return an error last, or an iter.Seq2", name))
				}
			}
		}
	}
	return found
}

// isService tells whether a type is one of the …Service types.
func isService(name string) bool {
	return ast.IsExported(name) && strings.HasSuffix(name, "Service") && name != "Service"
}

func (f file) takesContext(params *ast.FieldList) bool {
	first := params.List[0]
	importPath, name := f.refersTo(first.Type)
	return importPath == "context" && name == "Context" && len(first.Names) == 1 && first.Names[0].Name == "ctx"
}

func (f file) returnsError(results *ast.FieldList) bool {
	if results.NumFields() == 0 {
		return false
	}
	last := results.List[len(results.List)-1].Type
	if id, ok := last.(*ast.Ident); ok && id.Name == "error" {
		return true
	}
	index, ok := last.(*ast.IndexListExpr)
	if !ok {
		return false
	}
	importPath, name := f.refersTo(index.X)
	return importPath == "iter" && name == "Seq2"
}

// clientFields: what a client is made of may change; only the handles of its
// services are for the user.
func clientFields(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok {
					return true
				}
				fields, ok := spec.Type.(*ast.StructType)
				if !ok || !isService(spec.Name.Name) && (!spec.Name.IsExported() || !strings.HasSuffix(spec.Name.Name, "Client")) {
					return true
				}
				for _, field := range fields.Fields.List {
					typeName := lastName(field.Type)
					names := []string{typeName} // embedded
					if len(field.Names) > 0 {
						names = nil
						for _, id := range field.Names {
							names = append(names, id.Name)
						}
					}
					for _, name := range names {
						if ast.IsExported(name) && !isService(typeName) {
							found = append(found, f.at(field.Pos(), "%s.%s is exported and no service", spec.Name.Name, name))
						}
					}
				}
				return true
			})
		}
	}
	return found
}

func lastName(expr ast.Expr) string {
	switch t := expr.(type) {
	case *ast.StarExpr:
		return lastName(t.X)
	case *ast.SelectorExpr:
		return t.Sel.Name
	case *ast.Ident:
		return t.Name
	}
	return ""
}

// noInit: importing a package does nothing.
func noInit(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && fn.Name.Name == "init" {
					found = append(found, f.at(fn.Pos(), "init function"))
				}
			}
		}
	}
	return found
}

// noPrinting: a library leaves the output of the program to the program.
func noPrinting(r *repo) []finding {
	banned := map[string]func(string) bool{
		"fmt": func(name string) bool { return strings.HasPrefix(name, "Print") },
		"log": func(string) bool { return true },
		"os":  func(name string) bool { return name == "Stdout" || name == "Stderr" },
	}
	var found []finding
	for _, p := range r.packages {
		if !p.isLibrary() {
			continue
		}
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				if sel, ok := n.(*ast.SelectorExpr); ok {
					importPath, name := f.refersTo(sel)
					if isBanned := banned[importPath]; isBanned != nil && isBanned(name) {
						found = append(found, f.at(sel.Pos(), "%s.%s in a library", importPath, name))
					}
				}
				return true
			})
		}
	}
	return found
}

// noTestImports: test code stays out of the programs of users.
func noTestImports(r *repo) []finding {
	support := map[string]bool{module + "/nhncloudtest": true}
	for _, p := range r.packages {
		if p.isTestSupport() {
			support[module+"/"+p.dir] = true
		}
	}
	var found []finding
	for _, p := range r.packages {
		if !p.isLibrary() {
			continue
		}
		for _, f := range p.files {
			for _, spec := range f.ast.Imports {
				importPath, _ := strconv.Unquote(spec.Path.Value)
				if support[importPath] || importPath == "testing" || strings.HasPrefix(importPath, "testing/") ||
					strings.HasPrefix(importPath, "github.com/stretchr/testify") || strings.HasPrefix(importPath, "github.com/jarcoal/httpmock") {
					found = append(found, f.at(spec.Pos(), "import of %s in a library", importPath))
				}
			}
		}
	}
	return found
}

// coreImports: the root package, and the internal packages of the libraries,
// import nothing of this module but internal packages.
func coreImports(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isLibrary() || p.dir != "." && !p.isInternal() {
			continue
		}
		for _, f := range p.files {
			for _, spec := range f.ast.Imports {
				importPath, _ := strconv.Unquote(spec.Path.Value)
				if strings.HasPrefix(importPath, module+"/") && !strings.HasPrefix(importPath, module+"/internal/") {
					found = append(found, f.at(spec.Pos(), "the core imports %s", importPath))
				}
			}
		}
	}
	return found
}

// The folders are spelt so that this file keeps the rule.
var machinePath = regexp.MustCompile(`(?:^|[^\w.~$)}-])(/(?:` + "work|root" + `)/)`)

// noMachinePaths: files make sense on every machine.
func noMachinePaths(r *repo) []finding {
	var found []finding
	for _, t := range r.texts {
		for i, line := range strings.Split(t.text, "\n") {
			if m := machinePath.FindStringSubmatch(line); m != nil {
				found = append(found, finding{t.name, i + 1, fmt.Sprintf("path of a machine: %s…", m[1])})
			}
		}
	}
	return found
}

// readmes: the Korean README is the English one in Korean: the same headings
// by level, and the same code but for its comments.
func readmes(r *repo) []finding {
	const english, korean = "README.md", "README.ko.md"
	var docs []markdown
	for _, name := range []string{english, korean} {
		i := slices.IndexFunc(r.texts, func(t text) bool { return t.name == name })
		if i < 0 {
			return nil
		}
		docs = append(docs, readMarkdown(r.texts[i].text))
	}
	var found []finding
	differ := func(what string, en, ko []block) {
		for i := range max(len(en), len(ko)) {
			switch {
			case i >= len(ko):
				found = append(found, finding{english, en[i].line, fmt.Sprintf("%s has no such %s", korean, what)})
			case i >= len(en):
				found = append(found, finding{korean, ko[i].line, fmt.Sprintf("%s has no such %s", english, what)})
			case en[i].text != ko[i].text:
				found = append(found, finding{korean, ko[i].line, fmt.Sprintf("this %s differs from the one at %s:%d", what, english, en[i].line)})
			default:
				continue
			}
			return // what follows is out of step
		}
	}
	differ("heading", docs[0].headings, docs[1].headings)
	differ("code block", docs[0].code, docs[1].code)
	return found
}

type markdown struct{ headings, code []block }

// A block is the level of a heading, or code with its fence.
type block struct {
	line int
	text string
}

var (
	heading = regexp.MustCompile(`^(##+) `)
	fence   = regexp.MustCompile("^ *(```+|~~~+)(.*)$")
)

func readMarkdown(text string) markdown {
	var doc markdown
	var code *block
	var end string
	for i, line := range strings.Split(text, "\n") {
		m := fence.FindStringSubmatch(line)
		switch trimmed := strings.TrimSpace(line); {
		case code == nil && m != nil:
			code = &block{line: i + 1, text: strings.TrimSpace(m[2]) + "\n"}
			end = m[1]
		case code == nil:
			if m := heading.FindStringSubmatch(line); m != nil {
				doc.headings = append(doc.headings, block{i + 1, m[1]})
			}
		case m != nil && strings.HasPrefix(m[1], end) && strings.TrimSpace(m[2]) == "":
			doc.code = append(doc.code, *code)
			code = nil
		case !strings.HasPrefix(trimmed, "//") && !strings.HasPrefix(trimmed, "#"):
			code.text += line + "\n"
		}
	}
	if code != nil {
		doc.code = append(doc.code, *code)
	}
	return doc
}

package house_test

import (
	"go/ast"
	"go/token"
	"path"
	"slices"
	"strings"
)

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

var documentedSnippets = []snippet{
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
}

// emptyComments: a comment has words, and begins and ends with them.
func emptyComments(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		for _, f := range slices.Concat(p.files, p.tests) {
			for _, group := range f.ast.Comments {
				first, last := group.List[0], group.List[len(group.List)-1]
				switch {
				case isEmpty(first):
					found = append(found, f.at(first.Pos(), "empty comment"))
				case isEmpty(last):
					found = append(found, f.at(last.Pos(), "comment with an empty end"))
				}
			}
		}
	}
	return found
}

func isEmpty(c *ast.Comment) bool { return strings.Trim(c.Text, "/* \t\n") == "" }

var emptyCommentsSnippets = []snippet{
	{"kept", tree{"a.go": `
// A is
//
// what it is.
type A struct {
	//go:fix inline
	B int // what it is
	/* and more */
	C int ` + "`json:\"c\"`" + `
}`, "a/testdata/a.go": "//\nfunc f() {}", "b.go": "func f() {}"}, nil},
	{"broken", tree{"a.go": `
//
type A struct {
	B int //
	C int /* */
	// D is.
	//
	D int
}
//
// Begins late.
func f() {
	//
}`, "a_test.go": "func f() {} //   "}, []string{
		"a.go:2: empty comment",
		"a.go:4: empty comment",
		"a.go:5: empty comment",
		"a.go:7: comment with an empty end",
		"a.go:10: empty comment",
		"a.go:13: empty comment",
		"a_test.go:1: empty comment",
	}},
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

var packageDocsSnippets = []snippet{
	{"there", tree{"doc.go": "// Package nhncloud is.\npackage nhncloud", "cmd/main.go": "// Command cmd is.\npackage main", "cmd/x.go": "package main"}, nil},
	{"missing", tree{"a.go": "// Package nhncloud is.\npackage nhncloud", "b/doc.go": "package b", "c/c_test.go": "package c_test", "d/main.go": "package main"}, []string{
		"a.go:2: package nhncloud has to have a doc.go with a package comment",
		"b/doc.go:1: package b has to have a doc.go with a package comment",
		"c/c_test.go:1: package c has to have a doc.go with a package comment",
		"d/main.go:1: package main has to have a package comment",
	}},
}

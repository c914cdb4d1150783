package house_test

import (
	"go/ast"
	"slices"
	"strings"
)

// noForeignTypes: what users compile against is this module and the standard
// library. A type of another module would tie them to its versions, and a method
// that names one, as json/v2 has them, is found by some encoders and not by
// others.
func noForeignTypes(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				switch d := decl.(type) {
				case *ast.FuncDecl:
					if d.Name.IsExported() {
						found = append(found, f.foreign(d.Name.Name, d.Type)...)
					}
				case *ast.GenDecl:
					for _, spec := range d.Specs {
						found = append(found, f.foreignSpec(spec)...)
					}
				}
			}
		}
	}
	return found
}

func (f file) foreignSpec(spec ast.Spec) []finding {
	switch s := spec.(type) {
	case *ast.TypeSpec:
		if !s.Name.IsExported() {
			return nil
		}
		var found []finding
		if s.TypeParams != nil {
			found = f.foreign(s.Name.Name, s.TypeParams)
		}
		fields, isStruct := s.Type.(*ast.StructType)
		if !isStruct {
			return append(found, f.foreign(s.Name.Name, s.Type)...)
		}
		for _, field := range fields.Fields.List {
			exported := ast.IsExported(lastName(field.Type)) // embedded
			for i, name := range field.Names {
				exported = i > 0 && exported || name.IsExported()
			}
			if exported {
				found = append(found, f.foreign(s.Name.Name, field.Type)...)
			}
		}
		return found
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() && s.Type != nil {
				return f.foreign(name.Name, s.Type)
			}
		}
	}
	return nil
}

// foreign finds the types of other modules in what the declaration of a name
// has in it.
func (f file) foreign(name string, node ast.Node) []finding {
	var found []finding
	ast.Inspect(node, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			importPath, typeName := f.refersTo(sel)
			host, _, _ := strings.Cut(importPath, "/")
			if strings.Contains(host, ".") && importPath != module && !strings.HasPrefix(importPath, module+"/") {
				found = append(found, f.at(sel.Pos(), "%s names %s.%s", name, importPath, typeName))
			}
		}
		return true
	})
	return found
}

var noForeignTypesSnippets = []snippet{
	{"kept", tree{
		"a.go": `import ("net/http"; "` + module + `/internal/wire"; "github.com/x/json")
func Do(r *http.Request) wire.Value { return json.Do(func(json.Value) {}) }
func do(v json.Value) {}
type a struct { json.Value }
type A struct { value json.Value; Values []wire.Value }
type B interface { Do(http.Header) }
var C = json.New()
var d json.Value`,
		"internal/x/a.go": `import "github.com/x/json"; func (a A) Do(json.Value) {}`,
		"a_test.go":       `import "github.com/x/json"; func (a A) Do(json.Value) {}`,
	}, nil},
	{"broken", tree{"a/a.go": `
import ("net/http"; "github.com/x/json"; text "golang.org/x/text")
func (a *A) UnmarshalJSONFrom(dec *json.Decoder) error { return nil }
func (a *a) MarshalJSONTo(enc *json.Encoder) error { return nil }
func Func(f func(...text.Tag) map[string]json.Value) {}
func Generic[T json.Value](T) {}
type Struct struct {
	A, b []json.Value
	text.Tag
}
type Interface interface { Do(text.Tag); json.Value }
type List[T any] []json.List[T]
type Alias = text.Tag
var V, w json.Value
var x, y json.Value`}, []string{
		"a/a.go:3: UnmarshalJSONFrom names github.com/x/json.Decoder",
		"a/a.go:4: MarshalJSONTo names github.com/x/json.Encoder",
		"a/a.go:5: Func names golang.org/x/text.Tag",
		"a/a.go:5: Func names github.com/x/json.Value",
		"a/a.go:6: Generic names github.com/x/json.Value",
		"a/a.go:8: Struct names github.com/x/json.Value",
		"a/a.go:9: Struct names golang.org/x/text.Tag",
		"a/a.go:11: Interface names golang.org/x/text.Tag",
		"a/a.go:11: Interface names github.com/x/json.Value",
		"a/a.go:12: List names github.com/x/json.List",
		"a/a.go:13: Alias names golang.org/x/text.Tag",
		"a/a.go:14: V names github.com/x/json.Value",
	}},
}

// triedTypes: users store and print what the SDK gives them, with whichever Go
// they have.
func triedTypes(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() || slices.ContainsFunc(p.tests, file.triesTypes) {
			continue
		}
		for _, f := range p.files {
			ast.Inspect(f.ast, func(n ast.Node) bool {
				spec, ok := n.(*ast.TypeSpec)
				if !ok || len(found) > 0 && found[len(found)-1].file == f.name {
					return true
				}
				_, isStruct := spec.Type.(*ast.StructType)
				if isStruct && spec.Name.IsExported() && spec.TypeParams == nil && !isService(spec.Name.Name) && !strings.HasSuffix(spec.Name.Name, "Client") {
					found = append(found, f.at(spec.Pos(), "%s is tried with no encoding/json: call apitest.PublicTypes in a test", spec.Name.Name))
				}
				return true
			})
		}
	}
	return found
}

func (f file) triesTypes() bool {
	tries := false
	ast.Inspect(f.ast, func(n ast.Node) bool {
		if expr, ok := n.(ast.Expr); ok {
			importPath, name := f.refersTo(expr)
			tries = tries || importPath == module+"/internal/apitest" && name == "PublicTypes"
		}
		return !tries
	})
	return tries
}

var triedTypesSnippets = []snippet{
	{"kept", tree{
		"a.go":            "type A struct{}; type b struct{}",
		"a_test.go":       `import "` + module + `/internal/apitest"; func TestTypes() { apitest.PublicTypes() }`,
		"b/b.go":          "type AService struct{}; type Client struct{}; type A string; type G[T any] struct{}; type a struct{}",
		"internal/x/x.go": "type A struct{}",
		"cmd/a/main.go":   "package main; type A struct{}",
	}, nil},
	{"broken", tree{
		"a.go":      "\ntype (\n\tA struct{}\n\tB struct{}\n)",
		"a_test.go": `import "testing/apitest"; func TestTypes() { apitest.PublicTypes(); PublicTypes() }`,
	}, []string{"a.go:3: A is tried with no encoding/json: call apitest.PublicTypes in a test"}},
}

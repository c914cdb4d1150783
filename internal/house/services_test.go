package house_test

import (
	"go/ast"
	"go/doc"
	"strings"
)

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

var serviceMethodsSnippets = []snippet{
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

var clientFieldsSnippets = []snippet{
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
}

// repeatedCreates: what makes something new is sent again after a 429, so its
// documentation says how to see that the service had acted, and how to forbid it.
// Actions are not sent again.
func repeatedCreates(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		for _, f := range p.files {
			for _, decl := range f.ast.Decls {
				fn, ok := decl.(*ast.FuncDecl)
				if !ok || fn.Recv == nil || !isService(receiver(fn)) || !strings.HasPrefix(fn.Name.Name, "Create") {
					continue
				}
				text := fn.Doc.Text()
				_, api, isPost := strings.Cut(text, "\nAPI: POST ")
				path, _, _ := strings.Cut(api, " ")
				if isPost && !strings.HasSuffix(path, "/action") && !strings.Contains(text, "[nhncloud.NoRetry]") {
					found = append(found, f.at(fn.Pos(), "%s.%s does not tell of [nhncloud.NoRetry]", receiver(fn), fn.Name.Name))
				}
			}
		}
	}
	return found
}

var repeatedCreatesSnippets = []snippet{
	{"kept", tree{"a/a.go": `
// Create creates.
//
// It is repeated, unless [nhncloud.NoRetry] forbids it.
//
// API: POST /v2/things (create-thing; a.md)
func (s *AService) Create() {}

// CreateImage acts.
//
// API: POST /v2/things/{id}/action (create-image; a.md)
func (s *AService) CreateImage() {}

// Create replaces.
//
// API: PUT /v1/things (put-thing; a.md)
func (s *BService) Create() {}

// Update changes.
//
// API: POST /v1/things (post-thing; a.md)
func (s *BService) Update() {}

// CreateSimple calls Create.
func (s *AService) CreateSimple() {}
func Create() {}`, "internal/b/b.go": "// Create creates.\n//\n// API: POST /v2/things (create-thing; a.md)\nfunc (s *AService) Create() {}"}, nil},
	{"broken", tree{"a/a.go": `
// Create creates. NoRetry is for others.
//
// API: POST /v2/things (create-thing; a.md)
func (s *AService) Create() {}`}, []string{"a/a.go:5: AService.Create does not tell of [nhncloud.NoRetry]"}},
}

// serviceExamples: whoever opens the documentation of a service sees it at work,
// in a call that the tests make.
func serviceExamples(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() {
			continue
		}
		found = append(found, p.missingExamples()...)
	}
	return found
}

func (p *pkg) missingExamples() []finding {
	var found []finding
	var tests []*ast.File
	for _, f := range p.tests {
		tests = append(tests, f.ast)
	}
	shown := map[string]bool{}
	for _, example := range doc.Examples(tests...) {
		name, _, _ := strings.Cut(example.Name, "_")
		shown[name] = shown[name] || example.Output != "" || example.EmptyOutput
	}
	for _, f := range p.files {
		ast.Inspect(f.ast, func(n ast.Node) bool {
			if spec, ok := n.(*ast.TypeSpec); ok && isService(spec.Name.Name) && !shown[spec.Name.Name] {
				found = append(found, f.at(spec.Pos(), "%s has no Example with an output", spec.Name.Name))
			}
			return true
		})
	}
	return found
}

var serviceExamplesSnippets = []snippet{
	{"kept", tree{
		"a/a.go": "type AService struct{}; type BService struct{}; type cService struct{}; type Service string",
		"a/a_test.go": `
func ExampleAService_Get() {
	// Output: 1
}
func ExampleAService_Delete() {}
func ExampleBService() {
	// Unordered output:
	// 2
}`,
		"internal/b/b.go": "type AService struct{}",
	}, nil},
	{"broken", tree{
		"a/a.go": "\ntype AService struct{}\ntype BService struct{}\ntype CService struct{}",
		"a/a_test.go": `
func ExampleAService_Get() {
	// It is only compiled.
}
func ExampleB() {
	// Output: 1
}
func ExampleCServices() {
	// Output: 1
}`,
		"b/a_test.go": `
func ExampleAService_Get() {
	// Output: 1
}`,
		"b/b.go": "type AService struct{}; type BService struct{}",
	}, []string{
		"a/a.go:2: AService has no Example with an output",
		"a/a.go:3: BService has no Example with an output",
		"a/a.go:4: CService has no Example with an output",
		"b/b.go:1: BService has no Example with an output",
	}},
}

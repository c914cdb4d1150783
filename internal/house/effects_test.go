package house_test

import (
	"go/ast"
	"strings"
)

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

var noInitSnippets = []snippet{
	{"kept", tree{"a.go": "func (a A) init() {}; func initialise() {}", "a_test.go": "func init() {}"}, nil},
	{"broken", tree{"a.go": "func init() {}", "cmd/a.go": "package main; func init() {}"}, []string{
		"a.go:1: init function", "cmd/a.go:1: init function",
	}},
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

var noPrintingSnippets = []snippet{
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
}

package house_test

import (
	"strconv"
	"strings"
)

// noTestImports: test code stays out of the programs of users.
func noTestImports(r *repo) []finding {
	support := map[string]bool{module + "/" + cloudFront: true}
	for _, p := range r.packages {
		if p.isTestSupport() || p.besideCloud() {
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
				if support[importPath] && !p.besideCloud() || importPath == "testing" || strings.HasPrefix(importPath, "testing/") ||
					strings.HasPrefix(importPath, "github.com/stretchr/testify") || strings.HasPrefix(importPath, "github.com/jarcoal/httpmock") {
					found = append(found, f.at(spec.Pos(), "import of %s in a library", importPath))
				}
			}
		}
	}
	return found
}

var noTestImportsSnippets = []snippet{
	{"kept", tree{
		"a.go":                       `import "net/http"`,
		"a_test.go":                  `import ("testing"; "github.com/stretchr/testify/assert")`,
		"examples/a/main.go":         `package main; import "` + module + `/nhncloudtest"`,
		"internal/apitest/doc.go":    `import ("testing"; "github.com/jarcoal/httpmock"; "` + module + `/nhncloudtest")`,
		"internal/apitest/x_test.go": `import "` + module + `/internal/apitest"`,
		"nhncloudtest/client/a.go":   `import "` + module + `/nhncloudtest"`,
	}, nil},
	{"broken", tree{
		"a.go":                     `import ("testing"; "testing/iotest"; "github.com/stretchr/testify/require"; "github.com/jarcoal/httpmock")`,
		"compute/a.go":             `import ("` + module + `/nhncloudtest"; x "` + module + `/internal/apitest")`,
		"compute/b.go":             `import "` + module + `/nhncloudtest/client"`,
		"nhncloudtest/client/a.go": `import "testing"`,
		"nhncloudtest/a.go":        `import "testing"`,
		"internal/apitest/doc.go":  ``,
	}, []string{
		"a.go:1: import of testing in a library",
		"a.go:1: import of testing/iotest in a library",
		"a.go:1: import of github.com/stretchr/testify/require in a library",
		"a.go:1: import of github.com/jarcoal/httpmock in a library",
		"compute/a.go:1: import of " + module + "/nhncloudtest in a library",
		"compute/a.go:1: import of " + module + "/internal/apitest in a library",
		"compute/b.go:1: import of " + module + "/nhncloudtest/client in a library",
		"nhncloudtest/a.go:1: import of testing in a library",
		"nhncloudtest/client/a.go:1: import of testing in a library",
	}},
}

// coreImports: the root package, and the internal packages beside it, import
// nothing of this module but internal packages.
func coreImports(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isLibrary() || p.dir != "." && !strings.HasPrefix(p.dir, "internal/") {
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

var coreImportsSnippets = []snippet{
	{"kept", tree{
		"a.go": `import ("net/http"; "` + module + `/internal/wire")`, "a_test.go": `import "` + module + `/compute"`,
		"compute/a.go": `import "` + module + `/keypair"`, "internal/apitest/a.go": `import "` + module + `/compute"`,
		"internal/cmd/a.go": `package main; import "` + module + `/compute"`, "a/internal/b/b.go": `import "` + module + `/a/internal/c"`,
	}, nil},
	{"broken", tree{"a.go": `import "` + module + `/compute"`, "internal/x/a.go": `import "` + module + `/compute/v1"`}, []string{
		"a.go:1: the core imports " + module + "/compute",
		"internal/x/a.go:1: the core imports " + module + "/compute/v1",
	}},
}

// serviceImports: a program gets what it asks for. What two services need is in
// the core, or internal.
func serviceImports(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if !p.isPublic() || p.dir == "." || p.besideCloud() {
			continue
		}
		for _, f := range p.files {
			for _, spec := range f.ast.Imports {
				importPath, _ := strconv.Unquote(spec.Path.Value)
				if strings.HasPrefix(importPath, module+"/") && !strings.Contains(importPath, "/internal/") {
					found = append(found, f.at(spec.Pos(), "%s imports %s", p.dir, importPath))
				}
			}
		}
	}
	return found
}

var serviceImportsSnippets = []snippet{
	{"kept", tree{
		"a.go": `import "net/http"`, "compute/a.go": `import ("` + module + `"; "` + module + `/internal/wire")`, "compute/a_test.go": `import "` + module + `/keypair"`,
		"nhncloudtest/a.go": `import "` + module + `/nhncloudtest/internal/compute"`, "internal/apitest/a.go": `import "` + module + `/compute"`,
		"examples/a/main.go": `package main; import "` + module + `/compute"`, "nhncloudtest/client/a.go": `import "` + module + `/nhncloudtest"`,
	}, nil},
	{"broken", tree{"compute/a.go": `import "` + module + `/keypair"`, "keypair/v1/a.go": `import "` + module + `/keypair"`}, []string{
		"compute/a.go:1: compute imports " + module + "/keypair",
		"keypair/v1/a.go:1: keypair/v1 imports " + module + "/keypair",
	}},
}

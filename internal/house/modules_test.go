package house_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
)

const dependabot = ".github/dependabot.yml"

var dependabotFolder = regexp.MustCompile(`^ *- (/\S*)$`)

// updates: dependabot is told of every folder with a go.mod, and of no other.
func updates(r *repo) []finding {
	modules := map[string]bool{} // whether dependabot knows it
	var config *text
	for _, t := range r.texts {
		if path.Base(t.name) == "go.mod" && !slices.Contains(strings.Split(t.name, "/"), "testdata") {
			modules[path.Join("/", path.Dir(t.name))] = false
		}
		if t.name == dependabot {
			config = &t
		}
	}
	if config == nil {
		return nil
	}
	var found []finding
	for i, line := range strings.Split(config.text, "\n") {
		m := dependabotFolder.FindStringSubmatch(line)
		if m == nil {
			continue
		}
		if _, ok := modules[m[1]]; !ok {
			found = append(found, finding{dependabot, i + 1, m[1] + " has no go.mod"})
		}
		modules[m[1]] = true
	}
	for dir, known := range modules {
		if !known {
			found = append(found, finding{strings.TrimPrefix(path.Join(dir, "go.mod"), "/"), 1, dependabot + " does not name this module"})
		}
	}
	slices.SortFunc(found, func(a, b finding) int { return strings.Compare(a.file, b.file) })
	return found
}

var updatesSnippets = []snippet{
	{"none", tree{"go.mod": "module a"}, nil},
	{"kept", tree{
		"go.mod": "module a", "b/c/go.mod": "module c", "d/testdata/go.mod": "module d", dependabot: "    directories:\n      - /\n      - /b/c\n",
	}, nil},
	{"broken", tree{"go.mod": "module a", "b/go.mod": "module b", dependabot: "directories:\n  - /a\n  - /b\n"}, []string{
		dependabot + ":2: /a has no go.mod",
		"go.mod:1: " + dependabot + " does not name this module",
	}},
}

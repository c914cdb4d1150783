package house_test

import (
	"fmt"
	"regexp"
	"strings"
)

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

// Spelt so that this file keeps the rule.
const work, home = "/" + "work" + "/", "/" + "root" + "/"

var noMachinePathsSnippets = []snippet{
	{"kept", tree{"README.md": "a" + work + " $HOME" + work + " ." + work + " ~" + work + " ${x}" + work + " /works/ /roots/ https://host" + home, "image": "\x00 " + home}, nil},
	{"broken", tree{"README.md": "# A\n\n`" + work + "x`", "a/testdata/x.json": `{"path": "` + home + `x"}`, ".ci/run": home + "\nfile://" + work}, []string{
		".ci/run:1: path of a machine: " + home + "…",
		".ci/run:2: path of a machine: " + work + "…",
		"README.md:3: path of a machine: " + work + "…",
		"a/testdata/x.json:1: path of a machine: " + home + "…",
	}},
}

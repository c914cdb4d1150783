package house_test

import (
	"fmt"
	"slices"
	"strings"
)

// maxLines is how long a file is at the most: a room that one can take in.
const maxLines = 400

// shortFiles holds the files that users come across to maxLines, their tests
// included.
func shortFiles(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		if strings.HasPrefix(p.dir, "internal/") {
			continue
		}
		for _, f := range slices.Concat(p.files, p.tests) {
			if lines := f.fset.Position(f.ast.FileEnd).Line; lines > maxLines {
				found = append(found, finding{f.name, lines, fmt.Sprintf("%d lines; a file has at most %d", lines, maxLines)})
			}
		}
	}
	return found
}

var shortFilesSnippets = []snippet{
	{"kept", tree{"a.go": strings.Repeat("\n", maxLines), "internal/a/a.go": strings.Repeat("\n", maxLines+1)}, nil},
	{"broken", tree{"a.go": strings.Repeat("\n", maxLines+1), "b/b_test.go": strings.Repeat("\n", maxLines+2)}, []string{
		"a.go:401: 401 lines; a file has at most 400", "b/b_test.go:402: 402 lines; a file has at most 400",
	}},
}

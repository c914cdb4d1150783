package house_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

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
	line   int
	text   string // without comments
	source string // the code as it stands there
}

var (
	heading = regexp.MustCompile(`^(##+) `)
	fence   = regexp.MustCompile("^ *(```+|~~~+)(.*)$")
	comment = regexp.MustCompile(`[ \t]+(//|#) .*$`) // behind code
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
				doc.headings = append(doc.headings, block{line: i + 1, text: m[1]})
			}
		case m != nil && strings.HasPrefix(m[1], end) && strings.TrimSpace(m[2]) == "":
			doc.code = append(doc.code, *code)
			code = nil
		default:
			code.source += line + "\n"
			if !strings.HasPrefix(trimmed, "//") && !strings.HasPrefix(trimmed, "#") {
				code.text += comment.ReplaceAllString(line, "") + "\n"
			}
		}
	}
	if code != nil {
		doc.code = append(doc.code, *code)
	}
	return doc
}

var readmesSnippets = []snippet{
	{"one", tree{"README.md": "## A"}, nil},
	{"alike", tree{
		"README.md":    "# A\n## B\n```go\n// do\nx() // it\n\n# not a heading\n```\n### C\n~~~~sh\n```\n~~~\n~~~~\n",
		"README.ko.md": "# 가\n\n## 나\n나\n```go\nx()\t// 그것\n\t// 다\n\n```\n### 라\n~~~~sh\n```\n~~~\n~~~~\n",
	}, nil},
	{"other heading and code", tree{"README.md": "## A\n### B\n```\na\n```\n", "README.ko.md": "## A\n## B\n```\nb\n```\n"}, []string{
		"README.ko.md:2: this heading differs from the one at README.md:2",
		"README.ko.md:3: this code block differs from the one at README.md:3",
	}},
	{"other language", tree{"README.md": "```go\na\n```\n", "README.ko.md": "```sh\na\n```\n"}, []string{
		"README.ko.md:1: this code block differs from the one at README.md:1",
	}},
	{"less", tree{"README.md": "## A\n## B\n", "README.ko.md": "## A\n```\n"}, []string{
		"README.md:2: README.ko.md has no such heading",
		"README.ko.md:2: README.md has no such code block",
	}},
}

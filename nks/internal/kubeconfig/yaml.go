package kubeconfig

import (
	"encoding/json"
	"fmt"
	"strings"
)

// line is a line that says something.
type line struct {
	number int
	indent int
	text   string
}

func (l line) fault(problem string) error { return fmt.Errorf("line %d %s", l.number, problem) } // quotes nothing: there are keys in it

func (l line) isItem() bool { return isItem(l.text) }

func isItem(text string) bool { return text == "-" || strings.HasPrefix(text, "- ") }

// yaml reads block mappings and lists of scalars, in which all values are texts.
type yaml struct {
	lines []line
	depth int
}

// maxDepth is far more than kubeconfigs have.
const maxDepth = 32

func parseYAML(text string) (any, error) {
	var y yaml
	for i, raw := range strings.Split(text, "\n") {
		raw = strings.TrimRight(raw, " \t\r")
		content := strings.TrimLeft(raw, " ")
		l := line{i + 1, len(raw) - len(content), content}
		switch {
		case content == "", content[0] == '#', content == "---" && len(y.lines) == 0:
		case content[0] == '\t':
			return nil, l.fault("is indented with a tab")
		default:
			y.lines = append(y.lines, l)
		}
	}
	if len(y.lines) == 0 {
		return nil, nil
	}
	value, err := y.block(y.lines[0].indent)
	if err == nil && len(y.lines) > 0 {
		err = y.lines[0].fault("does not belong to anything before it")
	}
	return value, err
}

// block reads the lines of one indentation, and what is below them.
func (y *yaml) block(indent int) (any, error) {
	if y.depth++; y.depth > maxDepth {
		return nil, y.lines[0].fault("is too deep")
	}
	defer func() { y.depth-- }()
	if y.lines[0].isItem() {
		return y.list(indent)
	}
	return y.mapping(indent)
}

func (y *yaml) list(indent int) ([]any, error) {
	list := []any{}
	for len(y.lines) > 0 && y.lines[0].indent == indent && y.lines[0].isItem() {
		l := &y.lines[0]
		rest := strings.TrimLeft(l.text[1:], " ")
		if _, _, isPair := pair(rest); !isPair && rest != "" && !isItem(rest) {
			value, err := scalar(*l, rest)
			if err != nil {
				return nil, err
			}
			list, y.lines = append(list, value), y.lines[1:]
			continue
		}
		if rest == "" {
			y.lines = y.lines[1:]
		} else { // the item begins on the line of its dash
			l.indent, l.text = l.indent+len(l.text)-len(rest), rest
		}
		value, err := y.below(indent)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
	return list, nil
}

func (y *yaml) mapping(indent int) (map[string]any, error) {
	m := map[string]any{}
	for len(y.lines) > 0 && y.lines[0].indent == indent && !y.lines[0].isItem() {
		l := y.lines[0]
		name, rest, isPair := pair(l.text)
		if !isPair {
			return nil, l.fault("has no name with a colon behind it")
		}
		key, err := scalar(l, name)
		if err != nil {
			return nil, err
		}
		y.lines = y.lines[1:]
		var value any
		switch {
		case rest != "":
			value, err = scalar(l, rest)
		case len(y.lines) > 0 && y.lines[0].indent == indent && y.lines[0].isItem():
			value, err = y.list(indent)
		default:
			value, err = y.below(indent)
		}
		if err != nil {
			return nil, err
		}
		if text, isText := key.(string); isText {
			m[text] = value
		}
	}
	return m, nil
}

// below reads what is indented deeper, if anything is.
func (y *yaml) below(indent int) (any, error) {
	if len(y.lines) == 0 || y.lines[0].indent <= indent {
		return nil, nil
	}
	return y.block(y.lines[0].indent)
}

// pair cuts a line into a name and what is behind its colon.
func pair(text string) (name, rest string, ok bool) {
	end := 0
	if text != "" && (text[0] == '"' || text[0] == '\'') {
		if end = strings.IndexByte(text[1:], text[0]) + 1; end == 0 {
			return "", "", false
		}
	}
	for i := end; i < len(text); i++ {
		if text[i] == ':' && (i+1 == len(text) || text[i+1] == ' ') {
			return text[:i], strings.TrimLeft(text[i+1:], " "), true
		}
	}
	return "", "", false
}

// scalar reads what stands on one line.
func scalar(l line, text string) (any, error) {
	if text == "" {
		return "", nil
	}
	switch text[0] {
	case '"', '\'':
		return quoted(l, text)
	case '{', '[', '&', '*', '!', '|', '>', '%', '@', '`':
		switch text {
		case "{}":
			return map[string]any{}, nil
		case "[]":
			return []any{}, nil
		}
		return nil, l.fault("is in a form of YAML that is not read here")
	}
	text, _, _ = strings.Cut(text, " #")
	if text = strings.TrimRight(text, " "); text == "null" || text == "~" {
		return nil, nil
	}
	return text, nil
}

// quoted reads a text in quotes. The escapes in double ones are those of JSON.
func quoted(l line, text string) (any, error) {
	end := closing(text)
	if end < 0 {
		return nil, l.fault("has a quote that does not end on it")
	}
	if behind := text[end+1:]; behind != "" && !strings.HasPrefix(strings.TrimLeft(behind, " "), "#") {
		return nil, l.fault("has something behind a quote")
	}
	inner := text[1:end]
	if text[0] == '\'' {
		return strings.ReplaceAll(inner, "''", "'"), nil
	}
	if json.Unmarshal([]byte(text[:end+1]), &inner) != nil {
		return nil, l.fault("has a quoted text that is not read here")
	}
	return inner, nil
}

// closing returns where the quote is that ends the one at the beginning, or -1.
func closing(text string) int {
	quote := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case quote == '"' && text[i] == '\\':
			i++
		case text[i] != quote:
		case quote == '\'' && i+1 < len(text) && text[i+1] == quote:
			i++
		default:
			return i
		}
	}
	return -1
}

package cloudsyaml

import (
	"fmt"
	"os"
	"regexp"
	"strings"

	"go.yaml.in/yaml/v3"
)

// tree is a mapping of a file. Its values are trees, lists ([]any), and the texts
// of scalars as they stand there, so that a password of digits stays one.
type tree map[string]any

const (
	maxFile  = 1 << 20 // bytes
	maxNodes = 100_000 // of a file with its aliases, which may stand for each other many times
)

// fileError is about a file. It quotes nothing of it.
type fileError struct{ file, problem string }

func (e *fileError) Error() string { return "cloudsyaml: " + e.file + ": " + e.problem }

var lineOf = regexp.MustCompile(`line (\d+)`)

// readTree reads a file.
func readTree(file string) (tree, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("cloudsyaml: %w", err)
	}
	if len(data) > maxFile {
		return nil, &fileError{file, fmt.Sprintf("is larger than %d bytes", maxFile)}
	}
	var document yaml.Node
	if err := yaml.Unmarshal(data, &document); err != nil {
		// The text of the error may have a piece of the line in it.
		where := "is no YAML"
		if m := lineOf.FindStringSubmatch(err.Error()); m != nil {
			where += ": line " + m[1] + " can't be read"
		}
		return nil, &fileError{file, where}
	}
	if document.Kind == 0 {
		return tree{}, nil
	}
	r := reader{file: file, left: maxNodes}
	value, err := r.value(document.Content[0])
	if err != nil {
		return nil, err
	}
	switch value := value.(type) {
	case nil:
		return tree{}, nil
	case tree:
		return value, nil
	}
	return nil, &fileError{file, "is no mapping"}
}

// reader makes plain values of nodes.
type reader struct {
	file string
	left int
}

func (r *reader) value(n *yaml.Node) (any, error) {
	if r.left--; r.left < 0 {
		return nil, &fileError{r.file, "has too many values"}
	}
	switch n.Kind {
	case yaml.AliasNode:
		return r.value(n.Alias)
	case yaml.MappingNode:
		return r.mapping(n)
	case yaml.SequenceNode:
		list := make([]any, 0, len(n.Content))
		for _, item := range n.Content {
			value, err := r.value(item)
			if err != nil {
				return nil, err
			}
			list = append(list, value)
		}
		return list, nil
	}
	if n.Tag == "!!null" {
		return nil, nil
	}
	return n.Value, nil
}

func (r *reader) mapping(n *yaml.Node) (any, error) {
	all := tree{}
	var merged []tree
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		value, err := r.value(n.Content[i+1])
		if err != nil {
			return nil, err
		}
		switch {
		case key.Tag == "!!merge":
			merged = append(merged, trees(value)...)
		case key.Kind != yaml.ScalarNode:
			return nil, &fileError{r.file, fmt.Sprintf("line %d: a key is no text", key.Line)}
		default:
			if _, twice := all[key.Value]; twice {
				return nil, &fileError{r.file, fmt.Sprintf("line %d: a key is there twice", key.Line)}
			}
			all[key.Value] = value
		}
	}
	for _, t := range merged {
		for key, value := range t {
			if _, ok := all[key]; !ok {
				all[key] = value
			}
		}
	}
	return all, nil
}

// trees returns what a merge key brings.
func trees(value any) []tree {
	switch value := value.(type) {
	case tree:
		return []tree{value}
	case []any:
		var all []tree
		for _, item := range value {
			if t, ok := item.(tree); ok {
				all = append(all, t)
			}
		}
		return all
	}
	return nil
}

// under returns t with what it lacks from below. What is empty is lacking.
func (t tree) under(below tree) tree {
	all := tree{}
	for key, value := range below {
		all[key] = value
	}
	for key, value := range t {
		inner, isTree := value.(tree)
		lower, _ := below[key].(tree)
		switch {
		case isTree && lower != nil:
			all[key] = inner.under(lower)
		case value == nil || value == "":
			if _, ok := below[key]; !ok {
				all[key] = value
			}
		default:
			all[key] = value
		}
	}
	return all
}

// at returns the value behind keys; nil where there is none.
func (t tree) at(keys ...string) any {
	var value any = t
	for _, key := range keys {
		inner, ok := value.(tree)
		if !ok {
			return nil
		}
		value = inner[key]
	}
	return value
}

// isTrue reads a Boolean as YAML 1.1 and 1.2 have them.
func isTrue(text string) (value, ok bool) {
	switch strings.ToLower(text) {
	case "true", "yes", "on", "y":
		return true, true
	case "false", "no", "off", "n":
		return false, true
	}
	return false, false
}

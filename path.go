package nhncloud

import (
	"net/url"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkPath refuses what can't fill the placeholders of Path. The values of
// the client's own placeholders come from known.
func (r *Request) checkPath(known func(name string) string) error {
	if !strings.HasPrefix(r.Path, "/") {
		return NewArgumentError(r.Operation, "Path", "must begin with a slash")
	}
	if strings.ContainsAny(r.Path, "?#") {
		return NewArgumentError(r.Operation, "Path", "must not have a query or a fragment: the query goes into Query")
	}
	args := r.Args
	for rest := r.Path; ; {
		_, after, more := strings.Cut(rest, "{")
		if !more {
			break
		}
		name, after, closed := strings.Cut(after, "}")
		if !closed {
			return NewArgumentError(r.Operation, "Path", "has a { without a }")
		}
		rest = after
		value := known(name)
		if value == "" {
			if len(args) == 0 {
				return NewArgumentError(r.Operation, name, "has no value")
			}
			value, args = args[0], args[1:]
		}
		name, many := strings.CutSuffix(name, "...")
		fault := ""
		if many {
			fault = segmentsFault(value)
		} else {
			fault = segmentFault(value)
		}
		if fault != "" {
			return NewArgumentError(r.Operation, name, fault)
		}
	}
	if len(args) > 0 {
		return NewArgumentError(r.Operation, "Args", "has more values than the path has placeholders")
	}
	return nil
}

// expand fills the placeholders of a template that checkPath found good, and
// appends the result to the path base, which has the form escapedBase where
// that is not the same. It returns the path in the same two forms.
func (r *Request) expand(base, escapedBase, template string, known func(name string) string) (plain, escaped string) {
	var p, e strings.Builder
	p.Grow(len(base) + len(template) + 64)
	p.WriteString(base)
	e.WriteString(escapedBase)
	differs := escapedBase != ""
	args := r.Args
	for {
		literal, after, more := strings.Cut(template, "{")
		p.WriteString(literal)
		if differs {
			e.WriteString(literal)
		}
		if !more {
			return p.String(), e.String()
		}
		name, rest, _ := strings.Cut(after, "}")
		template = rest
		value := known(name)
		if value == "" {
			value, args = args[0], args[1:]
		}
		esc := url.PathEscape(value)
		if strings.HasSuffix(name, "...") {
			esc = strings.ReplaceAll(esc, "%2F", "/")
		}
		if differs || esc != value {
			if !differs {
				differs = true
				e.WriteString(p.String())
			}
			e.WriteString(esc)
		}
		p.WriteString(value)
	}
}

// CheckID refuses what can't be the id or name of a resource, as the Args of a
// [Request] are checked, for those that travel in a query. Field names it in the
// error.
func CheckID(operation, field, id string) error {
	if fault := segmentFault(id); fault != "" {
		return NewArgumentError(operation, field, fault)
	}
	return nil
}

// segmentFault says why a value can't be one segment of a path, or "".
func segmentFault(value string) string {
	switch {
	case value == "":
		return "must not be empty"
	case value == "." || value == "..":
		return "must not be " + quote(value)
	case strings.IndexByte(value, '/') >= 0:
		return "must not have a slash: " + quote(value)
	case strings.ContainsFunc(value, unicode.IsControl):
		return "must not have a control character: " + quote(value)
	}
	return ""
}

// segmentsFault says why a value can't be several segments of a path, or "".
// Control characters are escaped like any other; "." and ".." would not be, and
// what stands between the program and the service could take them for a path
// to something else.
func segmentsFault(value string) string {
	if value == "" {
		return "must not be empty"
	}
	if !utf8.ValidString(value) {
		return "must be UTF-8: " + quote(value)
	}
	for segment := range strings.SplitSeq(value, "/") {
		if segment == "." || segment == ".." {
			return "must not have " + quote(segment) + " between slashes: " + quote(value)
		}
	}
	return ""
}

package network

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// notFilters are the query keys of a list that do not compare a field.
var notFilters = []string{"fields", "sort_key", "sort_dir", "limit", "marker", "offset", "page_reverse", "detail"}

// Filter compares an element of a list with the values that a query has for
// one key.
type Filter func(o object, values []string) bool

// equal compares a field; project_id is another word for tenant_id.
func equal(name string) Filter {
	return func(o object, values []string) bool {
		value, ok := o[name]
		if !ok && name == "project_id" {
			value = o["tenant_id"]
		}
		return slices.ContainsFunc(values, func(text string) bool {
			switch v := value.(type) {
			case nil:
				return text == ""
			case []string:
				return slices.Contains(v, text)
			case bool:
				wanted, ok := frame.AsBool(text)
				return ok && v == wanted
			}
			return frame.SameText(value, text)
		})
	}
}

// list answers a list of the service itself.
func list(c *call, plural string, all []object, filters map[string]Filter) frame.Reply {
	return List(c.Call, plural, all, filters, func(kind, message string) *frame.Reply {
		return refused(http.StatusBadRequest, kind, "%s", message)
	})
}

// listing is a call for a list, with the words for what is wrong with it.
type listing struct {
	*frame.Call
	refuse func(kind, message string) *frame.Reply
}

func (c *listing) refused(kind, format string, args ...any) *frame.Reply {
	return c.refuse(kind, fmt.Sprintf(format, args...))
}

// List answers a list as neutron does, also for the services beside it that word
// their errors in another way: every field can be asked for, with several values
// even, and limit cuts it into pages. Filters are those for keys that are not the
// name of a field.
func List(fc *frame.Call, plural string, all []object, filters map[string]Filter, refuse func(kind, message string) *frame.Reply) frame.Reply {
	c := &listing{fc, refuse}
	found := []object{}
next:
	for _, o := range all {
		for key, values := range c.Query {
			if slices.Contains(notFilters, key) {
				continue
			}
			matches, ok := filters[key]
			if !ok {
				matches = equal(key)
			}
			if !matches(o, values) {
				continue next
			}
		}
		found = append(found, o)
	}
	if r := c.sort(found); r != nil {
		return *r
	}
	page, links, r := c.cut(plural, found)
	if r != nil {
		return *r
	}
	shown := []object{}
	for _, o := range page {
		shown = append(shown, Fields(c.Call, o))
	}
	answered := object{plural: shown}
	if len(links) > 0 {
		answered[plural+"_links"] = links
	}
	return frame.Answer(http.StatusOK, answered)
}

// sort sorts by the keys of the query, the first one first. A key without a
// direction sorts upwards.
func (c *listing) sort(found []object) *frame.Reply {
	keys, dirs := c.Query["sort_key"], c.Query["sort_dir"]
	if len(dirs) > len(keys) {
		return c.refused("HTTPBadRequest", "The number of sort_keys and sort_dirs must be same")
	}
	for _, dir := range dirs {
		if dir != "asc" && dir != "desc" {
			return c.refused("HTTPBadRequest", "['%s'] is invalid value for sort_dirs, valid value is 'asc' and 'desc'", dir)
		}
	}
	for _, key := range keys {
		if slices.ContainsFunc(found, func(o object) bool { return !sortable(o[key]) }) {
			return c.refused("HTTPBadRequest", "['%s'] is invalid attribute for sort_keys", key)
		}
	}
	slices.SortStableFunc(found, func(a, b object) int {
		for i, key := range keys {
			order := compare(a[key], b[key])
			if i < len(dirs) && dirs[i] == "desc" {
				order = -order
			}
			if order != 0 {
				return order
			}
		}
		return 0
	})
	return nil
}

func sortable(v any) bool {
	switch v.(type) {
	case nil, string, bool, int:
		return true
	}
	return false
}

// compare orders two values of a field; null comes first.
func compare(a, b any) int {
	if x, ok := a.(int); ok {
		if y, ok := b.(int); ok {
			return cmp.Compare(x, y)
		}
	}
	text := func(v any) string {
		if v == nil {
			return ""
		}
		return fmt.Sprint(v)
	}
	return cmp.Compare(text(a), text(b))
}

// cut takes the page out of a list that limit, marker and page_reverse ask for,
// with the links to the pages around it.
func (c *listing) cut(plural string, found []object) (page, links []object, r *frame.Reply) {
	limit := 0
	if text := c.Query.Get("limit"); text != "" {
		var ok bool
		if limit, ok = frame.AsInt(text); !ok || limit < 0 {
			return nil, nil, c.refused("BadRequest",
				"Bad limit request: Limit must be an integer 0 or greater and not '%s'.", text)
		}
	}
	if limit == 0 {
		return found, nil, nil
	}
	backwards, _ := frame.AsBool(c.Query.Get("page_reverse"))
	if backwards {
		slices.Reverse(found)
	}
	marker := c.Query.Get("marker")
	page, ok := frame.CutPage(found, func(o object) string { return o["id"].(string) }, marker, limit)
	if !ok {
		return nil, nil, c.refused("BadRequest", "Bad %s request: marker %s not found.", plural, marker)
	}
	if backwards {
		slices.Reverse(page)
	}
	var first, last string
	if len(page) > 0 {
		first, last = page[0]["id"].(string), page[len(page)-1]["id"].(string)
	}
	if len(page) == limit || backwards {
		links = append(links, c.pageLink("next", last, false))
	}
	if len(page) == limit || !backwards {
		links = append(links, c.pageLink("previous", first, true))
	}
	return page, links, nil
}

func (c *listing) pageLink(rel, marker string, backwards bool) object {
	q := maps.Clone(c.Query)
	q.Del("marker")
	q.Del("page_reverse")
	if marker != "" {
		q.Set("marker", marker)
	}
	if backwards {
		q.Set("page_reverse", "True")
	}
	u := url.URL{Path: c.Request.URL.Path, RawQuery: q.Encode()}
	return frame.Link(rel, c.Frame.URL+u.String())
}

// Fields keeps the fields that the query names, or all.
func Fields(c *frame.Call, o object) object {
	names := c.Query["fields"]
	if len(names) == 0 {
		return o
	}
	kept := object{}
	for _, name := range names {
		for _, n := range strings.Split(name, ",") {
			if v, ok := o[n]; ok {
				kept[n] = v
			}
		}
	}
	return kept
}

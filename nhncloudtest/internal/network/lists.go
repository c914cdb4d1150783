package network

import (
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// get answers the element that the path names.
func get(c *frame.Call, single, kind string, all []object) frame.Reply {
	id := c.Value("id")
	for _, o := range all {
		if o["id"] == id {
			return frame.Answer(http.StatusOK, object{single: fields(c, o)})
		}
	}
	return failed(http.StatusNotFound, kind+"NotFound", kind+" "+id+" could not be found.")
}

// notFilters are the query keys of a list that do not compare a field.
var notFilters = []string{"fields", "sort_key", "sort_dir", "limit", "marker", "offset", "page_reverse", "detail"}

// list answers a list as neutron does: every field can be asked for,
// with several values even, and limit cuts it into pages.
func list(c *frame.Call, plural string, all []object) frame.Reply {
	found := []object{}
next:
	for _, o := range all {
		for key, values := range c.Query {
			if slices.Contains(notFilters, key) {
				continue
			}
			if !slices.ContainsFunc(values, func(v string) bool { return frame.SameText(o[key], v) || o[key] == nil && v == "" }) {
				continue next
			}
		}
		found = append(found, o)
	}
	if key := c.Query.Get("sort_key"); key != "" {
		slices.SortStableFunc(found, func(a, b object) int { return cmp.Compare(fmt.Sprint(a[key]), fmt.Sprint(b[key])) })
		if c.Query.Get("sort_dir") == "desc" {
			slices.Reverse(found)
		}
	}
	answered := object{}
	if c.Query.Has("limit") {
		limit, ok := frame.AsInt(c.Query.Get("limit"))
		if !ok || limit < 0 {
			return failed(http.StatusBadRequest, "HTTPBadRequest", "Bad limit request: limit must be an integer greater than or equal to 0.")
		}
		marker := c.Query.Get("marker")
		page, ok := frame.CutPage(found, func(o object) string { return o["id"].(string) }, marker, cmp.Or(limit, len(found)))
		if !ok {
			return failed(http.StatusBadRequest, "BadRequest", fmt.Sprintf("Bad %s request: marker %s not found.", plural, marker))
		}
		if limit > 0 && len(page) == limit {
			answered[plural+"_links"] = c.NextPage(page[limit-1]["id"].(string))
		}
		found = page
	}
	shown := []object{}
	for _, o := range found {
		shown = append(shown, fields(c, o))
	}
	answered[plural] = shown
	return frame.Answer(http.StatusOK, answered)
}

// fields keeps the fields that the query names, or all.
func fields(c *frame.Call, o object) object {
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

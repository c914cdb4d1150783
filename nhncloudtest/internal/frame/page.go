package frame

import (
	"net/url"
	"strconv"
	"strings"
)

// Link is one of the links that objects carry.
func Link(rel, href string) Object { return Object{"rel": rel, "href": href} }

// CutPage takes one page out of a list: what follows the marker, up to the
// limit.
func CutPage[T any](all []T, id func(T) string, marker string, limit int) (page []T, ok bool) {
	if marker != "" {
		for len(all) > 0 && id(all[0]) != marker {
			all = all[1:]
		}
		if len(all) == 0 {
			return nil, false
		}
		all = all[1:]
	}
	return all[:min(limit, len(all))], true
}

// NextQuery is the query of the next page: that of this one with another
// marker.
func (c *Call) NextQuery(marker string) string {
	q := url.Values{}
	for k, v := range c.Query {
		q[k] = v
	}
	q.Set("marker", marker)
	return q.Encode()
}

// NextPage is the link to the page behind a marker.
func (c *Call) NextPage(marker string) []Object {
	u := url.URL{Path: c.Request.URL.Path, RawQuery: c.NextQuery(marker)}
	return []Object{Link("next", c.Frame.URL+u.String())}
}

// SameText compares a value of an answer with the text of a query.
func SameText(value any, text string) bool {
	switch v := value.(type) {
	case string:
		return v == text
	case bool:
		return strings.EqualFold(strconv.FormatBool(v), text)
	case int:
		return strconv.Itoa(v) == text
	case int64:
		return strconv.FormatInt(v, 10) == text
	}
	return false
}

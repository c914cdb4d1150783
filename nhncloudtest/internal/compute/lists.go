package compute

import (
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func listServers(c *call) frame.Reply {
	return c.listServers(func(v *Server) object {
		return object{"id": v.ID, "name": v.Name, "links": c.computeLinks("servers", v.ID)}
	})
}

func listServersDetail(c *call) frame.Reply { return c.listServers(c.serverBody) }

// listServers answers one page, the newest server first.
func (c *call) listServers(body func(*Server) object) frame.Reply {
	limit, r := c.limit()
	if r != nil {
		return *r
	}
	picked, r := c.serverFilter()
	if r != nil {
		return *r
	}
	var found []*Server
	marker := c.Query.Get("marker")
	all := c.project.Servers
	if c.Query.Has("changes-since") {
		all = slices.Concat(c.project.deleted, all)
	}
	for _, v := range slices.Backward(all) {
		if v.ID == marker || picked(v) {
			found = append(found, v)
		}
	}
	page, ok := frame.CutPage(found, func(v *Server) string { return v.ID }, marker, limit)
	if !ok {
		return *frame.BadRequest("marker [%s] not found", marker)
	}
	servers := []object{}
	for _, v := range page {
		servers = append(servers, body(v))
	}
	answered := object{"servers": servers}
	if len(page) == limit {
		answered["servers_links"] = c.NextPage(page[limit-1].ID)
	}
	return frame.Answer(http.StatusOK, answered)
}

// serverFilter is what the query asks of the servers of a list.
func (c *call) serverFilter() (func(*Server) bool, *frame.Reply) {
	var checks []func(*Server) bool
	add := func(check func(*Server) bool) { checks = append(checks, check) }
	if q := c.Query.Get("name"); q != "" {
		re, err := regexp.Compile(q)
		if err != nil {
			return nil, frame.BadRequest("Invalid filter name: %s", q)
		}
		add(func(v *Server) bool { return re.MatchString(v.Name) })
	}
	if q := c.Query.Get("status"); q != "" {
		add(func(v *Server) bool { return strings.EqualFold(v.Status(), q) })
	}
	if q := c.Query.Get("image"); q != "" {
		add(func(v *Server) bool { return v.Image != nil && strings.HasSuffix("/"+q, "/"+v.Image.ID) })
	}
	if q := c.Query.Get("flavor"); q != "" {
		add(func(v *Server) bool { return strings.HasSuffix("/"+q, "/"+v.Flavor.ID) })
	}
	if q := c.Query.Get("reservation_id"); q != "" {
		add(func(v *Server) bool { return v.reservation == q })
	}
	if q := c.Query.Get("changes-since"); q != "" {
		since, err := parseTime(q)
		if err != nil {
			return nil, frame.BadRequest("Invalid input for query parameters changes-since. Value: %s. '%s' is not a 'date-time'", q, q)
		}
		add(func(v *Server) bool { return !v.Updated.Truncate(time.Second).Before(since) })
	}
	return func(v *Server) bool {
		for _, check := range checks {
			if !check(v) {
				return false
			}
		}
		return true
	}, nil
}

// parseTime takes the forms that changes-since comes in.
func parseTime(s string) (time.Time, error) {
	for _, layout := range []string{time.RFC3339, "2006-01-02T15:04:05", "2006-01-02 15:04:05", time.DateOnly} {
		if t, err := time.ParseInLocation(layout, s, time.UTC); err == nil {
			return t, nil
		}
	}
	return time.Time{}, fmt.Errorf("no time: %q", s)
}

package blockstorage

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func list(c *call) frame.Reply {
	return c.listVolumes(func(v *Volume) object {
		return object{"id": v.ID, "name": v.NameValue(), "links": c.volumeLinks(v)}
	})
}

func listDetail(c *call) frame.Reply { return c.listVolumes(c.volumeBody) }

// listVolumes answers one page, the newest volume first unless the query sorts
// otherwise.
func (c *call) listVolumes(body func(*Volume) object) frame.Reply {
	limit := c.Frame.PageMax
	if c.Query.Get("limit") != "" {
		n, err := strconv.Atoi(c.Query.Get("limit"))
		if err != nil || n < 0 {
			return *frame.BadRequest("limit param must be an integer")
		}
		limit = min(n, limit)
	}
	found := slices.Clone(c.project.Volumes)
	slices.Reverse(found)
	for _, name := range []string{"name", "status"} {
		if want := c.Query.Get(name); want != "" {
			found = slices.DeleteFunc(found, func(v *Volume) bool { return c.volumeBody(v)[name] != want })
		}
	}
	if r := c.sortVolumes(found); r != nil {
		return *r
	}
	if offset := c.Query.Get("offset"); offset != "" {
		n, err := strconv.Atoi(offset)
		if err != nil || n < 0 {
			return *frame.BadRequest("offset param must be an integer")
		}
		found = found[min(n, len(found)):]
	}
	page, ok := frame.CutPage(found, func(v *Volume) string { return v.ID }, c.Query.Get("marker"), limit)
	if !ok {
		return *frame.NotFound("marker not found: %s", c.Query.Get("marker"))
	}
	volumes := []object{}
	for _, v := range page {
		volumes = append(volumes, body(v))
	}
	answered := object{"volumes": volumes}
	if limit > 0 && len(page) == limit {
		c.Query.Del("offset") // the next page begins behind the marker, not behind an offset too
		answered["volumes_links"] = c.NextPage(page[limit-1].ID)
	}
	return frame.Answer(http.StatusOK, answered)
}

// sortVolumes sorts by "key" or "key:direction"; several keys are separated by
// commas.
func (c *call) sortVolumes(volumes []*Volume) *frame.Reply {
	by := map[string]func(a, b *Volume) int{
		"name":       func(a, b *Volume) int { return cmp.Compare(a.Name, b.Name) },
		"size":       func(a, b *Volume) int { return cmp.Compare(a.Size, b.Size) },
		"status":     func(a, b *Volume) int { return cmp.Compare(a.Status, b.Status) },
		"id":         func(a, b *Volume) int { return cmp.Compare(a.ID, b.ID) },
		"created_at": func(a, b *Volume) int { return a.Created.Compare(b.Created) },
	}
	if c.Query.Get("sort") == "" {
		return nil
	}
	keys := strings.Split(c.Query.Get("sort"), ",")
	slices.Reverse(keys) // the most important one is sorted by last
	for _, key := range keys {
		name, dir, _ := strings.Cut(key, ":")
		compare := by[name]
		if compare == nil {
			return frame.BadRequest("Invalid input received: sort_key %s is not valid", name)
		}
		slices.SortStableFunc(volumes, func(a, b *Volume) int {
			if dir != "asc" {
				return compare(b, a)
			}
			return compare(a, b)
		})
	}
	return nil
}

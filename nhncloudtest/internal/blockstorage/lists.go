package blockstorage

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func listVolumes(c *call) frame.Reply { return c.listVolumes(c.volumeSummary) }

func listVolumesDetail(c *call) frame.Reply { return c.listVolumes(c.volumeBody) }

func (c *call) listVolumes(body func(*Volume) object) frame.Reply {
	return listing[*Volume]{
		name: "volumes", all: c.project.Volumes, body: body, full: c.volumeBody, filters: []string{"name", "status"},
		keys: func(v *Volume) keys { return keys{v.ID, v.Name.Text, v.Status, v.Size, v.Created} },
	}.answer(c)
}

func listSnapshots(c *call) frame.Reply { return c.listSnapshots((*Snapshot).summary) }

func listSnapshotsDetail(c *call) frame.Reply { return c.listSnapshots(c.snapshotBody) }

func (c *call) listSnapshots(body func(*Snapshot) object) frame.Reply {
	return listing[*Snapshot]{
		name: "snapshots", all: c.project.Snapshots, body: body, full: c.snapshotBody, filters: []string{"name", "status", "volume_id"},
		keys: func(s *Snapshot) keys { return keys{s.ID, s.Name.Text, s.Status, s.Size, s.Created} },
	}.answer(c)
}

// keys are what things can be sorted by.
type keys struct {
	id, name, status string
	size             int
	created          time.Time
}

// listing is a list of things of one kind.
type listing[T any] struct {
	name    string
	all     []T // oldest first
	body    func(T) object
	full    func(T) object // with all that filters can ask for
	filters []string
	keys    func(T) keys
}

// answer answers one page, the newest thing first unless the query sorts
// otherwise.
func (l listing[T]) answer(c *call) frame.Reply {
	limit := c.Frame.PageMax
	if c.Query.Get("limit") != "" {
		n, err := strconv.Atoi(c.Query.Get("limit"))
		if err != nil || n < 0 {
			return *frame.BadRequest("limit param must be an integer")
		}
		limit = min(n, limit)
	}
	found := slices.Clone(l.all)
	slices.Reverse(found)
	for _, name := range l.filters {
		if want := c.Query.Get(name); want != "" {
			found = slices.DeleteFunc(found, func(one T) bool { return l.full(one)[name] != want })
		}
	}
	if r := l.sort(found, c.Query.Get("sort")); r != nil {
		return *r
	}
	if offset := c.Query.Get("offset"); offset != "" {
		n, err := strconv.Atoi(offset)
		if err != nil || n < 0 {
			return *frame.BadRequest("offset param must be an integer")
		}
		found = found[min(n, len(found)):]
	}
	page, ok := frame.CutPage(found, func(one T) string { return l.keys(one).id }, c.Query.Get("marker"), limit)
	if !ok {
		return *frame.NotFound("marker not found: %s", c.Query.Get("marker"))
	}
	bodies := []object{}
	for _, one := range page {
		bodies = append(bodies, l.body(one))
	}
	answered := object{l.name: bodies}
	if limit > 0 && len(page) == limit {
		c.Query.Del("offset") // the next page begins behind the marker, not behind an offset too
		answered[l.name+"_links"] = c.NextPage(l.keys(page[limit-1]).id)
	}
	return frame.Answer(http.StatusOK, answered)
}

// comparisons are the keys to sort by.
var comparisons = map[string]func(a, b keys) int{
	"name":       func(a, b keys) int { return cmp.Compare(a.name, b.name) },
	"size":       func(a, b keys) int { return cmp.Compare(a.size, b.size) },
	"status":     func(a, b keys) int { return cmp.Compare(a.status, b.status) },
	"id":         func(a, b keys) int { return cmp.Compare(a.id, b.id) },
	"created_at": func(a, b keys) int { return a.created.Compare(b.created) },
}

// sort sorts by "key" or "key:direction"; several keys are separated by commas.
func (l listing[T]) sort(found []T, by string) *frame.Reply {
	if by == "" {
		return nil
	}
	all := strings.Split(by, ",")
	slices.Reverse(all) // the most important one is sorted by last
	for _, key := range all {
		name, dir, _ := strings.Cut(key, ":")
		compare := comparisons[name]
		if compare == nil {
			return frame.BadRequest("Invalid input received: sort_key %s is not valid", name)
		}
		slices.SortStableFunc(found, func(a, b T) int {
			if dir != "asc" {
				a, b = b, a
			}
			return compare(l.keys(a), l.keys(b))
		})
	}
	return nil
}

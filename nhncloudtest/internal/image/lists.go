package image

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// notFilters are the query keys of a list that do not compare a property.
var notFilters = map[string]bool{
	"limit": true, "marker": true, "sort_key": true, "sort_dir": true, "sort": true,
	"member_status": true, nodeImages: true,
}

// nodeImages asks for the images that nodes of Kubernetes can be made of, which
// no property tells.
const nodeImages = "nhncloud_allow_nks_cpu_flavor"

func (s *Service) list(c *frame.Call) frame.Reply {
	most, r := limit(c)
	if r != nil {
		return *r
	}
	status := cmp.Or(c.Query.Get("member_status"), "accepted")
	switch {
	case status != "all" && !slices.Contains(memberStatuses, status):
		return *failed(c, http.StatusBadRequest, "Invalid status: %s", status)
	case !slices.Contains(visibilities, cmp.Or(c.Query.Get("visibility"), "all")):
		return *failed(c, http.StatusBadRequest, "Invalid visibility value: %s", c.Query.Get("visibility"))
	}
	var found []*Image
	for _, img := range s.visible(c.Place(), status) {
		ok, r := matches(c, img)
		if r != nil {
			return *r
		}
		if ok {
			found = append(found, img)
		}
	}
	if r := sortImages(c, found); r != nil {
		return *r
	}
	marker := c.Query.Get("marker")
	page, ok := frame.CutPage(found, func(img *Image) string { return img.ID }, marker, most)
	if !ok {
		return *notFound(c, marker)
	}
	images := []object{}
	for _, img := range page {
		images = append(images, img.body())
	}
	first := url.Values{}
	for k, v := range c.Query {
		if k != "marker" {
			first[k] = v
		}
	}
	answered := object{"images": images, "schema": "/v2/schemas/images", "first": withQuery("/v2/images", first.Encode())}
	if len(page) == most {
		answered["next"] = withQuery("/v2/images", c.NextQuery(page[most-1].ID))
	}
	return frame.Answer(http.StatusOK, answered)
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

func limit(c *frame.Call) (int, *frame.Reply) {
	n, problem := Limit(c)
	if problem != "" {
		return 0, failed(c, http.StatusBadRequest, "%s", problem)
	}
	return n, nil
}

// Limit is how many images a page has, or what is wrong with the limit that the
// query asks for.
func Limit(c *frame.Call) (n int, problem string) {
	text := c.Query.Get("limit")
	if text == "" {
		return c.Frame.PageDefault, ""
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, "limit param must be an integer"
	case n < 0:
		return 0, "limit param must be positive"
	}
	return min(cmp.Or(n, c.Frame.PageDefault), c.Frame.PageMax), ""
}

// visibilities are those that can be asked for.
var visibilities = []string{"all", "public", "private", "shared", "community"}

// matches says whether an image is what the query asks for. Every property can
// be asked for.
func matches(c *frame.Call, img *Image) (bool, *frame.Reply) {
	var body object
	for key, values := range c.Query {
		switch {
		case key == nodeImages && strings.EqualFold(values[0], "true") && img.Windows():
			return false, nil
		case notFilters[key] || values[0] == "" || key == "visibility" && values[0] == "all":
			continue
		case key == "tag":
			for _, tag := range values {
				if !slices.Contains(img.tags, tag) {
					return false, nil
				}
			}
		case key == "size_min" || key == "size_max":
			n, err := strconv.ParseInt(values[0], 10, 64)
			if err != nil || n < 0 {
				return false, failed(c, http.StatusBadRequest, "Invalid value for option %s: %s", key, values[0])
			}
			if (key == "size_min" && img.Size < n) || (key == "size_max" && img.Size > n) {
				return false, nil
			}
		default:
			if body == nil {
				body = img.body()
			}
			if !frame.SameText(body[key], values[0]) {
				return false, nil
			}
		}
	}
	return true, nil
}

// sortImages sorts by one property; the newest come first unless asked
// otherwise.
func sortImages(c *frame.Call, images []*Image) *frame.Reply {
	key, dir := cmp.Or(c.Query.Get("sort_key"), "created_at"), cmp.Or(c.Query.Get("sort_dir"), "desc")
	if dir != "asc" && dir != "desc" {
		return failed(c, http.StatusBadRequest, "Invalid sort direction: %s", dir)
	}
	by := map[string]func(a, b *Image) int{
		"created_at": func(a, b *Image) int { return a.Created.Compare(b.Created) },
		"updated_at": func(a, b *Image) int { return a.Updated.Compare(b.Updated) },
		"name":       func(a, b *Image) int { return cmp.Compare(a.Name, b.Name) },
		"id":         func(a, b *Image) int { return cmp.Compare(a.ID, b.ID) },
		"status":     func(a, b *Image) int { return cmp.Compare(a.Status, b.Status) },
		"owner":      func(a, b *Image) int { return cmp.Compare(a.Owner, b.Owner) },
		"size":       func(a, b *Image) int { return cmp.Compare(a.Size, b.Size) },
		"min_disk":   func(a, b *Image) int { return cmp.Compare(a.MinDisk, b.MinDisk) },
		"min_ram":    func(a, b *Image) int { return cmp.Compare(a.MinRAM, b.MinRAM) },
	}[key]
	if by == nil {
		return failed(c, http.StatusBadRequest, "Sort key supplied was not valid.")
	}
	slices.SortStableFunc(images, by)
	if dir == "desc" {
		slices.Reverse(images)
	}
	return nil
}

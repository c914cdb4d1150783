package nhncloudtest

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Image is what a server boots from.
type Image struct {
	ID         string // made up when empty
	Name       string
	OSType     string            // "linux" (the default) or "windows"
	OSDistro   string            // such as "Ubuntu"
	OSVersion  string            // such as "Server 22.04 LTS"
	MinDisk    int               // GB; 20 when 0
	MinRAM     int               // MB
	Size       int64             // bytes
	LoginUser  string            // user to log in as
	Properties map[string]string // further properties
}

type image struct {
	id, name, status  string
	owner, visibility string
	minDisk, minRAM   int
	size              int64
	checksum          string
	protected         bool
	created, updated  time.Time
	properties        map[string]string // what stands beside the fixed keys
}

func builtInImages() []Image {
	linux := func(name, distro, version, user string, gb float64) Image {
		return Image{
			ID: fixedID("image", name), Name: name, OSType: "linux", OSDistro: distro, OSVersion: version,
			MinDisk: 20, LoginUser: user, Size: int64(gb * (1 << 30)),
		}
	}
	win := linux("Windows 2022 STD (2025.11.18) EN", "Windows", "2022 STD", "Administrator", 12.5)
	win.OSType, win.MinDisk, win.MinRAM = "windows", 50, 2048
	return []Image{
		linux("CentOS 7.9 (2024.05.21)", "CentOS", "7.9", "centos", 1.6),
		linux("Rocky Linux 9.6 (2025.11.18)", "Rocky Linux", "9.6", "rocky", 1.9),
		linux("Ubuntu Server 22.04.5 LTS (2025.11.18)", "ubuntu", "Server 22.04 LTS", "ubuntu", 2.2),
		linux("Ubuntu Server 24.04.3 LTS (2025.11.18)", "ubuntu", "Server 24.04 LTS", "ubuntu", 2.4),
		win,
	}
}

func (rg *region) addImage(from Image, visibility, owner string, at time.Time) *image {
	if from.ID == "" {
		from.ID = newID()
	}
	img := &image{
		id: from.ID, name: from.Name, status: "active", owner: owner, visibility: visibility,
		minDisk: cmp.Or(from.MinDisk, 20), minRAM: from.MinRAM, size: cmp.Or(from.Size, 1<<31),
		checksum: fixedHexID("checksum", from.ID), protected: visibility == "public",
		created: at, updated: at,
		properties: map[string]string{
			"description": from.Name, "login_username": cmp.Or(from.LoginUser, "root"),
			"os_distro": from.OSDistro, "os_version": from.OSVersion, "os_type": cmp.Or(from.OSType, "linux"),
			"os_architecture": "amd64", "hypervisor_type": "qemu",
		},
	}
	for k, v := range from.Properties {
		img.properties[k] = v
	}
	rg.images = append(rg.images, img)
	return img
}

func (img *image) windows() bool { return strings.EqualFold(img.properties["os_type"], "windows") }

// serverMetadata is what a server takes over from its image.
func (img *image) serverMetadata() map[string]string {
	m := map[string]string{
		"image_name": img.name, "volume_size": strconv.Itoa(img.minDisk), "project_domain": "NORMAL",
		"monitoring_agent": "sysmon", "tc_env": "sysmon",
	}
	for _, k := range []string{"os_distro", "os_version", "os_type", "os_architecture", "description", "login_username", "hypervisor_type"} {
		m[k] = img.properties[k]
	}
	return m
}

func (s *Server) imageService() *service {
	return &service{name: "image", dialect: glance, routes: append([]route{
		{operation: "image-v2-list-images", method: "GET", path: "/v2/images", handle: listImages},
		{operation: "image-v2-get-image", method: "GET", path: "/v2/images/{imageId}", handle: getImage},
	}, discovery("image")...)}
}

// image finds an image that the tenant can see, by its id or a URL that ends
// in it.
func (p *project) image(ref string) *image {
	id := ref[strings.LastIndex(ref, "/")+1:]
	for _, img := range p.region.images {
		if img.id == id && p.sees(img) {
			return img
		}
	}
	return nil
}

func (p *project) sees(img *image) bool {
	return img.visibility == "public" || img.owner == p.tenant.id
}

func getImage(c *call) reply {
	img := c.project.image(c.value("imageId"))
	if img == nil {
		return c.fail(http.StatusNotFound, "No image found with ID %s", c.value("imageId"))
	}
	return answer(http.StatusOK, img.body())
}

func (img *image) body() object {
	o := object{
		"id": img.id, "name": img.name, "status": img.status, "owner": img.owner, "visibility": img.visibility,
		"tags": []string{}, "container_format": "bare", "disk_format": "qcow2", "protected": img.protected,
		"min_disk": img.minDisk, "min_ram": img.minRAM, "virtual_size": nil,
		"created_at": seconds(img.created), "updated_at": seconds(img.updated),
		"self": "/v2/images/" + img.id, "file": "/v2/images/" + img.id + "/file", "schema": "/v2/schemas/image",
		"size": nil, "checksum": nil,
	}
	if img.status == "active" {
		o["size"], o["checksum"] = img.size, img.checksum
	}
	for k, v := range img.properties {
		if _, fixed := o[k]; !fixed {
			o[k] = v
		}
	}
	return o
}

// notFilters are the query keys of a list that do not compare a property.
var notFilters = map[string]bool{
	"limit": true, "marker": true, "sort_key": true, "sort_dir": true, "sort": true,
	"member_status": true, "nhncloud_allow_nks_cpu_flavor": true,
}

func listImages(c *call) reply {
	limit, r := c.imageLimit()
	if r != nil {
		return *r
	}
	var found []*image
	for _, img := range c.region.images {
		ok, r := c.matches(img)
		if r != nil {
			return *r
		}
		if ok {
			found = append(found, img)
		}
	}
	if r := c.sortImages(found); r != nil {
		return *r
	}
	marker := c.query.Get("marker")
	page, ok := cutPage(found, func(img *image) string { return img.id }, marker, limit)
	if !ok {
		return c.fail(http.StatusNotFound, "No image found with ID %s", marker)
	}
	images := []object{}
	for _, img := range page {
		images = append(images, img.body())
	}
	first := url.Values{}
	for k, v := range c.query {
		if k != "marker" {
			first[k] = v
		}
	}
	answered := object{"images": images, "schema": "/v2/schemas/images", "first": withQuery("/v2/images", first.Encode())}
	if len(page) == limit {
		answered["next"] = withQuery("/v2/images", c.nextQuery(page[limit-1].id))
	}
	return answer(http.StatusOK, answered)
}

func withQuery(path, query string) string {
	if query == "" {
		return path
	}
	return path + "?" + query
}

func (c *call) imageLimit() (int, *reply) {
	n, problem := c.limitOf(c.query.Get("limit"))
	if problem != "" {
		r := c.fail(http.StatusBadRequest, "%s", problem)
		return 0, &r
	}
	return n, nil
}

// limitOf is how many images a page has.
func (c *call) limitOf(text string) (n int, problem string) {
	if text == "" {
		return c.srv.config.pageDefault, ""
	}
	n, err := strconv.Atoi(text)
	switch {
	case err != nil:
		return 0, "limit param must be an integer"
	case n < 0:
		return 0, "limit param must be positive"
	}
	return min(cmp.Or(n, c.srv.config.pageDefault), c.srv.config.pageMax), ""
}

// matches says whether an image is what the query asks for. Every property can
// be asked for.
func (c *call) matches(img *image) (bool, *reply) {
	if !c.project.sees(img) {
		return false, nil
	}
	var body object
	for key, values := range c.query {
		switch {
		case notFilters[key] || values[0] == "":
			continue
		case key == "size_min" || key == "size_max":
			n, err := strconv.ParseInt(values[0], 10, 64)
			if err != nil || n < 0 {
				r := c.fail(http.StatusBadRequest, "Invalid value for option %s: %s", key, values[0])
				return false, &r
			}
			if (key == "size_min" && img.size < n) || (key == "size_max" && img.size > n) {
				return false, nil
			}
		default:
			if body == nil {
				body = img.body()
			}
			if !sameText(body[key], values[0]) {
				return false, nil
			}
		}
	}
	return true, nil
}

// sortImages sorts by one property; the newest come first unless asked
// otherwise.
func (c *call) sortImages(images []*image) *reply {
	key, dir := cmp.Or(c.query.Get("sort_key"), "created_at"), cmp.Or(c.query.Get("sort_dir"), "desc")
	if dir != "asc" && dir != "desc" {
		r := c.fail(http.StatusBadRequest, "Invalid sort direction: %s", dir)
		return &r
	}
	by := map[string]func(a, b *image) int{
		"created_at": func(a, b *image) int { return a.created.Compare(b.created) },
		"updated_at": func(a, b *image) int { return a.updated.Compare(b.updated) },
		"name":       func(a, b *image) int { return cmp.Compare(a.name, b.name) },
		"id":         func(a, b *image) int { return cmp.Compare(a.id, b.id) },
		"status":     func(a, b *image) int { return cmp.Compare(a.status, b.status) },
		"owner":      func(a, b *image) int { return cmp.Compare(a.owner, b.owner) },
		"size":       func(a, b *image) int { return cmp.Compare(a.size, b.size) },
		"min_disk":   func(a, b *image) int { return cmp.Compare(a.minDisk, b.minDisk) },
		"min_ram":    func(a, b *image) int { return cmp.Compare(a.minRAM, b.minRAM) },
	}[key]
	if by == nil {
		r := c.fail(http.StatusBadRequest, "Sort key supplied was not valid.")
		return &r
	}
	slices.SortStableFunc(images, by)
	if dir == "desc" {
		slices.Reverse(images)
	}
	return nil
}

// sameText compares a value of an answer with the text of a query.
func sameText(value any, text string) bool {
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

package nhncloudtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// States of a volume.
const (
	volumeCreating  = "creating"
	volumeAvailable = "available"
	volumeAttaching = "attaching"
	volumeInUse     = "in-use"
	volumeDetaching = "detaching"
	volumeReserved  = "reserved" // of a shelved server
	volumeDeleting  = "deleting"
	volumeError     = "error"
)

const defaultVolumeType = "General HDD"

type volume struct {
	id                string
	name, description string
	named, described  bool // null otherwise
	size              int  // GB
	zone, kind        string
	status            string
	bootable          bool
	encrypted         bool
	image             *image // that it was made from
	source            string // id of the volume that it is a copy of
	metadata          map[string]string
	attachment        *attachment
	created           time.Time
}

type volumeType struct{ id, name, backend string }

func builtInVolumeTypes() []*volumeType {
	made := func(name, backend string) *volumeType {
		return &volumeType{id: fixedID("volume type", name), name: name, backend: backend}
	}
	return []*volumeType{
		made("General SSD", "ssd_general"), made("General HDD", "hdd_general"),
		made("Encrypted HDD", "hdd_encrypted"), made("Encrypted SSD", "ssd_encrypted"),
	}
}

func (rg *region) volumeType(ref string) *volumeType {
	for _, t := range rg.types {
		if t.name == ref || t.id == ref {
			return t
		}
	}
	return nil
}

func (s *Server) volumeService() *service {
	const volumes = "/v2/{tenantId}/volumes"
	return &service{name: "volume", dialect: nova, routes: append([]route{
		{operation: "blockstorage-v2-list-volume-types", method: "GET", path: "/v2/{tenantId}/types", handle: listVolumeTypes},
		{operation: "blockstorage-v2-list-volumes", method: "GET", path: volumes, handle: listVolumes},
		{operation: "blockstorage-v2-list-volumes-detail", method: "GET", path: volumes + "/detail", handle: listVolumesDetail},
		{operation: "blockstorage-v2-create-volume", method: "POST", path: volumes, handle: createVolume},
		{operation: "blockstorage-v2-get-volume", method: "GET", path: volumes + "/{volumeId}", handle: getVolume},
		{operation: "blockstorage-v2-delete-volume", method: "DELETE", path: volumes + "/{volumeId}", handle: deleteVolume},
	}, discovery("volume")...)}
}

func (p *project) volume(id string) *volume {
	for _, v := range p.volumes {
		if v.id == id {
			return v
		}
	}
	return nil
}

// free refuses a volume that cannot be attached now, in nova's words.
func (v *volume) free() *reply {
	switch {
	case v.attachment != nil:
		return badRequest("Invalid volume: volume %s is already attached to instances: %s", v.id, v.attachment.server.id)
	case v.status != volumeAvailable:
		return badRequest("Invalid volume: volume '%s' status must be 'available'. Currently in '%s'", v.id, v.status)
	}
	return nil
}

func listVolumeTypes(c *call) reply {
	types := []object{}
	for _, t := range c.region.types {
		types = append(types, object{
			"id": t.id, "name": t.name, "description": nil, "os-volume-type-access:is_public": true,
			"extra_specs": object{"volume_backend_name": t.backend},
		})
	}
	return answer(http.StatusOK, object{"volume_types": types})
}

func listVolumes(c *call) reply {
	return c.listVolumes(func(v *volume) object {
		return object{"id": v.id, "name": v.nameValue(), "links": c.volumeLinks(v)}
	})
}

func listVolumesDetail(c *call) reply { return c.listVolumes(c.volumeBody) }

// listVolumes answers one page, the newest volume first unless the query sorts
// otherwise.
func (c *call) listVolumes(body func(*volume) object) reply {
	limit := c.srv.config.pageMax
	if c.query.Get("limit") != "" {
		n, err := strconv.Atoi(c.query.Get("limit"))
		if err != nil || n < 0 {
			return *badRequest("limit param must be an integer")
		}
		limit = min(n, limit)
	}
	found := slices.Clone(c.project.volumes)
	slices.Reverse(found)
	for _, name := range []string{"name", "status"} {
		if want := c.query.Get(name); want != "" {
			found = slices.DeleteFunc(found, func(v *volume) bool { return c.volumeBody(v)[name] != want })
		}
	}
	if r := c.sortVolumes(found); r != nil {
		return *r
	}
	if offset := c.query.Get("offset"); offset != "" {
		n, err := strconv.Atoi(offset)
		if err != nil || n < 0 {
			return *badRequest("offset param must be an integer")
		}
		found = found[min(n, len(found)):]
	}
	page, ok := cutPage(found, func(v *volume) string { return v.id }, c.query.Get("marker"), limit)
	if !ok {
		return *notFound("marker not found: %s", c.query.Get("marker"))
	}
	volumes := []object{}
	for _, v := range page {
		volumes = append(volumes, body(v))
	}
	answered := object{"volumes": volumes}
	if limit > 0 && len(page) == limit {
		next := *c // the next page begins behind the marker, not behind an offset too
		next.query.Del("offset")
		answered["volumes_links"] = next.nextPage(page[limit-1].id)
	}
	return answer(http.StatusOK, answered)
}

// sortVolumes sorts by "key" or "key:direction"; several keys are separated by
// commas.
func (c *call) sortVolumes(volumes []*volume) *reply {
	by := map[string]func(a, b *volume) int{
		"name":       func(a, b *volume) int { return cmp.Compare(a.name, b.name) },
		"size":       func(a, b *volume) int { return cmp.Compare(a.size, b.size) },
		"status":     func(a, b *volume) int { return cmp.Compare(a.status, b.status) },
		"id":         func(a, b *volume) int { return cmp.Compare(a.id, b.id) },
		"created_at": func(a, b *volume) int { return a.created.Compare(b.created) },
	}
	if c.query.Get("sort") == "" {
		return nil
	}
	keys := strings.Split(c.query.Get("sort"), ",")
	slices.Reverse(keys) // the most important one is sorted by last
	for _, key := range keys {
		name, dir, _ := strings.Cut(key, ":")
		compare := by[name]
		if compare == nil {
			return badRequest("Invalid input received: sort_key %s is not valid", name)
		}
		slices.SortStableFunc(volumes, func(a, b *volume) int {
			if dir != "asc" {
				return compare(b, a)
			}
			return compare(a, b)
		})
	}
	return nil
}

// theVolume finds the volume that the path names.
func (c *call) theVolume() (*volume, *reply) {
	id := c.value("volumeId")
	if v := c.project.volume(id); v != nil {
		return v, nil
	}
	return nil, notFound("Volume %s could not be found.", id)
}

func getVolume(c *call) reply {
	v, r := c.theVolume()
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"volume": c.volumeBody(v)})
}

func deleteVolume(c *call) reply {
	v, r := c.theVolume()
	if r == nil {
		r = c.dropVolume(v)
	}
	if r != nil {
		return *r
	}
	return accepted
}

// dropVolume begins to delete a volume that nothing uses.
func (c *call) dropVolume(v *volume) *reply {
	if v.status != volumeAvailable && v.status != volumeError {
		return badRequest("Invalid volume: Volume status must be available or error or error_restoring or " +
			"error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots " +
			"or be disassociated from snapshots after volume transfer.")
	}
	v.status = volumeDeleting
	p := c.project
	c.srv.after(c.now, func(time.Time) {
		p.volumes = slices.DeleteFunc(p.volumes, func(o *volume) bool { return o == v })
	})
	return nil
}

func createVolume(c *call) reply {
	request := sub(c.body, "volume")
	if request == nil {
		return *required("", c.body, "volume")
	}
	v := &volume{
		id: newID(), zone: cmp.Or(str(request, "availability_zone"), c.region.zones[0]), status: volumeCreating,
		kind: cmp.Or(str(request, "volume_type"), defaultVolumeType), created: c.now, metadata: map[string]string{},
		encrypted: sub(request, "nhn_encryption") != nil,
	}
	v.name, v.named = request["name"].(string)
	v.description, v.described = request["description"].(string)
	if r := c.fillVolume(v, request); r != nil {
		return *r
	}
	if !slices.Contains(c.region.zones, v.zone) {
		return *badRequest("Availability zone '%s' is invalid.", v.zone)
	}
	kind := c.region.volumeType(v.kind)
	if kind == nil {
		return *notFound("Volume type with name %s could not be found.", v.kind)
	}
	v.kind = kind.name
	if r := checkMetadata("metadata", sub(request, "metadata")); r != nil {
		return *r
	}
	for k := range sub(request, "metadata") {
		v.metadata[k] = str(sub(request, "metadata"), k)
	}
	if r := c.keepVolume(v); r != nil {
		return *r
	}
	body := c.volumeBody(v)
	for _, key := range []string{"os-vol-tenant-attr:tenant_id", "os-volume-replication:extended_status", "os-volume-replication:driver_data"} {
		delete(body, key) // the answer to a create call is shorter
	}
	return answer(http.StatusAccepted, object{"volume": body})
}

// keepVolume begins to create a volume, where the quota allows it.
func (c *call) keepVolume(v *volume) *reply {
	if most := c.srv.config.quota.Volumes; most > 0 && len(c.project.volumes) >= most {
		r := cinderOverLimit("VolumeLimitExceeded: Maximum number of volumes allowed (" + strconv.Itoa(most) +
			") exceeded for quota 'volumes'.")
		return &r
	}
	c.project.volumes = append(c.project.volumes, v)
	c.srv.after(c.now, func(time.Time) {
		if v.status == volumeCreating {
			v.status = volumeAvailable
		}
	})
	return nil
}

// fillVolume reads size and source of a new volume.
func (c *call) fillVolume(v *volume, request object) *reply {
	if id := str(request, "snapshot_id"); id != "" {
		return notFound("Snapshot %s could not be found.", id)
	}
	if v.source = str(request, "source_volid"); v.source != "" {
		from := c.project.volume(v.source)
		if from == nil {
			return notFound("Volume %s could not be found.", v.source)
		}
		v.size, v.bootable, v.image = from.size, from.bootable, from.image
	}
	if ref := str(request, "imageRef"); ref != "" {
		if v.image = c.project.image(ref); v.image == nil {
			return badRequest("Invalid image identifier or unable to access requested image.")
		}
		v.bootable = true
	}
	size, given := request["size"]
	switch n, ok := asInt(size); {
	case given && size != nil && (!ok || n < 1):
		return badRequest("Invalid input for field/attribute size. Value: %v. %s is not valid under any of the given schemas", size, pyRepr(size))
	case ok && n < v.size:
		return badRequest("Invalid input received: Volume size '%d'GB cannot be smaller than original volume size %dGB. "+
			"They must be >= original volume size.", n, v.size)
	case ok && v.image != nil && n < v.image.minDisk:
		return badRequest("Invalid input received: Volume size %dGB cannot be smaller than the image minDisk size %dGB.", n, v.image.minDisk)
	case ok:
		v.size = n
	case v.size == 0:
		return badRequest("Invalid input received: Volume size 'None' must be an integer and greater than 0")
	}
	return nil
}

func (v *volume) nameValue() any {
	if !v.named {
		return nil
	}
	return v.name
}

func (c *call) volumeLinks(v *volume) []object {
	self, bookmark := c.serviceURL("volume")
	return []object{link("self", self+"/volumes/"+v.id), link("bookmark", bookmark+"/volumes/"+v.id)}
}

func (c *call) volumeBody(v *volume) object {
	attachments := []object{}
	if a := v.attachment; a != nil && v.status != volumeAttaching && v.status != volumeCreating {
		attachments = append(attachments, object{
			"id": v.id, "attachment_id": a.id(), "volume_id": v.id,
			"server_id": a.server.id, "device": a.device, "attached_at": micros(a.at), "host_name": nil,
		})
	}
	var description, source any
	if v.described {
		description = v.description
	}
	if v.source != "" {
		source = v.source
	}
	return object{
		"id": v.id, "name": v.nameValue(), "description": description, "status": v.status, "size": v.size,
		"availability_zone": v.zone, "volume_type": v.kind, "bootable": strconv.FormatBool(v.bootable),
		"encrypted": v.encrypted, "multiattach": false, "metadata": v.metadata, "links": c.volumeLinks(v),
		"attachments": attachments, "created_at": micros(v.created), "user_id": c.srv.userID,
		"source_volid": source, "snapshot_id": nil, "consistencygroup_id": nil, "replication_status": "disabled",
		"os-vol-tenant-attr:tenant_id":          c.project.tenant.id,
		"os-volume-replication:extended_status": nil,
		"os-volume-replication:driver_data":     nil,
	}
}

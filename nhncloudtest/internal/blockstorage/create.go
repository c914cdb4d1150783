package blockstorage

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func createVolume(c *call) frame.Reply {
	request := frame.Sub(c.Body, "volume")
	if request == nil {
		return *frame.Required("", c.Body, "volume")
	}
	v, r := c.readVolume(request)
	if r == nil {
		r = c.project.Add(v, c.Now)
	}
	if r != nil {
		return *r
	}
	body := c.volumeBody(v)
	for _, key := range []string{"os-vol-tenant-attr:tenant_id", "os-volume-replication:extended_status", "os-volume-replication:driver_data"} {
		delete(body, key) // the answer to a create call is shorter
	}
	return frame.Answer(http.StatusAccepted, object{"volume": body})
}

// Add begins to create a volume, where the quota allows it.
func (p *Project) Add(v *Volume, now time.Time) *frame.Reply {
	if r := p.affordsVolume(v.Size); r != nil {
		return r
	}
	p.Volumes = append(p.Volumes, v)
	p.service.frame.After(now, volumeMade{v})
	return nil
}

// readVolume makes the volume that a request describes.
func (c *call) readVolume(request object) (v *Volume, r *frame.Reply) {
	v = &Volume{ID: frame.NewID(), Status: Creating, Created: c.Now}
	if v.Name, v.Description, r = readTexts(request); r != nil {
		return nil, r
	}
	if v.Metadata, r = readMetadata(request); r != nil {
		return nil, r
	}
	least, r := c.readSource(v, request)
	if r == nil {
		r = v.readSize(request["size"], least)
	}
	if r == nil {
		r = v.readPlace(c, request)
	}
	if r == nil {
		r = v.readEncryption(request)
	}
	return v, r
}

// origin is what a volume has at least the size of, in the words for that.
type origin struct{ the, they string }

// readSource finds what a new volume is made from.
func (c *call) readSource(v *Volume, request object) (o origin, r *frame.Reply) {
	snapshot, source, image := frame.Str(request, "snapshot_id"), frame.Str(request, "source_volid"), frame.Str(request, "imageRef")
	switch {
	case snapshot != "" && source != "", snapshot != "" && image != "", source != "" && image != "":
		return o, frame.BadRequest("Invalid input received: May specify only one of imageRef, snapshot, source_volume")
	case snapshot != "":
		from := c.project.Snapshot(snapshot)
		if from == nil {
			return o, frame.NotFound("Snapshot %s could not be found.", snapshot)
		}
		return origin{"the snapshot", "snapshot"}, v.FromSnapshot(from)
	case source != "":
		from := c.project.Volume(source)
		if from == nil {
			return o, frame.NotFound("Volume %s could not be found.", source)
		}
		if from.Status != Available && from.Status != InUse {
			return o, frame.BadRequest("Invalid volume: Originating source volume status must be one of 'available, in-use' values")
		}
		v.copy(from.Disk)
		v.source = from.ID
		return origin{"original volume", "volume"}, nil
	case image != "":
		from, ok := c.project.service.Image(c.Place(), image)
		switch {
		case !ok:
			return o, frame.BadRequest("Invalid image identifier or unable to access requested image.")
		case !from.Active:
			return o, frame.BadRequest("Invalid input received: Image %s is not active.", image)
		}
		v.From(from.MinDisk, from.Properties)
	}
	return o, nil
}

// copy gives a volume the content of another disk.
func (v *Volume) copy(from Disk) {
	v.Disk = from
	v.Properties = maps.Clone(from.Properties)
}

// FromSnapshot gives a volume the content of a snapshot, where that can be had.
func (v *Volume) FromSnapshot(s *Snapshot) *frame.Reply {
	if s.Status != Available {
		return frame.BadRequest("Invalid snapshot: Originating snapshot status must be one of 'available' values")
	}
	v.copy(s.Disk)
	v.snapshot = s.ID
	return nil
}

// readSize reads the size of a new volume, which is that of what it is made from
// unless the request says another.
func (v *Volume) readSize(size any, from origin) *frame.Reply {
	n, ok := frame.AsInt(size)
	if text, isText := size.(string); isText && !ok {
		return frame.Invalid("size", size, "'"+text+"' does not match '^[0-9]+$'")
	}
	switch {
	case size != nil && !ok:
		return frame.Invalid("size", size, frame.PyRepr(size)+" is not of type 'integer', 'string'")
	case size == nil && v.Size == 0, ok && n < 1:
		return frame.BadRequest("Invalid input received: Volume size '%s' must be an integer and greater than 0", shown(size))
	case size == nil:
		return nil
	case n < v.Size:
		return frame.BadRequest("Invalid input received: Volume size '%d'GB cannot be smaller than %s size %dGB. They must be >= original %s size.",
			n, from.the, v.Size, from.they)
	case n < v.MinDisk:
		return frame.BadRequest("Invalid input received: Volume size %dGB cannot be smaller than the image minDisk size %dGB.", n, v.MinDisk)
	}
	v.Size = n
	return nil
}

// shown is a number as Python prints it.
func shown(size any) string {
	if size == nil {
		return "None"
	}
	return frame.PyRepr(size)
}

// readPlace reads zone and type. A copy is where its original is, and of its
// type unless the request says another.
func (v *Volume) readPlace(c *call, request object) *frame.Reply {
	zone := frame.Str(request, "availability_zone")
	switch {
	case zone != "" && !slices.Contains(c.Region.Zones, zone):
		return frame.BadRequest("Availability zone '%s' is invalid.", zone)
	case zone != "" && v.snapshot != "" && zone != v.Zone:
		return frame.BadRequest("Invalid input received: Volume must be in the same availability zone as the snapshot")
	case zone != "" && v.source != "" && zone != v.Zone:
		return frame.BadRequest("Invalid input received: Volume must be in the same availability zone as the source volume")
	}
	v.Zone = cmp.Or(zone, v.Zone, c.Region.DefaultZone())
	asked := cmp.Or(frame.Str(request, "volume_type"), v.Type, DefaultType)
	kind, ok := FindType(asked)
	if !ok {
		return frame.NotFound("Volume type with name %s could not be found.", asked)
	}
	v.Type = kind
	return nil
}

// readEncryption reads the key that a volume is encrypted with.
func (v *Volume) readEncryption(request object) *frame.Reply {
	given := request["nhn_encryption"]
	if given == nil {
		return nil
	}
	key := frame.Str(frame.Sub(request, "nhn_encryption"), "skm_key_id")
	if key == "" {
		return frame.Invalid("nhn_encryption", given, "'skm_key_id' is a required property")
	}
	v.Encrypted, v.KeyID = true, key
	return nil
}

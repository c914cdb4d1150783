package blockstorage

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// theVolume finds the volume that the path names.
func (c *call) theVolume() (*Volume, *frame.Reply) {
	id := c.Value("volumeId")
	if v := c.project.Volume(id); v != nil {
		return v, nil
	}
	return nil, frame.NotFound("Volume %s could not be found.", id)
}

func get(c *call) frame.Reply {
	v, r := c.theVolume()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"volume": c.volumeBody(v)})
}

func remove(c *call) frame.Reply {
	v, r := c.theVolume()
	if r == nil {
		r = c.project.Delete(v, c.Now)
	}
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusAccepted, nil)
}

// Delete begins to delete a volume that nothing uses.
func (p *Project) Delete(v *Volume, now time.Time) *frame.Reply {
	if v.Status != Available && v.Status != Error {
		return frame.BadRequest("Invalid volume: Volume status must be available or error or error_restoring or " +
			"error_extending or error_managing and must not be migrating, attached, belong to a group, have snapshots " +
			"or be disassociated from snapshots after volume transfer.")
	}
	v.Status = Deleting
	p.service.frame.After(now, func(time.Time) { p.Remove(v) })
	return nil
}

func create(c *call) frame.Reply {
	request := frame.Sub(c.Body, "volume")
	if request == nil {
		return *frame.Required("", c.Body, "volume")
	}
	v := &Volume{
		ID: frame.NewID(), Zone: cmp.Or(frame.Str(request, "availability_zone"), c.Region.DefaultZone()), Status: Creating,
		Type: cmp.Or(frame.Str(request, "volume_type"), DefaultType), Created: c.Now, Metadata: map[string]string{},
		Encrypted: frame.Sub(request, "nhn_encryption") != nil,
	}
	v.Name, v.Named = request["name"].(string)
	v.Description, v.Described = request["description"].(string)
	if r := c.fillVolume(v, request); r != nil {
		return *r
	}
	if !slices.Contains(c.Region.Zones, v.Zone) {
		return *frame.BadRequest("Availability zone '%s' is invalid.", v.Zone)
	}
	kind, ok := FindType(v.Type)
	if !ok {
		return *frame.NotFound("Volume type with name %s could not be found.", v.Type)
	}
	v.Type = kind
	if given := request["metadata"]; given != nil {
		var r *frame.Reply
		if v.Metadata, r = frame.ReadMetadata("metadata", given); r != nil {
			return *r
		}
	}
	if r := c.project.Add(v, c.Now); r != nil {
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
	if most := p.service.MaxVolumes; most > 0 && len(p.Volumes) >= most {
		r := overLimit("VolumeLimitExceeded: Maximum number of volumes allowed (" + strconv.Itoa(most) +
			") exceeded for quota 'volumes'.")
		return &r
	}
	p.Volumes = append(p.Volumes, v)
	p.service.frame.After(now, func(time.Time) {
		if v.Status == Creating {
			v.Status = Available
		}
	})
	return nil
}

// fillVolume reads size and source of a new volume.
func (c *call) fillVolume(v *Volume, request object) *frame.Reply {
	if id := frame.Str(request, "snapshot_id"); id != "" {
		return frame.NotFound("Snapshot %s could not be found.", id)
	}
	if v.source = frame.Str(request, "source_volid"); v.source != "" {
		from := c.project.Volume(v.source)
		if from == nil {
			return frame.NotFound("Volume %s could not be found.", v.source)
		}
		v.Size, v.Bootable, v.MinDisk = from.Size, from.Bootable, from.MinDisk
	}
	if ref := frame.Str(request, "imageRef"); ref != "" {
		var ok bool
		if v.MinDisk, ok = c.project.service.MinDisk(c.Place(), ref); !ok {
			return frame.BadRequest("Invalid image identifier or unable to access requested image.")
		}
		v.Bootable = true
	}
	size, given := request["size"]
	switch n, ok := frame.AsInt(size); {
	case given && size != nil && (!ok || n < 1):
		return frame.BadRequest("Invalid input for field/attribute size. Value: %v. %s is not valid under any of the given schemas", size, frame.PyRepr(size))
	case ok && n < v.Size:
		return frame.BadRequest("Invalid input received: Volume size '%d'GB cannot be smaller than original volume size %dGB. "+
			"They must be >= original volume size.", n, v.Size)
	case ok && n < v.MinDisk:
		return frame.BadRequest("Invalid input received: Volume size %dGB cannot be smaller than the image minDisk size %dGB.", n, v.MinDisk)
	case ok:
		v.Size = n
	case v.Size == 0:
		return frame.BadRequest("Invalid input received: Volume size 'None' must be an integer and greater than 0")
	}
	return nil
}

// overLimit is the quota error, the odd one out.
func overLimit(message string) frame.Reply {
	r := frame.NamedFault(http.StatusRequestEntityTooLarge, "overLimit", object{
		"code": http.StatusRequestEntityTooLarge, "message": message, "retryAfter": "0",
	})
	r.Header.Set("Retry-After", "0")
	return r
}

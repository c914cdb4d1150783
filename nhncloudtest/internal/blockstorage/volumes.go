package blockstorage

import (
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// States of a volume, and of a snapshot as far as it has them.
const (
	Creating  = "creating"
	Available = "available"
	Attaching = "attaching"
	InUse     = "in-use"
	Detaching = "detaching"
	Reserved  = "reserved"  // of a shelved server
	Uploading = "uploading" // an image is made of it
	Deleting  = "deleting"
	Error     = "error"
)

// Disk is what is copied with the content of a volume.
type Disk struct {
	Size       int // GB
	Zone, Type string
	Bootable   bool
	Encrypted  bool
	KeyID      string            // that it is encrypted with, where it is known
	MinDisk    int               // GB that the image needs that it was made from
	Properties map[string]string // of that image
}

// From makes a disk of an image.
func (d *Disk) From(minDisk int, properties map[string]string) {
	d.Bootable, d.MinDisk, d.Properties = true, minDisk, maps.Clone(properties)
}

// Volume is a disk that servers can have.
type Volume struct {
	Disk
	ID                string
	Name, Description Text
	Status            string
	Metadata          map[string]string
	Attachment        *Attachment
	Created           time.Time

	source, snapshot string // ids of the volume and the snapshot that it was made from
}

// Attachment is a volume on a server.
type Attachment struct {
	Volume *Volume
	Server string // id
	Device string
	At     time.Time
}

// ID is what block storage calls the attachment.
func (a *Attachment) ID() string { return frame.FixedID("attachment", a.Volume.ID, a.Server) }

// Attach puts a volume on a server. What its status is by then is up to the
// caller.
func (v *Volume) Attach(server, device string, at time.Time) *Attachment {
	v.Attachment = &Attachment{Volume: v, Server: server, Device: device, At: at}
	return v.Attachment
}

// Detach ends what Attach did.
func (v *Volume) Detach() { v.Attachment, v.Status = nil, Available }

// Shown is the attachment as far as it can be seen; nil when there is none.
func (v *Volume) Shown() *Attachment {
	if v.Status == Attaching || v.Status == Creating {
		return nil
	}
	return v.Attachment
}

// Volume finds a volume; nil when there is none.
func (p *Project) Volume(id string) *Volume {
	i := slices.IndexFunc(p.Volumes, func(v *Volume) bool { return v.ID == id })
	if i < 0 {
		return nil
	}
	return p.Volumes[i]
}

// Free refuses a volume that cannot be attached now, in nova's words.
func (v *Volume) Free() *frame.Reply {
	switch {
	case v.Attachment != nil:
		return frame.BadRequest("Invalid volume: volume %s is already attached to instances: %s", v.ID, v.Attachment.Server)
	case v.Status != Available:
		return frame.BadRequest("Invalid volume: volume '%s' status must be 'available'. Currently in '%s'", v.ID, v.Status)
	}
	return nil
}

// mustBe refuses a volume that is in none of the states.
func (v *Volume) mustBe(states ...string) *frame.Reply {
	if slices.Contains(states, v.Status) {
		return nil
	}
	wanted := states[0]
	for _, s := range states[1:] {
		wanted += " or " + s
	}
	return frame.BadRequest("Invalid volume: Volume %s status must be %s, but current status is: %s.", v.ID, wanted, v.Status)
}

func (c *call) volumeLinks(v *Volume) []object {
	self, bookmark := c.ServiceURL()
	return []object{frame.Link("self", self+"/volumes/"+v.ID), frame.Link("bookmark", bookmark+"/volumes/"+v.ID)}
}

func (c *call) volumeSummary(v *Volume) object {
	return object{"id": v.ID, "name": v.Name.Value(), "links": c.volumeLinks(v)}
}

func (c *call) volumeBody(v *Volume) object {
	attachments := []object{}
	if a := v.Shown(); a != nil {
		attachments = append(attachments, object{
			"id": v.ID, "attachment_id": a.ID(), "volume_id": v.ID,
			"server_id": a.Server, "device": a.Device, "attached_at": frame.Micros(a.At), "host_name": nil,
		})
	}
	body := object{
		"id": v.ID, "name": v.Name.Value(), "description": v.Description.Value(), "status": v.Status, "size": v.Size,
		"availability_zone": v.Zone, "volume_type": v.Type, "bootable": strconv.FormatBool(v.Bootable),
		"encrypted": v.Encrypted, "multiattach": false, "metadata": v.Metadata, "links": c.volumeLinks(v),
		"attachments": attachments, "created_at": frame.Micros(v.Created), "user_id": identity.UserID,
		"source_volid": frame.Nullable(v.source), "snapshot_id": frame.Nullable(v.snapshot),
		"consistencygroup_id": nil, "replication_status": "disabled",
		"os-vol-tenant-attr:tenant_id":          c.Tenant,
		"os-volume-replication:extended_status": nil,
		"os-volume-replication:driver_data":     nil,
	}
	if v.KeyID != "" {
		body["nhn_encryption"] = object{"skm_key_id": v.KeyID, "skm_key_version": 1}
	}
	return body
}

package blockstorage

import (
	"slices"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// States of a volume.
const (
	Creating  = "creating"
	Available = "available"
	Attaching = "attaching"
	InUse     = "in-use"
	Detaching = "detaching"
	Reserved  = "reserved" // of a shelved server
	Deleting  = "deleting"
	Error     = "error"
)

// Volume is a disk that servers can have.
type Volume struct {
	ID                string
	Name, Description string
	Named, Described  bool // null otherwise
	Size              int  // GB
	Zone, Type        string
	Status            string
	Bootable          bool
	Encrypted         bool
	Metadata          map[string]string
	Attachment        *Attachment
	Created           time.Time
	MinDisk           int // GB that the image needs that it was made from

	source string // id of the volume that it is a copy of
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
	for _, v := range p.Volumes {
		if v.ID == id {
			return v
		}
	}
	return nil
}

// Remove takes a volume away at once.
func (p *Project) Remove(v *Volume) {
	p.Volumes = slices.DeleteFunc(p.Volumes, func(o *Volume) bool { return o == v })
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

// NameValue is the name, or null.
func (v *Volume) NameValue() any {
	if !v.Named {
		return nil
	}
	return v.Name
}

func (c *call) volumeLinks(v *Volume) []object {
	self, bookmark := c.ServiceURL()
	return []object{frame.Link("self", self+"/volumes/"+v.ID), frame.Link("bookmark", bookmark+"/volumes/"+v.ID)}
}

func (c *call) volumeBody(v *Volume) object {
	attachments := []object{}
	if a := v.Shown(); a != nil {
		attachments = append(attachments, object{
			"id": v.ID, "attachment_id": a.ID(), "volume_id": v.ID,
			"server_id": a.Server, "device": a.Device, "attached_at": frame.Micros(a.At), "host_name": nil,
		})
	}
	var description, source any
	if v.Described {
		description = v.Description
	}
	if v.source != "" {
		source = v.source
	}
	return object{
		"id": v.ID, "name": v.NameValue(), "description": description, "status": v.Status, "size": v.Size,
		"availability_zone": v.Zone, "volume_type": v.Type, "bootable": strconv.FormatBool(v.Bootable),
		"encrypted": v.Encrypted, "multiattach": false, "metadata": v.Metadata, "links": c.volumeLinks(v),
		"attachments": attachments, "created_at": frame.Micros(v.Created), "user_id": identity.UserID,
		"source_volid": source, "snapshot_id": nil, "consistencygroup_id": nil, "replication_status": "disabled",
		"os-vol-tenant-attr:tenant_id":          c.Tenant,
		"os-volume-replication:extended_status": nil,
		"os-volume-replication:driver_data":     nil,
	}
}

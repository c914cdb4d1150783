package compute

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
)

// blockDevice is an element of block_device_mapping_v2.
type blockDevice struct {
	source, destination, id string
	volumeType              string
	boot                    int // 0 is the root, -1 none
	size                    int
	deleteOnTermination     bool
	encrypted               bool
	keyID                   string
	image                   *image.Image
	volume                  *blockstorage.Volume
	snapshot                *blockstorage.Snapshot
}

const invalidBoot = "Block Device Mapping is Invalid: Boot sequence for the instance and " +
	"image/block device mapping combination is not valid."

func (p *Project) readDevices(body object, o *Order) *frame.Reply {
	v, ok := body["block_device_mapping_v2"]
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		return frame.Invalid("block_device_mapping_v2", v, frame.PyRepr(v)+" is not of type 'array'")
	}
	for i, e := range list {
		m, ok := e.(object)
		if !ok {
			return frame.Invalid(fmt.Sprintf("block_device_mapping_v2/%d", i), e, frame.PyRepr(e)+" is not of type 'object'")
		}
		d, r := p.readDevice(m, o)
		if r != nil {
			return r
		}
		o.devices = append(o.devices, d)
	}
	return nil
}

func (p *Project) readDevice(m object, o *Order) (*blockDevice, *frame.Reply) {
	d := &blockDevice{source: frame.Str(m, "source_type"), destination: frame.Str(m, "destination_type"), id: frame.Str(m, "uuid"), boot: -1}
	sources := []string{"volume", "image", "snapshot", "blank"}
	if !slices.Contains(sources, d.source) {
		return nil, frame.Invalid("source_type", m["source_type"],
			frame.PyRepr(m["source_type"])+" is not one of ['"+strings.Join(sources, "', '")+"']")
	}
	switch d.destination {
	case "":
		d.destination = "local"
		if d.source == "volume" || d.source == "snapshot" {
			d.destination = "volume"
		}
	case "local", "volume":
	default:
		return nil, frame.Invalid("destination_type", d.destination, "'"+d.destination+"' is not one of ['local', 'volume']")
	}
	for key, field := range map[string]*int{"boot_index": &d.boot, "volume_size": &d.size} {
		v := m[key]
		if v == nil || v == "" {
			continue
		}
		n, ok := frame.AsInt(v)
		if !ok {
			return nil, frame.Invalid(key, v, frame.PyRepr(v)+" is not of type 'integer'")
		}
		*field = n
	}
	if v, ok := m["delete_on_termination"]; ok {
		d.deleteOnTermination, ok = frame.AsBool(v)
		if !ok {
			return nil, frame.Invalid("delete_on_termination", v, frame.PyRepr(v)+" is not of type 'boolean', 'string'")
		}
	}
	encryption := frame.Sub(m, "nhn_encryption")
	d.encrypted, d.keyID = encryption != nil, frame.Str(encryption, "skm_key_id")
	if d.source != "blank" && d.id == "" {
		return nil, frame.BadRequest("Block Device Mapping is Invalid: Missing device UUID.")
	}
	if d.volumeType = frame.Str(m, "volume_type"); d.volumeType != "" {
		if _, ok := blockstorage.FindType(d.volumeType); !ok {
			return nil, frame.BadRequest("Volume type %s could not be found.", d.volumeType)
		}
	}
	return d, p.resolveDevice(d, o)
}

// resolveDevice finds what a device is made of.
func (p *Project) resolveDevice(d *blockDevice, o *Order) *frame.Reply {
	switch d.source {
	case "snapshot":
		return p.resolveSnapshot(d, o)
	case "image":
		if d.image = p.image(d.id); d.image == nil {
			return frame.BadRequest("Block Device Mapping is Invalid: failed to get image %s.", d.id)
		}
		if d.destination == "local" {
			return nil
		}
		if d.size == 0 {
			return frame.BadRequest("Images with destination_type 'volume' need to have a non-zero size specified")
		}
		if d.size < d.image.MinDisk {
			return frame.BadRequest("Volume is smaller than the minimum size specified in image metadata. "+
				"Volume size is %d bytes, minimum size is %d bytes.", d.size<<30, d.image.MinDisk<<30)
		}
	case "blank":
		if d.destination == "volume" && d.size == 0 {
			return frame.BadRequest("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
		}
	case "volume":
		if d.volume = p.Volumes.Volume(d.id); d.volume == nil {
			return frame.BadRequest("Block Device Mapping is Invalid: failed to get volume %s.", d.id)
		}
		if o.max > 1 {
			return frame.BadRequest("Cannot attach one or more volumes to multiple instances")
		}
		if r := d.volume.Free(); r != nil {
			return r
		}
		return o.join(d.id, d.volume.Zone)
	}
	return nil
}

// join puts the server where a volume is.
func (o *Order) join(volume, zone string) *frame.Reply {
	if o.zone != "" && o.zone != zone {
		return frame.BadRequest("Invalid volume: Instance %s and volume %s are not in the same availability_zone. "+
			"Instance is in %s. Volume is in %s", o.name, volume, o.zone, zone)
	}
	o.zone = zone
	return nil
}

// resolveSnapshot finds the snapshot that a device is made of.
func (p *Project) resolveSnapshot(d *blockDevice, o *Order) *frame.Reply {
	d.snapshot = p.Volumes.Snapshot(d.id)
	switch {
	case d.snapshot == nil:
		return frame.BadRequest("Block Device Mapping is Invalid: failed to get snapshot %s.", d.id)
	case d.destination == "local":
		return frame.BadRequest("Block Device Mapping is Invalid: Mapping snapshot to local is not supported.")
	case d.size != 0 && d.size < d.snapshot.Size:
		return frame.BadRequest("Volume size '%d'GB cannot be smaller than the snapshot size %dGB. "+
			"They must be >= original snapshot size.", d.size, d.snapshot.Size)
	}
	if r := new(blockstorage.Volume).FromSnapshot(d.snapshot); r != nil {
		return r
	}
	return o.join(d.id, d.snapshot.Zone)
}

// newVolume is the volume that is made for a device.
func (d *blockDevice) newVolume(zone string, now time.Time) *blockstorage.Volume {
	v := &blockstorage.Volume{ID: frame.NewID(), Status: blockstorage.Creating, Created: now, Metadata: map[string]string{}}
	switch {
	case d.snapshot != nil:
		v.FromSnapshot(d.snapshot)
	case d.image != nil:
		v.From(d.image.MinDisk, d.image.Properties)
	}
	v.Size, v.Zone, v.Type = max(v.Size, d.size), zone, cmp.Or(d.volumeType, v.Type, blockstorage.DefaultType)
	if d.encrypted {
		v.Encrypted, v.KeyID = true, d.keyID
	}
	return v
}

// checkBoot makes sure that there is one thing to boot from and that the
// flavor can.
func (p *Project) checkBoot(_ object, o *Order) *frame.Reply {
	var root *blockDevice
	for _, d := range o.devices {
		if d.boot != 0 {
			continue
		}
		if root != nil {
			return frame.BadRequest(invalidBoot)
		}
		root = d
	}
	switch {
	case root == nil && (!o.flavor.Local() || o.image == nil):
		return frame.BadRequest(invalidBoot)
	case root == nil:
	case o.flavor.Local() && (root.source != "image" || root.destination != "local"):
		return frame.BadRequest(invalidBoot)
	case !o.flavor.Local() && (root.source == "blank" || root.destination != "volume"):
		return frame.BadRequest(invalidBoot)
	case root.volume != nil && !root.volume.Bootable, root.snapshot != nil && !root.snapshot.Bootable:
		return frame.BadRequest("Block Device Mapping is Invalid: Volume %s is not bootable.", root.id)
	case root.image != nil:
		o.image = root.image
	}
	img := o.image
	switch {
	case img == nil:
	case img.Status != "active":
		return frame.BadRequest("Image %s is not active.", img.ID)
	case img.Windows() && o.flavor.Local():
		return frame.BadRequest("Flavor %s cannot boot Windows images.", o.flavor.Name)
	case img.Windows() && len(o.name) > 15:
		return frame.BadRequest("Names of Windows instances have at most 15 characters.")
	case img.MinRAM > o.flavor.RAM:
		return frame.BadRequest("Flavor's memory is too small for requested image.")
	case o.flavor.Local() && o.flavor.Disk < img.MinDisk:
		return frame.BadRequest("Flavor's disk is smaller than the minimum size specified in image metadata. "+
			"Flavor disk is %d bytes, minimum size is %d bytes.", o.flavor.Disk<<30, img.MinDisk<<30)
	}
	return nil
}

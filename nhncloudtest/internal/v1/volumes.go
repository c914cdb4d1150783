package v1

import (
	"cmp"
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// What v1.0 says of the size of a volume, in GB.
const (
	minVolumeSize  = 10
	maxVolumeSize  = 1000
	volumeSizeStep = 10
)

// volumeSpec reads size and type of a new volume; no type means the default.
func volumeSpec(size, kind any) (gb int, name string, r *frame.Reply) {
	gb, ok := frame.AsInt(size)
	if !ok || gb < minVolumeSize || gb > maxVolumeSize || gb%volumeSizeStep != 0 {
		return 0, "", badParameters("size must be %d to %d, in steps of %d", minVolumeSize, maxVolumeSize, volumeSizeStep)
	}
	name, ok = kind.(string)
	if !ok && kind != nil || ok && name != "General HDD" && name != "General SSD" {
		return 0, "", badParameters("the type of a volume must be General HDD or General SSD")
	}
	return gb, cmp.Or(name, blockstorage.DefaultType), nil
}

func volumeBody(v *blockstorage.Volume) object {
	attachments := []object{}
	if a := v.Shown(); a != nil {
		attachments = append(attachments, object{"device": a.Device, "instanceId": a.Server, "attachmentId": a.ID()})
	}
	return object{
		"id": v.ID, "name": v.Name.Value(), "description": v.Description.Value(), "status": v.Status, "size": v.Size,
		"volumeType": v.Type, "availabilityZone": v.Zone, "metadata": v.Metadata, "attachments": attachments,
		"createdAt": frame.Micros(v.Created),
	}
}

// listVolumes shows all volumes, the newest first, or one.
func listVolumes(c *call) (object, *frame.Reply) {
	all := slices.Clone(c.volumes.Volumes)
	slices.Reverse(all)
	list, r := listing(c, "Volume", all, func(v *blockstorage.Volume) string { return v.ID }, volumeBody)
	return object{"volumes": list}, r
}

func createVolume(c *call) (object, *frame.Reply) {
	request, r := c.request("volume")
	if r != nil {
		return nil, r
	}
	texts, r := texts(request, "name", "availabilityZone")
	if r != nil {
		return nil, r
	}
	size, kind, r := volumeSpec(request["size"], request["volumeType"])
	if r != nil {
		return nil, r
	}
	v := &blockstorage.Volume{
		Disk: blockstorage.Disk{Size: size, Zone: texts[1], Type: kind},
		ID:   frame.NewID(), Name: blockstorage.TextOf(texts[0]), Status: blockstorage.Creating, Created: c.Now, Metadata: map[string]string{},
	}
	if !slices.Contains(c.Region.Zones, v.Zone) {
		return nil, areaZone.notFound("Availability zone", v.Zone)
	}
	description, r := optionalText(request, "description")
	if r != nil {
		return nil, r
	}
	v.Description = blockstorage.Text{Text: description, Given: request["description"] != nil}
	metadata := frame.Sub(request, "metadata")
	if metadata == nil && request["metadata"] != nil {
		return nil, badParameters("metadata is not an object")
	}
	if r := frame.CheckMetadata("metadata", metadata); r != nil {
		return nil, badParameters("%s", r.Message)
	}
	for k := range metadata {
		v.Metadata[k] = frame.Str(metadata, k)
	}
	if r := c.volumes.Add(v, c.Now); r != nil {
		return nil, areaVolume.refused(http.StatusRequestEntityTooLarge, "Quota exceeded: %s", r.Message)
	}
	return object{"volume": volumeBody(v)}, nil
}

func deleteVolume(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	v := c.volumes.Volume(id)
	if v == nil {
		return nil, areaVolume.notFound("Volume", id)
	}
	return nil, areaVolume.conflict(c.volumes.Delete(v, false, c.Now))
}

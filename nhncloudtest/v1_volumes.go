package nhncloudtest

import (
	"cmp"
	"net/http"
	"slices"
)

// What v1.0 says of the size of a volume, in GB.
const (
	minVolumeSize  = 10
	maxVolumeSize  = 1000
	volumeSizeStep = 10
)

// volumeSpec reads size and type of a new volume; no type means the default.
func volumeSpec(size, kind any) (gb int, name string, r *reply) {
	gb, ok := asInt(size)
	if !ok || gb < minVolumeSize || gb > maxVolumeSize || gb%volumeSizeStep != 0 {
		return 0, "", badParameters("size must be %d to %d, in steps of %d", minVolumeSize, maxVolumeSize, volumeSizeStep)
	}
	name, ok = kind.(string)
	if !ok && kind != nil || ok && name != "General HDD" && name != "General SSD" {
		return 0, "", badParameters("the type of a volume must be General HDD or General SSD")
	}
	return gb, cmp.Or(name, defaultVolumeType), nil
}

func (v *volume) bodyV1() object {
	attachments := []object{}
	if a := v.attachment; a != nil && v.status != volumeAttaching && v.status != volumeCreating {
		attachments = append(attachments, object{"device": a.device, "instanceId": a.server.id, "attachmentId": a.id()})
	}
	var description any
	if v.described {
		description = v.description
	}
	return object{
		"id": v.id, "name": v.nameValue(), "description": description, "status": v.status, "size": v.size,
		"volumeType": v.kind, "availabilityZone": v.zone, "metadata": v.metadata, "attachments": attachments,
		"createdAt": micros(v.created),
	}
}

// listVolumesV1 shows all volumes, the newest first, or one.
func listVolumesV1(c *call) (object, *reply) {
	all := slices.Clone(c.project.volumes)
	slices.Reverse(all)
	list, r := listV1(c, "Volume", all, func(v *volume) string { return v.id }, (*volume).bodyV1)
	return object{"volumes": list}, r
}

func createVolumeV1(c *call) (object, *reply) {
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
	v := &volume{
		id: newID(), name: texts[0], named: true, zone: texts[1], size: size, kind: kind, status: volumeCreating,
		created: c.now, metadata: map[string]string{},
	}
	if !slices.Contains(c.region.zones, v.zone) {
		return nil, areaZone.notFound("Availability zone", v.zone)
	}
	if v.description, r = optionalText(request, "description"); r != nil {
		return nil, r
	}
	v.described = request["description"] != nil
	metadata := sub(request, "metadata")
	if metadata == nil && request["metadata"] != nil {
		return nil, badParameters("metadata is not an object")
	}
	if r := checkMetadata("metadata", metadata); r != nil {
		return nil, badParameters("%s", r.message)
	}
	for k := range metadata {
		v.metadata[k] = str(metadata, k)
	}
	if r := c.keepVolume(v); r != nil {
		return nil, areaVolume.refused(http.StatusRequestEntityTooLarge, "Quota exceeded: %s", r.message)
	}
	return object{"volume": v.bodyV1()}, nil
}

func deleteVolumeV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	v := c.project.volume(id)
	if v == nil {
		return nil, areaVolume.notFound("Volume", id)
	}
	return nil, areaVolume.conflict(c.dropVolume(v))
}

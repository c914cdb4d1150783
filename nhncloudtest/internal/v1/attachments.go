package v1

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func attachVolume(c *call) (object, *frame.Reply) {
	v, r := c.instance(c.Value("instanceId"))
	if r != nil {
		return nil, r
	}
	request, r := c.request("attachment")
	if r != nil {
		return nil, r
	}
	ids, r := texts(request, "volumeId")
	if r != nil {
		return nil, r
	}
	vol := c.volumes.Volume(ids[0])
	if vol == nil {
		return nil, areaVolume.notFound("Volume", ids[0])
	}
	if r := vol.Free(); r != nil {
		return nil, areaVolume.conflict(r)
	}
	a, r := v.Plug(vol, c.Now)
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	return object{"attachment": object{"device": a.Device, "id": a.ID(), "volumeId": vol.ID}}, nil
}

func detachVolume(c *call) (object, *frame.Reply) {
	v, r := c.instance(c.Value("instanceId"))
	if r != nil {
		return nil, r
	}
	id, r := c.queried("volumeId")
	if r != nil {
		return nil, r
	}
	for _, a := range v.Attached {
		switch {
		case a.Volume.ID != id:
		case a.Root:
			return nil, areaInstance.refused(http.StatusBadRequest, "Cannot detach a root device volume")
		default:
			return nil, areaVolume.conflict(v.Unplug(a, c.Now))
		}
	}
	return nil, areaVolume.notFound("Volume attachment", id)
}

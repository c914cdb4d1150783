package compute

import (
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Attachment is a volume on a server.
type Attachment struct {
	*blockstorage.Attachment
	Root                bool
	deleteOnTermination bool
}

// attach puts a volume on the next free device of a server. Servers with a
// local disk have that on the first one.
func (v *Server) attach(vol *blockstorage.Volume, at time.Time) *Attachment {
	letter := byte('a')
	if v.Flavor.Local() {
		letter = 'b'
	}
	for slices.ContainsFunc(v.Attached, func(o *Attachment) bool { return o.Device == "/dev/vd"+string(letter) }) {
		letter++
	}
	a := &Attachment{Attachment: vol.Attach(v.ID, "/dev/vd"+string(letter), at)}
	v.Attached = append(v.Attached, a)
	return a
}

// body calls the attachment as the volume.
func (a *Attachment) body() object {
	return object{"id": a.Volume.ID, "volumeId": a.Volume.ID, "serverId": a.Server, "device": a.Device}
}

func listAttachments(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	list := v.Attached
	for _, name := range []string{"offset", "limit"} {
		text := c.Query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return *frame.BadRequest("Invalid input for query parameters %s. Value: %s. '%s' does not match '^[0-9]*$'", name, text, text)
		}
		n = min(n, len(list))
		if name == "offset" {
			list = list[n:]
		} else {
			list = list[:n]
		}
	}
	attachments := []object{}
	for _, a := range list {
		attachments = append(attachments, a.body())
	}
	return frame.Answer(http.StatusOK, object{"volumeAttachments": attachments})
}

// attachment finds the attachment that the path names.
func (c *call) attachment(missing string) (*Server, *Attachment, *frame.Reply) {
	v, r := c.server()
	if r != nil {
		return nil, nil, r
	}
	id := c.Value("volumeId")
	for _, a := range v.Attached {
		if a.Volume.ID == id {
			return v, a, nil
		}
	}
	return nil, nil, frame.NotFound("%s%s", missing, id)
}

func getAttachment(c *call) frame.Reply {
	_, a, r := c.attachment("volume_id not found: ")
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"volumeAttachment": a.body()})
}

func attachVolume(c *call) frame.Reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	request := frame.Sub(c.Body, "volumeAttachment")
	if request == nil {
		return *frame.Required("", c.Body, "volumeAttachment")
	}
	id := frame.Str(request, "volumeId")
	if id == "" {
		return *frame.Required("volumeAttachment", request, "volumeId")
	}
	vol := c.project.Volumes.Volume(id)
	if vol == nil {
		return *frame.NotFound("Volume %s could not be found.", id)
	}
	if r := vol.Free(); r != nil {
		return *r
	}
	a, r := v.Plug(vol, c.Now)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"volumeAttachment": a.body()})
}

// Plug begins to attach a volume that is free.
func (v *Server) Plug(vol *blockstorage.Volume, now time.Time) (*Attachment, *frame.Reply) {
	switch {
	case vol.Zone != v.Zone:
		return nil, frame.BadRequest("Invalid volume: Instance %s and volume %s are not in the same availability_zone. "+
			"Instance is in %s. Volume is in %s", v.ID, vol.ID, v.Zone, vol.Zone)
	case !slices.Contains([]string{vmActive, vmStopped, vmPaused, vmSuspended, vmResized}, v.vm):
		return nil, frame.Conflict("Cannot 'attach_volume' instance %s while it is in vm_state %s", v.ID, v.vm)
	case v.Task == "deleting":
		return nil, frame.Conflict("Cannot 'attach_volume' instance %s while it is in task_state %s", v.ID, v.Task)
	}
	a := v.attach(vol, now)
	vol.Status = blockstorage.Attaching
	v.project.service.frame.After(now, attached{vol, a.Attachment})
	return a, nil
}

func detachVolume(c *call) frame.Reply {
	v, a, r := c.attachment("Volume attachment could not be found: ")
	switch {
	case r != nil:
		return *r
	case a.Root:
		return *frame.BadRequest("Cannot detach a root device volume")
	}
	if r := v.Unplug(a, c.Now); r != nil {
		return *r
	}
	return frame.Answer(http.StatusAccepted, nil)
}

// Unplug begins to detach a volume.
func (v *Server) Unplug(a *Attachment, now time.Time) *frame.Reply {
	if a.Volume.Status != blockstorage.InUse {
		return frame.BadRequest("Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "+
			"Volume status must be 'in-use' and attach_status must be 'attached' to detach. Status is '%s'.", a.Volume.Status)
	}
	a.Volume.Status = blockstorage.Detaching
	v.project.service.frame.After(now, detached{v, a})
	return nil
}

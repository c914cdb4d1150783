package nhncloudtest

import (
	"net/http"
	"slices"
	"strconv"
	"time"
)

// attachment is a volume on a server.
type attachment struct {
	server              *server
	volume              *volume
	device              string
	root                bool
	deleteOnTermination bool
	at                  time.Time
}

// attach puts a volume on the next free device of a server. Servers with a
// local disk have that on the first one.
func (v *server) attach(vol *volume, at time.Time) *attachment {
	a := &attachment{server: v, volume: vol, at: at}
	letter := byte('a')
	if v.flavor.local() {
		letter = 'b'
	}
	for ; ; letter++ {
		a.device = "/dev/vd" + string(letter)
		if !slices.ContainsFunc(v.attached, func(o *attachment) bool { return o.device == a.device }) {
			break
		}
	}
	v.attached = append(v.attached, a)
	vol.attachment = a
	return a
}

// id is what block storage calls the attachment; compute calls it as the
// volume.
func (a *attachment) id() string { return fixedID("attachment", a.volume.id, a.server.id) }

func (a *attachment) body() object {
	return object{"id": a.volume.id, "volumeId": a.volume.id, "serverId": a.server.id, "device": a.device}
}

func listAttachments(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	list := v.attached
	for _, name := range []string{"offset", "limit"} {
		text := c.query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return *badRequest("Invalid input for query parameters %s. Value: %s. '%s' does not match '^[0-9]*$'", name, text, text)
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
	return answer(http.StatusOK, object{"volumeAttachments": attachments})
}

// attachment finds the attachment that the path names.
func (c *call) attachment(missing string) (*attachment, *reply) {
	v, r := c.server()
	if r != nil {
		return nil, r
	}
	id := c.value("volumeId")
	for _, a := range v.attached {
		if a.volume.id == id {
			return a, nil
		}
	}
	return nil, notFound("%s%s", missing, id)
}

func getAttachment(c *call) reply {
	a, r := c.attachment("volume_id not found: ")
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"volumeAttachment": a.body()})
}

func attachVolume(c *call) reply {
	v, r := c.server()
	if r != nil {
		return *r
	}
	request := sub(c.body, "volumeAttachment")
	if request == nil {
		return *required("", c.body, "volumeAttachment")
	}
	id := str(request, "volumeId")
	if id == "" {
		return *required("volumeAttachment", request, "volumeId")
	}
	vol := c.project.volume(id)
	if vol == nil {
		return *notFound("Volume %s could not be found.", id)
	}
	if r := vol.free(); r != nil {
		return *r
	}
	a, r := c.plug(v, vol)
	if r != nil {
		return *r
	}
	return answer(http.StatusOK, object{"volumeAttachment": a.body()})
}

// plug begins to attach a volume that is free.
func (c *call) plug(v *server, vol *volume) (*attachment, *reply) {
	switch {
	case vol.zone != v.zone:
		return nil, badRequest("Invalid volume: Instance %s and volume %s are not in the same availability_zone. "+
			"Instance is in %s. Volume is in %s", v.id, vol.id, v.zone, vol.zone)
	case !slices.Contains([]string{vmActive, vmStopped, vmPaused, vmSuspended, vmResized}, v.vm):
		return nil, conflict("Cannot 'attach_volume' instance %s while it is in vm_state %s", v.id, v.vm)
	case v.task == "deleting":
		return nil, conflict("Cannot 'attach_volume' instance %s while it is in task_state %s", v.id, v.task)
	}
	a := v.attach(vol, c.now)
	vol.status = volumeAttaching
	c.srv.after(c.now, func(time.Time) {
		if vol.attachment == a && vol.status == volumeAttaching {
			vol.status = volumeInUse
		}
	})
	return a, nil
}

func detachVolume(c *call) reply {
	a, r := c.attachment("Volume attachment could not be found: ")
	switch {
	case r != nil:
		return *r
	case a.root:
		return *badRequest("Cannot detach a root device volume")
	}
	if r := c.unplug(a); r != nil {
		return *r
	}
	return accepted
}

// unplug begins to detach a volume.
func (c *call) unplug(a *attachment) *reply {
	if a.volume.status != volumeInUse {
		return badRequest("Invalid volume: Invalid input received: Invalid volume: Unable to detach volume. "+
			"Volume status must be 'in-use' and attach_status must be 'attached' to detach. Status is '%s'.", a.volume.status)
	}
	a.volume.status = volumeDetaching
	c.srv.after(c.now, func(time.Time) {
		if a.volume.attachment != a {
			return // the server went first
		}
		a.server.attached = slices.DeleteFunc(a.server.attached, func(o *attachment) bool { return o == a })
		a.volume.attachment, a.volume.status = nil, volumeAvailable
	})
	return nil
}

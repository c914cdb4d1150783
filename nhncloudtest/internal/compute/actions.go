package compute

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
)

// ready refuses an action unless the server is in one of the states, with no
// task under way.
func (v *Server) ready(action string, vms ...string) *frame.Reply {
	switch {
	case v.Task != "":
		return frame.Conflict("Cannot '%s' instance %s while it is in task_state %s", action, v.ID, v.Task)
	case !slices.Contains(vms, v.vm):
		return frame.Conflict("Cannot '%s' instance %s while it is in vm_state %s", action, v.ID, v.vm)
	}
	return nil
}

// act answers a call that does something to the server of its path.
func (c *call) act(do func(*Server) *frame.Reply) frame.Reply {
	v, r := c.server()
	if r == nil {
		r = do(v)
	}
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusAccepted, nil)
}

// unknownAction answers bodies that ask for nothing known.
func unknownAction(c *call) frame.Reply {
	if _, r := c.server(); r != nil {
		return *r
	}
	for key := range c.Body {
		if len(c.Body) == 1 {
			return *frame.BadRequest("There is no such action: %s", key)
		}
	}
	return *frame.BadRequest("Malformed request body")
}

func startServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply { return v.Start(c.Now) })
}

// Start powers a server on.
func (v *Server) Start(now time.Time) *frame.Reply {
	if r := v.ready("start", vmStopped); r != nil {
		return r
	}
	v.begin(now, "powering-on", runs{v})
	return nil
}

func stopServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply { return v.Stop(c.Now) })
}

// Stop powers a server off.
func (v *Server) Stop(now time.Time) *frame.Reply {
	if r := v.ready("stop", vmActive, vmError); r != nil {
		return r
	}
	v.begin(now, "powering-off", stopped{v})
	return nil
}

func rebootServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply {
		given := frame.Sub(c.Body, "reboot")
		kind := strings.ToUpper(frame.Str(given, "type"))
		switch {
		case given["type"] == nil:
			return frame.Required("reboot", given, "type")
		case kind != "SOFT" && kind != "HARD":
			return frame.Invalid("type", given["type"], frame.PyRepr(given["type"])+" is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']")
		}
		return v.Reboot(kind == "HARD", c.Now)
	})
}

// Reboot restarts a server; the hard way also one that does not run, or that
// is rebooting already.
func (v *Server) Reboot(hard bool, now time.Time) *frame.Reply {
	task, from := "rebooting", []string{vmActive}
	if hard {
		task, from = "rebooting_hard", []string{vmActive, vmError, vmPaused, vmStopped, vmSuspended}
	}
	if rebooting := v.Task == "rebooting" || v.Task == "rebooting_hard"; !hard || !rebooting {
		if r := v.ready("reboot", from...); r != nil {
			return r
		}
	}
	v.begin(now, task, runs{v})
	return nil
}

func resizeServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply {
		given := frame.Sub(c.Body, "resize")
		if given["flavorRef"] == nil {
			return frame.Required("resize", given, "flavorRef")
		}
		ref := fmt.Sprint(given["flavorRef"])
		to := c.region.Flavor(ref)
		if to == nil {
			return frame.BadRequest("Flavor %s could not be found.", ref)
		}
		return v.Resize(to, c.Now)
	})
}

// Resize gives a server another flavor.
func (v *Server) Resize(to *Flavor, now time.Time) *frame.Reply {
	if r := v.ready("resize", vmActive, vmStopped); r != nil {
		return r
	}
	switch {
	case to == v.Flavor:
		return frame.BadRequest("When resizing, instances must change flavor!")
	case to.Local() != v.Flavor.Local():
		return frame.BadRequest("Server disk was unable to be resized because: flavors %s and %s keep their root disk in different places.",
			v.Flavor.Name, to.Name)
	}
	v.begin(now, "resize_migrating", resized{v, to, v.vm, v.power})
	return nil
}

func shelveServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply {
		if r := v.ready("shelve", vmActive); r != nil {
			return r
		}
		v.begin(c.Now, "shelving", shelved{v})
		return nil
	})
}

func unshelveServer(c *call) frame.Reply {
	return c.act(func(v *Server) *frame.Reply {
		if r := v.ready("unshelve", vmShelved); r != nil {
			return r
		}
		v.begin(c.Now, "unshelving", unshelved{v})
		return nil
	})
}

// createImage makes an image of a server with a local disk; those that boot
// from a volume are saved through block storage.
func createImage(c *call) frame.Reply {
	v, r := c.server()
	if r == nil {
		r = v.ready("createImage", vmActive, vmStopped, vmPaused, vmSuspended)
	}
	if r != nil {
		return *r
	}
	request := frame.Sub(c.Body, "createImage")
	name := frame.Str(request, "name")
	if name == "" {
		return *frame.Required("createImage", request, "name")
	}
	var metadata map[string]string
	if given, ok := request["metadata"]; ok {
		if metadata, r = frame.ReadMetadata("createImage/metadata", given); r != nil {
			return *r
		}
	}
	if !v.Flavor.Local() {
		return *frame.BadRequest("Instance %s boots from a volume; only U2 instances can be saved as an image.", v.ID)
	}
	img := v.saveImage(name, v.Flavor.Disk, c.Now)
	maps.Copy(img.Properties, metadata)
	rep := frame.Reply{Status: http.StatusAccepted, Header: http.Header{}}
	rep.Header.Set("Location", c.Frame.URL+c.Call.Region.Prefix+"/image/v2/images/"+img.ID)
	return rep
}

// UploadImage begins to make an image of a server that is stopped.
func (v *Server) UploadImage(name string, now time.Time) (*image.Image, *frame.Reply) {
	if r := v.ready("uploadImage", vmStopped); r != nil {
		return nil, r
	}
	gb := v.Flavor.Disk
	for _, a := range v.Attached {
		if a.Root {
			gb = a.Volume.Size
		}
	}
	return v.saveImage(name, gb, now), nil
}

// saveImage begins to make an image of the root disk of a server, which has
// so many GB.
func (v *Server) saveImage(name string, gb int, now time.Time) *image.Image {
	img := v.project.service.Images.Save(v.project.Place, image.Spec{Name: name, MinDisk: gb}, now)
	for _, k := range []string{"os_type", "os_distro", "os_version", "os_architecture", "login_username", "hypervisor_type"} {
		img.Properties[k] = v.Metadata[k]
	}
	v.begin(now, "image_snapshot", nil)
	return img
}

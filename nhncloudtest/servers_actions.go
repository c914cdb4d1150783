package nhncloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ready refuses an action unless the server is in one of the states, with no
// task under way.
func (v *server) ready(action string, vms ...string) *reply {
	switch {
	case v.task != "":
		return conflict("Cannot '%s' instance %s while it is in task_state %s", action, v.id, v.task)
	case !slices.Contains(vms, v.vm):
		return conflict("Cannot '%s' instance %s while it is in vm_state %s", action, v.id, v.vm)
	}
	return nil
}

// act answers a call that does something to the server of its path.
func (c *call) act(do func(*server) *reply) reply {
	v, r := c.server()
	if r == nil {
		r = do(v)
	}
	if r != nil {
		return *r
	}
	return accepted
}

var accepted = reply{status: http.StatusAccepted, header: http.Header{}}

// unknownAction answers bodies that ask for nothing known.
func unknownAction(c *call) reply {
	if _, r := c.server(); r != nil {
		return *r
	}
	for key := range c.body {
		if len(c.body) == 1 {
			return *badRequest("There is no such action: %s", key)
		}
	}
	return *badRequest("Malformed request body")
}

func startServer(c *call) reply { return c.act(c.start) }

func (c *call) start(v *server) *reply {
	if r := v.ready("start", vmStopped); r != nil {
		return r
	}
	c.srv.begin(v, c.now, "powering-on", v.running)
	return nil
}

func stopServer(c *call) reply { return c.act(c.stop) }

func (c *call) stop(v *server) *reply {
	if r := v.ready("stop", vmActive, vmError); r != nil {
		return r
	}
	c.srv.begin(v, c.now, "powering-off", func(time.Time) { v.vm, v.power = vmStopped, powerOff })
	return nil
}

func rebootServer(c *call) reply {
	return c.act(func(v *server) *reply {
		given := sub(c.body, "reboot")
		kind := strings.ToUpper(str(given, "type"))
		switch {
		case given["type"] == nil:
			return required("reboot", given, "type")
		case kind != "SOFT" && kind != "HARD":
			return invalid("type", given["type"], pyRepr(given["type"])+" is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']")
		}
		return c.reboot(v, kind == "HARD")
	})
}

// reboot restarts a server; the hard way also one that does not run, or that
// is rebooting already.
func (c *call) reboot(v *server, hard bool) *reply {
	task, from := "rebooting", []string{vmActive}
	if hard {
		task, from = "rebooting_hard", []string{vmActive, vmError, vmPaused, vmStopped, vmSuspended}
	}
	if rebooting := v.task == "rebooting" || v.task == "rebooting_hard"; !hard || !rebooting {
		if r := v.ready("reboot", from...); r != nil {
			return r
		}
	}
	c.srv.begin(v, c.now, task, v.running)
	return nil
}

func resizeServer(c *call) reply {
	return c.act(func(v *server) *reply {
		given := sub(c.body, "resize")
		if given["flavorRef"] == nil {
			return required("resize", given, "flavorRef")
		}
		ref := fmt.Sprint(given["flavorRef"])
		to := c.region.flavor(ref)
		if to == nil {
			return badRequest("Flavor %s could not be found.", ref)
		}
		return c.resize(v, to)
	})
}

func (c *call) resize(v *server, to *flavor) *reply {
	if r := v.ready("resize", vmActive, vmStopped); r != nil {
		return r
	}
	switch {
	case to == v.flavor:
		return badRequest("When resizing, instances must change flavor!")
	case to.local() != v.flavor.local():
		return badRequest("Server disk was unable to be resized because: flavors %s and %s keep their root disk in different places.",
			v.flavor.Name, to.Name)
	}
	before, power := v.vm, v.power
	c.srv.begin(v, c.now, "resize_migrating", func(at time.Time) {
		v.flavor, v.vm = to, vmResized
		c.srv.begin(v, at, "", func(at time.Time) {
			v.vm, v.power = before, power
			if before == vmActive {
				v.running(at)
			}
		})
	})
	return nil
}

func shelveServer(c *call) reply {
	return c.act(func(v *server) *reply {
		if r := v.ready("shelve", vmActive); r != nil {
			return r
		}
		c.srv.begin(v, c.now, "shelving", func(time.Time) {
			v.vm, v.power, v.placed = vmShelved, powerOff, true
			for _, a := range v.attached {
				a.volume.status = volumeReserved
			}
		})
		return nil
	})
}

func unshelveServer(c *call) reply {
	return c.act(func(v *server) *reply {
		if r := v.ready("unshelve", vmShelved); r != nil {
			return r
		}
		c.srv.begin(v, c.now, "unshelving", func(at time.Time) {
			v.running(at)
			for _, a := range v.attached {
				a.volume.status = volumeInUse
			}
		})
		return nil
	})
}

// createImage makes an image of a server with a local disk; those that boot
// from a volume are saved through block storage.
func createImage(c *call) reply {
	v, r := c.server()
	if r == nil {
		r = v.ready("createImage", vmActive, vmStopped, vmPaused, vmSuspended)
	}
	if r != nil {
		return *r
	}
	request := sub(c.body, "createImage")
	name := str(request, "name")
	if name == "" {
		return *required("createImage", request, "name")
	}
	if r := checkMetadata("createImage/metadata", sub(request, "metadata")); r != nil {
		return *r
	}
	if !v.flavor.local() {
		return *badRequest("Instance %s boots from a volume; only U2 instances can be saved as an image.", v.id)
	}
	img := c.saveImage(v, name, v.flavor.Disk)
	for k := range sub(request, "metadata") {
		img.properties[k] = str(sub(request, "metadata"), k)
	}
	rep := reply{status: http.StatusAccepted, header: http.Header{}}
	rep.header.Set("Location", c.srv.url+c.region.prefix+"/image/v2/images/"+img.id)
	return rep
}

// saveImage begins to make an image of the root disk of a server, which has
// so many GB.
func (c *call) saveImage(v *server, name string, gb int) *image {
	img := c.region.addImage(Image{Name: name, MinDisk: gb}, "private", c.project.tenant.id, c.now)
	img.status = "saving"
	for _, k := range []string{"os_type", "os_distro", "os_version", "os_architecture", "login_username", "hypervisor_type"} {
		img.properties[k] = v.metadata[k]
	}
	c.srv.after(c.now, func(at time.Time) { img.status, img.updated = "active", at })
	c.srv.begin(v, c.now, "image_snapshot", func(time.Time) {})
	return img
}

func addSecurityGroup(c *call) reply {
	return c.act(func(v *server) *reply { return c.joinGroup(v, "addSecurityGroup", c.addGroup) })
}

func removeSecurityGroup(c *call) reply {
	return c.act(func(v *server) *reply { return c.joinGroup(v, "removeSecurityGroup", c.removeGroup) })
}

// joinGroup finds the security group that the body of an action names.
func (c *call) joinGroup(v *server, action string, do func(*server, *securityGroup) *reply) *reply {
	request := sub(c.body, action)
	name := str(request, "name")
	if name == "" {
		return required(action, request, "name")
	}
	g, r := c.project.securityGroupNamed(name)
	if r != nil {
		return r
	}
	return do(v, g)
}

func (c *call) addGroup(v *server, g *securityGroup) *reply {
	if !slices.Contains(v.security, g) {
		v.security = append(slices.Clone(v.security), g)
		v.updated = c.now
	}
	return nil
}

func (c *call) removeGroup(v *server, g *securityGroup) *reply {
	if !slices.Contains(v.security, g) {
		return notFound("Security group %s not associated with the instance %s", g.name, v.id)
	}
	v.security = slices.DeleteFunc(slices.Clone(v.security), func(o *securityGroup) bool { return o == g })
	v.updated = c.now
	return nil
}

package nhncloudtest

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// ready finds the server of an action and refuses it unless the server is in
// one of the states, with no task under way.
func (c *call) ready(action string, vms ...string) (*server, *reply) {
	v, r := c.server()
	switch {
	case r != nil:
		return nil, r
	case v.task != "":
		return nil, conflict("Cannot '%s' instance %s while it is in task_state %s", action, v.id, v.task)
	case !slices.Contains(vms, v.vm):
		return nil, conflict("Cannot '%s' instance %s while it is in vm_state %s", action, v.id, v.vm)
	}
	return v, nil
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

func startServer(c *call) reply {
	v, r := c.ready("start", vmStopped)
	if r != nil {
		return *r
	}
	c.srv.begin(v, c.now, "powering-on", v.running)
	return accepted
}

func stopServer(c *call) reply {
	v, r := c.ready("stop", vmActive, vmError)
	if r != nil {
		return *r
	}
	c.srv.begin(v, c.now, "powering-off", func(time.Time) { v.vm, v.power = vmStopped, powerOff })
	return accepted
}

func rebootServer(c *call) reply {
	kind := strings.ToUpper(str(sub(c.body, "reboot"), "type"))
	task := "rebooting"
	switch kind {
	case "SOFT":
		if _, r := c.ready("reboot", vmActive); r != nil {
			return *r
		}
	case "HARD":
		task = "rebooting_hard"
		v, r := c.server()
		if r != nil {
			return *r
		}
		rebooting := v.task == "rebooting" || v.task == "rebooting_hard"
		if !rebooting {
			if _, r := c.ready("reboot", vmActive, vmError, vmPaused, vmStopped, vmSuspended); r != nil {
				return *r
			}
		}
	default:
		if reboot := sub(c.body, "reboot"); reboot == nil || reboot["type"] == nil {
			return *required("reboot", reboot, "type")
		}
		given := c.body["reboot"].(object)["type"]
		return *invalid("type", given, pyRepr(given)+" is not one of ['HARD', 'Hard', 'hard', 'SOFT', 'Soft', 'soft']")
	}
	v, _ := c.server()
	c.srv.begin(v, c.now, task, v.running)
	return accepted
}

func resizeServer(c *call) reply {
	v, r := c.ready("resize", vmActive, vmStopped)
	if r != nil {
		return *r
	}
	resize := sub(c.body, "resize")
	if resize["flavorRef"] == nil {
		return *required("resize", resize, "flavorRef")
	}
	ref := fmt.Sprint(resize["flavorRef"])
	to := c.region.flavor(ref)
	switch {
	case to == nil:
		return *badRequest("Flavor %s could not be found.", ref)
	case to == v.flavor:
		return *badRequest("When resizing, instances must change flavor!")
	case to.local() != v.flavor.local():
		return *badRequest("Server disk was unable to be resized because: flavors %s and %s keep their root disk in different places.",
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
	return accepted
}

func shelveServer(c *call) reply {
	v, r := c.ready("shelve", vmActive)
	if r != nil {
		return *r
	}
	c.srv.begin(v, c.now, "shelving", func(time.Time) {
		v.vm, v.power, v.placed = vmShelved, powerOff, true
		for _, a := range v.attached {
			a.volume.status = volumeReserved
		}
	})
	return accepted
}

func unshelveServer(c *call) reply {
	v, r := c.ready("unshelve", vmShelved)
	if r != nil {
		return *r
	}
	c.srv.begin(v, c.now, "unshelving", func(at time.Time) {
		v.running(at)
		for _, a := range v.attached {
			a.volume.status = volumeInUse
		}
	})
	return accepted
}

// createImage makes an image of a server with a local disk; those that boot
// from a volume are saved through block storage.
func createImage(c *call) reply {
	v, r := c.ready("createImage", vmActive, vmStopped, vmPaused, vmSuspended)
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
	img := c.region.addImage(Image{Name: name, MinDisk: v.flavor.Disk}, "private", c.project.tenant.id, c.now)
	img.status = "saving"
	for _, k := range []string{"os_type", "os_distro", "os_version", "os_architecture", "login_username", "hypervisor_type"} {
		img.properties[k] = v.metadata[k]
	}
	for k := range sub(request, "metadata") {
		img.properties[k] = str(sub(request, "metadata"), k)
	}
	c.srv.after(c.now, func(at time.Time) { img.status, img.updated = "active", at })
	c.srv.begin(v, c.now, "image_snapshot", func(time.Time) {})

	rep := reply{status: http.StatusAccepted, header: http.Header{}}
	rep.header.Set("Location", c.srv.url+c.region.prefix+"/image/v2/images/"+img.id)
	return rep
}

func addSecurityGroup(c *call) reply {
	v, g, r := c.serverAndGroup("addSecurityGroup")
	if r != nil {
		return *r
	}
	if !slices.Contains(v.security, g) {
		v.security = append(slices.Clone(v.security), g)
		v.updated = c.now
	}
	return accepted
}

func removeSecurityGroup(c *call) reply {
	v, g, r := c.serverAndGroup("removeSecurityGroup")
	if r != nil {
		return *r
	}
	if !slices.Contains(v.security, g) {
		return *notFound("Security group %s not associated with the instance %s", g.name, v.id)
	}
	v.security = slices.DeleteFunc(slices.Clone(v.security), func(o *securityGroup) bool { return o == g })
	v.updated = c.now
	return accepted
}

func (c *call) serverAndGroup(action string) (*server, *securityGroup, *reply) {
	v, r := c.server()
	if r != nil {
		return nil, nil, r
	}
	request := sub(c.body, action)
	name := str(request, "name")
	if name == "" {
		return nil, nil, required(action, request, "name")
	}
	g := c.project.securityGroup(name)
	if g == nil {
		return nil, nil, notFound("Unable to find security_group with name or id '%s'", name)
	}
	return v, g, nil
}

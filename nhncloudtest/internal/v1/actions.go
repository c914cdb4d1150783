package v1

import (
	"net/http"
	"net/netip"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

type instanceAction struct {
	operation string // the end of it
	handle    func(c *call, v *compute.Server, parameters object) (object, *frame.Reply)
}

// instanceActions are what the action of a body can say.
var instanceActions = map[string]instanceAction{
	"start": {"start", func(c *call, v *compute.Server, _ object) (object, *frame.Reply) {
		return nil, areaInstance.relay(v.Start(c.Now))
	}},
	"stop": {"stop", func(c *call, v *compute.Server, _ object) (object, *frame.Reply) {
		return nil, areaInstance.relay(v.Stop(c.Now))
	}},
	"reboot": {"reboot", func(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
		kind := frame.Str(parameters, "type")
		if kind != "SOFT" && kind != "HARD" {
			return nil, badParameters("type must be SOFT or HARD")
		}
		return nil, areaInstance.relay(v.Reboot(kind == "HARD", c.Now))
	}},
	"resize": {"resize", func(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
		refs, r := texts(parameters, "flavor")
		if r != nil {
			return nil, r
		}
		to := c.compute.Region.Flavor(refs[0])
		if to == nil {
			return nil, areaFlavor.notFound("Flavor", refs[0])
		}
		return nil, areaInstance.relay(v.Resize(to, c.Now))
	}},
	"uploadImage":         {"upload-image", uploadImage},
	"addFloatingIp":       {"add-floating-ip", addFloatingIP},
	"removeFloatingIp":    {"remove-floating-ip", removeFloatingIP},
	"addSecurityGroup":    {"add-security-group", groupAction((*compute.Server).AddGroup)},
	"removeSecurityGroup": {"remove-security-group", groupAction((*compute.Server).RemoveGroup)},
}

// act runs an action on the instance of the path.
func (c *call) act(do func(c *call, v *compute.Server, parameters object) (object, *frame.Reply)) (object, *frame.Reply) {
	v, r := c.instance(c.Value("instanceId"))
	if r != nil {
		return nil, r
	}
	return do(c, v, frame.Sub(c.Body, "parameters"))
}

func unknownInstanceAction(c *call) (object, *frame.Reply) {
	if _, r := c.instance(c.Value("instanceId")); r != nil {
		return nil, r
	}
	if frame.Str(c.Body, "action") == "" {
		return nil, badParameters("action is missing")
	}
	return nil, badParameters("there is no action %s", frame.Str(c.Body, "action"))
}

func uploadImage(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
	names, r := texts(parameters, "name")
	if r != nil {
		return nil, r
	}
	img, r := v.UploadImage(names[0], c.Now)
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	return object{"createdImage": object{"id": img.ID, "name": img.Name}}, nil
}

func addFloatingIP(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
	texts, r := texts(parameters, "address", "ipAddress")
	if r != nil {
		return nil, r
	}
	f := c.network.FloatingIPAt(texts[0])
	if f == nil {
		return nil, areaFloatingIP.notFound("Floating IP", texts[0])
	}
	if !v.Placed || v.Task == "deleting" {
		return nil, areaInstance.refused(http.StatusConflict, "Cannot 'addFloatingIp' instance %s while it is %s", v.ID, status(v))
	}
	ip, _ := netip.ParseAddr(texts[1])
	i := slices.IndexFunc(v.Ports, func(pt *network.Port) bool { return pt.Has(ip) })
	if i < 0 {
		return nil, areaFloatingIP.refused(http.StatusBadRequest, "Specified fixed address not assigned to instance")
	}
	return nil, areaFloatingIP.relay(c.network.Bind(f, v.Ports[i], ip))
}

func removeFloatingIP(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
	texts, r := texts(parameters, "address")
	if r != nil {
		return nil, r
	}
	f := c.network.FloatingIPAt(texts[0])
	if f == nil {
		return nil, areaFloatingIP.notFound("Floating IP", texts[0])
	}
	if f.Port == nil || !slices.Contains(v.Ports, f.Port) {
		return nil, areaFloatingIP.refused(http.StatusConflict, "Floating IP %s is not associated with instance %s.", f.IP, v.ID)
	}
	f.Unbind()
	return nil, nil
}

func groupAction(do func(*compute.Server, *network.SecurityGroup, time.Time) *frame.Reply) func(*call, *compute.Server, object) (object, *frame.Reply) {
	return func(c *call, v *compute.Server, parameters object) (object, *frame.Reply) {
		names, r := texts(parameters, "name")
		if r != nil {
			return nil, r
		}
		g, r := c.compute.SecurityGroup(names[0])
		if r == nil {
			r = do(v, g, c.Now)
		}
		return nil, areaSecurityGroup.relay(r)
	}
}

package v1

import (
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

func listZones(c *call) (object, *frame.Reply) {
	zones := []object{}
	for _, z := range c.Region.Zones {
		zones = append(zones, object{"zoneName": z, "zoneState": object{"available": true}})
	}
	return object{"zones": zones}, nil
}

func listFlavors(c *call) (object, *frame.Reply) {
	flavors := []object{}
	for _, f := range c.compute.Region.Flavors {
		o := object{
			"id": f.ID, "name": f.Name, "type": f.ExtraSpecs["flavor_type"], "vcpus": f.VCPUs, "ram": f.RAM,
			"ephemeral": f.Ephemeral, "disabled": false, "isPublic": true,
		}
		if f.Local() {
			o["volumeSize"] = f.Disk
		} else {
			o["maxVolumeSize"] = maxVolumeSize
		}
		flavors = append(flavors, o)
	}
	return object{"flavors": flavors}, nil
}

// instance finds an instance.
func (c *call) instance(id string) (*compute.Server, *frame.Reply) {
	if v := c.compute.Server(id); v != nil {
		return v, nil
	}
	return nil, areaInstance.notFound("Instance", id)
}

// status is what v1.0 calls the status. Where it has no word for it, it is
// that of v2.
func status(v *compute.Server) string {
	switch v.Task {
	case "powering-on":
		return "POWERING_ON"
	case "powering-off":
		return "POWERING_OFF"
	case "deleting":
		return "DELETING"
	}
	switch status := v.Status(); status {
	case "SHUTOFF":
		return "STOP"
	case "REBOOT", "HARD_REBOOT":
		return "REBOOTING"
	case "RESIZE", "VERIFY_RESIZE", "REVERT_RESIZE":
		return "RESIZING"
	default:
		return status
	}
}

func brief(v *compute.Server) object {
	return object{"id": v.ID, "name": v.Name, "status": status(v)}
}

func (c *call) instanceBody(v *compute.Server) object {
	addresses, attachments, security := []object{}, []object{}, []object{}
	if v.Placed {
		for _, a := range v.Addresses() {
			var floating any
			if f := c.network.FloatingIPOf(a.Port, a.IP); f != nil {
				floating = f.IP.String()
			}
			addresses = append(addresses, object{
				"macAddress": a.Port.MAC, "ipAddress": a.IP.String(), "version": 4, "floatingIpAddress": floating,
			})
		}
	}
	root := object{"size": v.Flavor.Disk, "type": nil} // on a disk of the host
	for _, a := range v.Attached {
		if a.Root {
			root = object{"size": a.Volume.Size, "type": a.Volume.Type}
			continue
		}
		attachments = append(attachments, object{
			"id": a.Volume.ID, "name": a.Volume.Name.Value(), "size": a.Volume.Size, "type": a.Volume.Type,
		})
	}
	for _, g := range v.SecurityGroups() {
		security = append(security, object{"name": g.Name})
	}
	var image any
	if v.Image != nil {
		image = v.Image.ID
	}
	return object{
		"id": v.ID, "name": v.Name, "status": status(v), "addresses": addresses, "availabilityZone": v.Zone,
		"flavor": object{"id": v.Flavor.ID, "name": v.Flavor.Name, "cpu": v.Flavor.VCPUs, "ram": v.Flavor.RAM},
		"image":  image, "metadata": v.Metadata, "keyName": frame.Nullable(v.Key), "securityGroups": security,
		"volumes":    object{"root": root, "attachments": attachments},
		"launchedAt": frame.OrNull(v.Launched, frame.Micros), "createdAt": frame.Seconds(v.Created), "updatedAt": frame.Seconds(v.Updated),
	}
}

func listInstances(c *call) (object, *frame.Reply)       { return c.listInstances(brief) }
func listInstancesDetail(c *call) (object, *frame.Reply) { return c.listInstances(c.instanceBody) }

// listInstances shows all instances, the newest first, or one.
func (c *call) listInstances(body func(*compute.Server) object) (object, *frame.Reply) {
	all := slices.Clone(c.compute.Servers)
	slices.Reverse(all)
	list, r := listing(c, "Instance", all, func(v *compute.Server) string { return v.ID }, body)
	return object{"instances": list}, r
}

func deleteInstance(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	v, r := c.instance(id)
	if r != nil {
		return nil, r
	}
	return nil, areaInstance.relay(v.Destroy(c.Now))
}

package nks

import (
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// commas is a list that is joined with commas.
func commas(v any) []string {
	text, _ := v.(string)
	if text == "" {
		return nil
	}
	return strings.Split(text, ",")
}

// checkGroupLabels checks the labels that are about the nodes of a group.
func (c *call) checkGroupLabels(labels object, img *image.Image, flavor *compute.Flavor, count int) *frame.Reply {
	zone := shown(labels["availability_zone"])
	if !slices.Contains(c.Region.Zones, zone) {
		return invalid("labels.availability_zone", zone, "There is no such availability zone.")
	}
	if r := checkVolume(labels["boot_volume_type"], labels["boot_volume_size"], "labels.boot_volume_type", "labels.boot_volume_size"); r != nil {
		return r
	}
	least := img.MinDisk
	if size, _ := frame.AsInt(labels["boot_volume_size"]); size < least && !flavor.Local() {
		return invalid("labels.boot_volume_size", labels["boot_volume_size"], "The image needs %d GB.", least)
	}
	if img.MinRAM > flavor.RAM || flavor.Local() && flavor.Disk < least {
		return badRequest("Flavor %s is too small for image %s.", flavor.ID, img.ID)
	}
	if r := c.checkNetworks(labels); r != nil {
		return r
	}
	if r := c.checkLists(labels); r != nil {
		return r
	}
	return checkAutoscaler(labels, "labels.", count)
}

// checkVolume checks type and size of a volume.
func checkVolume(kind, size any, kindField, sizeField string) *frame.Reply {
	if _, ok := blockstorage.FindType(shown(kind)); !ok {
		return invalid(kindField, kind, "There is no such volume type.")
	}
	if n, ok := frame.AsInt(size); !ok || n < 1 {
		return invalid(sizeField, size, "It is no size in GB.")
	}
	return nil
}

// checkNetworks checks the further networks of the nodes.
func (c *call) checkNetworks(labels object) *frame.Reply {
	vpcs, subnets := list(labels, "additional_network_id_list"), list(labels, "additional_subnet_id_list")
	for _, id := range vpcs {
		if vpc := c.project.network.Network(id); vpc == nil || vpc.External {
			return badRequest("Unable to find network %s.", id)
		}
	}
	for _, id := range subnets {
		if r := c.findSubnet(id, vpcs); r != nil {
			return r
		}
	}
	if len(vpcs) > 0 && len(subnets) == 0 {
		return missing("labels.additional_subnet_id_list")
	}
	return nil
}

// findSubnet looks for a subnet in one of some VPCs.
func (c *call) findSubnet(id string, vpcs []string) *frame.Reply {
	if !slices.ContainsFunc(c.project.network.Subnets(), func(sn *network.Subnet) bool {
		return sn.ID == id && slices.Contains(vpcs, sn.Network.ID)
	}) {
		return badRequest("Unable to find subnet %s.", id)
	}
	return nil
}

// checkLists checks the labels that are lists of objects.
func (c *call) checkLists(labels object) *frame.Reply {
	for _, label := range []string{"extra_volumes", "extra_security_groups"} {
		v, given := labels[label]
		all, ok := v.([]any)
		if given && !ok {
			return invalid("labels."+label, v, "Wrong type. Expected '<class 'list'>'")
		}
		for _, e := range all {
			m, ok := e.(object)
			switch {
			case !ok:
				return invalid("labels."+label, e, "Wrong type. Expected '<class 'dict'>'")
			case label == "extra_volumes":
				if r := checkVolume(m["volume_type"], m["volume_size"], "labels.extra_volumes.volume_type", "labels.extra_volumes.volume_size"); r != nil {
					return r
				}
				continue
			}
			if m["target_subnet"] == nil {
				return missing("labels.extra_security_groups.target_subnet")
			}
			for _, id := range commas(m["security_group_ids"]) {
				if c.project.network.SecurityGroup(id) == nil {
					return badRequest("Security group %s does not exist.", id)
				}
			}
		}
	}
	return nil
}

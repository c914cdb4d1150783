package v1

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// createInstance turns a request into one of compute v2.
func createInstance(c *call) (object, *frame.Reply) {
	request, r := c.request("instance")
	if r != nil {
		return nil, r
	}
	body := object{}
	for _, read := range []func(_, body object) *frame.Reply{
		c.readWhat, c.readCount, c.readWhere, c.readNets, c.readGroups,
	} {
		if r := read(request, body); r != nil {
			return nil, r
		}
	}
	o, r := c.compute.ReadOrder(object{"server": body})
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	if !o.Fits() {
		return nil, failedHeader(20001, "No available IP")
	}
	first, r := c.compute.Launch(o, c.Now)
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	return object{"instance": brief(first)}, nil
}

var instanceName = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// readWhat reads name, flavor, image and volume.
func (c *call) readWhat(request, body object) *frame.Reply {
	texts, r := texts(request, "name", "flavor", "image")
	if r != nil {
		return r
	}
	name := texts[0]
	f, img := c.compute.Region.Flavor(texts[1]), c.images.Find(c.Place(), texts[2])
	switch {
	case f == nil:
		return areaFlavor.notFound("Flavor", texts[1])
	case img == nil:
		return areaImage.notFound("Image", texts[2])
	}
	most := 20
	if img.Windows() {
		most = 12
	}
	if len(name) > most || !instanceName.MatchString(name) {
		return badParameters("name must have at most %d letters, digits, hyphens and dots", most)
	}
	body["name"], body["flavorRef"] = name, f.ID
	volume, given := request["volume"]
	if f.Local() {
		if given && volume != nil {
			return badParameters("volume can't be given for flavor %s", f.Name)
		}
		body["imageRef"] = img.ID
		return nil
	}
	root := frame.Sub(request, "volume")
	size, kind, r := volumeSpec(root["size"], root["type"])
	switch {
	case r != nil:
		return r
	case size < img.MinDisk:
		return badParameters("size must be at least the %d GB of the image", img.MinDisk)
	}
	body["block_device_mapping_v2"] = []any{object{
		"source_type": "image", "destination_type": "volume", "uuid": img.ID, "boot_index": "0",
		"volume_size": strconv.Itoa(size), "volume_type": kind, "delete_on_termination": true,
	}}
	return nil
}

func (c *call) readCount(request, body object) *frame.Reply {
	v, ok := request["count"]
	if !ok || v == nil {
		return nil
	}
	n, ok := frame.AsInt(v)
	if most := c.service.Compute.Config.MaxCount; !ok || n < 1 || n > most {
		return badParameters("count must be 1 to %d", most)
	}
	body["min_count"], body["max_count"] = strconv.Itoa(n), strconv.Itoa(n)
	return nil
}

// readWhere reads availability zone and key pair.
func (c *call) readWhere(request, body object) *frame.Reply {
	texts, r := texts(request, "availabilityZone", "keyName")
	switch {
	case r != nil:
		return r
	case !slices.Contains(c.Region.Zones, texts[0]):
		return areaZone.notFound("Availability zone", texts[0])
	case c.compute.Region.Keys[texts[1]] == nil:
		return areaKeyPair.notFound("Keypair", texts[1])
	}
	body["availability_zone"], body["key_name"] = texts[0], texts[1]
	return nil
}

// readNets reads the networks, each given by its id or that of a subnet.
func (c *call) readNets(request, body object) *frame.Reply {
	list, _ := request["networks"].([]any)
	var nets []any
	for _, e := range list {
		m, _ := e.(object)
		id, subnetID := frame.Str(m, "id"), frame.Str(m, "subnetId")
		switch {
		case id == "" && subnetID == "":
			return badParameters("networks needs id or subnetId")
		case id != "" && !slices.ContainsFunc(c.network.Networks, func(n *network.Network) bool { return n.ID == id }):
			return failedHeader(20004, "No accessible network: %s", id)
		case subnetID == "":
			nets = append(nets, object{"uuid": id})
			continue
		}
		all := c.network.Subnets()
		i := slices.IndexFunc(all, func(sn *network.Subnet) bool { return sn.ID == subnetID })
		switch {
		case i < 0:
			return areaSubnet.notFound("Subnet", subnetID)
		case id != "" && id != all[i].Network.ID:
			return badParameters("subnet %s is not in network %s", subnetID, id)
		}
		nets = append(nets, object{"subnet": subnetID})
	}
	if len(nets) == 0 {
		return badParameters("networks is missing")
	}
	body["networks"] = nets
	return nil
}

func (c *call) readGroups(request, body object) *frame.Reply {
	list, _ := request["securityGroups"].([]any)
	if len(list) == 0 {
		return badParameters("securityGroups is missing")
	}
	for _, e := range list {
		m, _ := e.(object)
		names, r := texts(m, "name")
		if r != nil {
			return r
		}
		if _, r := c.compute.SecurityGroup(names[0]); r != nil {
			return areaSecurityGroup.relay(r)
		}
	}
	body["security_groups"] = list
	return nil
}

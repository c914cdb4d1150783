package nhncloudtest

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
)

func listZonesV1(c *call) (object, *reply) {
	zones := []object{}
	for _, z := range c.region.zones {
		zones = append(zones, object{"zoneName": z, "zoneState": object{"available": true}})
	}
	return object{"zones": zones}, nil
}

func listFlavorsV1(c *call) (object, *reply) {
	flavors := []object{}
	for _, f := range c.region.flavors {
		o := object{
			"id": f.ID, "name": f.Name, "type": f.ExtraSpecs["flavor_type"], "vcpus": f.VCPUs, "ram": f.RAM,
			"ephemeral": f.Ephemeral, "disabled": false, "isPublic": true,
		}
		if f.local() {
			o["volumeSize"] = f.Disk
		} else {
			o["maxVolumeSize"] = maxVolumeSize
		}
		flavors = append(flavors, o)
	}
	return object{"flavors": flavors}, nil
}

// instance finds an instance.
func (c *call) instance(id string) (*server, *reply) {
	if v := c.project.byID[id]; v != nil {
		return v, nil
	}
	return nil, areaInstance.notFound("Instance", id)
}

// statusV1 is what v1.0 calls the status. Where it has no word for it, it is
// that of v2.
func (v *server) statusV1() string {
	switch v.task {
	case "powering-on":
		return "POWERING_ON"
	case "powering-off":
		return "POWERING_OFF"
	case "deleting":
		return "DELETING"
	}
	switch status := v.status(); status {
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

func (v *server) briefV1() object {
	return object{"id": v.id, "name": v.name, "status": v.statusV1()}
}

func (v *server) bodyV1() object {
	addresses, attachments, security := []object{}, []object{}, []object{}
	if v.placed {
		for _, p := range v.ports {
			var floating any
			if f := v.project.floatingIPOf(p.id); f != nil {
				floating = f.ip.String()
			}
			addresses = append(addresses, object{
				"macAddress": p.mac, "ipAddress": p.ip.String(), "version": 4, "floatingIpAddress": floating,
			})
		}
	}
	root := object{"size": v.flavor.Disk, "type": nil} // on a disk of the host
	for _, a := range v.attached {
		if a.root {
			root = object{"size": a.volume.size, "type": a.volume.kind}
			continue
		}
		attachments = append(attachments, object{
			"id": a.volume.id, "name": a.volume.nameValue(), "size": a.volume.size, "type": a.volume.kind,
		})
	}
	for _, g := range v.security {
		security = append(security, object{"name": g.name})
	}
	var image any
	if v.image != nil {
		image = v.image.id
	}
	return object{
		"id": v.id, "name": v.name, "status": v.statusV1(), "addresses": addresses, "availabilityZone": v.zone,
		"flavor": object{"id": v.flavor.ID, "name": v.flavor.Name, "cpu": v.flavor.VCPUs, "ram": v.flavor.RAM},
		"image":  image, "metadata": v.metadata, "keyName": nullable(v.key), "securityGroups": security,
		"volumes":    object{"root": root, "attachments": attachments},
		"launchedAt": orNull(v.launched, micros), "createdAt": seconds(v.created), "updatedAt": seconds(v.updated),
	}
}

func listInstances(c *call) (object, *reply)       { return c.listInstances((*server).briefV1) }
func listInstancesDetail(c *call) (object, *reply) { return c.listInstances((*server).bodyV1) }

// listInstances shows all instances, the newest first, or one.
func (c *call) listInstances(body func(*server) object) (object, *reply) {
	all := slices.Clone(c.project.servers)
	slices.Reverse(all)
	list, r := listV1(c, "Instance", all, func(v *server) string { return v.id }, body)
	return object{"instances": list}, r
}

func deleteInstance(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	v, r := c.instance(id)
	if r != nil {
		return nil, r
	}
	return nil, areaInstance.relay(c.destroy(v))
}

// createInstance turns a request into one of compute v2.
func createInstance(c *call) (object, *reply) {
	request, r := c.request("instance")
	if r != nil {
		return nil, r
	}
	body := object{}
	for _, read := range []func(_, body object) *reply{
		c.readWhat, c.readCount, c.readWhere, c.readNets, c.readGroups,
	} {
		if r := read(request, body); r != nil {
			return nil, r
		}
	}
	c.body = object{"server": body}
	o, r := c.readOrder()
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	for _, n := range o.nics {
		if n.free() < o.max {
			return nil, failedHeader(20001, "No available IP")
		}
	}
	first, r := c.launch(o)
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	return object{"instance": first.briefV1()}, nil
}

// free is how many addresses are left for new servers.
func (n nic) free() int {
	sum := 0
	for _, sn := range n.subnets {
		sum += sn.free()
	}
	return sum
}

var instanceName = regexp.MustCompile(`^[A-Za-z0-9.-]+$`)

// readWhat reads name, flavor, image and volume.
func (c *call) readWhat(request, body object) *reply {
	texts, r := texts(request, "name", "flavor", "image")
	if r != nil {
		return r
	}
	name := texts[0]
	f, img := c.region.flavor(texts[1]), c.project.image(texts[2])
	switch {
	case f == nil:
		return areaFlavor.notFound("Flavor", texts[1])
	case img == nil:
		return areaImage.notFound("Image", texts[2])
	}
	most := 20
	if img.windows() {
		most = 12
	}
	if len(name) > most || !instanceName.MatchString(name) {
		return badParameters("name must have at most %d letters, digits, hyphens and dots", most)
	}
	body["name"], body["flavorRef"] = name, f.ID
	volume, given := request["volume"]
	if f.local() {
		if given && volume != nil {
			return badParameters("volume can't be given for flavor %s", f.Name)
		}
		body["imageRef"] = img.id
		return nil
	}
	root := sub(request, "volume")
	size, kind, r := volumeSpec(root["size"], root["type"])
	switch {
	case r != nil:
		return r
	case size < img.minDisk:
		return badParameters("size must be at least the %d GB of the image", img.minDisk)
	}
	body["block_device_mapping_v2"] = []any{object{
		"source_type": "image", "destination_type": "volume", "uuid": img.id, "boot_index": "0",
		"volume_size": strconv.Itoa(size), "volume_type": kind, "delete_on_termination": true,
	}}
	return nil
}

func (c *call) readCount(request, body object) *reply {
	v, ok := request["count"]
	if !ok || v == nil {
		return nil
	}
	n, ok := asInt(v)
	if most := c.srv.config.maxCount; !ok || n < 1 || n > most {
		return badParameters("count must be 1 to %d", most)
	}
	body["min_count"], body["max_count"] = strconv.Itoa(n), strconv.Itoa(n)
	return nil
}

// readWhere reads availability zone and key pair.
func (c *call) readWhere(request, body object) *reply {
	texts, r := texts(request, "availabilityZone", "keyName")
	switch {
	case r != nil:
		return r
	case !slices.Contains(c.region.zones, texts[0]):
		return areaZone.notFound("Availability zone", texts[0])
	case c.region.keys[texts[1]] == nil:
		return areaKeyPair.notFound("Keypair", texts[1])
	}
	body["availability_zone"], body["key_name"] = texts[0], texts[1]
	return nil
}

// readNets reads the networks, each given by its id or that of a subnet.
func (c *call) readNets(request, body object) *reply {
	list, _ := request["networks"].([]any)
	var nets []any
	for _, e := range list {
		m, _ := e.(object)
		id, subnetID := str(m, "id"), str(m, "subnetId")
		switch {
		case id == "" && subnetID == "":
			return badParameters("networks needs id or subnetId")
		case id != "" && !slices.ContainsFunc(c.project.networks, func(n *network) bool { return n.id == id }):
			return failedHeader(20004, "No accessible network: %s", id)
		case subnetID == "":
			nets = append(nets, object{"uuid": id})
			continue
		}
		all := c.project.subnets()
		i := slices.IndexFunc(all, func(sn *subnet) bool { return sn.id == subnetID })
		switch {
		case i < 0:
			return areaSubnet.notFound("Subnet", subnetID)
		case id != "" && id != all[i].network.id:
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

func (c *call) readGroups(request, body object) *reply {
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
		if _, r := c.project.securityGroupNamed(names[0]); r != nil {
			return areaSecurityGroup.relay(r)
		}
	}
	body["security_groups"] = list
	return nil
}

// Actions.

type instanceAction struct {
	operation string // the end of it
	handle    func(c *call, v *server, parameters object) (object, *reply)
}

// instanceActions are what the action of a body can say.
var instanceActions = map[string]instanceAction{
	"start": {"start", func(c *call, v *server, _ object) (object, *reply) {
		return nil, areaInstance.relay(c.start(v))
	}},
	"stop": {"stop", func(c *call, v *server, _ object) (object, *reply) {
		return nil, areaInstance.relay(c.stop(v))
	}},
	"reboot": {"reboot", func(c *call, v *server, parameters object) (object, *reply) {
		kind := str(parameters, "type")
		if kind != "SOFT" && kind != "HARD" {
			return nil, badParameters("type must be SOFT or HARD")
		}
		return nil, areaInstance.relay(c.reboot(v, kind == "HARD"))
	}},
	"resize": {"resize", func(c *call, v *server, parameters object) (object, *reply) {
		refs, r := texts(parameters, "flavor")
		if r != nil {
			return nil, r
		}
		to := c.region.flavor(refs[0])
		if to == nil {
			return nil, areaFlavor.notFound("Flavor", refs[0])
		}
		return nil, areaInstance.relay(c.resize(v, to))
	}},
	"uploadImage":         {"upload-image", uploadImage},
	"addFloatingIp":       {"add-floating-ip", addFloatingIP},
	"removeFloatingIp":    {"remove-floating-ip", removeFloatingIP},
	"addSecurityGroup":    {"add-security-group", groupAction((*call).addGroup)},
	"removeSecurityGroup": {"remove-security-group", groupAction((*call).removeGroup)},
}

// actV1 runs an action on the instance of the path.
func (c *call) actV1(do func(c *call, v *server, parameters object) (object, *reply)) (object, *reply) {
	v, r := c.instance(c.value("instanceId"))
	if r != nil {
		return nil, r
	}
	return do(c, v, sub(c.body, "parameters"))
}

func unknownInstanceAction(c *call) (object, *reply) {
	if _, r := c.instance(c.value("instanceId")); r != nil {
		return nil, r
	}
	if str(c.body, "action") == "" {
		return nil, badParameters("action is missing")
	}
	return nil, badParameters("there is no action %s", str(c.body, "action"))
}

func uploadImage(c *call, v *server, parameters object) (object, *reply) {
	names, r := texts(parameters, "name")
	if r == nil {
		r = areaInstance.relay(v.ready("uploadImage", vmStopped))
	}
	if r != nil {
		return nil, r
	}
	gb := v.flavor.Disk
	for _, a := range v.attached {
		if a.root {
			gb = a.volume.size
		}
	}
	img := c.saveImage(v, names[0], gb)
	return object{"createdImage": object{"id": img.id, "name": img.name}}, nil
}

func addFloatingIP(c *call, v *server, parameters object) (object, *reply) {
	texts, r := texts(parameters, "address", "ipAddress")
	if r != nil {
		return nil, r
	}
	f := c.project.floatingIPAt(texts[0])
	if f == nil {
		return nil, areaFloatingIP.notFound("Floating IP", texts[0])
	}
	if !v.placed || v.task == "deleting" {
		return nil, areaInstance.refused(http.StatusConflict, "Cannot 'addFloatingIp' instance %s while it is %s", v.id, v.statusV1())
	}
	return nil, areaFloatingIP.relay(f.bind(v, texts[1]))
}

func removeFloatingIP(c *call, v *server, parameters object) (object, *reply) {
	texts, r := texts(parameters, "address")
	if r != nil {
		return nil, r
	}
	f := c.project.floatingIPAt(texts[0])
	if f == nil {
		return nil, areaFloatingIP.notFound("Floating IP", texts[0])
	}
	return nil, areaFloatingIP.relay(f.unbind(v))
}

func groupAction(do func(*call, *server, *securityGroup) *reply) func(*call, *server, object) (object, *reply) {
	return func(c *call, v *server, parameters object) (object, *reply) {
		names, r := texts(parameters, "name")
		if r != nil {
			return nil, r
		}
		g, r := c.project.securityGroupNamed(names[0])
		if r == nil {
			r = do(c, v, g)
		}
		return nil, areaSecurityGroup.relay(r)
	}
}

// Attachments.

func attachVolumeV1(c *call) (object, *reply) {
	v, r := c.instance(c.value("instanceId"))
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
	vol := c.project.volume(ids[0])
	if vol == nil {
		return nil, areaVolume.notFound("Volume", ids[0])
	}
	if r := vol.free(); r != nil {
		return nil, areaVolume.conflict(r)
	}
	a, r := c.plug(v, vol)
	if r != nil {
		return nil, areaInstance.relay(r)
	}
	return object{"attachment": object{"device": a.device, "id": a.id(), "volumeId": vol.id}}, nil
}

func detachVolumeV1(c *call) (object, *reply) {
	v, r := c.instance(c.value("instanceId"))
	if r != nil {
		return nil, r
	}
	id, r := c.queried("volumeId")
	if r != nil {
		return nil, r
	}
	for _, a := range v.attached {
		switch {
		case a.volume.id != id:
		case a.root:
			return nil, areaInstance.refused(http.StatusBadRequest, "Cannot detach a root device volume")
		default:
			return nil, areaVolume.conflict(c.unplug(a))
		}
	}
	return nil, areaVolume.notFound("Volume attachment", id)
}

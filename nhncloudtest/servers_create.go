package nhncloudtest

import (
	"cmp"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// order is a request for new servers, looked through.
type order struct {
	name             string
	min, max         int
	flavor           *flavor
	image            *image
	zone             string
	key              string
	metadata         map[string]string
	devices          []*blockDevice
	security         []*securityGroup
	nics             []nic
	group            *serverGroup
	wantsReservation bool
}

// blockDevice is an element of block_device_mapping_v2.
type blockDevice struct {
	source, destination, id string
	volumeType              string
	boot                    int // 0 is the root, -1 none
	size                    int
	deleteOnTermination     bool
	encrypted               bool
	image                   *image
	volume                  *volume
}

const invalidBoot = "Block Device Mapping is Invalid: Boot sequence for the instance and " +
	"image/block device mapping combination is not valid."

func createServer(c *call) reply {
	o, r := c.readOrder()
	if r != nil {
		return *r
	}
	first, r := c.launch(o)
	if r != nil {
		return *r
	}
	if o.wantsReservation {
		return answer(http.StatusAccepted, object{"reservation_id": first.reservation})
	}
	security := []object{}
	for _, g := range first.security {
		security = append(security, object{"name": g.name})
	}
	links := c.computeLinks("servers", first.id)
	rep := answer(http.StatusAccepted, object{"server": object{
		"id": first.id, "links": links, "security_groups": security,
	}})
	rep.header.Set("Location", links[0]["href"].(string))
	return rep
}

// launch makes the servers of an order, as many as the quota allows, and
// returns the first one.
func (c *call) launch(o *order) (*server, *reply) {
	n, r := c.srv.affordable(c.project, o)
	if r != nil {
		return nil, r
	}
	reservation := "r-" + newHexID()[:8]
	var first *server
	for i := range n {
		name := o.name
		if o.max > 1 {
			name = fmt.Sprintf("%s-%d", o.name, i+1)
		}
		v, r := c.srv.place(c.project, o, name, c.now)
		if r != nil {
			return nil, r
		}
		v.reservation = reservation
		if first == nil {
			first = v
		}
		c.srv.boot(v, c.now)
	}
	return first, nil
}

// place makes a server with its ports and volumes, in the state in which its
// life begins.
func (s *Server) place(p *project, o *order, name string, now time.Time) (*server, *reply) {
	v := &server{
		id: newID(), name: name, project: p, flavor: o.flavor, image: o.image, zone: o.zone, key: o.key,
		security: o.security, metadata: map[string]string{}, vm: vmBuilding, task: "scheduling",
		created: now, updated: now,
	}
	if v.zone == "" {
		v.zone = p.region.zones[len(p.servers)%len(p.region.zones)]
	}
	if o.image != nil {
		maps.Copy(v.metadata, o.image.serverMetadata())
	}
	maps.Copy(v.metadata, o.metadata)
	for _, n := range o.nics {
		pt, r := n.connect(v.id)
		if r != nil {
			for _, pt := range v.ports {
				delete(pt.subnet.used, pt.ip)
			}
			return nil, r
		}
		v.ports = append(v.ports, pt)
	}
	for _, d := range o.devices {
		if d.destination != "volume" {
			continue
		}
		vol := d.volume
		if vol == nil {
			vol = &volume{
				id: newID(), size: d.size, zone: v.zone, kind: cmp.Or(d.volumeType, defaultVolumeType),
				status: volumeCreating, bootable: d.image != nil, encrypted: d.encrypted,
				image: d.image, created: now, metadata: map[string]string{},
			}
			p.volumes = append(p.volumes, vol)
		} else {
			vol.status = volumeAttaching
		}
		v.attach(vol, now).deleteOnTermination = d.deleteOnTermination
		v.attached[len(v.attached)-1].root = d.boot == 0
	}
	if o.group != nil {
		o.group.members = append(o.group.members, v.id)
	}
	p.servers = append(p.servers, v)
	p.byID[v.id] = v
	return v, nil
}

// boot lets a server come up: scheduled at once, spawning in the middle,
// active at the end of the transition.
func (s *Server) boot(v *server, now time.Time) {
	v.pending = s.agenda.plan(now.Add(s.config.transition/2), func(at time.Time) {
		v.task, v.placed, v.updated = "spawning", true, at
		rest := s.config.transition - s.config.transition/2
		v.pending = s.agenda.plan(at.Add(rest), func(at time.Time) { v.built(at) })
	})
}

func (v *server) built(at time.Time) {
	v.task, v.updated = "", at
	v.running(at)
	for _, a := range v.attached {
		a.volume.status = volumeInUse
	}
}

// affordable is how many of the servers asked for the quota allows.
func (s *Server) affordable(p *project, o *order) (int, *reply) {
	q := s.config.quota
	var cores, ram int
	for _, v := range p.servers {
		cores += v.flavor.VCPUs
		ram += v.flavor.RAM
	}
	type resource struct {
		name              string
		used, each, limit int
	}
	resources := []resource{
		{"cores", cores, o.flavor.VCPUs, q.VCPUs},
		{"instances", len(p.servers), 1, q.Servers},
		{"ram", ram, o.flavor.RAM, q.RAM},
	}
	var over []resource
	for n := o.max; n >= o.min; n-- {
		over = slices.DeleteFunc(slices.Clone(resources), func(r resource) bool {
			return r.limit == 0 || r.used+n*r.each <= r.limit
		})
		if len(over) == 0 {
			return n, nil
		}
	}
	var names, asked, used, limits []string
	for _, r := range over {
		names = append(names, r.name)
		asked = append(asked, fmt.Sprint(o.min*r.each))
		used = append(used, fmt.Sprint(r.used))
		limits = append(limits, fmt.Sprint(r.limit))
	}
	list := func(s []string) string { return strings.Join(s, ", ") }
	return 0, refused(http.StatusForbidden, "Quota exceeded for %s: Requested %s, but already used %s of %s %s",
		list(names), list(asked), list(used), list(limits), list(names))
}

// readOrder looks through the body of a create request.
func (c *call) readOrder() (*order, *reply) {
	body := sub(c.body, "server")
	if body == nil {
		return nil, required("", c.body, "server")
	}
	for _, key := range []string{"name", "flavorRef", "networks"} {
		if _, ok := body[key]; !ok {
			return nil, required("server", body, key)
		}
	}
	o := &order{}
	for _, read := range []func(object, *order) *reply{
		c.readName, c.readCounts, c.readUserData, c.readFlavor, c.readPlace, c.readImage, c.readDevices,
		c.checkBoot, c.readSecurity, c.readNetworks, c.readGroup,
	} {
		if r := read(body, o); r != nil {
			return nil, r
		}
	}
	return o, nil
}

func (c *call) readName(body object, o *order) *reply {
	if r := checkName(body["name"]); r != nil {
		return r
	}
	o.name = strings.TrimSpace(str(body, "name"))
	meta, ok := body["metadata"]
	if !ok {
		return nil
	}
	pairs, ok := meta.(object)
	if !ok {
		return invalid("metadata", meta, pyRepr(meta)+" is not of type 'object'")
	}
	if r := checkMetadata("metadata", pairs); r != nil {
		return r
	}
	o.metadata = map[string]string{}
	for k := range pairs {
		o.metadata[k] = str(pairs, k)
	}
	return nil
}

func (c *call) readCounts(body object, o *order) *reply {
	o.min, o.max = 1, 0
	most := c.srv.config.maxCount
	for name, count := range map[string]*int{"min_count": &o.min, "max_count": &o.max} {
		v, ok := body[name]
		if !ok {
			continue
		}
		n, ok := asInt(v)
		switch {
		case !ok:
			return invalid(name, v, pyRepr(v)+" is not of type 'integer'")
		case n < 1:
			return invalid(name, v, fmt.Sprintf("%d is less than the minimum of 1", n))
		case n > most:
			return invalid(name, v, fmt.Sprintf("%d is greater than the maximum of %d", n, most))
		}
		*count = n
	}
	if o.max == 0 {
		o.max = o.min
	}
	if o.min > o.max {
		return badRequest("min_count must be <= max_count")
	}
	if v, ok := body["return_reservation_id"]; ok {
		o.wantsReservation, ok = asBool(v)
		if !ok {
			return invalid("return_reservation_id", v, pyRepr(v)+" is not of type 'boolean'")
		}
	}
	return nil
}

func (c *call) readUserData(body object, _ *order) *reply {
	v, ok := body["user_data"]
	if !ok || v == nil {
		return nil
	}
	data, ok := v.(string)
	if !ok {
		return invalid("user_data", v, pyRepr(v)+" is not of type 'string'")
	}
	const most = 65535
	if len(data) > most {
		return invalid("user_data", v, "'"+shorten(data)+"' is too long")
	}
	if _, err := base64.StdEncoding.DecodeString(data); err != nil {
		return invalid("user_data", v, "'"+shorten(data)+"' is not a 'base64'")
	}
	return nil
}

func (c *call) readFlavor(body object, o *order) *reply {
	ref := fmt.Sprint(body["flavorRef"])
	if o.flavor = c.region.flavor(ref); o.flavor == nil {
		return badRequest("Flavor %s could not be found.", ref)
	}
	return nil
}

func (c *call) readPlace(body object, o *order) *reply {
	o.zone, o.key = str(body, "availability_zone"), str(body, "key_name")
	if o.zone != "" && !slices.Contains(c.region.zones, o.zone) {
		return badRequest("The requested availability zone is not available")
	}
	if o.key != "" && c.region.keys[o.key] == nil {
		return badRequest("Invalid key_name provided.")
	}
	return nil
}

func (c *call) readImage(body object, o *order) *reply {
	v, ok := body["imageRef"]
	if !ok {
		if devices, _ := body["block_device_mapping_v2"].([]any); len(devices) == 0 {
			return badRequest("Invalid imageRef provided.")
		}
		return nil
	}
	ref, _ := v.(string)
	if ref == "" {
		return badRequest("Invalid imageRef provided.")
	}
	if o.image = c.project.image(ref); o.image == nil {
		return badRequest("Can not find requested image")
	}
	return nil
}

func (c *call) readDevices(body object, o *order) *reply {
	v, ok := body["block_device_mapping_v2"]
	if !ok {
		return nil
	}
	list, ok := v.([]any)
	if !ok {
		return invalid("block_device_mapping_v2", v, pyRepr(v)+" is not of type 'array'")
	}
	for i, e := range list {
		m, ok := e.(object)
		if !ok {
			return invalid(fmt.Sprintf("block_device_mapping_v2/%d", i), e, pyRepr(e)+" is not of type 'object'")
		}
		d, r := c.readDevice(m, o)
		if r != nil {
			return r
		}
		o.devices = append(o.devices, d)
	}
	return nil
}

func (c *call) readDevice(m object, o *order) (*blockDevice, *reply) {
	d := &blockDevice{source: str(m, "source_type"), destination: str(m, "destination_type"), id: str(m, "uuid"), boot: -1}
	sources := []string{"volume", "image", "snapshot", "blank"}
	if !slices.Contains(sources, d.source) {
		return nil, invalid("source_type", m["source_type"],
			pyRepr(m["source_type"])+" is not one of ['"+strings.Join(sources, "', '")+"']")
	}
	switch d.destination {
	case "":
		d.destination = "local"
		if d.source == "volume" || d.source == "snapshot" {
			d.destination = "volume"
		}
	case "local", "volume":
	default:
		return nil, invalid("destination_type", d.destination, "'"+d.destination+"' is not one of ['local', 'volume']")
	}
	for key, field := range map[string]*int{"boot_index": &d.boot, "volume_size": &d.size} {
		v := m[key]
		if v == nil || v == "" {
			continue
		}
		n, ok := asInt(v)
		if !ok {
			return nil, invalid(key, v, pyRepr(v)+" is not of type 'integer'")
		}
		*field = n
	}
	if v, ok := m["delete_on_termination"]; ok {
		d.deleteOnTermination, ok = asBool(v)
		if !ok {
			return nil, invalid("delete_on_termination", v, pyRepr(v)+" is not of type 'boolean', 'string'")
		}
	}
	d.encrypted = sub(m, "nhn_encryption") != nil
	if d.source != "blank" && d.id == "" {
		return nil, badRequest("Block Device Mapping is Invalid: Missing device UUID.")
	}
	if d.volumeType = str(m, "volume_type"); d.volumeType != "" && c.region.volumeType(d.volumeType) == nil {
		return nil, badRequest("Volume type %s could not be found.", d.volumeType)
	}
	return d, c.resolveDevice(d, o)
}

// resolveDevice finds what a device is made of.
func (c *call) resolveDevice(d *blockDevice, o *order) *reply {
	switch d.source {
	case "snapshot":
		return badRequest("Block Device Mapping is Invalid: failed to get snapshot %s.", d.id)
	case "image":
		if d.image = c.project.image(d.id); d.image == nil {
			return badRequest("Block Device Mapping is Invalid: failed to get image %s.", d.id)
		}
		if d.destination == "local" {
			return nil
		}
		if d.size == 0 {
			return badRequest("Images with destination_type 'volume' need to have a non-zero size specified")
		}
		if d.size < d.image.minDisk {
			return badRequest("Volume is smaller than the minimum size specified in image metadata. "+
				"Volume size is %d bytes, minimum size is %d bytes.", d.size<<30, d.image.minDisk<<30)
		}
	case "blank":
		if d.destination == "volume" && d.size == 0 {
			return badRequest("Blank volumes (source: 'blank', dest: 'volume') need to have non-zero size")
		}
	case "volume":
		if d.volume = c.project.volume(d.id); d.volume == nil {
			return badRequest("Block Device Mapping is Invalid: failed to get volume %s.", d.id)
		}
		if o.max > 1 {
			return badRequest("Cannot attach one or more volumes to multiple instances")
		}
		if r := d.volume.free(); r != nil {
			return r
		}
		if o.zone != "" && o.zone != d.volume.zone {
			return badRequest("Invalid volume: Instance %s and volume %s are not in the same availability_zone. "+
				"Instance is in %s. Volume is in %s", o.name, d.id, o.zone, d.volume.zone)
		}
		o.zone = d.volume.zone
	}
	return nil
}

// checkBoot makes sure that there is one thing to boot from and that the
// flavor can.
func (c *call) checkBoot(_ object, o *order) *reply {
	var root *blockDevice
	for _, d := range o.devices {
		if d.boot != 0 {
			continue
		}
		if root != nil {
			return badRequest(invalidBoot)
		}
		root = d
	}
	switch {
	case root == nil && (!o.flavor.local() || o.image == nil):
		return badRequest(invalidBoot)
	case root == nil:
	case o.flavor.local() && (root.source != "image" || root.destination != "local"):
		return badRequest(invalidBoot)
	case !o.flavor.local() && (root.source == "blank" || root.destination != "volume"):
		return badRequest(invalidBoot)
	case root.volume != nil && !root.volume.bootable:
		return badRequest("Block Device Mapping is Invalid: Volume %s is not bootable.", root.id)
	case root.image != nil:
		o.image = root.image
	}
	img := o.image
	switch {
	case img == nil:
	case img.status != "active":
		return badRequest("Image %s is not active.", img.id)
	case img.windows() && o.flavor.local():
		return badRequest("Flavor %s cannot boot Windows images.", o.flavor.Name)
	case img.windows() && len(o.name) > 15:
		return badRequest("Names of Windows instances have at most 15 characters.")
	case img.minRAM > o.flavor.RAM:
		return badRequest("Flavor's memory is too small for requested image.")
	case o.flavor.local() && o.flavor.Disk < img.minDisk:
		return badRequest("Flavor's disk is smaller than the minimum size specified in image metadata. "+
			"Flavor disk is %d bytes, minimum size is %d bytes.", o.flavor.Disk<<30, img.minDisk<<30)
	}
	return nil
}

func (c *call) readSecurity(body object, o *order) *reply {
	v, ok := body["security_groups"]
	list, isList := v.([]any)
	if ok && !isList {
		return invalid("security_groups", v, pyRepr(v)+" is not of type 'array'")
	}
	if len(list) == 0 {
		o.security = c.project.defaultSecurity()
		return nil
	}
	for _, e := range list {
		m, _ := e.(object)
		g, r := c.project.securityGroupNamed(str(m, "name"))
		switch {
		case r != nil && r.status == http.StatusNotFound:
			return badRequest("%s", r.message)
		case r != nil:
			return r
		}
		if !slices.Contains(o.security, g) {
			o.security = append(o.security, g)
		}
	}
	return nil
}

func (c *call) readNetworks(body object, o *order) *reply {
	list, ok := body["networks"].([]any)
	if !ok {
		return invalid("networks", body["networks"], pyRepr(body["networks"])+" is not of type 'array'")
	}
	if len(list) == 0 {
		return invalid("networks", list, "[] is too short")
	}
	for _, e := range list {
		m, _ := e.(object)
		n, r := c.project.nic(m)
		if r != nil {
			return r
		}
		if n.fixed.IsValid() && o.max > 1 {
			return badRequest("Invalid fixed IP Address %s: multiple instances are asked for.", n.fixed)
		}
		o.nics = append(o.nics, n)
	}
	return nil
}

func (c *call) readGroup(_ object, o *order) *reply {
	hints := sub(c.body, "os:scheduler_hints")
	v, ok := hints["group"]
	if !ok {
		return nil
	}
	id, _ := v.(string)
	if o.group = c.project.group(id); o.group == nil {
		return badRequest("Instance group %s could not be found.", id)
	}
	return nil
}

package compute

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// ReadOrder looks through the body of a create request.
func (p *Project) ReadOrder(request object) (*Order, *frame.Reply) {
	body := frame.Sub(request, "server")
	if body == nil {
		return nil, frame.Required("", request, "server")
	}
	for _, key := range []string{"name", "flavorRef", "networks"} {
		if _, ok := body[key]; !ok {
			return nil, frame.Required("server", body, key)
		}
	}
	o := &Order{}
	for _, read := range []func(object, *Order) *frame.Reply{
		p.readName, p.readCounts, p.readUserData, p.readFlavor, p.readPlace, p.readImage, p.readDevices,
		p.checkBoot, p.readSecurity, p.readNetworks,
	} {
		if r := read(body, o); r != nil {
			return nil, r
		}
	}
	return o, p.readGroup(frame.Sub(request, "os:scheduler_hints"), o)
}

func (p *Project) readName(body object, o *Order) *frame.Reply {
	if r := checkName(body["name"]); r != nil {
		return r
	}
	o.name = strings.TrimSpace(frame.Str(body, "name"))
	meta, ok := body["metadata"]
	if !ok {
		return nil
	}
	var r *frame.Reply
	o.metadata, r = frame.ReadMetadata("metadata", meta)
	return r
}

func (p *Project) readCounts(body object, o *Order) *frame.Reply {
	o.min, o.max = 1, 0
	most := p.service.Config.MaxCount
	for name, count := range map[string]*int{"min_count": &o.min, "max_count": &o.max} {
		v, ok := body[name]
		if !ok {
			continue
		}
		n, ok := frame.AsInt(v)
		switch {
		case !ok:
			return frame.Invalid(name, v, frame.PyRepr(v)+" is not of type 'integer'")
		case n < 1:
			return frame.Invalid(name, v, fmt.Sprintf("%d is less than the minimum of 1", n))
		case n > most:
			return frame.Invalid(name, v, fmt.Sprintf("%d is greater than the maximum of %d", n, most))
		}
		*count = n
	}
	if o.max == 0 {
		o.max = o.min
	}
	if o.min > o.max {
		return frame.BadRequest("min_count must be <= max_count")
	}
	if v, ok := body["return_reservation_id"]; ok {
		o.wantsReservation, ok = frame.AsBool(v)
		if !ok {
			return frame.Invalid("return_reservation_id", v, frame.PyRepr(v)+" is not of type 'boolean'")
		}
	}
	return nil
}

func (p *Project) readUserData(body object, _ *Order) *frame.Reply {
	v, ok := body["user_data"]
	if !ok || v == nil {
		return nil
	}
	data, ok := v.(string)
	if !ok {
		return frame.Invalid("user_data", v, frame.PyRepr(v)+" is not of type 'string'")
	}
	const most = 65535
	if len(data) > most {
		return frame.Invalid("user_data", v, "'"+frame.Shorten(data)+"' is too long")
	}
	if _, err := base64.StdEncoding.DecodeString(data); err != nil {
		return frame.Invalid("user_data", v, "'"+frame.Shorten(data)+"' is not a 'base64'")
	}
	return nil
}

func (p *Project) readFlavor(body object, o *Order) *frame.Reply {
	ref := fmt.Sprint(body["flavorRef"])
	if o.flavor = p.Region.Flavor(ref); o.flavor == nil {
		return frame.BadRequest("Flavor %s could not be found.", ref)
	}
	return nil
}

func (p *Project) readPlace(body object, o *Order) *frame.Reply {
	o.zone, o.key = frame.Str(body, "availability_zone"), frame.Str(body, "key_name")
	if o.zone != "" && !slices.Contains(p.Place.Region.Zones, o.zone) {
		return frame.BadRequest("The requested availability zone is not available")
	}
	if o.key != "" && p.Region.Keys[o.key] == nil {
		return frame.BadRequest("Invalid key_name provided.")
	}
	return nil
}

func (p *Project) readImage(body object, o *Order) *frame.Reply {
	v, given := body["imageRef"]
	ref, isText := v.(string)
	devices, _ := body["block_device_mapping_v2"].([]any)
	switch {
	case given && !isText:
		return frame.Invalid("imageRef", v, frame.PyRepr(v)+" is not of type 'string'")
	case ref == "" && len(devices) > 0:
		return nil // an empty one is none, which is how most clients put it
	case ref == "":
		return frame.BadRequest("Invalid imageRef provided.")
	}
	if o.image = p.image(ref); o.image == nil {
		return frame.BadRequest("Can not find requested image")
	}
	return nil
}

func (p *Project) readSecurity(body object, o *Order) *frame.Reply {
	v, ok := body["security_groups"]
	list, isList := v.([]any)
	if ok && !isList {
		return frame.Invalid("security_groups", v, frame.PyRepr(v)+" is not of type 'array'")
	}
	if len(list) == 0 {
		o.security = []*network.SecurityGroup{p.Network.DefaultSecurityGroup()}
		return nil
	}
	for _, e := range list {
		m, _ := e.(object)
		g, r := p.SecurityGroup(frame.Str(m, "name"))
		switch {
		case r != nil && r.Status == http.StatusNotFound:
			return frame.BadRequest("%s", r.Message)
		case r != nil:
			return r
		}
		if !slices.Contains(o.security, g) {
			o.security = append(o.security, g)
		}
	}
	return nil
}

func (p *Project) readNetworks(body object, o *Order) *frame.Reply {
	list, ok := body["networks"].([]any)
	if !ok {
		return frame.Invalid("networks", body["networks"], frame.PyRepr(body["networks"])+" is not of type 'array'")
	}
	if len(list) == 0 {
		return frame.Invalid("networks", list, "[] is too short")
	}
	for _, e := range list {
		m, _ := e.(object)
		n, r := p.nic(m)
		if r != nil {
			return r
		}
		switch {
		case n.fixed.IsValid() && o.max > 1:
			return frame.BadRequest("Invalid fixed IP Address %s: multiple instances are asked for.", n.fixed)
		case n.fixed.IsValid() && slices.ContainsFunc(o.nics, func(other nic) bool { return other.fixed == n.fixed }):
			return frame.BadRequest("Fixed IP address %s is already in use on instance %s.", n.fixed, o.name)
		case n.port != nil && o.max > 1:
			return frame.BadRequest("Unable to launch multiple instances with a single configured port ID. " +
				"Please launch your instance one by one with different ports.")
		case n.port != nil && slices.ContainsFunc(o.nics, func(other nic) bool { return other.port == n.port }):
			return frame.Conflict("Port %s is still in use.", n.port.ID)
		}
		o.nics = append(o.nics, n)
	}
	return nil
}

func (p *Project) readGroup(hints object, o *Order) *frame.Reply {
	v, ok := hints["group"]
	if !ok {
		return nil
	}
	id, _ := v.(string)
	if o.group = p.group(id); o.group == nil {
		return frame.BadRequest("Instance group %s could not be found.", id)
	}
	return nil
}

package network

import (
	"net"
	"net/netip"
	"regexp"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// input is what a request says of one resource. Whoever reads from it asks
// [input.done] when all is read.
type input struct{ frame.Attributes }

func newInput(body object) *input { return &input{frame.AttributesOf(body)} }

// input reads the resource under a key of the body.
func (c *call) input(key string) (*input, *frame.Reply) {
	if c.Body == nil {
		return nil, badRequest("Resource body required")
	}
	body := frame.Sub(c.Body, key)
	if body == nil {
		return nil, badRequest("Unable to find '%s' in request body", key)
	}
	return newInput(body), nil
}

func (in *input) invalid(name, problem string) {
	in.Refuse(badRequest("Invalid input for %s. Reason: %s", name, problem))
}

// done says what is wrong, if anything: first what nobody knows.
func (in *input) done() *frame.Reply {
	return in.Check(func(name string) *frame.Reply { return badRequest("Unrecognized attribute(s) '%s'", name) })
}

// need refuses a request that lacks an attribute.
func (in *input) need(names ...string) {
	for _, name := range names {
		if _, given := in.Body[name]; !given {
			in.Refuse(badRequest("Failed to parse request. Required attribute '%s' not specified", name))
		}
	}
}

// fixed refuses a change of what cannot be changed.
func (in *input) fixed(names ...string) {
	for _, name := range names {
		if _, given := in.Value(name); given {
			in.Refuse(badRequest("Cannot update read-only attribute %s", name))
		}
	}
}

// tenant takes the tenant of a new resource, which can only be that of the
// token.
func (in *input) tenant(c *call) {
	for _, name := range []string{"tenant_id", "project_id"} {
		if v, given := in.Value(name); given && v != c.Tenant {
			in.Refuse(badRequest("Specifying 'project_id' or 'tenant_id' other than the authenticated project in request requires admin privileges"))
		}
	}
}

// text reads a text of at most so many characters.
func (in *input) text(name string, most int) (text string, given bool) {
	v, given := in.Value(name)
	if !given {
		return "", false
	}
	text, ok := v.(string)
	switch {
	case !ok:
		in.invalid(name, "'"+frame.PyStr(v)+"' is not a valid string.")
	case len([]rune(text)) > most:
		in.invalid(name, frame.PyRepr(frame.Shorten(text))+" exceeds maximum length of "+frame.PyRepr(most)+".")
	}
	return text, true
}

const maxName = 255

func (in *input) name() (string, bool) { return in.text("name", maxName) }

// flag reads a truth value.
func (in *input) flag(name string) (value, given bool) {
	v, given := in.Value(name)
	if !given {
		return false, false
	}
	value, ok := frame.AsBool(v)
	if !ok {
		in.Refuse(invalidInput("'%s' cannot be converted to boolean", frame.PyStr(v)))
	}
	return value, true
}

var uuid = regexp.MustCompile(`^[0-9a-fA-F]{8}(-?[0-9a-fA-F]{4}){3}-?[0-9a-fA-F]{12}$`)

// uuid reads an id.
func (in *input) uuid(name string) string {
	v, given := in.Value(name)
	id, ok := v.(string)
	if given && (!ok || !uuid.MatchString(id)) {
		in.invalid(name, "'"+frame.PyStr(v)+"' is not a valid UUID.")
	}
	return id
}

// uuidOrNull reads an id that can be null.
func (in *input) uuidOrNull(name string) (id string, given bool) {
	v, given := in.Value(name)
	if v == nil {
		return "", given
	}
	return in.uuid(name), true
}

// cidr reads an IPv4 network in CIDR notation, without bits of a host.
func (in *input) cidr(name string) (netip.Prefix, bool) {
	text, given := in.text(name, maxName)
	if !given || in.Refused != nil {
		return netip.Prefix{}, given
	}
	prefix, err := netip.ParsePrefix(text)
	switch {
	case err != nil:
		in.Refuse(invalidInput("%s is not in a CIDR format.", text))
	case !prefix.Addr().Is4():
		in.invalid(name, "'"+text+"' is not an IPv4 network.")
	case prefix != prefix.Masked():
		in.invalid(name, "'"+text+"' isn't a recognized IP subnet cidr, '"+prefix.Masked().String()+"' is recommended.")
	}
	return prefix, true
}

// address reads an IPv4 address.
func (in *input) address(name string) netip.Addr {
	v, given := in.Value(name)
	text, _ := v.(string)
	ip, err := netip.ParseAddr(text)
	if given && (err != nil || !ip.Is4()) {
		in.invalid(name, "'"+frame.PyStr(v)+"' is not a valid IP address.")
	}
	return ip
}

// list reads a list of objects.
func (in *input) list(name string) (list []*input, given bool) {
	v, given := in.Value(name)
	elements, ok := v.([]any)
	if given && !ok {
		in.invalid(name, "'"+frame.PyStr(v)+"' is not a list.")
	}
	for _, e := range elements {
		o, ok := e.(object)
		if !ok {
			in.invalid(name, "'"+frame.PyStr(e)+"' is not a dictionary.")
		}
		list = append(list, newInput(o))
	}
	return list, given
}

// uuids reads a list of ids.
func (in *input) uuids(name string) (ids []string, given bool) {
	v, given := in.Value(name)
	elements, ok := v.([]any)
	if given && !ok {
		in.invalid(name, "'"+frame.PyStr(v)+"' is not a list.")
	}
	for _, e := range elements {
		id, _ := e.(string)
		if !uuid.MatchString(id) {
			in.invalid(name, "'"+frame.PyStr(e)+"' is not a valid UUID.")
		}
		ids = append(ids, id)
	}
	return ids, given
}

// mac reads a MAC address.
func (in *input) mac(name string) (string, bool) {
	text, given := in.text(name, maxName)
	if !given {
		return "", false
	}
	mac, err := net.ParseMAC(text)
	if err != nil || len(mac) != 6 {
		in.invalid(name, "'"+text+"' is not a valid MAC address.")
	}
	return mac.String(), true
}

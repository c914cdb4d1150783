package loadbalancer

import (
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// input is what a request says of one part. Whoever reads from it asks
// [input.done] when all is read.
type input struct {
	frame.Attributes
	argument string
}

func newInput(body object, argument string) *input {
	return &input{frame.AttributesOf(body), argument}
}

// input reads the part under a key of the body, and nothing but that.
func (c *call) input(key, argument string) (*input, *frame.Reply) {
	for _, name := range slices.Sorted(maps.Keys(c.Body)) {
		if name != key {
			return nil, badRequest("Unknown attribute for argument %s: %s", argument, name)
		}
	}
	body := frame.Sub(c.Body, key)
	if body == nil {
		return nil, missing(key)
	}
	return newInput(body, argument+"."+key), nil
}

func missing(name string) *frame.Reply {
	return badRequest("Invalid input for field/attribute %s. Value: 'None'. Mandatory field missing.", name)
}

func (in *input) invalid(name string, value any, format string, args ...any) {
	in.Refuse(badRequest("Invalid input for field/attribute %s. Value: '%s'. %s", name, frame.PyStr(value), fmt.Sprintf(format, args...)))
}

// done says what is wrong, if anything: first what nobody knows.
func (in *input) done() *frame.Reply {
	return in.Check(func(name string) *frame.Reply {
		return badRequest("Unknown attribute for argument %s: %s", in.argument, name)
	})
}

// need refuses a request that lacks an attribute.
func (in *input) need(names ...string) {
	for _, name := range names {
		if in.Body[name] == nil {
			in.Refuse(missing(name))
		}
	}
}

// tenant takes the tenant of a new part, which can only be that of the token.
func (in *input) tenant(c *call) {
	for _, name := range []string{"tenant_id", "project_id"} {
		if v, given := in.Value(name); given && v != nil && v != c.Tenant {
			in.Refuse(refused(403, "Policy does not allow this request to be performed."))
		}
	}
}

const maxText = 255

// text reads a text of so many characters at most into a field; null empties it.
func (in *input) text(name string, most int, into *string) {
	v, given := in.Value(name)
	if !given {
		return
	}
	text, ok := v.(string)
	switch {
	case v != nil && !ok:
		in.invalid(name, v, "Wrong type. Expected '<class 'str'>', got '%T'", v)
	case len([]rune(text)) > most:
		in.invalid(name, text, "Value should have a maximum character requirement of %d", most)
	}
	*into = text
}

// choice reads one of some words.
func (in *input) choice(name string, into *string, words ...string) {
	v, given := in.Value(name)
	if !given {
		return
	}
	text, ok := v.(string)
	if !ok || !slices.Contains(words, text) {
		in.invalid(name, v, "Value should be one of: %s", strings.Join(words, ", "))
	}
	*into = text
}

// flag reads a truth value.
func (in *input) flag(name string, into *bool) {
	v, given := in.Value(name)
	if !given {
		return
	}
	value, ok := frame.AsBool(v)
	if !ok {
		in.invalid(name, v, "Value should be one of: True, False")
	}
	*into = value
}

// number reads a number between two others.
func (in *input) number(name string, least, most int, into *int) {
	v, given := in.Value(name)
	if !given {
		return
	}
	n, ok := frame.AsInt(v)
	switch {
	case !ok:
		in.invalid(name, v, "unable to convert to int")
	case n < least:
		in.invalid(name, v, "Value should be greater or equal to %d", least)
	case n > most:
		in.invalid(name, v, "Value should be lower or equal to %d", most)
	}
	*into = n
}

// id reads the id of something else; null is "".
func (in *input) id(name string) (id string, given bool) {
	v, given := in.Value(name)
	id, ok := v.(string)
	if v != nil && !ok {
		in.invalid(name, v, "Value should be UUID format")
	}
	return id, given
}

// address reads an IPv4 address.
func (in *input) address(name string) (ip netip.Addr) {
	v, given := in.Value(name)
	if !given || v == nil {
		return ip
	}
	text, _ := v.(string)
	ip, err := netip.ParseAddr(text)
	if err != nil || !ip.Is4() {
		in.invalid(name, v, "Value should be IPv4 format")
	}
	return ip
}

// named reads what every part of a tree has.
func (in *input) named(name, description *string, up *bool) {
	in.text("name", maxText, name)
	in.text("description", maxText, description)
	in.flag("admin_state_up", up)
}

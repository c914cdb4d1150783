package loadbalancer

import (
	"regexp"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// rule says which requests a policy is about.
type rule struct {
	id, kind, compare, name, value string
	invert, up                     bool
	policy                         *policy
}

// placeholders stand in a URL for what the request had.
var placeholders = strings.NewReplacer("#{protocol}", "http", "#{host}", "host", "#{port}", "80", "#{path}", "path", "#{query}", "query")

func (ru *rule) key() string     { return ru.id }
func (ru *rule) tree() *balancer { return ru.policy.tree() }

func (ru *rule) leave() { ru.policy.rules = without(ru.policy.rules, ru) }

func (ru *rule) body() object {
	return object{
		"id": ru.id, "tenant_id": ru.tree().project.place.Tenant, "type": ru.kind, "compare_type": ru.compare,
		"key": frame.Nullable(ru.name), "value": ru.value, "invert": ru.invert, "admin_state_up": ru.up,
	}
}

// policy is the one that the path names.
func (c *call) policy() (*policy, *frame.Reply) {
	return byID(c.project.policies, c.Value("policy"), aPolicy)
}

var rules = &resource[rule, *rule]{
	single: "rule", plural: "rules", argument: "rule", title: "L7Rule",
	in: func(c *call) (*[]*rule, *frame.Reply) {
		p, r := c.policy()
		if r != nil {
			return nil, r
		}
		return &p.rules, nil
	},
	read: readRule,
}

func readRule(c *call, in *input, ru, old *rule) {
	if old == nil {
		p, _ := c.policy()
		*ru = rule{id: frame.NewID(), up: true, invert: true, policy: p}
		in.need("type", "compare_type", "value")
		in.tenant(c)
	}
	in.choice("type", &ru.kind, "COOKIE", "FILE_TYPE", "HEADER", "HOST_NAME", "PATH")
	in.choice("compare_type", &ru.compare, "CONTAINS", "ENDS_WITH", "STARTS_WITH", "EQUAL_TO", "REGEX")
	in.text("key", maxText, &ru.name)
	in.text("value", maxText, &ru.value)
	in.flag("invert", &ru.invert)
	in.flag("admin_state_up", &ru.up)
	if in.Refused != nil {
		return
	}
	keyed := ru.kind == "COOKIE" || ru.kind == "HEADER"
	switch {
	case keyed != (ru.name != ""):
		in.Refuse(invalid("L7Rule type %s: a key is required with COOKIE and HEADER, and only with those.", ru.kind))
	case ru.value == "":
		in.Refuse(missing("value"))
	case ru.kind == "FILE_TYPE" && ru.compare != "EQUAL_TO" && ru.compare != "REGEX":
		in.Refuse(invalid("L7Rule type FILE_TYPE: only the compare types EQUAL_TO and REGEX are allowed."))
	case ru.compare == "REGEX":
		if _, err := regexp.Compile(ru.value); err != nil {
			in.Refuse(invalid("L7Rule value '%s' is not a regular expression.", ru.value))
		}
	}
}

package objectstorage

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// planExpiry sees to it that an object goes when its time has come.
func (s *store) planExpiry(o *Object) {
	o.expiry = nil
	if o.deleteAt == 0 {
		return
	}
	o.expiry = s.agenda.Plan(time.Unix(max(o.deleteAt, o.retainUntil), 0), expires{s, o})
}

// expire deletes an object, or moves it to where its container says. Where
// that is gone, the object is too.
func (s *store) expire(o *Object, at time.Time) {
	to := o.container.account.containers[o.container.transferOf(o.name)]
	if to != nil && to != o.container {
		moved := *o
		moved.expiry, moved.deleteAt, moved.stamp = nil, 0, s.stamp(at)
		moved.data.Retain()
		s.put(to, &moved)
	}
	s.remove(o)
}

// lifecycleRule says when objects expire and what happens then.
type lifecycleRule struct {
	name, prefix string
	days         int
	transferTo   string // empty: they are deleted
}

// expiryOf is when an object that is uploaded now expires; 0 for never.
func (cont *Container) expiryOf(name string, now time.Time) int64 {
	keep := cont.days("X-Container-Object-Lifecycle")
	if rule := cont.policy.rule(name); rule != nil {
		keep = time.Duration(rule.days) * 24 * time.Hour
	}
	if keep == 0 {
		return 0
	}
	return now.Add(keep).Unix()
}

// transferOf is where an object goes when it expires now; "" when it is
// deleted.
func (cont *Container) transferOf(name string) string {
	if rule := cont.policy.rule(name); rule != nil {
		return rule.transferTo
	}
	return unescaped(cont.settings["X-Container-Object-Transfer-To"])
}

// containerPolicy is the policy document of a container. A nil one is empty.
type containerPolicy struct {
	given     bool // the request had a lifecycle in it
	lifecycle frame.Object
	rules     []lifecycleRule // the default rule last, with an empty prefix
}

func (p *containerPolicy) document() frame.Object {
	if p == nil || len(p.lifecycle) == 0 {
		return frame.Object{}
	}
	return frame.Object{"lifecycle": p.lifecycle}
}

// rule finds the first rule for an object.
func (p *containerPolicy) rule(name string) *lifecycleRule {
	if p == nil {
		return nil
	}
	for i := range p.rules {
		if strings.HasPrefix(name, p.rules[i].prefix) {
			return &p.rules[i]
		}
	}
	return nil
}

// parsePolicy reads a policy document.
func parsePolicy(data []byte) (*containerPolicy, *frame.Reply) {
	bad := func(what string) (*containerPolicy, *frame.Reply) {
		return nil, textReply(http.StatusBadRequest, htmlType, "Invalid container policy: %s", what)
	}
	body, err := frame.ParseObject(data)
	if err != nil {
		return bad("not a JSON object")
	}
	p := &containerPolicy{lifecycle: frame.Object{}}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if key != "lifecycle" {
			return bad(key)
		}
		p.given = true
	}
	lifecycle := frame.Sub(body, "lifecycle")
	if p.given && lifecycle == nil {
		return bad("lifecycle")
	}
	list, ok := lifecycle["rules"].([]any)
	if !ok && lifecycle["rules"] != nil {
		return bad("rules")
	}
	for i, element := range list {
		place := fmt.Sprintf("rules[%d]", i)
		rule, _ := element.(frame.Object)
		parsed, field := parseRule(rule)
		parsed.name, parsed.prefix = frame.Str(rule, "name"), frame.Str(frame.Sub(rule, "condition"), "prefix")
		switch {
		case field != "":
			return bad(place + "." + field)
		case parsed.name == "" || slices.ContainsFunc(p.rules, func(r lifecycleRule) bool { return r.name == parsed.name }):
			return bad(place + ".name")
		case parsed.prefix == "":
			return bad(place + ".condition.prefix")
		}
		p.rules = append(p.rules, parsed)
		p.lifecycle["rules"] = list
	}
	byDefault, ok := lifecycle["default_rule"].(frame.Object)
	if !ok && lifecycle["default_rule"] != nil {
		return bad("default_rule")
	}
	if len(byDefault) > 0 {
		parsed, field := parseRule(byDefault)
		if field != "" {
			return bad("default_rule." + field)
		}
		p.rules = append(p.rules, parsed)
		p.lifecycle["default_rule"] = byDefault
	}
	return p, nil
}

// parseRule reads what all rules have. When something is wrong it says where.
func parseRule(rule frame.Object) (parsed lifecycleRule, wrong string) {
	days, ok := frame.AsInt(rule["days"])
	if !ok || days < 1 || days > 36_500 {
		return parsed, "days"
	}
	parsed.days = days
	action := frame.Sub(rule, "action")
	switch frame.Str(action, "type") {
	case "delete":
	case "transfer":
		if parsed.transferTo = frame.Str(action, "destination"); parsed.transferTo == "" {
			return parsed, "action.destination"
		}
	default:
		return parsed, "action.type"
	}
	return parsed, ""
}

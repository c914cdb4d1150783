package nhncloudtest

import (
	"fmt"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Versions.

// archiveOf is where a container keeps earlier versions; "" when it does not.
func (cont *swiftContainer) archiveOf() string { return unescaped(cont.settings["X-History-Location"]) }

// archiveName is the name of a version of an object.
func archiveName(name string, at time.Time) string {
	return fmt.Sprintf("%03x%s/%s", len(name), name, unixStamp(at))
}

// archive keeps a copy of an object that is to be replaced or deleted, where
// its container wants that. A nil object needs no copy.
func (c *swiftCall) archive(cont *swiftContainer, old *swiftObject) *swiftReply {
	if cont.archiveOf() == "" || old == nil {
		return nil
	}
	into := c.account.containers[cont.archiveOf()]
	if into == nil {
		return swiftError(http.StatusPreconditionFailed)
	}
	version := *old
	version.name = archiveName(old.name, old.stamp)
	version.meta, version.expiry, version.deleteAt = old.meta.Clone(), nil, cont.versionExpiry(c.now)
	version.stamp = c.store.stamp(c.now)
	version.data.retain()
	c.store.put(into, &version)
	return nil
}

// markDeleted notes in the archive that an object was deleted.
func (c *swiftCall) markDeleted(cont *swiftContainer, name string) *swiftReply {
	if cont.archiveOf() == "" {
		return nil
	}
	into := c.account.containers[cont.archiveOf()]
	if into == nil {
		return swiftError(http.StatusPreconditionFailed)
	}
	data, sum, _ := newBlobWriter(c.store.blobs, 0).finish()
	now := c.store.stamp(c.now)
	c.store.put(into, &swiftObject{
		name: archiveName(name, now), data: data, etag: sum, contentType: "application/x-deleted;swift_versions_deleted=1",
		meta: http.Header{}, stamp: now, deleteAt: cont.versionExpiry(c.now),
	})
	return nil
}

func (cont *swiftContainer) versionExpiry(now time.Time) int64 {
	if keep := cont.days("X-Versions-Retention"); keep > 0 {
		return now.Add(keep).Unix()
	}
	return 0
}

// Locks.

// locked refuses to touch an object that is still locked; nil is not.
func (o *swiftObject) locked(now time.Time) *swiftReply {
	if o == nil || !time.Unix(o.retainUntil, 0).After(now) {
		return nil
	}
	return swiftError(http.StatusForbidden)
}

// retain is until when an object is locked after a change by a header, which
// may be empty. A lock can only be made longer, and the object must not expire
// before its end.
func (o *swiftObject) retain(header string, deleteAt int64) (int64, *swiftReply) {
	until := o.retainUntil
	if header != "" {
		n, err := strconv.ParseInt(header, 10, 48)
		if err != nil || o.container.settings["X-Container-Worm-Retention-Day"] == "" || n < until {
			return 0, badSetting("X-Object-Worm-Retain-Until")
		}
		until = n
	}
	if deleteAt != 0 && deleteAt < until {
		return 0, badSetting("X-Delete-At")
	}
	return until, nil
}

// Expiry.

// planExpiry sees to it that an object goes when its time has come.
func (s *swiftStore) planExpiry(o *swiftObject) {
	o.expiry = nil
	if o.deleteAt == 0 {
		return
	}
	o.expiry = s.agenda.plan(time.Unix(max(o.deleteAt, o.retainUntil), 0), func(at time.Time) { s.expire(o, at) })
}

// expire deletes an object, or moves it to where its container says. Where
// that is gone, the object is too.
func (s *swiftStore) expire(o *swiftObject, at time.Time) {
	to := o.container.account.containers[o.container.transferOf(o.name)]
	if to != nil && to != o.container {
		moved := *o
		moved.expiry, moved.deleteAt, moved.stamp = nil, 0, s.stamp(at)
		moved.data.retain()
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
func (cont *swiftContainer) expiryOf(name string, now time.Time) int64 {
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
func (cont *swiftContainer) transferOf(name string) string {
	if rule := cont.policy.rule(name); rule != nil {
		return rule.transferTo
	}
	return unescaped(cont.settings["X-Container-Object-Transfer-To"])
}

// containerPolicy is the policy document of a container. A nil one is empty.
type containerPolicy struct {
	given     bool // the request had a lifecycle in it
	lifecycle object
	rules     []lifecycleRule // the default rule last, with an empty prefix
}

func (p *containerPolicy) document() object {
	if p == nil || len(p.lifecycle) == 0 {
		return object{}
	}
	return object{"lifecycle": p.lifecycle}
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
func parsePolicy(data []byte) (*containerPolicy, *swiftReply) {
	bad := func(what string) (*containerPolicy, *swiftReply) {
		return nil, swiftText(http.StatusBadRequest, swiftHTML, "Invalid container policy: %s", what)
	}
	body, err := parseObject(data)
	if err != nil {
		return bad("not a JSON object")
	}
	p := &containerPolicy{lifecycle: object{}}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if key != "lifecycle" {
			return bad(key)
		}
		p.given = true
	}
	lifecycle := sub(body, "lifecycle")
	if p.given && lifecycle == nil {
		return bad("lifecycle")
	}
	list, ok := lifecycle["rules"].([]any)
	if !ok && lifecycle["rules"] != nil {
		return bad("rules")
	}
	for i, element := range list {
		place := fmt.Sprintf("rules[%d]", i)
		rule, _ := element.(object)
		parsed, field := parseRule(rule)
		parsed.name, parsed.prefix = str(rule, "name"), str(sub(rule, "condition"), "prefix")
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
	byDefault, ok := lifecycle["default_rule"].(object)
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
func parseRule(rule object) (parsed lifecycleRule, wrong string) {
	days, ok := asInt(rule["days"])
	if !ok || days < 1 || days > 36_500 {
		return parsed, "days"
	}
	parsed.days = days
	action := sub(rule, "action")
	switch str(action, "type") {
	case "delete":
	case "transfer":
		if parsed.transferTo = str(action, "destination"); parsed.transferTo == "" {
			return parsed, "action.destination"
		}
	default:
		return parsed, "action.type"
	}
	return parsed, ""
}

// Upload policies.

// refuses tells whether the upload policy of a container keeps a name out. The
// folders in the name don't count.
func (cont *swiftContainer) refuses(name string) *swiftReply {
	base := path.Base(name)
	for _, policy := range uploadPolicies {
		value := cont.settings["X-Container-Object-"+policy.setting]
		if value == "" {
			continue
		}
		var rules []string
		hit := false
		for rule := range strings.SplitSeq(value, ",") {
			rule = unescaped(strings.TrimSpace(rule))
			rules = append(rules, rule)
			hit = hit || rule != "" && policy.hits(base, rule)
		}
		if hit == policy.deny {
			return swiftText(http.StatusConflict, swiftHTML, "%s: %s", policy.text, strings.Join(rules, ", "))
		}
	}
	return nil
}

var uploadPolicies = []struct {
	setting string
	deny    bool
	hits    func(base, rule string) bool
	text    string
}{
	{"Allow-Extension-Policy", false, hasExtension, "Only the objects with the following extensions can be uploaded"},
	{"Allow-Keyword-Policy", false, strings.Contains, "The object name must contain the following keywords"},
	{"Deny-Extension-Policy", true, hasExtension, "The objects with the following extensions cannot be uploaded"},
	{"Deny-Keyword-Policy", true, strings.Contains, "The object name must not contain the following keywords"},
}

func hasExtension(base, extension string) bool { return strings.HasSuffix(base, "."+extension) }

package network_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
)

func TestSecurityGroups(t *testing.T) {
	w := newWorld(t)
	cloudtest.SameShape(t, "network-v2-list-security-groups.response", w.get("security-groups"))
	cloudtest.SameShape(t, "network-v2-list-security-group-rules.response", w.get("security-group-rules"))
	group := id(w.list("security-groups?name=default", "security_groups")[0])
	cloudtest.SameShape(t, "network-v2-get-security-group.response", w.get("security-groups/"+group))
	rule := id(w.list("security-group-rules?port_range_min=22", "security_group_rules")[0])
	cloudtest.SameShape(t, "network-v2-get-security-group-rule.response", w.get("security-group-rules/"+rule))
}

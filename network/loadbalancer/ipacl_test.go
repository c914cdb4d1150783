package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	groupID  = "04570ec5-456a-48ac-85ee-38adcc83ee70"
	targetID = "08d06560-919d-4383-a491-70fd2aca3fb2"
)

func documentedGroup() *loadbalancer.IPACLGroup {
	return &loadbalancer.IPACLGroup{
		ID: groupID, Name: "ip-acl-group-1", TenantID: tenantID, Action: loadbalancer.IPACLDeny, TargetCount: 1,
		LoadBalancers: []loadbalancer.IPACLLoadBalancerRef{{ID: loadBalancerID}},
	}
}

func documentedTarget() *loadbalancer.IPACLTarget {
	return &loadbalancer.IPACLTarget{
		ID: targetID, TenantID: tenantID, IPACLGroupID: "d240300b-53f2-4729-a6bb-b6f84f9be076", CIDRAddress: "10.0.0.0/24", Description: "description",
	}
}

func TestIPACLGroupsGet(t *testing.T) {
	t.Parallel()
	checkGet(t, "loadbalancer-v2-get-ipacl-group", "/ipacl-groups", groupID, "ipaclGroupId", documentedGroup(),
		func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.IPACLGroup, error) {
			return l.IPACLGroups.Get(ctx, id)
		})
}

func TestIPACLGroupsCreate(t *testing.T) {
	t.Parallel()
	create[*loadbalancer.IPACLGroup, loadbalancer.IPACLGroupCreateRequest]{
		operation: "loadbalancer-v2-create-ipacl-group", path: "/ipacl-groups", key: "ipacl_group", request: "@",
		expected: &loadbalancer.IPACLGroup{
			ID: "e5e2627e-c1fc-4deb-a96d-f1213bb8227e", Name: "example", Description: "description", TenantID: tenantID, Action: loadbalancer.IPACLAllow,
			LoadBalancers: []loadbalancer.IPACLLoadBalancerRef{},
		},
		sent: map[string]loadbalancer.IPACLGroupCreateRequest{
			`{"action": "DENY"}`: {Action: loadbalancer.IPACLDeny},
			`{"action": "DENY", "ipacl_targets": [{"cidr_address": "fd00::/8"}]}`: {
				Action: loadbalancer.IPACLDeny, Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: "fd00::/8"}},
			},
		},
		refused: map[string]loadbalancer.IPACLGroupCreateRequest{
			"Action": {},
			"Targets[0].CIDRAddress, Targets[2].CIDRAddress": {
				Action: loadbalancer.IPACLDeny, Targets: []loadbalancer.IPACLGroupTarget{{}, {CIDRAddress: "10.0.0.1"}, {CIDRAddress: "10.0.0.0/33"}},
			},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.IPACLGroupCreateRequest) (*loadbalancer.IPACLGroup, error) {
			return l.IPACLGroups.Create(ctx, request)
		},
	}.check(t, loadbalancer.IPACLGroupCreateRequest{
		Action: loadbalancer.IPACLAllow, Name: "example", Description: "description",
		Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: "192.168.0.5", Description: "My Friend"}, {CIDRAddress: "10.10.22.3/24", Description: "Your Friends"}},
	})
}

func TestIPACLGroupsUpdate(t *testing.T) {
	t.Parallel()
	const id = "acc655d4-4735-4892-b32b-669cc21925ff"
	update[*loadbalancer.IPACLGroup, loadbalancer.IPACLGroupUpdateRequest]{
		operation: "loadbalancer-v2-update-ipacl-group", path: "/ipacl-groups", key: "ipacl_group", id: id, field: "ipaclGroupId", empty: "Name",
		expected: &loadbalancer.IPACLGroup{
			ID: id, Name: "HouseLannister", Description: "A Lannister always pays his debts", TenantID: "18717b5d8a9d45b9af440c75d61235c7", Action: loadbalancer.IPACLDeny,
			TargetCount: 3, LoadBalancers: []loadbalancer.IPACLLoadBalancerRef{},
		},
		sent: map[string]loadbalancer.IPACLGroupUpdateRequest{
			`{"name": "", "description": ""}`: {Name: new(""), Description: new("")},
			`{"ipacl_targets": []}`:           {Targets: []loadbalancer.IPACLGroupTarget{}},
		},
		refused: map[string]loadbalancer.IPACLGroupUpdateRequest{"Targets[0].CIDRAddress": {Targets: []loadbalancer.IPACLGroupTarget{{CIDRAddress: "office"}}}},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.IPACLGroupUpdateRequest) (*loadbalancer.IPACLGroup, error) {
			return l.IPACLGroups.Update(ctx, id, request)
		},
	}.check(t, loadbalancer.IPACLGroupUpdateRequest{
		Name: new("HouseLannister"), Description: new("A Lannister always pays his debts"),
		Targets: []loadbalancer.IPACLGroupTarget{
			{CIDRAddress: "11.11.11.11", Description: "Jamie"}, {CIDRAddress: "22.22.22.22", Description: "Cercei"}, {CIDRAddress: "33.33.33.33", Description: "Tyrion"},
		},
	})
}

func TestIPACLGroupsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-ipacl-group", "/ipacl-groups", "ipaclGroupId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.IPACLGroups.Delete(ctx, id)
	})
}

func TestIPACLGroupsBind(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-bind-ipacl-groups"
	const balancer, first, second = "096ddfbf-aaf9-42d6-b93d-0036ec219479", "acc655d4-4735-4892-b32b-669cc21925ff", "ef33c087-2dc9-4be6-a0d2-d24c9d84e66e"
	bind := func(id string, groups ...string) func(context.Context, *loadbalancer.Client) ([]*loadbalancer.IPACLBinding, error) {
		return func(ctx context.Context, l *loadbalancer.Client) ([]*loadbalancer.IPACLBinding, error) {
			return l.IPACLGroups.Bind(ctx, id, groups...)
		}
	}
	apitest.Check(t, want(operation, http.MethodPut, "/loadbalancers/"+balancer+"/bind_ipacl_groups", "@"), documented(operation),
		[]*loadbalancer.IPACLBinding{{LoadBalancerID: balancer, IPACLGroupID: first}, {LoadBalancerID: balancer, IPACLGroupID: second}}, on(bind(balancer, first, second)))
	decodes(t, want(operation, http.MethodPut, "/loadbalancers/b/bind_ipacl_groups", `{"ipacl_groups_binding": []}`), apitest.Reply{Body: `[]`}, []*loadbalancer.IPACLBinding{}, bind("b"))
	refuses(t, operation, "groupIDs[1]", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := bind("b", "g", "")(ctx, l)
		return err
	})
	refusesIDs(t, operation, "lb_id", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := bind(id, "g")(ctx, l)
		return err
	})
}

func TestIPACLTargetsGet(t *testing.T) {
	t.Parallel()
	checkGet(t, "loadbalancer-v2-get-ipacl-target", "/ipacl-targets", targetID, "ipaclTargetId", documentedTarget(),
		func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.IPACLTarget, error) {
			return l.IPACLTargets.Get(ctx, id)
		})
}

func TestIPACLTargetsCreate(t *testing.T) {
	t.Parallel()
	create[*loadbalancer.IPACLTarget, loadbalancer.IPACLTargetCreateRequest]{
		operation: "loadbalancer-v2-create-ipacl-target", path: "/ipacl-targets", key: "ipacl_target", request: "@", expected: documentedTarget(),
		sent: map[string]loadbalancer.IPACLTargetCreateRequest{
			`{"ipacl_group_id": "g", "cidr_address": "10.0.0.1"}`: {IPACLGroupID: "g", CIDRAddress: "10.0.0.1"},
		},
		refused: map[string]loadbalancer.IPACLTargetCreateRequest{
			"IPACLGroupID, CIDRAddress": {}, "CIDRAddress": {IPACLGroupID: "g", CIDRAddress: "fe80::1%eth0"},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.IPACLTargetCreateRequest) (*loadbalancer.IPACLTarget, error) {
			return l.IPACLTargets.Create(ctx, request)
		},
	}.check(t, loadbalancer.IPACLTargetCreateRequest{IPACLGroupID: "d240300b-53f2-4729-a6bb-b6f84f9be076", CIDRAddress: "10.0.0.0/24", Description: "description"})
}

func TestIPACLTargetsUpdate(t *testing.T) {
	t.Parallel()
	update[*loadbalancer.IPACLTarget, loadbalancer.IPACLTargetUpdateRequest]{
		operation: "loadbalancer-v2-update-ipacl-target", path: "/ipacl-targets", key: "ipacl_target", id: targetID, field: "ipaclTargetId", empty: "Description",
		expected: documentedTarget(),
		sent:     map[string]loadbalancer.IPACLTargetUpdateRequest{`{"description": ""}`: {Description: new("")}},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.IPACLTargetUpdateRequest) (*loadbalancer.IPACLTarget, error) {
			return l.IPACLTargets.Update(ctx, id, request)
		},
	}.check(t, loadbalancer.IPACLTargetUpdateRequest{Description: new("description")})
}

func TestIPACLTargetsDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-ipacl-target", "/ipacl-targets", "ipaclTargetId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.IPACLTargets.Delete(ctx, id)
	})
}

package loadbalancer_test

import (
	"context"
	"testing"

	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	membersPath = "/pools/" + poolID + "/members"
	memberID    = "699d5013-ce45-4471-9cc3-6c2f5ad56b7f"
	subnetID    = "dcb31578-1e16-407f-a117-a716795fabc4"
)

func documentedMember() *loadbalancer.Member {
	return &loadbalancer.Member{
		ID: memberID, TenantID: tenantID, SubnetID: subnetID, Address: "192.168.0.188", ProtocolPort: 80, Weight: 1, AdminStateUp: true,
		OperatingStatus: loadbalancer.OperatingInactive,
	}
}

func TestMembersGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-member"
	checkGet(t, operation, membersPath, memberID, "memberId", documentedMember(), func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.Member, error) {
		return l.Members.Get(ctx, poolID, id)
	})
	refusesIDs(t, operation, "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.Members.Get(ctx, id, memberID)
		return err
	})
}

func TestMembersCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-create-member"
	good := loadbalancer.MemberCreateRequest{SubnetID: subnetID, Address: "192.168.0.188", ProtocolPort: 80}
	weighs := func(weight int) loadbalancer.MemberCreateRequest {
		r := good
		r.Weight = &weight
		return r
	}
	create[*loadbalancer.Member, loadbalancer.MemberCreateRequest]{
		operation: operation, path: membersPath, key: "member", request: "@", expected: documentedMember(),
		sent: map[string]loadbalancer.MemberCreateRequest{
			`{"subnet_id": "s", "address": "fd00::5", "protocol_port": 65535, "weight": 0, "admin_state_up": false}`: {
				SubnetID: "s", Address: "fd00::5", ProtocolPort: 65535, Weight: new(0), AdminStateUp: new(false),
			},
			`{"subnet_id": "` + subnetID + `", "address": "192.168.0.188", "protocol_port": 80, "weight": 256}`: weighs(256),
		},
		refused: map[string]loadbalancer.MemberCreateRequest{
			"SubnetID, Address, ProtocolPort": {},
			"Address, ProtocolPort":           {SubnetID: "s", Address: "web-1", ProtocolPort: -1},
			"Weight":                          weighs(257),
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.MemberCreateRequest) (*loadbalancer.Member, error) {
			return l.Members.Create(ctx, poolID, request)
		},
	}.check(t, loadbalancer.MemberCreateRequest{SubnetID: subnetID, Address: "192.168.0.188", ProtocolPort: 80, Weight: new(1), AdminStateUp: new(true)})
	refuses(t, operation, "Weight", func(ctx context.Context, l *loadbalancer.Client) error {
		_, err := l.Members.Create(ctx, poolID, weighs(-1))
		return err
	})
	refusesIDs(t, operation, "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.Members.Create(ctx, id, good)
		return err
	})
}

func TestMembersUpdate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-update-member"
	request := loadbalancer.MemberUpdateRequest{Weight: new(1), AdminStateUp: new(true)}
	update[*loadbalancer.Member, loadbalancer.MemberUpdateRequest]{
		operation: operation, path: membersPath, key: "member", id: memberID, field: "memberId", empty: "Weight", expected: documentedMember(),
		sent: map[string]loadbalancer.MemberUpdateRequest{
			`{"weight": 0}`: {Weight: new(0)}, `{"admin_state_up": false}`: {AdminStateUp: new(false)},
		},
		refused: map[string]loadbalancer.MemberUpdateRequest{"Weight": {Weight: new(257)}},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.MemberUpdateRequest) (*loadbalancer.Member, error) {
			return l.Members.Update(ctx, poolID, id, request)
		},
	}.check(t, request)
	refusesIDs(t, operation, "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.Members.Update(ctx, id, memberID, request)
		return err
	})
}

func TestMembersDelete(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-delete-member"
	checkDeletion(t, operation, membersPath, "memberId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.Members.Delete(ctx, poolID, id)
	})
	refusesIDs(t, operation, "poolId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.Members.Delete(ctx, id, memberID)
	})
}

package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

// documentedLoadBalancer is the load balancer of the answers to changes.
func documentedLoadBalancer() *loadbalancer.LoadBalancer {
	return &loadbalancer.LoadBalancer{
		ID: loadBalancerID, Name: "LB-1", TenantID: tenantID, Type: loadbalancer.TypeShared, Provider: "haproxy",
		ProvisioningStatus: loadbalancer.ProvisioningActive, OperatingStatus: loadbalancer.OperatingOnline, WorkflowStatus: "SUCCESS", AdminStateUp: true,
		VIPAddress: "192.168.0.187", VIPPortID: "f3764f0d-b0da-4be1-a61f-fc5e8914278a", VIPSubnetID: "dcb31578-1e16-407f-a117-a716795fabc4",
		Listeners: []loadbalancer.Ref{{ID: "fe192219-0d4c-4145-9855-0af8c949dfe8"}}, Pools: []loadbalancer.Ref{{ID: "766e51ff-4d29-4ab4-bfb6-4dab8d62803f"}},
		IPACLGroups: []loadbalancer.IPACLGroupRef{}, IPACLGroupAction: loadbalancer.IPACLDeny,
	}
}

// boundLoadBalancer is that with groups of IP ACLs.
func boundLoadBalancer() *loadbalancer.LoadBalancer {
	l := documentedLoadBalancer()
	l.IPACLGroups = []loadbalancer.IPACLGroupRef{{ID: "79ebf206-3463-4df1-a54c-4fc939f8c26c"}, {ID: "947030cc-635f-42d3-b745-770cf7b562fd"}}
	return l
}

func TestLoadBalancersGet(t *testing.T) {
	t.Parallel()
	checkGet(t, "loadbalancer-v2-get-loadbalancer", "/loadbalancers", loadBalancerID, "loadbalancerId", boundLoadBalancer(),
		func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.LoadBalancer, error) {
			return l.LoadBalancers.Get(ctx, id)
		})
}

// TestLoadBalancersAsPrinted has an answer as the guide prints some: a member
// twice, and a word for nothing.
func TestLoadBalancersAsPrinted(t *testing.T) {
	t.Parallel()
	for action, expected := range map[string]loadbalancer.IPACLAction{`null`: "", `"null"`: "", `"ALLOW"`: loadbalancer.IPACLAllow} {
		decodes(t, want("loadbalancer-v2-get-loadbalancer", http.MethodGet, "/loadbalancers/b", ""),
			apitest.Reply{Body: `{"loadbalancer": {"id": "b", "ipacl_groups": [], "ipacl_group_action": ` + action + `, "ipacl_groups": [{"ipacl_group_id": "g"}], "loadbalancer_type": "physical"}}`},
			&loadbalancer.LoadBalancer{ID: "b", IPACLGroups: []loadbalancer.IPACLGroupRef{{ID: "g"}}, IPACLGroupAction: expected, Type: "physical"},
			func(ctx context.Context, l *loadbalancer.Client) (*loadbalancer.LoadBalancer, error) {
				return l.LoadBalancers.Get(ctx, "b")
			})
	}
}

func TestLoadBalancersCreate(t *testing.T) {
	t.Parallel()
	create[*loadbalancer.LoadBalancer, loadbalancer.LoadBalancerCreateRequest]{
		operation: "loadbalancer-v2-create-loadbalancer", path: "/loadbalancers", key: "loadbalancer",
		// The guide sends a description of "" as well, which says nothing.
		request:  `{"loadbalancer": {"name": "LB-1", "vip_subnet_id": "dcb31578-1e16-407f-a117-a716795fabc4", "vip_address": "192.168.0.187", "admin_state_up": true}}`,
		expected: documentedLoadBalancer(),
		sent: map[string]loadbalancer.LoadBalancerCreateRequest{
			`{"vip_subnet_id": "s"}`: {VIPSubnetID: "s"},
			`{"vip_subnet_id": "s", "name": "웹", "description": "d", "admin_state_up": false, "loadbalancer_type": "dedicated"}`: {
				VIPSubnetID: "s", Name: "웹", Description: "d", AdminStateUp: new(false), Type: loadbalancer.TypeDedicated,
			},
		},
		refused: map[string]loadbalancer.LoadBalancerCreateRequest{
			"VIPSubnetID": {}, "VIPAddress": {VIPSubnetID: "s", VIPAddress: "here"}, "VIPSubnetID, VIPAddress": {VIPAddress: "1.2.3"},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.LoadBalancerCreateRequest) (*loadbalancer.LoadBalancer, error) {
			return l.LoadBalancers.Create(ctx, request)
		},
	}.check(t, loadbalancer.LoadBalancerCreateRequest{
		Name: "LB-1", VIPSubnetID: "dcb31578-1e16-407f-a117-a716795fabc4", VIPAddress: "192.168.0.187", AdminStateUp: new(true),
	})
}

func TestLoadBalancersUpdate(t *testing.T) {
	t.Parallel()
	update[*loadbalancer.LoadBalancer, loadbalancer.LoadBalancerUpdateRequest]{
		operation: "loadbalancer-v2-update-loadbalancer", path: "/loadbalancers", key: "loadbalancer", id: loadBalancerID, field: "loadbalancerId", empty: "Name",
		expected: documentedLoadBalancer(),
		sent: map[string]loadbalancer.LoadBalancerUpdateRequest{
			`{"name": ""}`: {Name: new("")}, `{"description": "d"}`: {Description: new("d")}, `{"admin_state_up": false}`: {AdminStateUp: new(false)},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.LoadBalancerUpdateRequest) (*loadbalancer.LoadBalancer, error) {
			return l.LoadBalancers.Update(ctx, id, request)
		},
	}.check(t, loadbalancer.LoadBalancerUpdateRequest{Name: new("LB-1"), Description: new(""), AdminStateUp: new(true)})
}

func TestLoadBalancersDelete(t *testing.T) {
	t.Parallel()
	checkDeletion(t, "loadbalancer-v2-delete-loadbalancer", "/loadbalancers", "loadbalancerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.LoadBalancers.Delete(ctx, id)
	})
}

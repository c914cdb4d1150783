package loadbalancer

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of load balancers.
type Client struct {
	LoadBalancers  *LoadBalancersService
	Listeners      *ListenersService
	Pools          *PoolsService
	Members        *MembersService
	HealthMonitors *HealthMonitorsService
	L7Policies     *L7PoliciesService
	L7Rules        *L7RulesService
	IPACLGroups    *IPACLGroupsService
	IPACLTargets   *IPACLTargetsService
	ErrorPages     *ErrorPagesService
	// The last two call the key manager, which has an endpoint of its own.
	Secrets          *SecretsService
	SecretContainers *SecretContainersService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		LoadBalancers:  &LoadBalancersService{client},
		Listeners:      &ListenersService{client},
		Pools:          &PoolsService{client},
		Members:        &MembersService{client},
		HealthMonitors: &HealthMonitorsService{client},
		L7Policies:     &L7PoliciesService{client},
		L7Rules:        &L7RulesService{client},
		IPACLGroups:    &IPACLGroupsService{client},
		IPACLTargets:   &IPACLTargetsService{client},
		ErrorPages:     &ErrorPagesService{client},

		Secrets:          &SecretsService{client},
		SecretContainers: &SecretContainersService{client},
	}
}

// Ref is what a resource tells of another: its id.
type Ref struct {
	ID string `json:"id"`
}

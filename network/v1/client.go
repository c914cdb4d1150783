package networkv1

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of the network.
type Client struct {
	SecurityGroups     *SecurityGroupsService
	SecurityGroupRules *SecurityGroupRulesService
	Networks           *NetworksService
	Subnets            *SubnetsService
	FloatingIPs        *FloatingIPsService
	FloatingIPPools    *FloatingIPPoolsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		SecurityGroups:     &SecurityGroupsService{client},
		SecurityGroupRules: &SecurityGroupRulesService{client},
		Networks:           &NetworksService{client},
		Subnets:            &SubnetsService{client},
		FloatingIPs:        &FloatingIPsService{client},
		FloatingIPPools:    &FloatingIPPoolsService{client},
	}
}

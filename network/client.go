package network

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of the network service.
type Client struct {
	VPCs               *VPCsService
	Subnets            *SubnetsService
	RoutingTables      *RoutingTablesService
	Routes             *RoutesService
	Gateways           *GatewaysService
	Ports              *PortsService
	SecurityGroups     *SecurityGroupsService
	SecurityGroupRules *SecurityGroupRulesService
	FloatingIPs        *FloatingIPsService
	Networks           *NetworksService
	NetworkSubnets     *NetworkSubnetsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		VPCs:               &VPCsService{client},
		Subnets:            &SubnetsService{client},
		RoutingTables:      &RoutingTablesService{client},
		Routes:             &RoutesService{client},
		Gateways:           &GatewaysService{client},
		Ports:              &PortsService{client},
		SecurityGroups:     &SecurityGroupsService{client},
		SecurityGroupRules: &SecurityGroupRulesService{client},
		FloatingIPs:        &FloatingIPsService{client},
		Networks:           &NetworksService{client},
		NetworkSubnets:     &NetworkSubnetsService{client},
	}
}

// nothingToChange is what is wrong with an update that is empty.
const nothingToChange = "must be set where nothing else is, because there is nothing to change"

package network

import (
	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

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

// listed is what a List returns of its page.
func listed[T any](page *linked.Page[T], err error) ([]*T, error) {
	if err != nil {
		return nil, err
	}
	return page.List(), nil
}

// checkPaging refuses what can't be the size or the place of a page.
func checkPaging(operation string, limit, offset int) error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(limit < 0, "Limit", "must not be negative")
	check.RefuseIf(offset < 0, "Offset", "must not be negative")
	return check.Err(operation)
}

// nothingToChange is what is wrong with an update that is empty.
const nothingToChange = "must be set where nothing else is, because there is nothing to change"

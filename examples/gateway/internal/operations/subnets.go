package operations

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
)

// Subnet is a subnet of a VPC.
type Subnet struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	VPCID   string `json:"vpc_id"`
	CIDR    string `json:"cidr" example:"10.0.1.0/24"`
	Gateway string `json:"gateway" example:"10.0.1.1"`
}

// Subnets is a list of subnets.
type Subnets struct {
	Subnets []Subnet `json:"vpcsubnets" nullable:"false"`
}

// SubnetAnswer is one subnet.
type SubnetAnswer struct {
	Subnet Subnet `json:"vpcsubnet"`
}

// SubnetCreateRequest describes a subnet to create.
type SubnetCreateRequest struct {
	VPCID string `json:"vpc_id" minLength:"1"`
	Name  string `json:"name" minLength:"1" example:"my-new-subnet"`
	CIDR  string `json:"cidr" minLength:"1" example:"10.0.1.0/24"`
}

// FloatingIP is an address of the internet.
type FloatingIP struct {
	ID                string  `json:"id"`
	FloatingIPAddress string  `json:"floating_ip_address" example:"133.186.0.10"`
	Status            string  `json:"status" example:"ACTIVE"`
	PortID            *string `json:"port_id" doc:"null where no port has it"`
}

// FloatingIPs is a list of floating IPs.
type FloatingIPs struct {
	FloatingIPs []FloatingIP `json:"floatingips" nullable:"false"`
}

// ListSubnets returns all subnets.
func ListSubnets(ctx context.Context, client *nhncloud.Client) (*Subnets, error) {
	subnets, err := listed(network.New(client).Subnets.All(ctx, nil), subnetOf)
	if err != nil {
		return nil, err
	}
	return &Subnets{subnets}, nil
}

// GetSubnet returns a subnet.
func GetSubnet(ctx context.Context, client *nhncloud.Client, id string) (*SubnetAnswer, error) {
	subnet, err := network.New(client).Subnets.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &SubnetAnswer{subnetOf(subnet)}, nil
}

// CreateSubnet creates a subnet.
func CreateSubnet(ctx context.Context, client *nhncloud.Client, request SubnetCreateRequest) (*SubnetAnswer, error) {
	subnet, err := network.New(client).Subnets.Create(ctx, network.SubnetCreateRequest{VPCID: request.VPCID, Name: request.Name, CIDR: request.CIDR})
	if err != nil {
		return nil, err
	}
	return &SubnetAnswer{subnetOf(subnet)}, nil
}

// DeleteSubnet deletes a subnet.
func DeleteSubnet(ctx context.Context, client *nhncloud.Client, id string) error {
	return network.New(client).Subnets.Delete(ctx, id)
}

// ListFloatingIPs returns all floating IPs.
func ListFloatingIPs(ctx context.Context, client *nhncloud.Client) (*FloatingIPs, error) {
	ips, err := listed(network.New(client).FloatingIPs.All(ctx, nil), floatingIPOf)
	if err != nil {
		return nil, err
	}
	return &FloatingIPs{ips}, nil
}

func floatingIPOf(ip *network.FloatingIP) FloatingIP {
	one := FloatingIP{ID: ip.ID, FloatingIPAddress: ip.FloatingIPAddress, Status: string(ip.Status)}
	if ip.PortID != "" {
		one.PortID = &ip.PortID
	}
	return one
}

func subnetOf(subnet *network.Subnet) Subnet {
	return Subnet{ID: subnet.ID, Name: subnet.Name, VPCID: subnet.VPCID, CIDR: subnet.CIDR, Gateway: subnet.Gateway}
}

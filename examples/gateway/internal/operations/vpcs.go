package operations

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/network"
)

// VPC is a virtual private cloud.
type VPC struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	CIDRv4 string `json:"cidrv4" example:"10.0.0.0/16"`
	State  string `json:"state" example:"available"`
}

// VPCs is a list of VPCs.
type VPCs struct {
	VPCs []VPC `json:"vpcs" nullable:"false"`
}

// VPCAnswer is one VPC.
type VPCAnswer struct {
	VPC VPC `json:"vpc"`
}

// VPCCreateRequest describes a VPC to create.
type VPCCreateRequest struct {
	Name string `json:"name" minLength:"1" example:"my-new-vpc"`
	CIDR string `json:"cidr" minLength:"1" example:"10.0.0.0/16"`
}

// CreatedVPC is a VPC that was created. Its state is not known yet.
type CreatedVPC struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	CIDRv4 string `json:"cidrv4" example:"10.0.0.0/16"`
}

// CreatedVPCAnswer is what the creation of a VPC answers.
type CreatedVPCAnswer struct {
	VPC CreatedVPC `json:"vpc"`
}

// ListVPCs returns all VPCs.
func ListVPCs(ctx context.Context, client *nhncloud.Client) (*VPCs, error) {
	vpcs, err := listed(network.New(client).VPCs.All(ctx, nil), vpcOf)
	if err != nil {
		return nil, err
	}
	return &VPCs{vpcs}, nil
}

// GetVPC returns a VPC.
func GetVPC(ctx context.Context, client *nhncloud.Client, id string) (*VPCAnswer, error) {
	vpc, err := network.New(client).VPCs.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	return &VPCAnswer{vpcOf(vpc)}, nil
}

// CreateVPC creates a VPC.
func CreateVPC(ctx context.Context, client *nhncloud.Client, request VPCCreateRequest) (*CreatedVPCAnswer, error) {
	vpc, err := network.New(client).VPCs.Create(ctx, network.VPCCreateRequest{Name: request.Name, CIDRv4: request.CIDR})
	if err != nil {
		return nil, err
	}
	return &CreatedVPCAnswer{CreatedVPC{ID: vpc.ID, Name: vpc.Name, CIDRv4: vpc.CIDRv4}}, nil
}

// DeleteVPC deletes a VPC.
func DeleteVPC(ctx context.Context, client *nhncloud.Client, id string) error {
	return network.New(client).VPCs.Delete(ctx, id)
}

// FindTenant returns the tenant of the token of a client that was not told it. A
// token does not say it, but the VPCs of its tenant do, of which each tenant has
// one from the start.
func FindTenant(ctx context.Context, client *nhncloud.Client) (string, error) {
	for vpc, err := range network.New(client).VPCs.All(ctx, nil) {
		if err != nil {
			return "", err
		}
		if !vpc.Shared && !vpc.RouterExternal && vpc.TenantID != "" {
			return vpc.TenantID, nil
		}
	}
	return "", nhncloud.NewArgumentError("", "X-NHN-Tenant-ID", "is needed, because the tenant of the token can't be seen")
}

func vpcOf(vpc *network.VPC) VPC {
	return VPC{ID: vpc.ID, Name: vpc.Name, CIDRv4: vpc.CIDRv4, State: string(vpc.State)}
}

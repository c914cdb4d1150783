package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// vpcInput names a VPC.
type vpcInput struct {
	Headers
	VPCID string `path:"vpc_id"`
}

// vpcCreateInput asks for a VPC.
type vpcCreateInput struct {
	Headers
	Body operations.VPCCreateRequest
}

func (a *API) registerVPCs() {
	const tag = "VPC"
	register(a, endpoint{
		method: http.MethodGet, path: "/vpc/", id: "list-vpcs", summary: "List VPCs", tag: tag,
	}, list[Headers](a, operations.ListVPCs))
	register(a, endpoint{
		method: http.MethodPost, path: "/vpc/create/", id: "create-vpc", summary: "Create a VPC", tag: tag, status: http.StatusCreated,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *vpcCreateInput) (*operations.CreatedVPCAnswer, error) {
		return operations.CreateVPC(ctx, client, in.Body)
	}))
	register(a, endpoint{
		method: http.MethodGet, path: "/vpc/{vpc_id}/", id: "get-vpc", summary: "Get a VPC", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *vpcInput) (*operations.VPCAnswer, error) {
		return operations.GetVPC(ctx, client, in.VPCID)
	}))
	register(a, endpoint{
		method: http.MethodDelete, path: "/vpc/{vpc_id}/", id: "delete-vpc", summary: "Delete a VPC", tag: tag,
	}, without(a, func(ctx context.Context, client *nhncloud.Client, in *vpcInput) error {
		return operations.DeleteVPC(ctx, client, in.VPCID)
	}))
	register(a, endpoint{
		method: http.MethodGet, path: "/floatingip/", id: "list-floating-ips", summary: "List floating IPs", tag: tag,
	}, list[Headers](a, operations.ListFloatingIPs))
}

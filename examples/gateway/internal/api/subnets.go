package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// subnetInput names a subnet.
type subnetInput struct {
	Headers
	SubnetID string `path:"subnet_id"`
}

// subnetCreateInput asks for a subnet.
type subnetCreateInput struct {
	Headers
	Body operations.SubnetCreateRequest
}

func (a *API) registerSubnets() {
	const tag = "VPC"
	register(a, endpoint{
		method: http.MethodGet, path: "/subnet/", id: "list-subnets", summary: "List subnets", tag: tag,
	}, list[Headers](a, operations.ListSubnets))
	register(a, endpoint{
		method: http.MethodPost, path: "/subnet/create/", id: "create-subnet", summary: "Create a subnet", tag: tag, status: http.StatusCreated,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *subnetCreateInput) (*operations.SubnetAnswer, error) {
		return operations.CreateSubnet(ctx, client, in.Body)
	}))
	register(a, endpoint{
		method: http.MethodGet, path: "/subnet/{subnet_id}/", id: "get-subnet", summary: "Get a subnet", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *subnetInput) (*operations.SubnetAnswer, error) {
		return operations.GetSubnet(ctx, client, in.SubnetID)
	}))
	register(a, endpoint{
		method: http.MethodDelete, path: "/subnet/{subnet_id}/", id: "delete-subnet", summary: "Delete a subnet", tag: tag,
	}, without(a, func(ctx context.Context, client *nhncloud.Client, in *subnetInput) error {
		return operations.DeleteSubnet(ctx, client, in.SubnetID)
	}))
}

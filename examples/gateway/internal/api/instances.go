package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// instanceInput names an instance.
type instanceInput struct {
	TenantHeaders
	ServerID string `path:"server_id"`
}

// instanceCreateInput asks for an instance.
type instanceCreateInput struct {
	TenantHeaders
	Body operations.InstanceCreateRequest
}

// instanceActionInput asks for something to be done with an instance.
type instanceActionInput struct {
	TenantHeaders
	ServerID string `path:"server_id"`
	Body     operations.InstanceActionRequest
}

func (a *API) registerInstances() {
	const tag = "Compute"
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/instances/", id: "list-instances", summary: "List instances", tag: tag,
	}, list[TenantHeaders](a, operations.ListInstances))
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/instances/{server_id}/", id: "get-instance", summary: "Get an instance", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *instanceInput) (*operations.InstanceAnswer, error) {
		return operations.GetInstance(ctx, client, in.ServerID)
	}))
	register(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/create/", id: "create-instance", summary: "Create an instance", tag: tag,
		status: http.StatusCreated,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *instanceCreateInput) (*operations.CreatedInstanceAnswer, error) {
		return operations.CreateInstance(ctx, client, in.Body)
	}))
	register(a, endpoint{
		method: http.MethodDelete, path: "/compute/instances/{server_id}/", id: "delete-instance", summary: "Delete an instance", tag: tag,
	}, without(a, func(ctx context.Context, client *nhncloud.Client, in *instanceInput) error {
		return operations.DeleteInstance(ctx, client, in.ServerID)
	}))
	register(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/{server_id}/action/", id: "act-on-instance",
		summary: "Start, stop or reboot an instance", tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *instanceActionInput) (*operations.InstanceActionAnswer, error) {
		return operations.ActOnInstance(ctx, client, in.ServerID, in.Body)
	}))
}

package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/kinds"
)

// instanceInput names an instance.
type instanceInput struct {
	TenantHeaders
	ServerID string `path:"server_id"`
}

// instanceCreateInput asks for an instance.
type instanceCreateInput struct {
	TenantHeaders
	Async
	Body operations.InstanceCreateRequest
}

// instanceDeleteInput names an instance to delete.
type instanceDeleteInput struct {
	TenantHeaders
	Async
	ServerID string `path:"server_id"`
}

// instanceActionInput asks for something to be done with an instance.
type instanceActionInput struct {
	TenantHeaders
	Async
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
	registerAsync(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/create/", id: "create-instance", summary: "Create an instance", tag: tag,
		status: http.StatusCreated,
	}, func(ctx context.Context, client *nhncloud.Client, in *instanceCreateInput) (*operations.CreatedInstanceAnswer, error) {
		return operations.CreateInstance(ctx, client, in.Body)
	}, func(in *instanceCreateInput) (string, any) { return kinds.InstanceCreate, in.Body })
	registerAsync(a, endpoint{
		method: http.MethodDelete, path: "/compute/instances/{server_id}/", id: "delete-instance", summary: "Delete an instance", tag: tag,
		status: http.StatusNoContent,
	}, func(ctx context.Context, client *nhncloud.Client, in *instanceDeleteInput) (*nothing, error) {
		return nil, operations.DeleteInstance(ctx, client, in.ServerID)
	}, func(in *instanceDeleteInput) (string, any) {
		return kinds.InstanceDelete, kinds.Instance{ServerID: in.ServerID}
	})
	registerAsync(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/{server_id}/action/", id: "act-on-instance",
		summary: "Start, stop or reboot an instance", tag: tag, status: http.StatusOK,
	}, func(ctx context.Context, client *nhncloud.Client, in *instanceActionInput) (*operations.InstanceActionAnswer, error) {
		return operations.ActOnInstance(ctx, client, in.ServerID, in.Body)
	}, func(in *instanceActionInput) (string, any) {
		return kinds.InstanceAction, kinds.Action{ServerID: in.ServerID, InstanceActionRequest: in.Body}
	})
}

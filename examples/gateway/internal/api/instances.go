package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// instanceInput names an instance.
type instanceInput struct {
	tenantHeaders
	ServerID string `path:"server_id"`
}

// instanceCreateInput asks for an instance.
type instanceCreateInput struct {
	tenantHeaders
	Body operations.InstanceCreateRequest
}

// instanceActionInput asks for something to be done with an instance.
type instanceActionInput struct {
	instanceInput
	Body operations.InstanceActionRequest
}

func (a *API) registerInstances() {
	const tag = "Compute"
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/instances/", id: "list-instances", summary: "List instances", tag: tag,
	}, list[tenantHeaders](a, operations.ListInstances))
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/instances/{server_id}/", id: "get-instance", summary: "Get an instance", tag: tag,
	}, a.getInstance)
	register(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/create/", id: "create-instance", summary: "Create an instance", tag: tag,
		status: http.StatusCreated,
	}, a.createInstance)
	register(a, endpoint{
		method: http.MethodDelete, path: "/compute/instances/{server_id}/", id: "delete-instance", summary: "Delete an instance", tag: tag,
	}, a.deleteInstance)
	register(a, endpoint{
		method: http.MethodPost, path: "/compute/instances/{server_id}/action/", id: "act-on-instance",
		summary: "Start, stop or reboot an instance", tag: tag,
	}, a.actOnInstance)
}

func (a *API) getInstance(ctx context.Context, in *instanceInput) (*body[operations.InstanceAnswer], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.GetInstance(ctx, client, in.ServerID))
}

func (a *API) createInstance(ctx context.Context, in *instanceCreateInput) (*body[operations.CreatedInstanceAnswer], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.CreateInstance(ctx, client, in.Body))
}

func (a *API) deleteInstance(ctx context.Context, in *instanceInput) (*nothing, error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return nil, operations.DeleteInstance(ctx, client, in.ServerID)
}

func (a *API) actOnInstance(ctx context.Context, in *instanceActionInput) (*body[operations.InstanceActionAnswer], error) {
	client, err := a.client(in)
	if err != nil {
		return nil, err
	}
	return answer(operations.ActOnInstance(ctx, client, in.ServerID, in.Body))
}

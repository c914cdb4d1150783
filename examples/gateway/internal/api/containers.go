package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// containerInput names a container.
type containerInput struct {
	StorageHeaders
	ContainerName string `path:"container_name"`
}

// containerCreateInput asks for a container.
type containerCreateInput struct {
	StorageHeaders
	Body operations.ContainerCreateRequest
}

func (a *API) registerContainers() {
	const tag = "Object storage"
	register(a, endpoint{
		method: http.MethodGet, path: "/storage/containers/", id: "list-containers", summary: "List containers", tag: tag,
	}, list[StorageHeaders](a, operations.ListContainers))
	register(a, endpoint{
		method: http.MethodPost, path: "/storage/containers/create/", id: "create-container", summary: "Create a container", tag: tag,
		status: http.StatusCreated,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *containerCreateInput) (*operations.CreatedContainer, error) {
		return operations.CreateContainer(ctx, client, in.Body)
	}))
	register(a, endpoint{
		method: http.MethodGet, path: "/storage/containers/{container_name}/", id: "list-objects", summary: "List the objects of a container",
		tag: tag,
	}, with(a, func(ctx context.Context, client *nhncloud.Client, in *containerInput) (*operations.Objects, error) {
		return operations.ListObjects(ctx, client, in.ContainerName)
	}))
	register(a, endpoint{
		method: http.MethodDelete, path: "/storage/containers/{container_name}/", id: "delete-container", summary: "Delete an empty container",
		tag: tag,
	}, without(a, func(ctx context.Context, client *nhncloud.Client, in *containerInput) error {
		return operations.DeleteContainer(ctx, client, in.ContainerName)
	}))
}

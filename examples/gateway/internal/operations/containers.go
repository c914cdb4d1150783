package operations

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// Containers is a list of the names of containers.
type Containers struct {
	Containers []string `json:"containers" nullable:"false"`
}

// ContainerCreateRequest describes a container to create.
type ContainerCreateRequest struct {
	Name string `json:"name" minLength:"1" example:"my-new-container"`
}

// CreatedContainer is a container that was created.
type CreatedContainer struct {
	Status    int    `json:"status" example:"201" doc:"HTTP status"`
	Container string `json:"container" example:"my-new-container"`
}

// Objects is a list of the names of objects.
type Objects struct {
	Objects []string `json:"objects" nullable:"false"`
}

// ListContainers returns the names of all containers.
func ListContainers(ctx context.Context, client *nhncloud.Client) (*Containers, error) {
	names, err := listed(objectstorage.New(client).Containers.All(ctx, nil), func(container *objectstorage.ContainerEntry) string { return container.Name })
	if err != nil {
		return nil, err
	}
	return &Containers{names}, nil
}

// CreateContainer creates a container. The service does not mind that there is one
// of that name already; the caller is told.
func CreateContainer(ctx context.Context, client *nhncloud.Client, request ContainerCreateRequest) (*CreatedContainer, error) {
	created, err := objectstorage.New(client).Containers.Create(ctx, request.Name, nil)
	if err != nil {
		return nil, err
	}
	if !created {
		return nil, Taken("name", request.Name)
	}
	return &CreatedContainer{Status: http.StatusCreated, Container: request.Name}, nil
}

// ListObjects returns the names of all objects of a container.
func ListObjects(ctx context.Context, client *nhncloud.Client, container string) (*Objects, error) {
	names, err := listed(objectstorage.New(client).Objects.All(ctx, container, nil), func(object *objectstorage.ObjectEntry) string { return object.Name })
	if err != nil {
		return nil, err
	}
	return &Objects{names}, nil
}

// DeleteContainer deletes a container, which has to be empty.
func DeleteContainer(ctx context.Context, client *nhncloud.Client, name string) error {
	return objectstorage.New(client).Containers.Delete(ctx, name)
}

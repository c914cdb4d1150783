package objectstorage

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ContainersService calls the operations on containers.
type ContainersService struct{ client *nhncloud.Client }

// CreateContainerOptions says more about a container to be created.
type CreateContainerOptions struct{}

// Create creates a container.
//
// API: PUT /v1/{Account}/{Container} (objectstorage-put-container; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Create(ctx context.Context, name string, options *CreateContainerOptions) (bool, error) {
	return true, s.client.Do(ctx, nhncloud.Request{
		Operation: "objectstorage-put-container",
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodPut,
		Path:      "/v1/{Account}/{Container}",
		Args:      []string{name},
	}, nil)
}

// Delete deletes an empty container.
//
// API: DELETE /v1/{Account}/{Container} (objectstorage-delete-container; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Delete(ctx context.Context, name string) error {
	return noContainer(s.client.Do(ctx, nhncloud.Request{
		Operation: "objectstorage-delete-container",
		Service:   nhncloud.ServiceObjectStorage,
		Method:    http.MethodDelete,
		Path:      "/v1/{Account}/{Container}",
		Args:      []string{name},
	}, nil))
}

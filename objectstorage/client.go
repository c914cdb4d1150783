package objectstorage

import (
	"errors"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// Client groups the resources of the Object Storage service.
type Client struct {
	Account     *AccountService
	Containers  *ContainersService
	Objects     *ObjectsService
	Credentials *CredentialsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Account:     &AccountService{client},
		Containers:  &ContainersService{client},
		Objects:     &ObjectsService{client},
		Credentials: &CredentialsService{client},
	}
}

// ErrContainerNotFound is the cause of a failure where the service tells that
// it is the container that does not exist, and not an object in it. Such a
// failure is an [nhncloud.ErrNotFound] as well.
var ErrContainerNotFound = errors.New("the container does not exist")

// noContainer adds ErrContainerNotFound to the failure of a call that can find
// nothing missing but the container.
func noContainer(err error) error {
	var e *nhncloud.Error
	if errors.As(err, &e) && e.StatusCode == http.StatusNotFound && e.Err == nil {
		e.Err = ErrContainerNotFound
	}
	return err
}

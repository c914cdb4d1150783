package blockstoragev1

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of block storage.
type Client struct {
	Volumes *VolumesService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{Volumes: &VolumesService{client}}
}

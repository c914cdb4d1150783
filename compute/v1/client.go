package computev1

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of instances and images in the v1.0 API.
type Client struct {
	Instances *InstancesService
	Flavors   *FlavorsService
	Zones     *ZonesService
	Images    *ImagesService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Instances: &InstancesService{client},
		Flavors:   &FlavorsService{client},
		Zones:     &ZonesService{client},
		Images:    &ImagesService{client},
	}
}

package compute

import (
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// Client groups the resources of the Compute service.
type Client struct {
	Servers           *ServersService
	Metadata          *MetadataService
	VolumeAttachments *VolumeAttachmentsService
	ServerGroups      *ServerGroupsService
	Flavors           *FlavorsService
	Zones             *ZonesService
	Images            *ImagesService
	ImageMembers      *ImageMembersService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Servers:           &ServersService{client},
		Metadata:          &MetadataService{client},
		VolumeAttachments: &VolumeAttachmentsService{client},
		ServerGroups:      &ServerGroupsService{client},
		Flavors:           &FlavorsService{client},
		Zones:             &ZonesService{client},
		Images:            &ImagesService{client},
		ImageMembers:      &ImageMembersService{client},
	}
}

// Link is a link that the service gives with a resource. Its host may be a
// retired one: do not call it.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"` // "self", "bookmark", "next"
}

// present leaves out what is null in a listing, so that every element can be
// used without a look.
func present[T any](items []*T) []*T {
	return slices.DeleteFunc(items, func(item *T) bool { return item == nil })
}

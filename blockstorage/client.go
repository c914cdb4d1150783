package blockstorage

import "github.com/nhncloud-go/nhncloud"

// Client groups the resources of block storage.
type Client struct {
	Volumes     *VolumesService
	Snapshots   *SnapshotsService
	VolumeTypes *VolumeTypesService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Volumes:     &VolumesService{client},
		Snapshots:   &SnapshotsService{client},
		VolumeTypes: &VolumeTypesService{client},
	}
}

// Link is a link that the service gives beside a resource. Its host may be one
// that is retired; no call of the SDK follows it.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"` // "self" or "bookmark"
}

package nks

import (
	"context"

	"github.com/nhncloud-go/nhncloud"
)

// Client groups the resources of NKS.
type Client struct {
	Clusters   *ClustersService
	NodeGroups *NodeGroupsService
	Addons     *AddonsService
	Events     *EventsService
	Supports   *SupportsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{
		Clusters:   &ClustersService{client},
		NodeGroups: &NodeGroupsService{client},
		Addons:     &AddonsService{client},
		Events:     &EventsService{client},
		Supports:   &SupportsService{client},
	}
}

// Link is a link that the service gives beside a resource. Its host may be one
// that is retired; no call of the SDK follows it.
type Link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"` // "self" or "bookmark"
}

// fetchUUID sends a request whose answer is the UUID of what it is done to.
func fetchUUID(ctx context.Context, client *nhncloud.Client, request nhncloud.Request) (string, error) {
	uuid, err := nhncloud.Fetch[string](ctx, client, request)
	if err != nil {
		return "", err
	}
	return *uuid, nil
}

package nks

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// flavor is what is needed of a flavor of compute.
type flavor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// findFlavor returns the id of a flavor that is given by its name or id.
func findFlavor(ctx context.Context, client *nhncloud.Client, nameOrID string) (string, error) {
	const operation = "compute-v2-list-flavors"
	found := ""
	for flavor, err := range linked.All(operation, func(next url.Values) (*linked.Page[flavor], error) {
		page, err := nhncloud.Fetch[struct {
			Items []*flavor     `json:"flavors"`
			Links []linked.Link `json:"flavors_links"`
		}](ctx, client, nhncloud.Request{
			Operation: operation,
			Service:   nhncloud.ServiceCompute,
			Method:    http.MethodGet,
			Path:      "/v2/{tenantId}/flavors",
			Query:     next,
		})
		return (*linked.Page[flavor])(page), err
	}) {
		switch {
		case err != nil:
			return "", err
		case flavor.ID == nameOrID:
			return flavor.ID, nil
		case flavor.Name == nameOrID:
			found = flavor.ID
		}
	}
	if found == "" {
		return "", missing("flavor " + nameOrID)
	}
	return found, nil
}

// image is what is needed of an image.
type image struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Status    string    `json:"status"`
	CreatedAt time.Time `json:"created_at"`
}

// findNodeImage returns the id of the base image for nodes that is given by its
// name or id, or of the newest of all where none is.
func findNodeImage(ctx context.Context, client *nhncloud.Client, nameOrID string) (string, error) {
	const operation = "image-v2-list-images"
	forNodes := url.Values{"nhncloud_allow_nks_cpu_flavor": {"true"}, "visibility": {"public"}}
	var newest *image
	for image, err := range linked.All(operation, func(next url.Values) (*linked.Page[image], error) {
		fetched, err := nhncloud.Fetch[struct {
			Items []*image `json:"images"`
			Next  string   `json:"next"`
		}](ctx, client, nhncloud.Request{
			Operation: operation,
			Service:   nhncloud.ServiceImage,
			Method:    http.MethodGet,
			Path:      "/v2/images",
			Query:     linked.Query(forNodes, next),
		})
		return (*linked.NextPage[image])(fetched).Linked(), err
	}) {
		switch {
		case err != nil:
			return "", err
		case image.ID == nameOrID:
			return image.ID, nil
		case image.Status != "active", nameOrID != "" && image.Name != nameOrID:
		case newest == nil || image.CreatedAt.After(newest.CreatedAt):
			newest = image
		}
	}
	if newest == nil {
		return "", missing("base image " + nameOrID + " that NKS makes nodes of")
	}
	return newest.ID, nil
}

func missing(what string) error {
	return &nhncloud.Error{Operation: createCluster, Message: "there is no " + what, Err: nhncloud.ErrNotFound}
}

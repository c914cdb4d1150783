package main

import (
	"context"
	"errors"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// The calls of this file show how to make calls that the SDK has no method for:
// a few lines each, with the same retries, tokens and errors.

type subnet struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	CIDR     string `json:"cidr"`
	External bool   `json:"router:external"`
}

func firstSubnet(ctx context.Context, client *nhncloud.Client) (*subnet, error) {
	subnets, err := nhncloud.Fetch[[]*subnet](ctx, client, nhncloud.Request{
		Operation:   "network-v2-list-vpcsubnets",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/vpcsubnets",
		ResponseKey: "vpcsubnets",
	})
	if err != nil {
		return nil, err
	}
	for _, s := range *subnets {
		if !s.External {
			return s, nil
		}
	}
	return nil, errors.New("there is no subnet; create a VPC first")
}

type volume struct {
	ID     string `json:"id"`
	Status string `json:"status"`
	Size   int    `json:"size"` // GB
}

func createVolume(ctx context.Context, client *nhncloud.Client, name string, size int, zone string) (*volume, error) {
	type request struct {
		Name string `json:"name"`
		Size int    `json:"size"`
		Zone string `json:"availability_zone"`
	}
	return nhncloud.Fetch[volume](ctx, client, nhncloud.Request{
		Operation:   "blockstorage-v2-create-volume",
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/volumes",
		Body:        map[string]request{"volume": {name, size, zone}},
		ResponseKey: "volume",
	})
}

func getVolume(ctx context.Context, client *nhncloud.Client, id string) (*volume, error) {
	return nhncloud.Fetch[volume](ctx, client, nhncloud.Request{
		Operation:   "blockstorage-v2-get-volume",
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/volumes/{volumeId}",
		Args:        []string{id},
		ResponseKey: "volume",
	})
}

func deleteVolume(ctx context.Context, client *nhncloud.Client, id string) error {
	return client.Do(ctx, nhncloud.Request{
		Operation: "blockstorage-v2-delete-volume",
		Service:   nhncloud.ServiceBlockStorage,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/volumes/{volumeId}",
		Args:      []string{id},
	}, nil)
}

func waitForVolume(ctx context.Context, client *nhncloud.Client, id, status string, options *nhncloud.WaitOptions) (*volume, error) {
	return nhncloud.Waiter[*volume, string]{
		Operation: "blockstorage-v2-get-volume",
		Resource:  "volume",
		ID:        id,
		Look:      func(ctx context.Context, id string) (*volume, error) { return getVolume(ctx, client, id) },
		Status:    func(v *volume) string { return v.Status },
		Failed:    []string{"error"},
	}.Until(ctx, options, status)
}

package networkv1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

const (
	floatingIPsURL = apitest.AppKeyURL + "/floating-ips"
	floatingIPID   = "4c1d1e8b-7d3a-4a4f-8c0e-5b8d9f3f6e2d"
)

var publicPool = networkv1.FloatingIPPool{ID: publicID, Name: "Public Network"}

func TestFloatingIPs(t *testing.T) {
	t.Parallel()
	apitest.LookUp[networkv1.FloatingIP]{
		All:   apitest.Want{Operation: "network-v1-list-floating-ips", Method: http.MethodGet, URL: floatingIPsURL},
		Key:   "floatingips",
		By:    "id",
		Field: "floatingIpId",
		Items: []*networkv1.FloatingIP{{
			ID:                floatingIPID,
			FloatingIPAddress: "133.186.132.10",
			FixedIPAddress:    "10.161.244.21",
			PortID:            "0d9a3e9e-6c4b-4d0b-9c8f-2a1b3c4d5e6f",
			RouterID:          "7e6d5c4b-3a29-4817-9605-f4e3d2c1b0a9",
			Pool:              publicPool,
			Status:            networkv1.FloatingIPActive,
		}},
		Name: func(f *networkv1.FloatingIP) *string { return &f.ID },
		List: func(ctx context.Context, client *nhncloud.Client) ([]*networkv1.FloatingIP, error) {
			return networkv1.New(client).FloatingIPs.List(ctx)
		},
		Get: func(ctx context.Context, client *nhncloud.Client, id string) (*networkv1.FloatingIP, error) {
			return networkv1.New(client).FloatingIPs.Get(ctx, id)
		},
	}.Check(t)
}

func TestFloatingIPsCreate(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "network-v1-create-floating-ip", Method: http.MethodPost, URL: floatingIPsURL, Body: "@network-v1-create-floating-ip.request.json"}
	create := func(ctx context.Context, client *nhncloud.Client, poolID string) (*networkv1.FloatingIP, error) {
		return networkv1.New(client).FloatingIPs.Create(ctx, poolID)
	}
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@network-v1-create-floating-ip.response.json"},
		&networkv1.FloatingIP{ID: floatingIPID, FloatingIPAddress: "133.186.132.10", Pool: publicPool, Status: networkv1.FloatingIPDown},
		func(ctx context.Context, client *nhncloud.Client) (*networkv1.FloatingIP, error) {
			return create(ctx, client, publicID)
		})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "poolID", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := create(ctx, client, "")
			return err
		})
	})
}

func TestFloatingIPsDelete(t *testing.T) {
	t.Parallel()
	apitest.CheckRemoval(t, "network-v1-delete-floating-ip", floatingIPsURL, "id", "floatingIpId", floatingIPID, func(ctx context.Context, client *nhncloud.Client, id string) error {
		return networkv1.New(client).FloatingIPs.Delete(ctx, id)
	})
}

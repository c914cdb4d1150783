package benchmarks

import (
	"context"
	"net/http"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/hashicorp/go-retryablehttp"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// peer is one way for a program to call NHN Cloud. Each decodes into its own
// types; with check, what it decoded is handed over as facts, outside of
// measurements.
type peer struct {
	get    func(ctx context.Context, id string, check func(facts)) error
	list   func(ctx context.Context, n int, check func(facts)) (int, error)
	create func(ctx context.Context, check func(createdFacts)) error
}

type newPeer func(testing.TB, *service.Cloud) peer

// peers are those that are compared, in this order.
var peers = []struct {
	name string
	make newPeer
}{
	{"sdk", newSDK},
	{"raw", newRaw},
	{"retryablehttp", newRetryable},
	{"gophercloud", newGophercloud},
}

const (
	imageID  = "9956f822-29c9-4f81-9410-0c392d9c8c24"
	flavorID = "a4b6a0f7-aeff-4d78-a8d5-7de9f007012d"
	network  = "b83863ff-0355-4c73-8c10-0bdf66a69aab"
)

func newSDK(tb testing.TB, c *service.Cloud) peer {
	client, err := nhncloud.NewClient(nhncloud.Config{
		AuthURL: c.URL + "/v2.0", Region: nhncloud.KR1, TenantID: service.Tenant, Username: "user", Password: "password",
	})
	require.NoError(tb, err)
	_, err = client.Token(context.Background())
	require.NoError(tb, err)
	api := compute.New(client).Servers
	return peer{
		get: func(ctx context.Context, id string, check func(facts)) error {
			server, err := api.Get(ctx, id)
			if err == nil && check != nil {
				check(sdkFacts(server))
			}
			return err
		},
		list: func(ctx context.Context, n int, check func(facts)) (int, error) {
			page, err := api.List(ctx, &compute.ServerListOptions{Limit: n})
			if check != nil {
				for _, server := range page {
					check(sdkFacts(server))
				}
			}
			return len(page), err
		},
		create: func(ctx context.Context, check func(createdFacts)) error {
			server, err := api.Create(ctx, compute.ServerCreateRequest{
				Name:             "DB-Master",
				FlavorID:         flavorID,
				ImageID:          imageID,
				Networks:         []compute.ServerNetwork{{NetworkID: network}},
				KeyName:          "access-key",
				AvailabilityZone: "kr-pub-a",
				SecurityGroups:   []string{"default"},
				BlockDevices: []compute.BlockDevice{{
					SourceType: compute.SourceImage, UUID: imageID, DestinationType: compute.DestinationVolume,
					VolumeSize: 1000, DeleteOnTermination: true,
				}},
				MinCount: 1,
				MaxCount: 1,
			})
			if err == nil && check != nil {
				check(sdkCreated(server))
			}
			return err
		},
	}
}

func newRaw(tb testing.TB, c *service.Cloud) peer {
	return newRawOn(tb, c, http.DefaultTransport.(*http.Transport).Clone())
}

func newRawOn(tb testing.TB, c *service.Cloud, transport *http.Transport) peer {
	tb.Cleanup(transport.CloseIdleConnections)
	client := &http.Client{Transport: transport}
	return restPeer(c, func(ctx context.Context, method, url string, body []byte, header http.Header) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, method, url, reader(body))
		if err != nil {
			return nil, err
		}
		req.Header = header
		return client.Do(req)
	})
}

func newRetryable(tb testing.TB, c *service.Cloud) peer {
	client := retryablehttp.NewClient()
	client.Logger = nil // else it prints each request
	tb.Cleanup(client.HTTPClient.CloseIdleConnections)
	return restPeer(c, func(ctx context.Context, method, url string, body []byte, header http.Header) (*http.Response, error) {
		var content any
		if body != nil {
			content = body
		}
		req, err := retryablehttp.NewRequestWithContext(ctx, method, url, content)
		if err != nil {
			return nil, err
		}
		req.Header = header
		return client.Do(req)
	})
}

func newGophercloud(tb testing.TB, c *service.Cloud) peer {
	provider, err := openstack.AuthenticatedClient(context.Background(), gophercloud.AuthOptions{
		IdentityEndpoint: c.URL + "/v2.0", TenantID: service.Tenant, Username: "user", Password: "password", AllowReauth: true,
	})
	require.NoError(tb, err)
	api, err := openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: "KR1"})
	require.NoError(tb, err)
	return peer{
		get: func(ctx context.Context, id string, check func(facts)) error {
			server, err := servers.Get(ctx, api, id).Extract()
			if err == nil && check != nil {
				check(gophercloudFacts(server))
			}
			return err
		},
		list: func(ctx context.Context, n int, check func(facts)) (int, error) {
			pages, err := servers.List(api, servers.ListOpts{Limit: n}).AllPages(ctx)
			if err != nil {
				return 0, err
			}
			all, err := servers.ExtractServers(pages)
			if check != nil {
				for i := range all {
					check(gophercloudFacts(&all[i]))
				}
			}
			return len(all), err
		},
		create: func(ctx context.Context, check func(createdFacts)) error {
			server, err := servers.Create(ctx, api, keypairs.CreateOptsExt{
				KeyName: "access-key",
				CreateOptsBuilder: servers.CreateOpts{
					Name:             "DB-Master",
					FlavorRef:        flavorID,
					ImageRef:         imageID,
					Networks:         []servers.Network{{UUID: network}},
					AvailabilityZone: "kr-pub-a",
					SecurityGroups:   []string{"default"},
					BlockDevice: []servers.BlockDevice{{
						SourceType: servers.SourceImage, UUID: imageID, DestinationType: servers.DestinationVolume,
						VolumeSize: 1000, DeleteOnTermination: true,
					}},
					Min: 1,
					Max: 1,
				},
			}, nil).Extract()
			if err == nil && check != nil {
				check(gophercloudCreated(server))
			}
			return err
		},
	}
}

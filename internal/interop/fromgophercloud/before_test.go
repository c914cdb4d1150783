package fromgophercloud

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v2/volumes"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/flavors"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/keypairs"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/volumeattach"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/layer3/floatingips"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/extensions/security/rules"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/gophercloud/gophercloud/v2/openstack/objectstorage/v1/objects"
	"github.com/gophercloud/gophercloud/v2/pagination"
)

// logInBefore is the log-in of the page; the others get its client, or that of
// their service.
func logInBefore(ctx context.Context) (*gophercloud.ServiceClient, error) {
	options, err := openstack.AuthOptionsFromEnv()
	if err != nil {
		return nil, err
	}
	options.AllowReauth = true
	provider, err := openstack.AuthenticatedClient(ctx, options)
	if err != nil {
		return nil, err
	}
	return openstack.NewComputeV2(provider, gophercloud.EndpointOpts{Region: os.Getenv("OS_REGION_NAME")})
}

// before are the calls in gophercloud, in the order of the page.
var before = map[string]func(context.Context, *gophercloud.ServiceClient, ids) error{
	"listServers":    listServersBefore,
	"getServer":      getServerBefore,
	"notFound":       notFoundBefore,
	"createServer":   createServerBefore,
	"waitForServer":  waitForServerBefore,
	"stopServer":     stopServerBefore,
	"resizeServer":   resizeServerBefore,
	"rebootServer":   rebootServerBefore,
	"deleteServer":   deleteServerBefore,
	"listFlavors":    listFlavorsBefore,
	"listImages":     listImagesBefore,
	"createKeyPair":  createKeyPairBefore,
	"createVolume":   createVolumeBefore,
	"attachVolume":   attachVolumeBefore,
	"listNetworks":   listNetworksBefore,
	"createRule":     createRuleBefore,
	"createFloating": createFloatingBefore,
	"putObject":      putObjectBefore,
	"getObject":      getObjectBefore,
}

func listServersBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	return servers.List(client, servers.ListOpts{Status: "ACTIVE"}).EachPage(ctx, func(_ context.Context, page pagination.Page) (bool, error) {
		all, err := servers.ExtractServers(page)
		if err != nil {
			return false, err
		}
		for _, server := range all {
			fmt.Println(server.ID, server.Name)
		}
		return true, nil
	})
}

func getServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	server, err := servers.Get(ctx, client, id.Server).Extract()
	if err != nil {
		return err
	}
	fmt.Println(server.Name, server.Flavor["id"])
	return nil
}

func notFoundBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	_, err := servers.Get(ctx, client, "no-such-id").Extract()
	if gophercloud.ResponseCodeIs(err, http.StatusNotFound) {
		return nil
	}
	return err
}

func createServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	server, err := servers.Create(ctx, client, keypairs.CreateOptsExt{
		KeyName: id.KeyPair,
		CreateOptsBuilder: servers.CreateOpts{
			Name:      "web",
			FlavorRef: id.Flavor,
			Networks:  []servers.Network{{UUID: id.Network}},
			BlockDevice: []servers.BlockDevice{{
				SourceType: servers.SourceImage, UUID: id.Image, DestinationType: servers.DestinationVolume,
				VolumeSize: 20, DeleteOnTermination: true,
			}},
		},
	}, nil).Extract()
	if err != nil {
		return err
	}
	fmt.Println(server.ID)
	return nil
}

func waitForServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	return servers.WaitForStatus(ctx, client, id.Server, "ACTIVE")
}

func stopServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	return servers.Stop(ctx, client, id.Server).ExtractErr()
}

func resizeServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	return servers.Resize(ctx, client, id.Server, servers.ResizeOpts{FlavorRef: id.LargerFlavor}).ExtractErr()
}

func rebootServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	return servers.Reboot(ctx, client, id.Server, servers.RebootOpts{Type: servers.SoftReboot}).ExtractErr()
}

func deleteServerBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	return servers.Delete(ctx, client, id.Server).ExtractErr()
}

func listFlavorsBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	pages, err := flavors.ListDetail(client, flavors.ListOpts{MinRAM: 4096}).AllPages(ctx)
	if err != nil {
		return err
	}
	all, err := flavors.ExtractFlavors(pages)
	fmt.Println(len(all))
	return err
}

func listImagesBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	pages, err := images.List(client, images.ListOpts{}).AllPages(ctx)
	if err != nil {
		return err
	}
	all, err := images.ExtractImages(pages)
	fmt.Println(len(all))
	return err
}

func createKeyPairBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	pair, err := keypairs.Create(ctx, client, keypairs.CreateOpts{Name: "deploy"}).Extract()
	if err != nil {
		return err
	}
	return os.WriteFile("deploy.pem", []byte(pair.PrivateKey), 0o600)
}

func createVolumeBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	volume, err := volumes.Create(ctx, client, volumes.CreateOpts{Name: "data", Size: 100}, nil).Extract()
	if err != nil {
		return err
	}
	return volumes.WaitForStatus(ctx, client, volume.ID, "available")
}

func attachVolumeBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	_, err := volumeattach.Create(ctx, client, id.Server, volumeattach.CreateOpts{VolumeID: id.Volume}).Extract()
	return err
}

func listNetworksBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	pages, err := networks.List(client, networks.ListOpts{}).AllPages(ctx)
	if err != nil {
		return err
	}
	all, err := networks.ExtractNetworks(pages)
	fmt.Println(len(all))
	return err
}

func createRuleBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	_, err := rules.Create(ctx, client, rules.CreateOpts{
		SecGroupID: id.SecurityGroup, Direction: rules.DirIngress, EtherType: rules.EtherType4,
		Protocol: rules.ProtocolTCP, PortRangeMin: 443, PortRangeMax: 443,
	}).Extract()
	return err
}

func createFloatingBefore(ctx context.Context, client *gophercloud.ServiceClient, id ids) error {
	ip, err := floatingips.Create(ctx, client, floatingips.CreateOpts{FloatingNetworkID: id.External}).Extract()
	if err != nil {
		return err
	}
	_, err = floatingips.Update(ctx, client, ip.ID, floatingips.UpdateOpts{PortID: &id.Port}).Extract()
	return err
}

func putObjectBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	_, err := objects.Create(ctx, client, "photos", "sea.txt", objects.CreateOpts{Content: strings.NewReader("sea")}).Extract()
	return err
}

func getObjectBefore(ctx context.Context, client *gophercloud.ServiceClient, _ ids) error {
	result := objects.Download(ctx, client, "photos", "sea.txt", nil)
	content, err := result.ExtractContent()
	fmt.Println(len(content))
	return err
}

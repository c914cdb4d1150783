package fromgophercloud

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func logInAfter() (*nhncloud.Client, error) {
	config, err := nhncloud.ConfigFromEnv()
	if err != nil {
		return nil, err
	}
	return nhncloud.NewClient(config)
}

// after are the same calls in this SDK.
var after = map[string]func(context.Context, *nhncloud.Client, ids) error{
	"listServers":    listServersAfter,
	"getServer":      getServerAfter,
	"notFound":       notFoundAfter,
	"createServer":   createServerAfter,
	"waitForServer":  waitForServerAfter,
	"stopServer":     stopServerAfter,
	"resizeServer":   resizeServerAfter,
	"rebootServer":   rebootServerAfter,
	"deleteServer":   deleteServerAfter,
	"listFlavors":    listFlavorsAfter,
	"listImages":     listImagesAfter,
	"createKeyPair":  createKeyPairAfter,
	"createVolume":   createVolumeAfter,
	"attachVolume":   attachVolumeAfter,
	"listNetworks":   listNetworksAfter,
	"createRule":     createRuleAfter,
	"createFloating": createFloatingAfter,
	"putObject":      putObjectAfter,
	"getObject":      getObjectAfter,
}

func listServersAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	for server, err := range compute.New(client).Servers.All(ctx, &compute.ServerListOptions{Status: compute.StatusActive}) {
		if err != nil {
			return err
		}
		fmt.Println(server.ID, server.Name)
	}
	return nil
}

func getServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	server, err := compute.New(client).Servers.Get(ctx, id.Server)
	if err != nil {
		return err
	}
	fmt.Println(server.Name, server.Flavor.ID)
	return nil
}

func notFoundAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	_, err := compute.New(client).Servers.Get(ctx, "no-such-id")
	if errors.Is(err, nhncloud.ErrNotFound) {
		return nil
	}
	return err
}

func createServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	server, err := compute.New(client).Servers.Create(ctx, compute.ServerCreateRequest{
		Name:     "web",
		KeyName:  id.KeyPair,
		FlavorID: id.Flavor,
		ImageID:  id.Image,
		Networks: []compute.ServerNetwork{{NetworkID: id.Network}},
		BlockDevices: []compute.BlockDevice{{
			SourceType: compute.SourceImage, UUID: id.Image, DestinationType: compute.DestinationVolume,
			VolumeSize: 20, DeleteOnTermination: true,
		}},
	})
	if err != nil {
		return err
	}
	fmt.Println(server.ID)
	return nil
}

func waitForServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	_, err := compute.New(client).Servers.WaitForStatus(ctx, id.Server, compute.StatusActive, nil)
	return err
}

func stopServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	return compute.New(client).Servers.Stop(ctx, id.Server)
}

func resizeServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	return compute.New(client).Servers.Resize(ctx, id.Server, id.LargerFlavor)
}

func rebootServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	return compute.New(client).Servers.Reboot(ctx, id.Server, compute.RebootSoft)
}

func deleteServerAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	return compute.New(client).Servers.Delete(ctx, id.Server)
}

func listFlavorsAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	all, err := nhncloud.Collect(compute.New(client).Flavors.All(ctx, &compute.FlavorListOptions{MinRAM: 4096}))
	fmt.Println(len(all))
	return err
}

func listImagesAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	all, err := nhncloud.Collect(compute.New(client).Images.All(ctx, nil))
	fmt.Println(len(all))
	return err
}

func createKeyPairAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	pair, err := keypair.New(client).KeyPairs.Create(ctx, "deploy")
	if err != nil {
		return err
	}
	return pair.SavePrivateKey("deploy.pem")
}

func createVolumeAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	volumes := blockstorage.New(client).Volumes
	volume, err := volumes.Create(ctx, blockstorage.VolumeCreateRequest{Name: "data", Size: 100})
	if err != nil {
		return err
	}
	_, err = volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil)
	return err
}

func attachVolumeAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	_, err := compute.New(client).VolumeAttachments.Attach(ctx, id.Server, id.Volume)
	return err
}

func listNetworksAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	all, err := nhncloud.Collect(network.New(client).VPCs.All(ctx, nil))
	fmt.Println(len(all))
	return err
}

func createRuleAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	_, err := network.New(client).SecurityGroupRules.Create(ctx, network.SecurityGroupRuleCreateRequest{
		SecurityGroupID: id.SecurityGroup, Direction: network.DirectionIngress, Ethertype: network.EthertypeIPv4,
		Protocol: network.ProtocolTCP, PortRangeMin: new(443), PortRangeMax: new(443),
	})
	return err
}

func createFloatingAfter(ctx context.Context, client *nhncloud.Client, id ids) error {
	ips := network.New(client).FloatingIPs
	ip, err := ips.Create(ctx, network.FloatingIPCreateRequest{FloatingNetworkID: id.External})
	if err != nil {
		return err
	}
	_, err = ips.Associate(ctx, ip.ID, network.FloatingIPAssociateRequest{PortID: id.Port})
	return err
}

func putObjectAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	_, err := objectstorage.New(client).Objects.Put(ctx, "photos", "sea.txt", strings.NewReader("sea"), nil)
	return err
}

func getObjectAfter(ctx context.Context, client *nhncloud.Client, _ ids) error {
	content, err := objectstorage.New(client).Objects.Get(ctx, "photos", "sea.txt", nil)
	if err != nil {
		return err
	}
	defer content.Close()
	n, err := io.Copy(io.Discard, content)
	fmt.Println(n)
	return err
}

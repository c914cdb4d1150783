// Images takes an image of one's own from a file to a running server and back:
// it uploads the file with a progress bar, boots a server from the image, makes
// another image of that server, and deletes all of it.
//
//	go run ./examples/images                          on an in-memory NHN Cloud, with a file that it makes up
//	go run ./examples/images -volume                  with a server that boots from a volume
//	go run ./examples/images -live -file disk.qcow2   on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it creates resources that cost money, and asks first.
package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	s := new(studio)
	return frame.Program{
		Name:    "images",
		Does:    "takes an image from a file to a running server and back",
		Makes:   "two images, a server and a key pair",
		Timeout: time.Hour,
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&s.file, "file", "", "file of the image; one that boots nothing is made up without it")
			flags.StringVar(&s.format, "format", "qcow2", "format of the file, such as qcow2 or raw")
			flags.BoolVar(&s.volume, "volume", false, "boot from a volume rather than from a local disk")
		},
		Run: s.run,
	}
}

// studio has what the steps share.
type studio struct {
	*frame.Stage
	file, format string
	volume       bool
	name         string // of all that is made
	compute      *compute.Client
	keypairs     *keypair.KeyPairsService
	volumes      *blockstorage.VolumesService
}

func (s *studio) run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-images"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	s.Stage, s.compute, s.keypairs, s.volumes = stage, compute.New(client), keypair.New(client).KeyPairs, blockstorage.New(client).Volumes
	s.name = "images-" + time.Now().UTC().Format("20060102-150405")

	flavor, err := s.chooseFlavor(ctx)
	if err != nil {
		return err
	}
	subnet, err := firstSubnet(ctx, network.New(client).Subnets)
	if err != nil {
		return err
	}
	image, err := s.upload(ctx)
	if err != nil {
		return err
	}
	server, err := s.boot(ctx, image, flavor, subnet)
	if err != nil {
		return err
	}
	return s.snapshot(ctx, server, flavor)
}

// chooseFlavor picks the smallest flavor of those that boot from what is wanted.
func (s *studio) chooseFlavor(ctx context.Context) (*compute.Flavor, error) {
	flavors, err := nhncloud.Collect(s.compute.Flavors.All(ctx, nil))
	if err != nil {
		return nil, err
	}
	flavors = slices.DeleteFunc(flavors, func(f *compute.Flavor) bool { return f.HasLocalDisk() == s.volume || f.Disabled })
	if len(flavors) == 0 {
		return nil, errors.New("there is no such flavor; see -volume")
	}
	return slices.MinFunc(flavors, func(f, g *compute.Flavor) int { return cmp.Compare(f.RAM, g.RAM) }), nil
}

// firstSubnet finds a subnet that the server can be in.
func firstSubnet(ctx context.Context, subnets *network.SubnetsService) (*network.Subnet, error) {
	for subnet, err := range subnets.All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if !subnet.RouterExternal {
			return subnet, nil
		}
	}
	return nil, errors.New("there is no subnet; create a VPC first")
}

// boot makes a server of the image.
func (s *studio) boot(ctx context.Context, image *compute.Image, flavor *compute.Flavor, subnet *network.Subnet) (*compute.Server, error) {
	making := s.Making(ctx, "key pair "+s.name)
	if _, err := s.keypairs.Create(making.Context, s.name); err != nil {
		return nil, making.Failed(err)
	}
	making.Made("key pair "+s.name, func(ctx context.Context) error { return s.keypairs.Delete(ctx, s.name) })

	request, err := compute.SimpleServer{
		Name: s.name, ImageID: image.ID, FlavorID: flavor.ID, SubnetID: subnet.ID, KeyName: s.name, VolumeSize: max(20, image.MinDisk),
	}.Request(flavor)
	if err != nil {
		return nil, err
	}
	servers := s.compute.Servers
	making = s.Making(ctx, "server "+s.name)
	created, err := servers.Create(making.Context, request)
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("server "+created.ID, func(ctx context.Context) error {
		if err := servers.Delete(ctx, created.ID); err != nil {
			return err
		}
		return servers.WaitForDeletion(ctx, created.ID, nil)
	})
	s.Say("Creating server %s with flavor %s.", created.ID, flavor.Name)
	return servers.WaitForStatus(ctx, created.ID, compute.StatusActive, s.Progress())
}

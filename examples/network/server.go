package main

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
)

// choose picks the Linux image with the smallest disk, and the smallest flavor
// that boots from a volume and has room for it.
func (b *builder) choose(ctx context.Context) (compute.SimpleServer, *compute.Flavor, error) {
	var server compute.SimpleServer
	images, err := nhncloud.Collect(b.compute.Images.All(ctx, &compute.ImageListOptions{Visibility: compute.ImagePublic, Status: compute.ImageActive}))
	if err != nil {
		return server, nil, err
	}
	images = slices.DeleteFunc(images, func(i *compute.Image) bool { return !strings.EqualFold(i.Property("os_type"), "linux") })
	if len(images) == 0 {
		return server, nil, errors.New("there is no public Linux image")
	}
	image := slices.MinFunc(images, func(i, j *compute.Image) int { return cmp.Compare(i.MinDisk, j.MinDisk) })

	flavors, err := nhncloud.Collect(b.compute.Flavors.All(ctx, nil))
	if err != nil {
		return server, nil, err
	}
	flavors = slices.DeleteFunc(flavors, func(f *compute.Flavor) bool { return f.HasLocalDisk() || f.Disabled || f.RAM < image.MinRAM })
	if len(flavors) == 0 {
		return server, nil, errors.New("there is no flavor for that image")
	}
	flavor := slices.MinFunc(flavors, func(f, g *compute.Flavor) int { return cmp.Compare(f.RAM, g.RAM) })
	b.Say("Chose image %q and flavor %s (%d vCPUs, %d MB).", image.Name, flavor.Name, flavor.VCPUs, flavor.RAM)
	return compute.SimpleServer{ImageID: image.ID, FlavorID: flavor.ID, VolumeSize: max(20, image.MinDisk)}, flavor, nil
}

// createKeyPair makes a key pair. A program that is to log in saves its private
// key, which can't be had again; see KeyPair.SavePrivateKey.
func (b *builder) createKeyPair(ctx context.Context) error {
	making := b.Making(ctx, "key pair "+b.name)
	pair, err := b.keypairs.Create(making.Context, b.name)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("key pair "+pair.Name, func(ctx context.Context) error { return b.keypairs.Delete(ctx, pair.Name) })
	b.Say("Made key pair %s with fingerprint %s.", pair.Name, pair.Fingerprint)
	return nil
}

func (b *builder) createServer(ctx context.Context, request compute.ServerCreateRequest) (id string, err error) {
	servers := b.compute.Servers
	making := b.Making(ctx, "server "+b.name)
	created, err := servers.Create(making.Context, request)
	if err != nil {
		return "", making.Failed(err)
	}
	making.Made("server "+created.ID, func(ctx context.Context) error {
		if err := servers.Delete(ctx, created.ID); err != nil {
			return err
		}
		return servers.WaitForDeletion(ctx, created.ID, nil) // its port is in the subnet until then
	})
	b.Say("Creating server %s.", created.ID)
	_, err = servers.WaitForStatus(ctx, created.ID, compute.StatusActive, b.Progress())
	return created.ID, err
}

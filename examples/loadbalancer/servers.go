package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/network"
)

// subnet finds a subnet for the servers and the load balancer.
func (b *builder) subnet(ctx context.Context) (*network.Subnet, error) {
	for subnet, err := range b.network.Subnets.All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if !subnet.RouterExternal {
			b.Say("Chose subnet %s (%s).", subnet.Name, subnet.CIDR)
			return subnet, nil
		}
	}
	return nil, errors.New("there is no subnet; create a VPC first")
}

// createServers makes two servers, and returns their addresses. What listens on their port 80 is up to their
// users; the health monitor takes them for ill until something does.
func (b *builder) createServers(ctx context.Context, subnet *network.Subnet) (addresses []string, err error) {
	simple, flavor, err := b.choose(ctx)
	if err != nil {
		return nil, err
	}
	making := b.Making(ctx, "key pair "+b.name)
	if _, err := b.keypairs.Create(making.Context, b.name); err != nil {
		return nil, making.Failed(err)
	}
	making.Made("key pair "+b.name, func(ctx context.Context) error { return b.keypairs.Delete(ctx, b.name) })
	simple.KeyName, simple.SubnetID = b.name, subnet.ID
	for i := range 2 {
		simple.Name = fmt.Sprintf("%s-%d", b.name, i+1)
		request, err := simple.Request(flavor)
		if err != nil {
			return nil, err
		}
		address, err := b.createServer(ctx, request)
		if err != nil {
			return nil, err
		}
		addresses = append(addresses, address)
	}
	return addresses, nil
}

// choose picks the Linux image with the smallest disk, and the smallest flavor
// that boots from a volume and has room for it.
func (b *builder) choose(ctx context.Context) (compute.SimpleServer, *compute.Flavor, error) {
	var simple compute.SimpleServer
	images, err := nhncloud.Collect(b.compute.Images.All(ctx, &compute.ImageListOptions{Visibility: compute.ImagePublic, Status: compute.ImageActive}))
	if err != nil {
		return simple, nil, err
	}
	images = slices.DeleteFunc(images, func(i *compute.Image) bool { return !strings.EqualFold(i.Property("os_type"), "linux") })
	flavors, err := nhncloud.Collect(b.compute.Flavors.All(ctx, nil))
	if err != nil {
		return simple, nil, err
	}
	if len(images) == 0 {
		return simple, nil, errors.New("there is no public Linux image")
	}
	image := slices.MinFunc(images, func(i, j *compute.Image) int { return cmp.Compare(i.MinDisk, j.MinDisk) })
	flavors = slices.DeleteFunc(flavors, func(f *compute.Flavor) bool { return f.HasLocalDisk() || f.Disabled || f.RAM < image.MinRAM })
	if len(flavors) == 0 {
		return simple, nil, errors.New("there is no flavor for that image")
	}
	flavor := slices.MinFunc(flavors, func(f, g *compute.Flavor) int { return cmp.Compare(f.RAM, g.RAM) })
	b.Say("Chose image %q and flavor %s.", image.Name, flavor.Name)
	return compute.SimpleServer{ImageID: image.ID, FlavorID: flavor.ID, VolumeSize: max(20, image.MinDisk)}, flavor, nil
}

// createServer makes a server, and returns the address that it has.
func (b *builder) createServer(ctx context.Context, request compute.ServerCreateRequest) (address string, err error) {
	servers := b.compute.Servers
	making := b.Making(ctx, "server "+request.Name)
	created, err := servers.Create(making.Context, request)
	if err != nil {
		return "", making.Failed(err)
	}
	making.Made("server "+created.ID, func(ctx context.Context) error {
		if err := servers.Delete(ctx, created.ID); err != nil {
			return err
		}
		return servers.WaitForDeletion(ctx, created.ID, nil)
	})
	active, err := servers.WaitForStatus(ctx, created.ID, compute.StatusActive, nil)
	if err != nil {
		return "", err
	}
	for _, addresses := range active.Addresses {
		for _, address := range addresses {
			b.Say("Made server %s with address %s.", request.Name, address.Addr)
			return address.Addr, nil
		}
	}
	return "", fmt.Errorf("server %s has no address", active.ID)
}

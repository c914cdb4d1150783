package main

import (
	"context"
	"errors"
	"strings"

	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

// choose returns the request for an instance: in the first zone that can be
// used, of the Linux image with the smallest disk and the smallest flavor that
// boots from a volume, on the first subnet.
func (t *tour) choose(ctx context.Context) (request computev1.InstanceCreateRequest, err error) {
	zone, err := t.chooseZone(ctx)
	if err != nil {
		return request, err
	}
	image, err := t.chooseImage(ctx)
	if err != nil {
		return request, err
	}
	flavor, err := t.chooseFlavor(ctx, image)
	if err != nil {
		return request, err
	}
	subnet, err := t.chooseSubnet(ctx)
	if err != nil {
		return request, err
	}
	t.Say("Chose zone %s, image %q, flavor %s (%d vCPUs, %d MB) and subnet %s (%s).",
		zone.Name, image.Name, flavor.Name, flavor.VCPUs, flavor.RAM, subnet.Name, subnet.CIDR)
	return computev1.InstanceCreateRequest{
		Name:             t.name,
		ImageID:          image.ID,
		FlavorID:         flavor.ID,
		Networks:         []computev1.InstanceNetwork{{SubnetID: subnet.ID}},
		AvailabilityZone: zone.Name,
		KeyName:          t.name,
		Volume:           &computev1.InstanceVolume{Size: (max(20, image.MinDisk) + 9) / 10 * 10}, // in steps of 10 GB
		SecurityGroups:   []string{t.name},
	}, nil
}

func (t *tour) chooseZone(ctx context.Context) (*computev1.Zone, error) {
	zones, err := t.compute.Zones.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, zone := range zones {
		if zone.State.Available {
			return zone, nil
		}
	}
	return nil, errors.New("there is no zone that can be used")
}

func (t *tour) chooseImage(ctx context.Context) (*computev1.Image, error) {
	var chosen *computev1.Image
	for image, err := range t.compute.Images.All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		system := image.Properties["os_distro"]
		usable := image.Public && image.Status == computev1.ImageActive && system != "" && !strings.EqualFold(system, "windows")
		if usable && (chosen == nil || image.MinDisk < chosen.MinDisk) {
			chosen = image
		}
	}
	if chosen == nil {
		return nil, errors.New("there is no public Linux image")
	}
	return chosen, nil
}

func (t *tour) chooseFlavor(ctx context.Context, image *computev1.Image) (*computev1.Flavor, error) {
	flavors, err := t.compute.Flavors.List(ctx)
	if err != nil {
		return nil, err
	}
	var chosen *computev1.Flavor
	for _, flavor := range flavors {
		usable := !flavor.Disabled && !flavor.HasLocalDisk() && flavor.RAM >= image.MinRAM
		if usable && (chosen == nil || flavor.RAM < chosen.RAM) {
			chosen = flavor
		}
	}
	if chosen == nil {
		return nil, errors.New("there is no flavor for that image")
	}
	return chosen, nil
}

func (t *tour) chooseSubnet(ctx context.Context) (*networkv1.Subnet, error) {
	networks, err := t.network.Networks.List(ctx)
	if err != nil {
		return nil, err
	}
	subnets, err := t.network.Subnets.List(ctx)
	if err != nil {
		return nil, err
	}
	for _, network := range networks {
		for _, subnet := range subnets {
			if !network.RouterExternal && subnet.NetworkID == network.ID {
				return subnet, nil
			}
		}
	}
	return nil, errors.New("there is no subnet; create a network first")
}

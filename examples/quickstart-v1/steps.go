package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

// createSecurityGroup makes a group that lets ssh and ping in.
func (t *tour) createSecurityGroup(ctx context.Context) error {
	making := t.Making(ctx, "security group "+t.name)
	group, err := t.network.SecurityGroups.Create(making.Context, networkv1.SecurityGroupCreateRequest{Name: t.name})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("security group "+group.ID, func(ctx context.Context) error { return t.network.SecurityGroups.Delete(ctx, group.ID) })
	t.Say("Made security group %s.", group.Name)

	ssh := networkv1.SecurityGroupRuleCreateRequest{
		SecurityGroupID: group.ID,
		Direction:       networkv1.DirectionIngress,
		Ethertype:       networkv1.EthertypeIPv4,
		Protocol:        networkv1.ProtocolTCP,
		PortRangeMin:    new(22),
		PortRangeMax:    new(22),
		RemoteIPPrefix:  t.sshFrom,
	}
	ping := ssh
	ping.Protocol, ping.PortRangeMin, ping.PortRangeMax = networkv1.ProtocolICMP, nil, nil
	for _, rule := range []networkv1.SecurityGroupRuleCreateRequest{ssh, ping} {
		if _, err := t.network.SecurityGroupRules.Create(ctx, rule); err != nil {
			return err
		}
	}
	t.Say("It lets ssh and ping in from %s.", t.sshFrom)
	return nil
}

// createKeyPair makes a key pair and saves its private key, which can't be had
// again.
func (t *tour) createKeyPair(ctx context.Context) error {
	folder, err := t.Folder()
	if err != nil {
		return err
	}
	making := t.Making(ctx, "key pair "+t.name)
	pair, err := t.keypairs.Create(making.Context, t.name)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("key pair "+pair.Name, func(ctx context.Context) error { return t.keypairs.Delete(ctx, pair.Name) })
	t.Say("Made key pair %s with fingerprint %s.", pair.Name, pair.Fingerprint)
	file := filepath.Join(folder, t.name+".pem")
	if err := pair.SavePrivateKey(file); err != nil {
		return err
	}
	t.Say("Saved its private key to %s, for you alone to read.", file)
	return nil
}

func (t *tour) createInstance(ctx context.Context, request computev1.InstanceCreateRequest) (*computev1.Instance, error) {
	instances := t.compute.Instances
	making := t.Making(ctx, "instance "+t.name)
	created, err := instances.Create(making.Context, request)
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("instance "+created.ID, func(ctx context.Context) error {
		if err := instances.Delete(ctx, created.ID); err != nil {
			return err
		}
		return instances.WaitForDeletion(ctx, created.ID, nil)
	})
	t.Say("Creating instance %s.", created.ID)
	instance, err := instances.WaitForStatus(ctx, created.ID, computev1.StatusActive, t.Progress())
	if err != nil {
		return nil, err
	}
	if len(instance.Addresses) == 0 {
		return nil, errors.New("the instance has no address")
	}
	t.Say("It has address %s.", instance.Addresses[0].IPAddress)
	return instance, nil
}

// addFloatingIP makes the instance reachable from outside.
func (t *tour) addFloatingIP(ctx context.Context, instance *computev1.Instance) error {
	floating := t.network.FloatingIPs
	pools, err := t.network.FloatingIPPools.List(ctx)
	if err != nil {
		return err
	}
	if len(pools) == 0 {
		return errors.New("there is no pool of floating IPs")
	}
	making := t.Making(ctx, "a floating IP of pool "+pools[0].Name)
	ip, err := floating.Create(making.Context, pools[0].ID)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("floating IP "+ip.ID+" ("+ip.FloatingIPAddress+")", func(ctx context.Context) error {
		now, err := floating.Get(ctx, ip.ID)
		if err != nil {
			return err
		}
		if now.FixedIPAddress != "" { // it is connected
			if err := t.compute.Instances.RemoveFloatingIP(ctx, instance.ID, ip.FloatingIPAddress); err != nil {
				return err
			}
		}
		return floating.Delete(ctx, ip.ID)
	})
	t.Say("Took floating IP %s out of pool %s.", ip.FloatingIPAddress, pools[0].Name)
	if err := t.compute.Instances.AddFloatingIP(ctx, instance.ID, ip.FloatingIPAddress, instance.Addresses[0].IPAddress); err != nil {
		return err
	}
	t.Say("Connected it with the instance.")
	return nil
}

// makeImage stops the instance, as an image wants it, and makes one.
func (t *tour) makeImage(ctx context.Context, id string) error {
	instances := t.compute.Instances
	t.Say("Stopping the instance.")
	if err := instances.Stop(ctx, id); err != nil {
		return err
	}
	if _, err := instances.WaitForStatus(ctx, id, computev1.StatusStop, t.Progress()); err != nil {
		return err
	}
	making := t.Making(ctx, "image "+t.name)
	created, err := instances.UploadImage(making.Context, id, t.name)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("image "+created.ID, func(ctx context.Context) error { return t.compute.Images.Delete(ctx, created.ID) })
	t.Say("Making image %s of it.", created.Name)
	image, err := t.waitForImage(ctx, created.ID)
	if err != nil {
		return err
	}
	t.Say("The image has %d MB.", image.Size>>20)
	return nil
}

// waitForImage shows how to wait for what the SDK has no waiter for.
func (t *tour) waitForImage(ctx context.Context, id string) (*computev1.Image, error) {
	look := func(ctx context.Context, id string) (*computev1.Image, error) {
		for image, err := range t.compute.Images.All(ctx, nil) {
			if err != nil || image.ID == id {
				return image, err
			}
		}
		return nil, fmt.Errorf("image %s: %w", id, nhncloud.ErrNotFound)
	}
	return nhncloud.Waiter[*computev1.Image, computev1.ImageStatus]{
		Operation: "image-v1-list-images",
		Resource:  "image",
		ID:        id,
		Look:      look,
		Status:    func(image *computev1.Image) computev1.ImageStatus { return image.Status },
		Failed:    []computev1.ImageStatus{computev1.ImageKilled},
	}.Until(ctx, t.Progress(), computev1.ImageActive)
}

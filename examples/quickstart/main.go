// Quickstart takes a server from nothing to ACTIVE and back: it logs in, picks
// a flavor and an image, makes a key pair, creates the server, attaches a
// volume, stops, starts and resizes it, and deletes everything again.
//
//	go run ./examples/quickstart          on an in-memory NHN Cloud, in a second
//	go run ./examples/quickstart -live    on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it creates resources that cost money, and asks first.
package main

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
)

func main() { frame.Main(program) }

var program = frame.Program{
	Name:    "quickstart",
	Does:    "takes a server from nothing to ACTIVE and back",
	Makes:   "a server, a volume and a key pair",
	Timeout: 30 * time.Minute,
	Run:     run,
}

func run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-quickstart"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	t := &tour{
		Stage: stage, client: client,
		compute: compute.New(client), keypairs: keypair.New(client).KeyPairs,
		subnets: network.New(client).Subnets, volumes: blockstorage.New(client).Volumes,
	}
	return t.take(ctx)
}

// tour has what the steps share.
type tour struct {
	*frame.Stage
	client   *nhncloud.Client
	compute  *compute.Client
	keypairs *keypair.KeyPairsService
	subnets  *network.SubnetsService
	volumes  *blockstorage.VolumesService
}

func (t *tour) take(ctx context.Context) error {
	token, err := t.client.Token(ctx)
	if err != nil {
		return err
	}
	t.Say("Logged in to tenant %s; the token ends at %s.", token.TenantID, token.ExpiresAt.Format(time.RFC3339))

	choice, err := t.choose(ctx)
	if err != nil {
		return err
	}
	name := "quickstart-" + time.Now().UTC().Format("20060102-150405")
	making := t.Making(ctx, "key pair "+name)
	pair, err := t.keypairs.Create(making.Context, name)
	if err != nil {
		return making.Failed(err)
	}
	making.Made("key pair "+name, func(ctx context.Context) error { return t.keypairs.Delete(ctx, name) })
	t.Say("Made key pair %s with fingerprint %s.", pair.Name, pair.Fingerprint)

	server, err := t.createServer(ctx, name, choice)
	if err != nil {
		return err
	}
	if err := t.attachVolume(ctx, name, server); err != nil {
		return err
	}
	return t.exercise(ctx, server.ID, choice.larger)
}

// choice is what the server is made of.
type choice struct {
	flavor, larger *compute.Flavor
	image          *compute.Image
	subnetID       string
}

// choose picks the Linux image with the smallest disk, the smallest flavor that
// boots from a volume and has room for it, and a larger one to resize to.
func (t *tour) choose(ctx context.Context) (choice, error) {
	var c choice
	for image, err := range t.compute.Images.All(ctx, &compute.ImageListOptions{Visibility: compute.ImagePublic, Status: compute.ImageActive}) {
		if err != nil {
			return c, err
		}
		if strings.EqualFold(image.Property("os_type"), "linux") && (c.image == nil || image.MinDisk < c.image.MinDisk) {
			c.image = image
		}
	}
	if c.image == nil {
		return c, errors.New("there is no public Linux image")
	}
	for flavor, err := range t.compute.Flavors.All(ctx, nil) {
		if err != nil {
			return c, err
		}
		switch {
		case flavor.HasLocalDisk(), flavor.Disabled, flavor.RAM < c.image.MinRAM:
		case c.flavor == nil || flavor.RAM < c.flavor.RAM:
			c.flavor, c.larger = flavor, c.flavor
		case flavor.RAM > c.flavor.RAM && (c.larger == nil || flavor.RAM < c.larger.RAM):
			c.larger = flavor
		}
	}
	if c.flavor == nil {
		return c, errors.New("there is no flavor for that image")
	}
	subnet, err := t.firstSubnet(ctx)
	if err != nil {
		return c, err
	}
	c.subnetID = subnet.ID
	t.Say("Chose image %q, flavor %s (%d vCPUs, %d MB) and subnet %s (%s).",
		c.image.Name, c.flavor.Name, c.flavor.VCPUs, c.flavor.RAM, subnet.Name, subnet.CIDR)
	return c, nil
}

// firstSubnet finds a subnet that the server can be in.
func (t *tour) firstSubnet(ctx context.Context) (*network.Subnet, error) {
	for subnet, err := range t.subnets.All(ctx, nil) {
		if err != nil {
			return nil, err
		}
		if !subnet.RouterExternal {
			return subnet, nil
		}
	}
	return nil, errors.New("there is no subnet; create a VPC first")
}

func (t *tour) createServer(ctx context.Context, name string, c choice) (*compute.Server, error) {
	request, err := compute.SimpleServer{
		Name:       name,
		ImageID:    c.image.ID,
		FlavorID:   c.flavor.ID,
		SubnetID:   c.subnetID,
		KeyName:    name,
		VolumeSize: max(20, c.image.MinDisk),
	}.Request(c.flavor)
	if err != nil {
		return nil, err
	}
	making := t.Making(ctx, "server "+name)
	created, err := t.compute.Servers.Create(making.Context, request)
	if err != nil {
		return nil, making.Failed(err)
	}
	making.Made("server "+created.ID, func(ctx context.Context) error {
		if err := t.compute.Servers.Delete(ctx, created.ID); err != nil {
			return err
		}
		return t.compute.Servers.WaitForDeletion(ctx, created.ID, nil)
	})
	t.Say("Creating server %s.", created.ID)
	server, err := t.compute.Servers.WaitForStatus(ctx, created.ID, compute.StatusActive, t.Progress())
	if err != nil {
		return nil, err
	}
	for network, addresses := range server.Addresses {
		for _, a := range addresses {
			t.Say("It has address %s in %s.", a.Addr, network)
		}
	}
	return server, nil
}

func (t *tour) attachVolume(ctx context.Context, name string, server *compute.Server) error {
	making := t.Making(ctx, "volume "+name)
	making.Last = true // deleting the server detaches it
	volume, err := t.volumes.Create(making.Context, blockstorage.VolumeCreateRequest{
		Name: name, Size: 10, AvailabilityZone: server.AvailabilityZone,
	})
	if err != nil {
		return making.Failed(err)
	}
	making.Made("volume "+volume.ID, func(ctx context.Context) error {
		if _, err := t.volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, nil); err != nil {
			return err
		}
		return t.volumes.Delete(ctx, volume.ID)
	})
	t.Say("Creating a volume of %d GB.", volume.Size)
	if _, err := t.volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusAvailable, t.Progress()); err != nil {
		return err
	}
	attachment, err := t.compute.VolumeAttachments.Attach(ctx, server.ID, volume.ID)
	if err != nil {
		return err
	}
	t.Say("Attaching the volume as %s.", attachment.Device)
	_, err = t.volumes.WaitForStatus(ctx, volume.ID, blockstorage.StatusInUse, t.Progress())
	return err
}

// exercise stops, starts and resizes the server.
func (t *tour) exercise(ctx context.Context, id string, larger *compute.Flavor) error {
	servers := t.compute.Servers
	t.Say("Stopping the server.")
	if err := servers.Stop(ctx, id); err != nil {
		return err
	}
	if _, err := servers.WaitForStatus(ctx, id, compute.StatusShutoff, t.Progress()); err != nil {
		return err
	}
	if err := servers.Stop(ctx, id); errors.Is(err, nhncloud.ErrConflict) {
		t.Say("A stopped server can't be stopped again: the service answers with a conflict.")
	}
	t.Say("Starting the server.")
	if err := servers.Start(ctx, id); err != nil {
		return err
	}
	if _, err := servers.WaitForStatus(ctx, id, compute.StatusActive, t.Progress()); err != nil {
		return err
	}
	if larger == nil {
		t.Say("There is no larger flavor to resize to.")
		return nil
	}
	t.Say("Resizing the server to %s.", larger.Name)
	if err := servers.Resize(ctx, id, larger.ID); err != nil {
		return err
	}
	server, err := servers.WaitForResize(ctx, id, larger.ID, t.Progress())
	if err != nil {
		return err
	}
	t.Say("The server is %s with flavor %s.", server.Status, larger.Name)
	return nil
}

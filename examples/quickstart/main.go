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
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) (err error) {
	flags := flag.NewFlagSet("quickstart", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real NHN Cloud; creates billable resources")
	yes := flags.Bool("yes", false, "with -live: do not ask first")
	timeout := flags.Duration("timeout", 30*time.Minute, "give up after this time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()

	t := &tour{out: stdout, wait: &nhncloud.WaitOptions{}}
	lookup := os.LookupEnv
	if *live {
		t.say("This creates a server, a volume and a key pair on the real NHN Cloud. They cost money until they are deleted, which this program does at its end.")
		if !*yes && !confirmed(ctx, stdin, stdout) {
			return errors.New("nothing was done")
		}
	} else {
		cloud := nhncloudtest.NewServer()
		defer cloud.Close()
		lookup = cloud.LookupEnv
		t.wait.Interval = 20 * time.Millisecond // nothing takes long there
		t.say("Working on an in-memory NHN Cloud at %s.", cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(lookup)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-quickstart"))
	if err != nil {
		return err
	}
	t.client, t.compute, t.keypairs = client, compute.New(client), keypair.New(client).KeyPairs

	// Whatever happens, Ctrl-C included, what was made is deleted again, in
	// time of its own.
	defer func() {
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
		defer cancel()
		err = errors.Join(err, t.cleanUp(cleanup))
	}()
	return t.take(ctx)
}

func confirmed(ctx context.Context, stdin io.Reader, stdout io.Writer) bool {
	fmt.Fprint(stdout, "Type yes to go on: ")
	answer := make(chan string, 1)
	go func() {
		line, _ := bufio.NewReader(stdin).ReadString('\n')
		answer <- strings.TrimSpace(line)
	}()
	select {
	case given := <-answer:
		return given == "yes"
	case <-ctx.Done():
		return false
	}
}

// tour has what the steps share.
type tour struct {
	out      io.Writer
	wait     *nhncloud.WaitOptions
	client   *nhncloud.Client
	compute  *compute.Client
	keypairs *keypair.KeyPairsService
	undo     []undo // of what was made, in that order
}

type undo struct {
	what string
	do   func(context.Context) error
}

func (t *tour) say(format string, args ...any) { fmt.Fprintf(t.out, format+"\n", args...) }

func (t *tour) later(what string, do func(context.Context) error) {
	t.undo = append(t.undo, undo{what, do})
}

// cleanUp deletes what was made, the last first.
func (t *tour) cleanUp(ctx context.Context) error {
	var failed error
	for len(t.undo) > 0 {
		u := t.undo[len(t.undo)-1]
		t.undo = t.undo[:len(t.undo)-1]
		t.say("Deleting %s.", u.what)
		if err := u.do(ctx); err != nil && !errors.Is(err, nhncloud.ErrNotFound) {
			failed = errors.Join(failed, fmt.Errorf("%s was not deleted; please do it in the console: %w", u.what, err))
		}
	}
	if failed == nil {
		t.say("Everything is gone again.")
	}
	return failed
}

// whole returns a context that Ctrl-C does not end, for calls that create
// something: cut off half way, it could exist without the program knowing.
func whole(ctx context.Context) (context.Context, context.CancelFunc) {
	if ctx.Err() != nil {
		return ctx, func() {} // nothing new is begun
	}
	return context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
}

// progress prints each new status of what is waited for.
func (t *tour) progress() *nhncloud.WaitOptions {
	last := ""
	options := *t.wait
	options.Progress = func(p nhncloud.WaitProgress) {
		switch {
		case p.Err != nil:
			t.say("  … could not look: %v", p.Err)
		case p.Status != last:
			t.say("  … %s", p.Status)
			last = p.Status
		}
	}
	return &options
}

func (t *tour) take(ctx context.Context) error {
	token, err := t.client.Token(ctx)
	if err != nil {
		return err
	}
	t.say("Logged in to tenant %s; the token ends at %s.", token.TenantID, token.ExpiresAt.Format(time.RFC3339))

	choice, err := t.choose(ctx)
	if err != nil {
		return err
	}
	name := "quickstart-" + time.Now().UTC().Format("20060102-150405")
	creating, done := whole(ctx)
	defer done()
	pair, err := t.keypairs.Create(creating, name)
	if err != nil {
		return err
	}
	t.later("key pair "+name, func(ctx context.Context) error { return t.keypairs.Delete(ctx, name) })
	t.say("Made key pair %s with fingerprint %s.", pair.Name, pair.Fingerprint)

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
	subnet, err := firstSubnet(ctx, t.client)
	if err != nil {
		return c, err
	}
	c.subnetID = subnet.ID
	t.say("Chose image %q, flavor %s (%d vCPUs, %d MB) and subnet %s (%s).",
		c.image.Name, c.flavor.Name, c.flavor.VCPUs, c.flavor.RAM, subnet.Name, subnet.CIDR)
	return c, nil
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
	creating, done := whole(ctx)
	defer done()
	created, err := t.compute.Servers.Create(creating, request)
	if err != nil {
		return nil, err
	}
	t.later("server "+created.ID, func(ctx context.Context) error {
		if err := t.compute.Servers.Delete(ctx, created.ID); err != nil {
			return err
		}
		return t.compute.Servers.WaitForDeletion(ctx, created.ID, t.wait)
	})
	t.say("Creating server %s.", created.ID)
	server, err := t.compute.Servers.WaitForStatus(ctx, created.ID, compute.StatusActive, t.progress())
	if err != nil {
		return nil, err
	}
	for network, addresses := range server.Addresses {
		for _, a := range addresses {
			t.say("It has address %s in %s.", a.Addr, network)
		}
	}
	return server, nil
}

func (t *tour) attachVolume(ctx context.Context, name string, server *compute.Server) error {
	creating, done := whole(ctx)
	defer done()
	volume, err := createVolume(creating, t.client, name, 10, server.AvailabilityZone)
	if err != nil {
		return err
	}
	// Undone after the server is deleted, which detaches the volume.
	t.undo = append([]undo{{"volume " + volume.ID, func(ctx context.Context) error {
		if _, err := waitForVolume(ctx, t.client, volume.ID, "available", t.wait); err != nil {
			return err
		}
		return deleteVolume(ctx, t.client, volume.ID)
	}}}, t.undo...)
	t.say("Creating a volume of %d GB.", volume.Size)
	if _, err := waitForVolume(ctx, t.client, volume.ID, "available", t.progress()); err != nil {
		return err
	}
	attachment, err := t.compute.VolumeAttachments.Attach(ctx, server.ID, volume.ID)
	if err != nil {
		return err
	}
	t.say("Attaching the volume as %s.", attachment.Device)
	_, err = waitForVolume(ctx, t.client, volume.ID, "in-use", t.progress())
	return err
}

// exercise stops, starts and resizes the server.
func (t *tour) exercise(ctx context.Context, id string, larger *compute.Flavor) error {
	servers := t.compute.Servers
	t.say("Stopping the server.")
	if err := servers.Stop(ctx, id); err != nil {
		return err
	}
	if _, err := servers.WaitForStatus(ctx, id, compute.StatusShutoff, t.progress()); err != nil {
		return err
	}
	if err := servers.Stop(ctx, id); errors.Is(err, nhncloud.ErrConflict) {
		t.say("A stopped server can't be stopped again: the service answers with a conflict.")
	}
	t.say("Starting the server.")
	if err := servers.Start(ctx, id); err != nil {
		return err
	}
	if _, err := servers.WaitForStatus(ctx, id, compute.StatusActive, t.progress()); err != nil {
		return err
	}
	if larger == nil {
		t.say("There is no larger flavor to resize to.")
		return nil
	}
	t.say("Resizing the server to %s.", larger.Name)
	if err := servers.Resize(ctx, id, larger.ID); err != nil {
		return err
	}
	server, err := servers.WaitForResize(ctx, id, larger.ID, t.progress())
	if err != nil {
		return err
	}
	t.say("The server is %s with flavor %s.", server.Status, larger.Name)
	return nil
}

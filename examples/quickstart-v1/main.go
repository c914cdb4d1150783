// Quickstart-v1 is the quickstart on the v1.0 API: it takes an instance from
// nothing to ACTIVE and back. It logs in, picks what the instance is made of,
// makes a security group and a key pair, creates the instance, gives it a
// floating IP, stops it, makes an image of it, and deletes everything again.
//
//	go run ./examples/quickstart-v1          on an in-memory NHN Cloud, in a second
//	go run ./examples/quickstart-v1 -live    on the real one, with the account in NHNCLOUD_*
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
	"path/filepath"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdin, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart-v1:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout io.Writer) error {
	flags := flag.NewFlagSet("quickstart-v1", flag.ContinueOnError)
	live := flags.Bool("live", false, "use the real NHN Cloud; creates billable resources")
	yes := flags.Bool("yes", false, "with -live: do not ask first")
	sshFrom := flags.String("ssh-from", "203.0.113.0/24", "addresses (CIDR) that ssh and ping are let in from; the default is a range for examples, which nobody has")
	timeout := flags.Duration("timeout", 30*time.Minute, "give up after this time")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, *timeout)
	defer cancel()

	t := &tour{out: stdout, wait: &nhncloud.WaitOptions{}, sshFrom: *sshFrom}
	lookup := os.LookupEnv
	if *live {
		t.say("This creates an instance, a floating IP, an image, a security group and a key pair on the real NHN Cloud. " +
			"They cost money until they are deleted, which this program does at its end.")
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
	if config.AppKey == "" {
		return errors.New("the v1.0 API needs the appkey of the project in NHNCLOUD_APPKEY")
	}
	return t.start(ctx, config)
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
	sshFrom  string
	name     string // of all that is made
	client   *nhncloud.Client
	compute  *computev1.Client
	network  *networkv1.Client
	keypairs *keypairv1.KeyPairsService
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

// start takes the tour and cleans up after it. Whatever happens, Ctrl-C
// included, what was made is deleted again, in time of its own.
func (t *tour) start(ctx context.Context, config nhncloud.Config) (err error) {
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-quickstart-v1"))
	if err != nil {
		return err
	}
	t.client, t.compute, t.network, t.keypairs = client, computev1.New(client), networkv1.New(client), keypairv1.New(client).KeyPairs
	t.name = "quick-" + time.Now().UTC().Format("060102-150405") // an instance's has 20 characters at most
	defer func() {
		if errors.Is(err, nhncloud.ErrUnavailable) || ctx.Err() == nil && errors.Is(err, context.DeadlineExceeded) {
			t.say("If the answer to a call got lost, something named %s, or a floating IP, may stay behind; please look in the console.", t.name)
		}
		cleanup, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Minute)
		defer cancel()
		err = errors.Join(err, t.cleanUp(cleanup))
	}()
	return t.take(ctx)
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

// whole returns a context that Ctrl-C does not end any more, for calls that
// create something: cut off half way, it could exist without the program
// knowing.
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
	token, err := t.client.AppKeyToken(ctx)
	if err != nil {
		return err
	}
	t.say("Logged in with the appkey; the token ends at %s.", token.ExpiresAt.Format(time.RFC3339))

	request, err := t.choose(ctx)
	if err != nil {
		return err
	}
	if err := t.createSecurityGroup(ctx); err != nil {
		return err
	}
	if err := t.createKeyPair(ctx); err != nil {
		return err
	}
	instance, err := t.createInstance(ctx, request)
	if err != nil {
		return err
	}
	if err := t.addFloatingIP(ctx, instance); err != nil {
		return err
	}
	return t.makeImage(ctx, instance.ID)
}

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
	t.say("Chose zone %s, image %q, flavor %s (%d vCPUs, %d MB) and subnet %s (%s).",
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

// createSecurityGroup makes a group that lets ssh and ping in.
func (t *tour) createSecurityGroup(ctx context.Context) error {
	creating, done := whole(ctx)
	defer done()
	group, err := t.network.SecurityGroups.Create(creating, networkv1.SecurityGroupCreateRequest{Name: t.name})
	if err != nil {
		return err
	}
	t.later("security group "+group.Name, func(ctx context.Context) error { return t.network.SecurityGroups.Delete(ctx, group.ID) })
	t.say("Made security group %s.", group.Name)

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
	t.say("It lets ssh and ping in from %s.", t.sshFrom)
	return nil
}

// createKeyPair makes a key pair and saves its private key, which can't be had
// again.
func (t *tour) createKeyPair(ctx context.Context) error {
	folder, err := os.MkdirTemp("", "quickstart")
	if err != nil {
		return err
	}
	file := filepath.Join(folder, t.name+".pem")
	t.later(file, func(context.Context) error { return os.RemoveAll(folder) })
	creating, done := whole(ctx)
	defer done()
	pair, err := t.keypairs.Create(creating, t.name)
	if err != nil {
		return err
	}
	t.later("key pair "+pair.Name, func(ctx context.Context) error { return t.keypairs.Delete(ctx, pair.Name) })
	t.say("Made key pair %s with fingerprint %s.", pair.Name, pair.Fingerprint)
	if err := pair.SavePrivateKey(file); err != nil {
		return err
	}
	t.say("Saved its private key to %s, for you alone to read.", file)
	return nil
}

func (t *tour) createInstance(ctx context.Context, request computev1.InstanceCreateRequest) (*computev1.Instance, error) {
	instances := t.compute.Instances
	creating, done := whole(ctx)
	defer done()
	created, err := instances.Create(creating, request)
	if err != nil {
		return nil, err
	}
	t.later("instance "+created.ID, func(ctx context.Context) error {
		if err := instances.Delete(ctx, created.ID); err != nil {
			return err
		}
		return instances.WaitForDeletion(ctx, created.ID, t.wait)
	})
	t.say("Creating instance %s.", created.ID)
	instance, err := instances.WaitForStatus(ctx, created.ID, computev1.StatusActive, t.progress())
	if err != nil {
		return nil, err
	}
	if len(instance.Addresses) == 0 {
		return nil, errors.New("the instance has no address")
	}
	t.say("It has address %s.", instance.Addresses[0].IPAddress)
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
	creating, done := whole(ctx)
	defer done()
	ip, err := floating.Create(creating, pools[0].ID)
	if err != nil {
		return err
	}
	t.later("floating IP "+ip.FloatingIPAddress, func(ctx context.Context) error {
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
	t.say("Took floating IP %s out of pool %s.", ip.FloatingIPAddress, pools[0].Name)
	if err := t.compute.Instances.AddFloatingIP(ctx, instance.ID, ip.FloatingIPAddress, instance.Addresses[0].IPAddress); err != nil {
		return err
	}
	t.say("Connected it with the instance.")
	return nil
}

// makeImage stops the instance, as an image wants it, and makes one.
func (t *tour) makeImage(ctx context.Context, id string) error {
	instances := t.compute.Instances
	t.say("Stopping the instance.")
	if err := instances.Stop(ctx, id); err != nil {
		return err
	}
	if _, err := instances.WaitForStatus(ctx, id, computev1.StatusStop, t.progress()); err != nil {
		return err
	}
	creating, done := whole(ctx)
	defer done()
	created, err := instances.UploadImage(creating, id, t.name)
	if err != nil {
		return err
	}
	t.later("image "+created.ID, func(ctx context.Context) error { return t.compute.Images.Delete(ctx, created.ID) })
	t.say("Making image %s of it.", created.Name)
	image, err := t.waitForImage(ctx, created.ID)
	if err != nil {
		return err
	}
	t.say("The image has %d MB.", image.Size>>20)
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
	}.Until(ctx, t.progress(), computev1.ImageActive)
}

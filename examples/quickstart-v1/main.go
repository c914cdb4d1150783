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
	"context"
	"errors"
	"flag"
	"time"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	t := new(tour)
	return frame.Program{
		Name:    "quickstart-v1",
		Does:    "takes an instance of the v1.0 API from nothing to ACTIVE and back",
		Makes:   "an instance, a floating IP, an image, a security group and a key pair",
		Timeout: 30 * time.Minute,
		Flags: func(flags *flag.FlagSet) {
			flags.StringVar(&t.sshFrom, "ssh-from", "203.0.113.0/24",
				"addresses (CIDR) that ssh and ping are let in from; the default is a range for examples, which nobody has")
		},
		Run: t.run,
	}
}

// tour has what the steps share.
type tour struct {
	*frame.Stage
	sshFrom  string
	name     string // of all that is made
	client   *nhncloud.Client
	compute  *computev1.Client
	network  *networkv1.Client
	keypairs *keypairv1.KeyPairsService
}

func (t *tour) run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-quickstart-v1"))
	if err != nil {
		return err
	}
	if config.AppKey == "" {
		return errors.New("the v1.0 API needs the appkey of the project in NHNCLOUD_APPKEY")
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	t.Stage, t.client, t.compute, t.network, t.keypairs = stage, client, computev1.New(client), networkv1.New(client), keypairv1.New(client).KeyPairs
	t.name = "quick-" + time.Now().UTC().Format("060102-150405") // an instance's has 20 characters at most
	return t.take(ctx)
}

func (t *tour) take(ctx context.Context) error {
	token, err := t.client.AppKeyToken(ctx)
	if err != nil {
		return err
	}
	t.Say("Logged in with the appkey; the token ends at %s.", token.ExpiresAt.Format(time.RFC3339))

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

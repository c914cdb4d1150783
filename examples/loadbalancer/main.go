// Loadbalancer puts two servers behind a load balancer and takes all of it down
// again: HTTPS with a certificate made on the spot, a health monitor, a redirect
// from HTTP, and a group of IP ACLs. The load balancer is one spec, which is
// applied twice; the second time nothing has to be changed.
//
//	go run ./examples/loadbalancer          on an in-memory NHN Cloud, in a second
//	go run ./examples/loadbalancer -live    on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it creates resources that cost money, and asks first.
package main

import (
	"context"
	"flag"
	"net/netip"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	b := new(builder)
	return frame.Program{
		Name:    "loadbalancer",
		Does:    "puts two servers behind a load balancer, and takes all of it down again",
		Makes:   "two servers, a key pair, a load balancer, a certificate in the key manager and a group of IP ACLs",
		Timeout: time.Hour,
		Flags: func(flags *flag.FlagSet) {
			flags.TextVar(&b.keepOut, "keep-out", netip.MustParsePrefix("203.0.113.0/24"),
				"addresses (CIDR) that the load balancer keeps out; the default is a range for examples, which nobody has")
		},
		Run: b.run,
	}
}

// builder has what the steps share.
type builder struct {
	*frame.Stage
	keepOut  netip.Prefix
	name     string // of all that is made
	compute  *compute.Client
	network  *network.Client
	keypairs *keypair.KeyPairsService
	balancer *loadbalancer.Client
}

func (b *builder) run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-loadbalancer"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	b.Stage, b.compute, b.network, b.keypairs = stage, compute.New(client), network.New(client), keypair.New(client).KeyPairs
	b.balancer = loadbalancer.New(client)
	b.name = "loadbalancer-" + time.Now().UTC().Format("20060102-150405")
	return b.build(ctx)
}

// build makes the servers, and then what the spec says. What was made last is
// deleted first, whether all went well or not.
func (b *builder) build(ctx context.Context) error {
	subnet, err := b.subnet(ctx)
	if err != nil {
		return err
	}
	addresses, err := b.createServers(ctx, subnet)
	if err != nil {
		return err
	}
	spec, err := b.spec(subnet, addresses)
	if err != nil {
		return err
	}
	if err := b.apply(ctx, spec); err != nil {
		return err
	}
	result, err := b.balancer.Apply(ctx, spec, nil)
	if err != nil {
		return err
	}
	b.Say("Applied the same spec again: %d changes.", len(result.Changes))
	return nil
}

// apply makes what the spec says. All of it has names by which it is found again,
// so that it can be said how to delete it before anything is there.
func (b *builder) apply(ctx context.Context, spec loadbalancer.Spec) error {
	making := b.Making(ctx, "load balancer "+spec.Name)
	making.Made("load balancer "+spec.Name, func(ctx context.Context) error {
		_, err := b.balancer.DeleteAll(ctx, spec, &loadbalancer.ApplyOptions{IPACLGroups: true, Progress: b.change})
		return err
	})
	result, err := b.balancer.Apply(ctx, spec, &loadbalancer.ApplyOptions{Progress: b.change})
	if err != nil {
		return err
	}
	b.Say("Load balancer %s is %s at %s after %d changes.",
		spec.Name, result.LoadBalancer.ProvisioningStatus, result.LoadBalancer.VIPAddress, len(result.Changes))
	return nil
}

func (b *builder) change(change loadbalancer.Change) { b.Say("  … %v", change) }

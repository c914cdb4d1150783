// Network builds a network with a server in it, prints it as a tree, and takes
// it down again: a VPC with a subnet, an internet gateway on its routing table,
// a security group for ssh and HTTP, a server with a key pair, and a floating IP.
//
//	go run ./examples/network          on an in-memory NHN Cloud, in a second
//	go run ./examples/network -live    on the real one, with the account in NHNCLOUD_* or OS_*
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
)

func main() { frame.Main(program()) }

func program() frame.Program {
	b := new(builder)
	return frame.Program{
		Name:    "network",
		Does:    "builds a network with a server in it, prints it as a tree, and takes it down again",
		Makes:   "a VPC, an internet gateway, a security group, a key pair, a server and a floating IP",
		Timeout: 30 * time.Minute,
		Flags: func(flags *flag.FlagSet) {
			flags.TextVar(&b.sshFrom, "ssh-from", netip.MustParsePrefix("203.0.113.0/24"),
				"addresses (CIDR) that ssh is let in from; the default is a range for examples, which nobody has")
		},
		Run: b.run,
	}
}

// builder has what the steps share.
type builder struct {
	*frame.Stage
	sshFrom  netip.Prefix
	name     string // of all that is made
	compute  *compute.Client
	network  *network.Client
	keypairs *keypair.KeyPairsService
}

func (b *builder) run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-network"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	b.Stage, b.compute, b.network, b.keypairs = stage, compute.New(client), network.New(client), keypair.New(client).KeyPairs
	b.name = "network-" + time.Now().UTC().Format("20060102-150405")
	return b.build(ctx)
}

// build makes one thing after the other. Each step says how that is deleted;
// what was made last is deleted first, whether all went well or not.
func (b *builder) build(ctx context.Context) error {
	server, flavor, err := b.choose(ctx)
	if err != nil {
		return err
	}
	vpc, err := b.createVPC(ctx)
	if err != nil {
		return err
	}
	subnet, err := b.createSubnet(ctx, vpc.ID)
	if err != nil {
		return err
	}
	if err := b.openToInternet(ctx, vpc.ID); err != nil {
		return err
	}
	if err := b.createSecurityGroup(ctx); err != nil {
		return err
	}
	if err := b.createKeyPair(ctx); err != nil {
		return err
	}
	server.Name, server.KeyName, server.SubnetID, server.SecurityGroups = b.name, b.name, subnet.ID, []string{b.name}
	request, err := server.Request(flavor)
	if err != nil {
		return err
	}
	serverID, err := b.createServer(ctx, request)
	if err != nil {
		return err
	}
	if err := b.addFloatingIP(ctx, serverID); err != nil {
		return err
	}
	return b.printTree(ctx, vpc.ID)
}

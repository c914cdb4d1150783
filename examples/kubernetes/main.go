// Kubernetes makes a cluster from nothing and looks at it with client-go, the
// client of Kubernetes itself: a network, a cluster with one node, its kubeconfig in
// a file, its nodes, a further node group that is scaled, an upgrade to the next
// version of Kubernetes; and all of it deleted again. It is a module of its own:
// run it in its folder.
//
//	go run .          on an in-memory NHN Cloud, in seconds
//	go run . -live    on the real one, with the account in NHNCLOUD_* or OS_*
//
// With -live it creates resources that cost money, asks first, and takes an hour or
// more. The clusters of the in-memory cloud have a Kubernetes API that tells its
// version and lists the nodes, and nothing else.
package main

import (
	"context"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nks"
)

func main() { frame.Main(program()) }

func program() frame.Program {
	b := new(builder)
	return frame.Program{
		Name:    "kubernetes",
		Does:    "makes a Kubernetes cluster, looks at it with client-go, scales and upgrades it, and deletes it",
		Makes:   "a VPC, an internet gateway, a key pair and a Kubernetes cluster of up to three nodes",
		Timeout: 4 * time.Hour,
		Run:     b.run,
	}
}

// builder has what the steps share.
type builder struct {
	*frame.Stage
	name     string // of all that is made
	compute  *compute.Client
	network  *network.Client
	keypairs *keypair.KeyPairsService
	nks      *nks.Client
}

func (b *builder) run(ctx context.Context, stage *frame.Stage) error {
	if stage.Cloud != nil {
		stage.Say("Working on an in-memory NHN Cloud at %s.", stage.Cloud.URL())
	}
	config, err := nhncloud.ConfigFrom(stage.LookupEnv)
	if err != nil {
		return err
	}
	client, err := nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-kubernetes"))
	if err != nil {
		return err
	}
	if err := stage.Confirm(ctx); err != nil {
		return err
	}
	b.Stage, b.compute, b.network, b.keypairs, b.nks = stage, compute.New(client), network.New(client), keypair.New(client).KeyPairs, nks.New(client)
	b.name = "k8s-" + time.Now().UTC().Format("060102-150405") // a cluster has at most 20 characters
	return b.build(ctx)
}

// build makes one thing after the other. Each step says how that is deleted;
// what was made last is deleted first, whether all went well or not.
func (b *builder) build(ctx context.Context) error {
	simple, upgraded, err := b.choose(ctx)
	if err != nil {
		return err
	}
	if err := b.createNetwork(ctx, &simple); err != nil {
		return err
	}
	if err := b.createKeyPair(ctx); err != nil {
		return err
	}
	cluster, err := b.createCluster(ctx, simple)
	if err != nil {
		return err
	}
	nodes, err := b.connect(ctx, cluster)
	if err != nil {
		return err
	}
	if err := b.listNodes(ctx, nodes); err != nil {
		return err
	}
	if err := b.addNodeGroup(ctx, cluster); err != nil {
		return err
	}
	if err := b.listNodes(ctx, nodes); err != nil {
		return err
	}
	if err := b.upgrade(ctx, cluster, upgraded); err != nil {
		return err
	}
	return b.listNodes(ctx, nodes)
}

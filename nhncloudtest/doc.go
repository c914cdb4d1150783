// Package nhncloudtest is an NHN Cloud that lives in memory: a real HTTP
// server on a loopback port that answers as the documented APIs do, with
// state behind it. Create a server and it is BUILD, then ACTIVE; attach a
// volume twice and the second call is refused in the words of the real one.
//
// A program that takes its configuration from the environment gets that of the
// cloud in a test:
//
//	package main
//
//	import (
//		"testing"
//
//		"github.com/nhncloud-go/nhncloud"
//		"github.com/nhncloud-go/nhncloud/compute"
//		"github.com/nhncloud-go/nhncloud/nhncloudtest"
//	)
//
//	func TestStop(t *testing.T) {
//		cloud := nhncloudtest.Start(t)
//		id := cloud.AddServers(1)[0]
//		cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-get-server", Status: 502, Times: 1})
//
//		config, err := nhncloud.ConfigFrom(cloud.LookupEnv) // where the program has ConfigFromEnv
//		if err != nil {
//			t.Fatal(err)
//		}
//		client, err := nhncloud.NewClient(config)
//		if err != nil {
//			t.Fatal(err)
//		}
//		servers := compute.New(client).Servers
//		if err := servers.Stop(t.Context(), id); err != nil {
//			t.Fatal(err)
//		}
//		if _, err := servers.WaitForStatus(t.Context(), id, compute.StatusShutoff, nil); err != nil {
//			t.Fatal(err)
//		}
//		if n := cloud.Count("compute-v2-get-server"); n < 2 {
//			t.Errorf("%d looks, want another one after the 502", n)
//		}
//	}
//
// [Server.Environ] is that environment for a program in a process of its own. One
// that is configured otherwise takes [Server.URL], or [Server.AuthURL], and the
// fields of [Server].
//
// # What it speaks
//
// Identity v2.0, compute v2 with its key pairs, all of block storage v2,
// image v2, all of network v2.0 with its load balancers, the key manager, all of
// NKS; and the whole v1.0 API at [Server.AppKeyURL]: tokens, instances, key pairs,
// security groups, floating IPs, volumes and images. Both show the same things:
// an instance of v1.0 is a server of v2, and the other way round. Any client
// works against it, in any language: point it at [Server.AuthURL] and let it
// follow the catalog. It is strict where the cloud is strict (token, tenant in
// the path, content type, required fields), and its errors have the shapes,
// statuses and headers of the services that NHN Cloud is built of.
//
// Some calls are there that NHN Cloud's guides do not have, because other
// people's clients make them: in compute to get a flavor, its extra specs and an
// image, and to merge or replace the metadata of a server; in block storage to
// get a type; in network to get a network or a subnet, and to delete a load
// balancer with all that it has (cascade=true); in the key manager to get a
// payload; the version documents of all services; /info and bulk deletion of
// object storage. They have no operation id.
//
// # Networks
//
// Every tenant begins in each region with the default VPC, [Server.NetworkID],
// of two subnets, a routing table and an internet gateway; with the security
// groups default and web; and with sight of the external network. Further VPCs,
// subnets, routing tables, routes, internet gateways, ports, security groups
// with their rules and floating IPs can be made and taken away, on the same
// state as compute and v1.0: the NICs of a server are ports, a port that was
// made first can be given to a new server and outlives it, and the groups of a
// server are those of its ports. Lists can be filtered by every field, sorted
// and cut into pages as neutron does; several ports, security groups, rules and
// floating IPs can be made in one request. The quotas of the guide are there
// with [WithQuota]. Gateways to other networks are made by [Server.AddGateway].
//
// # Load balancers
//
// A load balancer and all that belongs to it is a tree with one status: after
// each change it is PENDING for a transition, and meanwhile refuses others with
// 409. Its address has a port in the subnet, which goes with it and not before. A
// member is ACTIVE for its health monitor while a port that is up has its address,
// such as that of a running server, and OFFLINE otherwise; no traffic goes
// anywhere. Certificates have to fit their keys, and tell their own dates. As the
// guide has it, a rule of an L7 policy that does not say invert is inverted.
//
// # Block storage
//
// Volumes are empty or made from an image, a snapshot or another volume, of which
// they have the type and the zone; servers boot from them and from snapshots.
// A volume that is attached or has snapshots is not deleted, but one that is
// free goes with its snapshots where the request says cascade=true, as Cinder
// takes it. A root volume with snapshots is left behind by its server. An image
// that is made of a volume has the properties of the image that the volume was
// made from. The quotas of [WithQuota] are in the words of Cinder.
//
// # Images
//
// Images can be made, uploaded, downloaded, changed by JSON patch, tagged, shared
// with another tenant and deleted. [WithTenants] makes tenants to share with: the
// same user logs in to all of them. Files are kept as objects are; the
// built-in images have none, and the answer to a download of them has no content.
// A download needs the property nhncloud_allow_download, as the guide says, and a
// new image a name and an os_type. Where the guides are silent it does what
// OpenStack Glance does: an image is active as soon as it is uploaded, and queued
// again where that broke off. [Server.SetImageStatus] makes one that is killed.
//
// # Kubernetes
//
// All of NKS is there: clusters, node groups, add-ons, events and what can be
// done to them. Nodes are servers of compute, with ports, volumes and a security
// group that can be seen there, and what those services refuse (a quota, a subnet
// without addresses) ends as CREATE_FAILED or UPDATE_FAILED with the reason.
// [Server.FailKubernetesTask] makes any task fail. A change takes a transition,
// that of a flavor two; until it is over the cluster takes no other one, but it can
// be deleted. Calls without the header OpenStack-API-Version are refused with 406,
// also those that Magnum, from which NKS comes, would answer. The guide's rules
// for names, networks, upgrades, the autoscaler and stopped nodes hold. The node
// group default-master is upgraded like others, but looking at it is forbidden.
// A cluster that asks for no add-ons gets one of each mandatory type.
//
// The kubeconfig of a cluster is a real one. It leads to a TLS port on loopback,
// with certificates that the cluster signed, where clients with one of those can read
// /version and /api/v1/nodes, and nothing else.
// What is asked there is not recorded, and faults do not hit it.
// The access list of the cluster holds there, and renewed certificates make
// kubeconfigs from before useless. Settings of the autoscalers, of floating IPs for
// nodes, user scripts and logs are kept and shown, but do nothing; nor does a rolling
// change put in further nodes meanwhile.
//
// # Object storage
//
// Each tenant has a storage account in each region, that of
// [Server.ObjectStorageTenantID] at [Server.ObjectStorageURL], with containers
// and their settings, objects, static and dynamic large objects, copies,
// versions, expiry, locks, access lists and temporary URLs, static websites (index,
// error pages and, as Swift has them, lists of folders) and CORS; S3 credentials
// are given out by identity, but the S3 form of object storage is not there. Where
// the guides are silent it does what OpenStack Swift does: both pass the same tests
// on the wire. Bodies are streamed, an upload that is refused is refused before its
// body has come, and objects of more than 1 MiB are kept in files
// ([WithObjectDir]). As on NHN Cloud, where the service has a host of its own,
// /v1/AUTH_… and /info are at the root of the host as well.
//
// # Time
//
// What takes a while on the real cloud takes [WithTransition] here, 30 ms
// unless told otherwise. States are worked out when somebody looks, from the
// cloud's own clock; nothing runs in the background. With [WithManualClock]
// that clock stands still until [Server.Advance] moves it, so that a test
// needs no sleep. A client of the SDK that is made from [Server.LookupEnv] or
// [Server.Environ] waits as fast as the cloud is.
//
// # State
//
// [Server.SaveState] writes down all that is in the cloud, as JSON in lines, and
// [Server.LoadState] puts it into another one, where what was under way goes on.
// [Server.Inventory] lists what is there. The program examples/cloud of the module
// keeps a cloud over restarts that way, and shows it on a page.
//
// # Trouble
//
// [Server.Inject] makes chosen calls slow, fail, lose their connection or
// break off half way. [Server.ExpireTokens] and [Server.RevokeTokens] take the
// tokens away that were given out. [Server.Requests], [Server.Count],
// [Server.Connections] and [Server.Logins] tell what a client really did.
//
// # Where it goes its own way
//
// Some things are written down nowhere, and some are chosen for the sake of
// tests. A server and a volume that name no zone are both in the first one. An
// empty imageRef beside block devices is none, as it is to nova. Lists that are too long for their limit clamp it to the maximum, as
// nova and glance do. A full page of servers carries a link to the next page,
// even when that one turns out empty. A protected server answers 409 to
// DELETE. A server in ERROR has a fault, as nova's do. delete_on_termination
// may be a boolean, a string, or the numbers 1 and 0 that the guide's example
// shows. Quotas are unlimited unless [WithQuota] sets them.
//
// A VPC that is in use is one in which something has a port; otherwise it goes
// with its subnets, routing tables and the internet gateways of those. What
// floating IPs need to be reached stays until they are disconnected: the gateway,
// and the way of the subnet to it. Disconnecting takes effect at once, but the
// status of a floating IP follows a transition later, either way. A description
// of a port or a floating IP, which the guides don't have, is taken and shown
// from then on. Networks and subnets in neutron's form are for reading; the
// device of a port can't be changed by hand. Gateways have addresses in
// 100.127.65.0/24, which shows in no list.
//
// HEAD of a storage account answers 200, as in NHN Cloud's example; Swift answers
// 204. HEAD of what a website has an error page for answers with the headers of
// that page, where Swift fails. A copy of several ranges is refused.
//
// Object storage refuses at once with 429 what the real one delays first, and
// only with [WithObjectWriteLimit]. What a lock protects is refused with 403; a
// setting with a value that makes no sense, and one that the container does
// not take, with 400. An expired object is gone at once, from lists too; where
// it was to be moved to a container that is gone, it is deleted. Changes get
// times at least 10 µs apart, also while the clock stands still, and
// Last-Modified is rounded up to a second, as Swift does. Every change of a
// container's settings by headers counts as objectstorage-post-container,
// though the documents have several names for it.
//
// The v1.0 API has one host and is asked for no region: it works in the first
// region whose name begins with KR, and without one it only gives out tokens.
// It answers -1 to a call without a token, 50401 to a token that is no good and
// -3 to one for another tenant. What a service behind it refuses comes back
// under the code of the area that the call is about, with the status and the
// words of that service; but what is in the wrong state is always a conflict,
// such as 40409 for a volume that is attached. A security rule needs either a
// remote group or a prefix, as its field table says. Statuses that v1.0 has no
// word for, such as SHELVED_OFFLOADED, are those of v2.
package nhncloudtest

package nhncloudtest

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// The methods below look into and change the state of the infrastructure
// tenant in the first region, past the API.

// AddServers makes n servers that are ACTIVE at once, for tests that need
// many, and returns their ids in the order in which they were made. They are
// called server-1, server-2 and so on, have the smallest flavor with a local
// disk, and count towards no quota.
func (s *Server) AddServers(n int) []string { return s.compute.AddServers(n) }

// SetServerStatus puts a server into a status, such as "ERROR", in which it
// stays: what was under way is dropped. "DELETED" removes it.
func (s *Server) SetServerStatus(id, status string) error {
	return wrap(s.compute.SetStatus(id, status))
}

// ServerStatus is the status of a server as the API shows it; false when there
// is no such server (any more).
func (s *Server) ServerStatus(id string) (string, bool) { return s.compute.Status(id) }

// ProtectServer sets whether a server is protected from deletion, which on the
// real cloud is done in the console.
func (s *Server) ProtectServer(id string, protected bool) error {
	return wrap(s.compute.Protect(id, protected))
}

// SetVolumeStatus puts a volume into a status, such as "error" or
// "error_deleting", in which it stays: what was under way is dropped.
func (s *Server) SetVolumeStatus(id, status string) error {
	return wrap(s.volumes.SetVolumeStatus(id, status))
}

// SetSnapshotStatus puts a snapshot of a volume into a status, such as "error" or
// "error_deleting", in which it stays: what was under way is dropped.
func (s *Server) SetSnapshotStatus(id, status string) error {
	return wrap(s.volumes.SetSnapshotStatus(id, status))
}

func wrap(err error) error {
	if err != nil {
		return fmt.Errorf("nhncloudtest: %w", err)
	}
	return nil
}

// Flavor is a size of server.
type Flavor struct {
	ID         string // made up when empty
	Name       string // those of the u2 family boot from a local disk
	VCPUs      int
	RAM        int               // MB
	Disk       int               // GB of the local disk; 0 boots from a volume
	Ephemeral  int               // GB of further local disk
	ExtraSpecs map[string]string // flavor_type is always there
}

// AddFlavor adds a flavor and returns it with its id.
func (s *Server) AddFlavor(f Flavor) Flavor { return Flavor(s.compute.AddFlavor(compute.Flavor(f))) }

// Flavors are the flavors there are.
func (s *Server) Flavors() []Flavor {
	var out []Flavor
	for _, f := range s.compute.Flavors() {
		out = append(out, Flavor(f))
	}
	return out
}

// FlavorID is the id of the flavor of a name, such as "u2.c1m1"; "" when there
// is none.
func (s *Server) FlavorID(name string) string {
	for _, f := range s.Flavors() {
		if f.Name == name {
			return f.ID
		}
	}
	return ""
}

// Image is what a server boots from.
type Image struct {
	ID         string // made up when empty
	Name       string
	OSType     string            // "linux" (the default) or "windows"
	OSDistro   string            // such as "Ubuntu"
	OSVersion  string            // such as "Server 22.04 LTS"
	MinDisk    int               // GB; 20 when 0
	MinRAM     int               // MB
	Size       int64             // bytes
	LoginUser  string            // user to log in as
	Properties map[string]string // further properties
}

// AddImage adds a public image and returns it with its id.
func (s *Server) AddImage(img Image) Image { return Image(s.images.Add(image.Spec(img))) }

// ImageID is the id of the newest image whose name begins as given, such as
// "Ubuntu Server 24.04"; "" when there is none.
func (s *Server) ImageID(name string) string { return s.images.NewestID(name) }

// SetImageStatus puts an image into a status, such as "killed", in which it
// stays; "deleted" removes it.
func (s *Server) SetImageStatus(id, status string) error { return wrap(s.images.SetStatus(id, status)) }

// NetworkID is the id of the default VPC, which servers can be put into.
func (s *Server) NetworkID() string { return network.DefaultNetworkID(s.identity.Home()) }

// SubnetID is the id of the first subnet of the default VPC, 192.168.0.0/24.
func (s *Server) SubnetID() string { return network.DefaultSubnetID(s.identity.Home()) }

// AddGateway makes a gateway of a VPC to another network, which no call of the
// API does: a NAT gateway, a peering and the like. Kind is how its type goes on
// after "goblin:", such as "natgateway" or "peering". It has an address in the
// first subnet of the VPC; a routing table with a route to that address lists
// the gateway among its related ones. AddGateway returns its id and address.
func (s *Server) AddGateway(vpcID, kind, name string) (id, address string, err error) {
	id, address, err = s.networks.AddGateway(vpcID, kind, name)
	return id, address, wrap(err)
}

// RestartGateway begins to move an internet gateway, which is attached to a
// routing table, to another host, as a restart for maintenance in the console
// does. Until the transition is over its state is "migrating", and its
// migrate_status tells how far it is.
func (s *Server) RestartGateway(id string) error { return wrap(s.networks.RestartGateway(id)) }

// FailKubernetesTask makes the next task of the Kubernetes service fail whose
// event has a type, one of those that GET /v1/supports lists: after
// "CLUSTER_CREATE" a new cluster ends up CREATE_FAILED, after "NODEGROUP_UPGRADE"
// one that is upgraded UPDATE_FAILED. The reason is its status_reason, and the
// contents of the event. Nothing of what the task was to do is done.
func (s *Server) FailKubernetesTask(event, reason string) error {
	return wrap(s.nks.FailNext(event, reason))
}

// RevokeTokens makes the cloud forget all tokens that it gave out, as a change
// of the API password does. Calls that carry them answer 401, or with the
// resultCode 50401 in the v1.0 API.
func (s *Server) RevokeTokens() { s.identity.Revoke() }

// ExpireTokens ends the life of all tokens that were given out, ahead of the
// time that they were said to end. Calls that carry them answer 401, or with
// the resultCode 50401 in the v1.0 API.
func (s *Server) ExpireTokens() { s.identity.Expire() }

// AddObjects makes n empty objects in a container of the tenant of object
// storage in the first region, for tests that need many, and the container
// when it is missing. They are called object-00001, object-00002 and so on,
// after the prefix.
func (s *Server) AddObjects(container, prefix string, n int) {
	s.objects.AddObjects(container, prefix, n)
}

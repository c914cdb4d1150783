package computev1

import (
	"context"
	"net/http"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// FlavorsService calls the operation on flavors.
type FlavorsService struct{ client *nhncloud.Client }

// Flavor is a size of instances, in the console an instance type.
type Flavor struct {
	ID            string     `json:"id"`
	Name          string     `json:"name"` // such as "m2.c2m4"
	Type          FlavorType `json:"type"`
	VCPUs         int        `json:"vcpus"`
	RAM           int        `json:"ram"`           // MB
	Ephemeral     int        `json:"ephemeral"`     // GB of temporary disk
	VolumeSize    int        `json:"volumeSize"`    // GB of the local root disk; 0 when instances boot from a volume
	MaxVolumeSize int        `json:"maxVolumeSize"` // GB that the root disk may have at the most; 0 where the service does not tell
	Public        bool       `json:"isPublic"`
	Disabled      bool       `json:"disabled"`
}

// HasLocalDisk reports whether instances of the flavor boot from a disk of
// their host, like those of the u2 family, and not from a volume. They are
// created without [InstanceCreateRequest].Volume.
func (f *Flavor) HasLocalDisk() bool {
	return f.VolumeSize > 0 || strings.HasPrefix(f.Name, "u2.")
}

// FlavorType is what a flavor is made for. It is an open type.
type FlavorType string

// The types of a flavor.
const (
	FlavorGeneral FlavorType = "general"
	FlavorCompute FlavorType = "compute"
	FlavorMemory  FlavorType = "memory"
)

// List returns all flavors.
//
// API: GET /v1.0/appkeys/{appkey}/flavors (compute-v1-list-flavors; Compute-Instance en/old/api-guide.md)
func (s *FlavorsService) List(ctx context.Context) ([]*Flavor, error) {
	return nhncloud.FetchList[Flavor](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v1-list-flavors",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/flavors",
		ResponseKey: "flavors",
	})
}

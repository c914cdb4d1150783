package compute

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ServersService calls the operations on servers.
type ServersService struct{ client *nhncloud.Client }

// Server is a server, in the console an instance.
type Server struct {
	ID               string               `json:"id"`
	Name             string               `json:"name"`
	Status           ServerStatus         `json:"status"`
	TaskState        string               `json:"OS-EXT-STS:task_state"` // what is being done to it; "" when nothing is
	VMState          string               `json:"OS-EXT-STS:vm_state"`   // such as "active"
	PowerState       PowerState           `json:"OS-EXT-STS:power_state"`
	Created          time.Time            `json:"created"`
	Updated          time.Time            `json:"updated"`
	LaunchedAt       time.Time            `json:"OS-SRV-USG:launched_at"`   // last boot
	TerminatedAt     time.Time            `json:"OS-SRV-USG:terminated_at"` // zero while it exists
	Addresses        map[string][]Address `json:"addresses"`                // by the name of the network
	Flavor           FlavorRef            `json:"flavor"`
	Image            ImageRef             `json:"image"` // zero when it was booted from a volume
	KeyName          string               `json:"key_name"`
	SecurityGroups   []SecurityGroupRef   `json:"security_groups"`
	AvailabilityZone string               `json:"OS-EXT-AZ:availability_zone"`
	VolumesAttached  []VolumeRef          `json:"os-extended-volumes:volumes_attached"`
	Metadata         map[string]string    `json:"metadata"`
	TenantID         string               `json:"tenant_id"`
	UserID           string               `json:"user_id"`
	HostID           string               `json:"hostId"` // stands for the machine it runs on
	DiskConfig       string               `json:"OS-DCF:diskConfig"`
	ConfigDrive      string               `json:"config_drive"`
	AccessIPv4       string               `json:"accessIPv4"`
	AccessIPv6       string               `json:"accessIPv6"`
	Progress         int                  `json:"progress"`                         // percent
	EphemeralDisk    int                  `json:"NHN-EXT-ATTR:ephemeral_disk_size"` // GB of additional local storage
	Protected        bool                 `json:"NHN-EXT-ATTR:protect"`             // deletion is refused
	Fault            ServerFault          `json:"fault"`                            // of the last operation; zero unless the status is ERROR
	Links            []Link               `json:"links"`
}

// ServerFault is why the last operation on a server failed. The guides do not
// have it, though the service, like every Nova, sends it.
type ServerFault struct {
	Code    int       `json:"code"` // in the manner of HTTP, such as 500
	Created time.Time `json:"created"`
	Message string    `json:"message"` // such as "No valid host was found."
	Details string    `json:"details"` // for administrators alone
}

// ServerSummary is a server in the short listing.
type ServerSummary struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Links []Link `json:"links"`
}

// Address is an IP address of a server.
type Address struct {
	Addr    string `json:"addr"`
	Version int    `json:"version"` // 4
	Type    string `json:"OS-EXT-IPS:type"`
	MACAddr string `json:"OS-EXT-IPS-MAC:mac_addr"`
}

// The types of an [Address].
const (
	AddressFixed    = "fixed"
	AddressFloating = "floating"
)

// FlavorRef refers to the flavor of a server.
type FlavorRef struct {
	ID    string `json:"id"`
	Links []Link `json:"links"`
}

// ImageRef refers to the image of a server. The service prints an absent one as
// an empty string.
type ImageRef struct {
	ID    string `json:"id"`
	Links []Link `json:"links"`
}

// SecurityGroupRef refers to a security group by its name.
type SecurityGroupRef struct {
	Name string `json:"name"`
}

// VolumeRef refers to an attached volume.
type VolumeRef struct {
	ID string `json:"id"`
}

// Get returns a server.
//
// API: GET /v2/{tenantId}/servers/{serverId} (compute-v2-get-server; Compute-Instance en/public-api.md)
func (s *ServersService) Get(ctx context.Context, id string) (*Server, error) {
	return nhncloud.Fetch[Server](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v2-get-server",
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/servers/{serverId}",
		Args:        []string{id},
		ResponseKey: "server",
	})
}

// ServerUpdateRequest changes a server. A nil field is left as it is.
type ServerUpdateRequest struct {
	Name *string `json:"name,omitzero"`
}

// Update renames a server and returns it.
//
// API: PUT /v2/{tenantId}/servers/{serverId} (compute-v2-update-server; Compute-Instance en/public-api.md)
func (s *ServersService) Update(ctx context.Context, id string, request ServerUpdateRequest) (*Server, error) {
	const operation = "compute-v2-update-server"
	switch {
	case request.Name == nil:
		return nil, nhncloud.NewArgumentError(operation, "Name", "must be set, because there is nothing else to change")
	case *request.Name == "":
		return nil, nhncloud.NewArgumentError(operation, "Name", "must not be empty")
	}
	return nhncloud.Fetch[Server](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPut,
		Path:        "/v2/{tenantId}/servers/{serverId}",
		Args:        []string{id},
		Body:        map[string]ServerUpdateRequest{"server": request},
		ResponseKey: "server",
	})
}

// Delete begins to delete a server, with the volumes that were created with
// DeleteOnTermination. Wait with [ServersService.WaitForDeletion].
//
// API: DELETE /v2/{tenantId}/servers/{serverId} (compute-v2-delete-server; Compute-Instance en/public-api.md)
func (s *ServersService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "compute-v2-delete-server",
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/servers/{serverId}",
		Args:      []string{id},
	}, nil)
}

package compute

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// ServerCreateRequest describes servers to create. Name, FlavorID, KeyName and
// one network are required. See [SimpleServer] for the common case.
type ServerCreateRequest struct {
	// Name has up to 255 characters, with Windows images up to 15. Of several
	// servers each gets a number behind it.
	Name     string `json:"name"`
	FlavorID string `json:"flavorRef"`
	// ImageID is left out when the root device comes from a volume or a
	// snapshot.
	ImageID          string          `json:"imageRef,omitzero"`
	Networks         []ServerNetwork `json:"networks"`
	KeyName          string          `json:"key_name"`
	AvailabilityZone string          `json:"availability_zone,omitzero"` // "" for any
	// BlockDevices are the root device (BootIndex 0) and further ones. All
	// flavors but those with a local disk (u2) need a root device.
	BlockDevices []BlockDevice `json:"block_device_mapping_v2,omitzero"`
	// SecurityGroups are names; without any, the group "default" is used.
	SecurityGroups []string `json:"-"`
	// UserData is run or applied at the first boot. It is given as it is, and
	// the SDK encodes it as base64. The guide allows 65,535 bytes of that, which
	// are 49,149 bytes before; to hold it to this is left to the service.
	UserData nhncloud.Secret   `json:"-"`
	Metadata map[string]string `json:"metadata,omitzero"`
	// ServerGroupID puts the servers into a server group.
	ServerGroupID string `json:"-"`
	// MinCount and MaxCount ask for several servers, up to 10: the service
	// makes as many as it can, but not fewer than MinCount.
	MinCount int `json:"min_count,omitzero"`
	MaxCount int `json:"max_count,omitzero"`
}

// ServerNetwork is a network interface of a new server. One of the fields is
// needed; FixedIP may go with NetworkID or SubnetID.
type ServerNetwork struct {
	NetworkID string `json:"uuid,omitzero"`
	SubnetID  string `json:"subnet,omitzero"`
	PortID    string `json:"port,omitzero"` // keeps its own security groups
	FixedIP   string `json:"fixed_ip,omitzero"`
}

// BlockDevice is a disk of a new server.
type BlockDevice struct {
	SourceType      SourceType      `json:"source_type"`
	UUID            string          `json:"uuid,omitzero"` // of the image, volume or snapshot
	BootIndex       int             `json:"boot_index"`    // 0 for the root device
	DestinationType DestinationType `json:"destination_type"`
	VolumeType      string          `json:"volume_type,omitzero"` // such as "General HDD"
	VolumeSize      int             `json:"volume_size,omitzero"` // GB
	// DeleteOnTermination deletes the volume together with the server.
	DeleteOnTermination bool              `json:"delete_on_termination"`
	Encryption          *VolumeEncryption `json:"nhn_encryption,omitzero"`
}

// check refuses what can't be right in the device, which is the one at index.
func (d *BlockDevice) check(check *nhncloud.ArgumentCheck, index int) {
	refuseIf := func(wrong bool, field, problem string) {
		if wrong {
			check.Refuse(fmt.Sprintf("BlockDevices[%d].%s", index, field), problem)
		}
	}
	refuseIf(d.SourceType == "", "SourceType", "must not be empty")
	refuseIf(d.DestinationType == "", "DestinationType", "must not be empty")
	refuseIf(d.UUID == "" && d.SourceType != "" && d.SourceType != SourceBlank, "UUID", "must not be empty for this SourceType")
	refuseIf(d.VolumeSize < 0, "VolumeSize", "must not be negative")
	refuseIf(d.BootIndex == 0 && d.SourceType == SourceBlank, "BootIndex", "must not be 0, because a blank device can't be the root device")
}

// SourceType is what a [BlockDevice] is made of. It is an open type.
type SourceType string

// The source types.
const (
	SourceImage    SourceType = "image"
	SourceBlank    SourceType = "blank" // not for the root device
	SourceVolume   SourceType = "volume"
	SourceSnapshot SourceType = "snapshot"
)

// DestinationType is where a [BlockDevice] is. It is an open type.
type DestinationType string

// The destination types.
const (
	DestinationLocal  DestinationType = "local"  // flavors with a local disk: u2, GPU
	DestinationVolume DestinationType = "volume" // all others
)

// VolumeEncryption names the key of Secure Key Manager that encrypts a volume.
type VolumeEncryption struct {
	SKMAppKey string `json:"skm_appkey"`
	SKMKeyID  string `json:"skm_key_id"`
}

// CreatedServer is what the service tells about a server right after its
// creation. Get the server for the rest.
type CreatedServer struct {
	ID             string             `json:"id"`
	SecurityGroups []SecurityGroupRef `json:"security_groups"`
	DiskConfig     string             `json:"OS-DCF:diskConfig"`
	AdminPass      nhncloud.Secret    `json:"adminPass"` // where the service sets one
	Links          []Link             `json:"links"`
}

// serverCreateBody is the body of a create call: the public request plus what
// is derived from it.
type serverCreateBody struct {
	Server struct {
		ServerCreateRequest
		SecurityGroups      []SecurityGroupRef `json:"security_groups,omitzero"`
		UserData            string             `json:"user_data,omitzero"`
		ReturnReservationID bool               `json:"return_reservation_id,omitzero"`
	} `json:"server"`
	SchedulerHints *schedulerHints `json:"os:scheduler_hints,omitzero"`
}

type schedulerHints struct {
	Group string `json:"group"`
}

const createServer = "compute-v2-create-server"

func (r *ServerCreateRequest) check(check *nhncloud.ArgumentCheck) {
	check.Required("Name", r.Name)
	check.Required("FlavorID", r.FlavorID)
	check.Required("KeyName", r.KeyName)
	check.RefuseIf(len(r.Networks) == 0, "Networks", "must not be empty")
	for i, n := range r.Networks {
		if n == (ServerNetwork{}) {
			check.Refuse(fmt.Sprintf("Networks[%d]", i), "needs NetworkID, SubnetID, PortID or FixedIP")
		}
	}
	root := r.ImageID != ""
	for i, d := range r.BlockDevices {
		d.check(check, i)
		root = root || d.BootIndex == 0
	}
	check.RefuseIf(!root, "ImageID", "must not be empty without a root device in BlockDevices")
	check.RefuseIf(r.MinCount < 0, "MinCount", "must not be negative")
	check.RefuseIf(r.MaxCount < 0, "MaxCount", "must not be negative")
	check.RefuseIf(r.MaxCount > 0 && r.MinCount > r.MaxCount, "MinCount", "must not be larger than MaxCount")
	check.RequiredEach("SecurityGroups", r.SecurityGroups)
}

func (r *ServerCreateRequest) body() (*serverCreateBody, error) {
	var check nhncloud.ArgumentCheck
	r.check(&check)
	if err := check.Err(createServer); err != nil {
		return nil, err
	}
	body := new(serverCreateBody)
	body.Server.ServerCreateRequest = *r
	for _, name := range r.SecurityGroups {
		body.Server.SecurityGroups = append(body.Server.SecurityGroups, SecurityGroupRef{name})
	}
	body.Server.UserData = base64.StdEncoding.EncodeToString([]byte(r.UserData))
	if r.ServerGroupID != "" {
		body.SchedulerHints = &schedulerHints{r.ServerGroupID}
	}
	return body, nil
}

func createServerRequest(body *serverCreateBody, key string) nhncloud.Request {
	request := nhncloud.Request{
		Operation:   createServer,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/servers",
		Body:        body,
		ResponseKey: key,
	}
	if userData := body.Server.ServerCreateRequest.UserData; userData != "" {
		request.Secrets = []nhncloud.Secret{userData} // services quote what they refuse
	}
	return request
}

// Create begins to create one or more servers and returns what is known of the
// first. Wait for [StatusActive] with [ServersService.WaitForStatus]. A quota
// that is used up is an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, there are more servers of the Name than were asked for. A value of
// the caller's own in Metadata tells them from those of other calls.
//
// API: POST /v2/{tenantId}/servers (compute-v2-create-server; Compute-Instance en/public-api.md)
func (s *ServersService) Create(ctx context.Context, request ServerCreateRequest) (*CreatedServer, error) {
	body, err := request.body()
	if err != nil {
		return nil, err
	}
	return nhncloud.Fetch[CreatedServer](ctx, s.client, createServerRequest(body, "server"))
}

// CreateReserved begins to create several servers and returns the id of their
// reservation, by which [ServerListOptions] finds them all. It is repeated as
// Create is, unless [nhncloud.NoRetry] forbids it; servers of the Name that are
// not in the reservation are then those that nobody expects.
//
// API: POST /v2/{tenantId}/servers (compute-v2-create-server; Compute-Instance en/public-api.md)
func (s *ServersService) CreateReserved(ctx context.Context, request ServerCreateRequest) (reservationID string, err error) {
	body, err := request.body()
	if err != nil {
		return "", err
	}
	body.Server.ReturnReservationID = true
	id, err := nhncloud.Fetch[string](ctx, s.client, createServerRequest(body, "reservation_id"))
	if err != nil {
		return "", err
	}
	return *id, nil
}

package compute

import (
	"context"
	"encoding/base64"
	"fmt"
	"iter"
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

// ServerStatus is the status of a server. It is an open type.
type ServerStatus string

// The statuses of a server.
const (
	StatusActive           ServerStatus = "ACTIVE"
	StatusBuild            ServerStatus = "BUILD"
	StatusDeleted          ServerStatus = "DELETED"
	StatusError            ServerStatus = "ERROR" // the last operation failed
	StatusHardReboot       ServerStatus = "HARD_REBOOT"
	StatusMigrating        ServerStatus = "MIGRATING"
	StatusPassword         ServerStatus = "PASSWORD" // the password is being reset
	StatusPaused           ServerStatus = "PAUSED"
	StatusReboot           ServerStatus = "REBOOT"
	StatusRebuild          ServerStatus = "REBUILD"
	StatusRescue           ServerStatus = "RESCUE"
	StatusResize           ServerStatus = "RESIZE"
	StatusRevertResize     ServerStatus = "REVERT_RESIZE"
	StatusShelvedOffloaded ServerStatus = "SHELVED_OFFLOADED" // terminated, but kept
	StatusShutoff          ServerStatus = "SHUTOFF"
	StatusSuspended        ServerStatus = "SUSPENDED"
	StatusUnknown          ServerStatus = "UNKNOWN"
	StatusVerifyResize     ServerStatus = "VERIFY_RESIZE" // becomes ACTIVE by itself
)

// The words of the 2022 guide for government clouds, where they differ. See
// [ServerStatus.Canonical].
const (
	StatusBuilding ServerStatus = "BUILDING" // BUILD
	StatusStopped  ServerStatus = "STOPPED"  // SHUTOFF
	StatusResized  ServerStatus = "RESIZED"  // RESIZE
	StatusRescued  ServerStatus = "RESCUED"  // RESCUE
)

// Canonical returns the status in the words of the current guide, so that
// statuses of both guides can be compared. The waiters compare so.
func (s ServerStatus) Canonical() ServerStatus {
	switch s {
	case StatusBuilding:
		return StatusBuild
	case StatusStopped:
		return StatusShutoff
	case StatusResized:
		return StatusResize
	case StatusRescued:
		return StatusRescue
	}
	return s
}

// PowerState is whether the power of a server is on. It is an open type.
type PowerState int

// The power states of a server.
const (
	PowerOn  PowerState = 1
	PowerOff PowerState = 4
)

// ServerListOptions narrows a listing of servers. A nil pointer and zero
// fields stand for all of them.
type ServerListOptions struct {
	ReservationID string       `url:"reservation_id,omitempty"`                                   // of [ServersService.CreateReserved]
	ChangesSince  time.Time    `url:"changes-since,omitempty" layout:"2006-01-02T15:04:05Z07:00"` // changed at or after; deleted ones are included
	ImageID       string       `url:"image,omitempty"`
	FlavorID      string       `url:"flavor,omitempty"`
	Name          string       `url:"name,omitempty"` // regular expression
	Status        ServerStatus `url:"status,omitempty"`
	Limit         int          `url:"limit,omitempty"`  // of a page; the service has 100 by default and 1,000 at the most
	Marker        string       `url:"marker,omitempty"` // id of the server before the first one wanted
}

func (o *ServerListOptions) check(operation string) (ServerListOptions, error) {
	if o == nil {
		return ServerListOptions{}, nil
	}
	if o.Limit < 0 {
		return *o, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
	}
	own := *o
	own.ChangesSince = own.ChangesSince.UTC()
	return own, nil
}

// serverPage is a page of a listing, of servers or summaries.
type serverPage[T any] struct {
	Servers []*T   `json:"servers"`
	Links   []Link `json:"servers_links"`
}

// List returns one page of servers in full. Use [ServersService.All] for all
// of them.
//
// API: GET /v2/{tenantId}/servers/detail (compute-v2-list-servers-detail; Compute-Instance en/public-api.md)
func (s *ServersService) List(ctx context.Context, options *ServerListOptions) ([]*Server, error) {
	page, err := s.page(ctx, options)
	if err != nil {
		return nil, err
	}
	return page.Servers, nil
}

// ListSummaries returns one page of servers with id and name alone, which is
// faster than [ServersService.List].
//
// API: GET /v2/{tenantId}/servers (compute-v2-list-servers; Compute-Instance en/public-api.md)
func (s *ServersService) ListSummaries(ctx context.Context, options *ServerListOptions) ([]*ServerSummary, error) {
	page, err := s.summaryPage(ctx, options)
	if err != nil {
		return nil, err
	}
	return page.Servers, nil
}

// All returns an iterator over all servers in full; it fetches page after page
// while the loop goes on. Limit is the size of a page, not of the listing.
func (s *ServersService) All(ctx context.Context, options *ServerListOptions) iter.Seq2[*Server, error] {
	return allServers(ctx, options, func(s *Server) string { return s.ID }, s.page)
}

// AllSummaries is [ServersService.All] with id and name alone.
func (s *ServersService) AllSummaries(ctx context.Context, options *ServerListOptions) iter.Seq2[*ServerSummary, error] {
	return allServers(ctx, options, func(s *ServerSummary) string { return s.ID }, s.summaryPage)
}

func (s *ServersService) page(ctx context.Context, options *ServerListOptions) (*serverPage[Server], error) {
	return fetchServers[Server](ctx, s.client, "compute-v2-list-servers-detail", "/v2/{tenantId}/servers/detail", options)
}

func (s *ServersService) summaryPage(ctx context.Context, options *ServerListOptions) (*serverPage[ServerSummary], error) {
	return fetchServers[ServerSummary](ctx, s.client, "compute-v2-list-servers", "/v2/{tenantId}/servers", options)
}

func fetchServers[T any](ctx context.Context, client *nhncloud.Client, operation, path string, options *ServerListOptions) (*serverPage[T], error) {
	own, err := options.check(operation)
	if err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[serverPage[T]](ctx, client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodGet,
		Path:      path,
		Query:     own,
	})
	if err != nil {
		return nil, err
	}
	page.Servers = present(page.Servers)
	return page, nil
}

// allServers walks a listing. The guides do not say how a last page looks, so
// it goes on until a page is empty, unless the service links its next pages.
// Nor do they say whether the marker itself is on the page after it.
func allServers[T any](ctx context.Context, options *ServerListOptions, id func(*T) string, fetch func(context.Context, *ServerListOptions) (*serverPage[T], error)) iter.Seq2[*T, error] {
	var own ServerListOptions
	if options != nil {
		own = *options
	}
	if own.Limit == 1 {
		own.Limit = 2 // a page with its marker alone would look like the last one
	}
	linked := false
	return nhncloud.Paginate(own.Marker, func(marker string) (nhncloud.Page[*T], error) {
		own := own
		own.Marker = marker
		page, err := fetch(ctx, &own)
		if err != nil {
			return nhncloud.Page[*T]{}, err
		}
		items := page.Servers
		if len(items) > 0 && marker != "" && id(items[0]) == marker {
			items = items[1:]
		}
		more := hasNext(page.Links)
		linked = linked || more
		result := nhncloud.Page[*T]{Items: items}
		if len(items) > 0 && (more || !linked) {
			result.Next = id(items[len(items)-1])
		}
		return result, nil
	})
}

func hasNext(links []Link) bool {
	for _, l := range links {
		if l.Rel == "next" {
			return true
		}
	}
	return false
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
	return nhncloud.Request{
		Operation:   createServer,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/servers",
		Body:        body,
		ResponseKey: key,
	}
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

// waiter tells what the statuses of a server mean. Nova says in the task, and
// not in a status, that a server is being deleted.
func (s *ServersService) waiter(id string) nhncloud.Waiter[*Server, ServerStatus] {
	return nhncloud.Waiter[*Server, ServerStatus]{
		Operation: "compute-v2-get-server",
		Resource:  "server",
		ID:        id,
		Look:      s.Get,
		Status:    func(server *Server) ServerStatus { return server.Status },
		Canonical: ServerStatus.Canonical,
		Busy:      func(server *Server) bool { return server.TaskState != "" },
		Reason:    func(server *Server) string { return server.Fault.Message },
		Failed:    []ServerStatus{StatusError},
		Deleted:   []ServerStatus{StatusDeleted},
	}
}

// WaitForStatus waits until a server has the status and nothing is being done
// to it, and returns it. It ends with an [nhncloud.ErrFailedState] when the
// server gets into [StatusError] or [StatusDeleted] instead.
func (s *ServersService) WaitForStatus(ctx context.Context, id string, status ServerStatus, options *nhncloud.WaitOptions) (*Server, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForResize waits until a resize to the flavor is over and returns the
// server. It ends with an [nhncloud.ErrFailedState] when the resize failed or
// was rolled back.
func (s *ServersService) WaitForResize(ctx context.Context, id, flavorID string, options *nhncloud.WaitOptions) (*Server, error) {
	begun := false
	return s.waiter(id).Wait(ctx, options, func(server *Server) (w nhncloud.WaitStatus) {
		switch server.Status.Canonical() {
		case StatusError, StatusDeleted:
			w.Failed = fmt.Sprintf("server %s was not resized", id)
		case StatusActive, StatusShutoff:
			idle := server.TaskState == ""
			switch {
			case idle && server.Flavor.ID == flavorID:
				w.Done = true
			case idle && begun:
				w.Failed = fmt.Sprintf("server %s went back to flavor %s", id, server.Flavor.ID)
			}
			begun = begun || !idle
		default:
			begun = true
		}
		return w
	})
}

// WaitForDeletion waits until a server is gone: the service does not find it any
// more, or has shown it as deleted for a few seconds. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed.
func (s *ServersService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}

package computev1

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// InstancesService calls the operations on instances.
type InstancesService struct{ client *nhncloud.Client }

// Instance is an instance.
type Instance struct {
	ID               string             `json:"id"`
	Name             string             `json:"name"`
	Status           InstanceStatus     `json:"status"`
	Addresses        []Address          `json:"addresses"`
	AvailabilityZone string             `json:"availabilityZone"`
	Flavor           InstanceFlavor     `json:"flavor"`
	ImageID          string             `json:"image"`
	KeyName          string             `json:"keyName"`
	Metadata         map[string]string  `json:"metadata"`
	Volumes          InstanceVolumes    `json:"volumes"`
	SecurityGroups   []SecurityGroupRef `json:"securityGroups"`
	LaunchedAt       time.Time          `json:"launchedAt"` // last boot
	CreatedAt        time.Time          `json:"createdAt"`
	UpdatedAt        time.Time          `json:"updatedAt"`
}

// InstanceSummary is an instance in the short listing.
type InstanceSummary struct {
	ID     string         `json:"id"`
	Name   string         `json:"name"`
	Status InstanceStatus `json:"status"`
}

// Address is a network interface of an instance.
type Address struct {
	MACAddress        string `json:"macAddress"`
	IPAddress         string `json:"ipAddress"`
	Version           int    `json:"version"`           // 4
	FloatingIPAddress string `json:"floatingIpAddress"` // "" without a floating IP
}

// InstanceFlavor is what an instance tells about its flavor.
type InstanceFlavor struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	CPU  int    `json:"cpu"` // number of vCPUs
	RAM  int    `json:"ram"` // MB
}

// InstanceVolumes are the volumes of an instance.
type InstanceVolumes struct {
	Root        RootVolume       `json:"root"`
	Attachments []AttachedVolume `json:"attachments"` // further ones
}

// RootVolume is the volume that an instance boots from.
type RootVolume struct {
	Size int        `json:"size"` // GB
	Type VolumeType `json:"type"` // "" where the service does not tell, as in the older edition of the guide
}

// AttachedVolume is a further volume of an instance.
type AttachedVolume struct {
	ID   string     `json:"id"`
	Name string     `json:"name"`
	Size int        `json:"size"` // GB
	Type VolumeType `json:"type"` // "" where the service does not tell, as in the older edition of the guide
}

// VolumeType is the kind of disk that a volume is on. It is an open type.
type VolumeType string

// The types of a volume.
const (
	VolumeGeneralHDD VolumeType = "General HDD"
	VolumeGeneralSSD VolumeType = "General SSD"
)

// SecurityGroupRef refers to a security group by its name.
type SecurityGroupRef struct {
	Name string `json:"name"`
}

// InstanceStatus is the status of an instance. It is an open type.
type InstanceStatus string

// The statuses of an instance.
const (
	StatusBuild       InstanceStatus = "BUILD" // being created
	StatusPoweringOn  InstanceStatus = "POWERING_ON"
	StatusActive      InstanceStatus = "ACTIVE"
	StatusPoweringOff InstanceStatus = "POWERING_OFF"
	StatusStop        InstanceStatus = "STOP"
	StatusRebooting   InstanceStatus = "REBOOTING"
	StatusResizing    InstanceStatus = "RESIZING"
	StatusMigrating   InstanceStatus = "MIGRATING"
	StatusDeleting    InstanceStatus = "DELETING"
	StatusError       InstanceStatus = "ERROR"
)

// List returns all instances in full.
//
// API: GET /v1.0/appkeys/{appkey}/instances-detail (compute-v1-list-instances-detail; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) List(ctx context.Context) ([]*Instance, error) {
	return nhncloud.FetchList[Instance](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v1-list-instances-detail",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/instances-detail",
		ResponseKey: "instances",
	})
}

// ListSummaries returns all instances with id, name and status alone.
//
// API: GET /v1.0/appkeys/{appkey}/instances (compute-v1-list-instances; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) ListSummaries(ctx context.Context) ([]*InstanceSummary, error) {
	return nhncloud.FetchList[InstanceSummary](ctx, s.client, nhncloud.Request{
		Operation:   "compute-v1-list-instances",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/instances",
		ResponseKey: "instances",
	})
}

// Get returns an instance.
//
// API: GET /v1.0/appkeys/{appkey}/instances-detail (compute-v1-list-instances-detail; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Get(ctx context.Context, id string) (*Instance, error) {
	const operation = "compute-v1-list-instances-detail"
	if err := nhncloud.CheckID(operation, "instanceId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/instances-detail",
		Query:       url.Values{"id": {id}},
		ResponseKey: "instances",
	}, func(i *Instance) bool { return i.ID == id })
}

// GetSummary returns an instance with id, name and status alone.
//
// API: GET /v1.0/appkeys/{appkey}/instances (compute-v1-list-instances; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) GetSummary(ctx context.Context, id string) (*InstanceSummary, error) {
	const operation = "compute-v1-list-instances"
	if err := nhncloud.CheckID(operation, "instanceId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/instances",
		Query:       url.Values{"id": {id}},
		ResponseKey: "instances",
	}, func(i *InstanceSummary) bool { return i.ID == id })
}

// InstanceCreateRequest describes instances to create. All fields but Count and
// Volume are required. There is no user data in the v1.0 API; package compute
// has it.
type InstanceCreateRequest struct {
	// Name has up to 20 letters, digits, "-" and ".", with Windows images up to
	// 12.
	Name             string            `json:"name"`
	ImageID          string            `json:"image"`
	FlavorID         string            `json:"flavor"`
	Networks         []InstanceNetwork `json:"networks"`
	AvailabilityZone string            `json:"availabilityZone"`
	KeyName          string            `json:"keyName"`
	// Count asks for several instances, up to 10; 0 is one.
	Count int `json:"count,omitzero"`
	// Volume is the root volume. It is nil for flavors with a local disk (u2),
	// which have one of a fixed size; all others need it.
	Volume *InstanceVolume `json:"volume,omitzero"`
	// SecurityGroups are names.
	SecurityGroups []string `json:"-"`
}

// InstanceNetwork is a network interface of a new instance. One of the fields
// is needed.
type InstanceNetwork struct {
	NetworkID string `json:"id,omitzero"`
	SubnetID  string `json:"subnetId,omitzero"`
}

// InstanceVolume is the root volume of a new instance.
type InstanceVolume struct {
	// Size is in GB, from the MinDisk of the image to 1000, in steps of 10.
	Size int `json:"size,omitzero"`
	// Type is nil, which travels as null, for [VolumeGeneralHDD].
	Type *VolumeType `json:"type"`
}

// instanceCreateBody is the body of a create call.
type instanceCreateBody struct {
	Instance struct {
		InstanceCreateRequest
		SecurityGroups []SecurityGroupRef `json:"securityGroups"`
	} `json:"instance"`
}

const createInstance = "compute-v1-create-instance"

func (r *InstanceCreateRequest) body() (*instanceCreateBody, error) {
	var check nhncloud.ArgumentCheck
	check.Required("Name", r.Name)
	check.Required("ImageID", r.ImageID)
	check.Required("FlavorID", r.FlavorID)
	check.RefuseIf(len(r.Networks) == 0, "Networks", "must not be empty")
	for i, n := range r.Networks {
		if n == (InstanceNetwork{}) {
			check.Refuse(fmt.Sprintf("Networks[%d]", i), "needs NetworkID or SubnetID")
		}
	}
	check.Required("AvailabilityZone", r.AvailabilityZone)
	check.Required("KeyName", r.KeyName)
	check.RefuseIf(r.Count < 0, "Count", "must not be negative")
	check.RefuseIf(r.Volume != nil && r.Volume.Size < 0, "Volume.Size", "must not be negative")
	check.RefuseIf(len(r.SecurityGroups) == 0, "SecurityGroups", "must not be empty")
	check.RequiredEach("SecurityGroups", r.SecurityGroups)
	if err := check.Err(createInstance); err != nil {
		return nil, err
	}
	body := new(instanceCreateBody)
	body.Instance.InstanceCreateRequest = *r
	for _, name := range r.SecurityGroups {
		body.Instance.SecurityGroups = append(body.Instance.SecurityGroups, SecurityGroupRef{name})
	}
	return body, nil
}

// Create begins to create one or more instances and returns one of them,
// because the answer has no room for more; [InstancesService.ListSummaries] has
// the others. Wait for [StatusActive] with [InstancesService.WaitForStatus]. A
// quota that is used up and a network without a free address are an
// [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [InstancesService.ListSummaries] shows more instances of the Name
// than were asked for.
//
// API: POST /v1.0/appkeys/{appkey}/instances (compute-v1-create-instance; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Create(ctx context.Context, request InstanceCreateRequest) (*InstanceSummary, error) {
	body, err := request.body()
	if err != nil {
		return nil, err
	}
	return nhncloud.Fetch[InstanceSummary](ctx, s.client, nhncloud.Request{
		Operation:   createInstance,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/instances",
		Body:        body,
		ResponseKey: "instance",
	})
}

// Delete begins to delete an instance. Wait with
// [InstancesService.WaitForDeletion].
//
// API: DELETE /v1.0/appkeys/{appkey}/instances (compute-v1-delete-instance; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Delete(ctx context.Context, id string) error {
	const operation = "compute-v1-delete-instance"
	if err := nhncloud.CheckID(operation, "instanceId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/instances",
		Query:     url.Values{"id": {id}},
	}, nil)
}

func (s *InstancesService) waiter(id string) nhncloud.Waiter[*Instance, InstanceStatus] {
	return nhncloud.Waiter[*Instance, InstanceStatus]{
		Operation: "compute-v1-list-instances-detail",
		Resource:  "instance",
		ID:        id,
		Look:      s.Get,
		Status:    func(instance *Instance) InstanceStatus { return instance.Status },
		Failed:    []InstanceStatus{StatusError},
		Deleting:  []InstanceStatus{StatusDeleting},
	}
}

// WaitForStatus waits until an instance has the status, and returns it. It ends
// with an [nhncloud.ErrFailedState] when the instance gets into [StatusError]
// or [StatusDeleting] instead.
func (s *InstancesService) WaitForStatus(ctx context.Context, id string, status InstanceStatus, options *nhncloud.WaitOptions) (*Instance, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForDeletion waits until an instance is gone. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed.
func (s *InstancesService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}

package blockstorage

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/volumestate"
)

// VolumesService calls the operations on volumes.
type VolumesService struct{ client *nhncloud.Client }

// Volume is a volume, in the console a block storage.
type Volume struct {
	ID                        string             `json:"id"`
	Name                      string             `json:"name"` // "" is usual for the root volume of a server
	Description               string             `json:"description"`
	Status                    VolumeStatus       `json:"status"`
	Size                      int                `json:"size"`        // GB
	VolumeType                string             `json:"volume_type"` // name, such as [VolumeGeneralHDD]
	AvailabilityZone          string             `json:"availability_zone"`
	Bootable                  bool               `json:"bootable"` // a server can have it as its root volume
	Encrypted                 bool               `json:"encrypted"`
	Encryption                VolumeEncryption   `json:"nhn_encryption"` // zero unless it is encrypted
	Multiattach               bool               `json:"multiattach"`    // several servers can have it at once
	Attachments               []VolumeAttachment `json:"attachments"`    // empty while no server has it
	Metadata                  map[string]string  `json:"metadata"`
	SnapshotID                string             `json:"snapshot_id"`  // that it was made from; "" without one
	SourceVolumeID            string             `json:"source_volid"` // that it is a copy of; "" without one
	ConsistencyGroupID        string             `json:"consistencygroup_id"`
	ReplicationStatus         string             `json:"replication_status"` // such as "disabled"
	ReplicationExtendedStatus string             `json:"os-volume-replication:extended_status"`
	ReplicationDriverData     string             `json:"os-volume-replication:driver_data"`
	TenantID                  string             `json:"os-vol-tenant-attr:tenant_id"`
	UserID                    string             `json:"user_id"` // of the owner
	CreatedAt                 time.Time          `json:"created_at"`
	Links                     []Link             `json:"links"`
}

// VolumeAttachment tells which server has a volume.
type VolumeAttachment struct {
	ID           string `json:"id"` // same as VolumeID
	AttachmentID string `json:"attachment_id"`
	VolumeID     string `json:"volume_id"`
	ServerID     string `json:"server_id"`
	Device       string `json:"device"` // such as "/dev/vdb"
}

// VolumeEncryption names the key of Secure Key Manager that encrypts a volume.
type VolumeEncryption struct {
	SKMAppKey     string `json:"skm_appkey,omitzero"` // in requests alone
	SKMKeyID      string `json:"skm_key_id,omitzero"`
	SKMKeyVersion int    `json:"skm_key_version,omitzero"` // in answers; a request may leave it out
}

// VolumeStatus is the status of a volume. It is an open type.
type VolumeStatus string

// The statuses of a volume.
const (
	StatusCreating         VolumeStatus = "creating"
	StatusAvailable        VolumeStatus = "available" // can be attached
	StatusAttaching        VolumeStatus = "attaching"
	StatusDetaching        VolumeStatus = "detaching"
	StatusInUse            VolumeStatus = "in-use"      // attached
	StatusReserved         VolumeStatus = "reserved"    // root volume of a shelved server
	StatusMaintenance      VolumeStatus = "maintenance" // moves to other equipment
	StatusDeleting         VolumeStatus = "deleting"
	StatusAwaitingTransfer VolumeStatus = "awaiting-transfer"
	StatusError            VolumeStatus = "error"          // the creation failed
	StatusErrorDeleting    VolumeStatus = "error_deleting" // the deletion failed
	StatusBackingUp        VolumeStatus = "backing-up"
	StatusRestoringBackup  VolumeStatus = "restoring-backup"
	StatusErrorBackingUp   VolumeStatus = "error_backing-up"
	StatusErrorRestoring   VolumeStatus = "error_restoring"
	StatusErrorExtending   VolumeStatus = "error_extending"
	StatusDownloading      VolumeStatus = "downloading" // an image is written to it
	StatusUploading        VolumeStatus = "uploading"   // an image is made of it
	StatusRetyping         VolumeStatus = "retyping"
	StatusExtending        VolumeStatus = "extending"
)

const getVolume = "blockstorage-v2-get-volume"

// Get returns a volume.
//
// API: GET /v2/{tenantId}/volumes/{volumeId} (blockstorage-v2-get-volume; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) Get(ctx context.Context, id string) (*Volume, error) {
	return nhncloud.Fetch[Volume](ctx, s.client, nhncloud.Request{
		Operation:   getVolume,
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/volumes/{volumeId}",
		Args:        []string{id},
		ResponseKey: "volume",
	})
}

// VolumeCreateRequest describes a volume to create. Size is required. The volume
// is empty unless one of SnapshotID, ImageID and SourceVolumeID says what it is
// made from; then it can't be smaller than that.
type VolumeCreateRequest struct {
	Size             int    `json:"size"` // GB
	Name             string `json:"name,omitzero"`
	Description      string `json:"description,omitzero"`
	VolumeType       string `json:"volume_type,omitzero"`       // name, such as [VolumeGeneralSSD]; "" for that of the service
	AvailabilityZone string `json:"availability_zone,omitzero"` // "" for that of the service
	SnapshotID       string `json:"snapshot_id,omitzero"`
	// ImageID makes a volume to boot from. The guide does not have it, but block
	// storage of OpenStack does.
	ImageID string `json:"imageRef,omitzero"`
	// SourceVolumeID makes a copy of a volume. The guide has it in its example
	// alone.
	SourceVolumeID string            `json:"source_volid,omitzero"`
	Metadata       map[string]string `json:"metadata,omitzero"`
	// Encryption goes with [VolumeEncryptedHDD] and [VolumeEncryptedSSD].
	Encryption *VolumeEncryption `json:"nhn_encryption,omitzero"`
}

func (r *VolumeCreateRequest) check(operation string) error {
	var check nhncloud.ArgumentCheck
	check.RefuseIf(r.Size <= 0, "Size", "must be positive")
	const alone = "can't be together with another source"
	check.RefuseIf(r.SnapshotID != "" && (r.ImageID != "" || r.SourceVolumeID != ""), "SnapshotID", alone)
	check.RefuseIf(r.ImageID != "" && (r.SnapshotID != "" || r.SourceVolumeID != ""), "ImageID", alone)
	check.RefuseIf(r.SourceVolumeID != "" && (r.SnapshotID != "" || r.ImageID != ""), "SourceVolumeID", alone)
	if e := r.Encryption; e != nil {
		check.Required("Encryption.SKMAppKey", e.SKMAppKey)
		check.Required("Encryption.SKMKeyID", e.SKMKeyID)
		check.RefuseIf(e.SKMKeyVersion < 0, "Encryption.SKMKeyVersion", "must not be negative")
	}
	return check.Err(operation)
}

// Create begins to create a volume and returns it. Wait for [StatusAvailable]
// with [VolumesService.WaitForStatus]. A snapshot that is not available is an
// [nhncloud.ErrConflict], a quota that is used up an [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [VolumesService.All] shows two volumes of the Name, which cost until
// they are deleted. A value of the caller's own in Metadata tells them from those
// of other calls.
//
// API: POST /v2/{tenantId}/volumes (blockstorage-v2-create-volume; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) Create(ctx context.Context, request VolumeCreateRequest) (*Volume, error) {
	const operation = "blockstorage-v2-create-volume"
	if err := request.check(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Volume](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/volumes",
		Body:        map[string]VolumeCreateRequest{"volume": request},
		ResponseKey: "volume",
	})
}

// Delete begins to delete a volume. One that is attached, has snapshots or has
// something done to it is an [nhncloud.ErrConflict]. Wait with
// [VolumesService.WaitForDeletion].
//
// API: DELETE /v2/{tenantId}/volumes/{volumeId} (blockstorage-v2-delete-volume; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) Delete(ctx context.Context, id string) error { return s.delete(ctx, id, nil) }

// DeleteWithSnapshots is [VolumesService.Delete] that deletes the snapshots of the
// volume with it. The guide does not have this; a service that does not know it
// refuses a volume with snapshots, as Delete.
//
// API: DELETE /v2/{tenantId}/volumes/{volumeId} (blockstorage-v2-delete-volume; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) DeleteWithSnapshots(ctx context.Context, id string) error {
	return s.delete(ctx, id, url.Values{"cascade": {"true"}})
}

func (s *VolumesService) delete(ctx context.Context, id string, query url.Values) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "blockstorage-v2-delete-volume",
		Service:   nhncloud.ServiceBlockStorage,
		Method:    http.MethodDelete,
		Path:      "/v2/{tenantId}/volumes/{volumeId}",
		Args:      []string{id},
		Query:     query,
	}, nil)
}

func (s *VolumesService) waiter(id string) nhncloud.Waiter[*Volume, VolumeStatus] {
	return volumestate.Waiter(getVolume, id, s.Get, func(volume *Volume) VolumeStatus { return volume.Status })
}

// WaitForStatus waits until a volume has the status and returns it. It ends with
// an [nhncloud.ErrFailedState] when the volume gets into one of the error
// statuses, or is deleted, instead.
func (s *VolumesService) WaitForStatus(ctx context.Context, id string, status VolumeStatus, options *nhncloud.WaitOptions) (*Volume, error) {
	return s.waiter(id).Until(ctx, options, status)
}

// WaitForDeletion waits until a volume is not found any more. It ends with an
// [nhncloud.ErrFailedState] when the deletion failed.
func (s *VolumesService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}

// group waits for many volumes with one listing a look.
func (s *VolumesService) group() nhncloud.GroupWaiter[*Volume, VolumeStatus] {
	return nhncloud.GroupWaiter[*Volume, VolumeStatus]{
		Waiter: s.waiter,
		List:   func(ctx context.Context) iter.Seq2[*Volume, error] { return s.All(ctx, nil) },
		Keys:   func(volume *Volume) []string { return []string{volume.ID} },
	}
}

// WaitForStatusAll is [VolumesService.WaitForStatus] for many volumes, with one
// listing a look instead of as many requests as there are volumes. It returns a
// result for each id, in their order, beside an error that joins theirs. A volume
// that failed does not end the wait for the others. See [nhncloud.GroupWaiter].
func (s *VolumesService) WaitForStatusAll(ctx context.Context, ids []string, status VolumeStatus, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*Volume], error) {
	return s.group().Until(ctx, options, ids, status)
}

// WaitForDeletionAll is [VolumesService.WaitForDeletion] for many volumes, as
// [VolumesService.WaitForStatusAll] is.
func (s *VolumesService) WaitForDeletionAll(ctx context.Context, ids []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*Volume], error) {
	return s.group().UntilGone(ctx, options, ids)
}

package blockstorage

import (
	"context"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// VolumeTypesService calls the operation on the types of volumes.
type VolumeTypesService struct{ client *nhncloud.Client }

// VolumeType is a kind of disk that volumes can be on.
type VolumeType struct {
	ID          string            `json:"id"`
	Name        string            `json:"name"` // for VolumeType of a request, such as [VolumeGeneralSSD]
	Description string            `json:"description" wire:"null"`
	IsPublic    bool              `json:"os-volume-type-access:is_public"`
	ExtraSpecs  map[string]string `json:"extra_specs" wire:"pairs"` // such as volume_backend_name

	// What follows is there in the answer of [VolumesService.UploadImage] alone.
	QoSSpecsID string    `json:"qos_specs_id"`
	CreatedAt  time.Time `json:"created_at" wire:"null"`
	UpdatedAt  time.Time `json:"updated_at" wire:"null"`
}

// The names of the types of volumes, which are those that the console shows. Block
// devices of package compute have them too. What a region has, [VolumeTypesService.List]
// tells; encrypted ones need the key of a [VolumeEncryption].
const (
	VolumeGeneralHDD   = "General HDD"
	VolumeGeneralSSD   = "General SSD"
	VolumeEncryptedHDD = "Encrypted HDD"
	VolumeEncryptedSSD = "Encrypted SSD"
)

// List returns the types that volumes can have.
//
// API: GET /v2/{tenantId}/types (blockstorage-v2-list-volume-types; Storage-Block-Storage en/public-api.md)
func (s *VolumeTypesService) List(ctx context.Context) ([]*VolumeType, error) {
	return nhncloud.FetchList[VolumeType](ctx, s.client, nhncloud.Request{
		Operation:   "blockstorage-v2-list-volume-types",
		Service:     nhncloud.ServiceBlockStorage,
		Method:      http.MethodGet,
		Path:        "/v2/{tenantId}/types",
		ResponseKey: "volume_types",
	})
}

package blockstorage_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const volumeID = "17975e9d-1533-40db-bd02-2072cd2ccb7f"

// documentedVolume is the volume of the listing and the look-up.
func documentedVolume(t *testing.T) *blockstorage.Volume {
	t.Helper()
	const tenant = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	return &blockstorage.Volume{
		ID: volumeID, Name: "volume-f4f47065-300e-480e-8c9c-fb7ec985bffb", Status: blockstorage.StatusAvailable, Size: 50,
		VolumeType: blockstorage.VolumeGeneralHDD, AvailabilityZone: "kr-pub-a", Attachments: []blockstorage.VolumeAttachment{},
		Metadata: map[string]string{}, ReplicationStatus: "disabled", TenantID: tenant, UserID: "5e6524d826084188ae549815b3e33380",
		CreatedAt: at(t, "2018-12-18T05:43:12"), Links: links(tenant, "/volumes/"+volumeID),
	}
}

func TestVolumesGet(t *testing.T) {
	t.Parallel()
	w := want("blockstorage-v2-get-volume", http.MethodGet, "/volumes/"+volumeID, "")
	get := on(func(ctx context.Context, b *blockstorage.Client) (*blockstorage.Volume, error) {
		return b.Volumes.Get(ctx, volumeID)
	})
	apitest.Check(t, w, documented(w.Operation), documentedVolume(t), get)
	refusesIDs(t, w.Operation, "volumeId", func(ctx context.Context, b *blockstorage.Client, id string) error {
		_, err := b.Volumes.Get(ctx, id)
		return err
	})
	t.Run("every field", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Body: `{"volume": {
			"id": "v", "name": "데이터", "description": "d", "status": "in-use", "size": "100", "volume_type": "Encrypted SSD",
			"availability_zone": "kr-pub-b", "bootable": "true", "encrypted": true, "nhn_encryption": {"skm_key_id": "k", "skm_key_version": 2},
			"multiattach": true, "attachments": [{"id": "v", "attachment_id": "a", "volume_id": "v", "server_id": "s", "device": "/dev/vdb"}],
			"metadata": {"k": "v"}, "snapshot_id": "sn", "source_volid": "so", "consistencygroup_id": "c", "replication_status": "enabled",
			"os-volume-replication:extended_status": "x", "os-volume-replication:driver_data": "y", "os-vol-tenant-attr:tenant_id": "t",
			"user_id": "u", "created_at": "2020-03-03T10:54:33.163206Z", "links": [], "migration_status": null
		}}`})
		volume, err := get(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, &blockstorage.Volume{
			ID: "v", Name: "데이터", Description: "d", Status: blockstorage.StatusInUse, Size: 100, VolumeType: blockstorage.VolumeEncryptedSSD,
			AvailabilityZone: "kr-pub-b", Bootable: true, Encrypted: true, Encryption: blockstorage.VolumeEncryption{SKMKeyID: "k", SKMKeyVersion: 2},
			Multiattach: true, Attachments: []blockstorage.VolumeAttachment{{ID: "v", AttachmentID: "a", VolumeID: "v", ServerID: "s", Device: "/dev/vdb"}},
			Metadata: map[string]string{"k": "v"}, SnapshotID: "sn", SourceVolumeID: "so", ConsistencyGroupID: "c", ReplicationStatus: "enabled",
			ReplicationExtendedStatus: "x", ReplicationDriverData: "y", TenantID: "t", UserID: "u",
			CreatedAt: at(t, "2020-03-03T10:54:33").Add(163206 * time.Microsecond), Links: []blockstorage.Link{},
		}, volume)
	})
}

func TestVolumesCreate(t *testing.T) {
	t.Parallel()
	const operation, id, tenant = "blockstorage-v2-create-volume", "87882cf4-ca05-4ef2-b598-b93b2caf041e", "c0e5e63026e449e6b7e94c779021d150"
	create := func(request blockstorage.VolumeCreateRequest) func(context.Context, *blockstorage.Client) (*blockstorage.Volume, error) {
		return func(ctx context.Context, b *blockstorage.Client) (*blockstorage.Volume, error) {
			return b.Volumes.Create(ctx, request)
		}
	}
	// The guide sends null for all others as well, which says nothing.
	w := want(operation, http.MethodPost, "/volumes", `{"volume": {"size": 10, "metadata": {}}}`)
	apitest.CheckCreate(t, w, documented(operation), &blockstorage.Volume{
		ID: id, Name: "DATA", Status: blockstorage.StatusCreating, Size: 10, VolumeType: blockstorage.VolumeGeneralHDD,
		AvailabilityZone: "kr-pub-a", Attachments: []blockstorage.VolumeAttachment{}, Metadata: map[string]string{}, ReplicationStatus: "disabled",
		UserID: "94acd5b4d2bf47dda734e34a113f96ff", CreatedAt: at(t, "2020-03-03T10:54:33").Add(163206 * time.Microsecond), Links: links(tenant, "/volumes/"+id),
	}, on(create(blockstorage.VolumeCreateRequest{Size: 10, Metadata: map[string]string{}})))
	for body, request := range map[string]blockstorage.VolumeCreateRequest{
		`{"volume": {"size": 20, "name": "데이터", "description": "d", "volume_type": "Encrypted SSD", "availability_zone": "kr-pub-b", "snapshot_id": "s",
			"metadata": {"k": "v"}, "nhn_encryption": {"skm_appkey": "a", "skm_key_id": "k"}}}`: {
			Size: 20, Name: "데이터", Description: "d", VolumeType: blockstorage.VolumeEncryptedSSD, AvailabilityZone: "kr-pub-b", SnapshotID: "s",
			Metadata: map[string]string{"k": "v"}, Encryption: &blockstorage.VolumeEncryption{SKMAppKey: "a", SKMKeyID: "k"},
		},
		`{"volume": {"size": 20, "imageRef": "i"}}`:     {Size: 20, ImageID: "i"},
		`{"volume": {"size": 20, "source_volid": "v"}}`: {Size: 20, SourceVolumeID: "v"},
	} {
		sends(t, w, body, documented(operation), func(ctx context.Context, b *blockstorage.Client) error {
			_, err := create(request)(ctx, b)
			return err
		})
	}
	for field, request := range map[string]blockstorage.VolumeCreateRequest{
		"Size":                                      {},
		"SnapshotID, ImageID":                       {Size: 10, SnapshotID: "s", ImageID: "i"},
		"SnapshotID, SourceVolumeID":                {Size: 10, SnapshotID: "s", SourceVolumeID: "v"},
		"ImageID, SourceVolumeID":                   {Size: 10, ImageID: "i", SourceVolumeID: "v"},
		"Size, SnapshotID, ImageID, SourceVolumeID": {Size: -1, SnapshotID: "s", ImageID: "i", SourceVolumeID: "v"},
		"Encryption.SKMAppKey, Encryption.SKMKeyID, Encryption.SKMKeyVersion": {Size: 10, Encryption: &blockstorage.VolumeEncryption{SKMKeyVersion: -1}},
	} {
		refuses(t, operation, field, func(ctx context.Context, b *blockstorage.Client) error {
			_, err := create(request)(ctx, b)
			return err
		})
	}
}

func TestVolumesDelete(t *testing.T) {
	t.Parallel()
	const operation = "blockstorage-v2-delete-volume"
	checkDeletion(t, operation, "/volumes", "", "volumeId", func(ctx context.Context, b *blockstorage.Client, id string) error {
		return b.Volumes.Delete(ctx, id)
	})
	t.Run("with snapshots", func(t *testing.T) {
		t.Parallel()
		checkDeletion(t, operation, "/volumes", "?cascade=true", "volumeId", func(ctx context.Context, b *blockstorage.Client, id string) error {
			return b.Volumes.DeleteWithSnapshots(ctx, id)
		})
	})
}

func TestVolumesUploadImage(t *testing.T) {
	t.Parallel()
	const operation, id, typeID = "blockstorage-v2-volume-action-upload-image", "d16d64e8-a5c9-47fe-a559-1119778c739c", "964a6c6b-7190-4e27-9311-cce8d6f860f3"
	upload := func(id string, request blockstorage.ImageUploadRequest) func(context.Context, *blockstorage.Client) (*blockstorage.ImageUpload, error) {
		return func(ctx context.Context, b *blockstorage.Client) (*blockstorage.ImageUpload, error) {
			return b.Volumes.UploadImage(ctx, id, request)
		}
	}
	// The guide sends protected as false as well, which is what it is without.
	w := want(operation, http.MethodPost, "/volumes/"+id+"/action", `{"os-volume_upload_image": {
		"image_name": "VOLUME IMAGE", "force": true, "disk_format": "qcow2", "container_format": "bare", "visibility": "private"}}`)
	apitest.Check(t, w, documented(operation), &blockstorage.ImageUpload{
		ImageID: "01956bf6-5609-4b43-88ea-1be866114368", ImageName: "public api test2", DiskFormat: "qcow2", ContainerFormat: "bare",
		VolumeID: id, Status: blockstorage.StatusUploading, Size: 20, UpdatedAt: at(t, "2020-05-18T04:21:15"),
		VolumeType: blockstorage.VolumeType{
			ID: typeID, Name: blockstorage.VolumeGeneralHDD, IsPublic: true, ExtraSpecs: map[string]string{"volume_backend_name": "hdd_general"},
			QoSSpecsID: "ec4ef37d-9273-4e6f-a495-bd43b0f2d0f2", CreatedAt: at(t, "2019-10-10T06:34:33"), UpdatedAt: at(t, "2019-10-10T06:37:52"),
		},
	}, on(upload(id, blockstorage.ImageUploadRequest{
		ImageName: "VOLUME IMAGE", Force: true, DiskFormat: "qcow2", ContainerFormat: "bare", Visibility: blockstorage.ImagePrivate,
	})))
	sends(t, w, `{"os-volume_upload_image": {"image_name": "이미지", "visibility": "shared", "protected": true}}`, apitest.Reply{Body: `{"os-volume_upload_image": {
		"image_id": "i", "display_description": "d", "updated_at": "null", "volume_type": null}}`}, func(ctx context.Context, b *blockstorage.Client) error {
		made, err := upload(id, blockstorage.ImageUploadRequest{ImageName: "이미지", Visibility: blockstorage.ImageShared, Protected: true})(ctx, b)
		assert.Equal(t, &blockstorage.ImageUpload{ImageID: "i", VolumeDescription: "d"}, made)
		return err
	})
	sends(t, w, `{"os-volume_upload_image": {"image_name": "x"}}`, apitest.Reply{Body: `{"os-volume_upload_image": {
		"image_id": "i", "volume_type": {"name": "General SSD", "extra_specs": {"a": "b"}, "os-volume-type-access:is_public": true}}}`}, func(ctx context.Context, b *blockstorage.Client) error {
		made, err := upload(id, blockstorage.ImageUploadRequest{ImageName: "x"})(ctx, b)
		assert.Equal(t, &blockstorage.ImageUpload{ImageID: "i", VolumeType: blockstorage.VolumeType{
			Name: blockstorage.VolumeGeneralSSD, IsPublic: true, ExtraSpecs: map[string]string{"a": "b"},
		}}, made, "the specs in the form of the listing")
		return err
	})
	t.Run("sent once", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: 1}))
		once := w
		once.Body = `{"os-volume_upload_image": {"image_name": "x"}}`
		m.Expect(once, apitest.Reply{Status: http.StatusTooManyRequests})
		_, err := blockstorage.New(m.Client).Volumes.UploadImage(t.Context(), id, blockstorage.ImageUploadRequest{ImageName: "x"})
		assert.ErrorIs(t, err, nhncloud.ErrRateLimited)
	})
	refuses(t, operation, "ImageName", func(ctx context.Context, b *blockstorage.Client) error {
		_, err := upload(id, blockstorage.ImageUploadRequest{ImageName: strings.Repeat("가", 86)})(ctx, b)
		return err
	})
	refuses(t, operation, "ImageName", func(ctx context.Context, b *blockstorage.Client) error {
		_, err := upload(id, blockstorage.ImageUploadRequest{})(ctx, b)
		return err
	})
	refusesIDs(t, operation, "volumeId", func(ctx context.Context, b *blockstorage.Client, id string) error {
		_, err := upload(id, blockstorage.ImageUploadRequest{ImageName: "x"})(ctx, b)
		return err
	})
}

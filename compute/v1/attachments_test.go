package computev1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const attachmentsURL = instancesURL + "/" + instanceID + "/attachments"

func TestAttachVolume(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v1-attach-volume",
		Method:    http.MethodPost,
		URL:       attachmentsURL,
		Body:      "@compute-v1-attach-volume.request.json",
	}
	attach := func(ctx context.Context, client *nhncloud.Client, id, volumeID string) (*computev1.VolumeAttachment, error) {
		return computev1.New(client).Instances.AttachVolume(ctx, id, volumeID)
	}
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@compute-v1-attach-volume.response.json"},
		&computev1.VolumeAttachment{ID: "c2a5d0f7-6d0e-4ae0-93a0-6f6d3f5b3a55", VolumeID: volumeID, Device: "/dev/vdc"},
		func(ctx context.Context, client *nhncloud.Client) (*computev1.VolumeAttachment, error) {
			return attach(ctx, client, instanceID, volumeID)
		})
	apitest.RefusedSegments(t, want.Operation, "instanceId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := attach(ctx, client, id, volumeID)
		return err
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "volumeID", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := attach(ctx, client, instanceID, "")
			return err
		})
	})
}

func TestDetachVolume(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v1-detach-volume",
		Method:    http.MethodDelete,
		URL:       attachmentsURL + "?volumeId=" + volumeID,
	}
	detach := func(ctx context.Context, client *nhncloud.Client, id, volumeID string) error {
		return computev1.New(client).Instances.DetachVolume(ctx, id, volumeID)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Body: "@compute-v1-detach-volume.response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
		return detach(ctx, client, instanceID, volumeID)
	})
	apitest.RefusedSegments(t, want.Operation, "instanceId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return detach(ctx, client, id, volumeID)
	})
	apitest.RefusedSegments(t, want.Operation, "volumeId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return detach(ctx, client, instanceID, id)
	})
}

package compute_test

import (
	"context"
	"fmt"
	"iter"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	attachedServerID = "4b293d31-ebd5-4a7f-be03-874b90021e54"
	attachmentsURL   = apitest.ComputeURL + "/servers/" + attachedServerID + "/os-volume_attachments"
	rootVolumeID     = "227cc671-f30b-4488-96fd-7d0bf13648d8"
	dataVolumeID     = "a07f71dc-8151-4e7d-a0cc-cd24a3f11113"
)

func TestVolumeAttachmentsList(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-list-volume-attachments",
		Method:    http.MethodGet,
		URL:       attachmentsURL,
	}
	list := func(ctx context.Context, client *nhncloud.Client, id string, options *compute.VolumeAttachmentListOptions) ([]*compute.VolumeAttachment, error) {
		return compute.New(client).VolumeAttachments.List(ctx, id, options)
	}
	apitest.Check(t, want, apitest.Reply{Body: "@compute-v2-list-volume-attachments.response.json"}, []*compute.VolumeAttachment{
		{ID: rootVolumeID, VolumeID: rootVolumeID, ServerID: attachedServerID, Device: "/dev/vda"},
		{ID: dataVolumeID, VolumeID: dataVolumeID, ServerID: attachedServerID, Device: "/dev/vdb"},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*compute.VolumeAttachment, error) {
		return list(ctx, client, attachedServerID, nil)
	})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := list(ctx, client, id, nil)
		return err
	})
	for field, options := range map[string]*compute.VolumeAttachmentListOptions{
		"Limit": {Limit: -1}, "Offset": {Offset: -1}, "Limit, Offset": {Limit: -1, Offset: -1},
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := list(ctx, client, attachedServerID, options)
				return err
			})
		})
	}
	for query, options := range map[string]*compute.VolumeAttachmentListOptions{
		"":                  {},
		"?limit=2":          {Limit: 2},
		"?limit=2&offset=4": {Limit: 2, Offset: 4},
	} {
		t.Run("query "+query, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.URL += query
			m.Expect(want, apitest.Reply{Body: `{"volumeAttachments": [null]}`})
			attachments, err := list(t.Context(), m.Client, attachedServerID, options)
			require.NoError(t, err)
			assert.Empty(t, attachments)
		})
	}
}

func TestVolumeAttachmentsAll(t *testing.T) {
	t.Parallel()
	ids := make([]string, 100)
	for i := range ids {
		ids[i] = fmt.Sprintf("volume-%02d", i)
	}
	full := idPage("volumeAttachments", ids)
	const first, second = "?limit=100", "?limit=100&offset=100"
	for name, w := range map[string]apitest.Walk{
		"none":              {Pages: []apitest.Page{{first, `{"volumeAttachments": []}`}}},
		"one page":          {Pages: []apitest.Page{{first, idPage("volumeAttachments", ids[:2])}}, IDs: ids[:2]},
		"two pages":         {Pages: []apitest.Page{{first, full}, {second, idPage("volumeAttachments", []string{"last"})}}, IDs: append(ids[:100:100], "last")},
		"full last page":    {Pages: []apitest.Page{{first, full}, {second, `{"volumeAttachments": []}`}}, IDs: ids},
		"stopped":           {Pages: []apitest.Page{{first, full}}, IDs: ids[:3], Stop: 3},
		"second page fails": {Pages: []apitest.Page{{first, full}, {second, apitest.Down}}, IDs: ids, Err: nhncloud.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w.Run(t, "compute-v2-list-volume-attachments", attachmentsURL, func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return apitest.IDsOf(compute.New(client).VolumeAttachments.All(ctx, attachedServerID), func(a *compute.VolumeAttachment) string { return a.ID })
			})
		})
	}
}

func TestVolumeAttachmentsGet(t *testing.T) {
	t.Parallel()
	const server = "1ad6852e-6605-4510-b639-d0bff864b49a"
	want := apitest.Want{
		Operation: "compute-v2-get-volume-attachment",
		Method:    http.MethodGet,
		URL:       apitest.ComputeURL + "/servers/" + server + "/os-volume_attachments/" + dataVolumeID,
	}
	get := func(ctx context.Context, client *nhncloud.Client, serverID, volumeID string) (*compute.VolumeAttachment, error) {
		return compute.New(client).VolumeAttachments.Get(ctx, serverID, volumeID)
	}
	apitest.Check(t, want, apitest.Reply{Body: "@compute-v2-get-volume-attachment.response.json"},
		&compute.VolumeAttachment{ID: dataVolumeID, VolumeID: dataVolumeID, ServerID: server, Device: "/dev/sdb"},
		func(ctx context.Context, client *nhncloud.Client) (*compute.VolumeAttachment, error) {
			return get(ctx, client, server, dataVolumeID)
		})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, id, dataVolumeID)
		return err
	})
	apitest.RefusedSegments(t, want.Operation, "volumeId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := get(ctx, client, server, id)
		return err
	})
}

func TestVolumeAttachmentsAttach(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-attach-volume",
		Method:    http.MethodPost,
		URL:       attachmentsURL,
		Body:      "@compute-v2-attach-volume.request.json",
	}
	attach := func(ctx context.Context, client *nhncloud.Client, serverID, volumeID string) (*compute.VolumeAttachment, error) {
		return compute.New(client).VolumeAttachments.Attach(ctx, serverID, volumeID)
	}
	// The documented answer is about another volume than the request.
	apitest.CheckCreate(t, want, apitest.Reply{Body: "@compute-v2-attach-volume.response.json"},
		&compute.VolumeAttachment{ID: rootVolumeID, VolumeID: rootVolumeID, ServerID: attachedServerID, Device: "/dev/vdc"},
		func(ctx context.Context, client *nhncloud.Client) (*compute.VolumeAttachment, error) {
			return attach(ctx, client, attachedServerID, dataVolumeID)
		})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := attach(ctx, client, id, dataVolumeID)
		return err
	})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, want.Operation, "volumeID", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := attach(ctx, client, attachedServerID, "")
			return err
		})
	})
}

func TestVolumeAttachmentsDetach(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-detach-volume",
		Method:    http.MethodDelete,
		URL:       attachmentsURL + "/" + dataVolumeID,
	}
	detach := func(ctx context.Context, client *nhncloud.Client, serverID, volumeID string) error {
		return compute.New(client).VolumeAttachments.Detach(ctx, serverID, volumeID)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusAccepted}, func(ctx context.Context, client *nhncloud.Client) error {
		return detach(ctx, client, attachedServerID, dataVolumeID)
	})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return detach(ctx, client, id, dataVolumeID)
	})
	apitest.RefusedSegments(t, want.Operation, "volumeId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return detach(ctx, client, attachedServerID, id)
	})
}

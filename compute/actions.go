package compute

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"path"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/imagecheck"
)

// act sends an action to a server. An action must not be done twice, so it is
// not sent again when its answer got lost. A nil argument travels as null.
func (s *ServersService) act(ctx context.Context, operation, id, action string, argument any) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceCompute,
		Method:      http.MethodPost,
		Path:        "/v2/{tenantId}/servers/{serverId}/action",
		Args:        []string{id},
		Body:        map[string]any{action: argument},
		Idempotency: nhncloud.IdempotencyUnsafe,
	}, nil)
}

// Start boots a server in [StatusShutoff]; in another status it is an
// [nhncloud.ErrConflict].
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-start; Compute-Instance en/public-api.md)
func (s *ServersService) Start(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v2-server-action-start", id, "os-start", nil)
}

// Stop powers a server in [StatusActive] or [StatusError] off; in another
// status it is an [nhncloud.ErrConflict].
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-stop; Compute-Instance en/public-api.md)
func (s *ServersService) Stop(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v2-server-action-stop", id, "os-stop", nil)
}

// RebootType is how a server is restarted. It is an open type.
type RebootType string

// The ways to restart a server.
const (
	RebootSoft RebootType = "SOFT" // the system shuts itself down; from ACTIVE only
	RebootHard RebootType = "HARD" // the power is cycled
)

// Reboot restarts a server.
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-reboot; Compute-Instance en/public-api.md)
func (s *ServersService) Reboot(ctx context.Context, id string, how RebootType) error {
	const operation = "compute-v2-server-action-reboot"
	if how == "" {
		return nhncloud.NewArgumentError(operation, "how", fmt.Sprintf("must be %s or %s", RebootSoft, RebootHard))
	}
	return s.act(ctx, operation, id, "reboot", struct {
		Type RebootType `json:"type"`
	}{how})
}

// Resize changes the flavor of a server in [StatusActive], which is stopped
// and started for it, or [StatusShutoff]. Wait with
// [ServersService.WaitForResize].
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-resize; Compute-Instance en/public-api.md)
func (s *ServersService) Resize(ctx context.Context, id, flavorID string) error {
	const operation = "compute-v2-server-action-resize"
	if flavorID == "" {
		return nhncloud.NewArgumentError(operation, "flavorID", "must not be empty")
	}
	return s.act(ctx, operation, id, "resize", struct {
		FlavorID string `json:"flavorRef"`
	}{flavorID})
}

// ServerImageRequest describes an image of a server.
type ServerImageRequest struct {
	Name     string            `json:"name"` // up to 255 bytes
	Metadata map[string]string `json:"metadata,omitzero"`
}

// CreateImage begins to make an image of a server with a local disk (flavors
// u2) and returns the id of the image, which is usable once its status is
// [ImageActive]. It is best done while the server is stopped.
//
// A server of another flavor is refused by the service, and the error tells what
// to do instead: its root volume, which [VolumeAttachmentsService.List] has, is
// uploaded as an image by UploadImage of the volumes in package blockstorage.
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-create-image; Compute-Instance en/public-api.md)
func (s *ServersService) CreateImage(ctx context.Context, id string, request ServerImageRequest) (imageID string, err error) {
	const operation = "compute-v2-server-action-create-image"
	var check nhncloud.ArgumentCheck
	imagecheck.Name(&check, "Name", request.Name)
	if err := check.Err(operation); err != nil {
		return "", err
	}
	var answer nhncloud.Response
	if err := s.act(nhncloud.CaptureResponse(ctx, &answer), operation, id, "createImage", request); err != nil {
		var e *nhncloud.Error
		if errors.As(err, &e) && e.StatusCode == http.StatusBadRequest {
			e.Note = "only servers with a local disk (flavors u2) are made into an image this way; of others, upload the root volume with UploadImage of package blockstorage"
		}
		return "", err
	}
	location := answer.Header.Get("Location")
	if u, err := url.Parse(location); err == nil {
		if id := path.Base(strings.TrimRight(u.Path, "/")); id != "." && id != "/" {
			return id, nil
		}
	}
	return "", &nhncloud.Error{
		Operation:  operation,
		StatusCode: answer.StatusCode,
		RequestID:  answer.RequestID,
		Message:    fmt.Sprintf("the image is being made, but its id can't be read from the Location header %q", location),
		Err:        nhncloud.ErrBadAnswer,
	}
}

// AddSecurityGroup adds a security group, given by its name, to all ports of a
// server.
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-add-security-group; Compute-Instance en/public-api.md)
func (s *ServersService) AddSecurityGroup(ctx context.Context, id, securityGroup string) error {
	const operation = "compute-v2-server-action-add-security-group"
	if securityGroup == "" {
		return nhncloud.NewArgumentError(operation, "securityGroup", "must not be empty")
	}
	return s.act(ctx, operation, id, "addSecurityGroup", SecurityGroupRef{securityGroup})
}

// RemoveSecurityGroup takes a security group, given by its name, off all ports
// of a server.
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-remove-security-group; Compute-Instance en/public-api.md)
func (s *ServersService) RemoveSecurityGroup(ctx context.Context, id, securityGroup string) error {
	const operation = "compute-v2-server-action-remove-security-group"
	if securityGroup == "" {
		return nhncloud.NewArgumentError(operation, "securityGroup", "must not be empty")
	}
	return s.act(ctx, operation, id, "removeSecurityGroup", SecurityGroupRef{securityGroup})
}

// Shelve terminates a server in [StatusActive] but keeps it, as
// [StatusShelvedOffloaded], until [ServersService.Unshelve].
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-shelve; Compute-Instance en/public-api.md)
func (s *ServersService) Shelve(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v2-server-action-shelve", id, "shelve", nil)
}

// Unshelve brings a server in [StatusShelvedOffloaded] back to [StatusActive].
//
// API: POST /v2/{tenantId}/servers/{serverId}/action (compute-v2-server-action-unshelve; Compute-Instance en/public-api.md)
func (s *ServersService) Unshelve(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v2-server-action-unshelve", id, "unshelve", nil)
}

package computev1

import (
	"context"
	"fmt"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// actionBody is the body of an action. Some actions have no parameters, and
// then no member for them.
type actionBody struct {
	Action     string `json:"action"`
	Parameters any    `json:"parameters,omitzero"`
}

// actionRequest is the request of an action. An action must not be done twice,
// so it is not sent again when its answer got lost.
func actionRequest(operation, id string, body actionBody) nhncloud.Request {
	return nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/instances/{instanceId}/action",
		Args:        []string{id},
		Body:        body,
		Idempotency: nhncloud.IdempotencyUnsafe,
	}
}

// act sends an action that answers nothing.
func (s *InstancesService) act(ctx context.Context, operation, id, action string, parameters any) error {
	return s.client.Do(ctx, actionRequest(operation, id, actionBody{action, parameters}), nil)
}

// Start boots an instance in [StatusStop].
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-start; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Start(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v1-instance-action-start", id, "start", nil)
}

// Stop powers an instance in [StatusActive] or [StatusError] off.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-stop; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Stop(ctx context.Context, id string) error {
	return s.act(ctx, "compute-v1-instance-action-stop", id, "stop", nil)
}

// RebootType is how an instance is restarted.
type RebootType string

// The ways to restart an instance.
const (
	RebootSoft RebootType = "SOFT" // the system shuts itself down
	RebootHard RebootType = "HARD" // the power is cycled
)

// Reboot restarts an instance.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-reboot; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Reboot(ctx context.Context, id string, how RebootType) error {
	const operation = "compute-v1-instance-action-reboot"
	if how != RebootSoft && how != RebootHard {
		return nhncloud.NewArgumentError(operation, "how", fmt.Sprintf("must be %s or %s, not %q", RebootSoft, RebootHard, how))
	}
	return s.act(ctx, operation, id, "reboot", struct {
		Type RebootType `json:"type"`
	}{how})
}

// Resize changes the flavor of an instance, which is in [StatusResizing]
// meanwhile.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-resize; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) Resize(ctx context.Context, id, flavorID string) error {
	const operation = "compute-v1-instance-action-resize"
	if flavorID == "" {
		return nhncloud.NewArgumentError(operation, "flavorID", "must not be empty")
	}
	return s.act(ctx, operation, id, "resize", struct {
		FlavorID string `json:"flavor"`
	}{flavorID})
}

// CreatedImage is what the service tells about an image that is being made.
type CreatedImage struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// UploadImage begins to make an image of an instance in [StatusStop]. The image
// is usable once its status is [ImageActive].
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-upload-image; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) UploadImage(ctx context.Context, id, imageName string) (*CreatedImage, error) {
	const operation = "compute-v1-instance-action-upload-image"
	if imageName == "" {
		return nil, nhncloud.NewArgumentError(operation, "imageName", "must not be empty")
	}
	request := actionRequest(operation, id, actionBody{"uploadImage", struct {
		Name string `json:"name"`
	}{imageName}})
	request.ResponseKey = "createdImage"
	return nhncloud.Fetch[CreatedImage](ctx, s.client, request)
}

// AddFloatingIP connects a floating IP, given by its address, with one of the
// addresses of an instance.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-add-floating-ip; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) AddFloatingIP(ctx context.Context, id, floatingIPAddress, fixedIPAddress string) error {
	const operation = "compute-v1-instance-action-add-floating-ip"
	var check nhncloud.ArgumentCheck
	check.Required("floatingIPAddress", floatingIPAddress)
	check.Required("fixedIPAddress", fixedIPAddress)
	if err := check.Err(operation); err != nil {
		return err
	}
	return s.act(ctx, operation, id, "addFloatingIp", struct {
		Address   string `json:"address"`
		IPAddress string `json:"ipAddress"`
	}{floatingIPAddress, fixedIPAddress})
}

// RemoveFloatingIP disconnects a floating IP, given by its address, from an
// instance.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-remove-floating-ip; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) RemoveFloatingIP(ctx context.Context, id, floatingIPAddress string) error {
	const operation = "compute-v1-instance-action-remove-floating-ip"
	if floatingIPAddress == "" {
		return nhncloud.NewArgumentError(operation, "floatingIPAddress", "must not be empty")
	}
	return s.act(ctx, operation, id, "removeFloatingIp", struct {
		Address string `json:"address"`
	}{floatingIPAddress})
}

// AddSecurityGroup adds a security group, given by its name, to an instance.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-add-security-group; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) AddSecurityGroup(ctx context.Context, id, securityGroup string) error {
	const operation = "compute-v1-instance-action-add-security-group"
	if securityGroup == "" {
		return nhncloud.NewArgumentError(operation, "securityGroup", "must not be empty")
	}
	return s.act(ctx, operation, id, "addSecurityGroup", SecurityGroupRef{securityGroup})
}

// RemoveSecurityGroup takes a security group, given by its name, off an
// instance.
//
// API: POST /v1.0/appkeys/{appkey}/instances/{instanceId}/action (compute-v1-instance-action-remove-security-group; Compute-Instance en/old/api-guide.md)
func (s *InstancesService) RemoveSecurityGroup(ctx context.Context, id, securityGroup string) error {
	const operation = "compute-v1-instance-action-remove-security-group"
	if securityGroup == "" {
		return nhncloud.NewArgumentError(operation, "securityGroup", "must not be empty")
	}
	return s.act(ctx, operation, id, "removeSecurityGroup", SecurityGroupRef{securityGroup})
}

package kinds

import (
	"context"
	"errors"
	"fmt"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

// MetadataKey is the key in the metadata of an instance that has the id of the
// task that created it.
const MetadataKey = "nhncloud-gateway-task"

// Instance names the instance to delete.
type Instance struct {
	ServerID string `json:"server_id"`
}

// Action says what to do with which instance.
type Action struct {
	ServerID string `json:"server_id"`
	operations.InstanceActionRequest
}

func createInstance(ctx context.Context, j *job) (any, error) {
	var request operations.InstanceCreateRequest
	if err := j.Input(&request); err != nil {
		return nil, err
	}
	request.Metadata = map[string]string{MetadataKey: j.ID}
	servers := compute.New(j.client).Servers
	id, err := j.once(ctx, func(ctx context.Context) (string, error) {
		for server, err := range servers.All(ctx, nil) {
			if err != nil {
				return "", err
			}
			if server.Metadata[MetadataKey] == j.ID {
				return server.ID, nil
			}
		}
		return "", nil
	}, func(ctx context.Context) (string, error) {
		created, err := operations.CreateInstance(ctx, j.client, request)
		if err != nil {
			return "", err
		}
		return created.Server.ID, nil
	})
	if err != nil {
		return nil, err
	}
	if _, err := servers.WaitForStatus(ctx, id, compute.StatusActive, j.wait(ctx, "instance "+id)); err != nil {
		return nil, err
	}
	return operations.GetInstance(ctx, j.client, id)
}

func deleteInstance(ctx context.Context, j *job) (any, error) {
	var instance Instance
	if err := j.Input(&instance); err != nil {
		return nil, err
	}
	id := instance.ServerID
	err := j.remove(ctx, id, func(ctx context.Context) error { return operations.DeleteInstance(ctx, j.client, id) })
	if err != nil {
		return nil, err
	}
	if err := compute.New(j.client).Servers.WaitForDeletion(ctx, id, j.wait(ctx, "instance "+id)); err != nil {
		return nil, err
	}
	return deleted{id}, nil
}

// deleted is the result of a deletion.
type deleted struct {
	ID string `json:"deleted"`
}

// remove sends a deletion, which can be sent again: what is not there any more then
// was deleted by the one before.
func (j *job) remove(ctx context.Context, id string, do func(context.Context) error) error {
	if err := j.Made(ctx, id); err != nil {
		return err
	}
	before := j.Sent()
	err := j.send(ctx, do)
	if before && (errors.Is(err, nhncloud.ErrNotFound) || errors.Is(err, nhncloud.ErrConflict)) {
		return nil // whether it is gone, and that it is being deleted, the waiter sees
	}
	return err
}

// statuses are those that instances have after an action.
var statuses = map[string]compute.ServerStatus{
	"start":  compute.StatusActive,
	"stop":   compute.StatusShutoff,
	"reboot": compute.StatusActive,
}

func actOnInstance(ctx context.Context, j *job) (any, error) {
	var action Action
	if err := j.Input(&action); err != nil {
		return nil, err
	}
	id, wanted := action.ServerID, statuses[action.Action]
	servers := compute.New(j.client).Servers
	taken := j.Resource() != ""
	if !taken && j.Sent() {
		var err error
		if taken, err = j.acted(ctx, servers, action); err != nil {
			return nil, err
		}
	}
	if !taken {
		err := j.send(ctx, func(ctx context.Context) error {
			if _, err := operations.ActOnInstance(ctx, j.client, id, action.InstanceActionRequest); err != nil {
				return err
			}
			return j.Made(ctx, id)
		})
		if err != nil {
			return nil, err
		}
	}
	if _, err := servers.WaitForStatus(ctx, id, wanted, j.wait(ctx, "instance "+id)); err != nil {
		return nil, err
	}
	return operations.GetInstance(ctx, j.client, id)
}

// acted tells whether an action was done that may have been sent. Of a reboot that
// is over nothing can be seen; it is not done twice for that.
func (j *job) acted(ctx context.Context, servers *compute.ServersService, action Action) (bool, error) {
	server, err := servers.Get(ctx, action.ServerID)
	if err != nil {
		return false, err
	}
	if server.TaskState != "" {
		return true, nil
	}
	if action.Action == "reboot" {
		return false, &nhncloud.Error{
			Message: fmt.Sprintf("it is not known whether instance %s was rebooted: the gateway got no answer, and does not reboot twice", action.ServerID),
			Err:     nhncloud.ErrFailedState,
		}
	}
	return server.Status.Canonical() == statuses[action.Action], nil
}

package compute

import (
	"context"
	"fmt"

	"github.com/nhncloud-go/nhncloud"
)

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

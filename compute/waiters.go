package compute

import (
	"context"
	"fmt"
	"iter"

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

// group waits for many servers with one listing a look.
func (s *ServersService) group() nhncloud.GroupWaiter[*Server, ServerStatus] {
	return nhncloud.GroupWaiter[*Server, ServerStatus]{
		Waiter: s.waiter,
		List: func(ctx context.Context) iter.Seq2[*Server, error] {
			return s.All(ctx, &ServerListOptions{Limit: mostPerPage})
		},
		Keys: func(server *Server) []string { return []string{server.ID} },
	}
}

// WaitForStatusAll is [ServersService.WaitForStatus] for many servers, with one
// listing a look instead of as many requests as there are servers. It returns a
// result for each id, in their order, beside an error that joins theirs. A server
// that failed does not end the wait for the others. See [nhncloud.GroupWaiter].
func (s *ServersService) WaitForStatusAll(ctx context.Context, ids []string, status ServerStatus, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*Server], error) {
	return s.group().Until(ctx, options, ids, status)
}

// WaitForDeletionAll is [ServersService.WaitForDeletion] for many servers, as
// [ServersService.WaitForStatusAll] is.
func (s *ServersService) WaitForDeletionAll(ctx context.Context, ids []string, options *nhncloud.WaitOptions) ([]nhncloud.WaitResult[*Server], error) {
	return s.group().UntilGone(ctx, options, ids)
}

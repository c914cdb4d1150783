package compute_test

import (
	"context"
	"fmt"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
)

// servers is what the program below needs of the SDK, and no more. The service of
// the SDK has these methods, and so has a fake of a few lines.
type servers interface {
	Get(ctx context.Context, id string) (*compute.Server, error)
	Start(ctx context.Context, id string) error
}

var _ servers = (*compute.ServersService)(nil) // compute.New(client).Servers

// ensureRunning is the program that is to be tested.
func ensureRunning(ctx context.Context, s servers, id string) (started bool, err error) {
	server, err := s.Get(ctx, id)
	if err != nil || server.Status != compute.StatusShutoff {
		return false, err
	}
	return true, s.Start(ctx, id)
}

// fakeServers are the statuses of servers by their ids.
type fakeServers map[string]compute.ServerStatus

func (f fakeServers) Get(_ context.Context, id string) (*compute.Server, error) {
	status, ok := f[id]
	if !ok {
		return nil, fmt.Errorf("server %s: %w", id, nhncloud.ErrNotFound)
	}
	return &compute.Server{ID: id, Status: status}, nil
}

func (f fakeServers) Start(_ context.Context, id string) error {
	f[id] = compute.StatusActive
	return nil
}

// A program names the methods that it calls in a small interface of its own, and
// its unit tests fake these. A fake knows only what its author knows, though: the
// in-memory cloud of package nhncloudtest refuses to start a server that runs, as
// the real one does.
func Example_fake() {
	fake := fakeServers{"web": compute.StatusShutoff, "db": compute.StatusActive}
	for _, id := range []string{"web", "db", "none"} {
		started, err := ensureRunning(context.Background(), fake, id)
		fmt.Println(id, started, err)
	}
	// Output:
	// web true <nil>
	// db false <nil>
	// none false server none: not found
}

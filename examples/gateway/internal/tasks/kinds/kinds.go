// Package kinds is what tasks do: what the endpoints of the gateway begin, until it
// is done.
package kinds

import (
	"context"
	"errors"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
)

// The kinds of tasks.
const (
	InstanceCreate = "instance.create" // with an operations.InstanceCreateRequest
	InstanceDelete = "instance.delete" // with an [Instance]
	InstanceAction = "instance.action" // with an [Action]
	ClusterCreate  = "cluster.create"  // with an operations.ClusterCreateRequest
	ClusterDelete  = "cluster.delete"  // with a [Cluster]
)

// All are the kinds, for display.
var All = []any{InstanceCreate, InstanceDelete, InstanceAction, ClusterCreate, ClusterDelete}

// Config says how tasks reach the cloud.
type Config struct {
	// Client returns the client of a caller.
	Client func(clients.Caller) (*nhncloud.Client, error)
	// Grace is how long a request may be under way to the cloud after the gateway
	// that sent it has died: so long it is looked for what it made, before it is
	// sent again. The default is 30 s.
	Grace time.Duration
	// Limit is how long the cloud may take to answer a request that is not broken
	// off. The default is 1 min.
	Limit time.Duration
}

// New returns what each kind of task does.
func New(config Config) map[string]tasks.Run {
	if config.Grace == 0 {
		config.Grace = 30 * time.Second
	}
	if config.Limit == 0 {
		config.Limit = time.Minute
	}
	runs := map[string]tasks.Run{}
	for kind, do := range map[string]func(context.Context, *job) (any, error){
		InstanceCreate: createInstance,
		InstanceDelete: deleteInstance,
		InstanceAction: actOnInstance,
		ClusterCreate:  createCluster,
		ClusterDelete:  deleteCluster,
	} {
		runs[kind] = func(ctx context.Context, attempt *tasks.Attempt) (any, error) {
			client, err := config.Client(clients.Caller{Region: attempt.Region, TenantID: attempt.Tenant, Token: attempt.Token})
			if err != nil {
				return nil, err
			}
			return do(ctx, &job{attempt, config, client})
		}
	}
	return runs
}

// Final tells whether an error can't get better by trying again.
func Final(err error) bool {
	for _, kind := range []error{
		nhncloud.ErrInvalidArgument, nhncloud.ErrUnauthorized, nhncloud.ErrForbidden, nhncloud.ErrNotFound,
		nhncloud.ErrConflict, nhncloud.ErrPreconditionFailed, nhncloud.ErrTooLarge, nhncloud.ErrQuotaExceeded,
		nhncloud.ErrNotSupported, nhncloud.ErrEndpointNotFound, nhncloud.ErrFailedState,
	} {
		if errors.Is(err, kind) {
			return true
		}
	}
	return false
}

// job is an attempt at a task, with the client of its caller.
type job struct {
	*tasks.Attempt
	config Config
	client *nhncloud.Client
}

// wait tells the progress of a waiter.
func (j *job) wait(ctx context.Context, what string) *nhncloud.WaitOptions {
	return &nhncloud.WaitOptions{Progress: func(p nhncloud.WaitProgress) {
		if p.Err == nil {
			j.Progress(ctx, what+": "+p.Status)
		}
	}}
}

// send sends what must not be done twice, once it is noted that it may have been.
// It is not broken off, as nobody would know then whether it was done.
func (j *job) send(ctx context.Context, do func(context.Context) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := j.Sending(ctx); err != nil {
		return err
	}
	ctx, cancel := j.Finish(j.config.Limit)
	defer cancel()
	return do(nhncloud.ContextWithRetry(ctx, nhncloud.NoRetry))
}

// once makes something and returns its id. Where it may have been made before, as
// the gateway died or the answer got lost, it is looked for first.
func (j *job) once(ctx context.Context, find, make func(context.Context) (id string, err error)) (string, error) {
	if id := j.Resource(); id != "" {
		return id, nil
	}
	before := j.Sent()
	if before {
		id, err := j.look(ctx, find)
		if err != nil {
			return "", err
		}
		if id != "" {
			return id, j.Made(ctx, id)
		}
	}
	var id string
	err := j.send(ctx, func(ctx context.Context) (err error) {
		if id, err = make(ctx); err != nil && before {
			// What came late may be what it fails for: the name or the quota.
			if found, findErr := find(ctx); findErr == nil && found != "" {
				id, err = found, nil
			}
		}
		if err == nil {
			err = j.Made(ctx, id)
		}
		return err
	})
	return id, err
}

// look looks for what may have been made, for as long as it may be under way.
func (j *job) look(ctx context.Context, find func(context.Context) (string, error)) (string, error) {
	j.Progress(ctx, "looking for what was made before")
	until := j.Began.Add(j.config.Grace)
	for {
		id, err := find(ctx)
		if err != nil || id != "" || !time.Now().Before(until) {
			return id, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(min(time.Second, j.config.Grace/4)):
		}
	}
}

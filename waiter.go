package nhncloud

import (
	"context"
	"slices"
	"strings"
	"time"
)

// Waiter waits for the statuses of one resource. It says how to look at the
// resource, what its statuses mean, and how errors name it; the waiters of the
// service packages are made of it, and a program can make its own:
//
//	backup := nhncloud.Waiter[*Backup, string]{
//		Operation: "blockstorage-v2-get-backup",
//		Resource:  "backup",
//		ID:        id,
//		Look:      func(ctx context.Context, id string) (*Backup, error) { return getBackup(ctx, client, id) },
//		Status:    func(b *Backup) string { return b.Status },
//		Failed:    []string{"error"},
//	}
//	b, err := backup.Until(ctx, nil, "available")
type Waiter[T any, S ~string] struct {
	// Operation is the call that Look makes, Resource and ID are the kind and
	// the id of the resource, such as "server". They stand in errors, and the last
	// two in progress.
	Operation, Resource, ID string
	// Look gets the resource by its id.
	Look func(ctx context.Context, id string) (T, error)
	// Status returns the status of the resource, as the service has it.
	Status func(T) S
	// Canonical returns the word that a status is compared by, where a service
	// has several for one status; nil where it has not.
	Canonical func(S) S
	// Busy reports whether something is being done to the resource, so that a
	// wanted status does not count yet; nil where the status alone tells.
	Busy func(T) bool
	// Reason returns what the service says of why the resource failed; nil where
	// it says nothing.
	Reason func(T) string
	// Failed are the statuses that a resource gets into when what is being done
	// to it fails. It does not leave them by itself.
	Failed []S
	// Deleting are the statuses of a resource that is being deleted, Deleted
	// those that it is still seen in for a moment afterwards, and DeletionFailed
	// those that only a deletion leads to which failed.
	Deleting, Deleted, DeletionFailed []S
}

// deletedGrace is how long a resource has to be seen as deleted to be taken for
// gone. Services go on showing it for a moment, in which what it held is not
// free yet; then they do not find it.
const deletedGrace = 5 * time.Second

// Until waits until the resource has one of the statuses and nothing is being
// done to it, and returns it. It ends with an [ErrFailedState] when the
// resource failed, or is deleted, instead, and otherwise as [Wait] does.
func (w Waiter[T, S]) Until(ctx context.Context, options *WaitOptions, wanted ...S) (T, error) {
	return wait(ctx, options, w.subject(), w.look, w.until(wanted))
}

// until judges by the statuses that are wanted.
func (w Waiter[T, S]) until(wanted []S) func(T) WaitStatus {
	dead := slices.Concat(w.Failed, w.Deleting, w.Deleted, w.DeletionFailed)
	names := make([]string, len(wanted))
	for i, status := range wanted {
		names[i] = string(status)
	}
	failed := w.name() + " does not become " + strings.Join(names, " or ")
	return w.named(func(seen T) WaitStatus {
		var s WaitStatus
		switch status := w.Status(seen); {
		case w.in(wanted, status):
			s.Done = !w.busy(seen)
		case w.in(dead, status):
			s.Failed = failed
		}
		return s
	})
}

// UntilGone waits until the resource is not found any more. A status of Deleted
// ends it only when it lasts for a few seconds. It ends with an
// [ErrFailedState] when the deletion failed, and otherwise as [Wait] does.
func (w Waiter[T, S]) UntilGone(ctx context.Context, options *WaitOptions) error {
	return waitGone(ctx, options, w.subject(), w.look, w.untilGone())
}

// untilGone judges by how the deletion goes on. It remembers what it has seen.
func (w Waiter[T, S]) untilGone() func(T) WaitStatus {
	busy, deleting := false, false // at any look
	var deleted time.Time          // since the resource is seen as deleted
	return w.named(func(seen T) WaitStatus {
		var s WaitStatus
		status := w.Status(seen)
		if w.in(w.Deleted, status) {
			if deleted.IsZero() {
				deleted = time.Now()
			}
			s.Done = time.Since(deleted) >= deletedGrace
			return s
		}
		deleted = time.Time{}
		switch {
		case w.in(w.Deleting, status):
			deleting = true
		case w.busy(seen):
			busy = true
		case deleting, w.in(w.DeletionFailed, status), busy && w.in(w.Failed, status):
			s.Failed = w.name() + " was not deleted"
		}
		return s
	})
}

// Wait is the function [Wait] for what is judged by more than the status. The
// judge need not fill in Status and Reason.
func (w Waiter[T, S]) Wait(ctx context.Context, options *WaitOptions, judge func(T) WaitStatus) (T, error) {
	return wait(ctx, options, w.subject(), w.look, w.named(judge))
}

// named fills in what the resource itself tells.
func (w Waiter[T, S]) named(judge func(T) WaitStatus) func(T) WaitStatus {
	return func(seen T) WaitStatus {
		s := judge(seen)
		if s.Status == "" {
			s.Status = string(w.Status(seen))
		}
		if s.Reason == "" && w.Reason != nil {
			s.Reason = w.Reason(seen)
		}
		return s
	}
}

func (w Waiter[T, S]) name() string { return w.Resource + " " + w.ID }

func (w Waiter[T, S]) subject() subject { return subject{w.Operation, w.name()} }

func (w Waiter[T, S]) look(ctx context.Context) (T, error) { return w.Look(ctx, w.ID) }

func (w Waiter[T, S]) busy(seen T) bool { return w.Busy != nil && w.Busy(seen) }

// in reports whether a status is one of several.
func (w Waiter[T, S]) in(several []S, status S) bool {
	if w.Canonical == nil {
		return slices.Contains(several, status)
	}
	return slices.ContainsFunc(several, func(s S) bool { return w.Canonical(s) == w.Canonical(status) })
}

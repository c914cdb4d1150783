package tasks

import (
	"encoding/json"
	"time"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/store"
)

// State is how far a task is.
type State = store.State

// The states. A task begins as pending, and is so again between two attempts.
const (
	Pending   = store.Pending
	Running   = store.Running
	Succeeded = store.Succeeded
	Failed    = store.Failed
	Cancelled = store.Cancelled
)

// Task is what users see of a task.
type Task struct {
	ID         string
	Kind       string
	State      State
	Region     string
	Progress   string
	Cancelling bool            // its end was asked for, and has not come yet
	Resource   string          // id of what it makes or changes, once that is known
	Result     json.RawMessage // of one that succeeded
	Code       int             // HTTP status of one that failed
	Error      string          // of one that failed
	Attempts   int
	Created    time.Time
	Started    time.Time // zero before
	Finished   time.Time // zero before
}

func taskOf(row *store.Row) *Task {
	task := &Task{
		ID: row.ID, Kind: row.Kind, State: row.State, Region: row.Region, Progress: row.Progress,
		Cancelling: row.Cancelled && (row.State == Running || row.State == Pending),
		Resource:   row.Resource, Code: int(row.Code), Error: row.Error, Attempts: int(row.Attempt),
		Created: timeOf(row.Created), Started: timeOf(row.Started), Finished: timeOf(row.Finished),
	}
	if row.Result != "" {
		task.Result = json.RawMessage(row.Result)
	}
	return task
}

func timeOf(milliseconds int64) time.Time {
	if milliseconds == 0 {
		return time.Time{}
	}
	return time.UnixMilli(milliseconds).UTC()
}

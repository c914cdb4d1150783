package api

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/proof"
)

// Tasks are where endpoints leave what takes long.
type Tasks interface {
	// Prove fails with [proof.ErrForeign] where a caller's token is not one of his
	// tenant.
	Prove(context.Context, clients.Caller) error
	Submit(context.Context, tasks.Request) (*tasks.Task, error)
	Get(ctx context.Context, tenant, id string) (*tasks.Task, error)
	List(ctx context.Context, tenant, after string, limit int) ([]*tasks.Task, error)
	Cancel(ctx context.Context, tenant, id string) (*tasks.Task, error)
}

// Task is something that goes on after the request for it was answered.
type Task struct {
	ID         string          `json:"id"`
	Kind       string          `json:"kind" enum:"instance.create,instance.delete,instance.action,cluster.create,cluster.delete"`
	State      string          `json:"state" enum:"pending,running,succeeded,failed,cancelled" doc:"pending also between two attempts"`
	Region     string          `json:"region" example:"kr1"`
	Progress   string          `json:"progress,omitempty" example:"instance 2c5bd3e5: BUILD" doc:"what was seen last, or why it waits"`
	Cancelling bool            `json:"cancelling,omitempty" doc:"its end was asked for, and has not come yet"`
	ResourceID string          `json:"resource_id,omitempty" doc:"id of the instance or cluster, once it is known"`
	Result     json.RawMessage `json:"result,omitempty" doc:"of one that succeeded: what the endpoint for the instance or cluster answers, or {\"deleted\": id}"`
	Error      string          `json:"error,omitempty" doc:"of one that failed"`
	Code       int             `json:"code,omitempty" enum:"400,401,403,404,500" doc:"of one that failed: the status that the request would have been answered with"`
	Attempts   int             `json:"attempts" doc:"how often it was begun"`
	CreatedAt  time.Time       `json:"created_at"`
	StartedAt  *time.Time      `json:"started_at,omitempty"`
	FinishedAt *time.Time      `json:"finished_at,omitempty"`
}

// TaskAnswer is one task.
type TaskAnswer struct {
	Task Task `json:"task"`
}

// TaskList is a page of tasks.
type TaskList struct {
	Tasks []Task `json:"tasks" nullable:"false" doc:"the newest first"`
	Next  string `json:"next,omitempty" doc:"path of the next page; missing on the last one"`
}

// taskInput names a task.
type taskInput struct {
	TenantHeaders
	TaskID string `path:"task_id"`
}

// taskListInput names a page of tasks.
type taskListInput struct {
	TenantHeaders
	Limit int    `query:"limit" minimum:"1" maximum:"100" default:"50" doc:"of the page"`
	After string `query:"after" doc:"id of the task before the first one wanted"`
}

// taskAnswer is a task with the status that tells whether it is as was asked for.
type taskAnswer struct {
	Status int
	Body   *TaskAnswer
}

func (a *API) registerTasks() {
	const tag = "Tasks"
	register(a, endpoint{
		method: http.MethodGet, path: "/tasks/", id: "list-tasks", summary: "List the tasks of the tenant", tag: tag,
	}, a.listTasks)
	register(a, endpoint{
		method: http.MethodGet, path: "/tasks/{task_id}/", id: "get-task", summary: "Get a task", tag: tag,
	}, func(ctx context.Context, in *taskInput) (*body[TaskAnswer], error) {
		tenant, err := a.tenant(ctx, in)
		if err != nil {
			return nil, err
		}
		task, err := a.tasks.Get(ctx, tenant, in.TaskID)
		if err != nil {
			return nil, errorOfTask(err)
		}
		return &body[TaskAnswer]{&TaskAnswer{taskOf(task)}}, nil
	})
	cancel := endpoint{
		method: http.MethodDelete, path: "/tasks/{task_id}/", id: "cancel-task", tag: tag,
		summary: "Cancel a task", status: http.StatusOK,
	}
	register(a, cancel, func(ctx context.Context, in *taskInput) (*taskAnswer, error) {
		tenant, err := a.tenant(ctx, in)
		if err != nil {
			return nil, err
		}
		task, err := a.tasks.Cancel(ctx, tenant, in.TaskID)
		if err != nil {
			return nil, errorOfTask(err)
		}
		status := http.StatusOK
		if task.Finished.IsZero() {
			status = http.StatusAccepted
		}
		return &taskAnswer{status, &TaskAnswer{taskOf(task)}}, nil
	})
	op := a.huma.OpenAPI().Paths[Root+cancel.path].Delete
	op.Description = "What the task has sent to the cloud is not taken back: an instance that is being created is created."
	op.Responses["202"] = &huma.Response{
		Description: "Accepted: it runs, and ends in a moment", Content: op.Responses["200"].Content,
	}
}

func (a *API) listTasks(ctx context.Context, in *taskListInput) (*body[TaskList], error) {
	tenant, err := a.tenant(ctx, in)
	if err != nil {
		return nil, err
	}
	found, err := a.tasks.List(ctx, tenant, in.After, in.Limit+1)
	if err != nil {
		return nil, errorOfTask(err)
	}
	list := &TaskList{Tasks: []Task{}}
	for _, task := range found[:min(len(found), in.Limit)] {
		list.Tasks = append(list.Tasks, taskOf(task))
	}
	if len(found) > in.Limit {
		query := url.Values{"limit": {strconv.Itoa(in.Limit)}, "after": {list.Tasks[in.Limit-1].ID}}
		list.Next = Root + "/tasks/?" + query.Encode()
	}
	return &body[TaskList]{list}, nil
}

// tenant returns the tenant of who sent the headers, which was proven. To everybody
// else there are no tasks.
func (a *API) tenant(ctx context.Context, headers caller) (string, error) {
	name, who := headers.caller()
	region, ok := a.cloud.Region(name)
	if !ok {
		return "", refuse("X-NHN-Region", "is none of the regions of this gateway")
	}
	who.Region = region
	return who.TenantID, a.prove(ctx, who, http.StatusNotFound)
}

func isForeign(err error) bool { return errors.Is(err, proof.ErrForeign) }

// errorOfTask makes an answer of what failed with tasks.
func errorOfTask(err error) error {
	switch {
	case errors.Is(err, tasks.ErrNotFound):
		return &Error{Text: "there is no such task", Code: http.StatusNotFound}
	case errors.Is(err, tasks.ErrOver):
		return &Error{Text: "the task has ended already", Code: http.StatusBadRequest}
	case errors.Is(err, tasks.ErrTooMany):
		return &Error{Text: "too many tasks of the tenant have not ended yet", Code: http.StatusBadRequest}
	}
	return err
}

// Describe tells what users are told of the error of a task: what the answer to a
// request would be that fails with it.
func Describe(err error) (code int, text string) {
	e := errorOf(err)
	return e.Code, e.Text
}

func taskOf(task *tasks.Task) Task {
	return Task{
		ID: task.ID, Kind: task.Kind, State: string(task.State), Region: strings.ToLower(task.Region), Progress: task.Progress,
		Cancelling: task.Cancelling, ResourceID: task.Resource, Result: task.Result, Error: task.Error, Code: task.Code,
		Attempts: task.Attempts, CreatedAt: task.Created, StartedAt: timeOrNil(task.Started), FinishedAt: timeOrNil(task.Finished),
	}
}

func timeOrNil(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

package api

import (
	"context"
	"net/http"
	"reflect"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks"
)

const respondAsync = "respond-async"

// Async is what endpoints take that can answer with a task.
type Async struct {
	Async  bool   `query:"async" doc:"answer at once with a task, which ends when the work is done"`
	Prefer string `header:"Prefer" example:"respond-async" doc:"respond-async is the same as async=true"`
}

// asynchronous tells how a task was asked for; "" where none was.
func (in *Async) asynchronous() (wanted bool, preference string) {
	for item := range strings.SplitSeq(in.Prefer, ",") {
		item, _, _ = strings.Cut(item, ";")
		if strings.EqualFold(strings.TrimSpace(item), respondAsync) {
			return true, respondAsync
		}
	}
	return in.Async, ""
}

// asyncInput is an [input] of such an endpoint.
type asyncInput[In any] interface {
	input[In]
	asynchronous() (wanted bool, preference string)
}

// asyncAnswer is what is answered: of the operation, or the task.
type asyncAnswer struct {
	Status   int
	Location string `header:"Location"`
	Applied  string `header:"Preference-Applied"`
	Body     any
}

// registerAsync adds an endpoint that answers when the cloud has taken the request
// on, or, if so asked, at once: with a task that goes on until it is done. The task
// is made of a kind and an input.
func registerAsync[In any, P asyncInput[In], Out any](a *API, e endpoint,
	do func(context.Context, *nhncloud.Client, P) (*Out, error), task func(P) (kind string, input any),
) {
	schemas := a.huma.OpenAPI().Components.Schemas
	responses := a.errorResponses()
	done := &huma.Response{Description: http.StatusText(e.status)}
	if e.status != http.StatusNoContent {
		done.Content = jsonOf(schemas.Schema(reflect.TypeFor[Out](), true, ""))
	}
	responses[strconv.Itoa(e.status)] = done
	responses[strconv.Itoa(http.StatusAccepted)] = &huma.Response{
		Description: "Accepted: a task, as it was asked for",
		Headers: map[string]*huma.Param{
			"Location":           {Schema: &huma.Schema{Type: huma.TypeString}, Description: "where the task is"},
			"Preference-Applied": {Schema: &huma.Schema{Type: huma.TypeString}, Description: "respond-async, where Prefer asked for that"},
		},
		Content: jsonOf(schemas.Schema(reflect.TypeFor[TaskAnswer](), true, "")),
	}
	huma.Register(a.huma, huma.Operation{
		Method: e.method, Path: Root + e.path, OperationID: e.id, Summary: e.summary, Tags: []string{e.tag},
		DefaultStatus: e.status, MaxBodyBytes: maxBody + 1, Responses: responses,
	}, func(ctx context.Context, in *In) (*asyncAnswer, error) {
		out, err := a.soonerOrLater(ctx, P(in), func(client *nhncloud.Client) (any, error) {
			out, err := do(ctx, client, in)
			if err != nil || e.status == http.StatusNoContent {
				return nil, err
			}
			return out, nil
		}, func() (string, any) { return task(in) })
		if err != nil {
			return nil, errorOf(err)
		}
		if out != nil && out.Status == 0 {
			out.Status = e.status
		}
		return out, nil
	})
	// Huma has documented what it sees: a body of any form, and headers.
	done.Headers = nil
	if e.status == http.StatusNoContent {
		done.Content = nil
	}
}

func jsonOf(schema *huma.Schema) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: schema}}
}

// soonerOrLater does what was asked for, or makes a task of it. It returns nil
// where there is nothing to say.
func (a *API) soonerOrLater(ctx context.Context, in interface {
	caller
	asynchronous() (bool, string)
}, do func(*nhncloud.Client) (any, error), task func() (string, any)) (*asyncAnswer, error) {
	wanted, preference := in.asynchronous()
	if !wanted {
		client, err := a.client(in)
		if err != nil {
			return nil, err
		}
		out, err := do(client)
		if err != nil || out == nil {
			return nil, err
		}
		return &asyncAnswer{Body: out}, nil
	}
	client, err := a.clientWithTenant(ctx, in)
	if err != nil {
		return nil, err
	}
	_, who := in.caller()
	who.Region, who.TenantID = client.Config().Region, client.Config().TenantID
	if err := a.prove(ctx, who, http.StatusForbidden); err != nil {
		return nil, err
	}
	kind, input := task()
	made, err := a.tasks.Submit(ctx, tasks.Request{Kind: kind, Tenant: who.TenantID, Region: who.Region, Token: who.Token, Input: input})
	if err != nil {
		return nil, errorOfTask(err)
	}
	return &asyncAnswer{
		Status: http.StatusAccepted, Location: Root + "/tasks/" + made.ID + "/", Applied: preference, Body: &TaskAnswer{taskOf(made)},
	}, nil
}

// clientWithTenant returns the client of who sent the headers, and finds the tenant
// out where they don't say it.
func (a *API) clientWithTenant(ctx context.Context, headers caller) (*nhncloud.Client, error) {
	client, err := a.client(headers)
	if err != nil || client.Config().TenantID != "" {
		return client, err
	}
	tenant, err := operations.FindTenant(ctx, client)
	if err != nil {
		return nil, err
	}
	_, who := headers.caller()
	who.Region, who.TenantID = client.Config().Region, tenant
	return a.cloud.Client(who)
}

// prove fails where a caller's token is not one of his tenant: with a code for that,
// or as the cloud fails.
func (a *API) prove(ctx context.Context, who clients.Caller, code int) error {
	err := a.tasks.Prove(ctx, who)
	if isForeign(err) {
		return &Error{Text: "X-NHN-Tenant-ID: is not the tenant of the token", Code: code}
	}
	return err
}

package loadbalancer_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const (
	baseURL = "https://kr1-api-network-infrastructure.nhncloudservice.com/v2.0/lbaas"

	tenantID       = "8258ab391d854e8b878642b737017a3b" // of the documented resources
	loadBalancerID = "7b4cef78-72b0-4c3c-9971-98763ef6284c"
	listenerID     = "1b5e4950-71ae-4d67-bf97-453f986c9a20"
	poolID         = "522a5681-fc4c-4b0b-85ec-bf7777c48a57"
	containerRef   = "https://kr1-api-key-manager-infrastructure.nhncloudservice.com/v1/containers/c8f4503c-1da5-4ec7-9456-51183bd4ad4e"
)

var service = apitest.Service[*loadbalancer.Client]{New: loadbalancer.New, BaseURL: baseURL}

var (
	want       = service.Want
	documented = apitest.Documented
	refuses    = service.Refuses
	refusesIDs = service.RefusesIDs
	sends      = service.Sends
)

// on makes a call of load balancers one of any client.
func on[T any](call func(context.Context, *loadbalancer.Client) (T, error)) func(context.Context, *nhncloud.Client) (T, error) {
	return apitest.On(service, call)
}

// checkGet checks an operation that returns a resource, on the documented one.
func checkGet[T any](t *testing.T, operation, path, id, field string, expected T, get func(ctx context.Context, l *loadbalancer.Client, id string) (T, error)) {
	t.Helper()
	apitest.Check(t, want(operation, http.MethodGet, path+"/"+id, ""), documented(operation), expected, on(func(ctx context.Context, l *loadbalancer.Client) (T, error) {
		return get(ctx, l, id)
	}))
	refusesIDs(t, operation, field, func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := get(ctx, l, id)
		return err
	})
}

// checkDeletion checks an operation that deletes a resource.
func checkDeletion(t *testing.T, operation, path, field string, del func(ctx context.Context, l *loadbalancer.Client, id string) error) {
	t.Helper()
	service.CheckDeletion(t, operation, path, "", http.StatusNoContent, field, del)
}

// decodes checks what is made of another documented answer.
func decodes[T any](t *testing.T, w apitest.Want, reply apitest.Reply, expected T, call func(ctx context.Context, l *loadbalancer.Client) (T, error)) {
	t.Helper()
	m := apitest.New(t)
	m.Expect(w, reply)
	got, err := call(t.Context(), loadbalancer.New(m.Client))
	require.NoError(t, err)
	assert.Equal(t, expected, got)
}

// update checks an operation that changes a resource: what is sent of each
// request, and which fields are refused.
type update[T, R any] struct {
	operation, path, key, id, field string
	empty                           string // field that a request without any is refused for
	expected                        T
	sent                            map[string]R // by what it is in JSON
	refused                         map[string]R // by the names of the fields
	call                            func(ctx context.Context, l *loadbalancer.Client, id string, request R) (T, error)
}

func (u update[T, R]) check(t *testing.T, documentedRequest R) {
	t.Helper()
	do := func(id string, request R) func(context.Context, *loadbalancer.Client) error {
		return func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := u.call(ctx, l, id, request)
			return err
		}
	}
	w := want(u.operation, http.MethodPut, u.path+"/"+u.id, "@")
	apitest.Check(t, w, documented(u.operation), u.expected, on(func(ctx context.Context, l *loadbalancer.Client) (T, error) {
		return u.call(ctx, l, u.id, documentedRequest)
	}))
	for body, request := range u.sent {
		sends(t, w, `{"`+u.key+`": `+body+`}`, documented(u.operation), do(u.id, request))
	}
	var nothing R
	refuses(t, u.operation, u.empty, do(u.id, nothing))
	for fields, request := range u.refused {
		refuses(t, u.operation, fields, do(u.id, request))
	}
	refusesIDs(t, u.operation, u.field, func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return do(id, documentedRequest)(ctx, l)
	})
}

// create checks an operation that makes a resource.
type create[T, R any] struct {
	operation, path, key string
	request              string // what is sent of the documented request
	expected             T
	sent                 map[string]R // by what it is in JSON
	refused              map[string]R // by the names of the fields
	call                 func(ctx context.Context, l *loadbalancer.Client, request R) (T, error)
}

func (c create[T, R]) check(t *testing.T, documentedRequest R) {
	t.Helper()
	w := want(c.operation, http.MethodPost, c.path, c.request)
	apitest.CheckCreate(t, w, documented(c.operation), c.expected, on(func(ctx context.Context, l *loadbalancer.Client) (T, error) {
		return c.call(ctx, l, documentedRequest)
	}))
	do := func(request R) func(context.Context, *loadbalancer.Client) error {
		return func(ctx context.Context, l *loadbalancer.Client) error {
			_, err := c.call(ctx, l, request)
			return err
		}
	}
	for body, request := range c.sent {
		if c.key != "" {
			body = `{"` + c.key + `": ` + body + `}`
		}
		sends(t, w, body, documented(c.operation), do(request))
	}
	for fields, request := range c.refused {
		refuses(t, c.operation, fields, do(request))
	}
}

// Package api is the REST API of the gateway: its paths, headers, bodies and
// errors. What an endpoint does stands in package operations; here it gets its
// path, and the client of the caller.
package api

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
)

// Root is where all endpoints are.
const Root = "/api/nhn"

// Cloud is what the API stands in front of.
type Cloud interface {
	// Client returns the client of a caller. It sends nothing.
	Client(clients.Caller) (*nhncloud.Client, error)
	// Login returns a client with an account, for one login.
	Login(tenantID, username string, password nhncloud.Secret) (*nhncloud.Client, error)
	// Region returns the region of a name, in whatever case; false where the
	// gateway has none of that name.
	Region(name string) (nhncloud.Region, bool)
}

// API has what the endpoints share.
type API struct {
	cloud Cloud
	tasks Tasks
	mux   *http.ServeMux
	huma  huma.API
}

// New makes the API in front of a cloud, which leaves to tasks what takes long. What
// else the gateway has is added to its Mux.
func New(cloud Cloud, tasks Tasks) (*API, error) {
	ownErrors()
	a := &API{cloud: cloud, tasks: tasks, mux: http.NewServeMux()}
	a.huma = huma.NewAPI(huma.Config{
		OpenAPI: &huma.OpenAPI{
			Info: &huma.Info{
				Title:       "NHN Cloud gateway",
				Version:     nhncloud.Version,
				Description: "Tokens, instances, networks, Kubernetes clusters and object storage of NHN Cloud, for browsers and small scripts.",
			},
			Components: &huma.Components{Schemas: huma.NewMapRegistry("#/components/schemas/", huma.DefaultSchemaNamer)},
		},
		Formats:      huma.DefaultFormats,
		Transformers: []huma.Transformer{withoutToken},
	}, adapter{a.mux})
	a.registerToken()
	a.registerFlavors()
	a.registerInstances()
	a.registerVPCs()
	a.registerSubnets()
	a.registerClusters()
	a.registerContainers()
	a.registerTasks()
	document, err := json.Marshal(a.huma.OpenAPI())
	if err != nil {
		return nil, fmt.Errorf("make the OpenAPI document: %w", err)
	}
	a.mux.HandleFunc("GET /openapi.json", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openapi+json")
		w.Write(document)
	})
	a.mux.HandleFunc("/", a.noSuchPath)
	return a, nil
}

// Mux is where the endpoints are. The page and the like are added to it.
func (a *API) Mux() *http.ServeMux { return a.mux }

// ServeHTTP serves what is in the Mux.
func (a *API) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !clean(r.URL.EscapedPath()) { // the mux would redirect
		a.fail(w, r, http.StatusNotFound, noPath)
		return
	}
	a.mux.ServeHTTP(w, r)
}

// endpoint says which endpoint a function is.
type endpoint struct {
	method, path string // the path goes on after [Root], and ends in a slash
	id, summary  string
	tag          string
	status       int // 200 where it is 0
}

// register adds an endpoint: a function that gets its headers, the parts of its path
// and its body in one struct.
func register[In any, Out any](a *API, e endpoint, do func(context.Context, *In) (*Out, error)) {
	op := huma.Operation{
		Method: e.method, Path: Root + e.path, OperationID: e.id, Summary: e.summary, Tags: []string{e.tag},
		DefaultStatus: e.status,
		MaxBodyBytes:  maxBody + 1, // huma refuses from there on
		Responses:     a.errorResponses(),
	}
	huma.Register(a.huma, op, func(ctx context.Context, in *In) (*Out, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, errorOf(err)
		}
		return out, nil
	})
}

// body is an answer that has nothing but its body.
type body[T any] struct{ Body *T }

// nothing is an answer without a body.
type nothing struct{}

// input is a struct of what an endpoint takes, with the headers of the caller.
type input[In any] interface {
	*In
	caller
}

// list makes an endpoint of an operation that takes the client alone.
func list[In any, P input[In], Out any](a *API, do func(context.Context, *nhncloud.Client) (*Out, error)) func(context.Context, *In) (*body[Out], error) {
	return with[In, P](a, func(ctx context.Context, client *nhncloud.Client, _ P) (*Out, error) { return do(ctx, client) })
}

// with makes an endpoint of a function that takes the client of the caller and what
// was sent.
func with[In any, P input[In], Out any](a *API, do func(context.Context, *nhncloud.Client, P) (*Out, error)) func(context.Context, *In) (*body[Out], error) {
	return func(ctx context.Context, in *In) (*body[Out], error) {
		client, err := a.client(P(in))
		if err != nil {
			return nil, err
		}
		out, err := do(ctx, client, in)
		if err != nil {
			return nil, err
		}
		return &body[Out]{out}, nil
	}
}

// without is with for what has no answer but that it was done.
func without[In any, P input[In]](a *API, do func(context.Context, *nhncloud.Client, P) error) func(context.Context, *In) (*nothing, error) {
	return func(ctx context.Context, in *In) (*nothing, error) {
		client, err := a.client(P(in))
		if err != nil {
			return nil, err
		}
		return nil, do(ctx, client, in)
	}
}

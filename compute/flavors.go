package compute

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// FlavorsService calls the operations on flavors.
type FlavorsService struct{ client *nhncloud.Client }

// Flavor is a size of servers, in the console an instance type.
type Flavor struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"` // such as "m2.c2m4"
	VCPUs      int               `json:"vcpus"`
	RAM        int               `json:"ram"`                        // MB
	Disk       int               `json:"disk"`                       // GB of the local root disk; 0 when servers boot from a volume
	Ephemeral  int               `json:"OS-FLV-EXT-DATA:ephemeral"`  // GB of further local disk
	Swap       int               `json:"swap"`                       // GB
	RxTxFactor float64           `json:"rxtx_factor"`                // share of the network bandwidth
	Disabled   bool              `json:"OS-FLV-DISABLED:disabled"`   // takes no new servers
	Public     bool              `json:"os-flavor-access:is_public"` // for all projects
	ExtraSpecs map[string]string `json:"extra_specs"`
	Links      []Link            `json:"links"`
}

// HasLocalDisk reports whether servers of the flavor boot from a disk of their
// host, like those of the u2 family, and not from a volume.
func (f *Flavor) HasLocalDisk() bool {
	return f.Disk > 0 || strings.HasPrefix(f.Name, "u2.")
}

// FlavorSummary is a flavor in the short listing.
type FlavorSummary struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Links []Link `json:"links"`
}

// FlavorListOptions narrows a listing of flavors. A nil pointer and zero
// fields stand for all of them.
type FlavorListOptions struct {
	MinDisk int `url:"minDisk,omitempty"` // GB
	MinRAM  int `url:"minRam,omitempty"`  // MB
}

func (o *FlavorListOptions) check(operation string) (FlavorListOptions, error) {
	if o == nil {
		return FlavorListOptions{}, nil
	}
	var check nhncloud.ArgumentCheck
	check.RefuseIf(o.MinDisk < 0, "MinDisk", "must not be negative")
	check.RefuseIf(o.MinRAM < 0, "MinRAM", "must not be negative")
	return *o, check.Err(operation)
}

// flavorPage is a page of a listing. The guides know no pages of flavors, but
// the service links a next one where there are many.
type flavorPage[T any] struct {
	Items []*T          `json:"flavors"`
	Links []linked.Link `json:"flavors_links"`
}

// List returns one page of flavors in full. Use [FlavorsService.All] for all
// of them.
//
// API: GET /v2/{tenantId}/flavors/detail (compute-v2-list-flavors-detail; Compute-Instance en/public-api.md)
func (s *FlavorsService) List(ctx context.Context, options *FlavorListOptions) ([]*Flavor, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// ListSummaries returns one page of flavors with id and name alone.
//
// API: GET /v2/{tenantId}/flavors (compute-v2-list-flavors; Compute-Instance en/public-api.md)
func (s *FlavorsService) ListSummaries(ctx context.Context, options *FlavorListOptions) ([]*FlavorSummary, error) {
	return linked.Listed(s.summaryPage(ctx, options, nil))
}

// All returns an iterator over all flavors in full.
func (s *FlavorsService) All(ctx context.Context, options *FlavorListOptions) iter.Seq2[*Flavor, error] {
	return linked.All(listFlavors, func(next url.Values) (*linked.Page[Flavor], error) { return s.page(ctx, options, next) })
}

// AllSummaries is [FlavorsService.All] with id and name alone.
func (s *FlavorsService) AllSummaries(ctx context.Context, options *FlavorListOptions) iter.Seq2[*FlavorSummary, error] {
	return linked.All(listFlavorSummaries, func(next url.Values) (*linked.Page[FlavorSummary], error) { return s.summaryPage(ctx, options, next) })
}

const (
	listFlavors         = "compute-v2-list-flavors-detail"
	listFlavorSummaries = "compute-v2-list-flavors"
)

func (s *FlavorsService) page(ctx context.Context, options *FlavorListOptions, next url.Values) (*linked.Page[Flavor], error) {
	return fetchFlavors[Flavor](ctx, s.client, listFlavors, "/v2/{tenantId}/flavors/detail", options, next)
}

func (s *FlavorsService) summaryPage(ctx context.Context, options *FlavorListOptions, next url.Values) (*linked.Page[FlavorSummary], error) {
	return fetchFlavors[FlavorSummary](ctx, s.client, listFlavorSummaries, "/v2/{tenantId}/flavors", options, next)
}

// fetchFlavors gets the first page, or the one of the query.
func fetchFlavors[T any](ctx context.Context, client *nhncloud.Client, operation, path string, options *FlavorListOptions, next url.Values) (*linked.Page[T], error) {
	own, err := options.check(operation)
	if err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[flavorPage[T]](ctx, client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodGet,
		Path:      path,
		Query:     linked.Query(own, next),
	})
	return (*linked.Page[T])(page), err
}

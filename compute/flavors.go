package compute

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strings"

	"github.com/nhncloud-go/nhncloud"
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
	Flavors []*T   `json:"flavors"`
	Links   []Link `json:"flavors_links"`
}

// List returns one page of flavors in full. Use [FlavorsService.All] for all
// of them.
//
// API: GET /v2/{tenantId}/flavors/detail (compute-v2-list-flavors-detail; Compute-Instance en/public-api.md)
func (s *FlavorsService) List(ctx context.Context, options *FlavorListOptions) ([]*Flavor, error) {
	page, err := s.page(ctx, options, "")
	if err != nil {
		return nil, err
	}
	return page.Flavors, nil
}

// ListSummaries returns one page of flavors with id and name alone.
//
// API: GET /v2/{tenantId}/flavors (compute-v2-list-flavors; Compute-Instance en/public-api.md)
func (s *FlavorsService) ListSummaries(ctx context.Context, options *FlavorListOptions) ([]*FlavorSummary, error) {
	page, err := s.summaryPage(ctx, options, "")
	if err != nil {
		return nil, err
	}
	return page.Flavors, nil
}

// All returns an iterator over all flavors in full.
func (s *FlavorsService) All(ctx context.Context, options *FlavorListOptions) iter.Seq2[*Flavor, error] {
	return allFlavors(ctx, options, s.page)
}

// AllSummaries is [FlavorsService.All] with id and name alone.
func (s *FlavorsService) AllSummaries(ctx context.Context, options *FlavorListOptions) iter.Seq2[*FlavorSummary, error] {
	return allFlavors(ctx, options, s.summaryPage)
}

func (s *FlavorsService) page(ctx context.Context, options *FlavorListOptions, next string) (*flavorPage[Flavor], error) {
	return fetchFlavors[Flavor](ctx, s.client, "compute-v2-list-flavors-detail", "/v2/{tenantId}/flavors/detail", options, next)
}

func (s *FlavorsService) summaryPage(ctx context.Context, options *FlavorListOptions, next string) (*flavorPage[FlavorSummary], error) {
	return fetchFlavors[FlavorSummary](ctx, s.client, "compute-v2-list-flavors", "/v2/{tenantId}/flavors", options, next)
}

func allFlavors[T any](ctx context.Context, options *FlavorListOptions, fetch func(ctx context.Context, options *FlavorListOptions, next string) (*flavorPage[T], error)) iter.Seq2[*T, error] {
	return nhncloud.Paginate("", func(next string) (nhncloud.Page[*T], error) {
		page, err := fetch(ctx, options, next)
		if err != nil {
			return nhncloud.Page[*T]{}, err
		}
		return nhncloud.Page[*T]{Items: page.Flavors, Next: nextQuery(page.Links)}, nil
	})
}

// fetchFlavors gets the first page, or the one that nextQuery found.
func fetchFlavors[T any](ctx context.Context, client *nhncloud.Client, operation, path string, options *FlavorListOptions, next string) (*flavorPage[T], error) {
	own, err := options.check(operation)
	if err != nil {
		return nil, err
	}
	request := nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodGet,
		Path:      path,
		Query:     own,
	}
	if next != "" {
		query, err := url.ParseQuery(next)
		if err != nil {
			return nil, &nhncloud.Error{Operation: operation, Message: "the link to the next page can't be read", Err: nhncloud.ErrBadAnswer}
		}
		request.Query = query
	}
	page, err := nhncloud.Fetch[flavorPage[T]](ctx, client, request)
	if err != nil {
		return nil, err
	}
	page.Flavors = present(page.Flavors)
	return page, nil
}

// nextQuery returns the query of the link to the next page. The rest of the
// link is not used: its host may be a retired one.
func nextQuery(links []Link) string {
	for _, l := range links {
		if l.Rel == "next" {
			_, query, _ := strings.Cut(l.Href, "?")
			return query
		}
	}
	return ""
}

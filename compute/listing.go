package compute

import (
	"context"
	"iter"
	"net/http"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// ServerListOptions narrows a listing of servers. A nil pointer and zero
// fields stand for all of them.
type ServerListOptions struct {
	ReservationID string       `url:"reservation_id,omitempty"`                                   // of [ServersService.CreateReserved]
	ChangesSince  time.Time    `url:"changes-since,omitempty" layout:"2006-01-02T15:04:05Z07:00"` // changed at or after; deleted ones are included
	ImageID       string       `url:"image,omitempty"`
	FlavorID      string       `url:"flavor,omitempty"`
	Name          string       `url:"name,omitempty"` // regular expression
	Status        ServerStatus `url:"status,omitempty"`
	Limit         int          `url:"limit,omitempty"`  // of a page; the service has 100 by default and 1,000 at the most
	Marker        string       `url:"marker,omitempty"` // id of the server before the first one wanted
}

// mostPerPage is how many servers the service puts on a page at the most.
const mostPerPage = 1000

func (o *ServerListOptions) check(operation string) (ServerListOptions, error) {
	if o == nil {
		return ServerListOptions{}, nil
	}
	if o.Limit < 0 {
		return *o, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
	}
	own := *o
	own.ChangesSince = own.ChangesSince.UTC()
	return own, nil
}

// serverPage is a page of a listing, of servers or summaries.
type serverPage[T any] struct {
	Items []*T          `json:"servers"`
	Links []linked.Link `json:"servers_links"`
}

// List returns one page of servers in full. Use [ServersService.All] for all
// of them.
//
// API: GET /v2/{tenantId}/servers/detail (compute-v2-list-servers-detail; Compute-Instance en/public-api.md)
func (s *ServersService) List(ctx context.Context, options *ServerListOptions) ([]*Server, error) {
	return linked.Listed(s.page(ctx, options))
}

// ListSummaries returns one page of servers with id and name alone, which is
// faster than [ServersService.List].
//
// API: GET /v2/{tenantId}/servers (compute-v2-list-servers; Compute-Instance en/public-api.md)
func (s *ServersService) ListSummaries(ctx context.Context, options *ServerListOptions) ([]*ServerSummary, error) {
	return linked.Listed(s.summaryPage(ctx, options))
}

// All returns an iterator over all servers in full; it fetches page after page
// while the loop goes on. Limit is the size of a page, not of the listing.
func (s *ServersService) All(ctx context.Context, options *ServerListOptions) iter.Seq2[*Server, error] {
	return allServers(ctx, options, func(s *Server) string { return s.ID }, s.page)
}

// AllSummaries is [ServersService.All] with id and name alone.
func (s *ServersService) AllSummaries(ctx context.Context, options *ServerListOptions) iter.Seq2[*ServerSummary, error] {
	return allServers(ctx, options, func(s *ServerSummary) string { return s.ID }, s.summaryPage)
}

func (s *ServersService) page(ctx context.Context, options *ServerListOptions) (*linked.Page[Server], error) {
	return fetchServers[Server](ctx, s.client, "compute-v2-list-servers-detail", "/v2/{tenantId}/servers/detail", options)
}

func (s *ServersService) summaryPage(ctx context.Context, options *ServerListOptions) (*linked.Page[ServerSummary], error) {
	return fetchServers[ServerSummary](ctx, s.client, "compute-v2-list-servers", "/v2/{tenantId}/servers", options)
}

func fetchServers[T any](ctx context.Context, client *nhncloud.Client, operation, path string, options *ServerListOptions) (*linked.Page[T], error) {
	own, err := options.check(operation)
	if err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[serverPage[T]](ctx, client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceCompute,
		Method:    http.MethodGet,
		Path:      path,
		Query:     own,
	})
	return (*linked.Page[T])(page), err
}

// allServers walks a listing.
func allServers[T any](ctx context.Context, options *ServerListOptions, id func(*T) string, fetch func(context.Context, *ServerListOptions) (*linked.Page[T], error)) iter.Seq2[*T, error] {
	var own ServerListOptions
	if options != nil {
		own = *options
	}
	return linked.ByMarker(own.Marker, own.Limit, id, func(marker string, limit int) (*linked.Page[T], error) {
		own := own
		own.Marker, own.Limit = marker, limit
		return fetch(ctx, &own)
	})
}

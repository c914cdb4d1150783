package blockstorage

import (
	"context"
	"iter"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// VolumeSummary is a volume in the short listing.
type VolumeSummary struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Links []Link `json:"links"`
}

// VolumeListOptions sorts a listing of volumes and picks a page of it. A nil
// pointer and zero fields stand for the order of the service and the first page.
type VolumeListOptions struct {
	Sort   string `url:"sort,omitempty"`   // field and direction, such as "name:asc" or "created_at:desc"
	Limit  int    `url:"limit,omitempty"`  // of a page; the service has 1,000 by default
	Offset int    `url:"offset,omitempty"` // how many to skip
	Marker string `url:"marker,omitempty"` // id of the volume before the first one wanted
}

// volumePage is a page of a listing, of volumes or summaries.
type volumePage[T any] struct {
	Items []*T          `json:"volumes"`
	Links []linked.Link `json:"volumes_links"`
}

// List returns one page of volumes in full. Use [VolumesService.All] for all of
// them.
//
// API: GET /v2/{tenantId}/volumes/detail (blockstorage-v2-list-volumes-detail; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) List(ctx context.Context, options *VolumeListOptions) ([]*Volume, error) {
	return linked.Listed(s.page(ctx, options))
}

// ListSummaries returns one page of volumes with id and name alone.
//
// API: GET /v2/{tenantId}/volumes (blockstorage-v2-list-volumes; Storage-Block-Storage en/public-api.md)
func (s *VolumesService) ListSummaries(ctx context.Context, options *VolumeListOptions) ([]*VolumeSummary, error) {
	return linked.Listed(s.summaryPage(ctx, options))
}

// All returns an iterator over all volumes in full, or those behind the Offset or
// the Marker; it fetches page after page while the loop goes on. Limit is the size
// of a page, not of the listing.
func (s *VolumesService) All(ctx context.Context, options *VolumeListOptions) iter.Seq2[*Volume, error] {
	return allVolumes(ctx, options, func(v *Volume) string { return v.ID }, s.page)
}

// AllSummaries is [VolumesService.All] with id and name alone.
func (s *VolumesService) AllSummaries(ctx context.Context, options *VolumeListOptions) iter.Seq2[*VolumeSummary, error] {
	return allVolumes(ctx, options, func(v *VolumeSummary) string { return v.ID }, s.summaryPage)
}

func (s *VolumesService) page(ctx context.Context, options *VolumeListOptions) (*linked.Page[Volume], error) {
	return fetchVolumes[Volume](ctx, s.client, "blockstorage-v2-list-volumes-detail", "/v2/{tenantId}/volumes/detail", options)
}

func (s *VolumesService) summaryPage(ctx context.Context, options *VolumeListOptions) (*linked.Page[VolumeSummary], error) {
	return fetchVolumes[VolumeSummary](ctx, s.client, "blockstorage-v2-list-volumes", "/v2/{tenantId}/volumes", options)
}

func fetchVolumes[T any](ctx context.Context, client *nhncloud.Client, operation, path string, options *VolumeListOptions) (*linked.Page[T], error) {
	if options != nil {
		if err := linked.CheckPaging(operation, options.Limit, options.Offset); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[volumePage[T]](ctx, client, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceBlockStorage,
		Method:    http.MethodGet,
		Path:      path,
		Query:     options,
	})
	return (*linked.Page[T])(page), err
}

// allVolumes walks a listing. The Offset counts from the first page on alone: the
// service would skip as many again behind each marker.
func allVolumes[T any](ctx context.Context, options *VolumeListOptions, id func(*T) string, fetch func(context.Context, *VolumeListOptions) (*linked.Page[T], error)) iter.Seq2[*T, error] {
	var own VolumeListOptions
	if options != nil {
		own = *options
	}
	return linked.ByMarker(own.Marker, own.Limit, id, func(marker string, limit int) (*linked.Page[T], error) {
		page := own
		page.Limit = limit
		if marker != own.Marker {
			page.Marker, page.Offset = marker, 0
		}
		return fetch(ctx, &page)
	})
}

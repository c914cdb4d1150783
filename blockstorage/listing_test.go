package blockstorage_test

import (
	"context"
	"iter"
	"net/http"
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestVolumesList(t *testing.T) {
	t.Parallel()
	const detail, summary = "blockstorage-v2-list-volumes-detail", "blockstorage-v2-list-volumes"
	options := &blockstorage.VolumeListOptions{Sort: "name:asc", Limit: 2, Offset: 4, Marker: "m"}
	const query = "?limit=2&marker=m&offset=4&sort=name%3Aasc"
	apitest.Check(t, want(detail, http.MethodGet, "/volumes/detail"+query, ""), documented(detail), []*blockstorage.Volume{documentedVolume(t)},
		on(func(ctx context.Context, b *blockstorage.Client) ([]*blockstorage.Volume, error) {
			return b.Volumes.List(ctx, options)
		}))
	const id = "90712f4f-2faa-4e4f-8eb1-9313a8595570"
	apitest.Check(t, want(summary, http.MethodGet, "/volumes", ""), documented(summary), []*blockstorage.VolumeSummary{
		{ID: id, Links: links("6cdebe3eb0094910bc41f1d42ebe4cb7", "/volumes/"+id)},
	}, on(func(ctx context.Context, b *blockstorage.Client) ([]*blockstorage.VolumeSummary, error) {
		return b.Volumes.ListSummaries(ctx, nil)
	}))
	for operation, list := range map[string]func(context.Context, *blockstorage.Client, *blockstorage.VolumeListOptions) error{
		detail: func(ctx context.Context, b *blockstorage.Client, o *blockstorage.VolumeListOptions) error {
			_, err := b.Volumes.List(ctx, o)
			return err
		},
		summary: func(ctx context.Context, b *blockstorage.Client, o *blockstorage.VolumeListOptions) error {
			_, err := nhncloud.Collect(b.Volumes.AllSummaries(ctx, o))
			return err
		},
	} {
		refuses(t, operation, "Limit, Offset", func(ctx context.Context, b *blockstorage.Client) error {
			return list(ctx, b, &blockstorage.VolumeListOptions{Limit: -1, Offset: -1})
		})
	}
}

func TestSnapshotsList(t *testing.T) {
	t.Parallel()
	const detail, summary = "blockstorage-v2-list-snapshots-detail", "blockstorage-v2-list-snapshots"
	options := &blockstorage.SnapshotListOptions{Sort: "name:asc", Limit: 2, Offset: 4, Marker: "m"}
	const query = "?limit=2&marker=m&offset=4&sort=name%3Aasc"
	apitest.Check(t, want(detail, http.MethodGet, "/snapshots/detail"+query, ""), documented(detail), []*blockstorage.Snapshot{documentedSnapshot(t)},
		on(func(ctx context.Context, b *blockstorage.Client) ([]*blockstorage.Snapshot, error) {
			return b.Snapshots.List(ctx, options)
		}))
	apitest.Check(t, want(summary, http.MethodGet, "/snapshots", ""), documented(summary), []*blockstorage.Snapshot{documentedSummary(t)},
		on(func(ctx context.Context, b *blockstorage.Client) ([]*blockstorage.Snapshot, error) {
			return b.Snapshots.ListSummaries(ctx, nil)
		}))
	for operation, list := range map[string]func(context.Context, *blockstorage.Client, *blockstorage.SnapshotListOptions) error{
		detail: func(ctx context.Context, b *blockstorage.Client, o *blockstorage.SnapshotListOptions) error {
			_, err := nhncloud.Collect(b.Snapshots.All(ctx, o))
			return err
		},
		summary: func(ctx context.Context, b *blockstorage.Client, o *blockstorage.SnapshotListOptions) error {
			_, err := b.Snapshots.ListSummaries(ctx, o)
			return err
		},
	} {
		refuses(t, operation, "Limit, Offset", func(ctx context.Context, b *blockstorage.Client) error {
			return list(ctx, b, &blockstorage.SnapshotListOptions{Limit: -1, Offset: -1})
		})
	}
}

func volumePage(links string, ids ...string) string {
	return `{"volumes": ` + apitest.IDList(ids...) + links + `}`
}

const nextVolumes = `, "volumes_links": [{"rel": "next", "href": "https://retired.example.com/volumes?marker=x"}]`

func TestVolumesAll(t *testing.T) {
	t.Parallel()
	type pages = []apitest.Page
	for name, test := range map[string]struct {
		options *blockstorage.VolumeListOptions
		walk    apitest.Walk
	}{
		"until a page is empty": {nil, apitest.Walk{Pages: pages{{"", volumePage("", "a", "b")}, {"?marker=b", volumePage("")}}, IDs: []string{"a", "b"}}},
		"as far as is linked":   {nil, apitest.Walk{Pages: pages{{"", volumePage(nextVolumes, "a", "b")}, {"?marker=b", volumePage("", "c")}}, IDs: []string{"a", "b", "c"}}},
		"none":                  {nil, apitest.Walk{Pages: pages{{"", volumePage("")}}}},
		"null among them":       {nil, apitest.Walk{Pages: pages{{"", `{"volumes": [null, {"id": "a"}]}`}, {"?marker=a", volumePage("")}}, IDs: []string{"a"}}},
		"an offset counts once": {
			&blockstorage.VolumeListOptions{Sort: "size", Limit: 2, Offset: 3},
			apitest.Walk{Pages: pages{{"?limit=2&offset=3&sort=size", volumePage("", "a", "b")}, {"?limit=2&marker=b&sort=size", volumePage("")}}, IDs: []string{"a", "b"}},
		},
		"behind a marker": {
			&blockstorage.VolumeListOptions{Offset: 1, Marker: "m"},
			apitest.Walk{Pages: pages{{"?marker=m&offset=1", volumePage("", "a")}, {"?marker=a", volumePage("")}}, IDs: []string{"a"}},
		},
		"pages of one": {&blockstorage.VolumeListOptions{Limit: 1}, apitest.Walk{Pages: pages{{"?limit=2", volumePage("", "a")}, {"?limit=2&marker=a", volumePage("")}}, IDs: []string{"a"}}},
		"stopped":      {nil, apitest.Walk{Pages: pages{{"", volumePage("", "a", "b")}}, IDs: []string{"a"}, Stop: 1}},
		"down":         {nil, apitest.Walk{Pages: pages{{"", volumePage("", "a")}, {"?marker=a", apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable}},
		"in a circle":  {nil, apitest.Walk{Pages: pages{{"", volumePage("", "a")}, {"?marker=a", volumePage("", "b", "a")}}, IDs: []string{"a", "b", "a"}, Err: nhncloud.ErrBadAnswer}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.walk.Run(t, "blockstorage-v2-list-volumes-detail", baseURL+"/volumes/detail", func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return apitest.IDsOf(blockstorage.New(client).Volumes.All(ctx, test.options), func(v *blockstorage.Volume) string { return v.ID })
			})
			test.walk.Run(t, "blockstorage-v2-list-volumes", baseURL+"/volumes", func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return apitest.IDsOf(blockstorage.New(client).Volumes.AllSummaries(ctx, test.options), func(v *blockstorage.VolumeSummary) string { return v.ID })
			})
		})
	}
}

func snapshotPage(next string, ids ...string) string {
	links := ""
	if next != "" {
		links = `, "snapshots_links": [{"rel": "next", "href": "https://retired.example.com/snapshots` + next + `"}]`
	}
	return `{"snapshots": ` + apitest.IDList(ids...) + links + `}`
}

func TestSnapshotsAll(t *testing.T) {
	t.Parallel()
	type pages = []apitest.Page
	for name, test := range map[string]struct {
		options *blockstorage.SnapshotListOptions
		walk    apitest.Walk
	}{
		"one page": {nil, apitest.Walk{Pages: pages{{"?limit=1000", snapshotPage("", "a", "b")}}, IDs: []string{"a", "b"}}},
		"as far as is linked": {
			&blockstorage.SnapshotListOptions{Sort: "name:asc", Offset: 3, Marker: "m"},
			apitest.Walk{Pages: pages{
				{"?limit=1000&marker=m&offset=3&sort=name%3Aasc", snapshotPage("?limit=1000&marker=a", "a")}, {"?limit=1000&marker=a", snapshotPage("", "b")},
			}, IDs: []string{"a", "b"}},
		},
		"pages of one": {
			&blockstorage.SnapshotListOptions{Limit: 1},
			apitest.Walk{Pages: pages{{"?limit=1", snapshotPage("?limit=1&marker=a", "a")}, {"?limit=1&marker=a", snapshotPage("")}}, IDs: []string{"a"}},
		},
		"stopped": {nil, apitest.Walk{Pages: pages{{"?limit=1000", snapshotPage("?marker=b", "a", "b")}}, IDs: []string{"a"}, Stop: 1}},
		"down":    {nil, apitest.Walk{Pages: pages{{"?limit=1000", snapshotPage("?marker=a", "a")}, {"?marker=a", apitest.Down}}, IDs: []string{"a"}, Err: nhncloud.ErrUnavailable}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			id := func(s *blockstorage.Snapshot) string { return s.ID }
			test.walk.Run(t, "blockstorage-v2-list-snapshots-detail", baseURL+"/snapshots/detail", func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return apitest.IDsOf(blockstorage.New(client).Snapshots.All(ctx, test.options), id)
			})
			test.walk.Run(t, "blockstorage-v2-list-snapshots", baseURL+"/snapshots", func(ctx context.Context, client *nhncloud.Client) iter.Seq2[string, error] {
				return apitest.IDsOf(blockstorage.New(client).Snapshots.AllSummaries(ctx, test.options), id)
			})
		})
	}
}

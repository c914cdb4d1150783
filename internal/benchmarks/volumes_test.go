package benchmarks

import (
	"context"
	"math"
	"net/http"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/blockstorage/v2/volumes"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// volumeFacts is what a peer has to know of a volume after it decoded one.
type volumeFacts struct {
	ID, Name, Status, Type, Zone, UserID, Replication string
	Size                                              int
	Bootable, Encrypted                               bool
	Created                                           time.Time
	Server, Device, AttachmentID                      string
	Metadata                                          int
}

// listVolumes lists so many volumes, and returns how many came. With check, what
// was decoded is handed over.
type listVolumes func(ctx context.Context, n int, check func(volumeFacts)) (int, error)

var volumePeers = []struct {
	name string
	make func(testing.TB, *service.Cloud) listVolumes
}{
	{"sdk", sdkVolumes},
	{"raw", rawVolumes},
	{"gophercloud", gophercloudVolumes},
}

func sdkVolumes(tb testing.TB, c *service.Cloud) listVolumes {
	client, err := nhncloud.NewClient(nhncloud.Config{
		AuthURL: c.URL + "/v2.0", Region: nhncloud.KR1, TenantID: service.Tenant, Username: "user", Password: "password",
	})
	require.NoError(tb, err)
	tb.Cleanup(client.CloseIdleConnections)
	api := blockstorage.New(client).Volumes
	return func(ctx context.Context, n int, check func(volumeFacts)) (int, error) {
		page, err := api.List(ctx, &blockstorage.VolumeListOptions{Limit: n})
		if check != nil {
			for _, v := range page {
				f := volumeFacts{
					ID: v.ID, Name: v.Name, Status: string(v.Status), Type: v.VolumeType, Zone: v.AvailabilityZone, UserID: v.UserID,
					Replication: v.ReplicationStatus, Size: v.Size, Bootable: v.Bootable, Encrypted: v.Encrypted, Created: v.CreatedAt, Metadata: len(v.Metadata),
				}
				for _, a := range v.Attachments {
					f.Server, f.Device, f.AttachmentID = a.ServerID, a.Device, a.AttachmentID
				}
				check(f)
			}
		}
		return len(page), err
	}
}

type rawVolume struct {
	ID                        string            `json:"id"`
	Name                      string            `json:"name"`
	Description               string            `json:"description"`
	Status                    string            `json:"status"`
	Size                      int               `json:"size"`
	VolumeType                string            `json:"volume_type"`
	AvailabilityZone          string            `json:"availability_zone"`
	Bootable                  bool              `json:"bootable,string"`
	Encrypted                 bool              `json:"encrypted"`
	Multiattach               bool              `json:"multiattach"`
	Attachments               []rawAttachment   `json:"attachments"`
	Metadata                  map[string]string `json:"metadata"`
	SnapshotID                string            `json:"snapshot_id"`
	SourceVolumeID            string            `json:"source_volid"`
	ConsistencyGroupID        string            `json:"consistencygroup_id"`
	ReplicationStatus         string            `json:"replication_status"`
	ReplicationExtendedStatus string            `json:"os-volume-replication:extended_status"`
	ReplicationDriverData     string            `json:"os-volume-replication:driver_data"`
	TenantID                  string            `json:"os-vol-tenant-attr:tenant_id"`
	UserID                    string            `json:"user_id"`
	CreatedAt                 rawTime           `json:"created_at"`
	Links                     []rawLink         `json:"links"`
}

type rawAttachment struct {
	ID           string `json:"id"`
	AttachmentID string `json:"attachment_id"`
	VolumeID     string `json:"volume_id"`
	ServerID     string `json:"server_id"`
	Device       string `json:"device"`
}

func rawVolumes(tb testing.TB, c *service.Cloud) listVolumes {
	transport := http.DefaultTransport.(*http.Transport).Clone()
	tb.Cleanup(transport.CloseIdleConnections)
	client, token := &http.Client{Transport: transport}, c.Issue()
	call := send(func(ctx context.Context, method, url string, _ []byte, header http.Header) (*http.Response, error) {
		req, err := http.NewRequestWithContext(ctx, method, url, nil)
		if err != nil {
			return nil, err
		}
		req.Header = header
		return client.Do(req)
	})
	return func(ctx context.Context, n int, check func(volumeFacts)) (int, error) {
		var answer struct {
			Volumes []*rawVolume `json:"volumes"`
			Links   []rawLink    `json:"volumes_links"`
		}
		err := call.do(ctx, http.MethodGet, c.URL+"/v2/"+service.Tenant+"/volumes/detail?limit="+strconv.Itoa(n), token, nil, &answer)
		if check != nil {
			for _, v := range answer.Volumes {
				f := volumeFacts{
					ID: v.ID, Name: v.Name, Status: v.Status, Type: v.VolumeType, Zone: v.AvailabilityZone, UserID: v.UserID,
					Replication: v.ReplicationStatus, Size: v.Size, Bootable: v.Bootable, Encrypted: v.Encrypted, Created: v.CreatedAt.Time, Metadata: len(v.Metadata),
				}
				for _, a := range v.Attachments {
					f.Server, f.Device, f.AttachmentID = a.ServerID, a.Device, a.AttachmentID
				}
				check(f)
			}
		}
		return len(answer.Volumes), err
	}
}

func gophercloudVolumes(tb testing.TB, c *service.Cloud) listVolumes {
	provider, err := openstack.AuthenticatedClient(context.Background(), gophercloud.AuthOptions{
		IdentityEndpoint: c.URL + "/v2.0", TenantID: service.Tenant, Username: "user", Password: "password", AllowReauth: true,
	})
	require.NoError(tb, err)
	api, err := openstack.NewBlockStorageV2(provider, gophercloud.EndpointOpts{Region: "KR1"})
	require.NoError(tb, err)
	return func(ctx context.Context, n int, check func(volumeFacts)) (int, error) {
		pages, err := volumes.List(api, volumes.ListOpts{Limit: n}).AllPages(ctx)
		if err != nil {
			return 0, err
		}
		all, err := volumes.ExtractVolumes(pages)
		if check != nil {
			for _, v := range all {
				f := volumeFacts{
					ID: v.ID, Name: v.Name, Status: v.Status, Type: v.VolumeType, Zone: v.AvailabilityZone, UserID: v.UserID,
					Replication: v.ReplicationStatus, Size: v.Size, Bootable: v.Bootable == "true", Encrypted: v.Encrypted, Created: v.CreatedAt, Metadata: len(v.Metadata),
				}
				for _, a := range v.Attachments {
					f.Server, f.Device, f.AttachmentID = a.ServerID, a.Device, a.AttachmentID
				}
				check(f)
			}
		}
		return len(all), err
	}
}

// TestVolumePeersDecodeTheSame makes sure that nobody is fast by doing less.
func TestVolumePeersDecodeTheSame(t *testing.T) {
	var first []volumeFacts
	for _, p := range volumePeers {
		var all []volumeFacts
		n, err := p.make(t, service.NewCloud(t, service.CloudOptions{}))(t.Context(), 100, func(f volumeFacts) { all = append(all, f) })
		require.NoError(t, err, p.name)
		require.Equal(t, 100, n, p.name)
		if first == nil {
			first = all
			require.Equal(t, "in-use", all[0].Status)
			require.NotEmpty(t, all[0].Server)
			require.Equal(t, volumeFacts{
				ID: all[1].ID, Name: "data-1", Status: "available", Type: "General HDD", Zone: "kr-pub-a", UserID: "5e6524d826084188ae549815b3e33380",
				Replication: "disabled", Size: 20, Created: time.Date(2018, 12, 18, 7, 55, 11, 0, time.UTC),
			}, all[1])
		}
		assert.Equal(t, first, all, p.name)
	}
}

func BenchmarkListVolumes(b *testing.B) {
	for _, p := range volumePeers {
		b.Run(p.name, func(b *testing.B) {
			const n = 1000
			list := p.make(b, service.NewCloud(b, service.CloudOptions{}))
			size, err := service.VolumesSize(n)
			if err != nil {
				b.Fatal(err)
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				if got, err := list(context.Background(), n, nil); err != nil || got != n {
					b.Fatal(got, err)
				}
			}
		})
	}
}

// TestVolumesCostNoMoreThanServers holds the listing of 1,000 volumes to the
// memory that one of 1,000 servers takes for each byte of the answer.
func TestVolumesCostNoMoreThanServers(t *testing.T) {
	if underRace() {
		out, err := goCommand(t, "test", "-count=1", "-run=^TestVolumesCostNoMoreThanServers$", ".").CombinedOutput()
		require.NoError(t, err, "without the race detector: %s", out)
		return
	}
	const n = 1000
	servers := newSDK(t, service.NewCloud(t, service.CloudOptions{}))
	volumes := sdkVolumes(t, service.NewCloud(t, service.CloudOptions{}))
	serversSize, err := service.ServersSize(n)
	require.NoError(t, err)
	volumesSize, err := service.VolumesSize(n)
	require.NoError(t, err)
	ofServers := memory(t, n, func() (int, error) { return servers.list(t.Context(), n, nil) }) / float64(serversSize)
	ofVolumes := memory(t, n, func() (int, error) { return volumes(t.Context(), n, nil) }) / float64(volumesSize)
	t.Logf("%.2f bytes for a byte of servers, %.2f for a byte of volumes", ofServers, ofVolumes)
	assert.LessOrEqual(t, ofVolumes, ofServers)
}

// memory returns the bytes that a listing takes, the least of several.
func memory(t *testing.T, n int, list func() (int, error)) float64 {
	t.Helper()
	least := math.Inf(1)
	for range 10 {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := list()
		runtime.ReadMemStats(&after)
		require.NoError(t, err)
		require.Equal(t, n, got)
		least = min(least, float64(after.TotalAlloc-before.TotalAlloc))
	}
	return least
}

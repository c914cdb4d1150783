package interop

import (
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/imagedata"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/images"
	"github.com/gophercloud/gophercloud/v2/openstack/image/v2/members"
	"github.com/gophercloud/gophercloud/v2/openstack/networking/v2/networks"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// friendID is a second tenant.
const friendID = "8989447062e04a818baf9e073fd04fa7"

// image is a client of the image service.
func (c *cloud) image() *gophercloud.ServiceClient { return c.client(openstack.NewImageV2) }

// friend logs in to the second tenant.
func (c *cloud) friend() *cloud {
	c.t.Helper()
	provider, err := openstack.AuthenticatedClient(c.t.Context(), gophercloud.AuthOptions{
		IdentityEndpoint: c.AuthURL(), TenantID: friendID, Username: c.Username, Password: c.Password,
	})
	require.NoError(c.t, err)
	provider.HTTPClient = c.provider.HTTPClient
	return &cloud{Server: c.Server, t: c.t, provider: provider}
}

func TestOwnImages(t *testing.T) {
	c := newCloud(t, nhncloudtest.WithTenants(friendID))
	ctx, image := t.Context(), c.image()
	data := strings.Repeat("0123456789abcdef", 100<<10) // more than is kept in memory

	made, err := images.Create(ctx, image, images.CreateOpts{
		Name: "황금", ContainerFormat: "bare", DiskFormat: "raw", MinDisk: 20, Tags: []string{"new"},
		Properties: map[string]string{"os_type": "linux", "build": "7"},
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, images.ImageStatusQueued, made.Status)
	assert.Equal(t, "7", made.Properties["build"])
	require.NoError(t, imagedata.Upload(ctx, image, made.ID, strings.NewReader(data)).ExtractErr())
	assert.True(t, gophercloud.ResponseCodeIs(imagedata.Upload(ctx, image, made.ID, strings.NewReader("again")).ExtractErr(), http.StatusConflict))
	got, err := images.Get(ctx, image, made.ID).Extract()
	require.NoError(t, err)
	assert.Equal(t, images.ImageStatusActive, got.Status)
	assert.EqualValues(t, len(data), got.SizeBytes)
	assert.Len(t, got.Checksum, 32)

	assert.True(t, gophercloud.ResponseCodeIs(imagedata.Download(ctx, image, made.ID).Err, http.StatusForbidden))
	changed, err := images.Update(ctx, image, made.ID, images.UpdateOpts{
		images.ReplaceImageName{NewName: "금"}, images.ReplaceImageTags{NewTags: []string{"gold"}}, images.ReplaceImageMinDisk{NewMinDisk: 30},
		images.ReplaceImageMinRam{NewMinRam: 512}, images.ReplaceImageProtected{NewProtected: true},
		images.UpdateImageProperty{Op: images.AddOp, Name: "nhncloud_allow_download", Value: "true"},
		images.UpdateImageProperty{Op: images.ReplaceOp, Name: "build", Value: "8"},
	}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "금", changed.Name)
	assert.Equal(t, []string{"gold"}, changed.Tags)
	assert.Equal(t, 30, changed.MinDiskGigabytes)
	assert.Equal(t, 512, changed.MinRAMMegabytes)
	assert.Equal(t, "8", changed.Properties["build"])
	for status, patch := range map[int]images.Patch{
		http.StatusForbidden: images.ReplaceImageChecksum{Checksum: "x"},
		http.StatusConflict:  images.UpdateImageProperty{Op: images.RemoveOp, Name: "absent"},
	} {
		_, err := images.Update(ctx, image, made.ID, images.UpdateOpts{patch}).Extract()
		assert.True(t, gophercloud.ResponseCodeIs(err, status), "%v", err)
	}
	body, err := imagedata.Download(ctx, image, made.ID).Extract()
	require.NoError(t, err)
	read, err := io.ReadAll(body)
	require.NoError(t, err)
	require.NoError(t, body.Close())
	assert.True(t, data == string(read))

	assert.True(t, gophercloud.ResponseCodeIs(images.Delete(ctx, image, made.ID).ExtractErr(), http.StatusForbidden))
	_, err = images.Update(ctx, image, made.ID, images.UpdateOpts{images.ReplaceImageProtected{NewProtected: false}}).Extract()
	require.NoError(t, err)
	c.shareImage(made.ID)
	require.NoError(t, images.Delete(ctx, image, made.ID).ExtractErr())
	_, err = images.Get(ctx, image, made.ID).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound))
}

// shareImage shares an image with the second tenant, which accepts it and boots
// from it.
func (c *cloud) shareImage(id string) {
	t, ctx, image := c.t, c.t.Context(), c.image()
	_, err := members.Create(ctx, image, id, friendID).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusForbidden), "it is private")
	_, err = images.Update(ctx, image, id, images.UpdateOpts{images.UpdateVisibility{Visibility: images.ImageVisibilityShared}}).Extract()
	require.NoError(t, err)
	member, err := members.Create(ctx, image, id, friendID).Extract()
	require.NoError(t, err)
	assert.Equal(t, "pending", member.Status)
	_, err = members.Create(ctx, image, id, friendID).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusConflict))

	friend := c.friend()
	theirs := friend.image()
	listed := func(opts images.ListOpts) int {
		pages, err := images.List(theirs, opts).AllPages(ctx)
		require.NoError(t, err)
		all, err := images.ExtractImages(pages)
		require.NoError(t, err)
		return len(all)
	}
	shared := images.ListOpts{Visibility: images.ImageVisibilityShared}
	assert.Equal(t, 0, listed(shared))
	assert.Equal(t, 1, listed(images.ListOpts{Visibility: images.ImageVisibilityShared, MemberStatus: images.ImageMemberStatusAll}))
	member, err = members.Update(ctx, theirs, id, friendID, members.UpdateOpts{Status: "accepted"}).Extract()
	require.NoError(t, err)
	assert.Equal(t, "accepted", member.Status)
	assert.Equal(t, 1, listed(shared))
	pages, err := members.List(image, id).AllPages(ctx)
	require.NoError(t, err)
	all, err := members.ExtractMembers(pages)
	require.NoError(t, err)
	require.Len(t, all, 1)
	member, err = members.Get(ctx, image, id, friendID).Extract()
	require.NoError(t, err)
	assert.Equal(t, all[0], *member)

	vpcs, err := networks.List(friend.network(), networks.ListOpts{}).AllPages(ctx)
	require.NoError(t, err)
	found, err := networks.ExtractNetworks(vpcs)
	require.NoError(t, err)
	own := slices.IndexFunc(found, func(n networks.Network) bool { return n.TenantID == friendID })
	require.GreaterOrEqual(t, own, 0)
	made, err := servers.Create(ctx, friend.compute(), servers.CreateOpts{
		Name: "theirs", FlavorRef: c.FlavorID("u2.c2m4"), ImageRef: id, Networks: []servers.Network{{UUID: found[own].ID}},
	}, nil).Extract()
	require.NoError(t, err)
	require.NoError(t, servers.Delete(ctx, friend.compute(), made.ID).ExtractErr())
	require.NoError(t, members.Delete(ctx, image, id, friendID).ExtractErr())
	_, err = images.Get(ctx, theirs, id).Extract()
	assert.True(t, gophercloud.ResponseCodeIs(err, http.StatusNotFound))
}

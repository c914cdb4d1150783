package objectstorage_test

import (
	"bytes"
	"io"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestContainerLife(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	storage, ctx := objectstorage.New(client), t.Context()
	before, err := storage.Account.Get(ctx)
	require.NoError(t, err)

	created, err := storage.Containers.Create(ctx, "사진", &objectstorage.CreateContainerOptions{
		StorageClass: objectstorage.Economy,
		Settings:     objectstorage.ContainerSettings{Metadata: map[string]string{"Color": "푸른"}},
	})
	require.NoError(t, err)
	assert.True(t, created)
	created, err = storage.Containers.Create(ctx, "사진", nil)
	require.NoError(t, err)
	assert.False(t, created)
	_, err = storage.Containers.Create(ctx, "사진", &objectstorage.CreateContainerOptions{StorageClass: objectstorage.Standard})
	assert.ErrorIs(t, err, nhncloud.ErrConflict)
	_, err = storage.Containers.Create(ctx, "a b", nil)
	assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)

	_, err = storage.Objects.Put(ctx, "사진", "바다.jpg", strings.NewReader("12345"), nil)
	require.NoError(t, err)
	account, err := storage.Account.Get(ctx)
	require.NoError(t, err)
	assert.Equal(t, before.ContainerCount+1, account.ContainerCount)
	assert.Equal(t, before.ObjectCount+1, account.ObjectCount)
	assert.Equal(t, before.BytesUsed+5, account.BytesUsed)

	container, err := storage.Containers.Get(ctx, "사진")
	require.NoError(t, err)
	assert.Equal(t, "사진", container.Name)
	assert.Equal(t, objectstorage.Economy, container.StorageClass)
	assert.Equal(t, int64(1), container.ObjectCount)
	assert.Equal(t, int64(5), container.BytesUsed)
	assert.Equal(t, map[string]string{"color": "푸른"}, container.Metadata)
	assert.False(t, container.CreatedAt.IsZero())

	for _, name := range []string{"a", "b", "c"} {
		_, err := storage.Containers.Create(ctx, name, nil)
		require.NoError(t, err)
	}
	var names []string
	for entry, err := range storage.Containers.All(ctx, &objectstorage.ContainerListOptions{Limit: 1}) {
		require.NoError(t, err)
		names = append(names, entry.Name)
	}
	assert.Equal(t, []string{"a", "b", "c", "사진"}, names)
	entries, err := storage.Containers.List(ctx, &objectstorage.ContainerListOptions{Marker: "a", EndMarker: "c"})
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, "b", entries[0].Name)
	assert.False(t, entries[0].LastModified.IsZero())
	entries, err = storage.Containers.List(ctx, &objectstorage.ContainerListOptions{Prefix: "사"})
	require.NoError(t, err)
	require.Len(t, entries, 1)
	assert.Equal(t, int64(1), entries[0].Count)
	assert.Equal(t, int64(5), entries[0].Bytes)
	entries, err = storage.Containers.List(ctx, &objectstorage.ContainerListOptions{Prefix: "none"})
	require.NoError(t, err)
	assert.Empty(t, entries)

	assert.ErrorIs(t, storage.Containers.Delete(ctx, "사진"), nhncloud.ErrConflict)
	require.NoError(t, storage.Objects.Delete(ctx, "사진", "바다.jpg"))
	require.NoError(t, storage.Containers.Delete(ctx, "사진"))
	assert.ErrorIs(t, storage.Containers.Delete(ctx, "사진"), objectstorage.ErrContainerNotFound)
	_, err = storage.Containers.Get(ctx, "사진")
	assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	_, err = storage.Containers.GetPolicy(ctx, "사진")
	assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
	assert.ErrorIs(t, storage.Containers.SetRFCETags(ctx, "사진", true), objectstorage.ErrContainerNotFound)
}

// What is set is what comes back, and can be set again.
func TestContainerSettingsInTheCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	containers, ctx := objectstorage.New(client).Containers, t.Context()
	for _, name := range []string{"photos", "보관"} {
		_, err := containers.Create(ctx, name, nil)
		require.NoError(t, err)
	}
	fresh, err := containers.Get(ctx, "photos")
	require.NoError(t, err)
	assert.Equal(t, objectstorage.Standard, fresh.StorageClass)

	want := *fresh
	want.ACL = objectstorage.ACL{
		Read:  []objectstorage.ACLElement{objectstorage.ACLAnyone, objectstorage.ACLNotReferrer("bar.foo.com"), objectstorage.ACLListings},
		Write: []objectstorage.ACLElement{objectstorage.ACLUser("tenant", "user")},
		View:  []objectstorage.ACLElement{objectstorage.ACLAllUsers},
	}
	want.IPACL = objectstorage.IPACL{
		Denied: []objectstorage.IPRule{
			{Access: objectstorage.IPRead, Network: netip.MustParsePrefix("192.0.2.1/32")},
			{Access: objectstorage.IPAll, Network: netip.MustParsePrefix("198.51.100.0/24")},
		},
	}
	want.ServiceGateway = objectstorage.ServiceGatewayRead
	want.Lifecycle = objectstorage.Lifecycle{Days: 3, TransferTo: "보관"}
	want.Versioning = objectstorage.Versioning{Archive: "보관", RetentionDays: 7}
	want.Website = objectstorage.StaticWebsite{Index: "index.html", Error: "error.html"}
	want.CORS = objectstorage.CORS{Origins: []string{"https://example.com", "https://example.org"}}
	want.RFCETags = true
	want.UploadPolicy = objectstorage.UploadPolicy{DenyExtensions: []string{"exe"}, DenyKeywords: []string{"a,b", "비밀"}}
	want.TempURLKey = "398dded8-b1be"
	want.Metadata = map[string]string{"color": "푸른"}
	for range 2 {
		require.NoError(t, containers.Update(ctx, "photos", objectstorage.ContainerSettings{
			ACL: &want.ACL, IPACL: &want.IPACL, ServiceGateway: &want.ServiceGateway, Lifecycle: &want.Lifecycle, Versioning: &want.Versioning,
			Website: &want.Website, CORS: &want.CORS, RFCETags: &want.RFCETags, UploadPolicy: &want.UploadPolicy, TempURLKey: &want.TempURLKey,
			Metadata: want.Metadata,
		}))
		got, err := containers.Get(ctx, "photos")
		require.NoError(t, err)
		assert.Equal(t, &want, got)
		want = *got
	}

	require.NoError(t, containers.SetUploadPolicy(ctx, "photos", objectstorage.UploadPolicy{AllowExtensions: []string{"jpg"}}), "instead of what was denied")
	require.NoError(t, containers.SetLifecycle(ctx, "photos", objectstorage.Lifecycle{}))
	require.NoError(t, containers.Unset(ctx, "photos", objectstorage.SettingServiceGateway, objectstorage.SettingTempURLKey))
	require.NoError(t, containers.Update(ctx, "photos", objectstorage.ContainerSettings{Metadata: map[string]string{"Color": ""}}))
	want.UploadPolicy = objectstorage.UploadPolicy{AllowExtensions: []string{"jpg"}}
	want.Lifecycle, want.ServiceGateway, want.TempURLKey, want.Metadata = objectstorage.Lifecycle{}, "", "", nil
	got, err := containers.Get(ctx, "photos")
	require.NoError(t, err)
	assert.Equal(t, &want, got)

	assert.ErrorIs(t, containers.SetObjectLock(ctx, "photos", 1), nhncloud.ErrInvalidArgument, "it has no object lock")
	_, err = containers.Create(ctx, "ledger", &objectstorage.CreateContainerOptions{Settings: objectstorage.ContainerSettings{ObjectLockDays: 365}})
	require.NoError(t, err)
	require.NoError(t, containers.SetObjectLock(ctx, "ledger", 30))
	ledger, err := containers.Get(ctx, "ledger")
	require.NoError(t, err)
	assert.Equal(t, 30, ledger.ObjectLockDays)
}

func TestPolicyInTheCloud(t *testing.T) {
	t.Parallel()
	_, client := apitest.NewCloud(t)
	containers, ctx := objectstorage.New(client).Containers, t.Context()
	_, err := containers.Create(ctx, "logs", nil)
	require.NoError(t, err)
	policy, err := containers.GetPolicy(ctx, "logs")
	require.NoError(t, err)
	assert.Equal(t, &objectstorage.ContainerPolicy{}, policy)

	want := objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{
		DefaultRule: &objectstorage.DefaultLifecycleRule{Days: 10, Action: objectstorage.LifecycleAction{Type: objectstorage.LifecycleDelete}},
		Rules: []objectstorage.LifecycleRule{{
			Name:      "rule1",
			Condition: objectstorage.LifecycleCondition{Prefix: "logs/"},
			Days:      5,
			Action:    objectstorage.LifecycleAction{Type: objectstorage.LifecycleTransfer, Destination: "archive-container"},
		}},
	}}
	for range 2 {
		require.NoError(t, containers.SetPolicy(ctx, "logs", want))
		policy, err = containers.GetPolicy(ctx, "logs")
		require.NoError(t, err)
		assert.Equal(t, &want, policy)
		want = *policy
	}
	require.NoError(t, containers.SetPolicy(ctx, "logs", objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{}}))
	policy, err = containers.GetPolicy(ctx, "logs")
	require.NoError(t, err)
	assert.Equal(t, &objectstorage.ContainerPolicy{}, policy)
}

func TestCredentialLife(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t)
	credentials, ctx := objectstorage.New(client).Credentials, t.Context()
	token, err := client.Token(ctx)
	require.NoError(t, err)

	made, err := credentials.Create(ctx, token.UserID, cloud.ObjectStorageTenantID)
	require.NoError(t, err)
	assert.NotEmpty(t, made.Secret)
	assert.Equal(t, cloud.ObjectStorageTenantID, made.TenantID)
	assert.Equal(t, token.UserID, made.UserID)
	for range 2 {
		_, err = credentials.Create(ctx, token.UserID, cloud.ObjectStorageTenantID)
		require.NoError(t, err)
	}
	_, err = credentials.Create(ctx, token.UserID, cloud.ObjectStorageTenantID)
	assert.ErrorIs(t, err, nhncloud.ErrForbidden, "three are all there are")

	listed, err := credentials.List(ctx, token.UserID)
	require.NoError(t, err)
	require.Len(t, listed, 3)
	assert.Equal(t, made, listed[0])
	_, err = credentials.List(ctx, "somebody")
	assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	for _, credential := range listed {
		require.NoError(t, credentials.Delete(ctx, token.UserID, credential.Access))
	}
	assert.ErrorIs(t, credentials.Delete(ctx, token.UserID, made.Access), nhncloud.ErrNotFound)
	listed, err = credentials.List(ctx, token.UserID)
	require.NoError(t, err)
	assert.Empty(t, listed)
}

// visit sends a request as anyone could, without the SDK.
func visit(t *testing.T, client *http.Client, method, url, body string) (int, string, http.Header) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	require.NoError(t, err)
	response, err := client.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text), response.Header
}

func TestTempURLsInTheCloud(t *testing.T) {
	t.Parallel()
	cloud, client := apitest.NewCloud(t, nhncloudtest.WithManualClock(time.Time{}))
	anyone := &http.Client{Transport: http.DefaultTransport.(*http.Transport).Clone()}
	t.Cleanup(anyone.CloseIdleConnections)
	storage, ctx := objectstorage.New(client), t.Context()
	const key nhncloud.Secret = "398dded8-b1be"
	_, err := storage.Containers.Create(ctx, "사진", &objectstorage.CreateContainerOptions{Settings: objectstorage.ContainerSettings{TempURLKey: new(key)}})
	require.NoError(t, err)
	const name = "dir/한 글?+#%2F.txt"
	_, err = storage.Objects.Put(ctx, "사진", name, bytes.NewReader([]byte("hello")), nil)
	require.NoError(t, err)
	sign := func(key nhncloud.Secret, change func(*objectstorage.TempURLOptions)) string {
		options := objectstorage.TempURLOptions{Container: "사진", Name: name, Expires: cloud.Now().Add(time.Minute)}
		if change != nil {
			change(&options)
		}
		signed, err := objectstorage.SignTempURL(cloud.ObjectStorageURL(), key, options)
		require.NoError(t, err)
		return signed
	}
	for how, change := range map[string]func(*objectstorage.TempURLOptions){
		"plain":        nil,
		"SHA-1":        func(o *objectstorage.TempURLOptions) { o.Hash = objectstorage.TempURLSHA1 },
		"SHA-512":      func(o *objectstorage.TempURLOptions) { o.Hash = objectstorage.TempURLSHA512 },
		"prefix":       func(o *objectstorage.TempURLOptions) { o.Prefix = new("dir/한") },
		"empty prefix": func(o *objectstorage.TempURLOptions) { o.Prefix = new("") },
		"address":      func(o *objectstorage.TempURLOptions) { o.IPRange = netip.MustParsePrefix("127.0.0.1/32") },
		"addresses":    func(o *objectstorage.TempURLOptions) { o.IPRange = netip.MustParsePrefix("127.9.9.9/8") },
	} {
		status, text, _ := visit(t, anyone, http.MethodGet, sign(key, change), "")
		assert.Equal(t, http.StatusOK, status, how)
		assert.Equal(t, "hello", text, how)
		status, _, _ = visit(t, anyone, http.MethodHead, sign(key, change), "")
		assert.Equal(t, http.StatusOK, status, how)
		status, _, _ = visit(t, anyone, http.MethodGet, sign("another key", change), "")
		assert.Equal(t, http.StatusUnauthorized, status, how)
		status, _, _ = visit(t, anyone, http.MethodDelete, sign(key, change), "")
		assert.Equal(t, http.StatusUnauthorized, status, how)
	}
	status, _, _ := visit(t, anyone, http.MethodGet, sign(key, func(o *objectstorage.TempURLOptions) { o.IPRange = netip.MustParsePrefix("192.0.2.0/24") }), "")
	assert.Equal(t, http.StatusUnauthorized, status)
	_, _, header := visit(t, anyone, http.MethodGet, sign(key, func(o *objectstorage.TempURLOptions) { o.Filename, o.Inline = "a & b.txt", true }), "")
	assert.Equal(t, `inline; filename="a %26 b.txt"; filename*=UTF-8''a%20%26%20b.txt`, header.Get("Content-Disposition"))

	status, _, _ = visit(t, anyone, http.MethodPut, sign(key, func(o *objectstorage.TempURLOptions) { o.Method, o.Name = http.MethodPut, "new" }), "new")
	assert.Equal(t, http.StatusCreated, status)
	object, err := storage.Objects.Head(ctx, "사진", "new")
	require.NoError(t, err)
	assert.Equal(t, int64(3), object.Size)

	signed := sign(key, nil)
	cloud.Advance(time.Minute + time.Second)
	status, _, _ = visit(t, anyone, http.MethodGet, signed, "")
	assert.Equal(t, http.StatusUnauthorized, status, "its time is over")
	signed = sign(key, nil)
	require.NoError(t, storage.Containers.SetTempURLKey(ctx, "사진", "another key"))
	status, _, _ = visit(t, anyone, http.MethodGet, signed, "")
	assert.Equal(t, http.StatusUnauthorized, status, "the key has changed")
}

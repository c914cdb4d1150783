package objectstorage_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

var (
	wantContainers = apitest.Want{Operation: "objectstorage-list-containers", Method: http.MethodGet, URL: storageURL + "?format=json"}
	wantContainer  = apitest.Want{Operation: "objectstorage-list-objects", Method: http.MethodGet, URL: containerURL + "?format=json&limit=1"}
	wantCreate     = apitest.Want{Operation: "objectstorage-put-container", Method: http.MethodPut, URL: containerURL}
)

func TestContainersList(t *testing.T) {
	t.Parallel()
	checkList(t, wantContainers, apitest.Reply{Body: `[
		{"name": "photos", "count": 12, "bytes": 9876543210, "last_modified": "2026-03-01T12:00:00.123450"},
		{"name": "사진", "count": 0, "bytes": 0, "last_modified": "2026-03-02T12:00:00.000000"}
	]`}, []*objectstorage.ContainerEntry{
		{Name: "photos", Count: 12, Bytes: 9876543210, LastModified: time.Date(2026, 3, 1, 12, 0, 0, 123450000, time.UTC)},
		{Name: "사진", LastModified: time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)},
	}, func(ctx context.Context, client *nhncloud.Client) ([]*objectstorage.ContainerEntry, error) {
		return objectstorage.New(client).Containers.List(ctx, nil)
	})
	for name, reply := range map[string]apitest.Reply{
		"none":       {Body: `[]`},
		"no content": {Status: http.StatusNoContent},
		"nulls":      {Body: `[null]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantContainers, reply)
			containers, err := objectstorage.New(m.Client).Containers.List(t.Context(), nil)
			require.NoError(t, err)
			assert.Equal(t, []*objectstorage.ContainerEntry{}, containers)
		})
	}
}

func TestContainerListOptions(t *testing.T) {
	t.Parallel()
	for query, options := range map[string]*objectstorage.ContainerListOptions{
		"?format=json":                       {},
		"?format=json&limit=5&marker=a%26":   {Limit: 5, Marker: "a&"},
		"?end_marker=z&format=json&prefix=p": {Prefix: "p", EndMarker: "z"},
	} {
		t.Run("query "+query, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := wantContainers
			want.URL = storageURL + query
			m.Expect(want, apitest.Reply{Body: `[{"name": "a"}]`})
			containers, err := objectstorage.New(m.Client).Containers.List(t.Context(), options)
			require.NoError(t, err)
			assert.Equal(t, []*objectstorage.ContainerEntry{{Name: "a"}}, containers)
		})
	}
	negative := &objectstorage.ContainerListOptions{Limit: -1}
	for name, list := range map[string]func(ctx context.Context, client *nhncloud.Client) error{
		"List": func(ctx context.Context, client *nhncloud.Client) error {
			_, err := objectstorage.New(client).Containers.List(ctx, negative)
			return err
		},
		"All": func(ctx context.Context, client *nhncloud.Client) error {
			_, err := nhncloud.Collect(objectstorage.New(client).Containers.All(ctx, negative))
			return err
		},
	} {
		t.Run("refused "+name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, wantContainers.Operation, "Limit", list)
		})
	}
}

func TestContainersAll(t *testing.T) {
	t.Parallel()
	const down = "down"
	type page struct{ query, body string }
	names := func(names ...string) string {
		items := make([]string, len(names))
		for i, name := range names {
			items[i] = `{"name": "` + name + `"}`
		}
		return "[" + strings.Join(items, ", ") + "]"
	}
	const first, b, c = "?format=json&limit=2", "?format=json&limit=2&marker=b", "?format=json&limit=2&marker=c"
	for name, w := range map[string]struct {
		pages   []page
		options objectstorage.ContainerListOptions
		names   []string
		err     error
		stop    int
	}{
		"none":              {pages: []page{{first, names()}}},
		"pages":             {pages: []page{{first, names("a", "b")}, {b, names("c")}, {c, names()}}, names: []string{"a", "b", "c"}},
		"endless":           {pages: []page{{first, names("a", "b")}, {b, names("a", "b")}}, names: []string{"a", "b", "a", "b"}, err: nhncloud.ErrBadAnswer},
		"stopped at an end": {pages: []page{{first, names("a", "b")}}, names: []string{"a", "b"}, stop: 2},
		"first page fails":  {pages: []page{{first, down}}, err: nhncloud.ErrUnavailable},
		"second page fails": {pages: []page{{first, names("a", "b")}, {b, down}}, names: []string{"a", "b"}, err: nhncloud.ErrUnavailable},
		"from a marker": {
			options: objectstorage.ContainerListOptions{Marker: "b"}, pages: []page{{b, names("c")}, {c, names()}}, names: []string{"c"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			for _, page := range w.pages {
				want, reply := wantContainers, apitest.Reply{Body: page.body}
				want.URL = storageURL + page.query
				if page.body == down {
					reply = apitest.Reply{Status: http.StatusServiceUnavailable}
				}
				m.Expect(want, reply)
			}
			options := w.options
			options.Limit = 2
			given := options
			var names []string
			var err error
			for container, e := range objectstorage.New(m.Client).Containers.All(t.Context(), &given) {
				if e != nil {
					assert.Nil(t, container)
					assert.NoError(t, err, "the loop goes on after an error")
					err = e
					continue
				}
				if names = append(names, container.Name); len(names) == w.stop {
					break
				}
			}
			assert.Equal(t, w.names, names)
			assert.ErrorIs(t, err, w.err)
			assert.Equal(t, options, given, "the options are the caller's")
		})
	}
	t.Run("no options", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantContainers, apitest.Reply{Body: `[]`})
		containers, err := nhncloud.Collect(objectstorage.New(m.Client).Containers.All(t.Context(), nil))
		assert.NoError(t, err)
		assert.Empty(t, containers)
	})
}

func TestContainersCreate(t *testing.T) {
	t.Parallel()
	create := func(ctx context.Context, client *nhncloud.Client, name string) (bool, error) {
		return objectstorage.New(client).Containers.Create(ctx, name, nil)
	}
	apitest.Check(t, wantCreate, apitest.Reply{Status: http.StatusCreated}, true, func(ctx context.Context, client *nhncloud.Client) (bool, error) {
		return create(ctx, client, "photos")
	})
	apitest.RefusedSegments(t, wantCreate.Operation, "Container", func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := create(ctx, client, name)
		return err
	})
	t.Run("exists", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreate, apitest.Reply{Status: http.StatusAccepted, Body: "<html><h1>Accepted</h1></html>"})
		created, err := create(t.Context(), m.Client, "photos")
		assert.NoError(t, err)
		assert.False(t, created)
	})
	t.Run("exists with another class", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreate, apitest.Reply{Status: http.StatusConflict, Body: "<html><h1>Conflict</h1></html>"})
		_, err := create(t.Context(), m.Client, "photos")
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
	})
	t.Run("repeated", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
		m.Expect(wantCreate, apitest.Reply{Status: http.StatusServiceUnavailable})
		m.Expect(wantCreate, apitest.Reply{Status: http.StatusAccepted})
		created, err := create(t.Context(), m.Client, "photos")
		assert.NoError(t, err)
		assert.False(t, created)
	})
	for name, test := range map[string]struct {
		options objectstorage.CreateContainerOptions
		sent    map[string]string
	}{
		"no options": {objectstorage.CreateContainerOptions{}, map[string]string{}},
		"economy":    {objectstorage.CreateContainerOptions{StorageClass: objectstorage.Economy}, map[string]string{"X-Storage-Policy": "Economy"}},
		"object lock": {
			objectstorage.CreateContainerOptions{StorageClass: objectstorage.Standard, Settings: objectstorage.ContainerSettings{ObjectLockDays: 365}},
			map[string]string{"X-Storage-Policy": "Standard", "X-Container-Worm-Retention-Day": "365"},
		},
		"settings": {
			objectstorage.CreateContainerOptions{Settings: objectstorage.ContainerSettings{
				ACL:      &objectstorage.ACL{Read: []objectstorage.ACLElement{objectstorage.ACLAnyone}},
				Metadata: map[string]string{"Color": "푸른"},
			}},
			map[string]string{"X-Container-Read": ".r:*", "X-Container-Write": "", "X-Container-View": "", "X-Container-Meta-Color": "푸른"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, sent := recorded(t)
			m.Expect(wantCreate, apitest.Reply{Status: http.StatusCreated})
			created, err := objectstorage.New(m.Client).Containers.Create(t.Context(), "photos", &test.options)
			require.NoError(t, err)
			assert.True(t, created)
			assert.Equal(t, test.sent, *sent)
		})
	}
	t.Run("refused settings", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, wantCreate.Operation, "ObjectLockDays", func(ctx context.Context, client *nhncloud.Client) error {
			_, err := objectstorage.New(client).Containers.Create(ctx, "photos", &objectstorage.CreateContainerOptions{
				Settings: objectstorage.ContainerSettings{ObjectLockDays: -1},
			})
			return err
		})
	})
}

func prefixes(texts ...string) []netip.Prefix {
	list := make([]netip.Prefix, len(texts))
	for i, text := range texts {
		list[i] = netip.MustParsePrefix(text)
	}
	return list
}

func TestContainersGet(t *testing.T) {
	t.Parallel()
	get := func(ctx context.Context, client *nhncloud.Client) (*objectstorage.Container, error) {
		return objectstorage.New(client).Containers.Get(ctx, "photos")
	}
	networks := prefixes("192.168.0.1/32", "192.168.0.2/32", "172.16.0.0/24")
	rules := []objectstorage.IPRule{
		{Access: objectstorage.IPRead, Network: networks[0]},
		{Access: objectstorage.IPWrite, Network: networks[1]},
		{Access: objectstorage.IPAll, Network: networks[2]},
	}
	checkList(t, wantContainer, apitest.Reply{
		Header: http.Header{
			"X-Container-Object-Count":                     {"12"},
			"X-Container-Bytes-Used":                       {"9876543210"},
			"X-Timestamp":                                  {"1772366400.12345"},
			"X-Storage-Policy":                             {"economy"},
			"X-Container-Read":                             {".r:*, .r:-bar.foo.com,.rlistings"},
			"X-Container-Write":                            {"t:u,t:*"},
			"X-Container-View":                             {"*:*"},
			"X-Container-Ip-Acl-Allowed-List":              {"r192.168.0.1,w192.168.0.2,a172.16.0.0/24"},
			"X-Container-Ip-Acl-Denied-List":               {"r192.168.0.1, w192.168.0.2, a172.16.0.0/24"},
			"X-Container-Ip-Acl-Service-Gateway-Control":   {"rw"},
			"X-Container-Object-Lifecycle":                 {"3"},
			"X-Container-Object-Transfer-To":               {"옛것"},
			"X-History-Location":                           {"%EB%B3%B4%EA%B4%80"},
			"X-Versions-Retention":                         {"7"},
			"X-Container-Meta-Web-Index":                   {"index.html"},
			"X-Container-Meta-Web-Error":                   {"error.html"},
			"X-Container-Meta-Access-Control-Allow-Origin": {"https://example.com https://example.org"},
			"X-Container-Rfc-Compliant-Etags":              {"True"},
			"X-Container-Worm-Retention-Day":               {"365"},
			"X-Container-Object-Allow-Extension-Policy":    {"exe, jpg"},
			"X-Container-Object-Allow-Keyword-Policy":      {"a%2Cb"},
			"X-Container-Object-Deny-Extension-Policy":     {"txt"},
			"X-Container-Object-Deny-Keyword-Policy":       {"%EC%98%88,example"},
			"X-Container-Meta-Temp-Url-Key":                {"398dded8-b1be"},
			"X-Container-Meta-Temp-Url-Key-2":              {"older"},
			"X-Container-Meta-Color":                       {"푸른"},
		},
		Body: `[{"name": "a.jpg", "bytes": 1, "hash": "d41d8cd98f00b204e9800998ecf8427e", "content_type": "image/jpeg", "last_modified": "2026-03-01T12:00:00.000000"}]`,
	}, &objectstorage.Container{
		Name:         "photos",
		ObjectCount:  12,
		BytesUsed:    9876543210,
		StorageClass: objectstorage.Economy,
		CreatedAt:    time.Date(2026, 3, 1, 12, 0, 0, 123450000, time.UTC),
		ACL: objectstorage.ACL{
			Read:  []objectstorage.ACLElement{objectstorage.ACLAnyone, objectstorage.ACLNotReferrer("bar.foo.com"), objectstorage.ACLListings},
			Write: []objectstorage.ACLElement{objectstorage.ACLUser("t", "u"), objectstorage.ACLUser("t", "*")},
			View:  []objectstorage.ACLElement{objectstorage.ACLAllUsers},
		},
		IPACL:          objectstorage.IPACL{Allowed: rules, Denied: rules},
		ServiceGateway: objectstorage.ServiceGatewayReadWrite,
		Lifecycle:      objectstorage.Lifecycle{Days: 3, TransferTo: "옛것"},
		Versioning:     objectstorage.Versioning{Archive: "보관", RetentionDays: 7},
		Website:        objectstorage.StaticWebsite{Index: "index.html", Error: "error.html"},
		CORS:           objectstorage.CORS{Origins: []string{"https://example.com", "https://example.org"}},
		RFCETags:       true,
		ObjectLockDays: 365,
		UploadPolicy: objectstorage.UploadPolicy{
			AllowExtensions: []string{"exe", "jpg"},
			AllowKeywords:   []string{"a,b"},
			DenyExtensions:  []string{"txt"},
			DenyKeywords:    []string{"예", "example"},
		},
		TempURLKey: "398dded8-b1be",
		Metadata:   map[string]string{"color": "푸른"},
	}, get)
	checkContainerName(t, wantContainer, apitest.Reply{Header: http.Header{"X-Container-Object-Count": {"0"}}, Body: `[]`}, func(ctx context.Context, client *nhncloud.Client, name string) error {
		container, err := objectstorage.New(client).Containers.Get(ctx, name)
		if err == nil {
			assert.Equal(t, name, container.Name)
		}
		return err
	})
	for name, reply := range map[string]apitest.Reply{
		"no settings": {Header: http.Header{"X-Storage-Policy": {"STANDARD"}}, Body: `[]`},
		"no content":  {Header: http.Header{"X-Storage-Policy": {"Standard"}}, Status: http.StatusNoContent},
		"empty settings": {Header: http.Header{
			"X-Storage-Policy": {"Standard"}, "X-Container-Read": {""}, "X-Container-Ip-Acl-Allowed-List": {" , "}, "X-Container-Meta-Access-Control-Allow-Origin": {""}, "X-Container-Object-Lifecycle": {"soon"},
		}, Body: `[]`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			reply.Header.Set("X-Container-Object-Count", "0")
			m.Expect(wantContainer, reply)
			container, err := get(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, &objectstorage.Container{Name: "photos", StorageClass: objectstorage.Standard}, container)
		})
	}
	t.Run("no container in the answer", func(t *testing.T) {
		t.Parallel()
		for _, reply := range []apitest.Reply{{Status: http.StatusNoContent}, {Body: `[]`}} {
			m := apitest.New(t)
			m.Expect(wantContainer, reply)
			_, err := get(t.Context(), m.Client)
			failsAs(t, nhncloud.ErrBadAnswer, err)
		}
	})
	t.Run("another class", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantContainer, apitest.Reply{Header: http.Header{"X-Container-Object-Count": {"0"}, "X-Storage-Policy": {"Glacier"}}, Body: `[]`})
		container, err := get(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, objectstorage.StorageClass("Glacier"), container.StorageClass)
	})
	t.Run("rules that can't be read", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantContainer, apitest.Reply{Header: http.Header{"X-Container-Object-Count": {"0"}, "X-Container-Ip-Acl-Denied-List": {"r,x,가1.2.3.4,a1.2.3.0/33,a2001:db8::1"}}, Body: `[]`})
		container, err := get(t.Context(), m.Client)
		require.NoError(t, err)
		assert.Equal(t, []objectstorage.IPRule{
			{Access: "r"}, {Access: "x"}, {Access: "가1.2.3.4"}, {Access: "a1.2.3.0/33"},
			{Access: objectstorage.IPAll, Network: prefixes("2001:db8::1/128")[0]},
		}, container.IPACL.Denied)
		settings := objectstorage.ContainerSettings{IPACL: &container.IPACL}
		assert.ErrorIs(t, objectstorage.New(m.Client).Containers.Update(t.Context(), "photos", settings), nhncloud.ErrInvalidArgument, "they can't be written again")
	})
	t.Run("key stays secret", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantContainer, apitest.Reply{Header: http.Header{"X-Container-Object-Count": {"0"}, "X-Container-Meta-Temp-Url-Key": {"hunter2"}, "X-Container-Meta-Temp-Url-Key-2": {"hunter3"}}, Body: `[]`})
		container, err := get(t.Context(), m.Client)
		require.NoError(t, err)
		encoded, err := json.Marshal(container)
		require.NoError(t, err)
		for _, text := range []string{fmt.Sprintf("%v %+v %#v", *container, container, container), string(encoded)} {
			assert.NotContains(t, text, "hunter")
			assert.Contains(t, text, "REDACTED")
		}
	})
}

func TestContainersDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "objectstorage-delete-container", Method: http.MethodDelete, URL: containerURL}
	remove := func(ctx context.Context, client *nhncloud.Client, name string) error {
		return objectstorage.New(client).Containers.Delete(ctx, name)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, "photos")
	})
	checkContainerName(t, want, apitest.Reply{Status: http.StatusNoContent}, remove)
	t.Run("not empty", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Status: http.StatusConflict, Body: "<html><h1>Conflict</h1><p>There was a conflict when trying to complete your request.</p></html>"})
		err := remove(t.Context(), m.Client, "photos")
		assert.ErrorIs(t, err, nhncloud.ErrConflict)
		assert.NotErrorIs(t, err, objectstorage.ErrContainerNotFound)
	})
}

package compute_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

const (
	serverID    = "aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec"
	serverURL   = apitest.ComputeURL + "/servers/" + serverID
	metadataURL = serverURL + "/metadata"
)

func TestMetadataList(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-list-server-metadata",
		Method:    http.MethodGet,
		URL:       metadataURL,
	}
	list := func(ctx context.Context, client *nhncloud.Client, id string) (map[string]string, error) {
		return compute.New(client).Metadata.List(ctx, id)
	}
	apitest.Check(t, want, apitest.Reply{Body: "@compute-v2-list-server-metadata.response.json"}, map[string]string{
		"os_distro":        "ubuntu",
		"description":      "Ubuntu Server 20.04.6 LTS (2023.11.21)",
		"volume_size":      "20",
		"project_domain":   "NORMAL",
		"monitoring_agent": "sysmon",
		"image_name":       "Ubuntu Server 20.04.6 LTS (2023.11.21)",
		"os_version":       "Server 20.04 LTS",
		"os_architecture":  "amd64",
		"login_username":   "ubuntu",
		"os_type":          "linux",
		"tc_env":           "sysmon,dfeac7db42a192a73959d5646117af58",
	}, func(ctx context.Context, client *nhncloud.Client) (map[string]string, error) {
		return list(ctx, client, serverID)
	})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := list(ctx, client, id)
		return err
	})
	for name, test := range map[string]struct {
		body string
		want map[string]string
	}{
		"none":        {`{"metadata": {}}`, map[string]string{}},
		"other types": {`{"metadata": {"size": 20, "on": true, "off": null, "이름": "웹"}}`, map[string]string{"size": "20", "on": "true", "off": "", "이름": "웹"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: test.body})
			metadata, err := list(t.Context(), m.Client, serverID)
			require.NoError(t, err)
			assert.Equal(t, test.want, metadata)
		})
	}
}

func TestMetadataGet(t *testing.T) {
	t.Parallel()
	testMetadataValue(t, apitest.Want{Operation: "compute-v2-get-server-metadata", Method: http.MethodGet},
		func(ctx context.Context, client *nhncloud.Client, id, key string) (string, error) {
			return compute.New(client).Metadata.Get(ctx, id, key)
		})
}

func TestMetadataSet(t *testing.T) {
	t.Parallel()
	testMetadataValue(t, apitest.Want{Operation: "compute-v2-set-server-metadata", Method: http.MethodPut},
		func(ctx context.Context, client *nhncloud.Client, id, key string) (string, error) {
			return compute.New(client).Metadata.Set(ctx, id, key, "Server 20.04 LTS")
		})
}

// testMetadataValue tests Get or Set, which answer alike.
func testMetadataValue(t *testing.T, want apitest.Want, call func(ctx context.Context, client *nhncloud.Client, id, key string) (string, error)) {
	t.Helper()
	about := func(key, escaped string) apitest.Want {
		w := want
		w.URL = metadataURL + "/" + escaped
		if w.Method == http.MethodPut {
			w.Body = `{"meta": {"` + key + `": "Server 20.04 LTS"}}`
		}
		return w
	}
	documented := about("os_version", "os_version")
	if want.Method == http.MethodPut {
		documented.Body = "@compute-v2-set-server-metadata.request.json"
	}
	apitest.Check(t, documented, apitest.Reply{Body: "@" + want.Operation + ".response.json"}, "Server 20.04 LTS",
		func(ctx context.Context, client *nhncloud.Client) (string, error) {
			return call(ctx, client, serverID, "os_version")
		})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		_, err := call(ctx, client, id, "os_version")
		return err
	})
	apitest.RefusedSegments(t, want.Operation, "key", func(ctx context.Context, client *nhncloud.Client, key string) error {
		_, err := call(ctx, client, serverID, key)
		return err
	})
	for key, escaped := range oddNames {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(about(key, escaped), apitest.Reply{Body: `{"meta": {"` + key + `": ""}}`})
			value, err := call(t.Context(), m.Client, serverID, key)
			require.NoError(t, err)
			assert.Empty(t, value)
		})
	}
	for name, body := range map[string]string{"another key": `{"meta": {"os_type": "linux"}}`, "no key": `{"meta": {}}`} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(about("os_version", "os_version"), apitest.Reply{Body: body})
			value, err := call(t.Context(), m.Client, serverID, "os_version")
			assert.Empty(t, value)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, want.Operation, e.Operation)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		})
	}
}

func TestMetadataDelete(t *testing.T) {
	t.Parallel()
	want := apitest.Want{
		Operation: "compute-v2-delete-server-metadata",
		Method:    http.MethodDelete,
		URL:       metadataURL + "/os_version",
	}
	remove := func(ctx context.Context, client *nhncloud.Client, id, key string) error {
		return compute.New(client).Metadata.Delete(ctx, id, key)
	}
	apitest.CheckEmpty(t, want, apitest.Reply{Status: http.StatusNoContent}, func(ctx context.Context, client *nhncloud.Client) error {
		return remove(ctx, client, serverID, "os_version")
	})
	apitest.RefusedSegments(t, want.Operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
		return remove(ctx, client, id, "os_version")
	})
	apitest.RefusedSegments(t, want.Operation, "key", func(ctx context.Context, client *nhncloud.Client, key string) error {
		return remove(ctx, client, serverID, key)
	})
	for key, escaped := range oddNames {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.URL = metadataURL + "/" + escaped
			m.Expect(want, apitest.Reply{Status: http.StatusNoContent})
			require.NoError(t, remove(t.Context(), m.Client, serverID, key))
		})
	}
}

// oddNames are names that have to be escaped in a path.
var oddNames = map[string]string{
	"two words": "two%20words",
	"100%":      "100%25",
	"a%2Fb":     "a%252Fb",
	"what?":     "what%3F",
	"#1":        "%231",
	"a+b":       "a+b",
	"a;b=c&d":   "a%3Bb=c&d",
	"운영 서버":     "%EC%9A%B4%EC%98%81%20%EC%84%9C%EB%B2%84",
	"...":       "...",
}

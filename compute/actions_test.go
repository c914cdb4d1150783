package compute_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// actions are the actions with their documented bodies, which are named after
// the operations.
var actions = map[string]struct {
	field string // that is refused when the argument is empty
	call  func(ctx context.Context, servers *compute.ServersService, id string) error
	empty func(ctx context.Context, servers *compute.ServersService, id string) error
}{
	"compute-v2-server-action-start": {call: func(ctx context.Context, servers *compute.ServersService, id string) error {
		return servers.Start(ctx, id)
	}},
	"compute-v2-server-action-stop": {call: func(ctx context.Context, servers *compute.ServersService, id string) error {
		return servers.Stop(ctx, id)
	}},
	"compute-v2-server-action-shelve": {call: func(ctx context.Context, servers *compute.ServersService, id string) error {
		return servers.Shelve(ctx, id)
	}},
	"compute-v2-server-action-unshelve": {call: func(ctx context.Context, servers *compute.ServersService, id string) error {
		return servers.Unshelve(ctx, id)
	}},
	"compute-v2-server-action-reboot": {
		field: "how",
		call: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.Reboot(ctx, id, compute.RebootSoft)
		},
		empty: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.Reboot(ctx, id, "")
		},
	},
	"compute-v2-server-action-resize": {
		field: "flavorID",
		call: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.Resize(ctx, id, "b5f1c148-732c-417d-9d1b-1dffca105dbe")
		},
		empty: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.Resize(ctx, id, "")
		},
	},
	"compute-v2-server-action-add-security-group": {
		field: "securityGroup",
		call: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.AddSecurityGroup(ctx, id, "test")
		},
		empty: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.AddSecurityGroup(ctx, id, "")
		},
	},
	"compute-v2-server-action-remove-security-group": {
		field: "securityGroup",
		call: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.RemoveSecurityGroup(ctx, id, "test")
		},
		empty: func(ctx context.Context, servers *compute.ServersService, id string) error {
			return servers.RemoveSecurityGroup(ctx, id, "")
		},
	},
	createImage: {
		field: "Name",
		call: func(ctx context.Context, servers *compute.ServersService, id string) error {
			_, err := servers.CreateImage(ctx, id, imageRequest)
			return err
		},
		empty: func(ctx context.Context, servers *compute.ServersService, id string) error {
			_, err := servers.CreateImage(ctx, id, compute.ServerImageRequest{Metadata: imageRequest.Metadata})
			return err
		},
	},
}

const createImage = "compute-v2-server-action-create-image"

var imageRequest = compute.ServerImageRequest{Name: "foo-image", Metadata: map[string]string{"meta_var": "meta_val"}}

func wantAction(operation string) apitest.Want {
	return apitest.Want{
		Operation: operation,
		Method:    http.MethodPost,
		URL:       serverURL + "/action",
		Body:      "@" + operation + ".request.json",
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	for operation, action := range actions {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			reply := apitest.Reply{Status: http.StatusAccepted}
			if operation == createImage {
				reply.Header = http.Header{"Location": {imagesURL + "/" + imageID}}
			}
			apitest.CheckEmpty(t, wantAction(operation), reply, func(ctx context.Context, client *nhncloud.Client) error {
				return action.call(ctx, compute.New(client).Servers, serverID)
			})
			apitest.RefusedSegments(t, operation, "serverId", func(ctx context.Context, client *nhncloud.Client, id string) error {
				return action.call(ctx, compute.New(client).Servers, id)
			})
			if action.empty != nil {
				t.Run("refused "+action.field, func(t *testing.T) {
					t.Parallel()
					apitest.Refused(t, operation, action.field, func(ctx context.Context, client *nhncloud.Client) error {
						return action.empty(ctx, compute.New(client).Servers, serverID)
					})
				})
			}
			t.Run("not repeated", func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 4, BaseDelay: 1}))
				m.Expect(wantAction(operation), apitest.Reply{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}})
				err := action.call(t.Context(), compute.New(m.Client).Servers, serverID)
				assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
			})
			t.Run("refused by the state", func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t)
				m.Expect(wantAction(operation), apitest.Reply{Status: http.StatusConflict, Body: `{"conflictingRequest": {"code": 409,
					"message": "Cannot 'act' instance while it is in vm_state active"}}`})
				err := action.call(t.Context(), compute.New(m.Client).Servers, serverID)
				assert.ErrorIs(t, err, nhncloud.ErrConflict)
				assert.ErrorContains(t, err, "in vm_state active")
			})
		})
	}
}

func TestRebootTypes(t *testing.T) {
	t.Parallel()
	for how, sent := range map[compute.RebootType]string{compute.RebootSoft: "SOFT", compute.RebootHard: "HARD", "WARM": "WARM"} {
		t.Run(sent, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := wantAction("compute-v2-server-action-reboot")
			want.Body = `{"reboot": {"type": "` + sent + `"}}`
			m.Expect(want, apitest.Reply{Status: http.StatusAccepted})
			require.NoError(t, compute.New(m.Client).Servers.Reboot(t.Context(), serverID, how))
		})
	}
}

// TestActionAnswer: what an action is answered doesn't matter.
func TestActionAnswer(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{"simple form": "@compute-v2-server-action-start.gateway.response.json", "broken": "{"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantAction("compute-v2-server-action-start"), apitest.Reply{Status: http.StatusAccepted, Body: body})
			require.NoError(t, compute.New(m.Client).Servers.Start(t.Context(), serverID))
		})
	}
}

func TestCreateImage(t *testing.T) {
	t.Parallel()
	field, documented, _ := strings.Cut(apitest.Text(t, "@compute-v2-server-action-create-image.response.headers.txt"), ":")
	require.Equal(t, "Location", field)
	for name, location := range map[string]string{
		"documented":     strings.TrimSpace(strings.Replace(documented, "{Created image URL}", imagesURL+"/"+imageID, 1)),
		"retired host":   "http://10.0.0.1:9292/images/" + imageID,
		"path":           "/v2/images/" + imageID,
		"trailing slash": imagesURL + "/" + imageID + "/",
		"query":          imagesURL + "/" + imageID + "?region=KR1",
		"id alone":       imageID,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantAction(createImage), apitest.Reply{Status: http.StatusAccepted, Header: http.Header{"Location": {location}}})
			id, err := compute.New(m.Client).Servers.CreateImage(t.Context(), serverID, imageRequest)
			require.NoError(t, err)
			assert.Equal(t, imageID, id)
		})
	}
	for name, header := range map[string]http.Header{
		"missing":    nil,
		"empty":      {"Location": {""}},
		"host alone": {"Location": {"https://kr1-api-image-infrastructure.nhncloudservice.com"}},
		"slash":      {"Location": {"/"}},
		"broken":     {"Location": {"http://[::1"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			reply := apitest.Reply{Status: http.StatusAccepted, Header: http.Header{"X-Openstack-Request-Id": {"req-1"}}}
			if header != nil {
				reply.Header["Location"] = header["Location"]
			}
			m.Expect(wantAction(createImage), reply)
			id, err := compute.New(m.Client).Servers.CreateImage(t.Context(), serverID, imageRequest)
			assert.Empty(t, id)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, createImage, e.Operation)
			assert.Equal(t, http.StatusAccepted, e.StatusCode)
			assert.Equal(t, "req-1", e.RequestID)
			assert.Contains(t, e.Message, "Location")
		})
	}
	t.Run("without metadata", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		want := wantAction(createImage)
		want.Body = `{"createImage": {"name": "이미지"}}`
		m.Expect(want, apitest.Reply{Status: http.StatusAccepted, Header: http.Header{"Location": {imageID}}})
		_, err := compute.New(m.Client).Servers.CreateImage(t.Context(), serverID, compute.ServerImageRequest{Name: "이미지"})
		require.NoError(t, err)
	})
	t.Run("captured by the caller too", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantAction(createImage), apitest.Reply{Status: http.StatusAccepted, Header: http.Header{
			"Location": {imageID}, "X-Openstack-Request-Id": {"req-1"},
		}})
		var captured nhncloud.Response
		id, err := compute.New(m.Client).Servers.CreateImage(nhncloud.CaptureResponse(t.Context(), &captured), serverID, imageRequest)
		require.NoError(t, err)
		assert.Equal(t, imageID, id)
		assert.Equal(t, http.StatusAccepted, captured.StatusCode)
		assert.Equal(t, imageID, captured.Header.Get("Location"))
		assert.Equal(t, "req-1", captured.RequestID)
		assert.Equal(t, 1, captured.Attempts)
	})
}

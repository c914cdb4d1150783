package computev1_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

type instanceCall func(ctx context.Context, instances *computev1.InstancesService, id string) error

// actions are the actions, whose bodies are named after their operations.
var actions = map[string]struct {
	call    instanceCall
	refused map[string]instanceCall // calls without an argument, by its name
}{
	"compute-v1-instance-action-start": {call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
		return instances.Start(ctx, id)
	}},
	"compute-v1-instance-action-stop": {call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
		return instances.Stop(ctx, id)
	}},
	"compute-v1-instance-action-reboot": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.Reboot(ctx, id, computev1.RebootHard)
		},
		refused: map[string]instanceCall{"how": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.Reboot(ctx, id, "")
		}},
	},
	"compute-v1-instance-action-resize": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.Resize(ctx, id, flavorID)
		},
		refused: map[string]instanceCall{"flavorID": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.Resize(ctx, id, "")
		}},
	},
	uploadImage: {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			_, err := instances.UploadImage(ctx, id, "web-golden")
			return err
		},
		refused: map[string]instanceCall{"imageName": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			_, err := instances.UploadImage(ctx, id, "")
			return err
		}},
	},
	"compute-v1-instance-action-add-floating-ip": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.AddFloatingIP(ctx, id, "203.0.113.10", "192.168.0.12")
		},
		refused: map[string]instanceCall{
			"floatingIPAddress": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
				return instances.AddFloatingIP(ctx, id, "", "192.168.0.12")
			},
			"fixedIPAddress": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
				return instances.AddFloatingIP(ctx, id, "203.0.113.10", "")
			},
			"floatingIPAddress, fixedIPAddress": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
				return instances.AddFloatingIP(ctx, id, "", "")
			},
		},
	},
	"compute-v1-instance-action-remove-floating-ip": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.RemoveFloatingIP(ctx, id, "203.0.113.10")
		},
		refused: map[string]instanceCall{"floatingIPAddress": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.RemoveFloatingIP(ctx, id, "")
		}},
	},
	"compute-v1-instance-action-add-security-group": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.AddSecurityGroup(ctx, id, "web")
		},
		refused: map[string]instanceCall{"securityGroup": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.AddSecurityGroup(ctx, id, "")
		}},
	},
	"compute-v1-instance-action-remove-security-group": {
		call: func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.RemoveSecurityGroup(ctx, id, "web")
		},
		refused: map[string]instanceCall{"securityGroup": func(ctx context.Context, instances *computev1.InstancesService, id string) error {
			return instances.RemoveSecurityGroup(ctx, id, "")
		}},
	},
}

const uploadImage = "compute-v1-instance-action-upload-image"

func wantAction(operation string) apitest.Want {
	return apitest.Want{
		Operation: operation,
		Method:    http.MethodPost,
		URL:       instancesURL + "/" + instanceID + "/action",
		Body:      "@" + operation + ".request.json",
	}
}

func TestActions(t *testing.T) {
	t.Parallel()
	for operation, action := range actions {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			apitest.CheckEmpty(t, wantAction(operation), apitest.Reply{Body: "@" + operation + ".response.json"}, func(ctx context.Context, client *nhncloud.Client) error {
				return action.call(ctx, computev1.New(client).Instances, instanceID)
			})
			apitest.RefusedSegments(t, operation, "instanceId", func(ctx context.Context, client *nhncloud.Client, id string) error {
				return action.call(ctx, computev1.New(client).Instances, id)
			})
			for field, call := range action.refused {
				t.Run("refused "+field, func(t *testing.T) {
					t.Parallel()
					apitest.Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error {
						return call(ctx, computev1.New(client).Instances, instanceID)
					})
				})
			}
			t.Run("not repeated", func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 4, BaseDelay: 1}))
				m.Expect(wantAction(operation), apitest.Reply{Status: http.StatusServiceUnavailable, Header: http.Header{"Retry-After": {"1"}}})
				err := action.call(t.Context(), computev1.New(m.Client).Instances, instanceID)
				assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
			})
		})
	}
}

func TestRebootTypes(t *testing.T) {
	t.Parallel()
	const operation = "compute-v1-instance-action-reboot"
	for how, sent := range map[computev1.RebootType]string{computev1.RebootSoft: "SOFT", computev1.RebootHard: "HARD"} {
		t.Run(sent, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := wantAction(operation)
			want.Body = `{"action": "reboot", "parameters": {"type": "` + sent + `"}}`
			m.Expect(want, apitest.Success())
			require.NoError(t, computev1.New(m.Client).Instances.Reboot(t.Context(), instanceID, how))
		})
	}
	for _, how := range []computev1.RebootType{"WARM", "hard", "SOFT "} {
		t.Run("refused "+string(how), func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, operation, "how", func(ctx context.Context, client *nhncloud.Client) error {
				return computev1.New(client).Instances.Reboot(ctx, instanceID, how)
			})
		})
	}
}

func TestUploadImage(t *testing.T) {
	t.Parallel()
	apitest.Check(t, wantAction(uploadImage), apitest.Reply{Body: "@" + uploadImage + ".response.json"},
		&computev1.CreatedImage{ID: madeOf, Name: "web-golden"},
		func(ctx context.Context, client *nhncloud.Client) (*computev1.CreatedImage, error) {
			return computev1.New(client).Instances.UploadImage(ctx, instanceID, "web-golden")
		})
}

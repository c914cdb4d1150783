package objectstorage_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestGetPolicy(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "objectstorage-get-container-policy", Method: http.MethodGet, URL: containerURL + "?policy"}
	get := func(ctx context.Context, client *nhncloud.Client) (*objectstorage.ContainerPolicy, error) {
		return objectstorage.New(client).Containers.GetPolicy(ctx, "photos")
	}
	// Every object is a policy, so the failures are tried without an answer.
	apitest.Failures(t, want, apitest.Reply{}, func(ctx context.Context, client *nhncloud.Client) error {
		policy, err := get(ctx, client)
		assert.Nil(t, policy)
		return err
	})
	for name, body := range map[string]string{
		"empty": "", "html": "<html>Welcome</html>", "truncated": `{"lifecycle": {`, "array": `[]`, "number": `12`, "null": `null`,
		"rules of another form": `{"lifecycle": {"rules": {}}}`,
	} {
		t.Run("unreadable "+name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: body})
			policy, err := get(t.Context(), m.Client)
			assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
			assert.Nil(t, policy)
		})
	}
	for name, test := range map[string]struct {
		body string
		want objectstorage.ContainerPolicy
	}{
		"documented": {"@objectstorage-get-container-policy.response.json", objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{
			DefaultRule: &objectstorage.DefaultLifecycleRule{
				Days:   1,
				Action: objectstorage.LifecycleAction{Type: objectstorage.LifecycleTransfer, Destination: "destination-con"},
			},
			Rules: []objectstorage.LifecycleRule{{
				Name:      "rule1",
				Condition: objectstorage.LifecycleCondition{Prefix: "temp/"},
				Days:      2,
				Action:    objectstorage.LifecycleAction{Type: objectstorage.LifecycleDelete},
			}},
		}}},
		"none":          {`{}`, objectstorage.ContainerPolicy{}},
		"no lifecycle":  {`{"lifecycle": null, "lock": {"days": 1}}`, objectstorage.ContainerPolicy{}},
		"empty":         {`{"lifecycle": {}}`, objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{}}},
		"disabled rule": {`{"lifecycle": {"default_rule": {}}}`, objectstorage.ContainerPolicy{Lifecycle: &objectstorage.LifecyclePolicy{DefaultRule: &objectstorage.DefaultLifecycleRule{}}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(want, apitest.Reply{Body: test.body})
			policy, err := get(t.Context(), m.Client)
			require.NoError(t, err)
			assert.Equal(t, &test.want, policy)
		})
	}
	checkContainerName(t, want, apitest.Reply{Body: `{}`}, func(ctx context.Context, client *nhncloud.Client, name string) error {
		_, err := objectstorage.New(client).Containers.GetPolicy(ctx, name)
		return err
	})
}

func TestSetPolicy(t *testing.T) {
	t.Parallel()
	want := wantPost("objectstorage-set-container-policy")
	remove := objectstorage.LifecycleAction{Type: objectstorage.LifecycleDelete}
	archive := objectstorage.LifecycleAction{Type: objectstorage.LifecycleTransfer, Destination: "archive-container"}
	rule := objectstorage.LifecycleRule{Name: "rule1", Condition: objectstorage.LifecycleCondition{Prefix: "logs/"}, Days: 5, Action: archive}
	set := func(lifecycle *objectstorage.LifecyclePolicy) func(ctx context.Context, client *nhncloud.Client, name string) error {
		return func(ctx context.Context, client *nhncloud.Client, name string) error {
			return objectstorage.New(client).Containers.SetPolicy(ctx, name, objectstorage.ContainerPolicy{Lifecycle: lifecycle})
		}
	}
	reply := apitest.Reply{Status: http.StatusNoContent}
	documented := want
	documented.Body = "@objectstorage-set-container-policy.request.json"
	apitest.CheckEmpty(t, documented, reply, func(ctx context.Context, client *nhncloud.Client) error {
		return set(&objectstorage.LifecyclePolicy{
			DefaultRule: &objectstorage.DefaultLifecycleRule{Days: 10, Action: remove},
			Rules:       []objectstorage.LifecycleRule{rule},
		})(ctx, client, "photos")
	})
	for body, lifecycle := range map[string]*objectstorage.LifecyclePolicy{
		`{"lifecycle": {}}`:                   {},
		`{"lifecycle": {"rules": []}}`:        {Rules: []objectstorage.LifecycleRule{}},
		`{"lifecycle": {"default_rule": {}}}`: {DefaultRule: &objectstorage.DefaultLifecycleRule{}},
		`{"lifecycle": {"default_rule": {"days": 1, "action": {"type": "archive"}}}}`: {
			DefaultRule: &objectstorage.DefaultLifecycleRule{Days: 1, Action: objectstorage.LifecycleAction{Type: "archive"}},
		},
	} {
		t.Run(body, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			want := want
			want.Body = body
			m.Expect(want, reply)
			assert.NoError(t, set(lifecycle)(t.Context(), m.Client, "photos"))
		})
	}
	empty := want
	empty.Body = `{"lifecycle": {}}`
	checkContainerName(t, empty, reply, set(&objectstorage.LifecyclePolicy{}))
	t.Run("repeated", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
		m.Expect(empty, apitest.Reply{Status: http.StatusBadGateway})
		m.Expect(empty, reply)
		assert.NoError(t, set(&objectstorage.LifecyclePolicy{})(t.Context(), m.Client, "photos"))
	})

	changed := func(change func(*objectstorage.LifecycleRule)) *objectstorage.LifecyclePolicy {
		second := rule
		change(&second)
		return &objectstorage.LifecyclePolicy{Rules: []objectstorage.LifecycleRule{rule, second}}
	}
	for field, lifecycle := range map[string]*objectstorage.LifecyclePolicy{
		"Lifecycle":                      nil,
		"DefaultRule.Days":               {DefaultRule: &objectstorage.DefaultLifecycleRule{Action: remove}},
		"DefaultRule.Action.Type":        {DefaultRule: &objectstorage.DefaultLifecycleRule{Days: 1}},
		"DefaultRule.Action.Destination": {DefaultRule: &objectstorage.DefaultLifecycleRule{Days: 1, Action: objectstorage.LifecycleAction{Type: objectstorage.LifecycleTransfer}}},
		"Rules[1].Name":                  changed(func(r *objectstorage.LifecycleRule) { r.Name = "" }),
		"Rules[1].Condition.Prefix":      changed(func(r *objectstorage.LifecycleRule) { r.Condition.Prefix = "" }),
		"Rules[1].Days":                  changed(func(r *objectstorage.LifecycleRule) { r.Days = -1 }),
		"Rules[1].Action.Type":           changed(func(r *objectstorage.LifecycleRule) { r.Action.Type = "" }),
		"Rules[1].Action.Destination":    changed(func(r *objectstorage.LifecycleRule) { r.Action.Destination = "" }),
	} {
		t.Run("refused "+field, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, want.Operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				return set(lifecycle)(ctx, client, "photos")
			})
		})
	}
}

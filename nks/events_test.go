package nks_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/nks"
)

func documentedEvent(t *testing.T) *nks.Event {
	t.Helper()
	const cluster = "388794e6-14dc-48ee-9a4f-9c40df5d97ec"
	return &nks.Event{
		UUID: "868f218a-9446-4500-b6b3-8c1a95e3d7c3", ID: 3683, Type: "CLUSTER_CREATE", State: nks.EventSuccess, ResourceType: "cluster",
		ResourceUUID: cluster, ResourceName: "nks-cluster", ClusterUUID: cluster, ClusterName: "nks-cluster", ProjectID: "5d8cc67593754d5581f7e8986badf358",
		CreatedAt: at(t, "2024-01-30T01:31:06+00:00"), UpdatedAt: at(t, "2024-01-30T01:42:39+00:00"),
	}
}

func TestEvents(t *testing.T) {
	t.Parallel()
	const listOperation, getOperation = "nks-list-cluster-events", "nks-get-cluster-event"
	event := documentedEvent(t)
	apitest.Check(t, want(listOperation, http.MethodGet, "/clusters/"+event.ClusterUUID+"/events", ""), documented(listOperation), []*nks.Event{event},
		on(func(ctx context.Context, k *nks.Client) ([]*nks.Event, error) {
			return k.Events.List(ctx, event.ClusterUUID)
		}))
	refusesIDs(t, listOperation, "CLUSTER_UUID", func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Events.List(ctx, id)
		return err
	})
	apitest.Check(t, want(getOperation, http.MethodGet, "/clusters/"+event.ClusterUUID+"/events/"+event.UUID, ""), documented(getOperation), event,
		on(func(ctx context.Context, k *nks.Client) (*nks.Event, error) {
			return k.Events.Get(ctx, event.ClusterUUID, event.UUID)
		}))
	refusesIDs(t, getOperation, "CLUSTER_UUID", func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Events.Get(ctx, id, "e")
		return err
	})
	refusesIDs(t, getOperation, "EVENT_UUID", func(ctx context.Context, k *nks.Client, id string) error {
		_, err := k.Events.Get(ctx, "c", id)
		return err
	})
}

func TestSupports(t *testing.T) {
	t.Parallel()
	const operation = "nks-get-supports"
	w := want(operation, http.MethodGet, "/supports", "")
	get := func(ctx context.Context, k *nks.Client) (*nks.Supports, error) { return k.Supports.Get(ctx) }
	read := func(t *testing.T, body string) *nks.Supports {
		t.Helper()
		m := apitest.New(t)
		m.Expect(w, apitest.Reply{Body: body})
		supports, err := get(t.Context(), nks.New(m.Client))
		require.NoError(t, err)
		return supports
	}
	versions := map[string]bool{
		"v1.17.6": false, "v1.18.19": false, "v1.19.13": false, "v1.20.12": false, "v1.21.6": false, "v1.22.3": false, "v1.23.3": false, "v1.24.3": false,
		"v1.25.4": false, "v1.26.3": false, "v1.27.3": false, "v1.28.3": false, "v1.29.3": true, "v1.30.3": true, "v1.31.4": true, "v1.32.3": true,
	}
	for name, words := range map[string][3]string{
		"en": {"Create a cluster", "Auto healing", "@nks-get-supports.response.json"},
		"ko": {"클러스터 생성", "오토 힐링", "@nks-get-supports.response.ko.json"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			supports := read(t, words[2])
			assert.Equal(t, versions, supports.Kubernetes)
			assert.Len(t, supports.EventTypes, 35)
			assert.Equal(t, words[0], supports.EventTypes["CLUSTER_CREATE"])
			assert.Equal(t, words[1], supports.EventTypes["AUTO_HEALING"])
			assert.Equal(t, []string{"v1.29.3", "v1.30.3", "v1.31.4", "v1.32.3"}, supports.Versions())
		})
	}
	// The table of the guide has texts for Booleans, and the types in groups.
	apitest.Check(t, w, apitest.Reply{Body: `{"supported_k8s": {"v1.9.3": "True", "v1.10.3": "true", "v1.10.12": "True", "v1.8.3": "False", "next": "True"},
		"supported_event_type": {"cluster_events": {"CLUSTER_CREATE": "Create"}, "nodegroup_events": {"NODEGROUP_CREATE": "Create"}, "version": 2}}`}, &nks.Supports{
		Kubernetes: map[string]bool{"v1.9.3": true, "v1.10.3": true, "v1.10.12": true, "v1.8.3": false, "next": true},
		EventTypes: nks.EventTypes{"CLUSTER_CREATE": "Create", "NODEGROUP_CREATE": "Create"},
	}, on(get))
	assert.Equal(t, []string{"next", "v1.9.3", "v1.10.3", "v1.10.12"}, read(t, `{"supported_k8s": {"v1.9.3": "True", "v1.10.3": true, "v1.10.12": 1, "next": true, "v1.8.3": 0},
		"supported_event_type": null}`).Versions())
	m := apitest.New(t)
	m.Expect(w, apitest.Reply{Body: `{"supported_k8s": {"v1.9.3": true}, "supported_event_type": ["CLUSTER_CREATE"]}`})
	_, err := get(t.Context(), nks.New(m.Client))
	assert.Error(t, err)
}

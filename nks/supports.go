package nks

import (
	"context"
	"encoding/json"
	"maps"
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud"
)

// SupportsService calls the operation that tells what NKS offers.
type SupportsService struct{ client *nhncloud.Client }

// Supports is what NKS offers.
type Supports struct {
	// Kubernetes has the Kubernetes versions, such as "v1.32.3", and whether they
	// can still be chosen.
	Kubernetes map[string]bool `json:"supported_k8s"`
	EventTypes EventTypes      `json:"supported_event_type"`
}

// Versions returns the Kubernetes versions that can be chosen, the oldest first.
func (s *Supports) Versions() []string {
	var versions []string
	for name, offered := range s.Kubernetes {
		if offered {
			versions = append(versions, name)
		}
	}
	slices.SortFunc(versions, func(a, b string) int { return parseVersion(a).compare(parseVersion(b)) })
	return versions
}

// EventTypes has what each [Event] Type means, in words for people.
type EventTypes map[string]string

// UnmarshalJSON reads the types as one map, as the example of the guide has them,
// or in groups, as its table does.
func (t *EventTypes) UnmarshalJSON(encoded []byte) error {
	var given map[string]any
	if err := json.Unmarshal(encoded, &given); err != nil {
		return err
	}
	if *t = nil; given != nil {
		*t = EventTypes{}
	}
	t.add(given)
	return nil
}

func (t *EventTypes) add(given map[string]any) {
	for _, name := range slices.Sorted(maps.Keys(given)) {
		switch value := given[name].(type) {
		case string:
			(*t)[name] = value
		case map[string]any:
			t.add(value)
		}
	}
}

// Get returns what NKS offers.
//
// API: GET /v1/supports (nks-get-supports; Container-Kubernetes en/public-api.md)
func (s *SupportsService) Get(ctx context.Context) (*Supports, error) {
	return nhncloud.Fetch[Supports](ctx, s.client, nhncloud.Request{
		Operation: "nks-get-supports",
		Service:   nhncloud.ServiceKubernetes,
		Method:    http.MethodGet,
		Path:      "/v1/supports",
	})
}

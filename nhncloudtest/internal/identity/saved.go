package identity

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "identity", Roots: map[string]any{"tenants": &s.tenants, "tokens": &s.tokens, "credentials": &s.credentials},
		Anchors: map[string]any{"": s},
	}
}

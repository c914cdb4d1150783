package network

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "network", Roots: map[string]any{"projects": &s.projects}, Anchors: map[string]any{"": s},
		Kinds: append(deeds(), gatewayDevice{}),
	}
}

package compute

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "compute", Roots: map[string]any{"regions": &s.regions, "projects": &s.projects},
		Anchors: map[string]any{"": s}, Kinds: append(deeds(), &Server{}),
	}
}

package keymanager

import (
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "key manager", Roots: map[string]any{"projects": &s.projects}, Anchors: map[string]any{"": s}, Kinds: []any{expired{}},
	}
}

// expired deletes a secret whose time is over.
type expired struct {
	project *project
	secret  *secret
}

func (d expired) Happen(time.Time) { d.project.remove(d.secret) }

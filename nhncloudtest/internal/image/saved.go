package image

import (
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// isSaved ends the saving of an image, at the end of a transition.
type isSaved struct{ image *Image }

func (d isSaved) Happen(at time.Time) {
	d.image.Status, d.image.Updated, d.image.saved = "active", at, nil
}

// State is what is saved.
func (s *Service) State() frame.State {
	return frame.State{
		Name: "image", Roots: map[string]any{"images": &s.images}, Anchors: map[string]any{"": s}, Kinds: []any{isSaved{}}, Loaded: s.loaded,
	}
}

// loaded gives up what was being uploaded when the state was saved, as where the
// client breaks off.
func (s *Service) loaded(time.Time) {
	for _, images := range s.images {
		for _, img := range images {
			if img.made && img.Status == "saving" && img.saved == nil {
				img.Status = "queued"
			}
		}
	}
}

package image

import "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, rg := range s.frame.Regions {
		for _, img := range s.images[rg] {
			place := frame.Place{Region: rg, Tenant: img.Owner}
			add(place.Item("image", "image").With(img.ID, img.Name, img.Status, img.Visibility))
		}
	}
}

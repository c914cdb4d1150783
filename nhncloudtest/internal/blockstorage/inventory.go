package blockstorage

import (
	"fmt"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of all that there is. The caller holds the lock.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.identity.Places() {
		p := s.projects[place]
		for _, v := range p.Volumes {
			add(place.Item("block storage", "volume").With(v.ID, v.Name.Text, v.Status, fmt.Sprintf("%d GB, %s", v.Size, v.Type)))
		}
		for _, sn := range p.Snapshots {
			add(place.Item("block storage", "snapshot").With(sn.ID, sn.Name.Text, sn.Status, fmt.Sprintf("%d GB", sn.Size)))
		}
	}
}

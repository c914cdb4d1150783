package objectstorage

import (
	"fmt"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Inventory tells of the containers that there are.
func (s *Service) Inventory(add func(frame.Item)) {
	for _, place := range s.identity.Places() {
		st := s.stores[place.Region]
		st.mu.Lock()
		account := st.accounts[accountName(place.Tenant)]
		there := func(name string) bool { return account.containers[name] != nil }
		for _, name := range slices.Clone(account.names.sorted(there)) {
			cont := account.containers[name]
			add(place.Item("object storage", "container").With(name, name, "", fmt.Sprintf("%d objects, %d bytes", len(cont.objects), cont.bytes)))
		}
		st.mu.Unlock()
	}
}

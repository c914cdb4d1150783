package blockstorage

import (
	"fmt"
	"slices"
)

// What is below changes what the tenant of the infrastructure services has in the
// first region, past the API.

// States that nothing here leads to by itself.
const (
	ErrorDeleting  = "error_deleting"
	ErrorRestoring = "error_restoring"
	ErrorExtending = "error_extending"
)

var volumeStates = []string{
	Creating, Available, Attaching, InUse, Detaching, Reserved, Uploading, Deleting, Error, ErrorDeleting, ErrorRestoring, ErrorExtending,
	"maintenance", "awaiting-transfer", "backing-up", "restoring-backup", "error_backing-up", "downloading", "retyping", "extending",
}

var snapshotStates = []string{
	Creating, Available, Deleting, Error, ErrorDeleting, "backing-up", "deleted", "unmanaging", "restoring",
}

// SetVolumeStatus puts a volume into a status, in which it stays.
func (s *Service) SetVolumeStatus(id, status string) error {
	return s.set("volume", id, status, volumeStates, func(p *Project) *string {
		if v := p.Volume(id); v != nil {
			return &v.Status
		}
		return nil
	})
}

// SetSnapshotStatus puts a snapshot into a status, in which it stays.
func (s *Service) SetSnapshotStatus(id, status string) error {
	return s.set("snapshot", id, status, snapshotStates, func(p *Project) *string {
		if s := p.Snapshot(id); s != nil {
			return &s.Status
		}
		return nil
	})
}

func (s *Service) set(kind, id, status string, states []string, find func(*Project) *string) error {
	s.frame.Lock()
	defer s.frame.Unlock()
	s.frame.Settle()
	field := find(s.At(s.identity.Home()))
	switch {
	case field == nil:
		return fmt.Errorf("no such %s: %q", kind, id)
	case !slices.Contains(states, status):
		return fmt.Errorf("no such status: %q", status)
	}
	*field = status
	return nil
}

package compute

// ServerStatus is the status of a server. It is an open type.
type ServerStatus string

// The statuses of a server.
const (
	StatusActive           ServerStatus = "ACTIVE"
	StatusBuild            ServerStatus = "BUILD"
	StatusDeleted          ServerStatus = "DELETED"
	StatusError            ServerStatus = "ERROR" // the last operation failed
	StatusHardReboot       ServerStatus = "HARD_REBOOT"
	StatusMigrating        ServerStatus = "MIGRATING"
	StatusPassword         ServerStatus = "PASSWORD" // the password is being reset
	StatusPaused           ServerStatus = "PAUSED"
	StatusReboot           ServerStatus = "REBOOT"
	StatusRebuild          ServerStatus = "REBUILD"
	StatusRescue           ServerStatus = "RESCUE"
	StatusResize           ServerStatus = "RESIZE"
	StatusRevertResize     ServerStatus = "REVERT_RESIZE"
	StatusShelvedOffloaded ServerStatus = "SHELVED_OFFLOADED" // terminated, but kept
	StatusShutoff          ServerStatus = "SHUTOFF"
	StatusSuspended        ServerStatus = "SUSPENDED"
	StatusUnknown          ServerStatus = "UNKNOWN"
	StatusVerifyResize     ServerStatus = "VERIFY_RESIZE" // becomes ACTIVE by itself
)

// The words of the 2022 guide for government clouds, where they differ. See
// [ServerStatus.Canonical].
const (
	StatusBuilding ServerStatus = "BUILDING" // BUILD
	StatusStopped  ServerStatus = "STOPPED"  // SHUTOFF
	StatusResized  ServerStatus = "RESIZED"  // RESIZE
	StatusRescued  ServerStatus = "RESCUED"  // RESCUE
)

// Canonical returns the status in the words of the current guide, so that
// statuses of both guides can be compared. The waiters compare so.
func (s ServerStatus) Canonical() ServerStatus {
	switch s {
	case StatusBuilding:
		return StatusBuild
	case StatusStopped:
		return StatusShutoff
	case StatusResized:
		return StatusResize
	case StatusRescued:
		return StatusRescue
	}
	return s
}

// PowerState is whether the power of a server is on. It is an open type.
type PowerState int

// The power states of a server.
const (
	PowerOn  PowerState = 1
	PowerOff PowerState = 4
)

package wire_test

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

type link struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

type reference struct {
	ID    string `json:"id"`
	Links []link `json:"links"`
}

type address struct {
	MAC     string `json:"OS-EXT-IPS-MAC:mac_addr"`
	Version int    `json:"version"`
	Address string `json:"addr"`
	Type    string `json:"OS-EXT-IPS:type"`
}

type status string

type count int

type server struct {
	ID             string               `json:"id"`
	Name           string               `json:"name"`
	Status         status               `json:"status"`
	TenantID       string               `json:"tenant_id"`
	UserID         string               `json:"user_id"`
	HostID         string               `json:"hostId"`
	KeyName        string               `json:"key_name"`
	Created        time.Time            `json:"created"`
	Updated        time.Time            `json:"updated"`
	LaunchedAt     time.Time            `json:"OS-SRV-USG:launched_at"`
	TerminatedAt   *time.Time           `json:"OS-SRV-USG:terminated_at"`
	TaskState      string               `json:"OS-EXT-STS:task_state"`
	VMState        string               `json:"OS-EXT-STS:vm_state"`
	PowerState     int                  `json:"OS-EXT-STS:power_state"`
	Zone           string               `json:"OS-EXT-AZ:availability_zone"`
	Image          *reference           `json:"image"`
	Flavor         reference            `json:"flavor"`
	Addresses      map[string][]address `json:"addresses"`
	Links          []link               `json:"links"`
	SecurityGroups []struct {
		Name string `json:"name"`
	} `json:"security_groups"`
	Volumes       []reference       `json:"os-extended-volumes:volumes_attached"`
	ConfigDrive   string            `json:"config_drive"`
	Progress      int               `json:"progress"`
	Metadata      map[string]string `json:"metadata"`
	EphemeralDisk int               `json:"NHN-EXT-ATTR:ephemeral_disk_size"`
	Protect       bool              `json:"NHN-EXT-ATTR:protect"`
}

type flavor struct {
	ID         string            `json:"id"`
	Name       string            `json:"name"`
	RAM        int               `json:"ram"`
	VCPUs      int               `json:"vcpus"`
	Disk       int               `json:"disk"`
	Swap       int               `json:"swap"`
	RxTx       float64           `json:"rxtx_factor"`
	Public     bool              `json:"os-flavor-access:is_public"`
	Disabled   bool              `json:"OS-FLV-DISABLED:disabled"`
	Ephemeral  int64             `json:"OS-FLV-EXT-DATA:ephemeral"`
	ExtraSpecs map[string]string `json:"extra_specs"`
}

func payload(t testing.TB, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name))
	require.NoError(t, err)
	return string(data)
}

func ptr[T any](v T) *T { return &v }

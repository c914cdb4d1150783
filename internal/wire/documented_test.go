package wire_test

import (
	stdjson "encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

type documentedCase struct {
	key  string
	want any
}

// documented holds answers as the guides print them.
func documented() map[string]documentedCase {
	const host = "https://kr1-api-instance-infrastructure.nhncloudservice.com/"
	const tenant = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	type volume struct {
		ID          string            `json:"id"`
		Description string            `json:"description"`
		Size        int               `json:"size"`
		Bootable    bool              `json:"bootable"`
		Encrypted   bool              `json:"encrypted"`
		CreatedAt   time.Time         `json:"created_at"`
		SnapshotID  *string           `json:"snapshot_id"`
		Attachments []reference       `json:"attachments"`
		Metadata    map[string]string `json:"metadata"`
	}
	type vpc struct {
		ID       string    `json:"id"`
		External bool      `json:"router:external"`
		Shared   bool      `json:"shared"`
		Created  time.Time `json:"create_time"`
		CIDR     string    `json:"cidrv4"`
	}
	type rule struct {
		Min    *int    `json:"port_range_min"`
		Max    *int    `json:"port_range_max"`
		Group  *string `json:"remote_group_id"`
		Prefix *string `json:"remote_ip_prefix"`
	}
	type access struct {
		Token struct {
			ID       string    `json:"id"`
			Expires  time.Time `json:"expires"`
			IssuedAt time.Time `json:"issued_at"`
			Tenant   struct {
				Enabled bool `json:"enabled"`
			} `json:"tenant"`
		} `json:"token"`
		Metadata struct {
			IsAdmin bool `json:"is_admin"`
		} `json:"metadata"`
	}
	type ipaclGroup struct {
		Targets int    `json:"ipacl_target_count"`
		Action  status `json:"action"`
	}
	type autoscaler struct {
		Enable      bool    `json:"ca_enable"`
		Max         int     `json:"ca_max_node_count"`
		Utilization float64 `json:"ca_scale_down_util_thresh"`
		Kind        string  `json:"clusterautoscale"`
	}
	type ipacl struct {
		Enable bool   `json:"enable"`
		Action status `json:"action"`
	}
	type cluster struct {
		UUID       string             `json:"uuid"`
		Created    time.Time          `json:"created_at"`
		VolumeSize *int               `json:"docker_volume_size"`
		Reason     stdjson.RawMessage `json:"health_status_reason"`
		NodeCount  int                `json:"node_count"`
		Addresses  []string           `json:"node_addresses"`
		FloatingIP bool               `json:"floating_ip_enabled"`
	}
	type image struct {
		ID          string            `json:"id"`
		Size        int64             `json:"size"`
		VirtualSize *int64            `json:"virtual_size"`
		MinDisk     int               `json:"min_disk"`
		Protected   bool              `json:"protected"`
		Created     time.Time         `json:"created_at"`
		Tags        []string          `json:"tags"`
		Properties  map[string]string `json:"-" wire:"rest"`
	}
	var token access
	token.Token.ID = "e42a092ed6ee4d99949bf25f5f6ecc60"
	token.Token.Expires = time.Date(2020, 4, 29, 15, 31, 21, 0, time.UTC)
	token.Token.IssuedAt = time.Date(2020, 4, 29, 3, 32, 28, 405000, time.UTC)
	token.Token.Tenant.Enabled = true

	return map[string]documentedCase{
		"compute-v2-list-servers-detail.response.json": {"servers", []server{{
			ID: "aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec", Name: "Web-Server", Status: "ACTIVE",
			TenantID: tenant, UserID: "b6ab578c20c94306ac1f41ffc4415b29",
			HostID:  "078d06f898889699f8731d030812e43d2c417edb2cf641dda598c7bd",
			KeyName: "access-key", VMState: "active", PowerState: 1, Zone: "kr-pub-b",
			Created:    time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC),
			Updated:    time.Date(2020, 2, 25, 1, 22, 24, 0, time.UTC),
			LaunchedAt: time.Date(2020, 2, 25, 1, 22, 23, 0, time.UTC),
			Image: &reference{ID: "8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11",
				Links: []link{{host + tenant + "/images/8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11", "bookmark"}}},
			Flavor: reference{ID: "35a73b57-58a7-434d-aa08-5249aaa95b3e",
				Links: []link{{host + tenant + "/flavors/35a73b57-58a7-434d-aa08-5249aaa95b3e", "bookmark"}}},
			Addresses: map[string][]address{"vpc2": {{"fa:16:3e:54:a7:64", 4, "172.16.0.40", "fixed"}}},
			Links: []link{
				{host + "v2/" + tenant + "/servers/aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec", "self"},
				{host + tenant + "/servers/aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec", "bookmark"},
			},
			SecurityGroups: []struct {
				Name string `json:"name"`
			}{{"default"}},
			Volumes: []reference{{ID: "90712f4f-2faa-4e4f-8eb1-9313a8595570"}},
			Metadata: map[string]string{
				"os_distro": "Windows", "description": "Windows 2012 R2 STD (2020.02.18)", "os_version": "2012 R2 STD",
				"project_domain": "NORMAL", "hypervisor_type": "qemu", "monitoring_agent": "sysmon",
				"image_name": "Windows 2012 R2 STD (2020.02.18) EN", "volume_size": "50", "os_architecture": "amd64",
				"login_username": "Administrator", "os_type": "Windows", "tc_env": "sysmon",
			},
		}}},
		"compute-v2-list-flavors-detail.response.json": {"flavors", []flavor{
			{ID: "97604802-a090-43fa-a5ce-c7cfd737fbba", Name: "x1.c32m256", RAM: 262144, VCPUs: 32, RxTx: 1, Public: true,
				ExtraSpecs: map[string]string{"flavor_type": "performance"}},
			{ID: "31fa632d-aeec-4f12-8a57-ce9d146228e5", Name: "x1.c32m128", RAM: 131072, VCPUs: 32, RxTx: 1, Public: true,
				ExtraSpecs: map[string]string{"flavor_type": "performance"}},
		}},
		"blockstorage-v2-list-volumes-detail.response.json": {"volumes", []volume{{
			ID: "17975e9d-1533-40db-bd02-2072cd2ccb7f", Size: 50, CreatedAt: time.Date(2018, 12, 18, 5, 43, 12, 0, time.UTC),
			Attachments: []reference{}, Metadata: map[string]string{},
		}}},
		"network-v2-list-vpcs.response.json": {"vpcs", []vpc{{
			ID: "751b8227-7b45-440a-9349-dbf829d0aba5", External: true, Shared: true, CIDR: "0.0.0.0/0",
			Created: time.Date(2020, 2, 27, 3, 16, 5, 0, time.UTC),
		}}},
		"network-v2-list-security-group-rules.response.json": {"security_group_rules", []rule{
			{Min: ptr(1), Max: ptr(65535), Prefix: ptr("0.0.0.0/0")},
		}},
		"identity-v2-create-token.response.json":          {"access", token},
		"loadbalancer-v2-list-ipacl-groups.response.json": {"ipacl_groups", []ipaclGroup{{1, "DENY"}}},
		"nks-get-autoscaler.response.json":                {"", autoscaler{true, 10, 50, "nodegroupfeature"}},
		"nks-get-api-endpoint-ipacl.response.json":        {"", ipacl{true, "ALLOW"}},
		"nks-get-cluster.response.json": {"", cluster{
			UUID: "2b778d83-8b67-45b1-920e-b0c5ad5c2f30", Created: time.Date(2021, 8, 5, 1, 48, 39, 0, time.UTC), NodeCount: 1,
			Reason:    stdjson.RawMessage("{\n    \"test-k8s-default-w-bnga636xulqk-node-0.Ready\": \"True\",\n    \"api\": \"ok\"\n  }"),
			Addresses: []string{"192.168.0.5"},
		}},
		"image-v2-get-image.response.json": {"", image{
			ID: "1c868787-6207-4ff2-a1e7-ae1331d6829b", Size: 1778843648, MinDisk: 20, Protected: true,
			Created: time.Date(2018, 10, 23, 2, 17, 43, 0, time.UTC), Tags: []string{},
			Properties: map[string]string{
				"container_format": "bare", "min_ram": "0", "updated_at": "2018-12-11T01:01:35Z", "login_username": "centos",
				"file": "/v2/images/1c868787-6207-4ff2-a1e7-ae1331d6829b/file", "owner": "c289b99209ca4e189095cdecebbd092d",
				"os_distro": "CentOS", "self": "/v2/images/1c868787-6207-4ff2-a1e7-ae1331d6829b", "disk_format": "qcow2",
				"os_version": "6.10", "schema": "/v2/schemas/image", "status": "active", "description": "CentOS 6.10 (2018.10.23)",
				"visibility": "public", "os_architecture": "amd64", "name": "CentOS 6.10 (2018.10.23)", "hypervisor_type": "qemu",
				"checksum": "f803c5c15bcf9a75935980a900a04584", "os_type": "linux",
			},
		}},
	}
}

func TestDecodeDocumented(t *testing.T) {
	t.Parallel()
	for file, test := range documented() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			out := reflect.New(reflect.TypeOf(test.want))
			require.NoError(t, wire.Decode(strings.NewReader(payload(t, file)), test.key, out.Interface()))
			assert.Equal(t, test.want, out.Elem().Interface())
			assert.Error(t, wire.Decode(strings.NewReader(payload(t, file)+"x"), test.key, out.Interface()))
			assert.Error(t, wire.Decode(strings.NewReader(payload(t, file)+"{}"), test.key, out.Interface()))
		})
	}
}

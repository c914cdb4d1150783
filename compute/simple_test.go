package compute_test

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

// documentedSimple is the documented simple form, with all of its fields.
func documentedSimple(t *testing.T) compute.SimpleServer {
	t.Helper()
	var form struct {
		Name             string   `json:"name"`
		ImageID          string   `json:"image_id"`
		FlavorID         string   `json:"flavor_id"`
		SubnetID         string   `json:"subnet_id"`
		KeyName          string   `json:"keypair_name"`
		VolumeSize       int      `json:"volume_size"`
		SecurityGroups   []string `json:"security_groups"`
		AvailabilityZone string   `json:"availability_zone"`
	}
	text := apitest.Text(t, "@compute-v2-create-server.gateway.request.json")
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	require.NoError(t, decoder.Decode(&form))
	return compute.SimpleServer{
		Name: form.Name, ImageID: form.ImageID, FlavorID: form.FlavorID, SubnetID: form.SubnetID, KeyName: form.KeyName,
		VolumeSize: form.VolumeSize, SecurityGroups: form.SecurityGroups, AvailabilityZone: form.AvailabilityZone,
	}
}

var (
	// u2 and m2 are flavors with and without a local disk.
	u2 = &compute.Flavor{ID: "flavor-id-123", Name: "u2.c2m4", Disk: 50}
	m2 = &compute.Flavor{ID: "flavor-id-123", Name: "m2.c2m4"}
)

const (
	simpleHead = `{"server": {"name": "my-new-instance", "imageRef": "image-id-123", "flavorRef": "flavor-id-123", "key_name": "my-keypair",
		"networks": [{"subnet": "subnet-id-123"}]`
	simpleTail = `, "security_groups": [{"name": "default"}], "availability_zone": "kr-pub-a"}}`
	simpleDisk = `, "block_device_mapping_v2": [{"source_type": "image", "uuid": "image-id-123", "boot_index": 0, "destination_type": "volume",
		"volume_size": 50, "delete_on_termination": true}]`
)

func TestSimpleServer(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		flavor *compute.Flavor
		change func(s *compute.SimpleServer)
		body   string
	}{
		"m2":            {m2, func(*compute.SimpleServer) {}, simpleHead + simpleDisk + simpleTail},
		"u2":            {u2, func(*compute.SimpleServer) {}, simpleHead + simpleTail},
		"default size":  {m2, func(s *compute.SimpleServer) { s.VolumeSize = 0 }, simpleHead + simpleDisk + simpleTail},
		"default group": {m2, func(s *compute.SimpleServer) { s.SecurityGroups = nil }, simpleHead + simpleDisk + simpleTail},
		"no group":      {u2, func(s *compute.SimpleServer) { s.SecurityGroups = []string{} }, simpleHead + `, "availability_zone": "kr-pub-a"}}`},
		"any zone":      {u2, func(s *compute.SimpleServer) { s.AvailabilityZone = "" }, simpleHead + `, "security_groups": [{"name": "default"}]}}`},
		"size and type": {m2, func(s *compute.SimpleServer) { s.VolumeSize, s.VolumeType = 100, "General SSD" },
			simpleHead + strings.Replace(simpleDisk, `"volume_size": 50`, `"volume_size": 100, "volume_type": "General SSD"`, 1) + simpleTail},
		"u2 ignores a size": {u2, func(s *compute.SimpleServer) { s.VolumeSize, s.VolumeType = 100, "General SSD" }, simpleHead + simpleTail},
		"user data": {u2, func(s *compute.SimpleServer) { s.UserData = "#!/bin/sh" },
			simpleHead + `, "user_data": "IyEvYmluL3No"` + simpleTail},
		"metadata": {u2, func(s *compute.SimpleServer) { s.Metadata = map[string]string{"order": "17"} },
			simpleHead + `, "metadata": {"order": "17"}` + simpleTail},
		"two named groups": {u2, func(s *compute.SimpleServer) { s.SecurityGroups = []string{"web", "db"} },
			simpleHead + `, "security_groups": [{"name": "web"}, {"name": "db"}], "availability_zone": "kr-pub-a"}}`},
		"flavor of a GPU":    {&compute.Flavor{ID: u2.ID, Name: "g2.t4", Disk: 100}, func(*compute.SimpleServer) {}, simpleHead + simpleTail},
		"u2 without details": {&compute.Flavor{ID: u2.ID, Name: "u2.c2m4"}, func(*compute.SimpleServer) {}, simpleHead + simpleTail},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simple := documentedSimple(t)
			test.change(&simple)
			request, err := simple.Request(test.flavor)
			require.NoError(t, err)
			m := apitest.New(t)
			m.Expect(wantCreate(test.body), apitest.Reply{Body: "@compute-v2-create-server.gateway.response.json"})
			_, err = create(t.Context(), m.Client, request)
			require.NoError(t, err)
		})
	}
	assert.Equal(t, 50, compute.DefaultVolumeSize)
}

func TestSimpleServerRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		field  string
		flavor *compute.Flavor
		change func(s *compute.SimpleServer)
	}{
		"no name":              {"Name", m2, func(s *compute.SimpleServer) { s.Name = "" }},
		"no image":             {"ImageID", m2, func(s *compute.SimpleServer) { s.ImageID = "" }},
		"no subnet":            {"SubnetID", m2, func(s *compute.SimpleServer) { s.SubnetID = "" }},
		"no key":               {"KeyName", m2, func(s *compute.SimpleServer) { s.KeyName = "" }},
		"negative size":        {"VolumeSize", m2, func(s *compute.SimpleServer) { s.VolumeSize = -1 }},
		"empty security group": {"SecurityGroups[0]", m2, func(s *compute.SimpleServer) { s.SecurityGroups = []string{""} }},
		"no flavor id":         {"FlavorID", &compute.Flavor{}, func(s *compute.SimpleServer) { s.FlavorID = "" }},
		"no flavor":            {"flavor", nil, func(*compute.SimpleServer) {}},
		"nothing at all":       {"Name, ImageID, FlavorID, SubnetID, KeyName", &compute.Flavor{}, func(s *compute.SimpleServer) { *s = compute.SimpleServer{} }},
		"another flavor":       {"flavor", &compute.Flavor{ID: "other"}, func(*compute.SimpleServer) {}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			simple := documentedSimple(t)
			test.change(&simple)
			apitest.Refused(t, "compute-v2-create-server", test.field, func(context.Context, *nhncloud.Client) error {
				_, err := simple.Request(test.flavor)
				return err
			})
			if test.field == "flavor" {
				return // CreateSimple looks it up
			}
			apitest.Refused(t, "compute-v2-create-server", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				_, err := compute.New(client).Servers.CreateSimple(ctx, simple)
				return err
			})
		})
	}
}

func TestCreateSimple(t *testing.T) {
	t.Parallel()
	flavors := apitest.Reply{Body: "@compute-v2-list-flavors-detail.gateway.response.json"}
	create := func(t *testing.T, m *apitest.Mock, change func(s *compute.SimpleServer)) (*compute.CreatedServer, error) {
		t.Helper()
		simple := documentedSimple(t)
		change(&simple)
		return compute.New(m.Client).Servers.CreateSimple(t.Context(), simple)
	}
	t.Run("created", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantFlavors, flavors)
		m.Expect(wantCreate(simpleHead+simpleDisk+simpleTail), apitest.Reply{Status: http.StatusAccepted, Body: "@compute-v2-create-server.gateway.response.json"})
		server, err := create(t, m, func(*compute.SimpleServer) {})
		require.NoError(t, err)
		assert.Equal(t, &compute.CreatedServer{ID: "new-server-id"}, server)
	})
	t.Run("flavor on a later page", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantFlavors, apitest.Reply{Body: idPage("flavors", []string{"a"}, `"flavors_links": [{"rel": "next", "href": "?marker=a"}]`)})
		second := wantFlavors
		second.URL += "?marker=a"
		m.Expect(second, apitest.Reply{Body: `{"flavors": [{"id": "flavor-id-123", "name": "u2.c1m1", "disk": 20}], "flavors_links": [{"rel": "next", "href": "?marker=b"}]}`})
		m.Expect(wantCreate(simpleHead+simpleTail), apitest.Reply{Status: http.StatusAccepted, Body: "@compute-v2-create-server.gateway.response.json"})
		_, err := create(t, m, func(*compute.SimpleServer) {})
		require.NoError(t, err)
	})
	t.Run("unknown flavor", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantFlavors, flavors)
		server, err := create(t, m, func(s *compute.SimpleServer) { s.FlavorID = "m9.c1m1" })
		assert.Nil(t, server)
		assert.ErrorIs(t, err, nhncloud.ErrNotFound)
		assert.ErrorContains(t, err, "there is no flavor m9.c1m1")
	})
	t.Run("flavors can't be listed", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantFlavors, apitest.Reply{Status: http.StatusForbidden})
		_, err := create(t, m, func(*compute.SimpleServer) {})
		assert.ErrorIs(t, err, nhncloud.ErrForbidden)
	})
}

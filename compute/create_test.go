package compute_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func wantCreate(body string) apitest.Want {
	return apitest.Want{Operation: "compute-v2-create-server", Method: http.MethodPost, URL: serversURL, Body: body}
}

// documentedCreateBody is the documented body, with a Boolean that the example
// shows as a number in spite of its description.
func documentedCreateBody(t *testing.T) string {
	t.Helper()
	body := apitest.Text(t, "@compute-v2-create-server.request.json")
	changed := strings.Replace(body, `"delete_on_termination": 1`, `"delete_on_termination": true`, 1)
	require.NotEqual(t, body, changed)
	return changed
}

const createImageID = "9956f822-29c9-4f81-9410-0c392d9c8c24"

func documentedCreate() compute.ServerCreateRequest {
	return compute.ServerCreateRequest{
		Name:             "DB-Master",
		ImageID:          createImageID,
		FlavorID:         "a4b6a0f7-aeff-4d78-a8d5-7de9f007012d",
		Networks:         []compute.ServerNetwork{{SubnetID: "b83863ff-0355-4c73-8c10-0bdf66a69aab"}},
		AvailabilityZone: "kr-pub-a",
		KeyName:          "access-key",
		MinCount:         1,
		MaxCount:         1,
		BlockDevices: []compute.BlockDevice{{
			SourceType:          compute.SourceImage,
			UUID:                createImageID,
			BootIndex:           0,
			VolumeSize:          1000,
			DestinationType:     compute.DestinationVolume,
			DeleteOnTermination: true,
		}},
		SecurityGroups: []string{"default"},
		ServerGroupID:  "f878bd5b-49a7-499f-966e-1eceb21cb06b",
	}
}

func create(ctx context.Context, client *nhncloud.Client, request compute.ServerCreateRequest) (*compute.CreatedServer, error) {
	return compute.New(client).Servers.Create(ctx, request)
}

func TestServersCreate(t *testing.T) {
	t.Parallel()
	const id = "3a005d5b-63cf-4493-bfc6-49db990b5b50"
	apitest.CheckCreate(t, wantCreate(documentedCreateBody(t)),
		apitest.Reply{Status: http.StatusAccepted, Body: "@compute-v2-create-server.response.json"},
		&compute.CreatedServer{ID: id, SecurityGroups: []compute.SecurityGroupRef{{Name: "default"}}, Links: links("servers", id)},
		func(ctx context.Context, client *nhncloud.Client) (*compute.CreatedServer, error) {
			return create(ctx, client, documentedCreate())
		})

	minimal := compute.ServerCreateRequest{Name: "web", FlavorID: "f", KeyName: "k", ImageID: "i", Networks: []compute.ServerNetwork{{NetworkID: "n"}}}
	with := func(change func(r *compute.ServerCreateRequest)) compute.ServerCreateRequest {
		r := minimal
		change(&r)
		return r
	}
	base := func(further string) string {
		return `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "imageRef": "i", "networks": [{"uuid": "n"}]` + further + `}}`
	}
	for name, test := range map[string]struct {
		request compute.ServerCreateRequest
		body    string
	}{
		"minimal": {minimal, base("")},
		"networks": {with(func(r *compute.ServerCreateRequest) {
			r.Networks = []compute.ServerNetwork{{NetworkID: "n", FixedIP: "192.168.0.9"}, {SubnetID: "s"}, {PortID: "p"}, {FixedIP: "10.0.0.9"}}
		}), `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "imageRef": "i", "networks": [{"uuid": "n", "fixed_ip": "192.168.0.9"}, {"subnet": "s"},
			{"port": "p"}, {"fixed_ip": "10.0.0.9"}]}}`},
		"devices": {with(func(r *compute.ServerCreateRequest) {
			r.ImageID = ""
			r.BlockDevices = []compute.BlockDevice{
				{SourceType: compute.SourceSnapshot, UUID: "snap", DestinationType: compute.DestinationVolume, VolumeSize: 100},
				{SourceType: compute.SourceVolume, UUID: "vol", BootIndex: 1, DestinationType: compute.DestinationVolume},
				{
					SourceType: compute.SourceBlank, BootIndex: -1, DestinationType: compute.DestinationVolume, VolumeSize: 10, VolumeType: "Encrypted SSD",
					DeleteOnTermination: true, Encryption: &compute.VolumeEncryption{SKMAppKey: "app", SKMKeyID: "key"},
				},
			}
		}), `{"server": {"name": "web", "flavorRef": "f", "key_name": "k", "networks": [{"uuid": "n"}], "block_device_mapping_v2": [
			{"source_type": "snapshot", "uuid": "snap", "boot_index": 0, "destination_type": "volume", "volume_size": 100, "delete_on_termination": false},
			{"source_type": "volume", "uuid": "vol", "boot_index": 1, "destination_type": "volume", "delete_on_termination": false},
			{"source_type": "blank", "boot_index": -1, "destination_type": "volume", "volume_size": 10, "volume_type": "Encrypted SSD",
				"delete_on_termination": true, "nhn_encryption": {"skm_appkey": "app", "skm_key_id": "key"}}]}}`},
		"local disk": {with(func(r *compute.ServerCreateRequest) {
			r.BlockDevices = []compute.BlockDevice{{SourceType: compute.SourceImage, UUID: "i", DestinationType: compute.DestinationLocal}}
		}), base(`, "block_device_mapping_v2": [{"source_type": "image", "uuid": "i", "boot_index": 0, "destination_type": "local", "delete_on_termination": false}]`)},
		"groups and counts": {with(func(r *compute.ServerCreateRequest) {
			r.SecurityGroups, r.MinCount, r.MaxCount = []string{"default", "웹"}, 2, 10
		}), base(`, "security_groups": [{"name": "default"}, {"name": "웹"}], "min_count": 2, "max_count": 10`)},
		"metadata": {with(func(r *compute.ServerCreateRequest) { r.Metadata = map[string]string{"이름": "웹", "": ""} }),
			base(`, "metadata": {"이름": "웹", "": ""}`)},
		"user data": {with(func(r *compute.ServerCreateRequest) { r.UserData = "#!/bin/sh\necho 안녕 >?~\n" }),
			base(`, "user_data": "` + base64.StdEncoding.EncodeToString([]byte("#!/bin/sh\necho 안녕 >?~\n")) + `"`)},
		"more user data than documented": {with(func(r *compute.ServerCreateRequest) { r.UserData = nhncloud.Secret(strings.Repeat("#", 65536)) }),
			base(`, "user_data": "` + base64.StdEncoding.EncodeToString([]byte(strings.Repeat("#", 65536))) + `"`)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := apitest.New(t)
			m.Expect(wantCreate(test.body), apitest.Reply{
				Status: http.StatusAccepted,
				Body:   `{"server": {"id": "s", "OS-DCF:diskConfig": "MANUAL", "adminPass": "hunter2"}}`,
			})
			server, err := create(t.Context(), m.Client, test.request)
			require.NoError(t, err)
			assert.Equal(t, &compute.CreatedServer{ID: "s", DiskConfig: "MANUAL", AdminPass: "hunter2"}, server)
			assert.NotContains(t, fmt.Sprintf("%+v", server), "hunter2")
		})
	}
	t.Run("simple form", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(wantCreate(base("")), apitest.Reply{Status: http.StatusCreated, Body: "@compute-v2-create-server.gateway.response.json"})
		server, err := create(t.Context(), m.Client, minimal)
		require.NoError(t, err)
		assert.Equal(t, &compute.CreatedServer{ID: "new-server-id"}, server)
	})
}

func TestServerCreateRefused(t *testing.T) {
	t.Parallel()
	type request = compute.ServerCreateRequest
	device := func(change func(d *compute.BlockDevice)) func(r *request) {
		return func(r *request) { change(&r.BlockDevices[0]) }
	}
	for name, test := range map[string]struct {
		field  string
		change func(r *request)
	}{
		"no name":        {"Name", func(r *request) { r.Name = "" }},
		"no flavor":      {"FlavorID", func(r *request) { r.FlavorID = "" }},
		"no key":         {"KeyName", func(r *request) { r.KeyName = "" }},
		"no networks":    {"Networks", func(r *request) { r.Networks = nil }},
		"empty network":  {"Networks[1]", func(r *request) { r.Networks = append(r.Networks, compute.ServerNetwork{}) }},
		"no image":       {"ImageID", func(r *request) { r.ImageID, r.BlockDevices = "", nil }},
		"no root":        {"ImageID", func(r *request) { r.ImageID, r.BlockDevices[0].BootIndex = "", 1 }},
		"no source":      {"BlockDevices[0].SourceType", device(func(d *compute.BlockDevice) { d.SourceType = "" })},
		"no destination": {"BlockDevices[0].DestinationType", device(func(d *compute.BlockDevice) { d.DestinationType = "" })},
		"no uuid":        {"BlockDevices[0].UUID", device(func(d *compute.BlockDevice) { d.UUID = "" })},
		"negative size":  {"BlockDevices[0].VolumeSize", device(func(d *compute.BlockDevice) { d.VolumeSize = -1 })},
		"blank root":     {"BlockDevices[0].BootIndex", device(func(d *compute.BlockDevice) { d.SourceType, d.UUID = compute.SourceBlank, "" })},
		"second device": {"BlockDevices[1].SourceType, BlockDevices[1].DestinationType", func(r *request) {
			r.BlockDevices = append(r.BlockDevices, compute.BlockDevice{})
		}},
		"negative MinCount":     {"MinCount", func(r *request) { r.MinCount = -1 }},
		"negative MaxCount":     {"MaxCount", func(r *request) { r.MaxCount = -1 }},
		"more than at the most": {"MinCount", func(r *request) { r.MinCount, r.MaxCount = 3, 2 }},
		"empty security group":  {"SecurityGroups[1]", func(r *request) { r.SecurityGroups = []string{"default", ""} }},
		"nothing at all":        {"Name, FlavorID, KeyName, Networks, ImageID", func(r *request) { *r = request{} }},
		"much at once": {"KeyName, Networks[0], BlockDevices[0].VolumeSize, MinCount, MaxCount, SecurityGroups[0]", func(r *request) {
			r.KeyName, r.Networks[0], r.BlockDevices[0].VolumeSize = "", compute.ServerNetwork{}, -1
			r.MinCount, r.MaxCount, r.SecurityGroups = -1, -1, []string{""}
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := documentedCreate()
			test.change(&r)
			apitest.Refused(t, "compute-v2-create-server", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				server, err := create(ctx, client, r)
				assert.Nil(t, server)
				return err
			})
			apitest.Refused(t, "compute-v2-create-server", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				id, err := compute.New(client).Servers.CreateReserved(ctx, r)
				assert.Empty(t, id)
				return err
			})
		})
	}
}

func TestServersCreateReserved(t *testing.T) {
	t.Parallel()
	body := strings.Replace(documentedCreateBody(t), `"server": {`, `"server": {"return_reservation_id": true,`, 1)
	apitest.CheckCreate(t, wantCreate(body), apitest.Reply{Status: http.StatusAccepted, Body: `{"reservation_id": "r-3fhpjulh"}`}, "r-3fhpjulh",
		func(ctx context.Context, client *nhncloud.Client) (string, error) {
			return compute.New(client).Servers.CreateReserved(ctx, documentedCreate())
		})
}

// TestUserDataStaysSecret: the script of a server may hold passwords.
func TestUserDataStaysSecret(t *testing.T) {
	t.Parallel()
	request := documentedCreate()
	request.UserData = "hunter2"
	apitest.Hidden(t, "hunter2", request)
	apitest.Hidden(t, "hunter2", compute.SimpleServer{Name: "web", UserData: "hunter2"})
	apitest.Hidden(t, "hunter2", compute.CreatedServer{ID: "s", AdminPass: "hunter2"})
}

// A service that refuses user data quotes them as they were sent, whole or cut.
func TestRefusedUserData(t *testing.T) {
	t.Parallel()
	const script = "#!/bin/sh\necho the-secret-of-the-script >/etc/secret; echo and more of it\n"
	encoded := base64.StdEncoding.EncodeToString([]byte(script))
	request := documentedCreate()
	request.UserData = script
	for _, quoted := range []string{encoded, encoded[:50] + "...", strings.Repeat("A", 100<<10) + encoded} {
		client, err := nhncloud.NewClient(nhncloud.Config{Environment: nhncloud.Public, Region: nhncloud.KR1, TenantID: apitest.TenantID},
			nhncloud.WithTokenSource(nhncloud.StaticToken(apitest.Token)),
			nhncloud.WithHTTPClient(&http.Client{Transport: nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				body := `{"badRequest": {"code": 400, "message": "Invalid input for field/attribute user_data. Value: ` + quoted + `. '` + quoted + `' is too long"}}`
				return &http.Response{StatusCode: http.StatusBadRequest, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
			})}))
		require.NoError(t, err)
		_, err = create(t.Context(), client, request)
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "badRequest", e.Code)
		assert.Contains(t, e.Message, "Invalid input for field/attribute user_data")
		for _, text := range []string{err.Error(), fmt.Sprintf("%#v", err), string(e.Body)} {
			assert.NotContains(t, text, encoded[10:40])
			assert.NotContains(t, text, "the-secret")
		}
	}
}

package wire_test

import (
	"bytes"
	"fmt"
	"io"
	"net"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/wire"
)

func TestDecodeKey(t *testing.T) {
	t.Parallel()
	for name, in := range map[string]string{
		"only":           `{"flavor":{"id":"a","ram":"1"}}`,
		"before":         `{"x":{"flavor":{"id":"no"}},"y":[1,{"flavor":2}],"flavor":{"id":"a","ram":1}}`,
		"after":          `{"flavor":{"id":"a","ram":1},"header":{"isSuccessful":true},"z":null,"n":-1.5e3,"s":"}"}`,
		"space":          "\n{ \"x\" : 1 , \"flavor\" : { \"id\" : \"a\" , \"ram\" : 1 } }\r\n",
		"escaped name":   `{"fl\u0061vor":{"id":"a","ram":1}}`,
		"escaped others": `{"flavor\n":{"id":"b"},"\"flavor":1,"flav\\or":2,"flavor":{"id":"a","ram":1}}`,
		"similar":        `{"Flavor":1,"flavors":[],"flavo":1,"":2,"flavor ":3,"flavor":{"id":"a","ram":1}}`,
		"repeated":       `{"flavor":{"id":"b","name":"b","disk":3},"flavor":{"id":"a","ram":1}}`,
		"invalid others": "{\"\xff\":\"\xfe\",\"flavor\":{\"id\":\"a\",\"ram\":1}}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got flavor
			require.NoError(t, wire.Decode(strings.NewReader(in), "flavor", &got))
			assert.Equal(t, flavor{ID: "a", RAM: 1}, got)
		})
	}
}

func TestDecodeKeyKinds(t *testing.T) {
	t.Parallel()
	list := []string{"old"}
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":null}`), "list", &list))
	assert.Nil(t, list)
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":[]}`), "list", &list))
	assert.Equal(t, []string{}, list)
	require.NoError(t, wire.Decode(strings.NewReader(`{"list":["a"],"list":["b","c"]}`), "list", &list))
	assert.Equal(t, []string{"b", "c"}, list)

	var metadata map[string]string
	require.NoError(t, wire.Decode(strings.NewReader(`{"metadata":{"a":"1"},"metadata":{"b":2}}`), "metadata", &metadata))
	assert.Equal(t, map[string]string{"b": "2"}, metadata)
	require.NoError(t, wire.Decode(strings.NewReader(`{"metadata":null}`), "metadata", &metadata))
	assert.Nil(t, metadata)

	var count int
	require.NoError(t, wire.Decode(strings.NewReader(`{"count":"4"}`), "count", &count))
	assert.Equal(t, 4, count)

	f := &flavor{ID: "old"}
	require.NoError(t, wire.Decode(strings.NewReader(`{"flavor":null}`), "flavor", &f))
	assert.Nil(t, f)

	korean := 0
	require.NoError(t, wire.Decode(strings.NewReader(`{"이름":1}`), "이름", &korean))
	assert.Equal(t, 1, korean)
}

func TestDecodeKeyErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`{}`:                            `no member "flavor"`,
		`{"x":1}`:                       `no member "flavor"`,
		`{"x":{"flavor":{}}}`:           `no member "flavor"`,
		`{"Flavor":{}}`:                 `no member "flavor"`,
		`{"flavor":null}`:               "null in place of an object",
		`{"flavor":{},"flavor":null}`:   "null in place of an object",
		`{"flavor":"x"}`:                "/flavor",
		`{"flavor":[]}`:                 "/flavor",
		`{"flavor":{"ram":"{RAM}"}}`:    "/flavor/ram",
		`{"flavor":{}} x`:               "invalid character 'x'",
		`{"flavor":{}}{}`:               "more than one JSON value",
		`{"flavor":{}}}`:                "invalid character '}'",
		`{"flavor":{}]`:                 "invalid character ']'",
		`{"flavor":{},}`:                "invalid character",
		`{"flavor" {}}`:                 "invalid character",
		`{"x":nul,"flavor":{}}`:         "invalid character",
		`{"x":1 "flavor":{}}`:           "invalid character",
		`{1:1,"flavor":{}}`:             "string",
		`{null:1,"flavor":{}}`:          "string",
		`{[]:1,"flavor":{}}`:            "string",
		`{flavor:{}}`:                   "invalid character",
		`null`:                          "but null",
		`true`:                          "but a Boolean",
		`false`:                         "but a Boolean",
		`"flavor"`:                      "but a string",
		`4`:                             "but a number",
		`["flavor",{}]`:                 "but an array",
		`<html>`:                        "invalid character '<'",
		"\ufeff{\"flavor\":{}}":         "invalid character",
		``:                              "unexpected EOF",
		" \n":                           "unexpected EOF",
		`{"flavor":{}`:                  "unexpected EOF",
		`{"flavor":{"id":"a"},"x":"b"`:  "unexpected EOF",
		`{"flavor":`:                    "unexpected EOF",
		`{"x":`:                         "unexpected EOF",
		`{"flavor":{"ram":"4"}, "x":[}`: "invalid character",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			var got flavor
			assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "flavor", &got), want)
		})
	}
}

func TestDecodeWholeErrors(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		`null`:     "null in place of an object",
		`{}{}`:     "more than one JSON value",
		`{}null`:   "more than one JSON value",
		`{} "a"`:   "more than one JSON value",
		`{},`:      "invalid character ','",
		`{}]`:      "invalid character ']'",
		`{}x`:      "invalid character 'x'",
		"{}\x00":   "invalid character",
		`[]`:       "array",
		`"x"`:      "as an object",
		`{'a':1}`:  "invalid character",
		`{"a":1,}`: "invalid character",
		`// c
{}`: "invalid character",
	} {
		t.Run(in, func(t *testing.T) {
			t.Parallel()
			var got flavor
			assert.ErrorContains(t, wire.Decode(strings.NewReader(in), "", &got), want)
		})
	}
}

func TestDecodeEmptyBody(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"", " ", "\r\n\t "} {
		for _, key := range []string{"", "flavor"} {
			var got flavor
			assert.Equal(t, io.ErrUnexpectedEOF, wire.Decode(strings.NewReader(in), key, &got), "%q %q", in, key)
		}
	}
}

// TestDecodeTruncated cuts documented answers after every byte.
func TestDecodeTruncated(t *testing.T) {
	t.Parallel()
	for file, test := range documented() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			whole := strings.TrimSpace(payload(t, file))
			for n := range len(whole) {
				out := reflect.New(reflect.TypeOf(test.want)).Interface()
				err := wire.Decode(strings.NewReader(whole[:n]), test.key, out)
				require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
				require.NotEqual(t, io.EOF, err)
				if n%7 == 0 {
					err = wire.Decode(strings.NewReader(whole[:n]), "absent", out)
					require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%d bytes", n)
				}
			}
		})
	}
}

// TestDecodeReaderError lets the connection break after every byte.
func TestDecodeReaderError(t *testing.T) {
	t.Parallel()
	whole := payload(t, "compute-v2-get-server.response.json")
	broken := &net.OpError{Op: "read", Err: os.ErrDeadlineExceeded}
	for n := range len(whole) + 1 {
		for _, key := range []string{"", "server", "absent"} {
			if key == "absent" && n >= len(strings.TrimSpace(whole)) {
				continue // that the member is missing is known by then
			}
			var got server
			err := wire.Decode(io.MultiReader(strings.NewReader(whole[:n]), iotest.ErrReader(broken)), key, &got)
			require.ErrorIs(t, err, broken, "%d bytes, key %q", n, key)
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			var op *net.OpError
			require.ErrorAs(t, err, &op)
		}
	}
}

// TestDecodeReaders checks that the size of the reads makes no difference.
func TestDecodeReaders(t *testing.T) {
	t.Parallel()
	for file, test := range documented() {
		t.Run(file, func(t *testing.T) {
			t.Parallel()
			whole := payload(t, file)
			for name, wrap := range map[string]func(io.Reader) io.Reader{
				"one byte":   iotest.OneByteReader,
				"half":       iotest.HalfReader,
				"data error": iotest.DataErrReader,
				"buffer":     func(r io.Reader) io.Reader { b := new(bytes.Buffer); _, _ = b.ReadFrom(r); return b },
			} {
				out := reflect.New(reflect.TypeOf(test.want))
				require.NoError(t, wire.Decode(wrap(strings.NewReader(whole)), test.key, out.Interface()), name)
				assert.Equal(t, test.want, out.Elem().Interface(), name)
			}
		})
	}
}

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
		UUID       string         `json:"uuid"`
		Created    time.Time      `json:"created_at"`
		VolumeSize *int           `json:"docker_volume_size"`
		Reason     jsontext.Value `json:"health_status_reason"`
		NodeCount  int            `json:"node_count"`
		Addresses  []string       `json:"node_addresses"`
		FloatingIP bool           `json:"floating_ip_enabled"`
	}
	type image struct {
		ID          string            `json:"id"`
		Size        int64             `json:"size"`
		VirtualSize *int64            `json:"virtual_size"`
		MinDisk     int               `json:"min_disk"`
		Protected   bool              `json:"protected"`
		Created     time.Time         `json:"created_at"`
		Tags        []string          `json:"tags"`
		Properties  map[string]string `json:",embed"`
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
			Reason:    jsontext.Value("{\n    \"test-k8s-default-w-bnga636xulqk-node-0.Ready\": \"True\",\n    \"api\": \"ok\"\n  }"),
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

func TestDecodeSupports(t *testing.T) {
	t.Parallel()
	var versions map[string]bool
	require.NoError(t, wire.Decode(strings.NewReader(payload(t, "nks-get-supports.response.json")), "supported_k8s", &versions))
	assert.Len(t, versions, 16)
	assert.True(t, versions["v1.32.3"])
	assert.False(t, versions["v1.17.6"])
}

// TestDecodeDocumentedPlaceholders reads a page that prints placeholders in
// place of values.
func TestDecodeDocumentedPlaceholders(t *testing.T) {
	t.Parallel()
	var flavors []flavor
	err := wire.Decode(strings.NewReader(payload(t, "compute-v1-list-flavors.response.json")), "flavors", &flavors)
	require.ErrorContains(t, err, "/flavors/0/ram")
	require.ErrorContains(t, err, "{RAM}")
}

// TestDecodeRepeatedName follows the load balancer page, whose answers name
// ipacl_groups twice.
func TestDecodeRepeatedName(t *testing.T) {
	t.Parallel()
	type group struct {
		ID   string `json:"ipacl_group_id"`
		Note string `json:"note"`
	}
	var got struct {
		Groups []group `json:"ipacl_groups"`
	}
	require.NoError(t, wire.Decode(strings.NewReader(`{"loadbalancer":{
		"ipacl_groups":[{"ipacl_group_id":"a","note":"x"},{"ipacl_group_id":"b"}],
		"name":"LB-1",
		"ipacl_groups":[{"ipacl_group_id":"c"}]}}`), "loadbalancer", &got))
	assert.Equal(t, []group{{ID: "c"}}, got.Groups)
}

func TestDecodeText(t *testing.T) {
	t.Parallel()
	tests := []struct{ in, want string }{
		{`"plain"`, "plain"},
		{`"\"\\\/\b\f\n\r\t"`, "\"\\/\b\f\n\r\t"},
		{`"\u0041\u00e9\uc11c\uc6b8"`, "Aé서울"},
		{`"서울 리전"`, "서울 리전"},
		{`"\ud83d\ude00"`, "😀"},
		{`"\u0000"`, "\x00"},
		{`"\ud83d"`, "\ufffd"},
		{`"\ude00x"`, "\ufffdx"},
		{"\"\xff\"", "\ufffd"},
		{"\"a\xc3\"", "a\ufffd"},
		{"\"\xed\x95\"", "\ufffd\ufffd"},
		{"\"\xed\xa0\x80\"", "\ufffd\ufffd\ufffd"},
		{"\"\\n\xffb\"", "\n\ufffdb"},
		{`"` + strings.Repeat("x", 10000) + `"`, strings.Repeat("x", 10000)},
		{`"` + strings.Repeat(`\n`, 10000) + `"`, strings.Repeat("\n", 10000)},
	}
	for i, test := range tests {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			t.Parallel()
			var got struct {
				String string            `json:"s"`
				Named  status            `json:"n"`
				Map    map[string]string `json:"m"`
				Named2 map[string]status `json:"m2"`
				Any    any               `json:"a"`
			}
			in := strings.ReplaceAll(`{"s":$,"n":$,"m":{$:$},"m2":{$:$},"a":$,$:$}`, "$", test.in)
			for _, key := range []string{"", "key"} {
				if key != "" {
					in = `{"key":` + in + `}`
				}
				require.NoError(t, wire.Decode(strings.NewReader(in), key, &got))
				assert.Equal(t, test.want, got.String)
				assert.Equal(t, test.want, string(got.Named))
				assert.Equal(t, map[string]string{test.want: test.want}, got.Map)
				assert.Equal(t, map[string]status{test.want: status(test.want)}, got.Named2)
				assert.Equal(t, test.want, got.Any)
			}
		})
	}
	for _, in := range []string{`"\x"`, `"\u12"`, `"\u12g4"`, "\"\n\"", "\"\x00\"", `"a`, `"a\`, `"a\"`, `'a'`} {
		var s string
		require.Error(t, wire.Decode(strings.NewReader(in), "", &s), in)
		var m map[string]string
		require.Error(t, wire.Decode(strings.NewReader(`{`+in+`:"a"}`), "", &m), in)
		require.Error(t, wire.Decode(strings.NewReader(`{"a":`+in+`}`), "", &m), in)
		require.Error(t, wire.Decode(strings.NewReader(`{`+in+`:1,"a":{}}`), "a", &m), in)
	}
}

type tree struct {
	Child *tree `json:"child"`
}

func TestDecodeDepth(t *testing.T) {
	t.Parallel()
	deep := func(n int) string { return strings.Repeat(`{"child":`, n) + "null" + strings.Repeat("}", n) }
	var got tree
	require.NoError(t, wire.Decode(strings.NewReader(deep(1000)), "", &got))
	n := 0
	for c := &got; c != nil; c = c.Child {
		n++
	}
	assert.Equal(t, 1000, n)
	for name, in := range map[string]string{
		"typed":     deep(100000),
		"skipped":   `{"x":` + deep(100000) + `}`,
		"arrays":    strings.Repeat("[", 100000),
		"unmatched": `{"x":` + strings.Repeat("[", 1000000),
	} {
		for _, key := range []string{"", "child", "absent"} {
			var got tree
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &got), "%s %q", name, key)
			var value any
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &value), "%s %q", name, key)
			var m map[string]string
			assert.Error(t, wire.Decode(strings.NewReader(in), key, &m), "%s %q", name, key)
		}
	}
}

// extended fills two views of one object, the way a public type can keep what
// it has no member for.
type extended struct {
	ID    string
	Count int
	At    time.Time
	Image reference
}

func (e *extended) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	type plain struct {
		ID    string    `json:"id"`
		Count int       `json:"count"`
		At    time.Time `json:"at"`
		Image image     `json:"image"`
	}
	var p plain
	if err := json.UnmarshalDecode(dec, &p); err != nil {
		return err
	}
	*e = extended{p.ID, p.Count, p.At, reference(p.Image)}
	return nil
}

// image is an object, or "" for a server that boots from a volume.
type image reference

func (i *image) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	if dec.PeekKind() == jsontext.KindString {
		return dec.SkipValue()
	}
	return json.UnmarshalDecode(dec, (*reference)(i))
}

func TestDecodeUnmarshalerInherits(t *testing.T) {
	t.Parallel()
	want := []extended{
		{ID: "7", Count: 4, At: time.Date(2020, 2, 27, 3, 16, 5, 0, time.UTC), Image: reference{ID: "8"}},
		{},
	}
	var got []extended
	const in = `{"list":[
		{"id":7,"count":"4","at":"2020-02-27 03:16:05","image":{"id":8,"id":8},"id":7},
		{"id":null,"count":"","at":null,"image":""}]}`
	require.NoError(t, wire.Decode(strings.NewReader(in), "list", &got))
	assert.Equal(t, want, got)

	var one extended
	require.NoError(t, wire.Decode(strings.NewReader(`{"one":{"count":"4"}}`), "one", &one))
	assert.Equal(t, extended{Count: 4}, one)
	assert.ErrorContains(t, wire.Decode(strings.NewReader(`{"one":{"count":"{Count}"}}`), "one", &one), "/one/count")
	assert.ErrorIs(t, wire.Decode(strings.NewReader(`{"one":{"count":"4"`), "one", &one), io.ErrUnexpectedEOF)
}

// nesting decodes another body from within a decode.
type nesting struct{ Inner flavor }

func (n *nesting) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	var body string
	if err := json.UnmarshalDecode(dec, &body); err != nil {
		return err
	}
	return wire.Decode(strings.NewReader(body), "", &n.Inner)
}

func TestDecodeWithinDecode(t *testing.T) {
	t.Parallel()
	var got []nesting
	require.NoError(t, wire.Decode(strings.NewReader(`["{\"id\":\"a\",\"ram\":\"4\"}","{\"id\":\"b\"}"]`), "", &got))
	assert.Equal(t, []nesting{{flavor{ID: "a", RAM: 4}}, {flavor{ID: "b"}}}, got)
}

type panicking struct{}

func (*panicking) UnmarshalJSONFrom(*jsontext.Decoder) error { panic("on purpose") }

// TestDecodeAfterFailures checks that a decoder comes back clean from the pool.
func TestDecodeAfterFailures(t *testing.T) {
	t.Parallel()
	for range 50 {
		assert.Panics(t, func() { _ = wire.Decode(strings.NewReader(`{"a":{}}`), "a", new(panicking)) })
		var m map[string]string
		require.Error(t, wire.Decode(strings.NewReader(`{"a":{"left":"over","x":"\u00`), "a", &m))
		require.Error(t, wire.Decode(strings.NewReader(`{"a":{"left":"over","x":[[[[`), "", &m))
		var f flavor
		require.NoError(t, wire.Decode(strings.NewReader(`{"a":{"id":"x","extra_specs":{"k":"v"}}}`), "a", &f))
		require.Equal(t, flavor{ID: "x", ExtraSpecs: map[string]string{"k": "v"}}, f)
	}
}

// TestDecodeStringsStay checks that no string shares memory that a later
// decode writes to.
func TestDecodeStringsStay(t *testing.T) {
	t.Parallel()
	body := func(i int) string {
		return fmt.Sprintf(`{"id":"id-%[1]d","name":"\u0041\n%[1]d","ram":%[1]d,"extra_specs":{"key-%[1]d":"v\t%[1]d","\u006b%[1]d":%[1]d,"long":"%[2]s"}}`,
			i, strings.Repeat(fmt.Sprint(i%10), 300))
	}
	want := func(i int) flavor {
		return flavor{ID: fmt.Sprintf("id-%d", i), Name: fmt.Sprintf("A\n%d", i), RAM: i, ExtraSpecs: map[string]string{
			fmt.Sprintf("key-%d", i): fmt.Sprintf("v\t%d", i), fmt.Sprintf("k%d", i): fmt.Sprint(i),
			"long": strings.Repeat(fmt.Sprint(i%10), 300)}}
	}
	const n = 3000
	got := make([]flavor, n)
	for i := range got {
		// A bytes.Buffer is read in place.
		buf := bytes.NewBufferString(body(i))
		raw := buf.Bytes()
		require.NoError(t, wire.Decode(buf, "", &got[i]))
		clear(raw)
	}
	for i := range got {
		require.Equal(t, want(i), got[i])
	}
}

func TestDecodeConcurrently(t *testing.T) {
	t.Parallel()
	var wg sync.WaitGroup
	for worker := range 16 {
		wg.Go(func() {
			var kept []flavor
			for i := range 300 {
				n := worker*1000 + i
				in := fmt.Sprintf(`{"flavor":{"id":"id-%[1]d","name":"same","ram":"%[1]d","extra_specs":{"n":%[1]d,"\u006d":"v\n%[1]d"}}}`, n)
				var f flavor
				if !assert.NoError(t, wire.Decode(strings.NewReader(in), "flavor", &f)) {
					return
				}
				kept = append(kept, f)
				if i%10 == 0 {
					assert.Error(t, wire.Decode(strings.NewReader(in[:len(in)/2]), "flavor", &f))
				}
			}
			for i, f := range kept {
				n := worker*1000 + i
				assert.Equal(t, flavor{ID: fmt.Sprintf("id-%d", n), Name: "same", RAM: n,
					ExtraSpecs: map[string]string{"n": fmt.Sprint(n), "m": fmt.Sprintf("v\n%d", n)}}, f)
			}
		})
	}
	wg.Wait()
}

func TestMarshal(t *testing.T) {
	t.Parallel()
	in := map[string]any{"z": 1, "a": map[string]string{"y": "<&>", "b": "x"}, "m": []int{}, "n": nil}
	for range 20 {
		got, err := wire.Marshal(in)
		require.NoError(t, err)
		assert.Equal(t, `{"a":{"b":"x","y":"<&>"},"m":[],"n":null,"z":1}`, string(got))
	}
	_, err := wire.Marshal(func() {})
	assert.Error(t, err)
}

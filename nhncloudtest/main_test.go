package nhncloudtest_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	goleak.VerifyTestMain(m)
}

type object = map[string]any

const transition = time.Minute

// world is a cloud with a clock that stands still, and a client of it that
// speaks plain HTTP.
type world struct {
	*nhncloudtest.Server
	t     *testing.T
	http  *http.Client
	token string
}

func newWorld(t *testing.T, opts ...nhncloudtest.Option) *world {
	t.Helper()
	t.Parallel()
	opts = append([]nhncloudtest.Option{
		nhncloudtest.WithManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		nhncloudtest.WithTransition(transition), nhncloudtest.WithEd25519Keys(),
	}, opts...)
	w := &world{Server: nhncloudtest.Start(t, opts...), t: t, http: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(w.http.CloseIdleConnections)
	w.login(w.TenantID)
	return w
}

// login gets a token for a tenant and keeps it.
func (w *world) login(tenant string) object {
	w.t.Helper()
	res := w.call("POST", "/identity/v2.0/tokens", loginBody(tenant, w.Username, w.Password))
	require.Equal(w.t, 200, res.status, "%s", res.text)
	w.token = at(res.body, "access", "token", "id").(string)
	return res.body
}

func loginBody(tenant, user, password string) object {
	return object{"auth": object{"tenantId": tenant, "passwordCredentials": object{"username": user, "password": password}}}
}

// result is an answer.
type result struct {
	status int
	header http.Header
	text   string
	body   object
}

// call sends a request with the token and a JSON body, which may be text too.
func (w *world) call(method, path string, body any) result {
	w.t.Helper()
	res, err := w.try(method, path, body, nil)
	require.NoError(w.t, err)
	return res
}

func (w *world) try(method, path string, body any, header http.Header) (result, error) {
	w.t.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		require.NoError(w.t, err)
		reader = bytes.NewReader(data)
	}
	url := path
	if !strings.HasPrefix(path, "http") {
		url = w.URL() + path
	}
	req, err := http.NewRequestWithContext(w.t.Context(), method, url, reader)
	require.NoError(w.t, err)
	req.Header.Set("X-Auth-Token", w.token)
	req.Header.Set("Accept", "application/json")
	if reader != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := w.http.Do(req)
	if err != nil {
		return result{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return result{}, err
	}
	res := result{status: resp.StatusCode, header: resp.Header, text: string(data)}
	_ = json.Unmarshal(data, &res.body)
	return res, nil
}

// compute calls the compute service, below the tenant.
func (w *world) compute(method, path string, body any) result {
	w.t.Helper()
	return w.call(method, "/compute/v2/"+w.TenantID+path, body)
}

func (w *world) volume(method, path string, body any) result {
	w.t.Helper()
	return w.call(method, "/volume/v2/"+w.TenantID+path, body)
}

// done lets a transition pass.
func (w *world) done() { w.Advance(transition) }

// u2 makes a server with a local disk, ACTIVE.
func (w *world) u2(name string) string {
	w.t.Helper()
	res := w.compute("POST", "/servers", object{"server": w.u2Body(name)})
	require.Equal(w.t, 202, res.status, "%s", res.text)
	w.done()
	return at(res.body, "server", "id").(string)
}

func (w *world) u2Body(name string) object {
	return object{
		"name": name, "flavorRef": w.FlavorID("u2.c1m1"), "imageRef": w.ImageID("Ubuntu Server 24.04"),
		"networks": []object{{"uuid": w.NetworkID()}}, "availability_zone": "kr-pub-a",
	}
}

// m2Body asks for a server that boots from a volume.
func (w *world) m2Body(name string, device object) object {
	d := object{
		"source_type": "image", "destination_type": "volume", "uuid": w.ImageID("Rocky"), "boot_index": 0,
		"volume_size": 20,
	}
	for k, v := range device {
		d[k] = v
	}
	return object{
		"name": name, "flavorRef": w.FlavorID("m2.c1m2"), "networks": []object{{"subnet": w.SubnetID()}},
		"availability_zone": "kr-pub-a", "block_device_mapping_v2": []object{d},
	}
}

func (w *world) server(id string) object {
	w.t.Helper()
	res := w.compute("GET", "/servers/"+id, nil)
	require.Equal(w.t, 200, res.status, "%s", res.text)
	return res.body["server"].(object)
}

// volumeOf makes a volume, available.
func (w *world) newVolume(zone string) string {
	w.t.Helper()
	res := w.volume("POST", "/volumes", object{"volume": object{"size": 10, "availability_zone": zone}})
	require.Equal(w.t, 202, res.status, "%s", res.text)
	w.done()
	return at(res.body, "volume", "id").(string)
}

func (w *world) volumeStatus(id string) string {
	w.t.Helper()
	res := w.volume("GET", "/volumes/"+id, nil)
	if res.status == 404 {
		return "gone"
	}
	return at(res.body, "volume", "status").(string)
}

// action sends a server action and checks the status of the answer.
func (w *world) action(id string, status int, body any) result {
	w.t.Helper()
	res := w.compute("POST", "/servers/"+id+"/action", body)
	require.Equal(w.t, status, res.status, "%v: %s", body, res.text)
	if status == 202 {
		assert.Empty(w.t, res.text)
		assert.Empty(w.t, res.header.Get("Content-Type"))
	}
	return res
}

// status checks what a server is.
func (w *world) status(id, status, task string) {
	w.t.Helper()
	s := w.server(id)
	assert.Equal(w.t, status, s["status"])
	if task == "" {
		assert.Nil(w.t, s["OS-EXT-STS:task_state"])
	} else {
		assert.Equal(w.t, task, s["OS-EXT-STS:task_state"])
	}
}

// at walks into objects and lists.
func at(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			v = v.(object)[p]
		case int:
			v = v.([]any)[p]
		}
	}
	return v
}

func fixture(t *testing.T, name string) object {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("testdata", name+".json"))
	require.NoError(t, err)
	var o object
	require.NoError(t, json.Unmarshal(data, &o))
	return o
}

// freeKeys are objects whose keys are data.
var freeKeys = map[string]bool{"metadata": true, "addresses": true, "extra_specs": true, "meta": true, "properties": true}

// placeholders are what the documents of v1.0 show for values that are no
// strings.
var placeholders = map[string]any{
	"{IP Version}": 0., "{IP version}": 0., "{Flavor CPU}": 0., "{Flavor RAM}": 0., "{Root Volume Size}": 0.,
	"{Attached Volume Size}": 0., "{Ephermeral}": 0., "{Volume Size}": 0., "{RAM}": 0., "{VCPUs}": 0., "{Size}": 0.,
	"{Min Disk}": 0., "{Min RAM}": 0., "{Image Size}": 0., "{Port Range MAX}": 0., "{Port Range MIN}": 0.,
	"{Available}": true, "{Disabled}": true, "{Is Public}": true, "{Protected}": true, "{Enable DHCP}": true,
	"{Administrative State}": true, "{External Router Provided}": true,
}

// sameShape checks that an answer has the keys of the documented one, with
// values of the same kind, all the way down.
func sameShape(t *testing.T, name string, got any) {
	t.Helper()
	compareShape(t, name, fixture(t, name), got)
}

func compareShape(t *testing.T, path string, want, got any) {
	t.Helper()
	if got == nil || want == nil {
		return // documented examples show null for what can have a value, and the other way round
	}
	switch want := want.(type) {
	case object:
		got, ok := got.(object)
		if !assert.True(t, ok, "%s is no object", path) {
			return
		}
		last := path[strings.LastIndexAny(path, ".]")+1:]
		if freeKeys[last] {
			return
		}
		for k, v := range want {
			g, ok := got[k]
			if assert.True(t, ok, "%s lacks %q", path, k) {
				compareShape(t, path+"."+k, v, g)
			}
		}
		for k := range got {
			assert.Contains(t, want, k, "%s has more than documented", path)
		}
	case []any:
		got, ok := got.([]any)
		if !assert.True(t, ok, "%s is no list", path) || len(want) == 0 {
			return
		}
		for _, g := range got {
			compareShape(t, path+"[]", want[0], g)
		}
	case string:
		if kind, ok := placeholders[want]; ok {
			assert.IsType(t, kind, got, path)
			return
		}
		assert.IsType(t, want, got, path)
	default:
		assert.IsType(t, want, got, path)
	}
}

// sameError checks an answer against a recorded error: status, content type,
// shape, and the words up to the ids in them.
func sameError(t *testing.T, name string, got result) {
	t.Helper()
	want := fixture(t, filepath.Join("errors", name))
	assert.EqualValues(t, want["status"], got.status, "%s", got.text)
	assert.Equal(t, want["content_type"], got.header.Get("Content-Type"))
	if text, ok := want["body"].(string); ok {
		assert.Equal(t, text, got.text)
		return
	}
	compareError(t, want["body"], got.body)
}

func compareError(t *testing.T, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case object:
		got, _ := got.(object)
		for k, v := range want {
			compareError(t, v, got[k])
		}
		assert.Len(t, got, len(want))
	case string:
		assert.Equal(t, withoutIDs(want), withoutIDs(got.(string)))
	default:
		assert.Equal(t, want, got)
	}
}

// withoutIDs replaces words that look like ids, and names of the recording.
func withoutIDs(s string) string {
	words := strings.Fields(s)
	for i, w := range words {
		bare := strings.Trim(w, "'.,")
		if len(bare) >= 32 || strings.HasPrefix(bare, "k-") {
			words[i] = strings.ReplaceAll(w, bare, "ID")
		}
	}
	return strings.Join(words, " ")
}

package cloudtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Object is a JSON object.
type Object = map[string]any

type object = Object

// Transition is how long a change takes.
const Transition = time.Minute

// World is a cloud with a clock that stands still, and a client of it that
// speaks plain HTTP.
type World struct {
	*nhncloudtest.Server
	T     *testing.T
	HTTP  *http.Client
	Token string
}

// New starts a cloud for a test that runs in parallel with others, and logs in.
func New(t *testing.T, opts ...nhncloudtest.Option) *World {
	t.Helper()
	t.Parallel()
	opts = append([]nhncloudtest.Option{
		nhncloudtest.WithManualClock(time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)),
		nhncloudtest.WithTransition(Transition), nhncloudtest.WithEd25519Keys(),
	}, opts...)
	w := &World{Server: nhncloudtest.Start(t, opts...), T: t, HTTP: &http.Client{Transport: &http.Transport{}}}
	t.Cleanup(w.HTTP.CloseIdleConnections)
	w.Login(w.TenantID)
	return w
}

// Login gets a token for a tenant and keeps it.
func (w *World) Login(tenant string) object {
	w.T.Helper()
	res := w.Call("POST", "/identity/v2.0/tokens", LoginBody(tenant, w.Username, w.Password))
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	w.Token = At(res.Body, "access", "token", "id").(string)
	return res.Body
}

// LoginBody is a request for a token.
func LoginBody(tenant, user, password string) object {
	return object{"auth": object{"tenantId": tenant, "passwordCredentials": object{"username": user, "password": password}}}
}

// Result is an answer.
type Result struct {
	Status int
	Header http.Header
	Text   string
	Body   Object
}

// Call sends a request with the token and a JSON body, which may be text too.
func (w *World) Call(method, path string, body any) Result {
	w.T.Helper()
	res, err := w.Try(method, path, body, nil)
	require.NoError(w.T, err)
	return res
}

// Try is Call for requests that may fail, with headers to add.
func (w *World) Try(method, path string, body any, header http.Header) (Result, error) {
	w.T.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		data, err := json.Marshal(b)
		require.NoError(w.T, err)
		reader = bytes.NewReader(data)
	}
	url := path
	if !strings.HasPrefix(path, "http") {
		url = w.URL() + path
	}
	req, err := http.NewRequestWithContext(w.T.Context(), method, url, reader)
	require.NoError(w.T, err)
	req.Header.Set("X-Auth-Token", w.Token)
	req.Header.Set("Accept", "application/json")
	if reader != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	for k, v := range header {
		req.Header[k] = v
	}
	resp, err := w.HTTP.Do(req)
	if err != nil {
		return Result{}, err
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil {
		return Result{}, err
	}
	res := Result{Status: resp.StatusCode, Header: resp.Header, Text: string(data)}
	_ = json.Unmarshal(data, &res.Body)
	return res, nil
}

// Compute calls the compute service, below the tenant.
func (w *World) Compute(method, path string, body any) Result {
	w.T.Helper()
	return w.Call(method, "/compute/v2/"+w.TenantID+path, body)
}

// Volume calls block storage, below the tenant.
func (w *World) Volume(method, path string, body any) Result {
	w.T.Helper()
	return w.Call(method, "/volume/v2/"+w.TenantID+path, body)
}

// Done lets a transition pass.
func (w *World) Done() { w.Advance(Transition) }

// U2 makes a server with a local disk, ACTIVE.
func (w *World) U2(name string) string {
	w.T.Helper()
	res := w.Compute("POST", "/servers", object{"server": w.U2Body(name)})
	require.Equal(w.T, 202, res.Status, "%s", res.Text)
	w.Done()
	return At(res.Body, "server", "id").(string)
}

// U2Body asks for a server with a local disk.
func (w *World) U2Body(name string) object {
	return object{
		"name": name, "flavorRef": w.FlavorID("u2.c1m1"), "imageRef": w.ImageID("Ubuntu Server 24.04"),
		"networks": []object{{"uuid": w.NetworkID()}}, "availability_zone": "kr-pub-a",
	}
}

// M2Body asks for a server that boots from a volume.
func (w *World) M2Body(name string, device object) object {
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

// GetServer is a server as the API shows it.
func (w *World) GetServer(id string) object {
	w.T.Helper()
	res := w.Compute("GET", "/servers/"+id, nil)
	require.Equal(w.T, 200, res.Status, "%s", res.Text)
	return res.Body["server"].(object)
}

// NewVolume makes a volume, available.
func (w *World) NewVolume(zone string) string {
	w.T.Helper()
	res := w.Volume("POST", "/volumes", object{"volume": object{"size": 10, "availability_zone": zone}})
	require.Equal(w.T, 202, res.Status, "%s", res.Text)
	w.Done()
	return At(res.Body, "volume", "id").(string)
}

// VolumeStatus is the status of a volume; "gone" when there is none.
func (w *World) VolumeStatus(id string) string {
	w.T.Helper()
	res := w.Volume("GET", "/volumes/"+id, nil)
	if res.Status == 404 {
		return "gone"
	}
	return At(res.Body, "volume", "status").(string)
}

// Action sends a server action and checks the status of the answer.
func (w *World) Action(id string, status int, body any) Result {
	w.T.Helper()
	res := w.Compute("POST", "/servers/"+id+"/action", body)
	require.Equal(w.T, status, res.Status, "%v: %s", body, res.Text)
	if status == 202 {
		assert.Empty(w.T, res.Text)
		assert.Empty(w.T, res.Header.Get("Content-Type"))
	}
	return res
}

// Do sends the documented request of an action.
func (w *World) Do(id, action string, status int) Result {
	w.T.Helper()
	return w.Action(id, status, Fixture(w.T, "compute-v2-server-action-"+action+".request"))
}

// CheckStatus checks what a server is.
func (w *World) CheckStatus(id, status, task string) {
	w.T.Helper()
	s := w.GetServer(id)
	assert.Equal(w.T, status, s["status"])
	if task == "" {
		assert.Nil(w.T, s["OS-EXT-STS:task_state"])
	} else {
		assert.Equal(w.T, task, s["OS-EXT-STS:task_state"])
	}
}

// At walks into objects and lists.
func At(v any, path ...any) any {
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

// CountPages follows the next links of a list and counts its elements.
func (w *World) CountPages(next, list, links string) int {
	w.T.Helper()
	n := 0
	for next != "" {
		res := w.Call("GET", next, nil)
		require.Equal(w.T, 200, res.Status, "%s", res.Text)
		n += len(res.Body[list].([]any))
		next = ""
		around, _ := res.Body[links].([]any)
		for _, l := range around {
			if At(l, "rel") == "next" {
				next = At(l, "href").(string)
			}
		}
	}
	return n
}

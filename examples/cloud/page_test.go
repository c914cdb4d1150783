package main

import (
	"bufio"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/keypair"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/testclient"
)

// paged starts a cloud with the page.
func paged(t *testing.T) *nhncloudtest.Server {
	t.Helper()
	p := &page{every: time.Millisecond}
	cloud := nhncloudtest.Start(t, nhncloudtest.WithHandler(p), nhncloudtest.WithEd25519Keys())
	p.show(cloud)
	return cloud
}

func client(t *testing.T, cloud *nhncloudtest.Server) *nhncloud.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return testclient.New(cloud, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
}

type answer struct {
	status int
	header http.Header
	body   string
}

func ask(t *testing.T, method, url, host string) answer {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	require.NoError(t, err)
	if host != "" {
		req.Host = host
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answer{resp.StatusCode, resp.Header, string(body)}
}

// watch reads events of the page until one is as it should be, and returns its text.
func watch(t *testing.T, url string, good func(view) bool) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url+"/_page/events", nil)
	require.NoError(t, err)
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := transport.RoundTrip(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	assert.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	for lines := bufio.NewReader(resp.Body); ; {
		line, err := lines.ReadString('\n')
		require.NoError(t, err)
		data, ok := strings.CutPrefix(line, "data: ")
		var v view
		if ok {
			require.NoError(t, json.Unmarshal([]byte(data), &v))
		}
		if ok && good(v) {
			return data
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	cloud := paged(t)
	got := ask(t, "GET", cloud.URL()+"/", "")
	assert.Equal(t, 200, got.status)
	assert.Contains(t, got.body, "What is there")
	assert.Equal(t, policy, got.header.Get("Content-Security-Policy"))
	assert.NotContains(t, got.body, "http") // nothing comes from elsewhere
	for _, file := range []string{"page.js", "page.css"} {
		got := ask(t, "GET", cloud.URL()+"/_page/"+file, "")
		assert.Equal(t, 200, got.status)
		assert.Contains(t, got.header.Get("Content-Type"), map[string]string{"page.js": "javascript", "page.css": "css"}[file])
		assert.NotContains(t, got.body, "http")
	}
	assert.Equal(t, 405, ask(t, "POST", cloud.URL()+"/", "").status)
	assert.Equal(t, 404, ask(t, "GET", cloud.URL()+"/_page/page.html", "").status)
	assert.Empty(t, ask(t, "HEAD", cloud.URL()+"/_page/events", "").body)
	assert.Zero(t, cloud.Count(""), "looking at the page is not recorded")
}

// The page is at no path of the API.
func TestAPIPathsStay(t *testing.T) {
	t.Parallel()
	with, without := paged(t), nhncloudtest.Start(t)
	for _, path := range []string{
		"/compute", "/compute/", "/compute/v2/", "/identity/v2.0", "/image/", "/network/", "/volume/", "/info", "/v1/x", "/nowhere", "/compute/v2/x/servers",
	} {
		a, b := ask(t, "GET", with.URL()+path, ""), ask(t, "GET", without.URL()+path, "")
		assert.Equal(t, b.status, a.status, path)
		assert.Equal(t, strings.ReplaceAll(b.body, without.URL(), ""), strings.ReplaceAll(a.body, with.URL(), ""), path)
	}
}

// A site whose name was made to lead to this machine can't read the page.
func TestPageIsLocal(t *testing.T) {
	t.Parallel()
	cloud := paged(t)
	for host, status := range map[string]int{
		"attacker.example": 421, "attacker.example:8774": 421, "127.0.0.1.attacker.example": 421, "192.0.2.1": 421,
		"localhost": 200, "localhost:1": 200, "127.0.0.1": 200, "[::1]:1": 200, "[::1]": 200,
	} {
		assert.Equal(t, status, ask(t, "GET", cloud.URL()+"/", host).status, host)
		if status != 200 {
			assert.Equal(t, status, ask(t, "GET", cloud.URL()+"/_page/events", host).status, host)
		}
	}
}

func TestPageIsLive(t *testing.T) {
	t.Parallel()
	cloud := paged(t)
	watch(t, cloud.URL(), func(v view) bool { return v.Total == 0 && v.URL == cloud.URL() })
	id := cloud.AddServers(1)[0]
	has := func(status string) func(view) bool {
		return func(v view) bool {
			for _, r := range v.Resources {
				if r.ID == id {
					return r.Service == "compute" && r.Kind == "server" && r.Region == "KR1" && r.Name == "server-1" && r.Status == status
				}
			}
			return false
		}
	}
	watch(t, cloud.URL(), has("ACTIVE"))
	require.NoError(t, cloud.SetServerStatus(id, "ERROR"))
	watch(t, cloud.URL(), has("ERROR"))
	assert.Equal(t, 401, ask(t, "GET", cloud.URL()+"/compute/v2/nobody", "").status)
	watch(t, cloud.URL(), func(v view) bool {
		return v.Total == 1 && len(v.Requests) == 1 && v.Requests[0].Path == "/compute/v2/nobody" && v.Requests[0].Status != 0
	})
}

// Names are made by clients. They come as JSON without <, and the script puts
// them in as text.
func TestHostileNames(t *testing.T) {
	t.Parallel()
	cloud := paged(t)
	const name = `<img src=x onerror=alert(1)></script><script>alert(2)</script>`
	_, err := network.New(client(t, cloud)).SecurityGroups.Create(t.Context(), network.SecurityGroupCreateRequest{Name: name})
	require.NoError(t, err)
	data := watch(t, cloud.URL(), func(v view) bool {
		for _, r := range v.Resources {
			if r.Name == name {
				return true
			}
		}
		return false
	})
	assert.NotContains(t, data, "<")
	script, err := files.ReadFile("page/page.js")
	require.NoError(t, err)
	for _, way := range []string{"innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "Function(", "setAttribute", "href"} {
		assert.NotContains(t, string(script), way)
	}
	html, err := files.ReadFile("page/page.html")
	require.NoError(t, err)
	assert.NotContains(t, string(html), "style=")
	assert.NotRegexp(t, `\son[a-z]+=`, string(html))
}

func TestNoSecrets(t *testing.T) {
	t.Parallel()
	cloud := paged(t)
	asker := client(t, cloud)
	pair, err := keypair.New(asker).KeyPairs.Create(t.Context(), "mine")
	require.NoError(t, err)
	ask(t, "GET", cloud.AppKeyURL()+"/v1.0/appkeys/"+cloud.AppKey+"/flavors?key=hidden", "")
	ask(t, "DELETE", cloud.AuthURL()+"/users/u/credentials/OS-EC2/accesskey", "")
	data := watch(t, cloud.URL(), func(v view) bool { return v.Total >= 4 && v.Requests[v.Total-1].Status != 0 })
	assert.Contains(t, data, "/appkeys/***/flavors")
	assert.Contains(t, data, "/OS-EC2/***")
	secrets := []string{cloud.Password, cloud.AppKey, "accesskey", "hidden", "PRIVATE KEY"}
	for _, line := range strings.Split(string(pair.PrivateKey), "\n") {
		if len(line) > 20 {
			secrets = append(secrets, line)
		}
	}
	for _, r := range cloud.Requests() {
		if token := r.Header.Get("X-Auth-Token"); token != "" {
			secrets = append(secrets, token)
		}
	}
	assert.Greater(t, len(secrets), 5)
	for _, secret := range secrets {
		assert.NotContains(t, data, secret)
	}
}

func TestPageBeforeTheCloud(t *testing.T) {
	t.Parallel()
	p := &page{every: time.Millisecond}
	cloud := nhncloudtest.Start(t, nhncloudtest.WithHandler(p))
	assert.Equal(t, 503, ask(t, "GET", cloud.URL()+"/", "").status)
}

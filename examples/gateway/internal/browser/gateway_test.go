package browser

import (
	"bufio"
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// account is what a user logs in with.
type account struct {
	TenantID string `json:"tenant_id"`
	Username string `json:"username"`
	Password string `json:"password"`
}

// gateway is the program, which runs in front of a cloud in memory.
type gateway struct {
	testing.TB
	url     string
	account account
}

var (
	listening = regexp.MustCompile(`listens on (http://[0-9.:]+)`)
	request   = regexp.MustCompile(`-d '(\{.*\})'`)
)

// start starts the program, and reads what it prints at its start.
func start(t testing.TB, flags ...string) *gateway {
	t.Helper()
	if program == "" {
		newTab(t) // skips
	}
	command := exec.Command(program, append([]string{"-listen", "127.0.0.1:0"}, flags...)...)
	command.Dir = t.TempDir()
	var logged bytes.Buffer
	command.Stderr = &logged
	stdout, err := command.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, command.Start())
	t.Cleanup(func() {
		assert.NoError(t, command.Process.Signal(os.Interrupt))
		io.Copy(io.Discard, stdout)
		assert.NoError(t, command.Wait())
		if t.Failed() {
			t.Log(logged.String())
		}
	})
	g := &gateway{TB: t}
	for lines := bufio.NewScanner(stdout); g.account.Password == ""; {
		require.True(t, lines.Scan(), "the gateway ended: %v", lines.Err())
		if m := listening.FindStringSubmatch(lines.Text()); m != nil {
			g.url = m[1]
		}
		if m := request.FindStringSubmatch(lines.Text()); m != nil {
			require.NoError(t, json.Unmarshal([]byte(m[1]), &g.account))
		}
	}
	require.NotEmpty(t, g.url)
	return g
}

// headers are those of a caller who is logged in.
func (g *gateway) headers() map[string]string {
	g.Helper()
	var answer struct{ Token string }
	g.do("POST", "/api/nhn/token/", nil, g.account, &answer)
	return map[string]string{"X-NHN-Region": "kr1", "X-NHN-Token": answer.Token, "X-NHN-Tenant-ID": g.account.TenantID}
}

// do calls the gateway past the browser.
func (g *gateway) do(method, path string, headers map[string]string, body, answer any) {
	g.Helper()
	content, err := json.Marshal(body)
	require.NoError(g, err)
	r, err := http.NewRequestWithContext(g.Context(), method, g.url+path, bytes.NewReader(content))
	require.NoError(g, err)
	r.Header.Set("Content-Type", "application/json")
	for name, value := range headers {
		r.Header.Set(name, value)
	}
	response, err := http.DefaultClient.Do(r)
	require.NoError(g, err)
	defer response.Body.Close()
	content, err = io.ReadAll(response.Body)
	require.NoError(g, err)
	require.Less(g, response.StatusCode, 300, "%s", content)
	require.NoError(g, json.Unmarshal(content, answer), "%s", content)
}

// instance is what a new instance is made of.
func (g *gateway) instance(name string) map[string]any {
	g.Helper()
	headers := g.headers()
	first := func(path, key string, fits func(map[string]any) bool) map[string]any {
		var list map[string][]map[string]any
		g.do("GET", path, headers, nil, &list)
		i := slices.IndexFunc(list[key], fits)
		require.GreaterOrEqual(g, i, 0, path)
		return list[key][i]
	}
	named := func(prefix string) func(map[string]any) bool {
		return func(item map[string]any) bool { return strings.HasPrefix(item["name"].(string), prefix) }
	}
	anyone := func(map[string]any) bool { return true }
	return map[string]any{
		"name":         name,
		"flavor_id":    first("/api/nhn/compute/flavors/", "flavors", named("m2.c2m4"))["id"],
		"image_id":     first("/api/nhn/compute/images/", "images", named("Ubuntu"))["id"],
		"subnet_id":    first("/api/nhn/subnet/", "vpcsubnets", named("Default"))["id"],
		"keypair_name": first("/api/nhn/compute/keypairs/", "keypairs", anyone)["keypair"].(map[string]any)["name"],
	}
}

// create begins to create an instance past the browser.
func (g *gateway) create(name string) {
	g.Helper()
	var created struct{ Server struct{ ID string } }
	g.do("POST", "/api/nhn/compute/instances/create/", g.headers(), g.instance(name), &created)
	require.NotEmpty(g, created.Server.ID)
}

// quoted is a text as JavaScript writes it.
func quoted(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return strings.TrimSpace(string(text))
}

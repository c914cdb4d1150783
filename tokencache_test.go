package nhncloud_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// warnings collects what is logged at level warning and above.
type warnings struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (w *warnings) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.out.Write(p)
}

func (w *warnings) option() nhncloud.Option {
	return nhncloud.WithLogger(slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: slog.LevelWarn})))
}

// lines returns what was logged since the last time.
func (w *warnings) lines() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	defer w.out.Reset()
	return slices.Collect(strings.Lines(w.out.String()))
}

// cacheFolder returns a folder that a cache may use, whatever the umask.
func cacheFolder(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "cache")
}

// run is one run of a program: a new client that makes one call.
func run(t *testing.T, cloud *nhncloudtest.Server, cache nhncloud.TokenCache, options ...nhncloud.Option) *nhncloud.Client {
	t.Helper()
	client := cloudClient(t, cloud, append([]nhncloud.Option{nhncloud.WithTokenCache(cache)}, options...)...)
	_, err := compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	return client
}

// memory is a cache that notes its keys, and can be told to misbehave.
type memory struct {
	mu     sync.Mutex
	tokens map[string]*nhncloud.Token
	load   func() (*nhncloud.Token, error)
	store  error
	asked  int
}

func (m *memory) Load(_ context.Context, key string) (*nhncloud.Token, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked++
	if m.load != nil {
		return m.load()
	}
	return m.tokens[key], nil
}

func (m *memory) Store(_ context.Context, key string, token *nhncloud.Token) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.store != nil {
		return m.store
	}
	if m.tokens == nil {
		m.tokens = map[string]*nhncloud.Token{}
	}
	m.tokens[key] = token
	return nil
}

// Each account, tenant and installation finds its own tokens only.
func TestTokenCacheKeys(t *testing.T) {
	t.Parallel()
	m := new(memory)
	changes := map[string]func(*nhncloud.Config){
		"base":        func(*nhncloud.Config) {},
		"user":        func(c *nhncloud.Config) { c.Username = "other@example.com" },
		"tenant":      func(c *nhncloud.Config) { c.TenantID = storageTenant },
		"environment": func(c *nhncloud.Config) { c.Environment = nhncloud.Gov },
		"auth URL":    func(c *nhncloud.Config) { c.AuthURL = "https://identity.example.com" },
		"identity": func(c *nhncloud.Config) {
			c.Endpoints = map[nhncloud.Service]string{nhncloud.ServiceIdentity: "https://identity2.example.com"}
		},
		"without known": func(c *nhncloud.Config) { c.Environment, c.AuthURL = "", "https://identity.example.com" },
	}
	login := func(change func(*nhncloud.Config), password nhncloud.Secret) *network {
		n := &network{}
		client := networkClient(t, n, func(c *nhncloud.Config) {
			c.Password = password
			change(c)
		}, nhncloud.WithTokenCache(m))
		_, err := client.Token(t.Context())
		require.NoError(t, err)
		return n
	}
	for name, change := range changes {
		assert.Len(t, login(change, marker).logins, 1, name)
	}
	assert.Len(t, m.tokens, len(changes))
	for name, change := range changes {
		assert.Empty(t, login(change, "another").logins, name)
	}
	// The region is none of it, for a token is good for all of them.
	assert.Empty(t, login(func(c *nhncloud.Config) { c.Region = nhncloud.JP1 }, marker).logins)

	n := &network{}
	client := networkClient(t, n, func(c *nhncloud.Config) { c.Password = marker }, nhncloud.WithTokenCache(m))
	require.NoError(t, client.Do(t.Context(), call(nhncloud.ServiceObjectStorage, "/v1/{Account}"), nil))
	_, err := client.AppKeyToken(t.Context())
	require.NoError(t, err)
	client = networkClient(t, n, func(c *nhncloud.Config) {
		c.Password, c.Endpoints = marker, map[nhncloud.Service]string{nhncloud.ServiceAppKey: "https://appkey.example.com"}
	}, nhncloud.WithTokenCache(m))
	_, err = client.AppKeyToken(t.Context())
	require.NoError(t, err)
	assert.Len(t, n.logins, 2, "the tenant of object storage has its token already")
	assert.Len(t, m.tokens, len(changes)+2)
	for key := range maps.Keys(m.tokens) {
		assert.NotContains(t, key, marker)
	}
}

// A cache can do nothing that makes a call fail.
func TestTokenCacheMisbehaves(t *testing.T) {
	t.Parallel()
	late := time.Now().Add(time.Hour)
	for name, m := range map[string]*memory{
		"errors":          {load: func() (*nhncloud.Token, error) { return nil, errors.New("disk on fire") }, store: errors.New("still on fire")},
		"error and token": {load: func() (*nhncloud.Token, error) { return &nhncloud.Token{ID: "x", ExpiresAt: late}, io.ErrUnexpectedEOF }},
		"nothing":         {load: func() (*nhncloud.Token, error) { return nil, nil }},
		"empty":           {load: func() (*nhncloud.Token, error) { return new(nhncloud.Token), nil }},
		"no end":          {load: func() (*nhncloud.Token, error) { return &nhncloud.Token{ID: "x"}, nil }},
		"over": {load: func() (*nhncloud.Token, error) {
			return &nhncloud.Token{ID: "x", ExpiresAt: time.Now().Add(-time.Hour)}, nil
		}},
		"injection":   {load: func() (*nhncloud.Token, error) { return &nhncloud.Token{ID: "x\r\nX-Evil: 1", ExpiresAt: late}, nil }},
		"wrong token": {load: func() (*nhncloud.Token, error) { return &nhncloud.Token{ID: "x", ExpiresAt: late}, nil }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t)
			var w warnings
			// The endpoint is not taken from the token here, which may have no catalog.
			url, _ := strings.CutSuffix(cloud.AuthURL(), "/identity/v2.0")
			run(t, cloud, m, w.option(), nhncloud.WithEndpoint(nhncloud.ServiceCompute, url+"/compute/v2/"+cloud.TenantID))
			assert.Equal(t, 1, cloud.Logins())
			assert.NotZero(t, m.asked)
			lines := strings.Join(w.lines(), "")
			assert.Equal(t, strings.HasPrefix(name, "error"), strings.Contains(lines, "token cache ignored"), lines)
			assert.Equal(t, m.store != nil, strings.Contains(lines, "token not cached"), lines)
		})
	}
}

// The tokens of a source are not cached: the key would not tell whose they are.
func TestTokenCacheIsForTheOwnLogins(t *testing.T) {
	t.Parallel()
	m := new(memory)
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenCache(m)}, func(r *http.Request) (*http.Response, error) { return answer(204, "")(r) })
	require.NoError(t, client.Do(t.Context(), getRequest(), nil))
	assert.Zero(t, m.asked)
}

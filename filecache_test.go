package nhncloud_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
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

// only returns the one file of a folder.
func only(t *testing.T, folder string) string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 1, "no temporary files are left")
	return filepath.Join(folder, entries[0].Name())
}

func TestFileTokenCache(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	folder := filepath.Join(t.TempDir(), "not", "there", "yet")
	cache := nhncloud.FileTokenCache(folder)
	var w warnings
	first := run(t, cloud, cache, w.option())
	assert.Equal(t, 1, cloud.Logins())

	path := only(t, folder)
	if runtime.GOOS != "windows" {
		info, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, fs.FileMode(0o600), info.Mode())
		for dir := folder; filepath.Base(dir) != "not"; dir = filepath.Dir(dir) {
			info, err = os.Stat(dir)
			require.NoError(t, err)
			assert.Equal(t, fs.FileMode(0o700), info.Mode().Perm())
		}
	}
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.NotContains(t, string(content), cloud.Password)
	assert.NotContains(t, path, cloud.Username, "the name of the file tells nothing")
	issued, err := first.Token(t.Context())
	require.NoError(t, err)
	assert.Contains(t, string(content), string(issued.ID))

	for range 3 {
		again := run(t, cloud, cache, w.option())
		token, err := again.Token(t.Context())
		require.NoError(t, err)
		assert.Equal(t, issued.ID, token.ID)
		assert.True(t, issued.ExpiresAt.Equal(token.ExpiresAt))
		assert.True(t, issued.IssuedAt.Equal(token.IssuedAt))
		assert.Equal(t, issued.TenantID, token.TenantID)
		assert.Equal(t, issued.UserID, token.UserID)
		assert.Equal(t, issued.Roles, token.Roles)
		assert.Equal(t, issued.Catalog, token.Catalog)
	}
	assert.Equal(t, 1, cloud.Logins(), "further runs take the token from the file")

	// The token of the v1.0 API has a file of its own.
	for range 2 {
		_, err = cloudClient(t, cloud, nhncloud.WithTokenCache(cache), w.option()).AppKeyToken(t.Context())
		require.NoError(t, err)
	}
	assert.Equal(t, 2, cloud.Logins())
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Len(t, entries, 2)
	assert.Empty(t, w.lines())
}

// A file that is not what was stored is not used, and told of once.
func TestFileTokenCacheIgnoresBadFiles(t *testing.T) {
	t.Parallel()
	change := func(member string, value any) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			content, err := os.ReadFile(path)
			require.NoError(t, err)
			var o map[string]any
			require.NoError(t, json.Unmarshal(content, &o))
			require.Contains(t, o, member)
			o[member] = value
			content, err = json.Marshal(o)
			require.NoError(t, err)
			require.NoError(t, os.WriteFile(path, content, 0o600))
		}
	}
	write := func(content string) func(*testing.T, string) {
		return func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
		}
	}
	for name, test := range map[string]struct {
		spoil func(*testing.T, string)
		want  string // in the warning; "" for none
	}{
		"empty":    {write(""), "is damaged"},
		"no JSON":  {write("\x00\x01" + marker), "is damaged"},
		"array":    {write(`["` + marker + `"]`), "is damaged"},
		"stranger": {write(`{"access_token": "` + marker + `"}`), "was made by another program or for another account"},
		"truncated": {func(t *testing.T, path string) {
			t.Helper()
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.NoError(t, os.Truncate(path, info.Size()/2))
		}, "is damaged"},
		"too large":       {write(strings.Repeat(" ", 2<<20)), "is too large"},
		"other version":   {change("version", 2), "was made by another program"},
		"other account":   {change("key", "public\nhttps://identity\nsomebody\n"+testTenant+"\n"), "for another account"},
		"no token":        {change("id", ""), "was made by another program"},
		"no end":          {change("deadline", "0001-01-01T00:00:00Z"), "was made by another program"},
		"wrong type":      {change("id", 17), "is damaged"},
		"header in token": {change("id", "a\r\nX-Evil: 1"), ""},
		"over":            {change("deadline", time.Now().Add(-time.Hour)), ""},
		"over soon":       {change("deadline", time.Now().Add(4*time.Minute)), ""},
		"missing":         {func(t *testing.T, path string) { t.Helper(); require.NoError(t, os.Remove(path)) }, ""},
		"for others to read": {func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Chmod(path, 0o640))
		}, "may be accessed by others (mode 0640)"},
		"for others to write": {func(t *testing.T, path string) {
			t.Helper()
			require.NoError(t, os.Chmod(path, 0o602))
		}, "may be accessed by others (mode 0602)"},
		"link": {func(t *testing.T, path string) {
			t.Helper()
			target := filepath.Join(filepath.Dir(filepath.Dir(path)), "target")
			require.NoError(t, os.Rename(path, target))
			require.NoError(t, os.Symlink(target, path))
			require.NoError(t, os.Chmod(target, 0o600))
		}, "is not a regular file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if runtime.GOOS == "windows" && (name == "link" || strings.HasPrefix(name, "for others")) {
				t.Skip("Windows has other rights")
			}
			cloud := nhncloudtest.Start(t)
			folder := filepath.Join(t.TempDir(), "cache")
			cache := nhncloud.FileTokenCache(folder)
			run(t, cloud, cache)
			test.spoil(t, only(t, folder))
			var w warnings
			run(t, cloud, cache, w.option())
			assert.Equal(t, 2, cloud.Logins())
			lines := w.lines()
			if test.want == "" {
				assert.Empty(t, lines)
			} else if assert.Len(t, lines, 1) {
				assert.Contains(t, lines[0], "level=WARN")
				assert.Contains(t, lines[0], "token cache ignored")
				assert.Contains(t, lines[0], test.want)
				assert.NotContains(t, lines[0], marker)
			}
			if target := filepath.Join(filepath.Dir(folder), "target"); name == "link" {
				info, err := os.Lstat(only(t, folder))
				require.NoError(t, err)
				assert.True(t, info.Mode().IsRegular(), "the link is replaced, not followed")
				assert.FileExists(t, target)
			}
			run(t, cloud, cache, w.option())
			assert.Equal(t, 2, cloud.Logins(), "the file was replaced by a good one")
			assert.Empty(t, w.lines())
		})
	}
}

// A folder that can't be used costs a warning, never a call.
func TestFileTokenCacheCannotWrite(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(t *testing.T, folder string){
		"folder is a file": func(t *testing.T, folder string) {
			t.Helper()
			require.NoError(t, os.WriteFile(folder, nil, 0o600))
		},
		"below a file": func(t *testing.T, folder string) {
			t.Helper()
			require.NoError(t, os.RemoveAll(filepath.Dir(folder)))
			require.NoError(t, os.WriteFile(filepath.Dir(folder), nil, 0o600))
		},
		"read only": func(t *testing.T, folder string) {
			t.Helper()
			if os.Geteuid() <= 0 {
				t.Skip("nothing is read only for this user")
			}
			require.NoError(t, os.Mkdir(folder, 0o500))
		},
		"file is a folder": func(t *testing.T, folder string) {
			t.Helper()
			cloud := nhncloudtest.Start(t)
			run(t, cloud, nhncloud.FileTokenCache(folder))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t)
			folder := filepath.Join(t.TempDir(), "a", "cache")
			require.NoError(t, os.Mkdir(filepath.Dir(folder), 0o700))
			cache := nhncloud.FileTokenCache(folder)
			if name == "file is a folder" {
				run(t, cloud, cache)
				path := only(t, folder)
				require.NoError(t, os.Remove(path))
				require.NoError(t, os.MkdirAll(filepath.Join(path, "x"), 0o700))
				cloud.ResetRequests()
			} else {
				spoil(t, folder)
			}
			var w warnings
			for i := range 2 {
				run(t, cloud, cache, w.option())
				assert.Equal(t, i+1, cloud.Logins())
				lines := w.lines()
				require.NotEmpty(t, lines)
				assert.Contains(t, lines[len(lines)-1], "token not cached")
			}
			if name == "file is a folder" {
				only(t, folder) // no temporary files
			}
		})
	}
}

// A token in the file that was revoked meanwhile costs one login.
func TestFileTokenCacheRevoked(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	folder := t.TempDir()
	cache := nhncloud.FileTokenCache(folder)
	run(t, cloud, cache)
	before, err := os.ReadFile(only(t, folder))
	require.NoError(t, err)

	cloud.RevokeTokens()
	cloud.ResetRequests()
	client := run(t, cloud, cache)
	assert.Equal(t, 1, cloud.Logins())
	var statuses []int
	for _, r := range cloud.Requests() {
		statuses = append(statuses, r.Status)
	}
	assert.Equal(t, []int{401, 200, 200}, statuses, "refused, logged in, repeated")
	after, err := os.ReadFile(only(t, folder))
	require.NoError(t, err)
	assert.NotEqual(t, string(before), string(after))
	token, err := client.Token(t.Context())
	require.NoError(t, err)
	assert.Contains(t, string(after), string(token.ID))

	cloud.ResetRequests()
	run(t, cloud, cache)
	assert.Zero(t, cloud.Logins())
	assert.Equal(t, 1, cloud.Count(""))

	// What another process logged in meanwhile is taken from the file.
	cloud.RevokeTokens()
	run(t, cloud, cache)
	cloud.ResetRequests()
	_, err = compute.New(client).Zones.List(t.Context())
	require.NoError(t, err)
	assert.Zero(t, cloud.Logins())
}

// A token of unknown end is not stored, for nobody could tell when to stop using it.
func TestFileTokenCacheWithoutEnd(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "cache")
	cache := nhncloud.FileTokenCache(folder)
	var w warnings
	client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenCache(cache), w.option()}, answer(200, thingAnswer))
	require.NoError(t, client.Do(t.Context(), getRequest(), nil))
	assert.Equal(t, 1, sent.count())
	assert.NoDirExists(t, folder)
	assert.Empty(t, w.lines())

	require.NoError(t, cache.Store(t.Context(), "key", &nhncloud.Token{ID: "x", ExpiresAt: time.Now().Add(time.Hour)}))
	token, err := cache.Load(t.Context(), "key")
	require.NoError(t, err)
	assert.Equal(t, nhncloud.Secret("x"), token.ID)
	token, err = cache.Load(t.Context(), "another key")
	require.NoError(t, err)
	assert.Nil(t, token)
}

// Several processes may share a folder: who reads gets a whole token or none.
func TestFileTokenCacheIsShared(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	var group sync.WaitGroup
	for worker := range 8 {
		group.Go(func() {
			cache := nhncloud.FileTokenCache(folder)
			for i := range 30 {
				id := fmt.Sprintf("%d-%d-", worker, i) + strings.Repeat("x", 100*worker)
				assert.NoError(t, cache.Store(t.Context(), "key", &nhncloud.Token{ID: nhncloud.Secret(id), UserID: id, ExpiresAt: time.Now().Add(time.Hour)}))
				token, err := cache.Load(t.Context(), "key")
				if assert.NoError(t, err) {
					assert.Equal(t, token.UserID, string(token.ID))
				}
			}
		})
	}
	group.Wait()
	only(t, folder)
}

// Many calls at once of several clients make one login each at most, and none
// once the file is there.
func TestFileTokenCacheUnderLoad(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	cache := nhncloud.FileTokenCache(t.TempDir())
	run(t, cloud, cache)
	var clients []*compute.Client
	for range 4 {
		clients = append(clients, compute.New(cloudClient(t, cloud, nhncloud.WithTokenCache(cache))))
	}
	assert.Zero(t, storm(100, func() error {
		for _, c := range clients {
			if _, err := c.Zones.List(t.Context()); err != nil {
				return err
			}
		}
		return nil
	}))
	assert.Equal(t, 1, cloud.Logins())
}

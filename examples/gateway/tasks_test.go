package main

import (
	"context"
	"log/slog"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/backend"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// memoryTasks are tasks that end with a test.
func memoryTasks(t *testing.T, cloud *backend.Cloud, logger *slog.Logger) *taskEngine {
	t.Helper()
	tasks, _, err := openTasks(t.Context(), "", "", taskTimes{}, cloud, logger)
	require.NoError(t, err)
	t.Cleanup(func() { _ = tasks.Close(context.Background()) })
	return tasks
}

// task is a task as an answer has it.
type task struct {
	ID, Kind, State, Progress, Error string
	ResourceID                       string `json:"resource_id"`
	Result                           map[string]any
	Code, Attempts                   int
	Cancelling                       bool
}

const instances = "/api/nhn/compute/instances/"

// create asks for an instance, and returns its task.
func (s *station) create(name string) task {
	s.Helper()
	answer := s.ask("POST", instances+"create/?async=true", s.body(name), s.Headers())
	require.Equal(s, http.StatusAccepted, answer.Status, answer.Body)
	made := taskIn(s, answer.Body)
	assert.Equal(s, "/api/nhn/tasks/"+made.ID+"/", answer.Header.Get("Location"))
	assert.Empty(s, answer.Header.Get("Preference-Applied"))
	return made
}

// end waits until a task has ended.
func (s *station) end(id string) task {
	s.Helper()
	return s.until(id, func(t task) bool { return t.State != "pending" && t.State != "running" })
}

func (s *station) until(id string, wanted func(task) bool) task {
	s.Helper()
	deadline := time.Now().Add(60 * time.Second)
	for {
		answer := s.ask("GET", "/api/nhn/tasks/"+id+"/", "", s.Headers())
		require.Equal(s, http.StatusOK, answer.Status, answer.Body)
		if seen := taskIn(s, answer.Body); wanted(seen) {
			return seen
		}
		require.True(s, time.Now().Before(deadline), answer.Body)
		time.Sleep(10 * time.Millisecond)
	}
}

func TestTasks(t *testing.T) {
	t.Parallel()
	s := start(t, nil, nhncloudtest.WithTransition(50*time.Millisecond))
	s.AddKeyPair()
	headers := s.Headers()
	headers["Prefer"] = "wait=10, Respond-Async"

	made := s.end(s.create("web").ID)
	require.Equal(t, "succeeded", made.State, made.Error)
	assert.Equal(t, "instance.create", made.Kind)
	server, _ := made.Result["server"].(map[string]any)
	assert.Equal(t, "ACTIVE", server["status"])
	assert.Equal(t, "web", server["name"])
	assert.Equal(t, made.ResourceID, server["id"])

	for _, action := range []struct{ action, status string }{{"stop", "SHUTOFF"}, {"start", "ACTIVE"}, {"reboot", "ACTIVE"}} {
		answer := s.ask("POST", instances+made.ResourceID+"/action/", `{"action": "`+action.action+`"}`, headers)
		require.Equal(t, http.StatusAccepted, answer.Status, answer.Body)
		assert.Equal(t, "respond-async", answer.Header.Get("Preference-Applied"))
		done := s.end(taskIn(t, answer.Body).ID)
		require.Equal(t, "succeeded", done.State, done.Error)
		server, _ := done.Result["server"].(map[string]any)
		assert.Equal(t, action.status, server["status"])
	}
	answer := s.ask("POST", instances+made.ResourceID+"/action/?async=true", `{"action": "start"}`, s.Headers())
	done := s.end(taskIn(t, answer.Body).ID)
	assert.Equal(t, "failed", done.State)
	assert.Equal(t, http.StatusBadRequest, done.Code)
	assert.Equal(t, 1, done.Attempts)

	answer = s.ask("DELETE", instances+made.ResourceID, "", headers)
	require.Equal(t, http.StatusAccepted, answer.Status, answer.Body)
	done = s.end(taskIn(t, answer.Body).ID)
	require.Equal(t, "succeeded", done.State, done.Error)
	assert.Equal(t, made.ResourceID, done.Result["deleted"])
	assert.Equal(t, http.StatusNotFound, s.ask("GET", instances+made.ResourceID+"/", "", s.Headers()).Status)

	answer = s.ask("DELETE", instances+made.ResourceID+"/", "", headers)
	done = s.end(taskIn(t, answer.Body).ID)
	assert.Equal(t, "failed", done.State)
	assert.Equal(t, http.StatusNotFound, done.Code)
	assert.Equal(t, 1, done.Attempts)

	// Without a word about tasks all is as it was.
	answer = s.ask("POST", instances+"create/", s.body("sync"), s.Headers())
	assert.Equal(t, http.StatusCreated, answer.Status, answer.Body)
}

func TestClusterTasks(t *testing.T) {
	t.Parallel()
	s := start(t, nil, nhncloudtest.WithTransition(50*time.Millisecond))
	s.AddKeyPair()
	headers := s.Headers()
	delete(headers, "X-NHN-Tenant-ID") // it is found out

	answer := s.ask("POST", "/api/nhn/nks/clusters/create/?async=true", s.clusterBody("my-cluster"), headers)
	require.Equal(t, http.StatusAccepted, answer.Status, answer.Body)
	made := s.end(taskIn(t, answer.Body).ID)
	require.Equal(t, "succeeded", made.State, made.Error)
	cluster, _ := made.Result["cluster"].(map[string]any)
	assert.Equal(t, "CREATE_COMPLETE", cluster["status"])
	assert.Equal(t, made.ResourceID, cluster["uuid"])

	answer = s.ask("POST", "/api/nhn/nks/clusters/create/?async=true", s.clusterBody("my-cluster"), headers)
	taken := s.end(taskIn(t, answer.Body).ID)
	assert.Equal(t, "failed", taken.State)
	assert.Equal(t, http.StatusBadRequest, taken.Code)
	assert.Equal(t, `cluster_name: "my-cluster" is taken`, taken.Error)

	for _, want := range []struct {
		state string
		code  int
	}{{"succeeded", 0}, {"failed", http.StatusNotFound}} {
		answer = s.ask("DELETE", "/api/nhn/nks/clusters/my-cluster/?async=true", "", headers)
		require.Equal(t, http.StatusAccepted, answer.Status, answer.Body)
		gone := s.end(taskIn(t, answer.Body).ID)
		assert.Equal(t, want.state, gone.State, gone.Error)
		assert.Equal(t, want.code, gone.Code)
	}
}

// A task is its tenant's, and to all others it does not exist: whatever they say who
// they are.
func TestForeignTasks(t *testing.T) {
	t.Parallel()
	const other = "0123456789abcdef0123456789abcdef"
	s := start(t, nil, nhncloudtest.WithTenants(other))
	s.AddKeyPair()
	made := s.end(s.create("web").ID)
	path := "/api/nhn/tasks/" + made.ID + "/"
	own, foreign, unknown, none := s.Headers(), s.Headers(), s.Headers(), s.Headers()
	own["X-NHN-Token"], own["X-NHN-Tenant-ID"] = s.Login(other), other
	foreign["X-NHN-Token"] = own["X-NHN-Token"] // with the tenant of the task
	unknown["X-NHN-Token"] = "made-up"
	delete(none, "X-NHN-Token")
	for name, caller := range map[string]struct {
		headers   map[string]string
		list, one int
	}{
		"another tenant":                       {own, http.StatusOK, http.StatusNotFound},
		"another tenant that claims to be his": {foreign, http.StatusNotFound, http.StatusNotFound},
		"a token that is none":                 {unknown, http.StatusUnauthorized, http.StatusUnauthorized},
		"no token":                             {none, http.StatusUnauthorized, http.StatusUnauthorized},
	} {
		list := s.ask("GET", "/api/nhn/tasks/", "", caller.headers)
		assert.Equal(t, caller.list, list.Status, name)
		assert.NotContains(t, list.Body, made.ID, name)
		assert.Equal(t, caller.one, s.ask("GET", path, "", caller.headers).Status, name)
		assert.Equal(t, caller.one, s.ask("DELETE", path, "", caller.headers).Status, name)
		after := s.ask("GET", "/api/nhn/tasks/?after="+made.ID, "", caller.headers)
		assert.Equal(t, caller.one, after.Status, name)
	}
	answer := s.ask("POST", instances+"create/?async=true", s.body("theirs"), foreign)
	assert.Equal(t, http.StatusForbidden, answer.Status)
	assert.Contains(t, answer.Body, "X-NHN-Tenant-ID")
	assert.Equal(t, http.StatusNotFound, s.ask("GET", "/api/nhn/tasks/made-up/", "", s.Headers()).Status)
	assert.Equal(t, http.StatusBadRequest, s.ask("DELETE", path, "", s.Headers()).Status, "it has ended")
	assert.Equal(t, http.StatusOK, s.ask("GET", path, "", s.Headers()).Status)
}

func TestPagesOfTasks(t *testing.T) {
	t.Parallel()
	s := start(t, nil)
	var ids []string
	for range 5 {
		ids = append(ids, s.create("web").ID) // there is no key pair, and they fail
	}
	var seen []string
	pages := 0
	for path := "/api/nhn/tasks/?limit=2"; path != ""; pages++ {
		answer := s.ask("GET", path, "", s.Headers())
		require.Equal(t, http.StatusOK, answer.Status, answer.Body)
		var page struct {
			Tasks []task
			Next  string
		}
		decode(t, answer.Body, &page)
		for _, one := range page.Tasks {
			seen = append(seen, one.ID)
		}
		path = page.Next
	}
	assert.Equal(t, 3, pages)
	assert.ElementsMatch(t, ids, seen)
	assert.Equal(t, http.StatusBadRequest, s.ask("GET", "/api/nhn/tasks/?limit=0", "", s.Headers()).Status)
	assert.Equal(t, http.StatusBadRequest, s.ask("GET", "/api/nhn/tasks/?limit=101", "", s.Headers()).Status)
}

// A token that ends while a task runs ends the task, with what the cloud says.
func TestTokenEnds(t *testing.T) {
	t.Parallel()
	s := start(t, nil, nhncloudtest.WithTransition(time.Hour))
	s.AddKeyPair()
	id := s.create("web").ID
	s.until(id, func(t task) bool { return strings.HasSuffix(t.Progress, "BUILD") })
	s.Cloud.RevokeTokens()
	s.Token = s.Login(s.Cloud.TenantID) // another one, to look with
	ended := s.end(id)
	assert.Equal(t, "failed", ended.State)
	assert.Equal(t, http.StatusUnauthorized, ended.Code)
	assert.Contains(t, ended.Error, "requires authentication")
	assert.NotEmpty(t, ended.ResourceID, "who looks after it knows what to look for")
}

// A task that is cancelled stops to wait. What it has sent is not taken back.
func TestCancelTask(t *testing.T) {
	t.Parallel()
	s := start(t, nil, nhncloudtest.WithTransition(time.Hour))
	s.AddKeyPair()
	id := s.create("web").ID
	s.until(id, func(t task) bool { return strings.HasSuffix(t.Progress, "BUILD") })
	answer := s.ask("DELETE", "/api/nhn/tasks/"+id+"/", "", s.Headers())
	assert.Equal(t, http.StatusAccepted, answer.Status)
	assert.True(t, taskIn(t, answer.Body).Cancelling)
	ended := s.end(id)
	assert.Equal(t, "cancelled", ended.State)
	assert.Equal(t, http.StatusOK, s.ask("GET", instances+ended.ResourceID+"/", "", s.Headers()).Status)
	answer = s.ask("DELETE", "/api/nhn/tasks/"+id+"/", "", s.Headers())
	assert.Equal(t, http.StatusOK, answer.Status, "again")
}

func TestPlaceOfTasks(t *testing.T) {
	t.Parallel()
	const key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
	for name, test := range map[string]struct{ db, key, url, where, err string }{
		"nothing":        {"", "", "", "in memory", ""},
		"a key":          {"", key, "gateway.db", "gateway.db", ""},
		"a file":         {"a/b.db", key, "a/b.db", "a/b.db", ""},
		"PostgreSQL":     {"postgres://u:pw@h/d?password=x", key, "postgres://u:pw@h/d?password=x", "postgres://u:xxxxx@h/d.", ""},
		"no key":         {"a.db", "", "", "", "-db needs a key"},
		"a short key":    {"", "AAEC", "", "", "NHNCLOUD_GATEWAY_KEY: the key has 3 bytes, and must have 32"},
		"no base64":      {"", "?", "", "", "NHNCLOUD_GATEWAY_KEY: the key is no base64"},
		"without the =":  {"", strings.TrimRight(key, "="), "gateway.db", "", ""},
		"with line ends": {"", key + "\n", "gateway.db", "", ""},
	} {
		url, sealer, where, err := placeOfTasks(test.db, test.key)
		if test.err != "" {
			assert.ErrorContains(t, err, test.err, name)
			assert.NotContains(t, err.Error(), "AAEC", name)
			continue
		}
		require.NoError(t, err, name)
		assert.Equal(t, test.url, url, name)
		assert.Contains(t, where, test.where, name)
		assert.NotNil(t, sealer, name)
	}
	_, _, err := openTasks(t.Context(), filepath.Join(t.TempDir(), "no", "such", "folder"), key, taskTimes{}, nil, slog.New(slog.DiscardHandler))
	assert.ErrorContains(t, err, "no such file")
}

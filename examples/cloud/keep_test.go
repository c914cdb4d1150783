package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestRestart(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "cloud.state")
	first := start(t, "-state", name)
	c := first.client(t)
	group, err := network.New(c).SecurityGroups.Create(t.Context(), network.SecurityGroupCreateRequest{Name: "mine"})
	require.NoError(t, err)
	objects := objectstorage.New(c)
	_, err = objects.Containers.Create(t.Context(), "box", nil)
	require.NoError(t, err)
	large := strings.Repeat("0123456789", 300_000)
	_, err = objects.Objects.Put(t.Context(), "box", "large", strings.NewReader(large), nil)
	require.NoError(t, err)
	require.NoError(t, first.stop())
	info, err := os.Stat(name)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	second := start(t, "-state", name)
	c = second.client(t)
	again, err := network.New(c).SecurityGroups.Get(t.Context(), group.ID)
	require.NoError(t, err)
	assert.Equal(t, "mine", again.Name)
	content, err := objectstorage.New(c).Objects.Get(t.Context(), "box", "large", nil)
	require.NoError(t, err)
	data, err := io.ReadAll(content)
	require.NoError(t, err)
	require.NoError(t, content.Close())
	assert.Equal(t, large, string(data))
	require.NoError(t, second.stop())

	left, err := os.ReadDir(filepath.Dir(name))
	require.NoError(t, err)
	assert.Len(t, left, 1, "no file is left behind")

	err = program().Do(t.Context(), frame.Process{
		Args: []string{"-listen", "127.0.0.1:0", "-state", name, "-regions", "KR2"}, Stdout: io.Discard, Stderr: io.Discard,
	})
	require.ErrorContains(t, err, "regions KR1; this one has KR2")
	require.ErrorContains(t, err, name)
}

func TestKeepRefuses(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{dir, filepath.Join(dir, "missing", "state")} {
		err := program().Do(t.Context(), frame.Process{
			Args: []string{"-listen", "127.0.0.1:0", "-state", name}, Stdout: io.Discard, Stderr: io.Discard,
		})
		require.Error(t, err, name)
	}
}

// While requests come the state is kept, and what goes wrong then is told.
func TestKeepsMeanwhile(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "dir")
	require.NoError(t, os.Mkdir(dir, 0o700))
	cloud := nhncloudtest.Start(t)
	k := &keeper{cloud: cloud, name: filepath.Join(dir, "state"), every: time.Millisecond}
	require.NoError(t, k.load())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	done := make(chan error, 1)
	told := make(chan string, 1000)
	go func() { done <- k.keep(ctx, tell(told)) }()
	cloud.AddObjects("kept", "", 1)
	read := func() []byte {
		data, err := os.ReadFile(k.name)
		require.NoError(t, err)
		return data
	}
	require.NotContains(t, string(read()), `"kept"`)
	ask(t, "GET", cloud.URL()+"/compute/", "")
	require.Eventually(t, func() bool { return bytes.Contains(read(), []byte(`"kept"`)) }, time.Minute, time.Millisecond)
	require.NoError(t, os.RemoveAll(dir))
	ask(t, "GET", cloud.URL()+"/compute/", "")
	assert.Contains(t, <-told, "not kept")
	cancel()
	require.Error(t, <-done)
}

// tell passes on what is written.
type tell chan string

func (c tell) Write(p []byte) (int, error) {
	select {
	case c <- string(p):
	default:
	}
	return len(p), nil
}

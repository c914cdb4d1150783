package main

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestRun(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	require.NoError(t, program().Do(t.Context(), frame.Process{Stdout: &out, Stderr: io.Discard}))
	assert.Contains(t, out.String(), "Listed 2026/hills.txt of 2400 bytes.\nListed 2026/sea.txt of 2200 bytes.\nGot 2026/sea.txt of 2200 bytes by Jin")
	assert.Regexp(t, "Deleted cover.txt.\nDeleting S3 keys [0-9a-f]+.\nEverything is gone again.\n$", out.String())
}

func TestFlags(t *testing.T) {
	t.Parallel()
	err := program().Do(t.Context(), frame.Process{Args: []string{"-live"}, Stdout: io.Discard, Stderr: io.Discard})
	require.EqualError(t, err, "-live needs -bucket")
}

// at calls a function when a line with the text is written.
type at struct {
	bytes.Buffer
	text string
	call func()
}

func (w *at) Write(p []byte) (int, error) {
	if strings.Contains(string(p), w.text) {
		w.call()
	}
	return w.Buffer.Write(p)
}

// keysOf lists the keys that the cloud has given out.
func keysOf(t *testing.T, cloud *nhncloudtest.Server) []*objectstorage.Credential {
	t.Helper()
	config, err := nhncloud.ConfigFrom(cloud.LookupEnv)
	require.NoError(t, err)
	client, err := nhncloud.NewClient(config)
	require.NoError(t, err)
	token, err := client.Token(t.Context())
	require.NoError(t, err)
	keys, err := objectstorage.New(client).Credentials.List(t.Context(), token.UserID)
	require.NoError(t, err)
	return keys
}

// Keys are told apart by their access half. The secret half is not printed.
func TestSecretIsNotPrinted(t *testing.T) {
	t.Parallel()
	cloud := nhncloudtest.Start(t)
	var keys []*objectstorage.Credential
	out := &at{text: "Made bucket", call: func() { keys = keysOf(t, cloud) }}
	require.NoError(t, program().Do(t.Context(), frame.Process{Cloud: cloud, Stdout: out, Stderr: io.Discard}))
	require.Len(t, keys, 1)
	assert.Contains(t, out.String(), keys[0].Access)
	assert.NotContains(t, out.String(), string(keys[0].Secret))
	assert.Empty(t, keysOf(t, cloud))
}

// Wherever it is interrupted, it deletes what it made.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"Got keys", "Made bucket", "The account", "Put 2026/hills.txt", "Listed 2026/hills.txt"} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			cloud := nhncloudtest.Start(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			out := &at{text: text, call: cancel}
			err := program().Do(ctx, frame.Process{Cloud: cloud, Stdout: out, Stderr: io.Discard})
			require.ErrorIs(t, err, context.Canceled)
			assert.True(t, strings.HasSuffix(out.String(), ".\nEverything is gone again.\n"), out.String())
			assert.Empty(t, keysOf(t, cloud))
		})
	}
}

// The fake lets in only who signs with the keys that it was told of.
func TestFakeChecksSignatures(t *testing.T) {
	t.Parallel()
	fake := newFakeS3()
	defer fake.Close()
	fake.trust(&objectstorage.Credential{Access: "access", Secret: "secret"})
	for _, test := range []struct {
		access, secret string
		allowed        bool
	}{{"access", "secret", true}, {"access", "other", false}, {"other", "secret", false}, {"", "", false}} {
		s3, err := minio.New(fake.host(), &minio.Options{Creds: credentials.NewStaticV4(test.access, test.secret, ""), Region: "KR1"})
		require.NoError(t, err)
		_, err = s3.ListBuckets(t.Context())
		assert.Equal(t, test.allowed, err == nil, err)
	}
}

package objectstorage_test

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// killedUpload names the file that TestUploadToBeKilled sends.
const killedUpload = "NHNCLOUD_TEST_UPLOAD"

// TestUploadToBeKilled is the program that TestUploadKilled kills. It sends three
// parts of a file, says so, and waits for its end.
func TestUploadToBeKilled(t *testing.T) {
	path := os.Getenv(killedUpload)
	if path == "" {
		t.Skip("is run by TestUploadKilled")
	}
	config, err := nhncloud.ConfigFromEnv()
	require.NoError(t, err)
	client, err := nhncloud.NewClient(config, nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		parts := 0
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if isPart(r) {
				if parts++; parts > 3 {
					fmt.Println("\nthree parts are there")
					select {}
				}
			}
			return next.RoundTrip(r)
		})
	}))
	require.NoError(t, err)
	options := inParts()
	options.Concurrency = 1
	_, _ = objectstorage.New(client).Objects.UploadFile(context.Background(), depot, "name", path, options)
}

// What a process that was killed had sent is there for the next one, without an
// option. A failure and the end of a context leave nothing, unless they are to.
func TestUploadKilled(t *testing.T) {
	t.Parallel()
	const parts = 6
	r := newRig(t)
	data := noise(1, parts*smallPart-5)
	dir := t.TempDir()
	path := writeFile(t, dir, "name", data)
	program := exec.Command(os.Args[0], "-test.run=^TestUploadToBeKilled$", "-test.v")
	program.Env = append(append(os.Environ(), r.cloud.Environ()...), killedUpload+"="+path)
	out, err := program.StdoutPipe()
	require.NoError(t, err)
	program.Stderr = program.Stdout
	require.NoError(t, program.Start())
	var said strings.Builder
	buffer := make([]byte, 1000)
	for !strings.Contains(said.String(), "three parts are there") {
		n, err := out.Read(buffer)
		said.Write(buffer[:n])
		require.NoError(t, err, "%s", said.String())
	}
	require.NoError(t, program.Process.Kill())
	_, _ = io.Copy(io.Discard, out)
	require.Error(t, program.Wait())
	require.Len(t, r.list(depotSegments), 3)
	assert.Empty(t, r.list(depot))

	// By a folder, which tells it of all its files.
	result, err := r.objects.UploadDir(t.Context(), depot, "copy-", dir, uploadDir())
	require.NoError(t, err)
	assert.Zero(t, result.ReusedBytes, "the parts are those of another object")
	result, err = r.objects.UploadDir(t.Context(), depot, "", dir, uploadDir())
	require.NoError(t, err)
	assert.Equal(t, objectstorage.DirResult{Transferred: 1, Bytes: int64(len(data)), ReusedBytes: 3 * smallPart}, *result)
	r.holds("name", data)

	// By the file alone.
	again, err := r.objects.UploadFile(t.Context(), depot, "name", path, inParts())
	require.NoError(t, err)
	assert.Equal(t, parts, again.Reused)
	assert.EqualValues(t, len(data), again.ReusedBytes)

	for _, keep := range []bool{false, true} {
		options := inParts()
		options.Concurrency, options.KeepParts = 1, keep
		ctx, cancel := context.WithCancel(t.Context())
		options.Progress = func(p nhncloud.TransferProgress) {
			if p.Parts == 2 {
				cancel()
			}
		}
		before := len(r.list(depotSegments))
		_, err = r.objects.UploadFile(ctx, depot, fmt.Sprint("other", keep), path, options)
		require.ErrorIs(t, err, context.Canceled)
		left := len(r.list(depotSegments)) - before
		assert.Equal(t, map[bool]int{false: 0, true: 2}[keep], left)
	}
}

// A part that is listed but not there is sent again, and one that was replaced
// as well.
func TestUploadResumesWithoutTheEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(1, 4*smallPart)
	r.putLarge("name", data)
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation != "objectstorage-head-object" {
			return next.RoundTrip(req)
		}
		switch {
		case strings.Contains(req.URL.Path, "/00000001-"):
			return answer(http.StatusNotFound), nil
		case strings.Contains(req.URL.Path, "/00000002-"):
			resp := answer(http.StatusOK)
			resp.Header.Set("ETag", digestOf([]byte("another")))
			resp.Header.Set("Content-Length", fmt.Sprint(smallPart))
			return resp, nil
		}
		return next.RoundTrip(req)
	})
	result, err := r.objects.Upload(t.Context(), depot, "name", again(data), inParts())
	require.NoError(t, err)
	assert.Equal(t, 2, result.Reused)
	assert.EqualValues(t, 2*smallPart, result.ReusedBytes)
	r.leaveAlone()
	r.holds("name", data)
	r.meddleWith(func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation == "objectstorage-head-object" && isSegment(req) {
			return answer(http.StatusForbidden), nil
		}
		return next.RoundTrip(req)
	})
	_, err = r.objects.Upload(t.Context(), depot, "name", again(data), inParts())
	failsAs(t, nhncloud.ErrForbidden, err)
}

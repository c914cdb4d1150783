package objectstorage_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// With TrustListing only objects of which the listing tells too little are looked
// at: those whose MD5 is not that of the file, as of large ones, and all where the
// options say something beside the content.
func TestUploadDirTrustListing(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	dir := t.TempDir()
	want := files()
	makeTree(t, dir, want)
	options := uploadDir()
	options.Threshold = 1000 // so that only one is in parts
	_, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	want["a.txt"][0] ^= 1 // of the same size
	want["b/c.txt"] = append(want["b/c.txt"], 1)
	makeTree(t, dir, want)

	var looks, others atomic.Int32
	count := func(operation string, req *http.Request, next http.RoundTripper) (*http.Response, error) {
		if operation == "objectstorage-head-object" {
			looks.Add(1)
			if !strings.HasSuffix(req.URL.Path, "/b/c/large") && !strings.HasSuffix(req.URL.Path, "/a.txt") {
				others.Add(1)
			}
		}
		return next.RoundTrip(req)
	}
	r.meddleWith(count)
	options.TrustListing = true
	result, err := r.objects.UploadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	assert.Equal(t, 2, result.Transferred)
	assert.Equal(t, len(want)-2, result.Unchanged)
	assert.EqualValues(t, 2, looks.Load(), "the large one, and one with another MD5 that could be large")
	assert.Zero(t, others.Load(), "looks at what the listing tells")

	looks.Store(0)
	options.Metadata = map[string]string{"Kind": "photo"}
	result, err = r.objects.UploadDir(t.Context(), depot, "", dir, options)
	require.NoError(t, err)
	assert.Equal(t, len(want), result.Updated)
	assert.GreaterOrEqual(t, int(looks.Load()), len(want))
	r.leaveAlone()
	for name, data := range want {
		r.holds(name, data)
	}
}

package objectstorage_test

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A source is measured, cut and sent as its size asks for.
func TestUpload(t *testing.T) {
	t.Parallel()
	const threshold = 3 * smallPart
	readers := map[string]func(data []byte) io.Reader{
		"reader at": func(data []byte) io.Reader { return bytes.NewReader(data) },
		"seeker":    func(data []byte) io.Reader { return struct{ io.ReadSeeker }{bytes.NewReader(data)} },
		"buffer":    func(data []byte) io.Reader { return bytes.NewBuffer(data) },
		"plain":     func(data []byte) io.Reader { return onlyRead{bytes.NewReader(data)} },
		"in halves": func(data []byte) io.Reader { return iotest.HalfReader(bytes.NewReader(data)) },
		"early end": func(data []byte) io.Reader { return iotest.DataErrReader(bytes.NewReader(data)) },
	}
	for name, reader := range readers {
		measured := name == "reader at" || name == "seeker" || name == "buffer"
		for _, size := range []int{0, 1, smallPart - 1, smallPart, smallPart + 1, threshold, threshold + 1, 5 * smallPart} {
			for _, declared := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s/%d/%t", name, size, declared), func(t *testing.T) {
					t.Parallel()
					r := newRig(t)
					sent := r.counting()
					data := noise(1, size)
					story := &story{t: t}
					options := inParts()
					options.Threshold = threshold
					options.Progress = story.tell
					options.ContentType = "text/plain"
					options.Metadata = map[string]string{"color": "blue"}
					if declared {
						options.Size = int64(size)
					}
					result, err := r.objects.Upload(t.Context(), depot, "name", reader(data), options)
					require.NoError(t, err)

					parts := 1
					large := size > threshold
					if !measured {
						large = size > smallPart
					}
					if large {
						parts = (size + smallPart - 1) / smallPart
						assert.Equal(t, parts, sent.count("objectstorage-put-segment"))
						assert.Equal(t, 1, sent.count("objectstorage-put-slo-manifest"))
						assert.Zero(t, sent.count("objectstorage-put-object"))
						assert.Len(t, r.list(depotSegments), parts)
					} else {
						assert.Equal(t, 1, sent.count("objectstorage-put-object"))
						assert.Nil(t, r.list(depotSegments))
						assert.Equal(t, digestOf(data), result.ETag)
					}
					assert.Equal(t, parts, result.Parts)
					assert.Zero(t, result.Reused)
					assert.EqualValues(t, size, result.Size)
					assert.False(t, result.LastModified.IsZero())
					r.holds("name", data)
					object, err := r.objects.Head(t.Context(), depot, "name")
					require.NoError(t, err)
					assert.Equal(t, large, object.Static)
					assert.Equal(t, result.ETag, object.ETag)
					assert.Equal(t, "text/plain", object.ContentType)
					assert.Equal(t, map[string]string{"color": "blue"}, object.Metadata)

					want := nhncloud.TransferProgress{Done: int64(size), Total: int64(size), Parts: parts, Count: parts}
					if large && !measured && !declared {
						want.Total, want.Count = -1, -1
					}
					assert.Equal(t, want, story.last)
				})
			}
		}
	}
}

// Without options the parts of what can be read only once are of 16 MiB.
func TestUploadDefaults(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(2, 33<<20)
	result, err := r.objects.Upload(t.Context(), depot, "name", onlyRead{bytes.NewReader(data)}, nil)
	require.NoError(t, err)
	assert.Equal(t, 3, result.Parts)
	r.holds("name", data)
	result, err = r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), nil)
	require.NoError(t, err)
	assert.Equal(t, 1, result.Parts, "up to 128 MiB in one piece")
	r.holds("name", data)
}

func TestUploadDynamic(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	data := noise(3, 5*smallPart/2)
	options := inParts()
	options.Dynamic = true
	result, err := r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
	require.NoError(t, err)
	assert.Equal(t, 3, result.Parts)
	assert.EqualValues(t, len(data), result.Size)
	r.holds("name", data)
	object, err := r.objects.Head(t.Context(), depot, "name")
	require.NoError(t, err)
	assert.False(t, object.Static)
	assert.True(t, strings.HasPrefix(object.Dynamic, depotSegments+"/depot/name/"), object.Dynamic)

	result, err = r.objects.Upload(t.Context(), depot, "name", bytes.NewReader(data), options)
	require.NoError(t, err)
	assert.Zero(t, result.Reused)
	assert.Len(t, r.list(depotSegments), 6, "each has its own")
}

// A container that does not exist is noticed before parts are sent.
func TestUploadWithoutContainer(t *testing.T) {
	t.Parallel()
	for name, options := range map[string]*objectstorage.UploadOptions{"one piece": nil, "parts": inParts()} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t)
			_, err := r.objects.Upload(t.Context(), "nowhere", "name", bytes.NewReader(noise(5, 3*smallPart)), options)
			assert.ErrorIs(t, err, objectstorage.ErrContainerNotFound)
			assert.ErrorIs(t, err, nhncloud.ErrNotFound)
			assert.Nil(t, r.list("nowhere_segments"), "not even made")
		})
	}
}

// Swift takes any name, and the parts have names made of it.
func TestUploadOddNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"a b", "100%", "%41", "q?x=y", "h#x", "p+x", "n\nl", "t\tb", "\U0001F30A", "사진/바다", "a//b", "trail/", "/lead", "a&b=c;d", `q"u'o`, "back\\slash", "...", ".hidden",
		strings.Repeat("n", 1024), strings.Repeat("바", 341), strings.Repeat("n/", 460), "slo", "a/slo/65536/00000000",
	} {
		for _, dynamic := range []bool{false, true} {
			t.Run(fmt.Sprintf("%.20s/%t", name, dynamic), func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				data := noise(6, 2*smallPart+1)
				options := inParts()
				options.Dynamic = dynamic
				result, err := r.objects.Upload(t.Context(), depot, name, bytes.NewReader(data), options)
				require.NoError(t, err)
				assert.Equal(t, 3, result.Parts)
				assert.Equal(t, []string{name}, r.list(depot))
				r.holds(name, data)
				options.DeleteOldSegments = true
				_, err = r.objects.Upload(t.Context(), depot, name, onlyRead{strings.NewReader("new")}, options)
				require.NoError(t, err)
				r.holds(name, []byte("new"))
				assert.Empty(t, r.list(depotSegments))
			})
		}
	}
}

// The container of the parts of one with a very long name has another name.
func TestUploadLongContainer(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	container := strings.Repeat("c", 256)
	r.create(container)
	result, err := r.objects.Upload(t.Context(), container, "name", bytes.NewReader(noise(7, 2*smallPart)), inParts())
	require.NoError(t, err)
	assert.Equal(t, 2, result.Parts)
	assert.Len(t, r.list(digestOf([]byte(container))+"_segments"), 2)
}

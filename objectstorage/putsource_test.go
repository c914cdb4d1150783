package objectstorage_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A source that fails ends the call at once, and nothing is stored.
func TestPutBrokenSource(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	file := writeFile(t, t.TempDir(), "shrinking", noise(1, 2<<20))
	shrinking, err := os.Open(file)
	require.NoError(t, err)
	defer shrinking.Close()
	for name, test := range map[string]struct {
		source   io.Reader
		options  *objectstorage.PutOptions
		cause    error
		text     string
		requests int
	}{
		"at once":           {source: iotest.ErrReader(errBroken), cause: errBroken, requests: 1},
		"in the middle":     {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), cause: errBroken, requests: 1},
		"of known size":     {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), options: &objectstorage.PutOptions{Size: 1 << 20}, cause: errBroken, requests: 1},
		"at its end":        {source: io.MultiReader(once(noise(1, 300*kib)), iotest.ErrReader(errBroken)), options: &objectstorage.PutOptions{Size: 300 * kib}, cause: errBroken, requests: 1},
		"read again":        {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 300*kib))}, cause: errBroken},
		"read again later":  {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), good: 100 * kib}, cause: errBroken, requests: 1},
		"small":             {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 100))}, cause: errBroken},
		"small, unchecked":  {source: &brokenAt{ReadSeeker: bytes.NewReader(noise(1, 100))}, options: &objectstorage.PutOptions{SkipChecksum: true}, cause: errBroken, requests: 1},
		"no progress":       {source: stuck{once(noise(1, 100))}, options: &objectstorage.PutOptions{Size: 100}, cause: io.ErrNoProgress, requests: 1},
		"stuck seeker":      {source: struct{ io.ReadSeeker }{&stuckSeeker{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), good: 100 * kib}}, cause: io.ErrNoProgress, requests: 1},
		"stuck at once":     {source: struct{ io.ReadSeeker }{&stuckSeeker{ReadSeeker: bytes.NewReader(noise(1, 100))}}, cause: io.ErrNoProgress},
		"stuck, hashed":     {source: struct{ io.ReadSeeker }{&stuckSeeker{ReadSeeker: bytes.NewReader(noise(1, 300*kib)), good: 100 * kib}}, cause: io.ErrNoProgress},
		"stuck reader at":   {source: &stuckSeeker{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), good: 100 * kib}, cause: io.ErrNoProgress, requests: 1},
		"can't seek":        {source: &brokenLater{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), seeks: 3}, cause: errBroken, requests: 1},
		"seeker shrank":     {source: &brokenLater{ReadSeeker: bytes.NewReader(noise(1, 2<<20)), seeks: 9, most: 100 * kib}, cause: io.ErrUnexpectedEOF, text: "ended after 102400 of 2097152 bytes", requests: 1},
		"shorter":           {source: once(noise(1, 300*kib)), options: &objectstorage.PutOptions{Size: 300*kib + 1}, cause: io.ErrUnexpectedEOF, text: "ended after 307200 of 307201 bytes", requests: 1},
		"shorter small":     {source: once(noise(1, 100)), options: &objectstorage.PutOptions{Size: 101}, cause: io.ErrUnexpectedEOF, text: "ended after 100 of 101 bytes", requests: 1},
		"longer":            {source: once(noise(1, 300*kib)), options: &objectstorage.PutOptions{Size: 300*kib - 1}, text: "is longer than the 307199 bytes declared", requests: 1},
		"longer small":      {source: once(noise(1, 100)), options: &objectstorage.PutOptions{Size: 99}, text: "is longer than the 99 bytes declared", requests: 1},
		"shrank":            {source: &shrinkingFile{shrinking, file}, cause: io.ErrUnexpectedEOF, text: "ended after 1000 of 2097152 bytes", requests: 1},
		"can't seek to end": {source: &brokenSeeker{bytes.NewReader(noise(1, 100)), io.SeekEnd}, cause: errBroken, text: "can't be measured"},
		"can't seek back":   {source: &brokenSeeker{bytes.NewReader(noise(1, 100)), io.SeekStart}, cause: errBroken, text: "can't be measured"},
	} {
		t.Run(name, func(t *testing.T) {
			counts := r.counting()
			result, err := r.objects.Put(t.Context(), depot, "a", test.source, test.options)
			assert.Nil(t, result)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, "objectstorage-put-object", e.Operation)
			assert.LessOrEqual(t, e.Attempts, 1)
			if test.cause != nil {
				assert.ErrorIs(t, err, test.cause)
			}
			assert.ErrorContains(t, err, test.text)
			assert.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
			assert.Equal(t, "content", e.Field)
			assert.NotErrorIs(t, err, nhncloud.ErrUnavailable)
			assert.Equal(t, test.requests, counts.count("objectstorage-put-object"))
			r.leaveAlone()
			assert.Empty(t, r.list(depot), "nothing is left behind")
		})
	}
}

// brokenAt is content that fails beyond so many bytes, wherever it is read.
type brokenAt struct {
	io.ReadSeeker
	good int64
}

func (b *brokenAt) ReadAt(p []byte, offset int64) (int, error) {
	if offset+int64(len(p)) > b.good {
		return 0, errBroken
	}
	return len(p), nil
}

// stuck has no end.
type stuck struct{ io.Reader }

func (s stuck) Read(p []byte) (int, error) {
	n, err := s.Reader.Read(p)
	if err == io.EOF {
		err = nil
	}
	return n, err
}

// stuckSeeker does not get on after so many bytes, however it is read.
type stuckSeeker struct {
	io.ReadSeeker
	good int64
}

func (s *stuckSeeker) Read(p []byte) (int, error) {
	at, _ := s.Seek(0, io.SeekCurrent)
	return s.ReadSeeker.Read(p[:min(int64(len(p)), max(0, s.good-at))])
}

func (s *stuckSeeker) ReadAt(p []byte, offset int64) (int, error) {
	return copy(p, make([]byte, max(0, s.good-offset))), nil
}

// shrinkingFile is cut when its content was measured.
type shrinkingFile struct {
	*os.File
	path string
}

func (f *shrinkingFile) Seek(offset int64, whence int) (int64, error) {
	at, err := f.File.Seek(offset, whence)
	if err == nil && whence == io.SeekStart {
		err = os.Truncate(f.path, 1000)
	}
	return at, err
}

// brokenLater can seek so many times, and has no more than it was measured.
type brokenLater struct {
	io.ReadSeeker
	seeks int
	most  int64 // bytes that can be read; 0 for all
}

func (b *brokenLater) Seek(offset int64, whence int) (int64, error) {
	if b.seeks--; b.seeks < 0 {
		return 0, errBroken
	}
	return b.ReadSeeker.Seek(offset, whence)
}

func (b *brokenLater) Read(p []byte) (int, error) {
	if b.most > 0 {
		at, _ := b.ReadSeeker.Seek(0, io.SeekCurrent)
		if at >= b.most {
			return 0, io.EOF
		}
		p = p[:min(int64(len(p)), b.most-at)]
	}
	return b.ReadSeeker.Read(p)
}

// brokenSeeker can't seek in one way.
type brokenSeeker struct {
	io.ReadSeeker
	whence int
}

func (b *brokenSeeker) Seek(offset int64, whence int) (int64, error) {
	if whence == b.whence {
		return 0, errBroken
	}
	return b.ReadSeeker.Seek(offset, whence)
}

// Content is read from where it stands, and stands there again afterwards.
func TestPutFromWhereItStands(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	path := writeFile(t, t.TempDir(), "file", data)
	file, err := os.Open(path)
	require.NoError(t, err)
	defer file.Close()
	const from = 1000
	for name, source := range map[string]io.ReadSeeker{
		"file": file, "bytes": bytes.NewReader(data), "section": io.NewSectionReader(bytes.NewReader(data), 0, int64(len(data))),
		"seeker": seeking(data).(io.ReadSeeker), "text": strings.NewReader(string(data)),
	} {
		for answer, steps := range map[string][]http.HandlerFunc{"stored": {cutOff(100 * kib), keeps()}, "refused": {html(413, "Too large")}} {
			t.Run(name+"/"+answer, func(t *testing.T) {
				s := newScript(t, steps...)
				_, err := source.Seek(from, io.SeekStart)
				require.NoError(t, err)
				_, err = s.objects.Put(t.Context(), "photos", "a", source, nil)
				if answer == "refused" {
					require.ErrorIs(t, err, nhncloud.ErrTooLarge)
				} else {
					require.NoError(t, err)
					assert.Equal(t, digestOf(data[from:]), digestOf(s.arrival(2).body))
				}
				at, err := source.Seek(0, io.SeekCurrent)
				require.NoError(t, err)
				assert.EqualValues(t, from, at)
			})
		}
	}
	t.Run("beyond its end", func(t *testing.T) {
		s := newScript(t, keeps())
		_, err := file.Seek(int64(len(data)+10), io.SeekStart)
		require.NoError(t, err)
		result, err := s.objects.Put(t.Context(), "photos", "a", file, nil)
		require.NoError(t, err)
		assert.Zero(t, result.Size)
	})
	t.Run("buffer", func(t *testing.T) {
		s := newScript(t, lost, keeps())
		buffer := bytes.NewBuffer(bytes.Clone(data))
		buffer.Next(from)
		_, err := s.objects.Put(t.Context(), "photos", "a", buffer, nil)
		require.NoError(t, err)
		assert.Equal(t, digestOf(data[from:]), digestOf(s.arrival(2).body))
		assert.Equal(t, len(data)-from, buffer.Len())
	})
}

// What looks as if it could seek but can't, or has no size of its own, is read
// once.
func TestPutFilesThatCannotSeek(t *testing.T) {
	t.Parallel()
	reader, writer, err := os.Pipe()
	require.NoError(t, err)
	defer reader.Close()
	go func() {
		defer writer.Close()
		_, _ = io.WriteString(writer, "hello")
	}()
	null, err := os.Open(os.DevNull)
	require.NoError(t, err)
	defer null.Close()
	for want, source := range map[string]io.Reader{
		"hello": reader, "": null, "seeker": &brokenSeeker{strings.NewReader("seeker"), io.SeekCurrent},
	} {
		s := newScript(t, keeps())
		result, err := s.objects.Put(t.Context(), "photos", "a", source, nil)
		require.NoError(t, err)
		assert.EqualValues(t, len(want), result.Size)
		a := s.arrival(1)
		assert.Equal(t, want, string(a.body))
		assert.EqualValues(t, -1, a.length, "it is sent in pieces")
		assert.Equal(t, "100-continue", a.header.Get("Expect"))
	}
}

// A folder is no content.
func TestPutFolder(t *testing.T) {
	t.Parallel()
	folder, err := os.Open(filepath.Dir(t.TempDir()))
	require.NoError(t, err)
	defer folder.Close()
	s := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
		_, err := io.Copy(io.Discard, r.Body)
		assert.Error(t, err)
	})
	_, err = s.objects.Put(t.Context(), "photos", "a", folder, nil)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.ErrorContains(t, err, "directory")
	assert.False(t, errors.Is(err, nhncloud.ErrUnavailable))
}

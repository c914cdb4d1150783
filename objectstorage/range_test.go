package objectstorage_test

import (
	"context"
	"io"
	"math"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// A range of an empty object is nothing.
func TestGetRangeOfNothing(t *testing.T) {
	t.Parallel()
	s := newScript(t, reply(http.StatusOK, "", "ETag", digestOf(nil)))
	content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: -5})
	require.NoError(t, err)
	assert.Zero(t, content.Offset)
	assert.Zero(t, content.Length)
	data, err := readAll(t, content)
	require.NoError(t, err)
	assert.Empty(t, data)
}

// An answer with another part of the object than was asked for is none.
func TestGetBadRanges(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		step    http.HandlerFunc
	}{
		"ignored":        {objectstorage.GetOptions{Offset: 5}, reply(http.StatusOK, "0123456789")},
		"missing":        {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789")},
		"unreadable":     {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes five-9/10")},
		"unknown end":    {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-/10")},
		"other offset":   {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "456789", "Content-Range", "bytes 4-9/10")},
		"more":           {objectstorage.GetOptions{Offset: 5, Length: 2}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-9/10")},
		"more of end":    {objectstorage.GetOptions{Offset: -2}, reply(http.StatusPartialContent, "789", "Content-Range", "bytes 7-9/10")},
		"other length":   {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "5678", "Content-Range", "bytes 5-9/10")},
		"the wrong way":  {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "", "Content-Range", "bytes 5-2/10")},
		"whole of it":    {objectstorage.GetOptions{Length: 2}, reply(http.StatusOK, "0123456789")},
		"empty and part": {objectstorage.GetOptions{Offset: 1}, reply(http.StatusPartialContent, "", "Content-Range", "bytes */0")},
		"too short":      {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "567", "Content-Range", "bytes 5-7/10")},
		"shorter":        {objectstorage.GetOptions{Offset: 5, Length: 3}, reply(http.StatusPartialContent, "56", "Content-Range", "bytes 5-6/10")},
		"end too short":  {objectstorage.GetOptions{Offset: -3}, reply(http.StatusPartialContent, "78", "Content-Range", "bytes 7-8/10")},
		"end too late":   {objectstorage.GetOptions{Offset: -3}, reply(http.StatusPartialContent, "89", "Content-Range", "bytes 8-9/10")},
		"beyond its end": {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-9/9")},
		"negative":       {objectstorage.GetOptions{Length: 2}, reply(http.StatusPartialContent, "01", "Content-Range", "bytes -1-0/10")},
		"signed":         {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes +5-9/10")},
		"other unit":     {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "lines 5-9/10")},
		"overflow":       {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-9223372036854775807/9223372036854775808")},
		"overflow twice": {objectstorage.GetOptions{Offset: 5}, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-18446744073709551625/18446744073709551626")},
		"empty":          {objectstorage.GetOptions{Offset: 5}, reply(http.StatusOK, "", "ETag", digestOf([]byte("0123456789")))},
		"empty, no ETag": {objectstorage.GetOptions{Offset: -5}, reply(http.StatusOK, "")},
		"no range":       {objectstorage.GetOptions{}, reply(http.StatusPartialContent, "0123456789", "Content-Range", "bytes 0-9/10")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newScript(t, test.step)
			content, err := s.objects.Get(t.Context(), "photos", "a", &test.options)
			assert.Nil(t, content)
			e := failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.Equal(t, "objectstorage-get-object", e.Operation)
		})
	}
}

// A service may have no range of an empty object. What there is comes all the
// same.
func TestGetRangeOfNothingRefused(t *testing.T) {
	t.Parallel()
	refused := html(http.StatusRequestedRangeNotSatisfiable, "Not satisfiable")
	for name, options := range map[string]objectstorage.GetOptions{"first": {Length: 5, IfMatch: digestOf(nil)}, "last": {Offset: -5, IfMatch: digestOf(nil)}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := &story{t: t}
			options.Progress = told.tell
			s := newScript(t, refused, reply(http.StatusOK, "", "ETag", digestOf(nil), "X-Object-Meta-A", "b"))
			content, err := s.objects.Get(t.Context(), "photos", "a", &options)
			require.NoError(t, err)
			assert.Zero(t, content.Offset)
			assert.Zero(t, content.Length)
			assert.Zero(t, content.Size)
			assert.Equal(t, map[string]string{"a": "b"}, content.Metadata)
			data, err := readAll(t, content)
			require.NoError(t, err)
			assert.Empty(t, data)
			second := s.arrival(2).header
			assert.NotContains(t, second, "Range")
			assert.Equal(t, `"`+digestOf(nil)+`"`, second.Get("If-Match"))
			assert.Equal(t, nhncloud.TransferProgress{Parts: 1, Count: 1}, told.last)
		})
	}
	for name, test := range map[string]struct {
		options objectstorage.GetOptions
		steps   []http.HandlerFunc
	}{
		"beyond":     {objectstorage.GetOptions{Offset: 1, Length: 5}, []http.HandlerFunc{refused}},
		"not empty":  {objectstorage.GetOptions{Length: 5}, []http.HandlerFunc{refused, reply(http.StatusOK, "hello", "ETag", digestOf([]byte("hello")))}},
		"gone":       {objectstorage.GetOptions{Length: 5}, []http.HandlerFunc{refused, html(http.StatusNotFound, "Not Found")}},
		"no success": {objectstorage.GetOptions{Length: 5}, []http.HandlerFunc{refused, reply(http.StatusNoContent, "")}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			content, err := newScript(t, test.steps...).objects.Get(t.Context(), "photos", "a", &test.options)
			assert.Nil(t, content)
			failsAs(t, nhncloud.ErrRangeNotSatisfiable, err)
		})
	}
	t.Run("in the cloud", func(t *testing.T) {
		t.Parallel()
		r := newRig(t)
		r.put(depot, "empty", nil)
		for _, options := range []objectstorage.GetOptions{{Length: 5}, {Offset: -5}} {
			content, err := r.objects.Get(t.Context(), depot, "empty", &options)
			require.NoError(t, err)
			data, err := readAll(t, content)
			require.NoError(t, err)
			assert.Empty(t, data)
		}
	})
}

// Where the length of an answer does not bound it, that of the range does.
func TestGetMoreThanTheRange(t *testing.T) {
	t.Parallel()
	s := newScript(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Range", "bytes 5-6/10")
		w.WriteHeader(http.StatusPartialContent)
		for range 3 {
			_, _ = io.WriteString(w, "56")
			_ = http.NewResponseController(w).Flush()
		}
	})
	content, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: 5, Length: 2})
	require.NoError(t, err)
	_, err = readAll(t, content)
	failsAs(t, nhncloud.ErrBadAnswer, err)
	assert.ErrorContains(t, err, "goes on after the 2 bytes")
}

// The numbers of a range do not run over.
func TestGetHugeRanges(t *testing.T) {
	t.Parallel()
	s := newScript(t, reply(http.StatusPartialContent, "56789", "Content-Range", "bytes 5-9/10"))
	_, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: 5, Length: math.MaxInt64})
	require.NoError(t, err)
	assert.Equal(t, "bytes=5-", s.arrival(1).header.Get("Range"))
	refusing(t, "objectstorage-get-object", "Offset", func(ctx context.Context, objects *objectstorage.ObjectsService) error {
		_, err := objects.Get(ctx, "photos", "a", &objectstorage.GetOptions{Offset: math.MinInt64})
		return err
	})
}

// What the service sent in place of a range may be anything, a secret too, and is
// not repeated.
func TestRangeIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, value := range []string{"bytes tell-tale/10", "bytes 5-9/tell-tale", "tell-tale", "bytes 5-9/10 tell-tale"} {
		s := newScript(t, reply(http.StatusPartialContent, "56789", "Content-Range", value))
		_, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: 5})
		e := failsAs(t, nhncloud.ErrBadAnswer, err)
		assert.NotContains(t, e.Error(), "tell")
	}
	s := newScript(t, reply(http.StatusPartialContent, "456789", "Content-Range", "bytes 4-9/10"))
	_, err := s.objects.Get(t.Context(), "photos", "a", &objectstorage.GetOptions{Offset: 5})
	assert.ErrorContains(t, err, "bytes 4-9/10")
}

package objectstorage_test

import (
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

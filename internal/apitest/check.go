package apitest

import (
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// Check runs an operation on its documented answer, of which it must make what
// is expected, and then through its [Failures]. An operation of the v1.0 API
// must make the same of every number and Boolean in quotes, and must refuse a
// placeholder in its place.
func Check[T any](t *testing.T, want Want, reply Reply, expected T, call func(ctx context.Context, client *nhncloud.Client) (T, error)) {
	t.Helper()
	t.Run("documented", func(t *testing.T) {
		t.Parallel()
		m := New(t)
		m.Expect(want, reply)
		got, err := call(t.Context(), m.Client)
		require.NoError(t, err)
		require.Equal(t, expected, got)
	})
	if want.isV1() {
		loose(t, want, reply, expected, call)
	}
	Failures(t, want, reply, func(ctx context.Context, client *nhncloud.Client) error {
		got, err := call(ctx, client)
		assert.Zero(t, got, "a failed call returns nothing else")
		return err
	})
}

// CheckEmpty is [Check] for an operation that returns nothing but an error.
func CheckEmpty(t *testing.T, want Want, reply Reply, call func(ctx context.Context, client *nhncloud.Client) error) {
	t.Helper()
	Check(t, want, reply, struct{}{}, func(ctx context.Context, client *nhncloud.Client) (struct{}, error) {
		return struct{}{}, call(ctx, client)
	})
}

// Refused checks that a call refuses an argument before anything is sent. Field
// is its name, or the names of all that are refused with ", " between.
func Refused(t *testing.T, operation, field string, call func(ctx context.Context, client *nhncloud.Client) error) {
	t.Helper()
	err := call(t.Context(), New(t).Client)
	require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
	var e *nhncloud.Error
	require.ErrorAs(t, err, &e)
	assert.Equal(t, operation, e.Operation)
	assert.Equal(t, field, e.Field)
	assert.NotEmpty(t, e.Message)
	for name := range strings.SplitSeq(field, ", ") {
		assert.Contains(t, err.Error(), name+" ", "each has a sentence")
	}
	assert.Zero(t, e.Attempts, "requests sent")
}

// RefusedSegments checks that a call refuses whatever can't be one segment of a
// path, such as the id of a resource.
func RefusedSegments(t *testing.T, operation, field string, call func(ctx context.Context, client *nhncloud.Client, value string) error) {
	t.Helper()
	for name, value := range map[string]string{
		"empty": "", "dot": ".", "dots": "..", "slash": "a/b", "leading slash": "/a",
		"newline": "a\nb", "carriage return": "a\rb", "zero": "a\x00b", "delete": "a\x7fb", "next line": "a\u0085b",
	} {
		t.Run("refused "+field+" "+name, func(t *testing.T) {
			t.Parallel()
			Refused(t, operation, field, func(ctx context.Context, client *nhncloud.Client) error {
				return call(ctx, client, value)
			})
		})
	}
}

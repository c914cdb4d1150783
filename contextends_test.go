package nhncloud_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// What the service said is kept when the context ends between attempts.
func TestContextEndsDuringBackoff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(2*time.Second, cancel)
		start := time.Now()
		client, _ := scriptClient(t, nil, answer(503, `{"computeFault": {"code": 503, "message": "busy"}}`, "Retry-After", "30"))
		err := client.Do(ctx, getRequest(), nil)
		assert.Equal(t, 2*time.Second, time.Since(start))
		assert.ErrorIs(t, err, context.Canceled)
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, 503, e.StatusCode)
		assert.Equal(t, "busy", e.Message)
		assert.Equal(t, 1, e.Attempts)
	})
}

// The same for a context that ends while a further attempt is on its way.
func TestContextEndsDuringSecondAttempt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		client, _ := scriptClient(t, nil, answer(503, "busy"), func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		err := client.Do(ctx, getRequest(), nil)
		assert.ErrorIs(t, err, context.DeadlineExceeded)
		assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.Equal(t, "busy", e.Message)
		assert.Equal(t, 2, e.Attempts)
	})
}

func TestContextEndsBeforeAndDuringACall(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		client, sent := scriptClient(t, nil, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.ErrorIs(t, client.Do(ctx, getRequest(), nil), context.Canceled)
		assert.Zero(t, sent.count())

		ctx, cancel = context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		start := time.Now()
		err := client.Do(ctx, getRequest(), nil)
		require.ErrorIs(t, err, context.Canceled)
		assert.Equal(t, time.Second, time.Since(start))
		assert.Equal(t, 1, sent.count())
		var e *nhncloud.Error
		require.ErrorAs(t, err, &e)
		assert.NoError(t, e.Kind(), "a finished context says nothing about the service")
	})
}

// An answer that comes after that is closed.
func TestAnswerAfterTheContextEnded(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	late := newClosing("{}")
	pipe, filler := io.Pipe()
	transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		_, err := r.Body.Read(make([]byte, 10))
		assert.ErrorContains(t, err, "the call is over")
		_, err = r.Body.Read(make([]byte, 10))
		assert.ErrorContains(t, err, "the call is over")
		return &http.Response{StatusCode: 200, Body: late, Request: r}, nil
	})
	client := staticClient(t, "https://compute.example.com", nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	request := getRequest()
	request.Method, request.Body = http.MethodPut, nhncloud.NewBodyReader("text/plain", 100, &notedReader{pipe, cancel})
	require.ErrorIs(t, client.Do(ctx, request, nil), context.Canceled)
	_, err := filler.Write([]byte("late"))
	require.NoError(t, err)
	<-late.gone
}

package oncebody

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// transport answers with a function.
type transport func(*http.Request) (*http.Response, error)

func (t transport) RoundTrip(r *http.Request) (*http.Response, error) { return t(r) }

func newRequest(ctx context.Context, body io.ReadCloser) *http.Request {
	return (&http.Request{Method: http.MethodPut, Body: body}).WithContext(ctx)
}

// What was not begun in one attempt is there for the next one; what was is not.
func TestBegun(t *testing.T) {
	t.Parallel()
	var source Source
	source.Init(strings.NewReader("content"))
	first := source.Open()
	assert.False(t, source.Begun())
	require.NoError(t, first.Close())

	second := source.Open()
	assert.NotSame(t, first, second, "the transport may still hold the first one")
	got, err := io.ReadAll(second)
	require.NoError(t, err)
	assert.Equal(t, "content", string(got))
	assert.True(t, source.Begun())
}

func listen(t *testing.T, source *Source) context.Context {
	trace := new(httptrace.ClientTrace)
	source.Listen(trace)
	return httptrace.WithClientTrace(t.Context(), trace)
}

// A trace of the caller goes on being told.
func TestListenBesideTheCaller(t *testing.T) {
	t.Parallel()
	var source Source
	source.Init(strings.NewReader("content"))
	source.Open()
	told := 0
	tell := func() { told++ }
	trace := &httptrace.ClientTrace{GotFirstResponseByte: tell, Got100Continue: tell}
	source.Listen(trace)
	trace.GotFirstResponseByte()
	trace.Got100Continue()
	assert.Equal(t, 2, told)
	assert.Equal(t, 2, source.current.Load().heard)
}

// A service that answers before it asks for the body gets none of it.
func TestRefusedBeforeItWasAskedFor(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		content := strings.NewReader("content")
		var source Source
		source.Init(content)
		body := source.Open()
		ctx := listen(t, &source)
		read := make(chan error, 1)
		refused := &http.Response{StatusCode: http.StatusUnauthorized, Body: http.NoBody}
		resp, err := body.RoundTrip(transport(func(r *http.Request) (*http.Response, error) {
			httptrace.ContextClientTrace(r.Context()).GotFirstResponseByte()
			go func() { // as net/http does, to keep the connection
				_, err := r.Body.Read(make([]byte, 1))
				read <- err
			}()
			synctest.Wait()
			return refused, nil
		}), newRequest(ctx, body))
		require.NoError(t, err)
		assert.Same(t, refused, resp)
		require.ErrorIs(t, <-read, errOver)
		assert.Equal(t, 7, content.Len())
		assert.False(t, source.Begun())
	})
}

// One that asks for it gets it, and one that says nothing more gets it after a
// while.
func TestAskedFor(t *testing.T) {
	t.Parallel()
	for _, asks := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			var source Source
			source.Init(strings.NewReader("content"))
			body := source.Open()
			start := time.Now()
			var got []byte
			_, err := body.RoundTrip(transport(func(r *http.Request) (*http.Response, error) {
				trace := httptrace.ContextClientTrace(r.Context())
				trace.GotFirstResponseByte()
				if asks {
					trace.Got100Continue()
				}
				var err error
				got, err = io.ReadAll(r.Body)
				return &http.Response{Body: http.NoBody}, err
			}), newRequest(listen(t, &source), body))
			require.NoError(t, err)
			assert.Equal(t, "content", string(got))
			assert.True(t, source.Begun())
			if !asks {
				assert.Equal(t, maxGrace, time.Since(start))
			}
		})
	}
}

// A reader that nobody fills is left behind when the context ends; an answer
// that comes later is closed.
func TestLeave(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reader, writer := io.Pipe()
		var source Source
		source.Init(reader)
		body := source.Open()
		ctx, cancel := context.WithCancel(t.Context())
		late := &closed{Reader: new(bytes.Buffer), done: make(chan struct{})}
		go func() {
			synctest.Wait()
			cancel()
		}()
		_, err := body.RoundTrip(transport(func(r *http.Request) (*http.Response, error) {
			_, err := r.Body.Read(make([]byte, 1))
			if !errors.Is(err, errOver) {
				return nil, err
			}
			return &http.Response{Body: late}, nil
		}), newRequest(ctx, body))
		require.ErrorIs(t, err, context.Canceled)
		require.NoError(t, writer.Close())
		<-late.done
	})
}

// Where nothing is being read, the end of the context is the transport's to
// tell.
func TestContextEndsBetweenReads(t *testing.T) {
	t.Parallel()
	var source Source
	source.Init(strings.NewReader("content"))
	body := source.Open()
	ctx, cancel := context.WithCancel(t.Context())
	cause := errors.New("cause")
	_, err := body.RoundTrip(transport(func(r *http.Request) (*http.Response, error) {
		cancel()
		<-r.Context().Done()
		return nil, cause
	}), newRequest(ctx, body))
	require.ErrorIs(t, err, cause)
}

// A panic of the reader reaches whoever asks, and ends nothing else.
func TestPanic(t *testing.T) {
	t.Parallel()
	var source Source
	source.Init(panicking{})
	_, err := source.Open().Read(make([]byte, 1))
	require.ErrorIs(t, err, errPanicked)
	assert.PanicsWithValue(t, "on purpose", source.Rethrow)
	new(Guard).Rethrow()
}

type panicking struct{}

func (panicking) Read([]byte) (int, error) { panic("on purpose") }

type closed struct {
	io.Reader
	done chan struct{}
}

func (c *closed) Close() error {
	close(c.done)
	return nil
}

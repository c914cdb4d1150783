package objectstorage_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// An answer that comes before the content is no success, whatever it says.
func TestPutEarlySuccess(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]func() io.Reader{
		"again": func() io.Reader { return &waiting{ReadSeeker: bytes.NewReader(noise(1, 300*kib)), from: 100 * kib} },
		"once": func() io.Reader {
			return onlyRead{&waiting{ReadSeeker: bytes.NewReader(noise(1, 300*kib)), from: 100 * kib}}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answered := make(chan struct{})
			tag := digestOf(noise(1, 300*kib)[:100*kib])
			r := source()
			var w *waiting
			switch r := r.(type) {
			case *waiting:
				w = r
			case onlyRead:
				w = r.Reader.(*waiting)
			}
			w.until = answered
			s := newScript(t, early(200, "", "ETag", tag), reply(204, ""))
			client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
				return nhncloud.RoundTripperFunc(func(req *http.Request) (*http.Response, error) {
					if req.Method != http.MethodPut {
						return next.RoundTrip(req)
					}
					_, err := io.CopyN(io.Discard, req.Body, 100*kib)
					assert.NoError(t, err)
					return &http.Response{StatusCode: 201, Header: http.Header{"Etag": {tag}}, Body: http.NoBody, Request: req}, nil
				})
			}))
			require.NoError(t, err)
			result, err := objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", r, &objectstorage.PutOptions{SkipChecksum: true})
			close(answered)
			assert.Nil(t, result)
			failsAs(t, nhncloud.ErrBadAnswer, err)
			assert.ErrorContains(t, err, "before it had the content")
			assert.Equal(t, []string{"HEAD /photos/a token-1", "DELETE /photos/a token-1"}, s.lines())
		})
	}
}

// waiting is content of which the rest comes only when something has happened.
type waiting struct {
	io.ReadSeeker
	from  int64
	until chan struct{}
	done  int64
}

func (w *waiting) Read(p []byte) (int, error) {
	if w.done >= w.from {
		<-w.until
	}
	n, err := w.ReadSeeker.Read(p[:min(int64(len(p)), max(1, w.from-w.done))])
	w.done += int64(n)
	return n, err
}

// Put returns when its context ends, even if the service or the source does
// nothing more.
func TestPutCancelled(t *testing.T) {
	t.Parallel()
	data := noise(1, 8<<20)
	for name, source := range map[string]func(hanging chan struct{}) io.Reader{
		"service, again":   func(chan struct{}) io.Reader { return again(data) },
		"service, seeking": func(chan struct{}) io.Reader { return seeking(data) },
		"service, once":    func(chan struct{}) io.Reader { return once(data) },
		"source": func(hanging chan struct{}) io.Reader {
			return onlyRead{&waiting{ReadSeeker: bytes.NewReader(data), from: 100 * kib, until: hanging}}
		},
		"source at its end": func(hanging chan struct{}) io.Reader {
			return io.MultiReader(once(data[:100*kib]), onlyRead{&waiting{ReadSeeker: bytes.NewReader(data), until: hanging}})
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			arrived, hanging := make(chan struct{}), make(chan struct{})
			s := newScript(t, func(_ http.ResponseWriter, r *http.Request) {
				_, _ = io.CopyN(io.Discard, r.Body, 10*kib)
				close(arrived)
				<-hanging
			})
			ctx, cancel := context.WithCancel(t.Context())
			go func() {
				<-arrived
				cancel()
			}()
			result, err := s.objects.Put(ctx, "photos", "a", source(hanging), &objectstorage.PutOptions{SkipChecksum: true})
			close(hanging)
			assert.Nil(t, result)
			failsAs(t, context.Canceled, err)
			assert.NotErrorIs(t, err, nhncloud.ErrUnavailable)
		})
	}
}

// Content that can be read again is the caller's again when Put returns, however
// it does: the race detector watches.
func TestPutLeavesContent(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		step http.HandlerFunc
		kind error
	}{
		"answered early": {early(503, "Busy"), nil}, // or the connection breaks: both are failures
		"cancelled":      {nil, context.Canceled},
		"reset":          {cutOff(100 * kib), nhncloud.ErrUnavailable},
		"stored":         {keeps(), nil},
	} {
		for source, open := range map[string]func([]byte) io.Reader{
			"again": again, "seeking": seeking, "buffer": func(data []byte) io.Reader { return bytes.NewBuffer(data) },
		} {
			t.Run(name+"/"+source, func(t *testing.T) {
				t.Parallel()
				ctx, cancel := context.WithCancel(nhncloud.ContextWithRetry(t.Context(), nhncloud.NoRetry))
				defer cancel()
				step, returned := test.step, make(chan struct{})
				if step == nil {
					step = func(_ http.ResponseWriter, r *http.Request) {
						_, _ = io.CopyN(io.Discard, r.Body, 10*kib)
						cancel()
						<-returned
					}
				}
				data := noise(1, 8<<20)
				s := newScript(t, step)
				_, err := s.objects.Put(ctx, "photos", "a", open(data), nil)
				close(returned)
				for i := range data {
					data[i]++
				}
				if name == "stored" {
					require.NoError(t, err)
					return
				}
				require.Error(t, err)
				if test.kind != nil {
					assert.ErrorIs(t, err, test.kind)
				}
			})
		}
	}
}

// Nothing of the content is used where nothing is sent.
func TestPutNotSent(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, source := range []io.Reader{again(noise(1, 2<<20)), again(noise(1, 100*kib)), once(noise(1, 100*kib)), seeking(noise(1, 2<<20))} {
		_, err := newScript(t).objects.Put(ctx, "photos", "a", source, nil)
		failsAs(t, context.Canceled, err)
		rest, err := io.ReadAll(source)
		require.NoError(t, err)
		assert.GreaterOrEqual(t, len(rest), 100*kib)
	}
}

// Whatever reads the content of a request gets what was declared and its end.
func TestPutReadByMiddleware(t *testing.T) {
	t.Parallel()
	data := noise(1, 300*kib)
	for _, source := range []io.Reader{again(data), seeking(data), once(data)} {
		s := newScript(t, keeps())
		client, err := s.client.With(nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				read, err := io.ReadAll(r.Body)
				assert.NoError(t, err)
				n, err := r.Body.Read(make([]byte, 10))
				assert.Zero(t, n)
				assert.Equal(t, io.EOF, err)
				r = r.Clone(r.Context())
				r.Body = io.NopCloser(bytes.NewReader(read))
				return next.RoundTrip(r)
			})
		}))
		require.NoError(t, err)
		_, err = objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", source, &objectstorage.PutOptions{Size: int64(len(data))})
		require.NoError(t, err)
		assert.Equal(t, digestOf(data), digestOf(s.arrival(1).body))
	}
}

// What an attempt has left behind in the transport reads nothing any more, once
// the next one begins or Put has returned.
func TestPutEndsAttempts(t *testing.T) {
	t.Parallel()
	for name, source := range map[string]io.Reader{"again": again(noise(1, 300*kib)), "seeking": seeking(noise(1, 300*kib))} {
		s := newScript(t)
		var bodies []io.Reader
		client, err := s.client.With(nhncloud.WithMiddleware(func(http.RoundTripper) http.RoundTripper {
			return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
				for _, before := range bodies {
					n, err := before.Read(make([]byte, 10))
					assert.Zero(t, n)
					assert.ErrorContains(t, err, "over")
				}
				n, err := io.ReadFull(r.Body, make([]byte, 100))
				assert.Equal(t, 100, n)
				bodies = append(bodies, r.Body)
				return &http.Response{StatusCode: http.StatusServiceUnavailable, Header: http.Header{}, Body: http.NoBody, Request: r}, err
			})
		}))
		require.NoError(t, err)
		_, err = objectstorage.New(client).Objects.Put(t.Context(), "photos", "a", source, nil)
		require.ErrorIs(t, err, nhncloud.ErrUnavailable, name)
		require.Len(t, bodies, 4)
		for _, body := range bodies {
			n, err := body.Read(make([]byte, 10))
			assert.Zero(t, n)
			assert.ErrorContains(t, err, "over")
		}
	}
}

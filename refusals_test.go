package nhncloud_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

var unauthorized = answer(401, `{"error": {"code": 401, "title": "Unauthorized", "message": "The request you have made requires authentication."}}`)

// A 401 in the middle of things: a new login, the same request again.
func TestTokenRefused(t *testing.T) {
	t.Parallel()
	t.Run("once", func(t *testing.T) {
		t.Parallel()
		for _, request := range []nhncloud.Request{getRequest(), createRequest(), actionRequest()} {
			var seen []string
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(&numbered{}), nhncloud.WithRetry(nhncloud.NoRetry)},
				unauthorized, tokenSeen(&seen))
			require.NoError(t, client.Do(t.Context(), request, new(thing)))
			assert.Equal(t, []string{"token-2"}, seen)
			assert.Equal(t, 2, sent.count())
			assert.Equal(t, sent.sent[0], sent.sent[1])
		}
	})
	t.Run("again", func(t *testing.T) {
		t.Parallel()
		source := &numbered{}
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, unauthorized)
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Equal(t, 2, sent.count(), "one new login is enough")
		assert.EqualValues(t, 2, source.calls.Load())
	})
	t.Run("static token", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, unauthorized)
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Contains(t, err.Error(), "refused token again")
		assert.Equal(t, 1, sent.count())
	})
	t.Run("login fails", func(t *testing.T) {
		t.Parallel()
		source := &numbered{}
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, func(r *http.Request) (*http.Response, error) {
			source.fail.Store(true)
			return unauthorized(r)
		})
		err := client.Do(t.Context(), getRequest(), nil)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Contains(t, err.Error(), "login is down")
		assert.Contains(t, err.Error(), "test-get")
		assert.Equal(t, 1, sent.count())
	})
	t.Run("body read once", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(&numbered{})}, unauthorized)
		request := createRequest()
		for size, attempts := range map[int]int{3: 2, 64<<10 + 1: 1} { // what is kept can be sent again
			before := sent.count()
			request.Body = nhncloud.NewBodyReader("text/plain", -1, strings.NewReader(strings.Repeat("x", size)))
			require.ErrorIs(t, client.Do(t.Context(), request, nil), nhncloud.ErrUnauthorized)
			assert.Equal(t, attempts, sent.count()-before, "%d bytes", size)
		}
	})
}

// refusing answers 401 to the calls of a service for as long as it is told to.
type refusing struct {
	services map[nhncloud.Service]bool
	sent     int
}

func (r *refusing) step(req *http.Request) (*http.Response, error) {
	r.sent++
	if call, _ := nhncloud.CallFromContext(req.Context()); r.services[call.Service] {
		return unauthorized(req)
	}
	return answer(200, thingAnswer)(req)
}

// A service that refuses whatever it gets costs a few logins, and then one from
// time to time. Calls of other services go on as ever, and it is forgotten once
// the service accepts a token.
func TestServiceRefusesAllTokens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		source := &numbered{}
		r := &refusing{services: map[nhncloud.Service]bool{nhncloud.ServiceCompute: true}}
		client, _ := scriptClient(t, []nhncloud.Option{
			nhncloud.WithTokenSource(source), nhncloud.WithEndpoint(nhncloud.ServiceImage, "https://image.example.com"),
		}, r.step)
		call := func(service nhncloud.Service) (requests, logins int, err error) {
			request := getRequest()
			request.Service = service
			sent, before := r.sent, source.calls.Load()
			err = client.Do(t.Context(), request, nil)
			return r.sent - sent, int(source.calls.Load() - before), err
		}

		requests, logins, err := call(nhncloud.ServiceCompute)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.ErrorContains(t, err, "not repeated, because the service refuses new tokens too; there is no login for it for 1s")
		assert.Equal(t, []int{2, 2}, []int{requests, logins}, "the first login, and one more")
		for _, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 16 * time.Second, 32 * time.Second, time.Minute, time.Minute} {
			time.Sleep(wait - time.Millisecond)
			for range 10 {
				requests, logins, err = call(nhncloud.ServiceCompute)
				require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
				assert.Equal(t, []int{1, 0}, []int{requests, logins}, wait)
				requests, logins, err = call(nhncloud.ServiceImage)
				require.NoError(t, err)
				assert.Equal(t, []int{1, 0}, []int{requests, logins}, wait)
			}
			time.Sleep(time.Millisecond)
			requests, logins, err = call(nhncloud.ServiceCompute)
			require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
			assert.Equal(t, []int{2, 1}, []int{requests, logins}, wait)
		}

		r.services[nhncloud.ServiceImage] = true
		requests, logins, err = call(nhncloud.ServiceImage)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Equal(t, []int{2, 1}, []int{requests, logins}, "another service has a standing of its own")

		clear(r.services)
		for _, service := range []nhncloud.Service{nhncloud.ServiceCompute, nhncloud.ServiceImage} {
			_, logins, err = call(service)
			require.NoError(t, err)
			assert.Zero(t, logins)
		}
		r.services[nhncloud.ServiceCompute] = true
		requests, logins, err = call(nhncloud.ServiceCompute)
		require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
		assert.Equal(t, []int{2, 1}, []int{requests, logins}, "it had accepted one meanwhile")
	})
}

// What shows that a token was accepted, beside a success.
func TestRefusalsAreForgotten(t *testing.T) {
	t.Parallel()
	for status, forgets := range map[int]bool{200: true, 204: true, 400: true, 403: true, 404: true, 409: true, 412: true, 429: false, 500: false, 502: false, 503: false} {
		synctest.Test(t, func(t *testing.T) {
			source := &numbered{}
			between := false
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source), nhncloud.WithRetry(nhncloud.NoRetry)}, func(r *http.Request) (*http.Response, error) {
				if between {
					return answer(status, "")(r)
				}
				return unauthorized(r)
			})
			require.Error(t, client.Do(t.Context(), getRequest(), nil))
			between = true
			assert.Equal(t, status >= 300, client.Do(t.Context(), getRequest(), nil) != nil)
			between = false
			before := source.calls.Load()
			require.Error(t, client.Do(t.Context(), getRequest(), nil))
			assert.Equal(t, forgets, source.calls.Load() > before, status)
		})
	}
}

// A call whose tokens were replaced before it was refused goes on with the newest
// one, however often that was, and makes no login for it.
func TestOldTokensRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ refused, sent int }{"often": {20, 21}, "too often": {21, 21}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			source := &numbered{}
			var client *nhncloud.Client
			var tokens []string // of the slow call
			valid := ""         // the only token that is good at the moment
			client, _ = scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, func(r *http.Request) (*http.Response, error) {
				call, _ := nhncloud.CallFromContext(r.Context())
				if call.Operation == "slow" {
					// While it is on its way another call finds its token revoked
					// and replaces it.
					tokens = append(tokens, r.Header.Get("X-Auth-Token"))
					if len(tokens) <= test.refused {
						valid = ""
						require.NoError(t, client.Do(t.Context(), getRequest(), nil))
					}
				} else if valid == "" && r.Header.Get("X-Auth-Token") != tokens[len(tokens)-1] {
					valid = r.Header.Get("X-Auth-Token")
				}
				if r.Header.Get("X-Auth-Token") != valid {
					return unauthorized(r)
				}
				return answer(200, thingAnswer)(r)
			})
			slow := createRequest()
			slow.Operation, slow.Idempotency = "slow", nhncloud.IdempotencyUnsafe
			err := client.Do(t.Context(), slow, nil)
			assert.Len(t, tokens, test.sent)
			assert.EqualValues(t, 1+test.refused, source.calls.Load(), "the logins of the other calls alone")
			if name == "often" {
				require.NoError(t, err)
				return
			}
			require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
			assert.ErrorContains(t, err, "not repeated, because 21 tokens were refused one after the other")
		})
	}
}

// A login that is refused is not tried over and over, for the password does not
// become right by it.
func TestRefusedLoginsBackOff(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		wrong := true
		logins := 0
		transport := nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			if call, _ := nhncloud.CallFromContext(r.Context()); call.Service != nhncloud.ServiceIdentity {
				return answer(200, thingAnswer)(r)
			}
			logins++
			if wrong {
				return unauthorized(r)
			}
			return answer(200, `{"access": {"token": {"id": "token", "expires": "2126-01-01T00:00:00Z"}}}`)(r)
		})
		client, err := nhncloud.NewClient(goodConfig(), nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
		require.NoError(t, err)
		for i := range 20 {
			err = client.Do(t.Context(), getRequest(), nil)
			require.ErrorIs(t, err, nhncloud.ErrUnauthorized)
			assert.ErrorContains(t, err, "the password has to be the API password")
			if i >= 4 {
				assert.ErrorContains(t, err, "; not tried again for 1s, because 4 logins in a row were refused")
			}
		}
		assert.Equal(t, 4, logins)
		time.Sleep(time.Second)
		require.Error(t, client.Do(t.Context(), getRequest(), nil))
		require.Error(t, client.Do(t.Context(), getRequest(), nil))
		assert.Equal(t, 5, logins)
		wrong = false
		time.Sleep(2 * time.Second)
		require.NoError(t, client.Do(t.Context(), getRequest(), nil))
		assert.Equal(t, 6, logins)
	})
}

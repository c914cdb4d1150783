package nhncloud_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// envelope is an answer of the v1.0 API.
func envelope(code int, message string) string {
	return fmt.Sprintf(`{"header": {"isSuccessful": false, "resultCode": %d, "resultMessage": %q}}`, code, message)
}

func v1Request() nhncloud.Request {
	return nhncloud.Request{
		Operation: "test-v1", Service: nhncloud.ServiceAppKey, Method: http.MethodGet, Path: "/v1.0/appkeys/{appkey}/things", ResponseKey: "thing",
	}
}

// The result codes of the guide. Those of five digits end in the status of the
// service behind.
func TestEnvelopeResultCodes(t *testing.T) {
	t.Parallel()
	want := map[int]error{
		-1: nhncloud.ErrUnauthorized, -2: nhncloud.ErrServerFault, -3: nhncloud.ErrForbidden, -4: nhncloud.ErrInvalidArgument, -5: nhncloud.ErrNotFound,
		-6: nhncloud.ErrServerFault, -7: nhncloud.ErrNotSupported, -8: nhncloud.ErrInvalidArgument,
		20001: nhncloud.ErrQuotaExceeded, 20004: nhncloud.ErrNotFound,
		-9: nhncloud.ErrServerFault, 1: nhncloud.ErrServerFault, 404: nhncloud.ErrServerFault, 10000: nhncloud.ErrServerFault, 10399: nhncloud.ErrServerFault,
		99503: nhncloud.ErrUnavailable, 10500: nhncloud.ErrServerFault, 0: nhncloud.ErrServerFault,
	}
	for _, area := range []int{10, 11, 12, 13, 20, 21, 22, 23, 24, 30, 40, 50} {
		for status, kind := range map[int]error{
			400: nhncloud.ErrInvalidArgument, 401: nhncloud.ErrUnauthorized, 403: nhncloud.ErrForbidden, 404: nhncloud.ErrNotFound, 405: nhncloud.ErrNotSupported,
			409: nhncloud.ErrConflict, 412: nhncloud.ErrPreconditionFailed, 413: nhncloud.ErrTooLarge, 418: nil, 422: nhncloud.ErrInvalidArgument, 429: nhncloud.ErrRateLimited, 499: nil,
		} {
			want[area*1000+status] = kind
		}
	}
	for code, kind := range want {
		client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(200, envelope(code, "FAIL: because\n"), "X-Request-Id", "req-v1"))
		var out thing
		err := client.Do(t.Context(), v1Request(), &out)
		e := asError(t, err)
		assertKind(t, kind, e)
		assert.Equal(t, code, e.ResultCode)
		assert.Equal(t, 200, e.StatusCode)
		assert.Equal(t, "FAIL: because", e.Message)
		assert.Equal(t, "req-v1", e.RequestID)
		assert.Empty(t, e.Code)
		assert.NotEmpty(t, e.Body)
		assert.Zero(t, out)
		if code != 0 {
			assert.Contains(t, err.Error(), fmt.Sprintf("test-v1: resultCode %d: FAIL: because", code))
		}
		assert.NotContains(t, err.Error(), "/appkeys/appkey/", "the appkey is hidden")
		assertReadable(t, e)
	}
}

func TestEnvelopes(t *testing.T) {
	t.Parallel()
	const good = `"header": {"isSuccessful": true, "resultCode": 0, "resultMessage": "SUCCESS"}`
	for name, test := range map[string]struct {
		status int
		body   string
		kind   error // nil for a success
		text   string
	}{
		"success":               {200, `{` + good + `, "thing": {"id": "1", "name": "x"}}`, nil, ""},
		"header after":          {200, `{"thing": {"id": "1", "name": "x"}, ` + good + `}`, nil, ""},
		"quoted true":           {200, `{"header": {"isSuccessful": "true", "resultCode": "0"}, "thing": {"id": "1", "name": "x"}}`, nil, ""},
		"200 and a failure":     {200, `{"thing": {"id": "1", "name": "x"}, "header": {"isSuccessful": false, "resultCode": -5}}`, nhncloud.ErrNotFound, "resultCode -5"},
		"quoted false":          {200, `{"header": {"isSuccessful": "false", "resultCode": "-3", "resultMessage": "no"}}`, nhncloud.ErrForbidden, "resultCode -3: no"},
		"no header":             {200, `{"thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, `no v1.0 answer: no member "header"`},
		"header is null":        {200, `{"header": null, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer"},
		"no isSuccessful":       {200, `{"header": {"resultCode": 0}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer: no header.isSuccessful"},
		"isSuccessful is null":  {200, `{"header": {"isSuccessful": null}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no header.isSuccessful"},
		"isSuccessful is text":  {200, `{"header": {"isSuccessful": "perhaps"}, "thing": {"id": "1"}}`, nhncloud.ErrBadAnswer, "no v1.0 answer"},
		"no content":            {200, `{` + good + `}`, nhncloud.ErrBadAnswer, `no member "thing"`},
		"HTML":                  {200, "<html>Welcome</html>", nhncloud.ErrBadAnswer, "<html>Welcome"},
		"empty":                 {200, "", nhncloud.ErrBadAnswer, "unexpected EOF"},
		"no answer":             {204, "", nhncloud.ErrBadAnswer, "unexpected EOF"},
		"page of a proxy":       {500, "<html><h1>Internal Server Error</h1></html>", nhncloud.ErrServerFault, "500 Internal Server Error ["},
		"gateway":               {503, "", nhncloud.ErrUnavailable, "503 Service Unavailable"},
		"success with a status": {404, `{` + good + `}`, nhncloud.ErrNotFound, "404 Not Found"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithRetry(nhncloud.NoRetry)}, answer(test.status, test.body))
			got, err := nhncloud.Fetch[thing](t.Context(), client, v1Request())
			if test.kind == nil {
				require.NoError(t, err)
				assert.Equal(t, &thing{ID: "1", Name: "x"}, got)
				return
			}
			assert.Nil(t, got)
			e := asError(t, err)
			assertKind(t, test.kind, e)
			assert.Equal(t, test.status, e.StatusCode)
			assert.Contains(t, err.Error(), test.text)
			if strings.Contains(test.body, `"isSuccessful": true`) {
				// Without content that is wanted, the header is all that counts.
				request := v1Request()
				request.ResponseKey = ""
				assert.Equal(t, test.status == 200, client.Do(t.Context(), request, nil) == nil)
			}
		})
	}
}

// In the v1.0 API a refused token comes with HTTP 200 as well. It is replaced
// as in the v2 API: once, and even for calls that must not be repeated.
func TestEnvelopeTokenRefused(t *testing.T) {
	t.Parallel()
	for _, code := range []int{-1, 10401, 50401} {
		for refusals, wantSent := range []int{1, 2, 2} {
			steps := []step{answer(200, `{"header": {"isSuccessful": true, "resultCode": 0}, "thing": {"id": "1", "name": "x"}}`)}
			for range refusals {
				steps = append([]step{answer(200, envelope(code, "FAIL: token"))}, steps...)
			}
			source := new(countingSource)
			client, sent := scriptClient(t, []nhncloud.Option{nhncloud.WithTokenSource(source)}, steps...)
			request := v1Request()
			request.Method, request.Idempotency = http.MethodPost, nhncloud.IdempotencyUnsafe
			request.Body = map[string]string{"a": "b"}
			_, err := nhncloud.Fetch[thing](t.Context(), client, request)
			assert.Equal(t, wantSent, sent.count())
			assert.EqualValues(t, wantSent, source.logins.Load())
			if refusals < 2 {
				require.NoError(t, err)
				continue
			}
			e := asError(t, err)
			assertKind(t, nhncloud.ErrUnauthorized, e)
			assert.Equal(t, code, e.ResultCode)
			assert.Equal(t, 2, e.Attempts)
		}
	}
}

// A failure in the envelope that is temporary is repeated as in the v2 API, but
// no create is: behind one call of the v1.0 API stand several.
func TestEnvelopeRetries(t *testing.T) {
	t.Parallel()
	options := []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: 3, BaseDelay: time.Nanosecond})}
	for code, temporary := range map[int]bool{
		0: false, -2: false, -6: false, 10400: false, 10404: false, 20001: false, 503: false,
		10408: true, 10429: true, 40429: true, 10500: true, 10502: true, 10503: true, 10504: true,
	} {
		for idempotency, repeats := range map[nhncloud.Idempotency]bool{
			nhncloud.IdempotencyAlways: temporary, nhncloud.IdempotencyCreate: false, nhncloud.IdempotencyUnsafe: false,
		} {
			client, sent := scriptClient(t, options, answer(200, envelope(code, "x"), "Retry-After", "0"))
			request := v1Request()
			request.Idempotency = idempotency
			e := asError(t, client.Do(t.Context(), request, nil))
			want := 1
			if repeats {
				want = 3
			}
			assert.Equal(t, want, sent.count(), "%d %d", code, idempotency)
			assert.Equal(t, want, e.Attempts)
			assert.Equal(t, code, e.ResultCode)
		}
	}

	// The one that comes through ends it.
	client, sent := scriptClient(t, options, answer(200, envelope(10503, "x")), answer(200, `{"header": {"isSuccessful": true}, "thing": {"id": "1"}}`))
	got, err := nhncloud.Fetch[thing](t.Context(), client, v1Request())
	require.NoError(t, err)
	assert.Equal(t, &thing{ID: "1"}, got)
	assert.Equal(t, 2, sent.count())

	// What is in the wrong state is a conflict, whatever it comes with.
	client, sent = scriptClient(t, options, answer(200, envelope(40400, "FAIL: Invalid volume: Volume still has 2 dependent snapshots.")))
	e := asError(t, client.Do(t.Context(), v1Request(), nil))
	assertKind(t, nhncloud.ErrConflict, e)
	assert.Equal(t, 40400, e.ResultCode)
	assert.Equal(t, 1, sent.count())

	// A quota is not temporary, whatever it comes with.
	client, sent = scriptClient(t, options, answer(200, envelope(10413, "FAIL: Quota exceeded for volumes")))
	assert.ErrorIs(t, client.Do(t.Context(), v1Request(), nil), nhncloud.ErrQuotaExceeded)
	assert.Equal(t, 1, sent.count())
}

// A delete whose first answer does not tell whether it was done, and whose
// second one finds nothing, was done.
func TestEnvelopeDeleteRepeated(t *testing.T) {
	t.Parallel()
	request := v1Request()
	request.Method = http.MethodDelete
	options := []nhncloud.Option{nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: time.Nanosecond})}
	for first, kind := range map[int]error{10504: nil, 10429: nhncloud.ErrNotFound} {
		client, sent := scriptClient(t, options, answer(200, envelope(first, "x")), answer(200, envelope(10404, "gone")))
		err := client.Do(t.Context(), request, nil)
		if kind == nil {
			assert.NoError(t, err)
		} else {
			assert.ErrorIs(t, err, kind)
		}
		assert.Equal(t, 2, sent.count())
	}
}

// countingSource gives out a new token each time.
type countingSource struct{ logins atomic.Int64 }

func (s *countingSource) Token(context.Context, nhncloud.Scope) (*nhncloud.Token, error) {
	return &nhncloud.Token{ID: nhncloud.Secret(fmt.Sprintf("counted-token-%d", s.logins.Add(1)))}, nil
}

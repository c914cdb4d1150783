package nhncloud_test

import (
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// An element without anything that is documented is none that the service
// listed; what is null in a list is left out.
func TestBlankElements(t *testing.T) {
	t.Parallel()
	type page struct {
		Things []*thing `json:"things"`
	}
	request := getRequest()
	request.ResponseKey = ""
	for body, ok := range map[string]bool{
		`{"things": [{"id": "a"}, null]}`: true,
		`{"things": []}`:                  true,
		`{"things": [{"id": "a"}, {}]}`:   false,
		`{"things": [{"other": 1}]}`:      false,
	} {
		client, _ := scriptClient(t, nil, answer(200, body), answer(200, body))
		_, err := nhncloud.Fetch[page](t.Context(), client, request)
		own := request
		own.ResponseKey = "things"
		list, listErr := nhncloud.FetchList[thing](t.Context(), client, own)
		if ok {
			require.NoError(t, err, body)
			require.NoError(t, listErr, body)
			continue
		}
		assertKind(t, nhncloud.ErrBadAnswer, asError(t, err))
		assertKind(t, nhncloud.ErrBadAnswer, asError(t, listErr))
		assert.Empty(t, list)
	}
}

// What a service puts into the query of a call, as a marker, may be a secret that
// it was sent.
func TestSecretInQuery(t *testing.T) {
	t.Parallel()
	const secret = "hunter2-and-more"
	var log strings.Builder
	client, _ := scriptClient(t, []nhncloud.Option{nhncloud.WithLogger(slog.New(slog.NewJSONHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})))}, answer(404, "{}"))
	request := getRequest()
	request.Query = "marker=" + secret
	request.Secrets = []nhncloud.Secret{secret}
	e := asError(t, client.Do(t.Context(), request, new(thing)))
	assert.NotContains(t, e.URL+e.Error()+log.String(), secret)
	assert.Contains(t, e.URL, "marker=")
}

// A large body of an error that is broken is not looked through to its end, which
// takes long.
func TestLargeError(t *testing.T) {
	t.Parallel()
	for size, message := range map[int]string{1 << 10: "it is late", 1 << 20: http.StatusText(404)} {
		body := `{"request": "` + strings.Repeat("x", size) + `", "message": "it is late", "more": "`
		client, _ := scriptClient(t, nil, answer(404, body))
		e := asError(t, client.Do(t.Context(), getRequest(), new(thing)))
		assertKind(t, nhncloud.ErrNotFound, e)
		assert.Equal(t, message, e.Message)
	}
}

// Calls at the same time may have one context, as the parts of an upload do.
func TestCaptureAtOnce(t *testing.T) {
	t.Parallel()
	client, _ := scriptClient(t, nil, answer(200, thingAnswer), answer(200, thingAnswer), answer(200, thingAnswer), answer(200, thingAnswer))
	var response nhncloud.Response
	ctx := nhncloud.CaptureResponse(t.Context(), &response)
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() { assert.NoError(t, client.Do(ctx, getRequest(), new(thing))) })
	}
	group.Wait()
	assert.Equal(t, http.StatusOK, response.StatusCode)
}

package nhncloud_test

import (
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

func TestOptionsAreChecked(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		option nhncloud.Option
		field  string
	}{
		"http client":     {nhncloud.WithHTTPClient(nil), "WithHTTPClient"},
		"attempts":        {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxAttempts: -1}), "RetryPolicy.MaxAttempts"},
		"base delay":      {nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: -1}), "RetryPolicy.BaseDelay"},
		"max delay":       {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxDelay: -time.Second}), "RetryPolicy.MaxDelay"},
		"max retry after": {nhncloud.WithRetry(nhncloud.RetryPolicy{MaxRetryAfter: -1}), "RetryPolicy.MaxRetryAfter"},
		"middleware":      {nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper { return next }, nil), "WithMiddleware"},
		"user agent":      {nhncloud.WithUserAgent("a\r\nX-Evil: 1"), "WithUserAgent"},
		"DEL":             {nhncloud.WithUserAgent("a\x7f"), "WithUserAgent"},
		"max response 0":  {nhncloud.WithMaxResponse(0), "WithMaxResponse"},
		"max response -1": {nhncloud.WithMaxResponse(-1), "WithMaxResponse"},
		"login timeout 0": {nhncloud.WithLoginTimeout(0), "WithLoginTimeout"},
		"login timeout -": {nhncloud.WithLoginTimeout(-time.Second), "WithLoginTimeout"},
		"token source":    {nhncloud.WithTokenSource(nil), "WithTokenSource"},
		"region":          {nhncloud.WithRegion("KR4"), "Config"},
		"no region":       {nhncloud.WithRegion(""), "Config"},
		"no cache folder": {nhncloud.WithTokenCache(nhncloud.FileTokenCache("")), "FileTokenCache"},
		"header of none":  {nhncloud.WithServiceHeader("", "X-A", "b"), "WithServiceHeader"},
		"header name":     {nhncloud.WithServiceHeader("compute", "X A", "b"), `header "X A"`},
		"header value":    {nhncloud.WithServiceHeader("compute", "X-A", "b", "c\r\nX-Evil: 1"), "header X-A"},
		"header token":    {nhncloud.WithServiceHeader("compute", "x-auth-token", "b"), "header x-auth-token"},
		"header host":     {nhncloud.WithServiceHeader("compute", "Host", "b"), "header Host"},
		"no service":      {nhncloud.WithEndpoint("", "https://compute.example.com"), "WithEndpoint"},
		"endpoint":        {nhncloud.WithEndpoint(nhncloud.ServiceCompute, "compute.example.com"), "Config"},
		"plain endpoint":  {nhncloud.WithEndpoint(nhncloud.ServiceCompute, "http://compute.example.com"), "Config"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := nhncloud.NewClient(goodConfig(), test.option)
			assert.Nil(t, client)
			requireRefused(t, err, test.field)

			good, err := nhncloud.NewClient(goodConfig(), nil, nhncloud.WithLogger(nil), nhncloud.WithLogger(new(slog.Logger)), nhncloud.WithTokenCache(nil), nhncloud.WithMiddleware())
			require.NoError(t, err, "nil options and the like do nothing")
			client, err = good.With(nil, test.option)
			assert.Nil(t, client)
			requireRefused(t, err, test.field)
		})
	}
	t.Run("policy of a call", func(t *testing.T) {
		t.Parallel()
		client, sent := scriptClient(t, nil, answer(200, thingAnswer))
		ctx := nhncloud.ContextWithRetry(t.Context(), nhncloud.RetryPolicy{MaxAttempts: -1})
		requireRefused(t, client.Do(ctx, getRequest(), nil), "RetryPolicy.MaxAttempts")
		assert.Zero(t, sent.count())
	})
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	const own = "nhncloud-go/" + nhncloud.Version + " (go"
	for name, test := range map[string]struct {
		options []nhncloud.Option
		want    string
	}{
		"default": {nil, own},
		"program": {[]nhncloud.Option{nhncloud.WithUserAgent("백업/1.2")}, "백업/1.2 " + own},
		"empty":   {[]nhncloud.Option{nhncloud.WithUserAgent("")}, own},
		"last":    {[]nhncloud.Option{nhncloud.WithUserAgent("a/1"), nhncloud.WithUserAgent("b/1")}, "b/1 " + own},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var got string
			client, _ := scriptClient(t, test.options, func(r *http.Request) (*http.Response, error) {
				got = r.Header.Get("User-Agent")
				return answer(204, "")(r)
			})
			require.NoError(t, client.Do(t.Context(), getRequest(), nil))
			assert.True(t, strings.HasPrefix(got, test.want), got)
		})
	}
}

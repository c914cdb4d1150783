package objectstorage_test

import (
	"context"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func TestAccountGet(t *testing.T) {
	t.Parallel()
	want := apitest.Want{Operation: "objectstorage-head-account", Method: http.MethodHead, URL: storageURL}
	get := func(ctx context.Context, client *nhncloud.Client) (*objectstorage.Account, error) {
		return objectstorage.New(client).Account.Get(ctx)
	}
	apitest.Check(t, want, apitest.Reply{Header: http.Header{
		"X-Account-Container-Count":     {"3"},
		"X-Account-Object-Count":        {"1234567"},
		"X-Account-Bytes-Used":          {"9876543210"},
		"X-Account-Meta-Owner":          {"운영팀"},
		"X-Account-Meta-Temp-Url-Key":   {"hunter2"},
		"X-Account-Meta-Temp-Url-Key-2": {"hunter3"},
	}}, &objectstorage.Account{
		ContainerCount: 3,
		ObjectCount:    1234567,
		BytesUsed:      9876543210,
		Metadata:       map[string]string{"owner": "운영팀"},
	}, get)
	t.Run("nothing stored", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Status: http.StatusNoContent, Header: http.Header{"X-Account-Container-Count": {"0"}}})
		account, err := get(t.Context(), m.Client)
		assert.NoError(t, err)
		assert.Equal(t, &objectstorage.Account{}, account)
	})
	t.Run("answer of another", func(t *testing.T) {
		t.Parallel()
		m := apitest.New(t)
		m.Expect(want, apitest.Reply{Header: http.Header{"Content-Type": {"text/html"}, "X-Openstack-Request-Id": {"tx1"}}})
		account, err := get(t.Context(), m.Client)
		assert.Nil(t, account)
		assert.ErrorIs(t, err, nhncloud.ErrBadAnswer)
		var e *nhncloud.Error
		if assert.ErrorAs(t, err, &e) {
			assert.Equal(t, want.Operation, e.Operation)
			assert.Equal(t, "tx1", e.RequestID)
			assert.Equal(t, 1, e.Attempts)
		}
	})
}

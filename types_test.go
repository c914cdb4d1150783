package nhncloud_test

import (
	"testing"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		nhncloud.ArgumentCheck{}, nhncloud.Body{}, nhncloud.BodyError{}, nhncloud.Call{}, nhncloud.CatalogEndpoint{},
		nhncloud.CatalogEntry{}, nhncloud.ChecksumError{}, nhncloud.Config{}, nhncloud.Error{}, nhncloud.Request{},
		nhncloud.Response{}, nhncloud.RetryPolicy{}, nhncloud.Scope{}, nhncloud.Token{}, nhncloud.TransferProgress{},
		nhncloud.WaitOptions{}, nhncloud.WaitProgress{}, nhncloud.WaitStatus{},
	)
}

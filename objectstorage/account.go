package objectstorage

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
)

// AccountService calls the operations on the storage account, which holds the
// containers of a tenant.
type AccountService struct{ client *nhncloud.Client }

// Account tells how much is stored in a storage account.
type Account struct {
	ContainerCount int64
	ObjectCount    int64
	BytesUsed      int64
	Metadata       map[string]string // names are in lower case
}

const accountMetaPrefix = "X-Account-Meta-"

// Get returns how much is stored.
//
// API: HEAD /v1/{Account} (objectstorage-head-account; Storage-Object-Storage en/api-guide.md)
func (s *AccountService) Get(ctx context.Context) (*Account, error) {
	const operation = "objectstorage-head-account"
	var response nhncloud.Response
	var header http.Header
	err := s.client.Do(nhncloud.CaptureResponse(ctx, &response), nhncloud.Request{
		Operation:      operation,
		Service:        nhncloud.ServiceObjectStorage,
		Method:         http.MethodHead,
		Path:           "/v1/{Account}",
		ResponseHeader: &header,
		SuccessCodes:   codesOKOrEmpty,
	}, nil)
	if err != nil {
		return nil, err
	}
	if header.Get("X-Account-Container-Count") == "" {
		return nil, &nhncloud.Error{
			Operation: operation, StatusCode: response.StatusCode, RequestID: response.RequestID, Attempts: response.Attempts,
			Message: "the answer has no X-Account-Container-Count", Err: nhncloud.ErrBadAnswer,
		}
	}
	return &Account{
		ContainerCount: intIn(header.Get("X-Account-Container-Count")),
		ObjectCount:    intIn(header.Get("X-Account-Object-Count")),
		BytesUsed:      intIn(header.Get("X-Account-Bytes-Used")),
		Metadata:       ownMetadata(header, accountMetaPrefix),
	}, nil
}

// ownMetadata collects metadata without what is named, and without the keys of
// temporary URLs: metadata gets printed. It is nil where nothing is left.
func ownMetadata(header http.Header, prefix string, without ...string) map[string]string {
	metadata := metadataOf(header, prefix)
	for _, name := range append(without, "temp-url-key", "temp-url-key-2") {
		delete(metadata, name)
	}
	if len(metadata) == 0 {
		return nil
	}
	return metadata
}

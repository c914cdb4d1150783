package objectstorage

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
)

// ContainersService calls the operations on containers.
type ContainersService struct{ client *nhncloud.Client }

// Container is what the service tells of a container. Settings that are not set
// are zero; those that only the owner of the container may see are so for
// others.
type Container struct {
	Name           string
	ObjectCount    int64
	BytesUsed      int64
	StorageClass   StorageClass
	CreatedAt      time.Time // to 10 microseconds
	ACL            ACL
	IPACL          IPACL
	ServiceGateway ServiceGatewayAccess
	Lifecycle      Lifecycle
	Versioning     Versioning
	Website        StaticWebsite
	CORS           CORS
	RFCETags       bool // ETags are in quotes, as RFC 7232 has them
	ObjectLockDays int  // 0 for a container without object lock
	UploadPolicy   UploadPolicy
	TempURLKey     nhncloud.Secret
	Metadata       map[string]string // names are in lower case; what has a field of its own is not in it
}

const containerMetaPrefix = "X-Container-Meta-"

func containerOf(name string, header http.Header) *Container {
	get := func(setting Setting) string { return header.Get(string(setting)) }
	days := func(setting Setting) int { return int(intIn(header.Get(string(setting)))) }
	return &Container{
		Name:         name,
		ObjectCount:  intIn(header.Get("X-Container-Object-Count")),
		BytesUsed:    intIn(header.Get("X-Container-Bytes-Used")),
		StorageClass: storageClassOf(header.Get("X-Storage-Policy")),
		CreatedAt:    unixIn(header.Get("X-Timestamp")),
		ACL: ACL{
			Read:  aclOf(get(SettingRead)),
			Write: aclOf(get(SettingWrite)),
			View:  aclOf(get(SettingView)),
		},
		IPACL: IPACL{
			Allowed: ipRulesOf(get(SettingIPAllowed)),
			Denied:  ipRulesOf(get(SettingIPDenied)),
		},
		ServiceGateway: ServiceGatewayAccess(get(SettingServiceGateway)),
		Lifecycle:      Lifecycle{Days: days(SettingLifecycle), TransferTo: get(SettingTransferTo)},
		Versioning:     Versioning{Archive: unescaped(get(SettingHistoryLocation)), RetentionDays: days(SettingVersionsRetention)},
		Website:        StaticWebsite{Index: get(SettingWebIndex), Error: get(SettingWebError)},
		CORS:           CORS{Origins: split(get(SettingCORS), " ")},
		RFCETags:       boolIn(header.Get(string(SettingRFCETags))),
		ObjectLockDays: days(settingObjectLock),
		UploadPolicy: UploadPolicy{
			AllowExtensions: uploadRulesOf(get(SettingAllowExtensions)),
			AllowKeywords:   uploadRulesOf(get(SettingAllowKeywords)),
			DenyExtensions:  uploadRulesOf(get(SettingDenyExtensions)),
			DenyKeywords:    uploadRulesOf(get(SettingDenyKeywords)),
		},
		TempURLKey: nhncloud.Secret(get(SettingTempURLKey)),
		Metadata:   ownMetadata(header, containerMetaPrefix, "web-index", "web-error", "access-control-allow-origin"),
	}
}

// StorageClass is a class of storage, which decides what it costs. It is an
// open type.
type StorageClass string

// The classes of storage.
const (
	Standard StorageClass = "Standard" // for what is read often
	Economy  StorageClass = "Economy"  // cheaper to keep, for at least 30 days, and dearer to read
)

// storageClassOf reads a class. The service does not tell its cases apart.
func storageClassOf(s string) StorageClass {
	for _, class := range []StorageClass{Standard, Economy} {
		if strings.EqualFold(s, string(class)) {
			return class
		}
	}
	return StorageClass(s)
}

// ContainerEntry is a container in a listing.
type ContainerEntry struct {
	Name         string    `json:"name"`
	Count        int64     `json:"count"` // objects in it
	Bytes        int64     `json:"bytes"`
	LastModified time.Time `json:"last_modified"`
}

// ContainerListOptions narrows a listing of containers. A nil pointer and zero
// fields stand for all of them.
type ContainerListOptions struct {
	Prefix    string `url:"prefix,omitempty"`     // that the names begin with
	Marker    string `url:"marker,omitempty"`     // names after this one
	EndMarker string `url:"end_marker,omitempty"` // names before this one
	Limit     int    `url:"limit,omitempty"`      // of a page; the service has 10,000 by default and at the most
}

type containerQuery struct {
	ContainerListOptions
	Format string `url:"format"`
}

// List returns one page of the containers, sorted by name. Use
// [ContainersService.All] for all of them.
//
// API: GET /v1/{Account} (objectstorage-list-containers; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) List(ctx context.Context, options *ContainerListOptions) ([]*ContainerEntry, error) {
	const operation = "objectstorage-list-containers"
	query := containerQuery{Format: "json"}
	if options != nil {
		if options.Limit < 0 {
			return nil, nhncloud.NewArgumentError(operation, "Limit", "must not be negative")
		}
		query.ContainerListOptions = *options
	}
	entries, err := nhncloud.FetchList[ContainerEntry](ctx, s.client, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodGet,
		Path:         "/v1/{Account}",
		Query:        query,
		SuccessCodes: codesOKOrEmpty,
	})
	if noContent(err) {
		return []*ContainerEntry{}, nil
	}
	return entries, err
}

// noContent reports whether a listing failed only because the service has no
// text for an empty one.
func noContent(err error) bool {
	var e *nhncloud.Error
	return errors.As(err, &e) && e.StatusCode == http.StatusNoContent
}

// All returns an iterator over all containers, sorted by name. It fetches page
// after page while the loop goes on. Limit is the size of a page, not of the
// listing.
func (s *ContainersService) All(ctx context.Context, options *ContainerListOptions) iter.Seq2[*ContainerEntry, error] {
	own := ContainerListOptions{}
	if options != nil {
		own = *options
	}
	return nhncloud.Paginate(own.Marker, func(marker string) (nhncloud.Page[*ContainerEntry], error) {
		own := own
		own.Marker = marker
		entries, err := s.List(ctx, &own)
		page := nhncloud.Page[*ContainerEntry]{Items: entries}
		if len(entries) > 0 {
			page.Next = entries[len(entries)-1].Name
		}
		return page, err
	})
}

// CreateContainerOptions says more about a container to be created. A nil
// pointer stands for none of it.
type CreateContainerOptions struct {
	// StorageClass can't be changed later. The service takes Standard when it
	// is empty.
	StorageClass StorageClass
	// Settings are the first ones. With ObjectLockDays it becomes a container
	// with object lock, which no other container can be made later.
	Settings ContainerSettings
}

// Create creates a container and reports whether it is new. One that exists
// already and is of the same storage class stays, with the settings that the
// options have; so does one that an earlier attempt of this call has created.
//
// API: PUT /v1/{Account}/{Container} (objectstorage-put-container; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Create(ctx context.Context, name string, options *CreateContainerOptions) (created bool, err error) {
	const operation = "objectstorage-put-container"
	if err := checkContainer(operation, "Container", name); err != nil {
		return false, err
	}
	var own CreateContainerOptions
	if options != nil {
		own = *options
	}
	header, err := own.Settings.header(operation)
	if err != nil {
		return false, err
	}
	if own.StorageClass != "" {
		header.Set("X-Storage-Policy", string(own.StorageClass))
	}
	var response nhncloud.Response
	err = s.client.Do(nhncloud.CaptureResponse(ctx, &response), nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPut,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{name},
		Header:       header,
		SuccessCodes: codesCreatedOrThere,
	}, nil)
	return err == nil && response.StatusCode == http.StatusCreated, err
}

// Get returns what the service tells of a container. An answer that does not count
// its objects is none about a container, but an [nhncloud.ErrBadAnswer].
//
// API: GET /v1/{Account}/{Container} (objectstorage-list-objects; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Get(ctx context.Context, name string) (*Container, error) {
	const operation = "objectstorage-list-objects"
	if err := checkContainer(operation, "Container", name); err != nil {
		return nil, err
	}
	var header http.Header
	_, err := nhncloud.FetchList[ObjectEntry](ctx, s.client, nhncloud.Request{
		Operation:      operation,
		Service:        nhncloud.ServiceObjectStorage,
		Method:         http.MethodGet,
		Path:           "/v1/{Account}/{Container}",
		Args:           []string{name},
		Query:          objectQuery{ObjectListOptions: ObjectListOptions{Limit: 1}, Format: "json"},
		ResponseHeader: &header,
		SuccessCodes:   codesOKOrEmpty,
	})
	if err != nil && !noContent(err) {
		return nil, noContainer(err)
	}
	if header.Get("X-Container-Object-Count") == "" {
		return nil, &nhncloud.Error{Operation: operation, Message: "the answer has no X-Container-Object-Count", Err: nhncloud.ErrBadAnswer}
	}
	return containerOf(name, header), nil
}

// Delete deletes a container. One with objects in it is an
// [nhncloud.ErrConflict].
//
// API: DELETE /v1/{Account}/{Container} (objectstorage-delete-container; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Delete(ctx context.Context, name string) error {
	const operation = "objectstorage-delete-container"
	if err := checkContainer(operation, "Container", name); err != nil {
		return err
	}
	return noContainer(s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodDelete,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{name},
		SuccessCodes: codesNoContent,
	}, nil))
}

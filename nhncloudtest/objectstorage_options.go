package nhncloudtest

import (
	"errors"
	"fmt"
	"net/http"
	"os"
)

// objectConfig is what the options of object storage say.
type objectConfig struct {
	dir        string
	sizeLimit  int64 // 0 means the documented one
	writeLimit int   // per second; 0 means none
}

// maxObjectSize is the documented limit of what one request can upload.
const maxObjectSize = 5 << 30

// WithObjectDir sets the directory below which objects of more than 1 MiB are
// kept in files, in a directory that is made when the first one comes and
// removed by [Server.Close]. The default is the one for temporary files.
func WithObjectDir(dir string) Option {
	return func(c *config) error {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("object directory: %w", err)
		}
		if !info.IsDir() {
			return fmt.Errorf("object directory %q is none", dir)
		}
		c.objects.dir = dir
		return nil
	}
}

// WithObjectSizeLimit sets how many bytes one request can upload to object
// storage; 5 GiB as documented. More is refused with 413.
func WithObjectSizeLimit(n int64) Option {
	return func(c *config) error {
		if n < 1 {
			return errors.New("object size limit is less than 1")
		}
		c.objects.sizeLimit = n
		return nil
	}
}

// WithObjectWriteLimit sets how many writing requests (PUT, POST, DELETE and
// COPY) a storage account can make in a second of the cloud's time. More are
// refused with 429; the real cloud delays them first, for up to a minute.
// Without the option there is no limit.
func WithObjectWriteLimit(perSecond int) Option {
	return func(c *config) error {
		if perSecond < 1 {
			return errors.New("object write limit is less than 1")
		}
		c.objects.writeLimit = perSecond
		return nil
	}
}

// objectSizeLimit is how much one request can upload.
func (s *Server) objectSizeLimit() int64 {
	if s.config.objects.sizeLimit > 0 {
		return s.config.objects.sizeLimit
	}
	return maxObjectSize
}

// ObjectStorageURL is the storage account of the tenant of object storage in
// the first region, such as http://127.0.0.1:41234/object-store/v1/AUTH_….
func (s *Server) ObjectStorageURL() string {
	return s.url + "/object-store/v1/AUTH_" + s.ObjectStorageTenantID
}

// AddObjects makes n empty objects in a container of the tenant of object
// storage in the first region, for tests that need many, and the container
// when it is missing. They are called object-00001, object-00002 and so on,
// after the prefix.
func (s *Server) AddObjects(container, prefix string, n int) {
	now := s.Now()
	store := s.storage.stores[""]
	store.mu.Lock()
	defer store.mu.Unlock()
	account := store.accounts["AUTH_"+s.ObjectStorageTenantID]
	cont := account.containers[container]
	if cont == nil {
		cont = account.add(container, store.stamp(now))
	}
	empty := newBlobWriter(store.blobs, 0)
	data, sum, _ := empty.finish()
	for i := range n {
		data.retain()
		store.put(cont, &swiftObject{
			name: fmt.Sprintf("%sobject-%05d", prefix, i+1), data: data, etag: sum, contentType: octetStream,
			meta: http.Header{}, stamp: store.stamp(now),
		})
	}
	data.release()
}

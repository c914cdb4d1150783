package objectstorage

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

// Config says how the service works.
type Config struct {
	Dir        string // below which large objects are kept; that for temporary files when empty
	SizeLimit  int64  // of one upload; 0 means the documented one
	WriteLimit int    // writes of an account in a second; 0 means any number
}

// maxObjectSize is the documented limit of what one request can upload.
const maxObjectSize = 5 << 30

// Service is object storage in all regions.
type Service struct {
	cfg      Config
	frame    *frame.Frame
	identity *identity.Service
	blobs    *blob.Store
	stores   map[*frame.Region]*store
}

// New makes the service with an empty account for each tenant.
func New(f *frame.Frame, id *identity.Service, cfg Config) *Service {
	s := &Service{
		cfg: cfg, frame: f, identity: id, blobs: &blob.Store{Base: cfg.Dir}, stores: map[*frame.Region]*store{},
	}
	now := f.Now()
	for _, place := range id.Places() {
		st := s.stores[place.Region]
		if st == nil {
			st = &store{blobs: s.blobs, accounts: map[string]*Account{}}
			s.stores[place.Region] = st
		}
		name := accountName(place.Tenant)
		st.accounts[name] = newAccount(name, now)
	}
	return s
}

// accountName is the name of the storage account of a tenant.
func accountName(tenant string) string { return "AUTH_" + tenant }

// API is what the frame serves. The mux would clean its paths: a//b and a/../b
// are names of objects.
func (s *Service) API() *frame.API {
	return &frame.API{
		Name: "object-store", Dialect: dialect{}, Admit: s.admit, Resolve: s.resolve, Operations: documented(), AtRoot: atRoot, Close: s.blobs.Close,
		Catalog: frame.Catalog{Type: "object-store", Name: "swift", Path: "/object-store/v1/AUTH_{tenantId}", Links: true},
	}
}

// atRoot tells which paths of the host are those of object storage, besides those
// below the endpoint: NHN Cloud has it on a host of its own, and many clients
// look for /info there.
func atRoot(path string) bool {
	return path == "/info" || path == "/v1" || strings.HasPrefix(path, "/v1/")
}

// admit notes whose token it is, if any: who may do what depends on what is
// asked for.
func (s *Service) admit(c *frame.Call) *frame.Reply {
	h := c.Request.Header
	if tok := s.identity.Token(cmp.Or(h.Get("X-Auth-Token"), h.Get("X-Storage-Token")), c.Now); tok != nil {
		c.Tenant = tok.Tenant()
	}
	return nil
}

// resolve finds out what a request is for.
func (s *Service) resolve(fc *frame.Call) frame.Route {
	c := s.newCall(fc)
	return frame.Route{Operation: c.operation(), Streams: true, Handle: func(*frame.Call) frame.Reply {
		if rep := c.answer(); rep != nil {
			return *rep
		}
		return frame.Reply{} // the client broke off
	}}
}

// sizeLimit is how much one request can upload.
func (s *Service) sizeLimit() int64 { return cmp.Or(s.cfg.SizeLimit, maxObjectSize) }

// AddObjects makes n empty objects in a container of the tenant of object
// storage in the first region, past the API, and the container when it is
// missing.
func (s *Service) AddObjects(container, prefix string, n int) {
	now := s.frame.Now()
	st := s.stores[s.frame.Regions[0]]
	st.mu.Lock()
	defer st.mu.Unlock()
	account := st.accounts[accountName(s.identity.ObjectStorage())]
	cont := account.containers[container]
	if cont == nil {
		cont = account.add(container, st.stamp(now))
	}
	data, sum, _ := st.blobs.NewWriter(0).Finish()
	for i := range n {
		data.Retain()
		st.put(cont, &Object{
			name: fmt.Sprintf("%sobject-%05d", prefix, i+1), data: data, etag: sum, contentType: octetStream,
			meta: http.Header{}, stamp: st.stamp(now),
		})
	}
	data.Release()
}

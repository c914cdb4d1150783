package nhncloudtest

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"time"
)

// TB is the part of testing.TB that [Start] needs.
type TB interface {
	Helper()
	Cleanup(func())
	Fatalf(format string, args ...any)
}

// Server is a cloud that runs. Its fields say what a client needs to know and
// are not to be changed. All methods can be called at any time from anywhere.
type Server struct {
	Region                string // region of the catalog; the first one when there are several
	TenantID              string // tenant of the infrastructure services
	ObjectStorageTenantID string // tenant of object storage, for the same user
	AppKey                string // application key of the v1.0 API
	Username              string // of the one user
	Password              string // API password of that user

	config   config
	url      string
	listener net.Listener
	http     *http.Server
	services []*service
	storage  *objectStorage
	records  recorder
	faults   faults

	closeOnce sync.Once
	closing   chan struct{}  // closed when Close begins
	served    chan struct{}  // closed when no connection is accepted any more
	conns     sync.WaitGroup // connections
	inFlight  sync.WaitGroup // requests

	mu      sync.Mutex // guards all below
	clock   clock
	agenda  agenda
	userID  string
	tenants map[string]*tenant
	tokens  map[string]*token
	logins  int
	regions []*region
}

// NewServer starts a cloud. It panics when it cannot, as when the address of
// [WithAddr] is in use; [Listen] returns the error instead. The caller closes
// the Server.
func NewServer(opts ...Option) *Server {
	s, err := Listen(opts...)
	if err != nil {
		panic(err)
	}
	return s
}

// Start starts a cloud for a test and closes it when the test ends.
func Start(tb TB, opts ...Option) *Server {
	tb.Helper()
	s, err := Listen(opts...)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(s.Close)
	return s
}

// Listen is [NewServer] for those who want the error.
func Listen(opts ...Option) (*Server, error) {
	cfg := defaultConfig()
	for _, opt := range opts {
		if err := opt(&cfg); err != nil {
			return nil, fmt.Errorf("nhncloudtest: %w", err)
		}
	}
	listener, err := net.Listen("tcp", cfg.addr)
	if err != nil {
		return nil, fmt.Errorf("nhncloudtest: %w", err)
	}
	s := &Server{
		Region:                cfg.regions[0],
		TenantID:              fixedHexID("tenant", "infrastructure"),
		ObjectStorageTenantID: fixedHexID("tenant", "object storage"),
		AppKey:                fixedHexID("appkey")[:16],
		Username:              "user@example.com",
		Password:              "api-password",

		config:   cfg,
		url:      "http://" + listener.Addr().String(),
		listener: listener,
		closing:  make(chan struct{}),
		served:   make(chan struct{}),
		clock:    clock{manual: cfg.manual, at: cfg.start},
		userID:   fixedHexID("user"),
		tokens:   map[string]*token{},
	}
	s.build()
	s.storage = s.newObjectStorage()

	mux := http.NewServeMux()
	for _, rg := range s.regions {
		for _, svc := range s.services {
			s.register(mux, rg, svc)
		}
	}
	mux.HandleFunc("/", s.unknown(s.regions[0], nowhere))
	s.http = &http.Server{
		Handler:           s.objectStoreHandler(s.clean(mux)),
		ErrorLog:          slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
		ReadHeaderTimeout: time.Minute,
		ConnState:         s.connState,
	}
	go func() {
		defer close(s.served)
		_ = s.http.Serve(listener)
	}()
	return s, nil
}

func (s *Server) connState(_ net.Conn, state http.ConnState) {
	switch state {
	case http.StateNew:
		s.conns.Add(1)
		s.records.connected()
	case http.StateClosed, http.StateHijacked:
		s.conns.Done()
	}
}

// Close stops the cloud: it cuts all connections, ends delays, and returns
// when nothing of it runs any more. Further calls do nothing.
func (s *Server) Close() {
	s.closeOnce.Do(func() {
		close(s.closing)
		if err := s.http.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			_ = s.listener.Close()
		}
	})
	<-s.served
	s.conns.Wait()
	s.inFlight.Wait()
	s.storage.blobs.close()
}

// URL is where the cloud listens, such as http://127.0.0.1:41234.
func (s *Server) URL() string { return s.url }

// AuthURL is the base of identity v2.0, without the /tokens.
func (s *Server) AuthURL() string { return s.url + "/identity/v2.0" }

// AppKeyURL is the base of the v1.0 API; its paths begin with
// /v1.0/appkeys/{appkey}.
func (s *Server) AppKeyURL() string { return s.url + "/appkey" }

// environ are the variables in the order in which they are shown.
func (s *Server) environ() [][2]string {
	return [][2]string{
		{"NHNCLOUD_AUTH_URL", s.AuthURL()},
		{"NHNCLOUD_REGION", s.Region},
		{"NHNCLOUD_TENANT_ID", s.TenantID},
		{"NHNCLOUD_OBJECT_STORAGE_TENANT_ID", s.ObjectStorageTenantID},
		{"NHNCLOUD_APPKEY", s.AppKey},
		{"NHNCLOUD_USERNAME", s.Username},
		{"NHNCLOUD_PASSWORD", s.Password},
		{"NHNCLOUD_ENDPOINT_APPKEY", s.AppKeyURL()},
		{"OS_AUTH_URL", s.AuthURL()},
		{"OS_TENANT_ID", s.TenantID},
		{"OS_PROJECT_ID", s.TenantID},
		{"OS_USERNAME", s.Username},
		{"OS_PASSWORD", s.Password},
		{"OS_REGION_NAME", s.Region},
	}
}

// LookupEnv answers as os.LookupEnv would where the variables of
// [Server.Environ], and no others, are set.
func (s *Server) LookupEnv(key string) (string, bool) {
	for _, kv := range s.environ() {
		if kv[0] == key {
			return kv[1], true
		}
	}
	return "", false
}

// Environ are the environment variables that point a program at this cloud,
// each as "NAME=value": the NHNCLOUD_ ones, and the OS_ ones that OpenStack
// tools read.
func (s *Server) Environ() []string {
	var out []string
	for _, kv := range s.environ() {
		out = append(out, kv[0]+"="+kv[1])
	}
	return out
}

// Now is the cloud's time.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.clock.now()
}

// Advance moves the cloud's time on, and with it what is due by then. It works
// with [WithManualClock] and without.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock.advance(d)
	s.agenda.settle(s.clock.now())
}

package nhncloudtest

import (
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/keymanager"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/loadbalancer"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/nks"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/objectstorage"
	v1 "github.com/nhncloud-go/nhncloud/nhncloudtest/internal/v1"
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

	frame     *frame.Frame
	identity  *identity.Service
	networks  *network.Service
	images    *image.Service
	volumes   *blockstorage.Service
	compute   *compute.Service
	objects   *objectstorage.Service
	nks       *nks.Service
	keys      *keymanager.Service
	balancers *loadbalancer.Service
	rooms     []room

	closeOnce sync.Once
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

// Start starts a cloud for a test and closes it when the test ends. A test that
// has not failed then fails when a [Fault] never hit a request, because nothing
// was tested with it; Optional of the Fault says that this is meant.
func Start(tb TB, opts ...Option) *Server {
	tb.Helper()
	s, err := Listen(opts...)
	if err != nil {
		tb.Fatalf("%v", err)
		return nil
	}
	tb.Cleanup(func() {
		tb.Helper()
		s.Close()
		if missed := s.frame.Faults.Missed(); len(missed) > 0 && !over(tb) {
			tb.Fatalf("nhncloudtest: no request was hit by the faults %v; set Optional of those where this is meant", missed)
		}
	})
	return s
}

// over tells whether a test has failed or was skipped, as far as it says so.
func over(tb TB) bool {
	t, ok := tb.(interface {
		Failed() bool
		Skipped() bool
	})
	return ok && (t.Failed() || t.Skipped())
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
	s := newServer(cfg, "http://"+listener.Addr().String())
	s.frame.Serve(listener)
	return s, nil
}

// newServer makes a cloud that is to be found at a URL and does not serve yet.
func newServer(cfg config, url string) *Server {
	s := &Server{
		Region:                cfg.regions[0],
		TenantID:              frame.FixedHexID("tenant", "infrastructure"),
		ObjectStorageTenantID: frame.FixedHexID("tenant", "object storage"),
		AppKey:                frame.FixedHexID("appkey")[:16],
		Username:              "user@example.com",
		Password:              "api-password",
		frame: frame.New(frame.Config{
			URL: url, RegionNames: cfg.regions, Manual: cfg.manual, Start: cfg.start,
			Transition: cfg.transition, PageDefault: cfg.pageDefault, PageMax: cfg.pageMax,
			Latency: cfg.latency, Elsewhere: cfg.elsewhere,
		}),
	}
	s.frame.Use(s.build(cfg)...)
	return s
}

// build makes the services, each on top of those before it, and returns their
// APIs in the order in which the catalog lists them.
func (s *Server) build(cfg config) []*frame.API {
	f := s.frame
	s.identity = identity.New(f, identity.Config{
		Username: s.Username, Password: s.Password, TokenLifetime: cfg.lifetime,
		Tenant: s.TenantID, More: cfg.tenants, ObjectStorage: s.ObjectStorageTenantID,
	})
	s.networks = network.New(f, s.identity, network.Quota{
		VPCs: cfg.quota.VPCs, Subnets: cfg.quota.Subnets, RoutingTables: cfg.quota.RoutingTables, Routes: cfg.quota.Routes,
		InternetGateways: cfg.quota.InternetGateways, FloatingIPs: cfg.quota.FloatingIPs, SecurityGroups: cfg.quota.SecurityGroups,
	})
	s.images = image.New(f, s.identity, image.Config{
		Images: convert(cfg.images, func(img Image) image.Spec { return image.Spec(img) }), Dir: cfg.objects.Dir,
	})
	s.volumes = blockstorage.New(f, s.identity, blockstorage.Config{
		Quota: blockstorage.Quota{Volumes: cfg.quota.Volumes, Snapshots: cfg.quota.Snapshots, Gigabytes: cfg.quota.Gigabytes},
		Image: func(place frame.Place, ref string) (blockstorage.Image, bool) {
			root, ok := s.images.Root(place, ref)
			return blockstorage.Image(root), ok
		},
		SaveImage: func(place frame.Place, spec blockstorage.ImageSpec, now time.Time) string {
			return s.images.SaveVolume(place, image.OfVolume(spec), now).ID
		},
	})
	s.compute = compute.New(f, compute.Below{Identity: s.identity, Networks: s.networks, Volumes: s.volumes, Images: s.images}, compute.Config{
		Quota: compute.Quota{
			Servers: cfg.quota.Servers, VCPUs: cfg.quota.VCPUs, RAM: cfg.quota.RAM, KeyPairs: cfg.quota.KeyPairs,
		},
		MaxCount: cfg.maxCount, Ed25519: cfg.ed25519,
		Flavors: convert(cfg.flavors, func(fl Flavor) compute.Flavor { return compute.Flavor(fl) }),
	})
	s.objects = objectstorage.New(f, s.identity, cfg.objects)
	s.nks = nks.New(f, s.identity, s.compute)
	s.keys = keymanager.New(s.identity)
	s.balancers = loadbalancer.New(s.identity, s.networks, s.keys, loadbalancer.Quota{
		LoadBalancers: cfg.quota.LoadBalancers, Listeners: cfg.quota.Listeners, Pools: cfg.quota.Pools,
		HealthMonitors: cfg.quota.HealthMonitors, Members: cfg.quota.Members,
	})
	s.rooms = []room{s.compute, s.volumes, s.networks, s.balancers, s.images, s.objects, s.nks}
	return []*frame.API{
		s.compute.API(),
		s.images.API(),
		s.identity.API(),
		s.keys.API(),
		s.volumes.API(),
		s.networks.API(s.balancers.Routes()...),
		s.nks.API(),
		s.objects.API(),
		v1.New(f, v1.Below{
			Identity: s.identity, Networks: s.networks, Volumes: s.volumes, Images: s.images, Compute: s.compute,
		}, s.AppKey).API(),
	}
}

// convert turns what an option gave into what a service takes.
func convert[From, To any](all []From, one func(From) To) []To {
	var out []To
	for _, e := range all {
		out = append(out, one(e))
	}
	return out
}

// Close stops the cloud: it cuts all connections, ends delays, and returns
// when nothing of it runs any more. Further calls do nothing.
func (s *Server) Close() { s.closeOnce.Do(s.frame.Close) }

// URL is where the cloud listens, such as http://127.0.0.1:41234.
func (s *Server) URL() string { return s.frame.URL }

// AuthURL is the base of identity v2.0, without the /tokens.
func (s *Server) AuthURL() string { return s.frame.URL + "/identity/v2.0" }

// AppKeyURL is the base of the v1.0 API; its paths begin with
// /v1.0/appkeys/{appkey}.
func (s *Server) AppKeyURL() string { return s.frame.URL + "/appkey" }

// ObjectStorageURL is the storage account of the tenant of object storage in
// the first region, such as http://127.0.0.1:41234/object-store/v1/AUTH_….
func (s *Server) ObjectStorageURL() string {
	return s.frame.URL + "/object-store/v1/AUTH_" + s.ObjectStorageTenantID
}

// EndpointURL is where a service is in a region, by the type that the catalog has
// for it, such as "compute": for clients that have a token and not its catalog.
// Neither version nor tenant are in it. It is false where there is none.
func (s *Server) EndpointURL(region, service string) (string, bool) {
	return s.frame.Endpoint(region, service)
}

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
		{"NHNCLOUD_WAIT_INTERVAL", s.waitInterval().String()},
		{"OS_AUTH_URL", s.AuthURL()},
		{"OS_TENANT_ID", s.TenantID},
		{"OS_PROJECT_ID", s.TenantID},
		{"OS_USERNAME", s.Username},
		{"OS_PASSWORD", s.Password},
		{"OS_REGION_NAME", s.Region},
	}
}

// waitInterval is how long it makes sense to wait before looking again. Where
// the clock stands still, the next look may be after an [Server.Advance].
func (s *Server) waitInterval() time.Duration {
	if s.frame.Manual {
		return 5 * time.Millisecond
	}
	return min(max(s.frame.Transition/5, time.Millisecond), time.Second)
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
// tools read. With NHNCLOUD_WAIT_INTERVAL the waiters of the SDK look as often as
// the cloud is fast, a fifth of [WithTransition].
func (s *Server) Environ() []string {
	var out []string
	for _, kv := range s.environ() {
		out = append(out, kv[0]+"="+kv[1])
	}
	return out
}

// Now is the cloud's time.
func (s *Server) Now() time.Time { return s.frame.Now() }

// Advance moves the cloud's time on, and with it what is due by then. It works
// with [WithManualClock] and without.
func (s *Server) Advance(d time.Duration) { s.frame.Advance(d) }

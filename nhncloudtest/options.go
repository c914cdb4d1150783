package nhncloudtest

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/objectstorage"
)

// Option changes how a [Server] behaves.
type Option func(*config) error

type config struct {
	addr        string
	regions     []string
	tenants     []string
	transition  time.Duration
	lifetime    time.Duration
	quota       Quota
	pageDefault int
	pageMax     int
	maxCount    int
	manual      bool
	start       time.Time
	ed25519     bool
	flavors     []Flavor
	images      []Image
	objects     objectstorage.Config
	latency     [2]time.Duration
	elsewhere   http.Handler
}

func defaultConfig() config {
	return config{
		addr:        "127.0.0.1:0",
		regions:     []string{"KR1"},
		transition:  30 * time.Millisecond,
		lifetime:    12 * time.Hour,
		pageDefault: 100,
		pageMax:     1000,
		maxCount:    10,
	}
}

// WithAddr sets the address to listen on, such as "127.0.0.1:8774" or
// "[::1]:0". Only loopback addresses are taken: the cloud hands its password
// to whoever asks. The default is a free port of 127.0.0.1.
func WithAddr(addr string) Option {
	return func(c *config) error {
		host, _, err := net.SplitHostPort(addr)
		if err != nil {
			return fmt.Errorf("address %q: %w", addr, err)
		}
		if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
			return fmt.Errorf("address %q is not a loopback address", addr)
		}
		c.addr = addr
		return nil
	}
}

// WithRegions sets the regions in the catalog, KR1 alone by default. The first
// one is [Server.Region]. Every region has servers, images, networks and key
// pairs of its own.
func WithRegions(regions ...string) Option {
	return func(c *config) error {
		if len(regions) == 0 {
			return errors.New("no region given")
		}
		for i, r := range regions {
			if r == "" || strings.ContainsAny(r, "/ ?#%{}") || slices.Contains(regions[:i], r) {
				return fmt.Errorf("region %q is unusable or given twice", r)
			}
		}
		c.regions = slices.Clone(regions)
		return nil
	}
}

// WithTenants adds tenants of the infrastructure services to the one user, beside
// [Server.TenantID], such as one to share an image with. Each has a default VPC
// and security groups of its own.
func WithTenants(ids ...string) Option {
	return func(c *config) error {
		for _, id := range ids {
			if id == "" || strings.ContainsAny(id, "/ ?#%{}") || slices.Contains(c.tenants, id) {
				return fmt.Errorf("tenant %q is unusable or given twice", id)
			}
			c.tenants = append(c.tenants, id)
		}
		return nil
	}
}

// WithTransition sets how long a change takes: building, rebooting, resizing,
// attaching a volume and so on. The default is 30 ms. With 0 the change is
// done when somebody looks next.
func WithTransition(d time.Duration) Option {
	return func(c *config) error {
		if d < 0 {
			return errors.New("transition time is negative")
		}
		c.transition = d
		return nil
	}
}

// WithTokenLifetime sets how long a token is good for; the default is 12 hours.
func WithTokenLifetime(d time.Duration) Option {
	return func(c *config) error {
		if d <= 0 {
			return errors.New("token lifetime is not positive")
		}
		c.lifetime = d
		return nil
	}
}

// Quota limits what a tenant can have in a region. Zero means no limit.
type Quota struct {
	Servers  int // servers (nova calls them instances)
	VCPUs    int // virtual CPUs of all servers together
	RAM      int // memory of all servers together, in MB
	KeyPairs int // key pairs

	// Those of block storage refuse what is made through it; what compute makes
	// for a server only counts.
	Volumes   int // volumes
	Snapshots int // snapshots of volumes
	Gigabytes int // size of all volumes and snapshots together, in GB

	VPCs             int // VPCs, the default one among them; 3 on the real cloud
	Subnets          int // subnets of a VPC; 10 on the real cloud
	RoutingTables    int // routing tables of a VPC, the default one among them; 10 on the real cloud
	Routes           int // routes of a routing table that are made by hand; 10 on the real cloud
	InternetGateways int // internet gateways, that of the default VPC among them; 3 on the real cloud
	FloatingIPs      int // floating IPs; unlimited on the real cloud
	SecurityGroups   int // security groups, the two that are there from the start among them

	LoadBalancers  int // load balancers
	Listeners      int // listeners of all load balancers together
	Pools          int // pools
	HealthMonitors int // health monitors
	Members        int // members of a pool
}

// WithQuota sets limits; without it there are none.
func WithQuota(q Quota) Option {
	return func(c *config) error { c.quota = q; return nil }
}

// WithPageLimits sets how many elements a page of a list has when the request
// names no limit, and how many it has at most. A greater limit is clamped.
// The defaults are the documented 100 and 1000.
func WithPageLimits(byDefault, atMost int) Option {
	return func(c *config) error {
		if byDefault < 1 || atMost < byDefault {
			return errors.New("page limits must be at least 1 and in order")
		}
		c.pageDefault, c.pageMax = byDefault, atMost
		return nil
	}
}

// WithMaxCount sets how many servers one request can create; 10 as documented.
func WithMaxCount(n int) Option {
	return func(c *config) error {
		if n < 1 {
			return errors.New("max count is less than 1")
		}
		c.maxCount = n
		return nil
	}
}

// WithManualClock makes the cloud's time stand still at start until
// [Server.Advance] moves it. A zero start means now.
func WithManualClock(start time.Time) Option {
	return func(c *config) error {
		if start.IsZero() {
			start = time.Now()
		}
		c.manual, c.start = true, start.UTC()
		return nil
	}
}

// WithEd25519Keys makes generated key pairs Ed25519 ones. They take
// microseconds where the default, RSA with 2048 bits as on the real cloud,
// takes a good part of a second: useful when a test makes many.
func WithEd25519Keys() Option {
	return func(c *config) error { c.ed25519 = true; return nil }
}

// WithFlavors adds flavors to the built-in ones, in every region.
func WithFlavors(flavors ...Flavor) Option {
	return func(c *config) error { c.flavors = append(c.flavors, flavors...); return nil }
}

// WithImages adds public images to the built-in ones, in every region.
func WithImages(images ...Image) Option {
	return func(c *config) error { c.images = append(c.images, images...); return nil }
}

// WithObjectDir sets the directory below which objects and files of images of
// more than 1 MiB are kept, in directories that are made when the first one comes
// and removed by [Server.Close]. The default is the one for temporary files.
func WithObjectDir(dir string) Option {
	return func(c *config) error {
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("object directory: %w", err)
		}
		if !info.IsDir() {
			return fmt.Errorf("object directory %q is none", dir)
		}
		c.objects.Dir = dir
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
		c.objects.SizeLimit = n
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
		c.objects.WriteLimit = perSecond
		return nil
	}
}

// WithLatency lets every request take so long before it is handled: a time
// between the two, or always the same where they are equal. What a [Fault] delays
// is delayed by both.
func WithLatency(least, most time.Duration) Option {
	return func(c *config) error {
		if least < 0 || most < least {
			return errors.New("latencies are negative or not in order")
		}
		c.latency = [2]time.Duration{least, most}
		return nil
	}
}

// WithHandler lets a handler answer the paths that belong to no service of the
// cloud, such as / itself, which are 404 without it. What it answers is not
// recorded, and no [Fault] hits it.
func WithHandler(h http.Handler) Option {
	return func(c *config) error {
		if h == nil {
			return errors.New("no handler given")
		}
		c.elsewhere = h
		return nil
	}
}

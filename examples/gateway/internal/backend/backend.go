// Package backend is the NHN Cloud behind the gateway: the real one, or one in
// memory.
package backend

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/middleware"
)

const (
	clientIdle = 10 * time.Minute // a client that was not used for that long is dropped
	maxClients = 10_000
)

// Cloud makes the clients of the gateway.
type Cloud struct {
	regions []nhncloud.Region
	configs map[nhncloud.Region]nhncloud.Config // what all clients of a region share
	options []nhncloud.Option
	clients *clients.Cache
}

// Live is the real cloud: some regions of an environment, such as "public". The
// options are for all clients.
func Live(environment string, regions []string, options ...nhncloud.Option) (*Cloud, error) {
	env := nhncloud.Environment(strings.ToLower(environment))
	has := env.Regions()
	if len(has) == 0 {
		return nil, fmt.Errorf("there is no environment %q", environment)
	}
	return newCloud(regions, options, func(region nhncloud.Region) (nhncloud.Config, error) {
		if !slices.Contains(has, region) {
			return nhncloud.Config{}, fmt.Errorf("environment %q has the regions %v, not %q", environment, has, region)
		}
		return nhncloud.Config{Environment: env, Region: region}, nil
	})
}

// services are those that the gateway calls, under the names of the catalog.
var services = []nhncloud.Service{"compute", "image", "network", "volumev2", "container-infra", "object-store"}

// Server is a cloud in memory, as an nhncloudtest.Server.
type Server interface {
	AuthURL() string
	EndpointURL(region, service string) (string, bool)
}

// Memory is a cloud in memory, with some of its regions.
func Memory(server Server, regions []string, options ...nhncloud.Option) (*Cloud, error) {
	return newCloud(regions, options, func(region nhncloud.Region) (nhncloud.Config, error) {
		config := nhncloud.Config{AuthURL: server.AuthURL(), Region: region, Endpoints: map[nhncloud.Service]string{}}
		// A token that a caller brings along comes without the catalog that tells
		// where the services are.
		for _, service := range services {
			url, ok := server.EndpointURL(string(region), string(service))
			if !ok {
				return config, fmt.Errorf("the cloud in memory has no %s in region %q", service, region)
			}
			config.Endpoints[service] = url
		}
		return config, nil
	})
}

func newCloud(regions []string, options []nhncloud.Option, configure func(nhncloud.Region) (nhncloud.Config, error)) (*Cloud, error) {
	c := &Cloud{
		configs: map[nhncloud.Region]nhncloud.Config{},
		options: append([]nhncloud.Option{nhncloud.WithUserAgent("nhncloud-gateway"), nhncloud.WithMiddleware(passRequestID)}, options...),
	}
	for _, name := range regions {
		region := nhncloud.Region(strings.ToUpper(name))
		config, err := configure(region)
		if err != nil {
			return nil, err
		}
		c.regions, c.configs[region] = append(c.regions, region), config
	}
	c.clients = clients.New(c.newClient, clientIdle, maxClients)
	return c, nil
}

// Close drops what the cloud knows of its callers.
func (c *Cloud) Close() { c.clients.Close() }

// Region returns the region of a name, in whatever case.
func (c *Cloud) Region(name string) (nhncloud.Region, bool) {
	for _, region := range c.regions {
		if strings.EqualFold(name, string(region)) {
			return region, true
		}
	}
	return "", false
}

// Client returns the client of a caller.
func (c *Cloud) Client(caller clients.Caller) (*nhncloud.Client, error) { return c.clients.Get(caller) }

// Login returns a client with an account. It is not kept, and so is no password.
func (c *Cloud) Login(tenantID, username string, password nhncloud.Secret) (*nhncloud.Client, error) {
	config := c.configs[c.regions[0]] // a token is good for all regions
	config.TenantID, config.Username, config.Password = tenantID, username, password
	return nhncloud.NewClient(config, c.options...)
}

// newClient makes a client that uses the token of a caller as it is.
func (c *Cloud) newClient(caller clients.Caller) (*nhncloud.Client, error) {
	config := c.configs[caller.Region]
	config.TenantID, config.ObjectStorageTenantID = caller.TenantID, caller.StorageAccount
	return nhncloud.NewClient(config, append(slices.Clip(c.options), nhncloud.WithTokenSource(nhncloud.StaticToken(caller.Token)))...)
}

// passRequestID sends the id of the request to the gateway on to the cloud, so that
// one id leads through the logs of both.
func passRequestID(next http.RoundTripper) http.RoundTripper {
	return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
		if id := middleware.RequestID(r.Context()); id != "" {
			passed := *r
			passed.Header = r.Header.Clone()
			passed.Header.Set(middleware.RequestIDHeader, id)
			r = &passed
		}
		return next.RoundTrip(r)
	})
}

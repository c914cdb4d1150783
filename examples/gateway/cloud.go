package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

const (
	clientIdle = 10 * time.Minute // a client that was not used for that long is dropped
	maxClients = 10_000
)

// cloud is the NHN Cloud behind the gateway.
type cloud struct {
	environment nhncloud.Environment // "" for the in-memory cloud
	regions     []nhncloud.Region
	memory      *nhncloudtest.Server // nil for the real cloud
	clients     *clients.Cache
}

// open makes the cloud that the flags ask for.
func open(o options) (*cloud, func(), error) {
	c := &cloud{}
	for name := range strings.SplitSeq(o.regions, ",") {
		c.regions = append(c.regions, nhncloud.Region(strings.ToUpper(strings.TrimSpace(name))))
	}
	c.clients = clients.New(c.newClient, clientIdle, maxClients)
	if o.live {
		c.environment = nhncloud.Environment(strings.ToLower(o.environment))
		for _, region := range c.regions {
			if !slices.Contains(c.environment.Regions(), region) {
				return nil, nil, fmt.Errorf("environment %q has the regions %v, and not %q", o.environment, c.environment.Regions(), region)
			}
		}
		return c, c.clients.Close, nil
	}
	var names []string
	for _, region := range c.regions {
		names = append(names, string(region))
	}
	memory, err := nhncloudtest.Listen(nhncloudtest.WithRegions(names...), nhncloudtest.WithTransition(3*time.Second))
	if err != nil {
		return nil, nil, err
	}
	c.memory = memory
	return c, func() { c.clients.Close(); memory.Close() }, nil
}

// Region returns the region of a name.
func (c *cloud) Region(name string) (nhncloud.Region, bool) {
	region := nhncloud.Region(strings.ToUpper(name))
	return region, slices.Contains(c.regions, region)
}

// Client returns the client of a caller.
func (c *cloud) Client(caller clients.Caller) (*nhncloud.Client, error) { return c.clients.Get(caller) }

// Login returns a client with an account. It is not kept, and so is no password.
func (c *cloud) Login(username string, password nhncloud.Secret) (*nhncloud.Client, error) {
	config := c.config(c.regions[0])
	config.TenantID = "-" // each login names its own
	config.Username, config.Password = username, password
	return nhncloud.NewClient(config, nhncloud.WithUserAgent("nhncloud-gateway"))
}

func (c *cloud) newClient(caller clients.Caller) (*nhncloud.Client, error) {
	config := c.config(caller.Region)
	config.TenantID = caller.TenantID
	config.ObjectStorageTenantID = caller.StorageAccount
	return nhncloud.NewClient(config, nhncloud.WithTokenSource(nhncloud.StaticToken(caller.Token)), nhncloud.WithUserAgent("nhncloud-gateway"))
}

// config is what all clients of a region share.
func (c *cloud) config(region nhncloud.Region) nhncloud.Config {
	config := nhncloud.Config{Environment: c.environment, Region: region}
	if c.memory == nil {
		return config
	}
	config.AuthURL = c.memory.AuthURL()
	return config
}

package nhncloud

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"sync"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

// resolvedEndpoint is where a service is called, for one token.
type resolvedEndpoint struct {
	token *Token
	base  *url.URL // with RawPath only where it differs from Path
}

// endpointCache keeps the endpoints that were resolved for the last token. It
// is read with each call and written once a token.
type endpointCache struct {
	mu    sync.RWMutex
	known map[Service]*resolvedEndpoint
}

func (c *endpointCache) get(service Service) *resolvedEndpoint {
	c.mu.RLock()
	defer c.mu.RUnlock()
	return c.known[service]
}

func (c *endpointCache) put(service Service, e *resolvedEndpoint) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.known[service] = e
}

// resolve finds the endpoint of a service: the override, the catalog of the
// token for the client's region, the built-in table for it, and never the
// endpoint of another region. The token is nil for anonymous calls.
func (c *Client) resolve(service Service, token *Token) (*resolvedEndpoint, error) {
	service = service.canonical()
	if e := c.endpoints.get(service); e != nil && e.token == token {
		return e, nil
	}
	raw, err := c.lookupEndpoint(service, token)
	if err != nil {
		return nil, err
	}
	base, err := parseEndpoint(raw, c.allowHTTP)
	if err != nil {
		return nil, &Error{Message: fmt.Sprintf("endpoint of %s: %q %v", service, raw, err), kind: ErrEndpointNotFound}
	}
	if escaped := base.EscapedPath(); escaped != base.Path {
		base.RawPath = escaped
	}
	e := &resolvedEndpoint{token: token, base: base}
	c.endpoints.put(service, e)
	return e, nil
}

func (c *Client) lookupEndpoint(service Service, token *Token) (string, error) {
	if override, ok := c.config.Endpoints[service]; ok {
		return override, nil
	}
	env := string(c.config.Environment)
	switch service {
	case ServiceIdentity:
		if c.config.AuthURL != "" {
			return strings.TrimSuffix(strings.TrimRight(c.config.AuthURL, "/"), "/tokens"), nil
		}
		if u, ok := endpoint.Identity(env); ok {
			return u, nil
		}
		return "", &Error{Message: "identity has no endpoint: set Config.Environment or Config.AuthURL", kind: ErrEndpointNotFound}
	case ServiceAppKey:
		if u, ok := endpoint.AppKey(env); ok {
			return u, nil
		}
		if env == "" {
			return "", &Error{Message: fmt.Sprintf("the v1.0 API has no endpoint: set Config.Environment or Config.Endpoints[%q]", service), kind: ErrEndpointNotFound}
		}
		return "", &Error{Message: fmt.Sprintf("environment %q has no v1.0 API; only public has", env), kind: ErrEndpointNotFound}
	}
	var regions []string
	if token != nil {
		u, ok := token.Catalog.find(service, c.config.Region)
		if ok {
			return u, nil
		}
		regions = token.Catalog.regions(service)
	}
	if u, ok := endpoint.Lookup(env, string(c.config.Region), string(service)); ok {
		return u, nil
	}
	regions = append(regions, endpoint.ServiceRegions(env, string(service))...)
	slices.Sort(regions)
	return "", &Error{
		Message: fmt.Sprintf("service %q is not in region %q; regions that have it: %s",
			service, c.config.Region, list(slices.Compact(regions))),
		kind: ErrEndpointNotFound,
	}
}

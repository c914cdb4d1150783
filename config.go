package nhncloud

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

// Config says who calls and where. [NewClient] checks it and names everything
// that is missing or contradictory in one error.
//
// The v2 API needs Region, TenantID, Username and Password; the v1.0 API needs
// AppKey, Username and Password. A program that gives its own [TokenSource]
// needs no Username and Password.
type Config struct {
	// Environment is the installation, such as [Public] or [Gov]. It may be
	// empty only when AuthURL is set; it is then taken from the host of
	// AuthURL where that is a known one.
	Environment Environment
	// Region is where the v2 services are called. See [Environment.Regions].
	Region Region
	// TenantID is the project in the v2 API. The console shows it under
	// Compute > Instance > Manage > API endpoint setting.
	TenantID string
	// ObjectStorageTenantID is the project in object storage, which differs
	// from TenantID. When it is empty, TenantID is used.
	ObjectStorageTenantID string
	// AppKey is the project in the v1.0 API.
	AppKey string
	// Username is the e-mail address or IAM id of the account.
	Username string
	// Password is the API password, which is not that of the console.
	Password Secret
	// AuthURL replaces the identity endpoint of the environment, with or
	// without its version: https://api-identity-infrastructure.nhncloudservice.com/v2.0.
	AuthURL string
	// Endpoints replaces the endpoints of single services.
	Endpoints map[Service]string
}

// validate checks the whole configuration and completes it: the case of the
// region, the environment behind a known auth URL. ownTokens means that no
// login is needed.
func (c Config) validate(ownTokens, allowHTTP bool) (Config, error) {
	var check ArgumentCheck
	problem := func(field, format string, args ...any) { check.Refuse(field, fmt.Sprintf(format, args...)) }
	c.Region = Region(strings.ToUpper(string(c.Region)))

	if c.AuthURL != "" {
		u, err := parseEndpoint(c.AuthURL, allowHTTP)
		switch {
		case err != nil:
			problem("AuthURL", "%v", err)
		case strings.HasSuffix(strings.TrimRight(u.Path, "/"), "/v3"):
			problem("AuthURL", "ends in /v3, but NHN Cloud has identity v2.0 only")
		default:
			if env, ok := endpoint.EnvironmentOf(u.Hostname()); ok {
				if c.Environment == "" {
					c.Environment = Environment(env)
				} else if c.Environment != Environment(env) {
					problem("AuthURL", "is the one of environment %q, but Environment is %q", env, c.Environment)
				}
			}
		}
	}
	switch {
	case c.Environment == "" && c.AuthURL == "" && !ownTokens:
		problem("Environment", "is missing")
	case c.Environment != "" && !endpoint.Known(string(c.Environment)):
		problem("Environment", "%q is not one of public, gov, ngsc, ninc, ngovc, ngoic, ncgn", c.Environment)
	case c.Environment != "" && c.Region != "" && !slices.Contains(c.Environment.Regions(), c.Region):
		problem("Region", "%q is not in environment %q, which has %s", c.Region, c.Environment, list(c.Environment.Regions()))
	}
	if c.TenantID == "" && c.AppKey == "" {
		problem("TenantID", "is missing (or AppKey, for the v1.0 API alone)")
	}
	if c.Region == "" && (c.TenantID != "" || c.AppKey == "") {
		problem("Region", "is missing")
	}
	if !ownTokens {
		if c.Username == "" {
			problem("Username", "is missing")
		}
		if c.Password == "" {
			problem("Password", "is missing")
		}
	}
	for name, id := range map[string]string{"TenantID": c.TenantID, "ObjectStorageTenantID": c.ObjectStorageTenantID, "AppKey": c.AppKey} {
		if id != "" {
			if fault := segmentFault(id); fault != "" {
				problem(name, "%s", fault)
			}
		}
	}
	overrides := make(map[Service]string, len(c.Endpoints))
	for _, service := range slices.Sorted(maps.Keys(c.Endpoints)) {
		field := fmt.Sprintf("Endpoints[%q]", service)
		if _, err := parseEndpoint(c.Endpoints[service], allowHTTP); err != nil {
			problem(field, "%v", err)
		}
		if _, ok := overrides[service.canonical()]; ok {
			problem(field, "is there under another name of the service too")
		}
		overrides[service.canonical()] = c.Endpoints[service]
	}
	c.Endpoints = overrides
	if len(check.faults) > 0 {
		check.sort()
		return Config{}, NewArgumentError("", "Config", "is not usable: "+check.text())
	}
	return c, nil
}

// list prints values in a sentence.
func list[T ~string](values []T) string {
	if len(values) == 0 {
		return "none"
	}
	var b strings.Builder
	for i, v := range values {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(string(v))
	}
	return b.String()
}

// parseEndpoint refuses what no token may be sent to.
func parseEndpoint(raw string, allowHTTP bool) (*url.URL, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil:
		return nil, errors.New("is not a URL")
	case u.Scheme != "https" && u.Scheme != "http" || u.Host == "":
		return nil, errors.New("is not an absolute http or https URL")
	case u.RawQuery != "" || u.Fragment != "" || u.User != nil:
		return nil, errors.New("may not have a query, a fragment or a user")
	case u.Scheme == "http" && !allowHTTP && !isLoopback(u.Hostname()):
		return nil, errors.New("is plain http, which would send the token unencrypted; use https or WithInsecureHTTP")
	}
	u.Path = strings.TrimRight(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

func isLoopback(host string) bool {
	if strings.EqualFold(host, "localhost") {
		return true
	}
	ip := net.ParseIP(host)
	return ip != nil && ip.IsLoopback()
}

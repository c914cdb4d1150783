package nhncloud

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

// Config says who calls and where. [NewClient] checks it and names everything
// that is missing or contradictory in one error.
//
// The v2 API needs Region, TenantID, Username and Password; the v1.0 API needs
// AppKey, Username and Password. A program that gives its own [TokenSource]
// needs no Username and Password, and one with a [StaticToken] no TenantID where
// it calls only services that don't have it in their paths, such as network.
type Config struct {
	// Environment is the installation, such as [Public] or [Gov]. Its case does
	// not matter. It may be empty when AuthURL is set, and is then taken from the
	// host of AuthURL where that is a known one, and when Endpoints has where to
	// log in: [ServiceIdentity], or [ServiceAppKey] in the v1.0 API.
	Environment Environment
	// Region is where the v2 services are called. Its case does not matter. See
	// [Environment.Regions].
	Region Region
	// TenantID is the project in the v2 API. The console shows it under
	// Compute > Instance > Set API Endpoint.
	TenantID string
	// ObjectStorageTenantID is the project in object storage, which differs
	// from TenantID. The console shows it under Storage > Object Storage > Set
	// API Endpoint. When it is empty, TenantID is used.
	ObjectStorageTenantID string
	// AppKey is the project in the v1.0 API. The console shows it at the top of
	// the Compute pages, under URL & Appkey.
	AppKey string
	// Username is the e-mail address or IAM id of the account.
	Username string
	// Password is the API password of the account, which is not that of the
	// console. It is set under Compute > Instance > Set API Endpoint, and is
	// good for all projects of the account.
	Password Secret
	// AuthURL replaces the identity endpoint of the environment, with or
	// without its version: https://api-identity-infrastructure.nhncloudservice.com/v2.0.
	AuthURL string
	// Endpoints replaces the endpoints of single services.
	Endpoints map[Service]string
	// WaitInterval is how long waiters wait after their first look, where their
	// [WaitOptions] do not say. 0 stands for 1 s. The variables of the in-memory
	// cloud set it, so that nobody waits longer than that cloud takes.
	WaitInterval time.Duration

	origin *origin // of what ConfigFrom read; nil where nothing is to be told of it
}

// validate checks the whole configuration and completes it: the case of the
// region and the environment, the environment behind a known auth URL. ownTokens
// means that no login is needed, anyTenant that a token is there whose tenant need
// not be known.
func (c Config) validate(ownTokens, anyTenant, allowHTTP bool) (Config, error) {
	var check ArgumentCheck
	problem := func(field, format string, args ...any) { check.Refuse(field, fmt.Sprintf(format, args...)) }
	appKey := "AppKey"
	missing := func(field, hint, more string) {
		if c.origin != nil {
			hint = c.origin.names(field)
		}
		problem(field, "is missing (%s%s)", hint, more)
	}
	if c.origin != nil {
		appKey = c.origin.names(appKey)
	}
	c.Region = Region(strings.ToUpper(string(c.Region)))
	c.Environment = c.Environment.canonical()

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
	overrides := make(map[Service]string, len(c.Endpoints))
	for _, service := range slices.Sorted(maps.Keys(c.Endpoints)) {
		field := fmt.Sprintf("Endpoints[%q]", service)
		if service == "" {
			problem(field, "names no service")
		}
		if _, err := parseEndpoint(c.Endpoints[service], allowHTTP); err != nil {
			problem(field, "%v", err)
		}
		if _, ok := overrides[service.canonical()]; ok {
			problem(field, "is there under another name of the service too")
		}
		overrides[service.canonical()] = c.Endpoints[service]
	}
	c.Endpoints = overrides

	switch {
	case c.Environment == "" && c.AuthURL == "" && !ownTokens && !c.knowsLogin():
		missing("Environment", "one of "+list(environments), "")
	case c.Environment != "" && !endpoint.Known(string(c.Environment)):
		problem("Environment", "%q is not one of %s", c.Environment, list(environments))
	case c.Environment != "" && c.Region != "" && !slices.Contains(c.Environment.Regions(), c.Region):
		problem("Region", "%q is not in environment %q, which has %s", c.Region, c.Environment, list(c.Environment.Regions()))
	}
	if c.TenantID == "" && c.AppKey == "" && !anyTenant {
		missing("TenantID", "see Compute > Instance > Set API Endpoint in the console", "; or "+appKey+", for the v1.0 API alone")
	}
	if c.Region == "" && (c.TenantID != "" || c.AppKey == "") {
		missing("Region", "such as KR1", "")
	}
	if !ownTokens {
		if c.Username == "" {
			missing("Username", "the e-mail address or IAM id of the account", "")
		}
		if c.Password == "" {
			missing("Password", "the API password, which is not that of the console", "")
		}
	}
	for _, id := range [][2]string{{"AppKey", c.AppKey}, {"ObjectStorageTenantID", c.ObjectStorageTenantID}, {"TenantID", c.TenantID}} {
		if fault := segmentFault(id[1]); id[1] != "" && fault != "" {
			check.Refuse(id[0], fault)
		}
	}
	check.RefuseIf(c.WaitInterval < 0, "WaitInterval", "must not be negative")
	check.RefuseIf(!utf8.ValidString(string(c.Password)), "Password", "must be UTF-8")
	check.RefuseIf(!utf8.ValidString(c.Username), "Username", "must be UTF-8")
	if len(check.faults) == 0 {
		return c, nil
	}
	sentences := check.sentences()
	slices.Sort(sentences)
	for _, s := range c.slips() {
		sentences = append(sentences, s.String())
	}
	return Config{}, NewArgumentError("", "Config", "is not usable: "+strings.Join(sentences, "; "))
}

// knowsLogin reports whether Endpoints has where to log in.
func (c Config) knowsLogin() bool {
	service := ServiceIdentity
	if c.TenantID == "" {
		service = ServiceAppKey
	}
	return c.Endpoints[service] != ""
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

package nhncloud

import (
	"fmt"
	"os"
	"strings"
	"time"
)

// ConfigFromEnv reads a Config from the environment of the process. See
// [ConfigFrom] for the names.
func ConfigFromEnv() (Config, error) {
	var names []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		names = append(names, name)
	}
	return configFrom(os.LookupEnv, names)
}

// ConfigFrom reads a Config from variables with the names
//
//	NHNCLOUD_ENVIRONMENT               public, gov, ngsc, …
//	NHNCLOUD_AUTH_URL                  or OS_AUTH_URL
//	NHNCLOUD_REGION                    or OS_REGION_NAME
//	NHNCLOUD_TENANT_ID                 or OS_TENANT_ID, OS_PROJECT_ID
//	NHNCLOUD_OBJECT_STORAGE_TENANT_ID
//	NHNCLOUD_APPKEY
//	NHNCLOUD_USERNAME                  or OS_USERNAME
//	NHNCLOUD_PASSWORD                  or OS_PASSWORD
//	NHNCLOUD_ENDPOINT_<SERVICE>        APPKEY, BLOCKSTORAGE, COMPUTE, IMAGE, KEYMANAGER,
//	                                   KUBERNETES, NETWORK, OBJECTSTORAGE
//	NHNCLOUD_WAIT_INTERVAL             a duration such as 5s
//
// in that order of preference, where lookup is [os.LookupEnv] or one like it.
// Without an environment and an auth URL, the environment is [Public]. The
// error, an [ErrInvalidArgument], is about an interval that is none and
// contradictions between the variables only; what is missing is found by [NewClient], whose error then
// names the variables, also those that look like a slip of the pen, such as
// NHNCLOUD_USER.
func ConfigFrom(lookup func(name string) (string, bool)) (Config, error) {
	if lookup == nil {
		return Config{}, NewArgumentError("", "lookup", "must not be nil")
	}
	return configFrom(lookup, nil)
}

// variable is a field of Config and the names of the variables that it is read
// from.
type variable struct {
	field   string
	at      func(*Config) *string // nil for one of the Endpoints, and where there is read
	read    func(*Config, string) error
	names   []string // in the order of preference
	slips   []string // names that are set in their place by mistake
	service Service  // whose endpoint it is, where it is one
}

// fieldVariables are those of the fields but for the Endpoints.
var fieldVariables = []variable{
	{
		field: "Environment",
		at:    func(c *Config) *string { return (*string)(&c.Environment) },
		names: []string{"NHNCLOUD_ENVIRONMENT"},
		slips: []string{"NHNCLOUD_ENV"},
	},
	{
		field: "AuthURL",
		at:    func(c *Config) *string { return &c.AuthURL },
		names: []string{"NHNCLOUD_AUTH_URL", "OS_AUTH_URL"},
		slips: []string{"NHNCLOUD_AUTHURL", "NHNCLOUD_IDENTITY_URL", "NHNCLOUD_ENDPOINT_IDENTITY"},
	},
	{
		field: "Region",
		at:    func(c *Config) *string { return (*string)(&c.Region) },
		names: []string{"NHNCLOUD_REGION", "OS_REGION_NAME"},
		slips: []string{"NHNCLOUD_REGION_NAME", "NHNCLOUD_REGION_ID", "OS_REGION"},
	},
	{
		field: "TenantID",
		at:    func(c *Config) *string { return &c.TenantID },
		names: []string{"NHNCLOUD_TENANT_ID", "OS_TENANT_ID", "OS_PROJECT_ID"},
		slips: []string{
			"NHNCLOUD_TENANT", "NHNCLOUD_TENANTID", "NHNCLOUD_TENANT_NAME", "NHNCLOUD_PROJECT", "NHNCLOUD_PROJECT_ID",
			"OS_TENANT_NAME", "OS_PROJECT_NAME",
		},
	},
	{
		field: "ObjectStorageTenantID",
		at:    func(c *Config) *string { return &c.ObjectStorageTenantID },
		names: []string{"NHNCLOUD_OBJECT_STORAGE_TENANT_ID"},
		slips: []string{"NHNCLOUD_OBJECTSTORAGE_TENANT_ID", "NHNCLOUD_STORAGE_TENANT_ID", "NHNCLOUD_OBJECT_STORAGE_TENANT"},
	},
	{
		field: "AppKey",
		at:    func(c *Config) *string { return &c.AppKey },
		names: []string{"NHNCLOUD_APPKEY"},
		slips: []string{"NHNCLOUD_APP_KEY"},
	},
	{
		field: "Username",
		at:    func(c *Config) *string { return &c.Username },
		names: []string{"NHNCLOUD_USERNAME", "OS_USERNAME"},
		slips: []string{"NHNCLOUD_USER", "NHNCLOUD_USER_NAME", "NHNCLOUD_USER_ID", "NHNCLOUD_EMAIL", "NHNCLOUD_ID", "OS_USER"},
	},
	{
		field: "Password",
		at:    func(c *Config) *string { return (*string)(&c.Password) },
		names: []string{"NHNCLOUD_PASSWORD", "OS_PASSWORD"},
		slips: []string{"NHNCLOUD_PASS", "NHNCLOUD_PASSWD", "NHNCLOUD_PW", "NHNCLOUD_API_PASSWORD", "NHNCLOUD_APIPASSWORD"},
	},
	{
		field: "WaitInterval",
		read: func(c *Config, value string) (err error) {
			c.WaitInterval, err = time.ParseDuration(value)
			if err != nil || c.WaitInterval <= 0 {
				return fmt.Errorf("%q is not a positive duration such as 5s", value)
			}
			return nil
		},
		names: []string{"NHNCLOUD_WAIT_INTERVAL"},
		slips: []string{"NHNCLOUD_WAIT", "NHNCLOUD_POLL_INTERVAL"},
	},
}

// variables are all that are read.
var variables = append(fieldVariables, endpointVariables()...)

// endpointVariables returns those of the Endpoints, one for each service.
func endpointVariables() []variable {
	var all []variable
	for _, s := range []struct {
		service Service
		name    string
		slip    string
	}{
		{ServiceAppKey, "APPKEY", "APP_KEY"},
		{ServiceBlockStorage, "BLOCKSTORAGE", "BLOCK_STORAGE"},
		{ServiceCompute, "COMPUTE", ""},
		{ServiceImage, "IMAGE", ""},
		{ServiceKeyManager, "KEYMANAGER", "KEY_MANAGER"},
		{ServiceKubernetes, "KUBERNETES", "NKS"},
		{ServiceNetwork, "NETWORK", ""},
		{ServiceObjectStorage, "OBJECTSTORAGE", "OBJECT_STORAGE"},
	} {
		v := variable{field: fmt.Sprintf("Endpoints[%q]", s.service), names: []string{"NHNCLOUD_ENDPOINT_" + s.name}, service: s.service}
		if s.slip != "" {
			v.slips = append(v.slips, "NHNCLOUD_"+s.slip+"_ENDPOINT", "NHNCLOUD_ENDPOINT_"+s.slip)
		}
		v.slips = append(v.slips, "NHNCLOUD_"+s.name+"_ENDPOINT")
		all = append(all, v)
	}
	return all
}

// configFrom reads a Config. All are the names of all variables that are set,
// where they are known.
func configFrom(lookup func(name string) (string, bool), all []string) (Config, error) {
	first := func(names ...string) string {
		for _, n := range names {
			v, ok := lookup(n)
			if !strings.HasSuffix(n, "_PASSWORD") { // a password may begin or end with a space
				v = strings.TrimSpace(v)
			}
			if ok && v != "" {
				return v
			}
		}
		return ""
	}
	var cfg Config
	var unset []variable
	for _, v := range variables {
		value := first(v.names...)
		switch {
		case value == "":
			unset = append(unset, v)
		case v.read != nil:
			if err := v.read(&cfg, value); err != nil {
				return Config{}, NewArgumentError("", v.names[0], err.Error())
			}
		case v.at != nil:
			*v.at(&cfg) = value
		default:
			if cfg.Endpoints == nil {
				cfg.Endpoints = map[Service]string{}
			}
			cfg.Endpoints[v.service] = value
		}
	}
	cfg.Environment = cfg.Environment.canonical()
	if cfg.Environment == "" && cfg.AuthURL == "" {
		cfg.Environment = Public
	}
	tenant, project := first("OS_TENANT_ID"), first("OS_PROJECT_ID")
	if first("NHNCLOUD_TENANT_ID") == "" && tenant != "" && project != "" && tenant != project {
		return Config{}, &Error{Field: "OS_TENANT_ID", Message: "differs from OS_PROJECT_ID; set NHNCLOUD_TENANT_ID or unset one of them"}
	}
	slips := findSlips(unset, all, func(name string) bool { return first(name) != "" })
	if len(slips) > 0 || cfg.Region == "" || cfg.TenantID == "" || cfg.Username == "" || cfg.Password == "" {
		cfg.origin = &origin{slips}
	} // else nothing is to be told, and it equals a Config that a program writes down
	return cfg, nil
}

package nhncloud

import (
	"os"
	"strings"
)

// ConfigFromEnv reads a Config from the environment of the process. See
// [ConfigFrom] for the names.
func ConfigFromEnv() (Config, error) { return ConfigFrom(os.LookupEnv) }

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
//
// in that order of preference, where lookup is [os.LookupEnv] or one like it.
// Without an environment and an auth URL, the environment is [Public]. The
// error, an [ErrInvalidArgument], is about contradictions between the
// variables only; what is missing is found by [NewClient].
func ConfigFrom(lookup func(name string) (string, bool)) (Config, error) {
	first := func(names ...string) string {
		for _, n := range names {
			if v, ok := lookup(n); ok && strings.TrimSpace(v) != "" {
				return strings.TrimSpace(v)
			}
		}
		return ""
	}
	cfg := Config{
		Environment:           Environment(strings.ToLower(first("NHNCLOUD_ENVIRONMENT"))),
		AuthURL:               first("NHNCLOUD_AUTH_URL", "OS_AUTH_URL"),
		Region:                Region(first("NHNCLOUD_REGION", "OS_REGION_NAME")),
		TenantID:              first("NHNCLOUD_TENANT_ID", "OS_TENANT_ID", "OS_PROJECT_ID"),
		ObjectStorageTenantID: first("NHNCLOUD_OBJECT_STORAGE_TENANT_ID"),
		AppKey:                first("NHNCLOUD_APPKEY"),
		Username:              first("NHNCLOUD_USERNAME", "OS_USERNAME"),
	}
	// A password may begin or end with a space.
	for _, n := range []string{"NHNCLOUD_PASSWORD", "OS_PASSWORD"} {
		if v, ok := lookup(n); ok && v != "" {
			cfg.Password = Secret(v)
			break
		}
	}
	for name, service := range endpointVariables {
		if v := first("NHNCLOUD_ENDPOINT_" + name); v != "" {
			if cfg.Endpoints == nil {
				cfg.Endpoints = map[Service]string{}
			}
			cfg.Endpoints[service] = v
		}
	}
	if cfg.Environment == "" && cfg.AuthURL == "" {
		cfg.Environment = Public
	}
	tenant, project := first("OS_TENANT_ID"), first("OS_PROJECT_ID")
	if first("NHNCLOUD_TENANT_ID") == "" && tenant != "" && project != "" && tenant != project {
		return Config{}, &Error{Field: "OS_TENANT_ID", Message: "differs from OS_PROJECT_ID; set NHNCLOUD_TENANT_ID or unset one of them"}
	}
	return cfg, nil
}

var endpointVariables = map[string]Service{
	"APPKEY":        ServiceAppKey,
	"BLOCKSTORAGE":  ServiceBlockStorage,
	"COMPUTE":       ServiceCompute,
	"IMAGE":         ServiceImage,
	"KEYMANAGER":    ServiceKeyManager,
	"KUBERNETES":    ServiceKubernetes,
	"NETWORK":       ServiceNetwork,
	"OBJECTSTORAGE": ServiceObjectStorage,
}

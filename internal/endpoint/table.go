package endpoint

import (
	"slices"
	"strings"
)

// environment is one installation of NHN Cloud. All hosts of an environment
// follow one pattern, so the table holds only which region has which service.
type environment struct {
	name     string
	domain   string
	services []placed
	// regionlessObjectStorage marks the one environment whose object storage
	// host has no region in its name.
	regionlessObjectStorage bool
	appkey                  string // base of the v1.0 API, where it exists
}

// placed says which regions have a service.
type placed struct {
	service string
	regions []string
}

var (
	kr1      = []string{"KR1"}
	kr4      = []string{"KR4"}
	korea    = []string{"KR1", "KR2", "KR3"}
	koreaJP  = []string{"JP1", "KR1", "KR2", "KR3"}
	govKorea = []string{"KR1", "KR2"}
)

// environments lists the hosts of the official guides. The retired hosts of
// 2022 (*.infrastructure.cloud.toast.com) are left out on purpose.
var environments = []environment{
	{
		name:   "public",
		domain: "nhncloudservice.com",
		services: []placed{
			{"compute", koreaJP},
			{"image", koreaJP},
			{"key-manager", koreaJP},
			{"kubernetes", korea},
			{"nasv1", korea},
			{"network", []string{"JP1", "KR1", "KR2", "KR3", "US1"}},
			{"object-store", koreaJP},
			{"volumev2", koreaJP},
		},
		appkey: "https://api-compute.cloud.toast.com/compute",
	},
	{
		name:   "gov",
		domain: "gov-nhncloudservice.com",
		services: []placed{
			{"compute", govKorea},
			{"image", govKorea},
			{"key-manager", govKorea},
			{"kubernetes", govKorea},
			{"nasv1", govKorea},
			{"network", govKorea},
			{"object-store", govKorea},
			{"volumev2", govKorea},
		},
	},
	{name: "ngsc", domain: "ngsc.go.kr", services: daegu},
	{name: "ninc", domain: "ninc.go.kr", services: daegu},
	{name: "ngovc", domain: "ngovc.com", services: daegu},
	{name: "ngoic", domain: "ngoic.com", services: daegu},
	{
		name:   "ncgn",
		domain: "gncloud.go.kr",
		services: []placed{
			{"compute", kr1},
			{"image", kr1},
			{"key-manager", kr1},
			{"network", kr1},
			{"object-store", kr1},
			{"volumev2", kr1},
		},
		regionlessObjectStorage: true,
	},
}

var daegu = []placed{
	{"compute", kr4},
	{"image", kr4},
	{"key-manager", kr4},
	{"kubernetes", kr4},
	{"nasv1", kr4},
	{"network", kr4},
	{"object-store", kr4},
	{"orchestration", kr4},
	{"volumev2", kr4},
}

// find returns an environment, which is empty for one that the table does not
// have.
func find(env string) *environment {
	for i := range environments {
		if environments[i].name == env {
			return &environments[i]
		}
	}
	return &environment{}
}

// hostName gives the word that stands for a service in a host name, where it
// is not the service type itself.
func hostName(service string) string {
	switch service {
	case "compute":
		return "instance"
	case "volumev2":
		return "block-storage"
	case "nasv1":
		return "nas"
	}
	return service
}

// Canonical returns the one name of a service type that the table uses. Catalogs
// and guides have further ones.
func Canonical(service string) string {
	switch service {
	case "container-infra":
		return "kubernetes"
	case "volume":
		return "volumev2"
	case "nas":
		return "nasv1"
	}
	return service
}

// Known reports whether the environment is in the table.
func Known(env string) bool {
	return find(env).name != ""
}

// EnvironmentOf returns the environment that an identity host belongs to.
func EnvironmentOf(host string) (string, bool) {
	for _, e := range environments {
		if strings.EqualFold(host, "api-identity-infrastructure."+e.domain) {
			return e.name, true
		}
	}
	return "", false
}

// Regions returns the regions of an environment, sorted.
func Regions(env string) []string {
	var all []string
	for _, s := range find(env).services {
		all = append(all, s.regions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ServiceRegions returns the regions of an environment that have the service,
// sorted; none for a service that the table does not know.
func ServiceRegions(env, service string) []string {
	service = Canonical(service)
	for _, s := range find(env).services {
		if s.service == service {
			return s.regions
		}
	}
	return nil
}

// Identity returns the identity endpoint of an environment, which is the same
// in all its regions.
func Identity(env string) (string, bool) {
	e := find(env)
	return "https://api-identity-infrastructure." + e.domain, e.name != ""
}

// AppKey returns the endpoint of the v1.0 API, which only some environments have.
func AppKey(env string) (string, bool) {
	e := find(env)
	return e.appkey, e.appkey != ""
}

// Lookup returns the endpoint of a service in a region, without its version
// part.
func Lookup(env, region, service string) (string, bool) {
	service = Canonical(service)
	if !slices.Contains(ServiceRegions(env, service), strings.ToUpper(region)) {
		return "", false
	}
	e := find(env)
	prefix := "https://" + strings.ToLower(region) + "-api-"
	if service == "object-store" {
		if e.regionlessObjectStorage {
			prefix = "https://api-"
		}
		return prefix + "object-storage." + e.domain, true
	}
	return prefix + hostName(service) + "-infrastructure." + e.domain, true
}

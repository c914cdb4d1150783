package endpoint

import (
	"slices"
	"strings"
)

// environment is one installation of NHN Cloud. All hosts of an environment
// follow one pattern, so the table holds only which region has which service.
type environment struct {
	domain   string
	services map[string][]string // service type -> regions
	// regionlessObjectStorage marks the one environment whose object storage
	// host has no region in its name.
	regionlessObjectStorage bool
	appkey                  string // base of the v1.0 API, where it exists
}

// single returns the table of an environment in which every service is in the
// same regions.
func single(regions []string, services ...string) map[string][]string {
	m := make(map[string][]string, len(services))
	for _, s := range services {
		m[s] = regions
	}
	return m
}

var (
	kr4      = []string{"KR4"}
	korea    = []string{"KR1", "KR2", "KR3"}
	koreaJP  = []string{"JP1", "KR1", "KR2", "KR3"}
	govKorea = []string{"KR1", "KR2"}
)

// environments lists the hosts of the official guides. The retired hosts of
// 2022 (*.infrastructure.cloud.toast.com) are left out on purpose.
var environments = map[string]environment{
	"public": {
		domain: "nhncloudservice.com",
		services: map[string][]string{
			"compute":      koreaJP,
			"image":        koreaJP,
			"key-manager":  koreaJP,
			"kubernetes":   korea,
			"nasv1":        korea,
			"network":      {"JP1", "KR1", "KR2", "KR3", "US1"},
			"object-store": koreaJP,
			"volumev2":     koreaJP,
		},
		appkey: "https://api-compute.cloud.toast.com/compute",
	},
	"gov": {
		domain: "gov-nhncloudservice.com",
		services: single(govKorea, "compute", "image", "key-manager", "kubernetes", "nasv1", "network",
			"object-store", "volumev2"),
	},
	"ngsc":  {domain: "ngsc.go.kr", services: daegu},
	"ninc":  {domain: "ninc.go.kr", services: daegu},
	"ngovc": {domain: "ngovc.com", services: daegu},
	"ngoic": {domain: "ngoic.com", services: daegu},
	"ncgn": {
		domain: "gncloud.go.kr",
		services: single([]string{"KR1"}, "compute", "image", "key-manager", "network", "object-store",
			"volumev2"),
		regionlessObjectStorage: true,
	},
}

var daegu = single(kr4, "compute", "image", "key-manager", "kubernetes", "nasv1", "network",
	"object-store", "orchestration", "volumev2")

// hostNames gives the word that stands for a service in a host name, where it
// is not the service type itself.
var hostNames = map[string]string{
	"compute":  "instance",
	"volumev2": "block-storage",
	"nasv1":    "nas",
}

// aliases are further names of service types, as catalogs and guides use them.
var aliases = map[string]string{
	"container-infra": "kubernetes",
	"volume":          "volumev2",
	"nas":             "nasv1",
}

// Canonical returns the one name of a service type that the table uses.
func Canonical(service string) string {
	if c, ok := aliases[service]; ok {
		return c
	}
	return service
}

// Known reports whether the environment is in the table.
func Known(env string) bool {
	_, ok := environments[env]
	return ok
}

// EnvironmentOf returns the environment that an identity host belongs to.
func EnvironmentOf(host string) (string, bool) {
	for name, e := range environments {
		if strings.EqualFold(host, "api-identity-infrastructure."+e.domain) {
			return name, true
		}
	}
	return "", false
}

// Regions returns the regions of an environment, sorted.
func Regions(env string) []string {
	var all []string
	for _, regions := range environments[env].services {
		all = append(all, regions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// ServiceRegions returns the regions of an environment that have the service,
// sorted; none for a service that the table does not know.
func ServiceRegions(env, service string) []string {
	return environments[env].services[Canonical(service)]
}

// Identity returns the identity endpoint of an environment, which is the same
// in all its regions.
func Identity(env string) (string, bool) {
	e, ok := environments[env]
	return "https://api-identity-infrastructure." + e.domain, ok
}

// AppKey returns the endpoint of the v1.0 API, which only some environments have.
func AppKey(env string) (string, bool) {
	e := environments[env]
	return e.appkey, e.appkey != ""
}

// Lookup returns the endpoint of a service in a region, without its version
// part.
func Lookup(env, region, service string) (string, bool) {
	service = Canonical(service)
	if !slices.Contains(ServiceRegions(env, service), strings.ToUpper(region)) {
		return "", false
	}
	e := environments[env]
	prefix := "https://" + strings.ToLower(region) + "-api-"
	if service == "object-store" {
		if e.regionlessObjectStorage {
			prefix = "https://api-"
		}
		return prefix + "object-storage." + e.domain, true
	}
	name := service
	if n, ok := hostNames[service]; ok {
		name = n
	}
	return prefix + name + "-infrastructure." + e.domain, true
}

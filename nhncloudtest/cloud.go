package nhncloudtest

import (
	"slices"
	"strings"
	"time"
)

// region is one region: what its tenants share, and what is theirs.
type region struct {
	name     string
	prefix   string // of the paths; the first region has none
	zones    []string
	flavors  []*flavor
	images   []*image // oldest first
	keys     map[string]*keyPair
	keySeq   int
	types    []*volumeType
	external *network // the network that leads outside
	projects map[string]*project
}

// project is what one tenant has in one region.
type project struct {
	tenant   *tenant
	region   *region
	servers  []*server // oldest first
	byID     map[string]*server
	deleted  []*server // the last ones, for changes-since
	groups   []*serverGroup
	volumes  []*volume // oldest first
	networks []*network
	security []*securityGroup
	floating []*floatingIP // oldest first
}

// build makes the world as a new tenant finds it.
func (s *Server) build() {
	s.tenants = map[string]*tenant{}
	for id, swift := range map[string]bool{s.TenantID: false, s.ObjectStorageTenantID: true} {
		s.tenants[id] = &tenant{id: id, name: "c_" + fixedHexID("name", id)[:8], groupID: fixedHexID("group", id)[:16], swift: swift}
	}
	s.services = []*service{
		s.identityService(), s.appKeyService(), s.computeService(), s.imageService(),
		s.networkService(), s.volumeService(),
	}
	now := s.clock.now()
	for i, name := range s.config.regions {
		rg := &region{
			name: name, zones: zonesOf(name), types: builtInVolumeTypes(),
			keys: map[string]*keyPair{}, projects: map[string]*project{}, external: externalNetwork(name, now),
		}
		if i > 0 {
			rg.prefix = "/" + strings.ToLower(name)
		}
		for _, f := range slices.Concat(builtInFlavors(), s.config.flavors) {
			rg.addFlavor(f)
		}
		for _, img := range slices.Concat(builtInImages(), s.config.images) {
			rg.addImage(img, "public", operatorTenant, now)
		}
		for _, t := range s.tenants {
			p := &project{tenant: t, region: rg, byID: map[string]*server{}}
			p.networks = []*network{defaultNetwork(name, t.id, now), rg.external}
			p.security = defaultSecurityGroups(name, t.id)
			rg.projects[t.id] = p
		}
		s.regions = append(s.regions, rg)
	}
}

// operatorTenant owns what everybody shares.
var operatorTenant = fixedHexID("tenant", "operator")

// zonesOf names the two zones of a region as the public cloud does.
func zonesOf(region string) []string {
	stem := strings.ToLower(region)
	if stem == "kr1" || stem == "jp1" {
		stem = stem[:2]
	}
	return []string{stem + "-pub-a", stem + "-pub-b"}
}

// home is the infrastructure tenant in the first region: what the methods of
// Server look into.
func (s *Server) home() *project { return s.regions[0].projects[s.TenantID] }

// after plans something for when a transition is over.
func (s *Server) after(from time.Time, happen func(at time.Time)) *event {
	return s.agenda.plan(from.Add(s.config.transition), happen)
}

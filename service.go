package nhncloud

import (
	"strings"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

// Environment is one installation of NHN Cloud with hosts, accounts and
// regions of its own. Its case does not matter.
type Environment string

// The environments of NHN Cloud.
const (
	Public Environment = "public" // the public cloud, nhncloudservice.com
	Gov    Environment = "gov"    // government and public sector, gov-nhncloudservice.com
	NGSC   Environment = "ngsc"   // ngsc.go.kr
	NINC   Environment = "ninc"   // ninc.go.kr
	NGOVC  Environment = "ngovc"  // ngovc.com
	NGOIC  Environment = "ngoic"  // ngoic.com
	NCGN   Environment = "ncgn"   // gncloud.go.kr
)

var environments = []Environment{Public, Gov, NGSC, NINC, NGOVC, NGOIC, NCGN}

// canonical returns the environment in the case that the SDK uses.
func (e Environment) canonical() Environment { return Environment(strings.ToLower(string(e))) }

// Regions returns the regions of the environment, sorted; none for an
// environment that the SDK does not know.
func (e Environment) Regions() []Region {
	names := endpoint.Regions(string(e.canonical()))
	regions := make([]Region, len(names))
	for i, n := range names {
		regions[i] = Region(n)
	}
	return regions
}

// Region is a region code. Its case does not matter.
type Region string

// The regions of NHN Cloud. Which of them an environment has is in
// [Environment.Regions].
const (
	KR1 Region = "KR1" // Korea (Pangyo)
	KR2 Region = "KR2" // Korea (Pyeongchon)
	KR3 Region = "KR3" // Korea (Gwangju)
	KR4 Region = "KR4" // Korea (Daegu), government environments
	JP1 Region = "JP1" // Japan (Tokyo)
	US1 Region = "US1" // USA (California), network only
)

// Service is the type of a service, as the serviceCatalog of a token spells
// it. It is an open type: a service that the SDK has no constant for works
// when the catalog lists it or [WithEndpoint] gives its address.
type Service string

// The services that the SDK knows.
const (
	ServiceAppKey        Service = "appkey-v1.0"  // the v1.0 API, one host for everything
	ServiceBlockStorage  Service = "volumev2"     // also "volume"
	ServiceCompute       Service = "compute"      // servers, flavors, key pairs
	ServiceIdentity      Service = "identity"     // tokens and S3 credentials
	ServiceImage         Service = "image"        // images to boot from
	ServiceKeyManager    Service = "key-manager"  // certificates of load balancers
	ServiceKubernetes    Service = "kubernetes"   // also "container-infra"
	ServiceNetwork       Service = "network"      // VPCs, floating IPs, load balancers
	ServiceObjectStorage Service = "object-store" // has a tenant of its own
)

// canonical returns the one of several names of a service that the SDK uses.
func (s Service) canonical() Service { return Service(endpoint.Canonical(string(s))) }

// logsIn reports whether tokens come from the service.
func (s Service) logsIn() bool { return s == ServiceIdentity || s == ServiceAppKey }

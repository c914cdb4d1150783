package identity

import (
	"net/http"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

type object = frame.Object

// UserID is the id of the one user.
var UserID = frame.FixedHexID("user")

// Operator is the tenant that owns what everybody shares.
var Operator = frame.FixedHexID("tenant", "operator")

// RoleName is the role that the user has for all tenants.
const RoleName = "project_admin"

// Config says who there is.
type Config struct {
	Username, Password string
	Tenant             string        // id of the tenant of the infrastructure services
	More               []string      // ids of further tenants of the infrastructure services
	ObjectStorage      string        // id of the tenant of object storage
	TokenLifetime      time.Duration // of a token
}

// Service is the state of identity.
type Service struct {
	cfg         Config
	frame       *frame.Frame
	tenants     map[string]*tenant
	tokens      map[string]*Token
	logins      int
	credentials []*credential // oldest first
}

type tenant struct {
	id, name, groupID string
	swift             bool // the one of object storage
}

// New makes the service with its tenants.
func New(f *frame.Frame, cfg Config) *Service {
	s := &Service{cfg: cfg, frame: f, tenants: map[string]*tenant{}, tokens: map[string]*Token{}}
	for _, id := range s.Tenants() {
		s.tenants[id] = &tenant{
			id: id, name: "c_" + frame.FixedHexID("name", id)[:8], groupID: frame.FixedHexID("group", id)[:16],
			swift: id == cfg.ObjectStorage,
		}
	}
	return s
}

// Tenants are the ids of all tenants.
func (s *Service) Tenants() []string {
	return append([]string{s.cfg.Tenant, s.cfg.ObjectStorage}, s.cfg.More...)
}

// Tenant is the id of the tenant of the infrastructure services.
func (s *Service) Tenant() string { return s.cfg.Tenant }

// ObjectStorage is the id of the tenant of object storage.
func (s *Service) ObjectStorage() string { return s.cfg.ObjectStorage }

// Home is where the tenant of the infrastructure services has things in the
// first region.
func (s *Service) Home() frame.Place {
	return frame.Place{Region: s.frame.Regions[0], Tenant: s.cfg.Tenant}
}

// Places are those of all tenants in all regions.
func (s *Service) Places() []frame.Place {
	var out []frame.Place
	for _, rg := range s.frame.Regions {
		for _, id := range s.Tenants() {
			out = append(out, frame.Place{Region: rg, Tenant: id})
		}
	}
	return out
}

// API is what the frame serves.
func (s *Service) API() *frame.API {
	versions := frame.Discovery{Version: "v2.0", Path: "/v2.0", Status: "stable", List: func(document object) frame.Reply {
		return frame.Answer(http.StatusMultipleChoices, object{"versions": object{"values": []object{document}}})
	}}
	return &frame.API{
		Name: "identity", Dialect: frame.Keystone{},
		Catalog: frame.Catalog{Type: "identity", Name: "keystone", Path: "/identity/v2.0", Everywhere: true},
		Routes: slices.Concat([]frame.Route{
			{Operation: "identity-v2-create-token", Method: "POST", Path: "/v2.0/tokens", Open: true, Handle: s.createToken},
		}, s.credentialRoutes(), versions.Routes()),
	}
}

// Admit lets calls through that have a good token, and sets whose it is. The
// services of v2 have it in front of them.
func (s *Service) Admit(c *frame.Call) *frame.Reply {
	if c.Route.Open {
		return nil
	}
	tok := s.Token(c.Request.Header.Get("X-Auth-Token"), c.Now)
	if tok == nil {
		r := unauthorized()
		r.Header.Set("Www-Authenticate", `Keystone uri="`+c.Frame.URL+`/identity"`)
		return &r
	}
	c.Tenant = tok.Tenant()
	return nil
}

func unauthorized() frame.Reply {
	return frame.KeystoneError(http.StatusUnauthorized, "The request you have made requires authentication.")
}

// malformed is the 400 of identity.
func malformed(missing, place string) frame.Reply {
	return frame.KeystoneError(http.StatusBadRequest, "Expecting to find "+missing+" in "+place+
		". The server could not comply with the request since it is either malformed"+
		" or otherwise incorrect. The client is assumed to be in error.")
}

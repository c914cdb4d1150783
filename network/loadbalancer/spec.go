package loadbalancer

// Spec is a whole load balancer, for [Client.Apply]. Name and VIPSubnetID are
// required.
//
// What the spec names is found by what it is known by: the load balancer by its
// Name; a listener by its ProtocolPort; a pool, and an L7 policy of a listener, by
// its Name; a member by its Address and ProtocolPort; a rule by all of its
// values; a group of IP ACLs by its Name, and its targets by their CIDRAddress; a
// certificate by its Name and a fingerprint. Where two of a name are there, it is
// refused with an [nhncloud.ErrConflict].
//
// A field that is nil, "" or 0 is left as it is, and as the service has it where
// something is created.
type Spec struct {
	Name         string
	VIPSubnetID  string
	VIPAddress   string // IP address in the subnet; "" for one that the service chooses
	Description  string
	Type         Type  // "" for that of the service, which is TypeShared
	AdminStateUp *bool // nil for that of the service, which is true
	Listeners    []ListenerSpec
	Pools        []PoolSpec // beside the Pool of each listener
	// IPACLGroups are those that the load balancer goes by, all with the same
	// Action. They belong to no load balancer: several specs can share one.
	IPACLGroups []IPACLGroupCreateRequest
}

// ListenerSpec is a listener of a [Spec]. Protocol and ProtocolPort are required,
// and with [ProtocolTerminatedHTTPS] a Certificate or a DefaultTLSContainerRef.
//
// Its port and its protocol stay. One of another protocol is replaced, which
// [ApplyOptions] has to allow with Prune.
type ListenerSpec struct {
	Protocol     Protocol
	ProtocolPort int
	Name         string
	Description  string
	AdminStateUp *bool // nil for that of the service, which is true
	// Pool is the default pool, and PoolName the Name of a pool that the spec has
	// elsewhere; one of them at most is set.
	Pool     *PoolSpec
	PoolName string

	ConnectionLimit       *int
	KeepaliveTimeout      *int // seconds
	ProxyProtocol         *bool
	EnableXForwardedProto *bool
	EnableXForwardedPort  *bool
	EnableXForwardedFor   *bool
	TLSVersion            string // the least one, such as "TLSv1.2"

	// Certificate is stored in the key manager, and DefaultTLSContainerRef is one
	// that is there; one of them at most is set.
	Certificate            *Certificate
	DefaultTLSContainerRef KeyManagerRef
	SNIContainerRefs       []KeyManagerRef // of certificates for further names; not nil and empty for none

	// L7Policies are asked in this order, as far as they have the same Action.
	L7Policies []L7PolicySpec
}

// PoolSpec is a pool of a [Spec]. Name, LBAlgorithm and Protocol are required.
// Its protocol stays.
type PoolSpec struct {
	Name               string
	LBAlgorithm        Algorithm
	Protocol           Protocol
	Description        string
	AdminStateUp       *bool               // nil for that of the service, which is true
	MemberPort         int                 // 0 for that of the service
	SessionPersistence *SessionPersistence // &SessionPersistence{} for none
	Members            []MemberCreateRequest
	HealthMonitor      *HealthMonitorSpec
}

// HealthMonitorSpec is the health monitor of a [PoolSpec]. Type, Delay, Timeout
// and MaxRetries are required. One of another Type is replaced.
type HealthMonitorSpec struct {
	Type            MonitorType
	Delay           int          // seconds from one look to the next
	Timeout         int          // seconds to wait for an answer
	MaxRetries      int          // looks
	AdminStateUp    *bool        // nil for that of the service, which is true
	HealthCheckPort *MonitorPort // MemberPort for that of each member, which the service has for nil
	HTTPMethod      string       // "" for that of the service, which is GET
	URLPath         string       // "" for that of the service, which is "/"
	ExpectedCodes   string       // "200", "200,202" or "200-204"; "" for that of the service, which is "200"
	HostHeader      string
}

// L7PolicySpec is an L7 policy of a [ListenerSpec] that speaks HTTP or
// [ProtocolTerminatedHTTPS]. Name and Action are required, and what the action
// redirects to.
type L7PolicySpec struct {
	Name             string
	Action           L7Action
	Description      string
	RedirectPool     string // of L7RedirectToPool: the Name of a pool of the spec
	RedirectURL      string // of L7RedirectToURL; see [L7PolicyCreateRequest]
	RedirectHTTPCode int    // 301 or 302; 0 for that of the service, which is 302
	AdminStateUp     *bool  // nil for that of the service, which is true
	// Rules are those that a request has to fit. A rule that is not among them is
	// changed into one that is missing; what is left over of them is deleted where
	// [ApplyOptions] has Prune.
	Rules []L7RuleCreateRequest
}

// anything stands for an id that is known later, where a request is checked.
const anything = "later"

func (s *Spec) request() LoadBalancerCreateRequest {
	return LoadBalancerCreateRequest{
		Name: s.Name, VIPSubnetID: s.VIPSubnetID, VIPAddress: s.VIPAddress, Description: s.Description, Type: s.Type, AdminStateUp: s.AdminStateUp,
	}
}

func (l *ListenerSpec) request(balancerID, poolID string, certificate KeyManagerRef) ListenerCreateRequest {
	return ListenerCreateRequest{
		LoadBalancerID: balancerID, Protocol: l.Protocol, ProtocolPort: l.ProtocolPort, Name: l.Name, Description: l.Description, DefaultPoolID: poolID,
		AdminStateUp: l.AdminStateUp, ConnectionLimit: l.ConnectionLimit, KeepaliveTimeout: l.KeepaliveTimeout,
		ProxyProtocol:         l.ProxyProtocol != nil && *l.ProxyProtocol,
		EnableXForwardedProto: l.EnableXForwardedProto, EnableXForwardedPort: l.EnableXForwardedPort, EnableXForwardedFor: l.EnableXForwardedFor,
		TLSVersion: l.TLSVersion, DefaultTLSContainerRef: certificate, SNIContainerRefs: l.SNIContainerRefs,
	}
}

// pool returns the name of the default pool, or "".
func (l *ListenerSpec) pool() string {
	if l.Pool != nil {
		return l.Pool.Name
	}
	return l.PoolName
}

func (p *PoolSpec) request(balancerID string) PoolCreateRequest {
	persistence := p.SessionPersistence
	if persistence != nil && *persistence == (SessionPersistence{}) {
		persistence = nil
	}
	return PoolCreateRequest{
		LoadBalancerID: balancerID, LBAlgorithm: p.LBAlgorithm, Protocol: p.Protocol, Name: p.Name, Description: p.Description,
		AdminStateUp: p.AdminStateUp, MemberPort: p.MemberPort, SessionPersistence: persistence,
	}
}

func (m *HealthMonitorSpec) request(poolID string) HealthMonitorCreateRequest {
	request := HealthMonitorCreateRequest{
		PoolID: poolID, Type: m.Type, Delay: m.Delay, Timeout: m.Timeout, MaxRetries: m.MaxRetries, AdminStateUp: m.AdminStateUp,
		HTTPMethod: m.HTTPMethod, URLPath: m.URLPath, ExpectedCodes: m.ExpectedCodes, HostHeader: m.HostHeader,
	}
	if m.HealthCheckPort != nil {
		request.HealthCheckPort = *m.HealthCheckPort
	}
	return request
}

func (p *L7PolicySpec) request(listenerID, poolID string, position int) L7PolicyCreateRequest {
	return L7PolicyCreateRequest{
		ListenerID: listenerID, Action: p.Action, Name: p.Name, Description: p.Description, RedirectPoolID: poolID, RedirectURL: p.RedirectURL,
		RedirectHTTPCode: p.RedirectHTTPCode, Position: position, AdminStateUp: p.AdminStateUp,
	}
}

// pools are all pools of the spec, with the fields that they stand in.
func (s *Spec) pools() (pools []*PoolSpec, fields []string) {
	for i := range s.Pools {
		pools, fields = append(pools, &s.Pools[i]), append(fields, inList("Pools", i))
	}
	for i := range s.Listeners {
		if pool := s.Listeners[i].Pool; pool != nil {
			pools, fields = append(pools, pool), append(fields, inList("Listeners", i)+".Pool")
		}
	}
	return pools, fields
}

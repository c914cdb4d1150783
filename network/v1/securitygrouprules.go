package networkv1

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// SecurityGroupRulesService calls the operations on the rules of security
// groups.
type SecurityGroupRulesService struct{ client *nhncloud.Client }

// SecurityGroupRule is a rule of a security group. It lets traffic through.
type SecurityGroupRule struct {
	ID              string    `json:"id"`
	SecurityGroupID string    `json:"securityGroupId"`
	Direction       Direction `json:"direction"`
	Ethertype       Ethertype `json:"ethertype"`
	Protocol        Protocol  `json:"protocol" wire:"null"`
	PortRangeMin    *int      `json:"portRangeMin"`   // nil for any port
	PortRangeMax    *int      `json:"portRangeMax"`   // nil for any port
	RemoteGroupID   string    `json:"remoteGroupId"`  // "" for none
	RemoteIPPrefix  string    `json:"remoteIpPrefix"` // CIDR; "" for none
	Description     string    `json:"description"`    // of rules in a SecurityGroup alone
}

// Direction is which way the traffic goes. It is an open type.
type Direction string

// The directions of a rule.
const (
	DirectionIngress Direction = "ingress" // to the instance
	DirectionEgress  Direction = "egress"  // from the instance
)

// Ethertype is the version of IP that a rule is for. It is an open type.
type Ethertype string

// The ethertypes of a rule.
const (
	EthertypeIPv4 Ethertype = "IPv4"
	EthertypeIPv6 Ethertype = "IPv6"
)

// Protocol is the IP protocol that a rule is for. It is an open type.
type Protocol string

// The protocols of a rule.
const (
	ProtocolAny  Protocol = "" // null in the API
	ProtocolICMP Protocol = "icmp"
	ProtocolTCP  Protocol = "tcp"
	ProtocolUDP  Protocol = "udp"
)

// List returns the rules of all security groups.
//
// API: GET /v1.0/appkeys/{appkey}/security-group-rules (network-v1-list-security-group-rules; Network-VPC en/api-guide.md)
func (s *SecurityGroupRulesService) List(ctx context.Context) ([]*SecurityGroupRule, error) {
	return nhncloud.FetchList[SecurityGroupRule](ctx, s.client, nhncloud.Request{
		Operation:   "network-v1-list-security-group-rules",
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/security-group-rules",
		ResponseKey: "securityGroupRules",
	})
}

// Get returns a rule.
//
// API: GET /v1.0/appkeys/{appkey}/security-group-rules (network-v1-list-security-group-rules; Network-VPC en/api-guide.md)
func (s *SecurityGroupRulesService) Get(ctx context.Context, id string) (*SecurityGroupRule, error) {
	const operation = "network-v1-list-security-group-rules"
	if err := nhncloud.CheckID(operation, "securityGroupRuleId", id); err != nil {
		return nil, err
	}
	return nhncloud.FetchOne(ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodGet,
		Path:        "/v1.0/appkeys/{appkey}/security-group-rules",
		Query:       url.Values{"id": {id}},
		ResponseKey: "securityGroupRules",
	}, func(r *SecurityGroupRule) bool { return r.ID == id })
}

// SecurityGroupRuleCreateRequest describes a rule to create. SecurityGroupID
// and Direction are required.
type SecurityGroupRuleCreateRequest struct {
	SecurityGroupID string    `json:"securityGroupId"`
	Direction       Direction `json:"direction"`
	Ethertype       Ethertype `json:"ethertype,omitzero"` // "" for that of the service
	Protocol        Protocol  `json:"protocol"`
	// PortRangeMin and PortRangeMax are the first and the last port; nil for
	// any. They need a Protocol. ICMP has no ports; there the two are its type
	// and its code.
	PortRangeMin *int `json:"portRangeMin"`
	PortRangeMax *int `json:"portRangeMax"`
	// RemoteGroupID lets through the instances of a security group,
	// RemoteIPPrefix the addresses of a CIDR; both can't be set. One edition of
	// the guide wants one of them, by the other a rule without either is for
	// all addresses (0.0.0.0/0).
	RemoteGroupID  string `json:"remoteGroupId,omitzero"`
	RemoteIPPrefix string `json:"remoteIpPrefix,omitzero"`
}

func (r *SecurityGroupRuleCreateRequest) check(operation string) error {
	var check nhncloud.ArgumentCheck
	check.Required("SecurityGroupID", r.SecurityGroupID)
	netcheck.Rule{
		Direction: string(r.Direction), Ethertype: string(r.Ethertype), Protocol: string(r.Protocol),
		PortRangeMin: r.PortRangeMin, PortRangeMax: r.PortRangeMax, RemoteGroupID: r.RemoteGroupID, RemoteIPPrefix: r.RemoteIPPrefix,
	}.Check(&check, "")
	return check.Err(operation)
}

// ruleCreateBody is the body of a create call: the public request with null for
// [ProtocolAny].
type ruleCreateBody struct {
	SecurityGroupRuleCreateRequest
	Protocol *Protocol `json:"protocol"`
}

// Create adds a rule to a security group and returns it. A rule that is there
// already is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call finds the rule there already, and
// [SecurityGroupsService.Get] shows it.
//
// API: POST /v1.0/appkeys/{appkey}/security-group-rules (network-v1-create-security-group-rule; Network-VPC en/api-guide.md)
func (s *SecurityGroupRulesService) Create(ctx context.Context, request SecurityGroupRuleCreateRequest) (*SecurityGroupRule, error) {
	const operation = "network-v1-create-security-group-rule"
	if err := request.check(operation); err != nil {
		return nil, err
	}
	body := ruleCreateBody{SecurityGroupRuleCreateRequest: request}
	if !netcheck.IsAnyProtocol(string(request.Protocol)) {
		body.Protocol = &request.Protocol
	}
	return nhncloud.Fetch[SecurityGroupRule](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceAppKey,
		Method:      http.MethodPost,
		Path:        "/v1.0/appkeys/{appkey}/security-group-rules",
		Body:        map[string]ruleCreateBody{"securityGroupRule": body},
		ResponseKey: "securityGroupRule",
	})
}

// Delete takes a rule out of its security group.
//
// API: DELETE /v1.0/appkeys/{appkey}/security-group-rules (network-v1-delete-security-group-rule; Network-VPC en/api-guide.md)
func (s *SecurityGroupRulesService) Delete(ctx context.Context, id string) error {
	const operation = "network-v1-delete-security-group-rule"
	if err := nhncloud.CheckID(operation, "securityGroupRuleId", id); err != nil {
		return err
	}
	return s.client.Do(ctx, nhncloud.Request{
		Operation: operation,
		Service:   nhncloud.ServiceAppKey,
		Method:    http.MethodDelete,
		Path:      "/v1.0/appkeys/{appkey}/security-group-rules",
		Query:     url.Values{"id": {id}},
	}, nil)
}

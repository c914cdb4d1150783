package network

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"regexp"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// SecurityGroupRulesService calls the operations on the rules of security
// groups. For a group that is to have certain rules, see
// [SecurityGroupsService.EnsureRules].
type SecurityGroupRulesService struct{ client *nhncloud.Client }

// SecurityGroupRule is a rule of a security group. It lets traffic through.
type SecurityGroupRule struct {
	ID              string    `json:"id"`
	TenantID        string    `json:"tenant_id"`
	SecurityGroupID string    `json:"security_group_id"`
	Direction       Direction `json:"direction"`
	Ethertype       Ethertype `json:"ethertype"`
	Protocol        Protocol  `json:"protocol"`
	PortRangeMin    *int      `json:"port_range_min"`   // nil for any port; the type with ICMP
	PortRangeMax    *int      `json:"port_range_max"`   // nil for any port; the code with ICMP
	RemoteGroupID   string    `json:"remote_group_id"`  // "" for none
	RemoteIPPrefix  string    `json:"remote_ip_prefix"` // CIDR; "" for none
	Description     string    `json:"description"`
}

// Direction is which way the traffic goes. It is an open type.
type Direction string

// The directions of a rule.
const (
	DirectionIngress Direction = "ingress" // to the server
	DirectionEgress  Direction = "egress"  // from the server
)

// Ethertype is the version of IP that a rule is for. It is an open type.
type Ethertype string

// The ethertypes of a rule.
const (
	EthertypeIPv4 Ethertype = "IPv4"
	EthertypeIPv6 Ethertype = "IPv6" // of rules that the service made
)

// Protocol is the IP protocol that a rule is for, by name or number. It is an
// open type.
type Protocol string

// The protocols of a rule.
const (
	ProtocolAny  Protocol = "" // null in the API
	ProtocolICMP Protocol = "icmp"
	ProtocolTCP  Protocol = "tcp"
	ProtocolUDP  Protocol = "udp"
)

func (r *SecurityGroupRule) key() netcheck.RuleKey {
	return netcheck.Rule{
		Direction: string(r.Direction), Ethertype: string(r.Ethertype), Protocol: string(r.Protocol),
		PortRangeMin: r.PortRangeMin, PortRangeMax: r.PortRangeMax, RemoteGroupID: r.RemoteGroupID, RemoteIPPrefix: r.RemoteIPPrefix,
	}.Key()
}

// SecurityGroupRuleListOptions narrows a listing of rules. A nil pointer and
// zero fields stand for all of them.
type SecurityGroupRuleListOptions struct {
	ID              string    `url:"id,omitempty"`
	TenantID        string    `url:"tenant_id,omitempty"`
	SecurityGroupID string    `url:"security_group_id,omitempty"`
	Direction       Direction `url:"direction,omitempty"`
	Ethertype       Ethertype `url:"ethertype,omitempty"`
	Protocol        Protocol  `url:"protocol,omitempty"`
	PortRangeMin    *int      `url:"port_range_min,omitempty"`
	PortRangeMax    *int      `url:"port_range_max,omitempty"`
	RemoteGroupID   string    `url:"remote_group_id,omitempty"`
	RemoteIPPrefix  string    `url:"remote_ip_prefix,omitempty"`
	Description     string    `url:"description,omitempty"`
	SortKey         string    `url:"sort_key,omitempty"` // field of the answer
	SortDir         string    `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields          []string  `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
	Limit           int       `url:"limit,omitempty"`    // of a page
	Marker          string    `url:"marker,omitempty"`   // id of the rule before the first one wanted
}

type securityGroupRulePage struct {
	Items []*SecurityGroupRule `json:"security_group_rules"`
	Links []linked.Link        `json:"security_group_rules_links"`
}

const listSecurityGroupRules = "network-v2-list-security-group-rules"

func (s *SecurityGroupRulesService) page(ctx context.Context, options *SecurityGroupRuleListOptions, next url.Values) (*linked.Page[SecurityGroupRule], error) {
	if options != nil {
		if err := linked.CheckPaging(listSecurityGroupRules, options.Limit, 0); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[securityGroupRulePage](ctx, s.client, nhncloud.Request{
		Operation: listSecurityGroupRules,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/security-group-rules",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[SecurityGroupRule])(page), err
}

// List returns one page of the rules of all security groups. Use
// [SecurityGroupRulesService.All] for all of them.
//
// API: GET /v2.0/security-group-rules (network-v2-list-security-group-rules; Security-Groups en/public-api.md)
func (s *SecurityGroupRulesService) List(ctx context.Context, options *SecurityGroupRuleListOptions) ([]*SecurityGroupRule, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all rules; it fetches page after page while the
// loop goes on.
func (s *SecurityGroupRulesService) All(ctx context.Context, options *SecurityGroupRuleListOptions) iter.Seq2[*SecurityGroupRule, error] {
	return linked.All(listSecurityGroupRules, func(next url.Values) (*linked.Page[SecurityGroupRule], error) { return s.page(ctx, options, next) })
}

// Get returns a rule. With fields, which are names as "id" and "direction", it
// has those alone.
//
// API: GET /v2.0/security-group-rules/{securityGroupRuleId} (network-v2-get-security-group-rule; Security-Groups en/public-api.md)
func (s *SecurityGroupRulesService) Get(ctx context.Context, id string, fields ...string) (*SecurityGroupRule, error) {
	return nhncloud.Fetch[SecurityGroupRule](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-security-group-rule",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/security-group-rules/{securityGroupRuleId}",
		Args:        []string{id},
		Query:       url.Values{"fields": fields},
		ResponseKey: "security_group_rule",
	})
}

// SecurityGroupRuleCreateRequest describes a rule to create. SecurityGroupID
// and Direction are required.
type SecurityGroupRuleCreateRequest struct {
	SecurityGroupID string    `json:"security_group_id"`
	Direction       Direction `json:"direction"`
	Ethertype       Ethertype `json:"ethertype,omitzero"` // "" for that of the service, which is IPv4
	Protocol        Protocol  `json:"protocol"`
	// PortRangeMin and PortRangeMax are the first and the last port; nil for
	// any. They need a Protocol. ICMP has no ports; there the two are its type
	// and its code.
	PortRangeMin *int `json:"port_range_min"`
	PortRangeMax *int `json:"port_range_max"`
	// RemoteGroupID lets through the servers of a security group,
	// RemoteIPPrefix the addresses of a CIDR; both can't be set. A rule without
	// either is for all addresses.
	RemoteGroupID  string `json:"remote_group_id,omitzero"`
	RemoteIPPrefix string `json:"remote_ip_prefix,omitzero"`
	Description    string `json:"description,omitzero"`
}

// rule is what can be checked of the request, and compared.
func (r *SecurityGroupRuleCreateRequest) rule() netcheck.Rule {
	return netcheck.Rule{
		Direction: string(r.Direction), Ethertype: string(r.Ethertype), Protocol: string(r.Protocol),
		PortRangeMin: r.PortRangeMin, PortRangeMax: r.PortRangeMax, RemoteGroupID: r.RemoteGroupID, RemoteIPPrefix: r.RemoteIPPrefix,
	}
}

// ruleCreateBody is the body of a create call: the public request with null for
// [ProtocolAny].
type ruleCreateBody struct {
	SecurityGroupRuleCreateRequest
	Protocol *Protocol `json:"protocol"`
}

const createSecurityGroupRule = "network-v2-create-security-group-rule"

// Create adds a rule to a security group and returns it. A rule that is there
// already is an [nhncloud.ErrConflict], of which [ExistingRuleID] knows the id.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call finds the rule there already, and [ExistingRuleID]
// tells which it is.
//
// API: POST /v2.0/security-group-rules (network-v2-create-security-group-rule; Security-Groups en/public-api.md)
func (s *SecurityGroupRulesService) Create(ctx context.Context, request SecurityGroupRuleCreateRequest) (*SecurityGroupRule, error) {
	var check nhncloud.ArgumentCheck
	check.Required("SecurityGroupID", request.SecurityGroupID)
	request.rule().Check(&check, "")
	if err := check.Err(createSecurityGroupRule); err != nil {
		return nil, err
	}
	body := ruleCreateBody{SecurityGroupRuleCreateRequest: request}
	if !netcheck.IsAnyProtocol(string(request.Protocol)) {
		body.Protocol = &request.Protocol
	}
	return nhncloud.Fetch[SecurityGroupRule](ctx, s.client, nhncloud.Request{
		Operation:   createSecurityGroupRule,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/security-group-rules",
		Body:        map[string]ruleCreateBody{"security_group_rule": body},
		ResponseKey: "security_group_rule",
	})
}

var existingRule = regexp.MustCompile(`(?i)\brule id is ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})`)

// ExistingRuleID returns the id of the rule that is there already, from the
// error that [SecurityGroupRulesService.Create] ended with. It is false for other
// errors, and where the service does not say the id.
func ExistingRuleID(err error) (id string, ok bool) {
	var e *nhncloud.Error
	if !errors.Is(err, nhncloud.ErrConflict) || !errors.As(err, &e) {
		return "", false
	}
	found := existingRule.FindStringSubmatch(e.Message)
	if found == nil {
		return "", false
	}
	return found[1], true
}

// Delete takes a rule out of its security group.
//
// API: DELETE /v2.0/security-group-rules/{securityGroupRuleId} (network-v2-delete-security-group-rule; Security-Groups en/public-api.md)
func (s *SecurityGroupRulesService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-security-group-rule",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/security-group-rules/{securityGroupRuleId}",
		Args:      []string{id},
	}, nil)
}

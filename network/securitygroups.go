package network

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// SecurityGroupsService calls the operations on security groups.
type SecurityGroupsService struct{ client *nhncloud.Client }

// SecurityGroup is a security group with its rules.
type SecurityGroup struct {
	ID                 string              `json:"id"`
	Name               string              `json:"name"`
	TenantID           string              `json:"tenant_id"`
	Description        string              `json:"description"`
	SecurityGroupRules []SecurityGroupRule `json:"security_group_rules"`
}

// SecurityGroupListOptions narrows a listing of security groups. A nil pointer
// and zero fields stand for all of them.
type SecurityGroupListOptions struct {
	ID       string   `url:"id,omitempty"`
	TenantID string   `url:"tenant_id,omitempty"`
	Name     string   `url:"name,omitempty"`
	SortKey  string   `url:"sort_key,omitempty"` // field of the answer
	SortDir  string   `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields   []string `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
	Limit    int      `url:"limit,omitempty"`    // of a page
	Marker   string   `url:"marker,omitempty"`   // id of the group before the first one wanted
}

type securityGroupPage struct {
	Items []*SecurityGroup `json:"security_groups"`
	Links []linked.Link    `json:"security_groups_links"`
}

const listSecurityGroups = "network-v2-list-security-groups"

func (s *SecurityGroupsService) page(ctx context.Context, options *SecurityGroupListOptions, next url.Values) (*linked.Page[SecurityGroup], error) {
	if options != nil {
		if err := linked.CheckPaging(listSecurityGroups, options.Limit, 0); err != nil {
			return nil, err
		}
	}
	page, err := nhncloud.Fetch[securityGroupPage](ctx, s.client, nhncloud.Request{
		Operation: listSecurityGroups,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/security-groups",
		Query:     linked.Query(options, next),
	})
	return (*linked.Page[SecurityGroup])(page), err
}

// List returns one page of security groups with their rules. Use
// [SecurityGroupsService.All] for all of them.
//
// API: GET /v2.0/security-groups (network-v2-list-security-groups; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) List(ctx context.Context, options *SecurityGroupListOptions) ([]*SecurityGroup, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all security groups; it fetches page after page
// while the loop goes on.
func (s *SecurityGroupsService) All(ctx context.Context, options *SecurityGroupListOptions) iter.Seq2[*SecurityGroup, error] {
	return linked.All(listSecurityGroups, func(next url.Values) (*linked.Page[SecurityGroup], error) { return s.page(ctx, options, next) })
}

// Get returns a security group with its rules. With fields, which are names as
// "id" and "name", it has those alone.
//
// API: GET /v2.0/security-groups/{securityGroupId} (network-v2-get-security-group; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) Get(ctx context.Context, id string, fields ...string) (*SecurityGroup, error) {
	return nhncloud.Fetch[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-security-group",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/security-groups/{securityGroupId}",
		Args:        []string{id},
		Query:       url.Values{"fields": fields},
		ResponseKey: "security_group",
	})
}

// SecurityGroupCreateRequest describes a security group to create.
type SecurityGroupCreateRequest struct {
	Name        string `json:"name,omitzero"`
	Description string `json:"description,omitzero"`
}

// Create creates a security group and returns it, with the rules of
// [DefaultEgressRules]. A quota that is used up is an
// [nhncloud.ErrQuotaExceeded].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [SecurityGroupsService.List] shows two groups of the Name.
//
// API: POST /v2.0/security-groups (network-v2-create-security-group; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) Create(ctx context.Context, request SecurityGroupCreateRequest) (*SecurityGroup, error) {
	return nhncloud.Fetch[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-create-security-group",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/security-groups",
		Body:        map[string]SecurityGroupCreateRequest{"security_group": request},
		ResponseKey: "security_group",
	})
}

// SecurityGroupUpdateRequest changes a security group. A nil field is left as it
// is.
type SecurityGroupUpdateRequest struct {
	Name        *string `json:"name,omitzero"`
	Description *string `json:"description,omitzero"`
}

// Update changes the name or the description of a security group and returns it.
//
// API: PUT /v2.0/security-groups/{securityGroupId} (network-v2-update-security-group; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) Update(ctx context.Context, id string, request SecurityGroupUpdateRequest) (*SecurityGroup, error) {
	const operation = "network-v2-update-security-group"
	if request == (SecurityGroupUpdateRequest{}) {
		return nil, nhncloud.NewArgumentError(operation, "Name", nothingToChange)
	}
	return nhncloud.Fetch[SecurityGroup](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/security-groups/{securityGroupId}",
		Args:        []string{id},
		Body:        map[string]SecurityGroupUpdateRequest{"security_group": request},
		ResponseKey: "security_group",
	})
}

// Delete deletes a security group with its rules. One that a port has is an
// [nhncloud.ErrConflict].
//
// API: DELETE /v2.0/security-groups/{securityGroupId} (network-v2-delete-security-group; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-security-group",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/security-groups/{securityGroupId}",
		Args:      []string{id},
	}, nil)
}

// SecurityGroupPort is a port that has a security group.
type SecurityGroupPort struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	TenantID       string     `json:"tenant_id"`
	ProjectID      string     `json:"project_id"` // the same as TenantID, says the guide
	NetworkID      string     `json:"network_id"` // of the VPC
	Status         PortStatus `json:"status"`
	AdminStateUp   bool       `json:"admin_state_up"`
	MACAddress     string     `json:"mac_address"`
	FixedIPs       []FixedIP  `json:"fixed_ips"`
	DeviceID       string     `json:"device_id"`
	DeviceOwner    string     `json:"device_owner"`
	SecurityGroups []string   `json:"security_groups"` // ids of all that it has
}

// SecurityGroupPortListOptions narrows a listing of the ports of a security
// group. A nil pointer and zero fields stand for all of them.
type SecurityGroupPortListOptions struct {
	TenantID string   `url:"tenant_id,omitempty"`
	SortKey  string   `url:"sort_key,omitempty"` // field of the answer
	SortDir  string   `url:"sort_dir,omitempty"` // "asc" or "desc"
	Fields   []string `url:"fields,omitempty"`   // those to have, such as "id"; nil for all
}

// groupPortQuery is the query of a listing of the ports of a group.
type groupPortQuery struct {
	SecurityGroupID string `url:"security_group_id"`
	SecurityGroupPortListOptions
}

type groupPortPage struct {
	Items []*SecurityGroupPort `json:"security_group_ports"`
	Links []linked.Link        `json:"security_group_ports_links"`
}

const listGroupPorts = "network-v2-list-security-group-ports"

func (s *SecurityGroupsService) portPage(ctx context.Context, id string, options *SecurityGroupPortListOptions, next url.Values) (*linked.Page[SecurityGroupPort], error) {
	if id == "" {
		return nil, nhncloud.NewArgumentError(listGroupPorts, "id", "must not be empty")
	}
	query := groupPortQuery{SecurityGroupID: id}
	if options != nil {
		query.SecurityGroupPortListOptions = *options
	}
	page, err := nhncloud.Fetch[groupPortPage](ctx, s.client, nhncloud.Request{
		Operation: listGroupPorts,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/security-group-ports",
		Query:     linked.Query(query, next),
	})
	return (*linked.Page[SecurityGroupPort])(page), err
}

// ListPorts returns one page of the ports that have a security group, which
// keep it from being deleted. Use [SecurityGroupsService.AllPorts] for all of
// them.
//
// API: GET /v2.0/security-group-ports (network-v2-list-security-group-ports; Security-Groups en/public-api.md)
func (s *SecurityGroupsService) ListPorts(ctx context.Context, id string, options *SecurityGroupPortListOptions) ([]*SecurityGroupPort, error) {
	return linked.Listed(s.portPage(ctx, id, options, nil))
}

// AllPorts returns an iterator over all ports that have a security group.
func (s *SecurityGroupsService) AllPorts(ctx context.Context, id string, options *SecurityGroupPortListOptions) iter.Seq2[*SecurityGroupPort, error] {
	return linked.All(listGroupPorts, func(next url.Values) (*linked.Page[SecurityGroupPort], error) {
		return s.portPage(ctx, id, options, next)
	})
}

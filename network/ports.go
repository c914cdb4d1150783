package network

import (
	"context"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
)

// PortsService calls the operations on ports, which are the network interfaces
// of servers and of what the service runs in a VPC.
type PortsService struct{ client *nhncloud.Client }

// Port is a network interface in a VPC.
type Port struct {
	ID                  string               `json:"id"`
	Name                string               `json:"name"`
	TenantID            string               `json:"tenant_id"`
	NetworkID           string               `json:"network_id"` // of the VPC
	Status              PortStatus           `json:"status"`
	AdminStateUp        bool                 `json:"admin_state_up"`
	MACAddress          string               `json:"mac_address"`
	FixedIPs            []FixedIP            `json:"fixed_ips"`
	DeviceID            string               `json:"device_id"`             // of what uses the port, such as a server
	DeviceOwner         string               `json:"device_owner"`          // the type of that; "compute:" and the zone for servers
	VNICType            string               `json:"binding:vnic_type"`     // not after Create and Update
	PortSecurityEnabled bool                 `json:"port_security_enabled"` // not after Create and Update
	SecurityGroups      []string             `json:"security_groups"`       // ids
	AllowedAddressPairs []AllowedAddressPair `json:"allowed_address_pairs"`
	ExtraDHCPOpts       []ExtraDHCPOpt       `json:"extra_dhcp_opts"` // not after Create and Update
}

// PortStatus is the status of a port. It is an open type.
type PortStatus string

// The statuses of a port.
const (
	PortActive PortStatus = "ACTIVE"
	PortBuild  PortStatus = "BUILD"
	PortDown   PortStatus = "DOWN"  // also of a server that is off
	PortError  PortStatus = "ERROR" // not in the guides
)

// DeviceOwnerVirtualIP is the DeviceOwner of a port whose address moves between
// servers.
const DeviceOwnerVirtualIP = "network:virtual_ip"

// FixedIP is an address of a port in its subnet. Of the fields of a request, one
// is enough.
type FixedIP struct {
	SubnetID  string `json:"subnet_id,omitzero"`
	IPAddress string `json:"ip_address,omitzero"`
}

// AllowedAddressPair is a source of packets that may go through a port beside
// its own address.
type AllowedAddressPair struct {
	IPAddress  string `json:"ip_address"`           // address, or network in CIDR notation
	MACAddress string `json:"mac_address,omitzero"` // "" for that of the port
}

// ExtraDHCPOpt is a further option that DHCP gives to a port. The guides do not
// list its fields; these are the ones of OpenStack.
type ExtraDHCPOpt struct {
	Name      string  `json:"opt_name"`
	Value     *string `json:"opt_value"`           // nil takes the option away in an update
	IPVersion int     `json:"ip_version,omitzero"` // 4 or 6; 0 for that of the service, which is 4
}

// Get returns a port. With fields, which are names as "id" and "status", it has
// those alone.
//
// API: GET /v2.0/ports/{portId} (network-v2-get-port; Network-VPC en/public-api-compat.md)
func (s *PortsService) Get(ctx context.Context, id string, fields ...string) (*Port, error) {
	return nhncloud.Fetch[Port](ctx, s.client, nhncloud.Request{
		Operation:   "network-v2-get-port",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/ports/{portId}",
		Args:        []string{id},
		Query:       url.Values{"fields": fields},
		ResponseKey: "port",
	})
}

// PortCreateRequest describes a port to create. NetworkID is required.
type PortCreateRequest struct {
	NetworkID    string    `json:"network_id"` // of the VPC
	Name         string    `json:"name,omitzero"`
	AdminStateUp *bool     `json:"admin_state_up,omitzero"` // nil for that of the service, which is true
	FixedIPs     []FixedIP `json:"fixed_ips,omitzero"`      // nil for one that the service chooses
	// PortSecurityEnabled is nil for that of the service, which is true.
	// SecurityGroups and AllowedAddressPairs need it.
	PortSecurityEnabled *bool                `json:"port_security_enabled,omitzero"`
	SecurityGroups      []string             `json:"security_groups,omitzero"` // ids; nil for the group "default", empty for none
	AllowedAddressPairs []AllowedAddressPair `json:"allowed_address_pairs,omitzero"`
	ExtraDHCPOpts       []ExtraDHCPOpt       `json:"extra_dhcp_opts,omitzero"`
	DeviceID            string               `json:"device_id,omitzero"`
	DeviceOwner         string               `json:"device_owner,omitzero"` // such as DeviceOwnerVirtualIP
}

// Create creates a port, which can be given to a new server, and returns it. An
// address that is in use is an [nhncloud.ErrConflict].
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, [PortsService.List] shows two ports of the Name, or with an IPAddress
// the second call fails because the first one took it.
//
// API: POST /v2.0/ports (network-v2-create-port; Network-VPC en/public-api-compat.md)
func (s *PortsService) Create(ctx context.Context, request PortCreateRequest) (*Port, error) {
	const operation = "network-v2-create-port"
	var check nhncloud.ArgumentCheck
	check.Required("NetworkID", request.NetworkID)
	portSecurity{request.FixedIPs, request.PortSecurityEnabled, request.SecurityGroups, request.AllowedAddressPairs, request.ExtraDHCPOpts}.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Port](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/ports",
		Body:        map[string]PortCreateRequest{"port": request},
		ResponseKey: "port",
	})
}

// PortUpdateRequest changes a port. A nil field is left as it is, and an empty
// list that is not nil takes away all that there is.
type PortUpdateRequest struct {
	Name         *string   `json:"name,omitzero"`
	AdminStateUp *bool     `json:"admin_state_up,omitzero"`
	FixedIPs     []FixedIP `json:"fixed_ips,omitzero"`
	// PortSecurityEnabled can become false when there are neither SecurityGroups
	// nor AllowedAddressPairs any more; one call can do all of it.
	PortSecurityEnabled *bool                `json:"port_security_enabled,omitzero"`
	SecurityGroups      []string             `json:"security_groups,omitzero"` // ids
	AllowedAddressPairs []AllowedAddressPair `json:"allowed_address_pairs,omitzero"`
	ExtraDHCPOpts       []ExtraDHCPOpt       `json:"extra_dhcp_opts,omitzero"`
}

func (r *PortUpdateRequest) isEmpty() bool {
	return r.Name == nil && r.AdminStateUp == nil && r.FixedIPs == nil && r.PortSecurityEnabled == nil &&
		r.SecurityGroups == nil && r.AllowedAddressPairs == nil && r.ExtraDHCPOpts == nil
}

// Update changes a port and returns it.
//
// API: PUT /v2.0/ports/{portId} (network-v2-update-port; Network-VPC en/public-api-compat.md)
func (s *PortsService) Update(ctx context.Context, id string, request PortUpdateRequest) (*Port, error) {
	const operation = "network-v2-update-port"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request.isEmpty(), "Name", nothingToChange)
	portSecurity{request.FixedIPs, request.PortSecurityEnabled, request.SecurityGroups, request.AllowedAddressPairs, request.ExtraDHCPOpts}.check(&check)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[Port](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/ports/{portId}",
		Args:        []string{id},
		Body:        map[string]PortUpdateRequest{"port": request},
		ResponseKey: "port",
	})
}

// Delete deletes a port. Those of a server go with it.
//
// API: DELETE /v2.0/ports/{portId} (network-v2-delete-port; Network-VPC en/public-api-compat.md)
func (s *PortsService) Delete(ctx context.Context, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "network-v2-delete-port",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/ports/{portId}",
		Args:      []string{id},
	}, nil)
}

func (s *PortsService) waiter(id string) nhncloud.Waiter[*Port, PortStatus] {
	return nhncloud.Waiter[*Port, PortStatus]{
		Operation: "network-v2-get-port",
		Resource:  "port",
		ID:        id,
		Look:      func(ctx context.Context, id string) (*Port, error) { return s.Get(ctx, id) },
		Status:    func(port *Port) PortStatus { return port.Status },
		Failed:    []PortStatus{PortError},
	}
}

// WaitForBound waits until something uses a port, such as a server that runs,
// and the port is [PortActive], and returns it. It ends with an
// [nhncloud.ErrFailedState] when the port gets into [PortError] instead.
func (s *PortsService) WaitForBound(ctx context.Context, id string, options *nhncloud.WaitOptions) (*Port, error) {
	waiter := s.waiter(id)
	waiter.Busy = func(port *Port) bool { return port.DeviceID == "" }
	return waiter.Until(ctx, options, PortActive)
}

// WaitForDeletion waits until a port is not found any more.
func (s *PortsService) WaitForDeletion(ctx context.Context, id string, options *nhncloud.WaitOptions) error {
	return s.waiter(id).UntilGone(ctx, options)
}

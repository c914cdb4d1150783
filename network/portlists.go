package network

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"net/url"
	"slices"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
	"github.com/nhncloud-go/nhncloud/internal/netcheck"
)

// PortListOptions narrows a listing of ports. A nil pointer and zero fields
// stand for all of them.
type PortListOptions struct {
	ID          string        `url:"id,omitempty"`
	Name        string        `url:"name,omitempty"`
	Status      PortStatus    `url:"status,omitempty"`
	AdminState  *bool         `url:"admin_state,omitempty"`
	NetworkID   string        `url:"network_id,omitempty"` // of the VPC
	TenantID    string        `url:"tenant_id,omitempty"`
	FixedIP     FixedIPFilter `url:"-"`
	MACAddress  string        `url:"mac_address,omitempty"`
	DeviceOwner string        `url:"device_owner,omitempty"`
	DeviceID    string        `url:"device_id,omitempty"` // such as the id of a server
	Fields      []string      `url:"fields,omitempty"`    // those to have, such as "id"; nil for all
	Limit       int           `url:"limit,omitempty"`     // of a page
	Marker      string        `url:"marker,omitempty"`    // id of the port before the first one wanted
}

// FixedIPFilter finds ports by an address of theirs.
type FixedIPFilter struct {
	IPAddress       string
	IPAddressSubstr string // part of an address
	SubnetID        string
}

// values are the sub-keys of fixed_ips in a query.
func (f FixedIPFilter) values() []string {
	var values []string
	for _, v := range []struct{ key, value string }{
		{"ip_address", f.IPAddress}, {"ip_address_substr", f.IPAddressSubstr}, {"subnet_id", f.SubnetID},
	} {
		if v.value != "" {
			values = append(values, v.key+"="+v.value)
		}
	}
	return values
}

// portQuery is the query of a listing of ports.
type portQuery struct {
	PortListOptions
	FixedIPs []string `url:"fixed_ips,omitempty"`
}

func (o *PortListOptions) query() (portQuery, error) {
	if o == nil {
		return portQuery{}, nil
	}
	return portQuery{*o, o.FixedIP.values()}, linked.CheckPaging(listPorts, o.Limit, 0)
}

type portPage struct {
	Items []*Port       `json:"ports"`
	Links []linked.Link `json:"ports_links"`
}

const listPorts = "network-v2-list-ports"

func (s *PortsService) page(ctx context.Context, options *PortListOptions, next url.Values) (*linked.Page[Port], error) {
	query, err := options.query()
	if err != nil {
		return nil, err
	}
	page, err := nhncloud.Fetch[portPage](ctx, s.client, nhncloud.Request{
		Operation: listPorts,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/ports",
		Query:     linked.Query(query, next),
	})
	return (*linked.Page[Port])(page), err
}

// List returns one page of ports. Use [PortsService.All] for all of them.
//
// API: GET /v2.0/ports (network-v2-list-ports; Network-VPC en/public-api-compat.md)
func (s *PortsService) List(ctx context.Context, options *PortListOptions) ([]*Port, error) {
	return linked.Listed(s.page(ctx, options, nil))
}

// All returns an iterator over all ports; it fetches page after page while the
// loop goes on.
func (s *PortsService) All(ctx context.Context, options *PortListOptions) iter.Seq2[*Port, error] {
	return linked.All(listPorts, func(next url.Values) (*linked.Page[Port], error) { return s.page(ctx, options, next) })
}

// FindOfServer returns the port of a server, by the id of the server and the
// address of the port in its subnet. The address may be "" for a server with one
// port. None is an [nhncloud.ErrNotFound]; several are an [nhncloud.ErrConflict].
func (s *PortsService) FindOfServer(ctx context.Context, serverID, fixedIPAddress string) (*Port, error) {
	var check nhncloud.ArgumentCheck
	check.Required("serverID", serverID)
	if fixedIPAddress != "" {
		netcheck.Address(&check, "fixedIPAddress", fixedIPAddress)
	}
	if err := check.Err(listPorts); err != nil {
		return nil, err
	}
	found, err := nhncloud.Collect(s.All(ctx, &PortListOptions{DeviceID: serverID, FixedIP: FixedIPFilter{IPAddress: fixedIPAddress}}))
	if err != nil {
		return nil, err
	}
	found = slices.DeleteFunc(found, func(port *Port) bool {
		return port.DeviceID != serverID || fixedIPAddress != "" && !port.hasAddress(fixedIPAddress)
	})
	return only(listPorts, "port of server "+serverID, found, func(port *Port) string { return port.ID })
}

func (p *Port) hasAddress(address string) bool {
	return slices.ContainsFunc(p.FixedIPs, func(ip FixedIP) bool { return ip.IPAddress == address })
}

// WaitForServer waits until [PortsService.FindOfServer] finds a port with an
// address, which a new server does not have at once, and returns it. Whether
// there is a server of the id, it can't tell: let the context have an end.
func (s *PortsService) WaitForServer(ctx context.Context, serverID, fixedIPAddress string, options *nhncloud.WaitOptions) (*Port, error) {
	return nhncloud.Waiter[*Port, PortStatus]{
		Operation: listPorts,
		Resource:  "the port of server",
		ID:        serverID,
		Look: func(ctx context.Context, _ string) (*Port, error) {
			port, err := s.FindOfServer(ctx, serverID, fixedIPAddress)
			if errors.Is(err, nhncloud.ErrNotFound) {
				return &Port{Status: "not there"}, nil
			}
			return port, err
		},
		Status: func(port *Port) PortStatus { return port.Status },
	}.Wait(ctx, options, func(port *Port) nhncloud.WaitStatus {
		return nhncloud.WaitStatus{Done: len(port.FixedIPs) > 0}
	})
}

package api

import (
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
)

const maxBody = 1 << 20 // bytes

// Headers are those that each request has but the one for a token. They are exported
// because huma fills no others.
type Headers struct {
	Region string `header:"X-NHN-Region" required:"true" example:"kr1" doc:"kr1 (Pangyo) or kr2 (Pyeongchon), in any case"`
	Token  string `header:"X-NHN-Token" required:"true" doc:"from POST /api/nhn/token/"`
}

// TenantHeaders are those of requests that say which tenant they are for.
type TenantHeaders struct {
	Headers
	TenantID string `header:"X-NHN-Tenant-ID" required:"true" pattern:"^[0-9A-Za-z_-]+$" doc:"the tenant of the token"`
}

// FoundTenantHeaders are those of requests that need a tenant and can find it out.
type FoundTenantHeaders struct {
	Headers
	TenantID string `header:"X-NHN-Tenant-ID" pattern:"^[0-9A-Za-z_-]+$" doc:"found out where it is missing"`
}

// StorageHeaders are those of requests to object storage.
type StorageHeaders struct {
	Headers
	Account string `header:"X-NHN-Storage-Account" required:"true" pattern:"^(AUTH_)?[0-9A-Za-z-]+$" example:"AUTH_04a2c5b7de7e4d66b970ad950081a7c3" doc:"with or without AUTH_"`
}

// caller is implemented by all headers.
type caller interface {
	caller() (region string, who clients.Caller)
}

func (h *Headers) caller() (string, clients.Caller) {
	return h.Region, clients.Caller{Token: nhncloud.Secret(h.Token)}
}

func (h *TenantHeaders) caller() (string, clients.Caller) {
	region, who := h.Headers.caller()
	who.TenantID = h.TenantID
	return region, who
}

func (h *FoundTenantHeaders) caller() (string, clients.Caller) {
	region, who := h.Headers.caller()
	who.TenantID = h.TenantID
	return region, who
}

func (h *StorageHeaders) caller() (string, clients.Caller) {
	region, who := h.Headers.caller()
	who.StorageAccount = strings.TrimPrefix(h.Account, "AUTH_")
	return region, who
}

// client returns the client of who sent the headers.
func (a *API) client(headers caller) (*nhncloud.Client, error) {
	name, who := headers.caller()
	region, ok := a.cloud.Region(name)
	if !ok {
		return nil, refuse("X-NHN-Region", "is none of the regions of this gateway")
	}
	who.Region = region
	return a.cloud.Client(who)
}

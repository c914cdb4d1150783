package nhncloud

import (
	"maps"
	"net/http"
	"slices"
)

// serviceHeaders are the fields that all requests to a service have, by its
// canonical name.
type serviceHeaders map[Service]http.Header

// versionHeaders tell the services that want to know it which version of their
// API is meant. Without it, calls of NKS are refused.
var versionHeaders = serviceHeaders{
	ServiceKubernetes: {"Openstack-Api-Version": {"container-infra latest"}},
}

// with returns the fields with another one, which is left out where it has no
// values.
func (h serviceHeaders) with(service Service, name string, values []string) serviceHeaders {
	service, name = service.canonical(), http.CanonicalHeaderKey(name)
	fields := h[service].Clone()
	if fields == nil {
		fields = http.Header{}
	}
	if fields[name] = slices.Clone(values); len(values) == 0 {
		delete(fields, name)
	}
	all := maps.Clone(h)
	all[service] = fields
	return all
}

// ownFields are set by the SDK and by net/http, whatever a program says.
var ownFields = []string{"Connection", "Content-Length", "Expect", "Host", "Trailer", "Transfer-Encoding", "X-Auth-Token"}

// WithServiceHeader sends a header field with each request to the service, also
// with those of [Client.Do] and of the service packages, unless the request has
// the field itself. Without values the field is not sent any more.
//
// Calls of [ServiceKubernetes] have the field OpenStack-API-Version with the
// value "container-infra latest" without this option.
func WithServiceHeader(service Service, name string, values ...string) Option {
	return func(s *settings) error {
		if service == "" {
			return NewArgumentError("", "WithServiceHeader", "names no service")
		}
		r := Request{Header: http.Header{name: values}}
		if err := r.checkHeader(); err != nil {
			return err
		}
		if slices.Contains(ownFields, http.CanonicalHeaderKey(name)) {
			return NewArgumentError("", "header "+name, "is set by the SDK itself")
		}
		s.headers = s.headers.with(service, name, values)
		s.newAuth = s.newAuth || service.logsIn()
		return nil
	}
}

package api

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

func (a *API) registerFlavors() {
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/flavors/", id: "list-flavors", summary: "List flavors", tag: "Compute",
	}, list[TenantHeaders](a, operations.ListFlavors))
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/keypairs/", id: "list-keypairs", summary: "List key pairs", tag: "Compute",
	}, list[TenantHeaders](a, operations.ListKeyPairs))
	register(a, endpoint{
		method: http.MethodGet, path: "/compute/images/", id: "list-images", summary: "List images", tag: "Compute",
	}, list[TenantHeaders](a, operations.ListImages))
}

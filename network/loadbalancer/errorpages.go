package loadbalancer

import (
	"context"
	"iter"
	"net/http"
	"net/url"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/linked"
)

// ErrorPagesService calls the operations on error pages, which the guide calls
// custom responses.
type ErrorPagesService struct{ client *nhncloud.Client }

// ErrorPage is what a listener answers in the place of its own page for an error.
type ErrorPage struct {
	ID          string        `json:"id"`
	TenantID    string        `json:"tenant_id"`
	Code        int           `json:"code"` // status of HTTP that it is for
	ContentType ErrorPageType `json:"content_type"`
	Body        string        `json:"body"`
}

// ErrorPageType is the content type of an error page. It is an open type.
type ErrorPageType string

// The content types of error pages.
const (
	ErrorPageJavaScript ErrorPageType = "application/javascript"
	ErrorPageJSON       ErrorPageType = "application/json"
	ErrorPageCSS        ErrorPageType = "text/css"
	ErrorPageHTML       ErrorPageType = "text/html"
	ErrorPagePlain      ErrorPageType = "text/plain"
)

type errorPagePage struct {
	Items []*ErrorPage  `json:"errorpages"`
	Links []linked.Link `json:"errorpages_links"`
}

const listErrorPages = "loadbalancer-v2-list-errorpages"

func (s *ErrorPagesService) page(ctx context.Context, listenerID string, next url.Values) (*linked.Page[ErrorPage], error) {
	page, err := nhncloud.Fetch[errorPagePage](ctx, s.client, nhncloud.Request{
		Operation: listErrorPages,
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodGet,
		Path:      "/v2.0/lbaas/listeners/{listenerId}/errorpages",
		Args:      []string{listenerID},
		Query:     next,
	})
	return (*linked.Page[ErrorPage])(page), err
}

// List returns one page of the error pages of a listener. Use
// [ErrorPagesService.All] for all of them.
//
// API: GET /v2.0/lbaas/listeners/{listenerId}/errorpages (loadbalancer-v2-list-errorpages; Network-Load-Balancer en/public-api.md)
func (s *ErrorPagesService) List(ctx context.Context, listenerID string) ([]*ErrorPage, error) {
	return linked.Listed(s.page(ctx, listenerID, nil))
}

// All returns an iterator over all error pages of a listener. The guide knows of
// one page; where the service links another, it goes on.
func (s *ErrorPagesService) All(ctx context.Context, listenerID string) iter.Seq2[*ErrorPage, error] {
	return linked.All(listErrorPages, func(next url.Values) (*linked.Page[ErrorPage], error) { return s.page(ctx, listenerID, next) })
}

// Get returns an error page of a listener.
//
// API: GET /v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId} (loadbalancer-v2-get-errorpage; Network-Load-Balancer en/public-api.md)
func (s *ErrorPagesService) Get(ctx context.Context, listenerID, id string) (*ErrorPage, error) {
	return nhncloud.Fetch[ErrorPage](ctx, s.client, nhncloud.Request{
		Operation:   "loadbalancer-v2-get-errorpage",
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodGet,
		Path:        "/v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId}",
		Args:        []string{listenerID, id},
		ResponseKey: "errorpage",
	})
}

// ErrorPageCreateRequest describes an error page to create. All of it is required.
type ErrorPageCreateRequest struct {
	Code        int           `json:"code"` // 400, 403, 408, 500, 502, 503 or 504
	ContentType ErrorPageType `json:"content_type"`
	Body        string        `json:"body"` // up to 1024 characters
}

// Create creates an error page of a listener and returns it. A listener has one
// for a code.
//
// A service that answers 429, or 503 with Retry-After, is asked again, unless
// [nhncloud.ContextWithRetry] with [nhncloud.NoRetry] forbids it. If it acted all
// the same, the second call fails because the code has a page already, and
// [ErrorPagesService.List] shows it.
//
// API: POST /v2.0/lbaas/listeners/{listenerId}/errorpages (loadbalancer-v2-create-errorpage; Network-Load-Balancer en/public-api.md)
func (s *ErrorPagesService) Create(ctx context.Context, listenerID string, request ErrorPageCreateRequest) (*ErrorPage, error) {
	const operation = "loadbalancer-v2-create-errorpage"
	var check nhncloud.ArgumentCheck
	check.RefuseIf(request.Code < 400 || request.Code > 599, "Code", "must be the status of an error of HTTP")
	check.Required("ContentType", string(request.ContentType))
	check.Required("Body", request.Body)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[ErrorPage](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPost,
		Path:        "/v2.0/lbaas/listeners/{listenerId}/errorpages",
		Args:        []string{listenerID},
		Body:        map[string]ErrorPageCreateRequest{"errorpage": request},
		ResponseKey: "errorpage",
	})
}

// ErrorPageUpdateRequest changes an error page. All of it is required.
type ErrorPageUpdateRequest struct {
	ContentType ErrorPageType `json:"content_type"`
	Body        string        `json:"body"` // up to 1024 characters
}

// Update changes an error page of a listener and returns it.
//
// API: PUT /v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId} (loadbalancer-v2-update-errorpage; Network-Load-Balancer en/public-api.md)
func (s *ErrorPagesService) Update(ctx context.Context, listenerID, id string, request ErrorPageUpdateRequest) (*ErrorPage, error) {
	const operation = "loadbalancer-v2-update-errorpage"
	var check nhncloud.ArgumentCheck
	check.Required("ContentType", string(request.ContentType))
	check.Required("Body", request.Body)
	if err := check.Err(operation); err != nil {
		return nil, err
	}
	return nhncloud.Fetch[ErrorPage](ctx, s.client, nhncloud.Request{
		Operation:   operation,
		Service:     nhncloud.ServiceNetwork,
		Method:      http.MethodPut,
		Path:        "/v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId}",
		Args:        []string{listenerID, id},
		Body:        map[string]ErrorPageUpdateRequest{"errorpage": request},
		ResponseKey: "errorpage",
	})
}

// Delete deletes an error page of a listener, which answers its own again.
//
// API: DELETE /v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId} (loadbalancer-v2-delete-errorpage; Network-Load-Balancer en/public-api.md)
func (s *ErrorPagesService) Delete(ctx context.Context, listenerID, id string) error {
	return s.client.Do(ctx, nhncloud.Request{
		Operation: "loadbalancer-v2-delete-errorpage",
		Service:   nhncloud.ServiceNetwork,
		Method:    http.MethodDelete,
		Path:      "/v2.0/lbaas/listeners/{listenerId}/errorpages/{errorpageId}",
		Args:      []string{listenerID, id},
	}, nil)
}

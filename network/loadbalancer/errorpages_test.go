package loadbalancer_test

import (
	"context"
	"testing"

	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

const (
	errorPagesPath = "/listeners/" + listenerID + "/errorpages"
	errorPageID    = "9413aeba-b796-46eb-9ae5-862cc20897e2"
	badGateway     = "<html><body><h1>502 Bad Gateway</h1><p>The server encountered a temporary error and could not complete your request.</p></body></html>"
)

func documentedErrorPage() *loadbalancer.ErrorPage {
	return &loadbalancer.ErrorPage{ID: errorPageID, TenantID: "419a823563124dc5b5627f5e79db8174", Code: 502, ContentType: loadbalancer.ErrorPageHTML, Body: badGateway}
}

func TestErrorPagesGet(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-get-errorpage"
	checkGet(t, operation, errorPagesPath, errorPageID, "errorpageId", documentedErrorPage(),
		func(ctx context.Context, l *loadbalancer.Client, id string) (*loadbalancer.ErrorPage, error) {
			return l.ErrorPages.Get(ctx, listenerID, id)
		})
	refusesIDs(t, operation, "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.ErrorPages.Get(ctx, id, errorPageID)
		return err
	})
}

func TestErrorPagesCreate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-create-errorpage"
	request := loadbalancer.ErrorPageCreateRequest{Code: 502, ContentType: loadbalancer.ErrorPageHTML, Body: badGateway}
	create[*loadbalancer.ErrorPage, loadbalancer.ErrorPageCreateRequest]{
		operation: operation, path: errorPagesPath, key: "errorpage", request: "@", expected: documentedErrorPage(),
		sent: map[string]loadbalancer.ErrorPageCreateRequest{
			`{"code": 599, "content_type": "text/markdown", "body": "점검 중"}`: {Code: 599, ContentType: "text/markdown", Body: "점검 중"}, // as the service may take one day
		},
		refused: map[string]loadbalancer.ErrorPageCreateRequest{
			"Code, ContentType, Body": {}, "Code": {Code: 200, ContentType: loadbalancer.ErrorPagePlain, Body: "fine"},
		},
		call: func(ctx context.Context, l *loadbalancer.Client, request loadbalancer.ErrorPageCreateRequest) (*loadbalancer.ErrorPage, error) {
			return l.ErrorPages.Create(ctx, listenerID, request)
		},
	}.check(t, request)
	refusesIDs(t, operation, "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.ErrorPages.Create(ctx, id, request)
		return err
	})
}

func TestErrorPagesUpdate(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-update-errorpage"
	request := loadbalancer.ErrorPageUpdateRequest{ContentType: loadbalancer.ErrorPageJSON, Body: `{"error": {"code": 502, "message": "Bad Gateway"}}`}
	changed := documentedErrorPage()
	changed.ContentType, changed.Body = request.ContentType, request.Body
	update[*loadbalancer.ErrorPage, loadbalancer.ErrorPageUpdateRequest]{
		operation: operation, path: errorPagesPath, key: "errorpage", id: errorPageID, field: "errorpageId", empty: "ContentType, Body", expected: changed,
		call: func(ctx context.Context, l *loadbalancer.Client, id string, request loadbalancer.ErrorPageUpdateRequest) (*loadbalancer.ErrorPage, error) {
			return l.ErrorPages.Update(ctx, listenerID, id, request)
		},
	}.check(t, request)
	refusesIDs(t, operation, "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		_, err := l.ErrorPages.Update(ctx, id, errorPageID, request)
		return err
	})
}

func TestErrorPagesDelete(t *testing.T) {
	t.Parallel()
	const operation = "loadbalancer-v2-delete-errorpage"
	checkDeletion(t, operation, errorPagesPath, "errorpageId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.ErrorPages.Delete(ctx, listenerID, id)
	})
	refusesIDs(t, operation, "listenerId", func(ctx context.Context, l *loadbalancer.Client, id string) error {
		return l.ErrorPages.Delete(ctx, id, errorPageID)
	})
}

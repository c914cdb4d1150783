package api

import (
	"context"
	"net/http"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/operations"
)

func (a *API) registerToken() {
	register(a, endpoint{
		method: http.MethodPost, path: "/token/", id: "create-token", summary: "Log in", tag: "Token",
	}, func(ctx context.Context, in *struct{ Body operations.TokenRequest }) (*body[operations.TokenAnswer], error) {
		client, err := a.cloud.Login(in.Body.TenantID, in.Body.Username, nhncloud.Secret(in.Body.Password))
		if err != nil {
			return nil, err
		}
		token, err := operations.CreateToken(ctx, client, in.Body.TenantID)
		if err != nil {
			return nil, err
		}
		return &body[operations.TokenAnswer]{token}, nil
	})
}

package proof_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/clients"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/gatewaytest"
	"github.com/nhncloud-go/nhncloud/examples/gateway/internal/tasks/proof"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

func TestProve(t *testing.T) {
	t.Parallel()
	const other = "0123456789abcdef0123456789abcdef"
	w := gatewaytest.New(t, nhncloudtest.WithTenants(other))
	p := proof.New(w.Backend.Client, time.Hour, 10)
	own := clients.Caller{Region: "KR1", TenantID: w.Cloud.TenantID, Token: nhncloud.Secret(w.Token)}
	require.NoError(t, p.Prove(t.Context(), own))
	asked := w.Cloud.Count("compute-v2-list-servers")
	require.NoError(t, p.Prove(t.Context(), own))
	assert.Equal(t, asked, w.Cloud.Count("compute-v2-list-servers"), "it is remembered")

	foreign := own
	foreign.TenantID = other
	for range 2 {
		assert.ErrorIs(t, p.Prove(t.Context(), foreign), proof.ErrForeign)
	}
	made := own
	made.Token = "made-up"
	err := p.Prove(t.Context(), made)
	assert.ErrorIs(t, err, nhncloud.ErrUnauthorized)
	assert.NotErrorIs(t, err, proof.ErrForeign)
	moon := own
	moon.TenantID = "../" + own.TenantID
	assert.Error(t, p.Prove(t.Context(), moon))
	w.Cloud.Inject(nhncloudtest.Fault{Operation: "compute-v2-list-servers", Status: 503, Optional: true})
	down := own
	down.Token = nhncloud.Secret(w.Login(w.Cloud.TenantID))
	err = p.Prove(t.Context(), down)
	assert.ErrorIs(t, err, nhncloud.ErrUnavailable)
	assert.NotErrorIs(t, err, proof.ErrForeign)
}

// What is remembered is limited in time and in number.
func TestForget(t *testing.T) {
	t.Parallel()
	w := gatewaytest.New(t)
	short := proof.New(w.Backend.Client, time.Nanosecond, 10)
	few := proof.New(w.Backend.Client, time.Hour, 2)
	own := clients.Caller{Region: "KR1", TenantID: w.Cloud.TenantID, Token: nhncloud.Secret(w.Token)}
	require.NoError(t, short.Prove(t.Context(), own))
	require.NoError(t, few.Prove(t.Context(), own))
	for range 3 {
		another := own
		another.Token = nhncloud.Secret(w.Login(w.Cloud.TenantID))
		require.NoError(t, few.Prove(t.Context(), another))
	}
	w.Cloud.RevokeTokens()
	assert.ErrorIs(t, short.Prove(t.Context(), own), nhncloud.ErrUnauthorized)
	assert.ErrorIs(t, few.Prove(t.Context(), own), nhncloud.ErrUnauthorized)
	assert.NotContains(t, fmt.Sprintf("%+v", few), w.Token)
}

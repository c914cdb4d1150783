package compute_test

import (
	"fmt"
	"net/url"
	"testing"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestServerPages(t *testing.T) {
	w := cloudtest.New(t)
	ids := w.AddServers(250)
	all := "/compute/v2/" + w.TenantID + "/servers"
	assert.Equal(t, 250, w.CountPages(all, "servers", "servers_links"))
	assert.Equal(t, 3, w.Count("compute-v2-list-servers"))
	assert.Equal(t, 250, w.CountPages(all+"/detail?limit=60&name=server", "servers", "servers_links"))
	assert.Equal(t, 5, w.Count("compute-v2-list-servers-detail"))

	res := w.Compute("GET", "/servers?limit=2", nil)
	assert.Equal(t, []any{ids[249], ids[248]}, []any{cloudtest.At(res.Body, "servers", 0, "id"), cloudtest.At(res.Body, "servers", 1, "id")})
	res = w.Compute("GET", "/servers?limit=2&marker="+ids[1], nil)
	assert.Len(t, res.Body["servers"], 1)
	assert.NotContains(t, res.Body, "servers_links")
	assert.Len(t, w.Compute("GET", "/servers?limit=5000", nil).Body["servers"], 250, "clamped")
	assert.Len(t, w.Compute("GET", "/servers?limit=0", nil).Body["servers"], 100)
	for _, query := range []string{"marker=nope", "limit=x", "limit=-1", "limit=%2B1", "name=(", "changes-since=yesterday"} {
		assert.Equal(t, 400, w.Compute("GET", "/servers?"+query, nil).Status, query)
	}
}

func TestServerFilters(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithPageLimits(2, 3))
	a, b := w.U2("web-1"), w.U2("db-1")
	w.Action(b, 202, object{"os-stop": nil})
	w.Done()
	list := func(query string) []string {
		res := w.Compute("GET", "/servers?"+query, nil)
		require.Equal(t, 200, res.Status, "%s", res.Text)
		ids := []string{}
		for _, s := range res.Body["servers"].([]any) {
			ids = append(ids, cloudtest.At(s, "id").(string))
		}
		return ids
	}
	assert.Equal(t, []string{b, a}, list(""))
	assert.Equal(t, []string{a}, list("name=^web"))
	assert.Equal(t, []string{b}, list("status=SHUTOFF"))
	assert.Equal(t, []string{a}, list("status=active"))
	assert.Empty(t, list("status=NOPE"))
	assert.Equal(t, []string{b, a}, list("image="+w.ImageID("Ubuntu Server 24.04")))
	assert.Empty(t, list("image="+w.ImageID("Rocky")))
	assert.Equal(t, []string{b, a}, list("flavor="+w.FlavorID("u2.c1m1")))
	assert.Empty(t, list("flavor=nope"))
	assert.Equal(t, []string{a}, list("marker="+b+"&status=ACTIVE"), "a marker that the filter leaves out")

	since := url.QueryEscape(w.Now().Format("2006-01-02T15:04:05"))
	assert.Equal(t, []string{b}, list("changes-since="+since))
	w.Compute("DELETE", "/servers/"+a, nil)
	w.Done()
	res := w.Compute("GET", "/servers/detail?changes-since="+url.QueryEscape(w.Now().Format(time.RFC3339)), nil)
	require.Len(t, res.Body["servers"], 1)
	assert.Equal(t, "DELETED", cloudtest.At(res.Body, "servers", 0, "status"))
	assert.Equal(t, "2026-03-01T12:04:00.000000", cloudtest.At(res.Body, "servers", 0, "OS-SRV-USG:terminated_at"))
	assert.Equal(t, []string{b}, list(""))

	w.AddServers(5)
	assert.Len(t, list(""), 2)
	assert.Len(t, list("limit=9"), 3)
}

func TestManyServers(t *testing.T) {
	w := cloudtest.New(t, nhncloudtest.WithPageLimits(1000, 1000))
	ids := w.AddServers(300) // more than the first subnet has addresses
	assert.Len(t, ids, 300)
	assert.Equal(t, "192.168.64.", fmt.Sprint(cloudtest.At(w.GetServer(ids[299]), "addresses", "Default Network", 0, "addr"))[:11])
	for _, id := range ids {
		w.Compute("DELETE", "/servers/"+id, nil)
	}
	w.Done()
	assert.Empty(t, w.Compute("GET", "/servers", nil).Body["servers"])
	assert.Equal(t, "192.168.0.2", cloudtest.At(w.GetServer(w.AddServers(1)[0]), "addresses", "Default Network", 0, "addr"), "addresses are free again")
}

package network_test

import (
	"net/url"
	"testing"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/cloudtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestFilters(t *testing.T) {
	w := newWorld(t)
	for query, want := range map[string]int{
		"networks?shared=true":                           1,
		"networks?shared=1":                              1,
		"networks?tenant_id=" + w.TenantID:               1,
		"networks?project_id=" + w.TenantID:              1,
		"networks?name=public_network&name=x":            1,
		"networks?nope=x":                                0,
		"networks?shared=perhaps":                        0,
		"networks?mtu=0":                                 2,
		"networks?subnets=" + w.SubnetID():               1,
		"subnets?shared=true":                            1,
		"subnets?shared=false":                           2,
		"subnets?network_id=" + w.NetworkID():            2,
		"subnets?cidr=192.168.0.0%2F24&enable_dhcp=true": 1,
		"subnets?subnetpool_id=":                         3,
	} {
		path, _, _ := cut(query)
		assert.Len(t, w.list(query, path), want, query)
	}
	assert.Len(t, w.list("security-group-rules?remote_group_id=&direction=egress", "security_group_rules"), 4)
	assert.Equal(t, object{"id": w.NetworkID()}, w.show("network", "networks/"+w.NetworkID()+"?fields=id"))
	both := w.list("networks?fields=id&fields=name&fields=nope&name=public_network", "networks")
	assert.Equal(t, []any{object{"id": w.external(), "name": "public_network"}}, both)
}

func cut(query string) (path, rest string, ok bool) {
	u, err := url.Parse(query)
	return u.Path, u.RawQuery, err == nil
}

func TestSorting(t *testing.T) {
	w := newWorld(t)
	cidrs := func(query string) []any {
		var out []any
		for _, o := range w.list("subnets?fields=cidr&"+query, "subnets") {
			out = append(out, o.(object)["cidr"])
		}
		return out
	}
	up := []any{"100.127.64.0/24", "192.168.0.0/24", "192.168.64.0/18"}
	assert.Equal(t, up, cidrs("sort_key=cidr&sort_dir=asc"))
	assert.Equal(t, up, cidrs("sort_key=cidr"))
	assert.Equal(t, []any{up[2], up[1], up[0]}, cidrs("sort_key=cidr&sort_dir=desc"))
	assert.Equal(t, []any{up[2], up[1], up[0]}, cidrs("sort_key=network_id&sort_dir=asc&sort_key=cidr&sort_dir=desc&network_id=" +
		w.NetworkID() + "&network_id=" + w.external())[:3], "the networks happen to sort this way round")
	assert.Len(t, w.list("subnets?sort_key=subnetpool_id", "subnets"), 3)
	counts := w.list("vpcsubnets?sort_key=available_ip_count&sort_dir=desc", "vpcsubnets")
	assert.EqualValues(t, 16381, cloudtest.At(counts, 0, "available_ip_count"))

	w.refused(400, "HTTPBadRequest", "number of sort_keys", "GET", "subnets?sort_dir=asc", nil)
	w.refused(400, "HTTPBadRequest", "valid value is 'asc' and 'desc'", "GET", "subnets?sort_key=cidr&sort_dir=up", nil)
	w.refused(400, "HTTPBadRequest", "['allocation_pools'] is invalid attribute for sort_keys", "GET", "subnets?sort_key=allocation_pools", nil)
}

func TestPages(t *testing.T) {
	w := newWorld(t)
	vpc := w.vpc("v", "10.0.0.0/8")
	var all []string
	for _, cidr := range []string{"10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16"} {
		all = append(all, w.subnet(vpc, cidr))
	}
	base := "subnets?fields=id&network_id=" + vpc
	page := func(query string) ([]string, map[string]string) {
		t.Helper()
		body := w.get(base + query)
		links := map[string]string{}
		around, _ := body["subnets_links"].([]any)
		for _, l := range around {
			u, err := url.Parse(cloudtest.At(l, "href").(string))
			require.NoError(t, err)
			assert.Equal(t, "/network/v2.0/subnets", u.Path)
			q := u.Query()
			for _, kept := range []string{"limit", "network_id", "fields"} {
				assert.True(t, q.Has(kept), "%s is kept", kept)
				q.Del(kept)
			}
			links[cloudtest.At(l, "rel").(string)] = q.Encode()
		}
		return ids(body["subnets"].([]any)), links
	}
	for query, want := range map[string]struct {
		page  []string
		links map[string]string
	}{
		"":         {all, map[string]string{}},
		"&limit=0": {all, map[string]string{}},
		"&limit=2": {all[:2], map[string]string{"next": "marker=" + all[1], "previous": "marker=" + all[0] + "&page_reverse=True"}},
		"&limit=2&marker=" + all[1]: {
			all[2:4], map[string]string{"next": "marker=" + all[3], "previous": "marker=" + all[2] + "&page_reverse=True"},
		},
		"&limit=2&marker=" + all[3]: {all[4:], map[string]string{"previous": "marker=" + all[4] + "&page_reverse=True"}},
		"&limit=2&marker=" + all[4]: {nil, map[string]string{"previous": "page_reverse=True"}},
		"&limit=2&page_reverse=True&marker=" + all[3]: {
			all[1:3], map[string]string{"next": "marker=" + all[2], "previous": "marker=" + all[1] + "&page_reverse=True"},
		},
		"&limit=2&page_reverse=True":                  {all[3:], map[string]string{"next": "marker=" + all[4], "previous": "marker=" + all[3] + "&page_reverse=True"}},
		"&limit=2&page_reverse=true&marker=" + all[1]: {all[:1], map[string]string{"next": "marker=" + all[0]}},
	} {
		got, links := page(query)
		assert.Equal(t, want.page, got, query)
		assert.Equal(t, want.links, links, query)
	}
	assert.Equal(t, 5, w.CountPages("/network/v2.0/subnets?limit=2&network_id="+vpc, "subnets", "subnets_links"))
	for _, query := range []string{"limit=x", "limit=-1", "limit=1&marker=nope"} {
		w.refused(400, "BadRequest", "Bad ", "GET", "subnets?"+query, nil)
	}
}

package endpoint_test

import (
	"encoding/csv"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/endpoint"
)

type row struct{ environment, region, service, url string }

var environments = []string{"public", "gov", "ngsc", "ninc", "ngovc", "ngoic", "ncgn"}

// documented reads the endpoints of the official guides, as far as they belong
// to the environments of the table.
func documented(t *testing.T) []row {
	t.Helper()
	file, err := os.Open(filepath.Join("testdata", "endpoints.csv"))
	require.NoError(t, err)
	defer file.Close()
	records, err := csv.NewReader(file).ReadAll()
	require.NoError(t, err)
	require.Equal(t, []string{"environment", "region", "service_type", "url"}, records[0])
	var rows []row
	for _, r := range records[1:] {
		switch {
		case !slices.Contains(environments, r[0]):
			// Retired hosts, one installation without accounts of its own, and
			// the gateway.
		case r[2] == "s3":
			// S3 calls are for S3 clients.
		case r[3] == "https://api-compute.nhncloudservice.com/compute":
			// One English page alone spells the host of the v1.0 API so.
		default:
			rows = append(rows, row{r[0], r[1], r[2], strings.TrimSuffix(r[3], "/v1/AUTH_{tenantId}")})
		}
	}
	return rows
}

// Every documented endpoint is in the table.
func TestDocumentedEndpoints(t *testing.T) {
	t.Parallel()
	rows := documented(t)
	require.Equal(t, 97, len(rows))
	for _, r := range rows {
		var got string
		var ok bool
		switch r.service {
		case "identity":
			assert.Equal(t, "all", r.region)
			got, ok = endpoint.Identity(r.environment)
		case "appkey-v1.0":
			assert.Equal(t, "all", r.region)
			got, ok = endpoint.AppKey(r.environment)
		default:
			got, ok = endpoint.Lookup(r.environment, r.region, r.service)
			assert.Contains(t, endpoint.ServiceRegions(r.environment, r.service), r.region, "%v", r)
			assert.Contains(t, endpoint.Regions(r.environment), r.region, "%v", r)
			lower, _ := endpoint.Lookup(r.environment, strings.ToLower(r.region), r.service)
			assert.Equal(t, got, lower)
		}
		assert.True(t, ok, "%v", r)
		assert.Equal(t, r.url, got, "%v", r)
	}
}

// Every endpoint in the table is documented.
func TestEndpointsAreDocumented(t *testing.T) {
	t.Parallel()
	known := map[row]bool{}
	services := map[string]bool{}
	for _, r := range documented(t) {
		r.service = endpoint.Canonical(r.service)
		known[r] = true
		services[r.service] = true
	}
	for _, env := range environments {
		assert.True(t, endpoint.Known(env))
		identity, ok := endpoint.Identity(env)
		assert.True(t, ok)
		assert.True(t, known[row{env, "all", "identity", identity}], env)
		if appkey, ok := endpoint.AppKey(env); ok {
			assert.True(t, known[row{env, "all", "appkey-v1.0", appkey}], env)
		}
		regions := endpoint.Regions(env)
		assert.True(t, slices.IsSorted(regions))
		for service := range services {
			in := endpoint.ServiceRegions(env, service)
			assert.True(t, slices.IsSorted(in), "%s %s", env, service)
			for _, region := range regions {
				url, ok := endpoint.Lookup(env, region, service)
				assert.Equal(t, slices.Contains(in, region), ok, "%s %s %s", env, region, service)
				assert.Equal(t, ok, known[row{env, region, service, url}], "%s %s %s %s", env, region, service, url)
			}
		}
	}
}

func TestUnknownEndpoints(t *testing.T) {
	t.Parallel()
	for _, r := range []row{
		{"public", "KR4", "compute", ""}, {"public", "US1", "compute", ""}, {"public", "JP1", "kubernetes", ""}, {"public", "", "compute", ""},
		{"public", "KR1", "", ""}, {"public", "KR1", "database", ""}, {"public", "KR1", "orchestration", ""}, {"public", "KR1", "s3", ""},
		{"", "KR1", "compute", ""}, {"Public", "KR1", "compute", ""}, {"public-legacy", "KR1", "compute", ""}, {"ngcc", "KR4", "object-store", ""},
		{"ncgn", "KR1", "kubernetes", ""}, {"gov", "KR3", "compute", ""},
	} {
		url, ok := endpoint.Lookup(r.environment, r.region, r.service)
		assert.False(t, ok, "%v", r)
		assert.Empty(t, url, "%v", r)
	}
	for _, env := range []string{"", "Public", "ngcc", "gov-legacy", "gateway"} {
		assert.False(t, endpoint.Known(env))
		assert.Empty(t, endpoint.Regions(env))
		assert.Empty(t, endpoint.ServiceRegions(env, "compute"))
		_, ok := endpoint.Identity(env)
		assert.False(t, ok)
		_, ok = endpoint.AppKey(env)
		assert.False(t, ok)
	}
	_, ok := endpoint.AppKey("gov")
	assert.False(t, ok, "public alone has the v1.0 API")
}

func TestRegions(t *testing.T) {
	t.Parallel()
	for env, want := range map[string][]string{
		"public": {"JP1", "KR1", "KR2", "KR3", "US1"},
		"gov":    {"KR1", "KR2"},
		"ngsc":   {"KR4"},
		"ninc":   {"KR4"},
		"ngovc":  {"KR4"},
		"ngoic":  {"KR4"},
		"ncgn":   {"KR1"},
		"moon":   nil,
	} {
		assert.Equal(t, want, endpoint.Regions(env), env)
	}
	assert.Equal(t, []string{"KR1", "KR2", "KR3"}, endpoint.ServiceRegions("public", "container-infra"))
	assert.Equal(t, []string{"JP1", "KR1", "KR2", "KR3", "US1"}, endpoint.ServiceRegions("public", "network"))
}

func TestCanonical(t *testing.T) {
	t.Parallel()
	for given, want := range map[string]string{
		"container-infra": "kubernetes", "kubernetes": "kubernetes", "volume": "volumev2", "volumev2": "volumev2",
		"nas": "nasv1", "nasv1": "nasv1", "compute": "compute", "": "", "volumev3": "volumev3", "Compute": "Compute",
	} {
		assert.Equal(t, want, endpoint.Canonical(given))
		assert.Equal(t, want, endpoint.Canonical(want), "an alias leads to no alias")
	}
}

func TestEnvironmentOf(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]string{
		"api-identity-infrastructure.nhncloudservice.com":     "public",
		"API-Identity-Infrastructure.NHNCloudService.com":     "public",
		"api-identity-infrastructure.gov-nhncloudservice.com": "gov",
		"api-identity-infrastructure.ngsc.go.kr":              "ngsc",
		"api-identity-infrastructure.ninc.go.kr":              "ninc",
		"api-identity-infrastructure.ngovc.com":               "ngovc",
		"api-identity-infrastructure.ngoic.com":               "ngoic",
		"api-identity-infrastructure.gncloud.go.kr":           "ncgn",
		"":                     "",
		"nhncloudservice.com":  "",
		".nhncloudservice.com": "",
		"evil-api-identity-infrastructure.nhncloudservice.com":     "",
		"api-identity-infrastructure.nhncloudservice.com.evil.com": "",
		"api-identity-infrastructure.nhncloudservice.com:443":      "",
		"api-identity-infrastructure.nhncloudservice.com.":         "",
		"kr1-api-instance-infrastructure.nhncloudservice.com":      "",
		"api-identity.infrastructure.cloud.toast.com":              "",
		"127.0.0.1": "",
	} {
		got, ok := endpoint.EnvironmentOf(host)
		assert.Equal(t, want, got, host)
		assert.Equal(t, want != "", ok, host)
	}
}

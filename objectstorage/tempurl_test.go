package objectstorage_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// The signatures of the examples of OpenStack Swift are from its documentation
// of temporary URLs. The others were made with
//
//	printf 'METHOD\nEXPIRES\nPATH' | openssl dgst -sha256 -hmac mykey
func TestSignTempURL(t *testing.T) {
	t.Parallel()
	const (
		url     = "https://swift-cluster.example.com/v1/AUTH_account"
		expires = 1512508563
	)
	for name, test := range map[string]struct {
		storageURL string
		expires    int64
		options    objectstorage.TempURLOptions
		want       string
	}{
		"example of Swift": {url, expires, objectstorage.TempURLOptions{Container: "container", Name: "object"},
			url + "/container/object?temp_url_expires=1512508563&temp_url_sig=732fcac368abb10c78a4cbe95c3fab7f311584532bf779abd5074e13cbe8b88b"},
		"example of Swift with SHA-512": {url, 1516741234, objectstorage.TempURLOptions{Container: "container", Name: "object", Hash: objectstorage.TempURLSHA512},
			url + "/container/object?temp_url_expires=1516741234&temp_url_sig=sha512%3AZrSijn0GyDhsv1ltIj9hWUTrbAeE45NcKXyBaz7aPbSMvROQ4jtYH4nRAmm5ErY2X11Yc1Yhy2OMCyN3yueeXg%3D%3D"},
		"example of Swift with an address": {url, 1648082711, objectstorage.TempURLOptions{Container: "container", Name: "object", IPRange: netip.MustParsePrefix("1.2.3.4/32")},
			url + "/container/object?temp_url_expires=1648082711&temp_url_ip_range=1.2.3.4&temp_url_sig=3f48476acaf5ec272acd8e99f7b5bad96c52ddba53ed27c60613711774a06f0c"},
		"example of Swift with addresses": {url, 1648082711, objectstorage.TempURLOptions{Container: "container", Name: "object", IPRange: netip.MustParsePrefix("1.2.3.0/24")},
			url + "/container/object?temp_url_expires=1648082711&temp_url_ip_range=1.2.3.0%2F24&temp_url_sig=6ff81256b8a3ba11d239da51a703b9c06a56ffddeb8caab74ca83af8f73c9c83"},
		"network by one of its addresses": {url, 1648082711, objectstorage.TempURLOptions{Container: "container", Name: "object", IPRange: netip.MustParsePrefix("1.2.3.99/24")},
			url + "/container/object?temp_url_expires=1648082711&temp_url_ip_range=1.2.3.0%2F24&temp_url_sig=6ff81256b8a3ba11d239da51a703b9c06a56ffddeb8caab74ca83af8f73c9c83"},
		"slash at the end": {url + "/", expires, objectstorage.TempURLOptions{Method: http.MethodGet, Container: "container", Name: "object", Hash: objectstorage.TempURLSHA256},
			url + "/container/object?temp_url_expires=1512508563&temp_url_sig=732fcac368abb10c78a4cbe95c3fab7f311584532bf779abd5074e13cbe8b88b"},
		"behind a path": {"http://127.0.0.1:8080/object-store/v1/AUTH_account", expires, objectstorage.TempURLOptions{Container: "container", Name: "object"},
			"http://127.0.0.1:8080/object-store/v1/AUTH_account/container/object?temp_url_expires=1512508563&temp_url_sig=732fcac368abb10c78a4cbe95c3fab7f311584532bf779abd5074e13cbe8b88b"},
		"escaped, with SHA-1": {url, expires, objectstorage.TempURLOptions{Method: http.MethodPut, Container: "container", Name: "dir/한 글?.txt", Hash: objectstorage.TempURLSHA1},
			url + "/container/dir/%ED%95%9C%20%EA%B8%80%3F.txt?temp_url_expires=1512508563&temp_url_sig=7d0b6fa9da05ebe66583a4e1fe4ac384e350cc87"},
		"prefix": {url, expires, objectstorage.TempURLOptions{Container: "container", Prefix: new("pre")},
			url + "/container/pre?temp_url_expires=1512508563&temp_url_prefix=pre&temp_url_sig=32f398a48a1a8ca6f2711efcca444100723360239733c6e7b31d868f62f66b47"},
		"prefix of an object": {url, expires, objectstorage.TempURLOptions{Container: "container", Name: "pre/object", Prefix: new("pre")},
			url + "/container/pre/object?temp_url_expires=1512508563&temp_url_prefix=pre&temp_url_sig=32f398a48a1a8ca6f2711efcca444100723360239733c6e7b31d868f62f66b47"},
		"whole container": {url, expires, objectstorage.TempURLOptions{Container: "container", Prefix: new("")},
			url + "/container/?temp_url_expires=1512508563&temp_url_prefix=&temp_url_sig=90f89001b5345706e6d4af1355542d2cd2e3f987b08183e07ffed23dae19e34c"},
		"file name": {url, expires, objectstorage.TempURLOptions{Container: "container", Name: "object", Filename: "My Test & File.pdf", Inline: true},
			url + "/container/object?filename=My+Test+%26+File.pdf&inline=&temp_url_expires=1512508563&temp_url_sig=732fcac368abb10c78a4cbe95c3fab7f311584532bf779abd5074e13cbe8b88b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test.options.Expires = time.Unix(test.expires, 999)
			signed, err := objectstorage.SignTempURL(test.storageURL, "mykey", test.options)
			require.NoError(t, err)
			assert.Equal(t, test.want, signed)
		})
	}
}

func TestSignTempURLLifetime(t *testing.T) {
	t.Parallel()
	before := time.Now()
	signed, err := objectstorage.SignTempURL(storageURL, "key", objectstorage.TempURLOptions{Container: "photos", Name: "a.jpg", Lifetime: time.Hour})
	require.NoError(t, err)
	u, err := url.Parse(signed)
	require.NoError(t, err)
	expires, err := strconv.ParseInt(u.Query().Get("temp_url_expires"), 10, 64)
	require.NoError(t, err)
	assert.GreaterOrEqual(t, expires, before.Add(time.Hour).Unix())
	assert.LessOrEqual(t, expires, time.Now().Add(time.Hour).Unix())
	again, err := objectstorage.SignTempURL(storageURL, "key", objectstorage.TempURLOptions{Container: "photos", Name: "a.jpg", Expires: time.Unix(expires, 0)})
	require.NoError(t, err)
	assert.Equal(t, signed, again)
}

func TestSignTempURLRefused(t *testing.T) {
	t.Parallel()
	valid := objectstorage.TempURLOptions{Container: "photos", Name: "a.jpg", Expires: time.Unix(1512508563, 0)}
	changed := func(change func(*objectstorage.TempURLOptions)) objectstorage.TempURLOptions {
		options := valid
		change(&options)
		return options
	}
	for name, test := range map[string]struct {
		field   string
		url     string
		key     nhncloud.Secret
		options objectstorage.TempURLOptions
	}{
		"no URL":               {"storageURL", "", "key", valid},
		"broken URL":           {"storageURL", "https://%zz/v1/AUTH_x", "key", valid},
		"no host":              {"storageURL", "https:///v1/AUTH_x", "key", valid},
		"another scheme":       {"storageURL", "ftp://host/v1/AUTH_x", "key", valid},
		"user":                 {"storageURL", "https://user@host/v1/AUTH_x", "key", valid},
		"query":                {"storageURL", "https://host/v1/AUTH_x?a", "key", valid},
		"fragment":             {"storageURL", "https://host/v1/AUTH_x#a", "key", valid},
		"no account":           {"storageURL", "https://host/v1/", "key", valid},
		"empty account":        {"storageURL", "https://host/v1//", "key", valid},
		"another version":      {"storageURL", "https://host/v2/AUTH_x", "key", valid},
		"container in the URL": {"storageURL", "https://host/v1/AUTH_x/photos", "key", valid},
		"no key":               {"key", storageURL, "", valid},
		"method in small":      {"Method", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Method = "get" })},
		"method of two lines":  {"Method", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Method = "GET\n1" })},
		"unknown hash":         {"Hash", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Hash = "md5" })},
		"no end":               {"Expires", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Expires = time.Time{} })},
		"two ends":             {"Expires", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Lifetime = 1 })},
		"end before 1970":      {"Expires", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Expires = time.Unix(0, 0) })},
		"negative lifetime": {"Lifetime", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) {
			o.Expires, o.Lifetime = time.Time{}, -time.Second
		})},
		"no container":         {"Container", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Container = "" })},
		"container of two":     {"Container", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Container = "a/b" })},
		"container dots":       {"Container", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Container = ".." })},
		"no name":              {"Name", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Name = "" })},
		"name with dots":       {"Name", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Name = "a/../b" })},
		"prefix with dots":     {"Name", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Name, o.Prefix = "", new("./") })},
		"name not UTF-8":       {"Name", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Name = "\xff" })},
		"name without prefix":  {"Name", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Prefix = new("b") })},
		"prefix, no container": {"Container", storageURL, "key", changed(func(o *objectstorage.TempURLOptions) { o.Container, o.Prefix = "", new("a") })},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			signed, err := objectstorage.SignTempURL(test.url, test.key, test.options)
			assert.Empty(t, signed)
			require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
			var e *nhncloud.Error
			require.ErrorAs(t, err, &e)
			assert.Equal(t, test.field, e.Field)
			assert.NotEmpty(t, e.Message)
		})
	}
}

// A key that was taken for the storage URL, or the other way round, is not told.
func TestSignTempURLKeepsItsArguments(t *testing.T) {
	t.Parallel()
	_, err := objectstorage.SignTempURL("hunter2", storageURL, objectstorage.TempURLOptions{})
	require.Error(t, err)
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", err, err, err), "hunter2")
}

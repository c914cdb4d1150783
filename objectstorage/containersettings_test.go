package objectstorage_test

import (
	"context"
	"net/http"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

func wantPost(operation string) apitest.Want {
	return apitest.Want{Operation: operation, Method: http.MethodPost, URL: containerURL}
}

// recorded returns a mock and what its last request set: the header fields that
// no other request has, sent empty ones included.
func recorded(t *testing.T) (*apitest.Mock, *map[string]string) {
	t.Helper()
	sent := new(map[string]string)
	m := apitest.New(t, nhncloud.WithMiddleware(func(next http.RoundTripper) http.RoundTripper {
		return nhncloud.RoundTripperFunc(func(r *http.Request) (*http.Response, error) {
			*sent = map[string]string{}
			for name, values := range r.Header {
				if strings.HasPrefix(name, "X-") && name != "X-Auth-Token" {
					(*sent)[name] = strings.Join(values, "|")
				}
			}
			return next.RoundTrip(r)
		})
	}))
	return m, sent
}

// call changes the container "photos".
type call func(ctx context.Context, containers *objectstorage.ContainersService, name string) error

// setters are the calls that set one thing, with what they send.
var setters = map[string]struct {
	operation string
	call      call
	sent      map[string]string
}{
	"ACL": {"objectstorage-set-container-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetACL(ctx, name, objectstorage.ACL{
			Read:  []objectstorage.ACLElement{objectstorage.ACLAnyone},
			Write: []objectstorage.ACLElement{objectstorage.ACLAllUsers},
		})
	}, map[string]string{"X-Container-Read": ".r:*", "X-Container-Write": "*:*", "X-Container-View": ""}},
	"ACL of elements": {"objectstorage-set-container-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetACL(ctx, name, objectstorage.ACL{
			Read: []objectstorage.ACLElement{
				objectstorage.ACLReferrer("foo.com"), objectstorage.ACLReferrer(".foo.com"), objectstorage.ACLNotReferrer("bar.foo.com"), objectstorage.ACLListings,
			},
			View: []objectstorage.ACLElement{objectstorage.ACLUser("tenant", "user"), objectstorage.ACLUser("*", "user")},
		})
	}, map[string]string{"X-Container-Read": ".r:foo.com,.r:.foo.com,.r:-bar.foo.com,.rlistings", "X-Container-Write": "", "X-Container-View": "tenant:user,*:user"}},
	"private": {"objectstorage-set-container-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetACL(ctx, name, objectstorage.ACL{})
	}, map[string]string{"X-Container-Read": "", "X-Container-Write": "", "X-Container-View": ""}},
	"IPs allowed": {"objectstorage-set-container-ip-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetIPACL(ctx, name, objectstorage.IPACL{Allowed: []objectstorage.IPRule{
			{Access: objectstorage.IPRead, Network: netip.MustParsePrefix("192.168.0.1/32")},
			{Access: objectstorage.IPWrite, Network: netip.MustParsePrefix("192.168.0.2/32")},
			{Access: objectstorage.IPAll, Network: netip.MustParsePrefix("172.16.0.0/24")},
		}})
	}, map[string]string{"X-Container-Ip-Acl-Allowed-List": "r192.168.0.1,w192.168.0.2,a172.16.0.0/24", "X-Container-Ip-Acl-Denied-List": ""}},
	"IPs denied": {"objectstorage-set-container-ip-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetIPACL(ctx, name, objectstorage.IPACL{Denied: []objectstorage.IPRule{
			{Access: objectstorage.IPAll, Network: netip.MustParsePrefix("0.0.0.0/0")},
		}})
	}, map[string]string{"X-Container-Ip-Acl-Allowed-List": "", "X-Container-Ip-Acl-Denied-List": "a0.0.0.0/0"}},
	"service gateway": {"objectstorage-set-container-service-gateway-acl", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetServiceGatewayACL(ctx, name, objectstorage.ServiceGatewayReadWrite)
	}, map[string]string{"X-Container-Ip-Acl-Service-Gateway-Control": "rw"}},
	"lifecycle": {"objectstorage-set-container-lifecycle", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetLifecycle(ctx, name, objectstorage.Lifecycle{Days: 3})
	}, map[string]string{"X-Container-Object-Lifecycle": "3", "X-Container-Object-Transfer-To": ""}},
	"transfer": {"objectstorage-set-container-lifecycle", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetLifecycle(ctx, name, objectstorage.Lifecycle{Days: 30, TransferTo: "attic"})
	}, map[string]string{"X-Container-Object-Lifecycle": "30", "X-Container-Object-Transfer-To": "attic"}},
	"no lifecycle": {"objectstorage-set-container-lifecycle", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetLifecycle(ctx, name, objectstorage.Lifecycle{})
	}, map[string]string{"X-Container-Object-Lifecycle": "", "X-Container-Object-Transfer-To": ""}},
	"versioning": {"objectstorage-set-container-versioning", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetVersioning(ctx, name, objectstorage.Versioning{Archive: "보관 %", RetentionDays: 7})
	}, map[string]string{"X-History-Location": "%EB%B3%B4%EA%B4%80%20%25", "X-Versions-Retention": "7"}},
	"versions for ever": {"objectstorage-set-container-versioning", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetVersioning(ctx, name, objectstorage.Versioning{Archive: "archive-1"})
	}, map[string]string{"X-History-Location": "archive-1", "X-Versions-Retention": ""}},
	"website": {"objectstorage-set-container-static-website", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetStaticWebsite(ctx, name, objectstorage.StaticWebsite{Index: "index.html", Error: "error.html"})
	}, map[string]string{"X-Container-Meta-Web-Index": "index.html", "X-Container-Meta-Web-Error": "error.html"}},
	"CORS": {"objectstorage-set-container-cors", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetCORS(ctx, name, objectstorage.CORS{Origins: []string{"https://example.com"}})
	}, map[string]string{"X-Container-Meta-Access-Control-Allow-Origin": "https://example.com"}},
	"CORS of several": {"objectstorage-set-container-cors", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetCORS(ctx, name, objectstorage.CORS{Origins: []string{"https://example.com", "https://example.org"}})
	}, map[string]string{"X-Container-Meta-Access-Control-Allow-Origin": "https://example.com https://example.org"}},
	"ETags in quotes": {"objectstorage-set-container-rfc-etag", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetRFCETags(ctx, name, true)
	}, map[string]string{"X-Container-Rfc-Compliant-Etags": "true"}},
	"ETags without": {"objectstorage-set-container-rfc-etag", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetRFCETags(ctx, name, false)
	}, map[string]string{"X-Container-Rfc-Compliant-Etags": "false"}},
	"object lock": {"objectstorage-set-container-object-lock", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetObjectLock(ctx, name, 30)
	}, map[string]string{"X-Container-Worm-Retention-Day": "30"}},
	"uploads allowed": {"objectstorage-set-container-upload-policy", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetUploadPolicy(ctx, name, objectstorage.UploadPolicy{AllowExtensions: []string{"exe", "jpg"}, AllowKeywords: []string{"a,b", "예"}})
	}, map[string]string{
		"X-Container-Object-Allow-Extension-Policy": "exe,jpg", "X-Container-Object-Allow-Keyword-Policy": "a%2Cb,%EC%98%88",
		"X-Container-Object-Deny-Extension-Policy": "", "X-Container-Object-Deny-Keyword-Policy": "",
	}},
	"uploads denied": {"objectstorage-set-container-upload-policy", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetUploadPolicy(ctx, name, objectstorage.UploadPolicy{DenyExtensions: []string{"exe"}, DenyKeywords: []string{"example"}})
	}, map[string]string{
		"X-Container-Object-Allow-Extension-Policy": "", "X-Container-Object-Allow-Keyword-Policy": "",
		"X-Container-Object-Deny-Extension-Policy": "exe", "X-Container-Object-Deny-Keyword-Policy": "example",
	}},
	"key of temporary URLs": {"objectstorage-set-container-temp-url-key", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetTempURLKey(ctx, name, "398dded8-b1be")
	}, map[string]string{"X-Container-Meta-Temp-Url-Key": "398dded8-b1be"}},
	"no key": {"objectstorage-set-container-temp-url-key", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.SetTempURLKey(ctx, name, "")
	}, map[string]string{"X-Container-Meta-Temp-Url-Key": ""}},
	"unset": {"objectstorage-unset-container-setting", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.Unset(ctx, name, objectstorage.SettingLifecycle)
	}, map[string]string{"X-Container-Object-Lifecycle": ""}},
	"unset all": {"objectstorage-unset-container-setting", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.Unset(ctx, name,
			objectstorage.SettingRead, objectstorage.SettingWrite, objectstorage.SettingView, objectstorage.SettingIPAllowed, objectstorage.SettingIPDenied,
			objectstorage.SettingServiceGateway, objectstorage.SettingLifecycle, objectstorage.SettingTransferTo, objectstorage.SettingHistoryLocation,
			objectstorage.SettingVersionsRetention, objectstorage.SettingWebIndex, objectstorage.SettingWebError, objectstorage.SettingCORS,
			objectstorage.SettingRFCETags, objectstorage.SettingDenyExtensions, objectstorage.SettingDenyKeywords, objectstorage.SettingAllowExtensions,
			objectstorage.SettingAllowKeywords, objectstorage.SettingTempURLKey)
	}, map[string]string{
		"X-Container-Read": "", "X-Container-Write": "", "X-Container-View": "", "X-Container-Ip-Acl-Allowed-List": "", "X-Container-Ip-Acl-Denied-List": "",
		"X-Container-Ip-Acl-Service-Gateway-Control": "", "X-Container-Object-Lifecycle": "", "X-Container-Object-Transfer-To": "", "X-History-Location": "",
		"X-Versions-Retention": "", "X-Container-Meta-Web-Index": "", "X-Container-Meta-Web-Error": "", "X-Container-Meta-Access-Control-Allow-Origin": "",
		"X-Container-Rfc-Compliant-Etags": "", "X-Container-Object-Deny-Extension-Policy": "", "X-Container-Object-Deny-Keyword-Policy": "",
		"X-Container-Object-Allow-Extension-Policy": "", "X-Container-Object-Allow-Keyword-Policy": "", "X-Container-Meta-Temp-Url-Key": "",
	}},
	"nothing beside metadata": {"objectstorage-post-container", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.Update(ctx, name, objectstorage.ContainerSettings{Metadata: map[string]string{"Color": "푸른", "Gone": ""}})
	}, map[string]string{"X-Container-Meta-Color": "푸른", "X-Container-Meta-Gone": ""}},
	"all at once": {"objectstorage-post-container", func(ctx context.Context, containers *objectstorage.ContainersService, name string) error {
		return containers.Update(ctx, name, objectstorage.ContainerSettings{
			ACL:            &objectstorage.ACL{Read: []objectstorage.ACLElement{objectstorage.ACLAnyone, objectstorage.ACLListings}},
			IPACL:          &objectstorage.IPACL{},
			ServiceGateway: new(objectstorage.ServiceGatewayDeny),
			Lifecycle:      &objectstorage.Lifecycle{Days: 3},
			Versioning:     &objectstorage.Versioning{},
			Website:        &objectstorage.StaticWebsite{Index: "index.html"},
			CORS:           &objectstorage.CORS{},
			RFCETags:       new(true),
			ObjectLockDays: 1,
			UploadPolicy:   &objectstorage.UploadPolicy{DenyExtensions: []string{"exe"}},
			TempURLKey:     new(nhncloud.Secret("key")),
			Metadata:       map[string]string{"a": "b"},
		})
	}, map[string]string{
		"X-Container-Read": ".r:*,.rlistings", "X-Container-Write": "", "X-Container-View": "",
		"X-Container-Ip-Acl-Allowed-List": "", "X-Container-Ip-Acl-Denied-List": "", "X-Container-Ip-Acl-Service-Gateway-Control": "deny",
		"X-Container-Object-Lifecycle": "3", "X-Container-Object-Transfer-To": "", "X-History-Location": "", "X-Versions-Retention": "",
		"X-Container-Meta-Web-Index": "index.html", "X-Container-Meta-Web-Error": "", "X-Container-Meta-Access-Control-Allow-Origin": "",
		"X-Container-Rfc-Compliant-Etags": "true", "X-Container-Worm-Retention-Day": "1", "X-Container-Meta-Temp-Url-Key": "key", "X-Container-Meta-A": "b",
		"X-Container-Object-Deny-Extension-Policy": "exe", "X-Container-Object-Deny-Keyword-Policy": "",
		"X-Container-Object-Allow-Extension-Policy": "", "X-Container-Object-Allow-Keyword-Policy": "",
	}},
}

func TestContainerSettings(t *testing.T) {
	t.Parallel()
	for name, test := range setters {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, sent := recorded(t)
			m.Expect(wantPost(test.operation), apitest.Reply{Status: http.StatusNoContent})
			require.NoError(t, test.call(t.Context(), objectstorage.New(m.Client).Containers, "photos"))
			assert.Equal(t, test.sent, *sent)
		})
	}
}

func TestContainerSettingsFailures(t *testing.T) {
	t.Parallel()
	tested := map[string]bool{}
	for name, test := range setters {
		if tested[test.operation] {
			continue
		}
		tested[test.operation] = true
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			set := func(ctx context.Context, client *nhncloud.Client, name string) error {
				return test.call(ctx, objectstorage.New(client).Containers, name)
			}
			want, reply := wantPost(test.operation), apitest.Reply{Status: http.StatusNoContent}
			apitest.CheckEmpty(t, want, reply, func(ctx context.Context, client *nhncloud.Client) error {
				return set(ctx, client, "photos")
			})
			checkContainerName(t, want, reply, set)
			t.Run("repeated", func(t *testing.T) {
				t.Parallel()
				m := apitest.New(t, nhncloud.WithRetry(nhncloud.RetryPolicy{BaseDelay: 1}))
				m.Expect(want, apitest.Reply{Status: http.StatusBadGateway})
				m.Expect(want, reply)
				assert.NoError(t, set(t.Context(), m.Client, "photos"))
			})
		})
	}
	assert.Len(t, tested, 13)
}

func TestContainerSettingsRefused(t *testing.T) {
	t.Parallel()
	acl := func(elements ...objectstorage.ACLElement) objectstorage.ContainerSettings {
		return objectstorage.ContainerSettings{ACL: &objectstorage.ACL{View: elements}}
	}
	uploads := func(policy objectstorage.UploadPolicy) objectstorage.ContainerSettings {
		return objectstorage.ContainerSettings{UploadPolicy: &policy}
	}
	for name, test := range map[string]struct {
		field    string
		settings objectstorage.ContainerSettings
	}{
		"nothing":                 {"settings", objectstorage.ContainerSettings{}},
		"empty element":           {"ACL", acl(objectstorage.ACLAnyone, " ")},
		"element with a comma":    {"ACL", acl("a:b,*:*")},
		"element without tenant":  {"ACL", acl(objectstorage.ACLUser("", "user"))},
		"element without user":    {"ACL", acl(objectstorage.ACLUser("tenant", ""))},
		"element without host":    {"ACL", acl(objectstorage.ACLReferrer(""))},
		"line break":              {"header X-Container-View", acl("a:b\r\nX-Container-Read: .r:*")},
		"rule without access":     {"IPACL", objectstorage.ContainerSettings{IPACL: &objectstorage.IPACL{Allowed: []objectstorage.IPRule{{Network: netip.MustParsePrefix("10.0.0.0/8")}}}}},
		"rule without network":    {"IPACL", objectstorage.ContainerSettings{IPACL: &objectstorage.IPACL{Denied: []objectstorage.IPRule{{Access: objectstorage.IPAll}}}}},
		"negative lifecycle":      {"Lifecycle", objectstorage.ContainerSettings{Lifecycle: &objectstorage.Lifecycle{Days: -1}}},
		"negative retention":      {"Versioning", objectstorage.ContainerSettings{Versioning: &objectstorage.Versioning{RetentionDays: -1}}},
		"negative lock":           {"ObjectLockDays", objectstorage.ContainerSettings{ObjectLockDays: -1}},
		"empty origin":            {"CORS", objectstorage.ContainerSettings{CORS: &objectstorage.CORS{Origins: []string{""}}}},
		"origin with a space":     {"CORS", objectstorage.ContainerSettings{CORS: &objectstorage.CORS{Origins: []string{"https://a https://b"}}}},
		"empty upload rule":       {"UploadPolicy", uploads(objectstorage.UploadPolicy{AllowKeywords: []string{" "}})},
		"allowed and denied":      {"UploadPolicy", uploads(objectstorage.UploadPolicy{AllowExtensions: []string{"jpg"}, DenyKeywords: []string{"a"}})},
		"key with a space":        {"TempURLKey", objectstorage.ContainerSettings{TempURLKey: new(nhncloud.Secret("key "))}},
		"metadata without a name": {"Metadata", objectstorage.ContainerSettings{Metadata: map[string]string{"": "a"}}},
		"the first of several":    {"ACL", objectstorage.ContainerSettings{ACL: &objectstorage.ACL{Read: []objectstorage.ACLElement{""}}, ObjectLockDays: -1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			apitest.Refused(t, "objectstorage-post-container", test.field, func(ctx context.Context, client *nhncloud.Client) error {
				return objectstorage.New(client).Containers.Update(ctx, "photos", test.settings)
			})
		})
	}
	t.Run("no lock", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, "objectstorage-set-container-object-lock", "ObjectLockDays", func(ctx context.Context, client *nhncloud.Client) error {
			return objectstorage.New(client).Containers.SetObjectLock(ctx, "photos", 0)
		})
	})
	t.Run("unset nothing", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, "objectstorage-unset-container-setting", "settings", func(ctx context.Context, client *nhncloud.Client) error {
			return objectstorage.New(client).Containers.Unset(ctx, "photos")
		})
	})
	t.Run("unset what is no header", func(t *testing.T) {
		t.Parallel()
		apitest.Refused(t, "objectstorage-unset-container-setting", `header ""`, func(ctx context.Context, client *nhncloud.Client) error {
			return objectstorage.New(client).Containers.Unset(ctx, "photos", "")
		})
	})
	t.Run("key is not told", func(t *testing.T) {
		t.Parallel()
		err := objectstorage.New(apitest.New(t).Client).Containers.SetTempURLKey(t.Context(), "photos", "hunter2\n1")
		require.ErrorIs(t, err, nhncloud.ErrInvalidArgument)
		assert.NotContains(t, err.Error(), "hunter2")
	})
}

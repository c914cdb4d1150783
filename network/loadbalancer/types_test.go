package loadbalancer_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/apitest"
	"github.com/nhncloud-go/nhncloud/network/loadbalancer"
)

func TestPublicTypes(t *testing.T) {
	t.Parallel()
	apitest.PublicTypes(t,
		loadbalancer.ApplyError{}, loadbalancer.ApplyOptions{}, loadbalancer.Certificate{}, loadbalancer.CertificateError{}, loadbalancer.Change{},
		loadbalancer.ContainerConsumer{}, loadbalancer.ContainerSecret{},
		loadbalancer.ErrorPage{}, loadbalancer.ErrorPageCreateRequest{}, loadbalancer.ErrorPageUpdateRequest{},
		loadbalancer.HealthMonitor{}, loadbalancer.HealthMonitorCreateRequest{}, loadbalancer.HealthMonitorListOptions{}, loadbalancer.HealthMonitorSpec{}, loadbalancer.HealthMonitorUpdateRequest{},
		loadbalancer.IPACLBinding{}, loadbalancer.IPACLGroup{}, loadbalancer.IPACLGroupCreateRequest{}, loadbalancer.IPACLGroupListOptions{}, loadbalancer.IPACLGroupRef{},
		loadbalancer.IPACLGroupTarget{}, loadbalancer.IPACLGroupUpdateRequest{}, loadbalancer.IPACLLoadBalancerRef{},
		loadbalancer.IPACLTarget{}, loadbalancer.IPACLTargetCreateRequest{}, loadbalancer.IPACLTargetListOptions{}, loadbalancer.IPACLTargetUpdateRequest{},
		loadbalancer.L7Policy{}, loadbalancer.L7PolicyCreateRequest{}, loadbalancer.L7PolicyListOptions{}, loadbalancer.L7PolicySpec{}, loadbalancer.L7PolicyUpdateRequest{},
		loadbalancer.L7Rule{}, loadbalancer.L7RuleCreateRequest{}, loadbalancer.L7RuleListOptions{}, loadbalancer.L7RuleUpdateRequest{},
		loadbalancer.Listener{}, loadbalancer.ListenerCreateRequest{}, loadbalancer.ListenerListOptions{}, loadbalancer.ListenerSpec{}, loadbalancer.ListenerUpdateRequest{},
		loadbalancer.LoadBalancer{}, loadbalancer.LoadBalancerCreateRequest{}, loadbalancer.LoadBalancerListOptions{}, loadbalancer.LoadBalancerUpdateRequest{},
		loadbalancer.Member{}, loadbalancer.MemberCreateRequest{}, loadbalancer.MemberListOptions{}, loadbalancer.MemberUpdateRequest{},
		loadbalancer.Pool{}, loadbalancer.PoolCreateRequest{}, loadbalancer.PoolListOptions{}, loadbalancer.PoolSpec{}, loadbalancer.PoolUpdateRequest{},
		loadbalancer.Ref{}, loadbalancer.Resource{}, loadbalancer.Result{},
		loadbalancer.Secret{}, loadbalancer.SecretContainer{}, loadbalancer.SecretContainerCreateRequest{}, loadbalancer.SecretContainerListOptions{},
		loadbalancer.SecretCreateRequest{}, loadbalancer.SecretListOptions{}, loadbalancer.SessionPersistence{}, loadbalancer.Spec{},
	)
}

// TestConstants has the words of the guides.
func TestConstants(t *testing.T) {
	t.Parallel()
	assert.Equal(t, []loadbalancer.Type{"shared", "dedicated"}, []loadbalancer.Type{loadbalancer.TypeShared, loadbalancer.TypeDedicated})
	assert.Equal(t, []loadbalancer.ProvisioningStatus{"ACTIVE", "PENDING_CREATE", "PENDING_UPDATE", "PENDING_DELETE", "ERROR", "ERROR_MIGRATE"}, []loadbalancer.ProvisioningStatus{
		loadbalancer.ProvisioningActive, loadbalancer.ProvisioningPendingCreate, loadbalancer.ProvisioningPendingUpdate, loadbalancer.ProvisioningPendingDelete,
		loadbalancer.ProvisioningError, loadbalancer.ProvisioningErrorMigrate,
	})
	assert.Equal(t, []loadbalancer.OperatingStatus{"ACTIVE", "INACTIVE", "ONLINE", "OFFLINE"}, []loadbalancer.OperatingStatus{
		loadbalancer.OperatingActive, loadbalancer.OperatingInactive, loadbalancer.OperatingOnline, loadbalancer.OperatingOffline,
	})
	assert.Equal(t, []loadbalancer.Protocol{"TCP", "HTTP", "HTTPS", "TERMINATED_HTTPS"}, []loadbalancer.Protocol{
		loadbalancer.ProtocolTCP, loadbalancer.ProtocolHTTP, loadbalancer.ProtocolHTTPS, loadbalancer.ProtocolTerminatedHTTPS,
	})
	assert.Equal(t, []loadbalancer.Algorithm{"ROUND_ROBIN", "LEAST_CONNECTIONS", "SOURCE_IP"}, []loadbalancer.Algorithm{
		loadbalancer.AlgorithmRoundRobin, loadbalancer.AlgorithmLeastConnections, loadbalancer.AlgorithmSourceIP,
	})
	assert.Equal(t, []loadbalancer.PersistenceType{"SOURCE_IP", "HTTP_COOKIE", "APP_COOKIE"}, []loadbalancer.PersistenceType{
		loadbalancer.PersistenceSourceIP, loadbalancer.PersistenceHTTPCookie, loadbalancer.PersistenceAppCookie,
	})
	assert.Equal(t, []loadbalancer.MonitorType{"TCP", "HTTP", "HTTPS"}, []loadbalancer.MonitorType{loadbalancer.MonitorTCP, loadbalancer.MonitorHTTP, loadbalancer.MonitorHTTPS})
	assert.Equal(t, []loadbalancer.L7Action{"REDIRECT_TO_POOL", "REDIRECT_TO_URL", "REJECT"}, []loadbalancer.L7Action{loadbalancer.L7RedirectToPool, loadbalancer.L7RedirectToURL, loadbalancer.L7Reject})
	assert.Equal(t, []loadbalancer.L7RuleType{"COOKIE", "FILE_TYPE", "HEADER", "HOST_NAME", "PATH"},
		[]loadbalancer.L7RuleType{loadbalancer.L7Cookie, loadbalancer.L7FileType, loadbalancer.L7Header, loadbalancer.L7HostName, loadbalancer.L7Path})
	assert.Equal(t, []loadbalancer.L7CompareType{"CONTAINS", "ENDS_WITH", "STARTS_WITH", "EQUAL_TO", "REGEX"},
		[]loadbalancer.L7CompareType{loadbalancer.L7Contains, loadbalancer.L7EndsWith, loadbalancer.L7StartsWith, loadbalancer.L7EqualTo, loadbalancer.L7Regex})
	assert.Equal(t, []loadbalancer.ErrorPageType{"application/javascript", "application/json", "text/css", "text/html", "text/plain"},
		[]loadbalancer.ErrorPageType{loadbalancer.ErrorPageJavaScript, loadbalancer.ErrorPageJSON, loadbalancer.ErrorPageCSS, loadbalancer.ErrorPageHTML, loadbalancer.ErrorPagePlain})
	assert.Equal(t, []loadbalancer.SecretType{"symmetric", "public", "private", "passphrase", "certificate", "opaque"}, []loadbalancer.SecretType{
		loadbalancer.SecretSymmetric, loadbalancer.SecretPublic, loadbalancer.SecretPrivate, loadbalancer.SecretPassphrase, loadbalancer.SecretCertificate, loadbalancer.SecretOpaque,
	})
	assert.Equal(t, []string{"text/plain", "application/octet-stream", "application/pkcs8", "application/pkix-cert"},
		[]string{loadbalancer.ContentTypeText, loadbalancer.ContentTypeBinary, loadbalancer.ContentTypePKCS8, loadbalancer.ContentTypeCertificate})
	assert.Equal(t, []loadbalancer.ContainerType{"generic", "rsa", "certificate"},
		[]loadbalancer.ContainerType{loadbalancer.ContainerGeneric, loadbalancer.ContainerRSA, loadbalancer.ContainerCertificate})
	assert.Equal(t, []loadbalancer.ContainerSecretName{"certificate", "private_key", "private_key_passphrase", "intermediates", "public_key"}, []loadbalancer.ContainerSecretName{
		loadbalancer.ContainedCertificate, loadbalancer.ContainedPrivateKey, loadbalancer.ContainedPassphrase, loadbalancer.ContainedIntermediates, loadbalancer.ContainedPublicKey,
	})
	assert.Equal(t, []loadbalancer.IPACLAction{"ALLOW", "DENY"}, []loadbalancer.IPACLAction{loadbalancer.IPACLAllow, loadbalancer.IPACLDeny})
}

func TestKeyManagerRefID(t *testing.T) {
	t.Parallel()
	for ref, id := range map[loadbalancer.KeyManagerRef]string{
		containerRef: "c8f4503c-1da5-4ec7-9456-51183bd4ad4e", containerRef + "/": "c8f4503c-1da5-4ec7-9456-51183bd4ad4e", "c8f4503c": "c8f4503c", "": "",
	} {
		assert.Equal(t, id, ref.ID(), ref)
	}
}

func TestMonitorPort(t *testing.T) {
	t.Parallel()
	for text, port := range map[string]loadbalancer.MonitorPort{
		"80": 80, "0": loadbalancer.MemberPort, `"8080"`: 8080, `"member-port"`: loadbalancer.MemberPort, "null": loadbalancer.MemberPort, `""`: loadbalancer.MemberPort,
	} {
		got := loadbalancer.MonitorPort(1)
		require.NoError(t, json.Unmarshal([]byte(text), &got))
		assert.Equal(t, port, got, text)
	}
	var port loadbalancer.MonitorPort
	assert.Error(t, json.Unmarshal([]byte(`"eighty"`), &port))
}

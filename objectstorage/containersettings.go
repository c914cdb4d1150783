package objectstorage

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// Setting names one setting of a container for [ContainersService.Unset], by
// the header field that has it. It is an open type.
type Setting string

// The settings that can be unset.
const (
	SettingRead              Setting = "X-Container-Read"
	SettingWrite             Setting = "X-Container-Write"
	SettingView              Setting = "X-Container-View"
	SettingIPAllowed         Setting = "X-Container-Ip-Acl-Allowed-List"
	SettingIPDenied          Setting = "X-Container-Ip-Acl-Denied-List"
	SettingServiceGateway    Setting = "X-Container-Ip-Acl-Service-Gateway-Control"
	SettingLifecycle         Setting = "X-Container-Object-Lifecycle"
	SettingTransferTo        Setting = "X-Container-Object-Transfer-To"
	SettingHistoryLocation   Setting = "X-History-Location"
	SettingVersionsRetention Setting = "X-Versions-Retention"
	SettingWebIndex          Setting = "X-Container-Meta-Web-Index"
	SettingWebError          Setting = "X-Container-Meta-Web-Error"
	SettingCORS              Setting = "X-Container-Meta-Access-Control-Allow-Origin"
	SettingRFCETags          Setting = "X-Container-Rfc-Compliant-Etags"
	SettingDenyExtensions    Setting = "X-Container-Object-Deny-Extension-Policy"
	SettingDenyKeywords      Setting = "X-Container-Object-Deny-Keyword-Policy"
	SettingAllowExtensions   Setting = "X-Container-Object-Allow-Extension-Policy"
	SettingAllowKeywords     Setting = "X-Container-Object-Allow-Keyword-Policy"
	SettingTempURLKey        Setting = "X-Container-Meta-Temp-URL-Key"
)

// settingObjectLock can't be unset.
const settingObjectLock Setting = "X-Container-Worm-Retention-Day"

// Lifecycle says when the objects of a container end. It holds for objects that
// are stored after it was set. [ContainersService.SetPolicy] has finer rules.
type Lifecycle struct {
	Days       int    // from the time an object is stored; 0 for ever
	TransferTo string // container that the objects then move to; they are deleted when it is empty
}

// Versioning says where older versions of objects go.
type Versioning struct {
	// Archive is the container for them; without one they are not kept. Their
	// names there are the length of the object's name in three hexadecimal
	// digits, the name, a slash, and the Unix time of their end.
	Archive       string
	RetentionDays int // after which the service deletes them; 0 for never
}

// StaticWebsite makes a website of a container that anyone may read.
type StaticWebsite struct {
	Index string // object that is shown for a folder, such as "index.html"
	Error string // what the names of error pages have after the status: "error.html" for 404error.html
}

// CORS says which pages may call the service from a browser.
type CORS struct {
	Origins []string // such as "https://example.com"; "*" for all
}

// split returns what stands between the separators in a header field.
func split(value, separator string) []string {
	var parts []string
	for part := range strings.SplitSeq(value, separator) {
		if part = strings.TrimSpace(part); part != "" {
			parts = append(parts, part)
		}
	}
	return parts
}

// ContainerSettings changes the settings of a container. A nil field leaves its
// settings as they are; what is empty in a field that is not nil is unset.
type ContainerSettings struct {
	ACL            *ACL
	IPACL          *IPACL
	ServiceGateway *ServiceGatewayAccess
	Lifecycle      *Lifecycle
	Versioning     *Versioning
	Website        *StaticWebsite
	CORS           *CORS
	RFCETags       *bool
	ObjectLockDays int // 0 leaves it as it is: it can't be unset
	UploadPolicy   *UploadPolicy
	TempURLKey     *nhncloud.Secret
	Metadata       map[string]string // entries to set, or to remove where the value is empty; others stay
}

// header returns the header fields for the settings.
func (s *ContainerSettings) header(operation string) (http.Header, error) {
	w := settingsWriter{operation: operation, header: make(http.Header, 4)}
	if s.ACL != nil {
		w.acl(SettingRead, s.ACL.Read)
		w.acl(SettingWrite, s.ACL.Write)
		w.acl(SettingView, s.ACL.View)
	}
	if s.IPACL != nil {
		w.ipRules(SettingIPAllowed, s.IPACL.Allowed)
		w.ipRules(SettingIPDenied, s.IPACL.Denied)
	}
	if s.ServiceGateway != nil {
		w.set(SettingServiceGateway, string(*s.ServiceGateway))
	}
	if s.Lifecycle != nil {
		w.days(SettingLifecycle, "Lifecycle", s.Lifecycle.Days)
		w.set(SettingTransferTo, s.Lifecycle.TransferTo)
	}
	if s.Versioning != nil {
		w.set(SettingHistoryLocation, url.PathEscape(s.Versioning.Archive))
		w.days(SettingVersionsRetention, "Versioning", s.Versioning.RetentionDays)
	}
	if s.Website != nil {
		w.set(SettingWebIndex, s.Website.Index)
		w.set(SettingWebError, s.Website.Error)
	}
	if s.CORS != nil {
		w.origins(s.CORS.Origins)
	}
	if s.RFCETags != nil {
		w.set(SettingRFCETags, strconv.FormatBool(*s.RFCETags))
	}
	if s.ObjectLockDays != 0 {
		w.days(settingObjectLock, "ObjectLockDays", s.ObjectLockDays)
	}
	if s.UploadPolicy != nil {
		w.uploadPolicy(s.UploadPolicy)
	}
	if s.TempURLKey != nil {
		w.key(*s.TempURLKey)
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.header, setMetadata(operation, w.header, containerMetaPrefix, s.Metadata)
}

// settingsWriter writes settings into a header and keeps the first refusal.
type settingsWriter struct {
	operation string
	header    http.Header
	err       error
}

func (w *settingsWriter) set(setting Setting, values ...string) {
	w.header.Set(string(setting), strings.Join(values, ","))
}

func (w *settingsWriter) refuse(field, problem string) {
	if w.err == nil {
		w.err = nhncloud.NewArgumentError(w.operation, field, problem)
	}
}

func (w *settingsWriter) days(setting Setting, field string, days int) {
	switch {
	case days < 0:
		w.refuse(field, "must not be negative")
	case days == 0:
		w.set(setting, "")
	default:
		w.set(setting, strconv.Itoa(days))
	}
}

func (w *settingsWriter) origins(origins []string) {
	for _, origin := range origins {
		if origin == "" || strings.ContainsAny(origin, " \t") {
			w.refuse("CORS", "has an origin that is empty or has a space: "+strconv.Quote(origin))
		}
	}
	w.set(SettingCORS, strings.Join(origins, " "))
}

func (w *settingsWriter) key(key nhncloud.Secret) {
	if strings.TrimSpace(string(key)) != string(key) {
		w.refuse("TempURLKey", "has a space at its beginning or end, which HTTP would drop")
	}
	w.set(SettingTempURLKey, string(key))
}

// Update changes settings of a container, all at once. A method for a single
// one, such as [ContainersService.SetLifecycle], does the same.
//
// API: POST /v1/{Account}/{Container} (objectstorage-post-container; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Update(ctx context.Context, name string, settings ContainerSettings) error {
	return s.update(ctx, "objectstorage-post-container", name, settings)
}

func (s *ContainersService) update(ctx context.Context, operation, name string, settings ContainerSettings) error {
	header, err := settings.header(operation)
	if err != nil {
		return err
	}
	return s.post(ctx, operation, name, header)
}

// post sends a POST without a body, which changes what is in the header.
func (s *ContainersService) post(ctx context.Context, operation, name string, header http.Header) error {
	if err := checkContainer(operation, "Container", name); err != nil {
		return err
	}
	if len(header) == 0 {
		return nhncloud.NewArgumentError(operation, "settings", "must have one")
	}
	return noContainer(s.client.Do(ctx, nhncloud.Request{
		Operation:    operation,
		Service:      nhncloud.ServiceObjectStorage,
		Method:       http.MethodPost,
		Path:         "/v1/{Account}/{Container}",
		Args:         []string{name},
		Header:       header,
		Idempotency:  nhncloud.IdempotencyAlways,
		SuccessCodes: codesNoContent,
	}, nil))
}

// SetLifecycle sets when the objects of a container end.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-lifecycle; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetLifecycle(ctx context.Context, name string, lifecycle Lifecycle) error {
	return s.update(ctx, "objectstorage-set-container-lifecycle", name, ContainerSettings{Lifecycle: &lifecycle})
}

// SetVersioning sets where older versions of objects go. Without an archive
// container they are not kept any more.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-versioning; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetVersioning(ctx context.Context, name string, versioning Versioning) error {
	return s.update(ctx, "objectstorage-set-container-versioning", name, ContainerSettings{Versioning: &versioning})
}

// SetStaticWebsite makes a website of a container. Its [ACL] has to let anyone
// read.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-static-website; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetStaticWebsite(ctx context.Context, name string, website StaticWebsite) error {
	return s.update(ctx, "objectstorage-set-container-static-website", name, ContainerSettings{Website: &website})
}

// SetCORS sets which pages may call the service from a browser.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-cors; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetCORS(ctx context.Context, name string, cors CORS) error {
	return s.update(ctx, "objectstorage-set-container-cors", name, ContainerSettings{CORS: &cors})
}

// SetRFCETags sets whether the service puts the ETags of objects in quotes, as
// RFC 7232 has them. This package takes them off.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-rfc-etag; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetRFCETags(ctx context.Context, name string, quoted bool) error {
	return s.update(ctx, "objectstorage-set-container-rfc-etag", name, ContainerSettings{RFCETags: &quoted})
}

// SetObjectLock sets for how many days objects are locked that are stored from
// now on. Only a container that was created with object lock has it.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-object-lock; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) SetObjectLock(ctx context.Context, name string, days int) error {
	const operation = "objectstorage-set-container-object-lock"
	if days == 0 {
		return nhncloud.NewArgumentError(operation, "ObjectLockDays", "must not be 0, because object lock can't be unset")
	}
	return s.update(ctx, operation, name, ContainerSettings{ObjectLockDays: days})
}

// SetTempURLKey sets the key that temporary URLs are signed with; see
// [SignTempURL]. URLs that were signed with the key before are not valid any
// more. An empty key unsets it.
//
// API: POST /v1/{Account}/{Container} (objectstorage-set-container-temp-url-key; Storage-Object-Storage en/cli-guide.md)
func (s *ContainersService) SetTempURLKey(ctx context.Context, name string, key nhncloud.Secret) error {
	return s.update(ctx, "objectstorage-set-container-temp-url-key", name, ContainerSettings{TempURLKey: &key})
}

// Unset removes settings of a container, so that the service does as if they
// had never been set.
//
// API: POST /v1/{Account}/{Container} (objectstorage-unset-container-setting; Storage-Object-Storage en/api-guide.md)
func (s *ContainersService) Unset(ctx context.Context, name string, settings ...Setting) error {
	header := make(http.Header, len(settings))
	for _, setting := range settings {
		header.Set(string(setting), "")
	}
	return s.post(ctx, "objectstorage-unset-container-setting", name, header)
}

package cloudsyaml

import (
	"cmp"
	"crypto/tls"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// Cloud is one of clouds.yaml.
type Cloud struct {
	Name   string
	File   string // clouds.yaml, as it was found
	Config nhncloud.Config
	Token  nhncloud.Secret // in the place of a password; "" for a login
	TLS    *tls.Config     // nil where the file asks for nothing
}

// String tells which cloud it is.
func (c *Cloud) String() string { return "cloudsyaml.Cloud(" + c.Name + ")" }

// Format keeps every verb of package fmt from printing fields.
func (c *Cloud) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, c.String()) }

// NewClient returns a client of the cloud. The options come after those that
// follow from the file, and so win.
func (c *Cloud) NewClient(options ...nhncloud.Option) (*nhncloud.Client, error) {
	return nhncloud.NewClient(c.Config, append(c.Options(), options...)...)
}

// Options are what follows from the file besides [Cloud.Config]: an http.Client
// with the certificates, and a source for the token.
func (c *Cloud) Options() []nhncloud.Option {
	var options []nhncloud.Option
	if c.TLS != nil {
		transport := &http.Transport{Proxy: http.ProxyFromEnvironment}
		if standard, ok := http.DefaultTransport.(*http.Transport); ok {
			transport = standard.Clone()
		}
		transport.TLSClientConfig = c.TLS.Clone()
		transport.MaxIdleConns, transport.MaxIdleConnsPerHost = 512, 128 // as that of the SDK
		options = append(options, nhncloud.WithHTTPClient(&http.Client{Transport: transport}))
	}
	if c.Token != "" {
		options = append(options, nhncloud.WithTokenSource(nhncloud.StaticToken(c.Token)))
	}
	return options
}

// newCloud reads the fields of a cloud.
func newCloud(name, file string, all tree, p places) (*Cloud, error) {
	f := &fields{cloud: name, all: all}
	region := f.region(p.env("OS_REGION_NAME"))
	f.refuseOthers(p)
	c := &Cloud{Name: name, File: file}
	c.Config = nhncloud.Config{
		Environment:           nhncloud.Environment(f.text("nhncloud", "environment")),
		Region:                nhncloud.Region(region),
		TenantID:              f.tenant(),
		ObjectStorageTenantID: f.text("nhncloud", "object_storage_tenant_id"),
		AppKey:                f.text("nhncloud", "appkey"),
		Username:              f.text("auth", "username"),
		AuthURL:               f.text("auth", "auth_url"),
		Endpoints:             f.endpoints(),
	}
	token := f.text("auth", "token")
	switch kind := f.text("auth_type"); kind {
	case "", "password", "v2password":
		c.Config.Password = nhncloud.Secret(f.text("auth", "password"))
		if c.Config.Password == "" && kind == "" {
			c.Token = nhncloud.Secret(token)
		}
	case "token", "v2token":
		f.check.RefuseIf(token == "", f.path("auth", "token"), "is missing for auth_type "+kind)
		c.Token = nhncloud.Secret(token)
	default:
		f.refuse("needs identity v3, and NHN Cloud has v2.0: use password", "auth_type")
	}
	f.check.RefuseIf(c.Config.AuthURL == "" && c.Config.Environment == "", f.path("auth", "auth_url"), "is missing")
	c.TLS = f.tls(p)
	if err := f.check.Err(""); err != nil {
		return nil, err
	}
	return c, nil
}

// fields reads those of one cloud, and collects what is wrong with them.
type fields struct {
	cloud string
	all   tree
	check nhncloud.ArgumentCheck
}

func (f *fields) path(keys ...string) string {
	return "clouds." + f.cloud + "." + strings.Join(keys, ".")
}

// text returns a field that is a text or a number.
func (f *fields) text(keys ...string) string {
	switch value := f.all.at(keys...).(type) {
	case nil:
	case string:
		return value
	default:
		f.refuse("has to be a text", keys...)
	}
	return ""
}

func (f *fields) refuse(problem string, keys ...string) { f.check.Refuse(f.path(keys...), problem) }

// tenant returns the id of the project.
func (f *fields) tenant() string {
	project, tenant := f.text("auth", "project_id"), f.text("auth", "tenant_id")
	if project == "" {
		project = tenant
	} else if tenant != "" && tenant != project {
		f.refuse("differs from auth.project_id", "auth", "tenant_id")
	}
	for _, key := range []string{"project_name", "tenant_name"} {
		if f.text("auth", key) != "" && project == "" {
			f.refuse("can't be looked up: NHN Cloud logs in with the id of a project; set auth.project_id", "auth", key)
		}
	}
	return project
}

// needV3 are the fields of auth that identity v2.0 knows nothing of.
var needV3 = map[string]string{
	"application_credential_id":     "application credentials",
	"application_credential_name":   "application credentials",
	"application_credential_secret": "application credentials",
	"passcode":                      "passcodes",
	"system_scope":                  "system scopes",
	"trust_id":                      "trusts",
	"user_id":                       "logins by the id of a user, whose e-mail address or IAM id belongs into auth.username",
}

// refuseOthers refuses what would make another of the cloud and can't be honoured.
func (f *fields) refuseOthers(p places) {
	for _, key := range slices.Sorted(maps.Keys(needV3)) {
		if f.all.at("auth", key) != nil {
			f.refuse("needs identity v3, and NHN Cloud has v2.0, without "+needV3[key], "auth", key)
		}
	}
	for _, key := range []string{"default_domain", "domain_id", "domain_name", "project_domain_id", "project_domain_name", "user_domain_id", "user_domain_name"} {
		if domain := f.text("auth", key); domain != "" && !strings.EqualFold(domain, "default") {
			f.refuse("names a domain, and NHN Cloud has none but the default", "auth", key)
		}
	}
	if version := f.text("identity_api_version"); version != "" && !strings.HasPrefix(version, "2") {
		f.refuse("has to be 2: NHN Cloud has identity v2.0 only", "identity_api_version")
	}
	endpoints := cmp.Or(p.env("OS_INTERFACE"), f.text("endpoint_type"), f.text("interface"))
	if endpoints != "" && endpoints != "public" && endpoints != "publicURL" {
		f.refuse("has to be public: NHN Cloud has no other endpoints", "interface")
	}
}

// region returns the region, and puts the values that a list has for it over the
// others.
func (f *fields) region(wanted string) string {
	if wanted == "" {
		wanted = f.text("region_name")
	}
	list, ok := f.all["regions"].([]any)
	if f.all["regions"] != nil && !ok {
		f.refuse("has to be a list", "regions")
	}
	var names []string
	for i, item := range list {
		name, _ := item.(string)
		region, _ := item.(tree)
		if region != nil {
			name, _ = region["name"].(string)
		}
		if name == "" {
			f.refuse("has no name", fmt.Sprintf("regions[%d]", i))
			continue
		}
		names = append(names, name)
		if wanted == "" {
			wanted = name
		}
		if name != wanted {
			continue
		}
		if values, ok := region["values"].(tree); ok {
			f.all = values.under(f.all)
		}
		return name
	}
	if len(names) > 0 {
		f.refuse("has no "+wanted+" but "+strings.Join(names, ", "), "regions")
	}
	return wanted
}

// services are the names of services in *_endpoint_override.
var services = map[string]nhncloud.Service{
	"block_storage":                       nhncloud.ServiceBlockStorage,
	"volume":                              nhncloud.ServiceBlockStorage,
	"volumev2":                            nhncloud.ServiceBlockStorage,
	"compute":                             nhncloud.ServiceCompute,
	"container_infra":                     nhncloud.ServiceKubernetes,
	"container_infrastructure_management": nhncloud.ServiceKubernetes,
	"kubernetes":                          nhncloud.ServiceKubernetes,
	"identity":                            nhncloud.ServiceIdentity,
	"image":                               nhncloud.ServiceImage,
	"key_manager":                         nhncloud.ServiceKeyManager,
	"network":                             nhncloud.ServiceNetwork,
	"object_store":                        nhncloud.ServiceObjectStorage,
}

// endpoints returns the endpoints that the file overrides.
func (f *fields) endpoints() map[nhncloud.Service]string {
	var all map[nhncloud.Service]string
	for _, key := range slices.Sorted(maps.Keys(f.all)) {
		name, ok := strings.CutSuffix(key, "_endpoint_override")
		if !ok || f.text(key) == "" {
			continue
		}
		service, ok := services[strings.ReplaceAll(name, "-", "_")]
		if !ok {
			f.refuse("is of a service that the SDK does not know", key)
			continue
		}
		if all == nil {
			all = map[nhncloud.Service]string{}
		}
		if other, ok := all[service]; ok && other != f.text(key) {
			f.refuse("differs from that of another name of the service", key)
		}
		all[service] = f.text(key)
	}
	return all
}

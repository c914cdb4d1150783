// Package cloudsyaml makes clients of NHN Cloud from the clouds.yaml and
// secure.yaml that users of OpenStack tools have.
//
//	cloud, err := cloudsyaml.Load("") // the cloud that OS_CLOUD names
//	if err != nil { … }
//	client, err := cloud.NewClient()
//
// It is a module of its own, so that programs without such files have no YAML
// parser in them.
//
// # Files
//
// OS_CLIENT_CONFIG_FILE names clouds.yaml; without it, it is looked for in the
// working directory, in $XDG_CONFIG_HOME/openstack or ~/.config/openstack, and in
// /etc/openstack, and the first one is taken. The secure.yaml is that of
// OS_CLIENT_SECURE_FILE, else the one beside clouds.yaml, else the first on the
// same way; what it has for the cloud wins. The clouds-public.yaml is looked for
// on that way where the cloud has a profile (or cloud, its older name), whose
// values hold where the cloud has none. All may end in .yml as well.
//
// # Fields
//
//	auth.auth_url                        Config.AuthURL, from which the environment follows
//	auth.username, auth.password         Config.Username, Config.Password: the API password
//	auth.project_id or auth.tenant_id    Config.TenantID
//	auth.token                           with auth_type token or v2token, in the place of the password
//	region_name, regions                 Config.Region; OS_REGION_NAME wins
//	cacert, cert, key, verify            [Cloud.TLS]; OS_CACERT, OS_CERT and OS_KEY win
//	<service>_endpoint_override          Config.Endpoints
//
// The regions are names, or names with values that hold in that region. Without a
// region_name the first one is taken, and another than these is refused.
//
// The services are, as in a catalog with underscores: block_storage (volume,
// volumev2), compute, container_infra (kubernetes), identity, image, key_manager,
// network, object_store.
//
// What NHN Cloud has beyond OpenStack stands in a section that other tools pass
// over:
//
//	nhncloud:
//	  appkey: …                       Config.AppKey, for the v1.0 API
//	  environment: gov                Config.Environment
//	  object_storage_tenant_id: …     Config.ObjectStorageTenantID
//
// # What is refused
//
// NHN Cloud has identity v2.0: a user with a password, or a token, and the id of
// a project. What needs v3 is an [nhncloud.ErrInvalidArgument] that names the
// field, instead of a login that fails: application credentials, v3 auth types,
// trusts, system scopes, user ids, projects by name, domains other than the
// default, internal and admin endpoints. Fields that say nothing about who calls
// and where, such as compute_api_version, are passed over, as other tools do.
//
// No error quotes a file: one about YAML that can't be read tells the line.
package cloudsyaml

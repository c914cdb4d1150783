package benchmarks

import (
	"testing"
	"time"

	"github.com/gophercloud/gophercloud/v2/openstack/compute/v2/servers"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// facts is what a peer has to know of a server after it decoded one, in types
// that are nobody's.
type facts struct {
	ID, Name, Status, TaskState, VMState       string
	PowerState                                 int
	Created, Updated, LaunchedAt, TerminatedAt time.Time
	Addresses                                  map[string][]address
	Flavor, Image                              string
	Links, FlavorLinks, ImageLinks             []link
	KeyName, Zone                              string
	SecurityGroups, Volumes                    []string
	Metadata                                   map[string]string
	TenantID, UserID, HostID, DiskConfig       string
	ConfigDrive                                bool
	AccessIPv4, AccessIPv6                     string
	Progress                                   int
	EphemeralDisk                              int  // not known to gophercloud
	Protected                                  bool // not known to gophercloud
}

type address struct {
	IP, Type, MAC string
	Version       int
}

type link struct{ Href, Rel string }

// createdFacts is the same of a server that was just created.
type createdFacts struct {
	ID, DiskConfig, AdminPass string
	SecurityGroups            []string
	Links                     []link
}

// TestPeersDecodeTheSame makes sure that nobody is fast by doing less.
func TestPeersDecodeTheSame(t *testing.T) {
	first := facts{
		ID: service.ServerID, Name: "Web-Server", Status: "ACTIVE", VMState: "active", PowerState: 1,
		Created:    time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC),
		Updated:    time.Date(2020, 2, 25, 1, 22, 24, 0, time.UTC),
		LaunchedAt: time.Date(2020, 2, 25, 1, 22, 23, 0, time.UTC),
		Addresses:  map[string][]address{"vpc2": {{"172.16.0.40", "fixed", "fa:16:3e:54:a7:64", 4}}},
		Flavor:     "35a73b57-58a7-434d-aa08-5249aaa95b3e",
		Image:      "8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11",
		Links: []link{
			{host + "/v2/" + service.Tenant + "/servers/" + service.ServerID, "self"},
			{host + "/" + service.Tenant + "/servers/" + service.ServerID, "bookmark"},
		},
		FlavorLinks:    []link{{host + "/" + service.Tenant + "/flavors/35a73b57-58a7-434d-aa08-5249aaa95b3e", "bookmark"}},
		ImageLinks:     []link{{host + "/" + service.Tenant + "/images/8b9f8d47-b89b-45af-b1d6-3f7ce7e06a11", "bookmark"}},
		KeyName:        "access-key",
		Zone:           "kr-pub-b",
		SecurityGroups: []string{"default"},
		Volumes:        []string{"90712f4f-2faa-4e4f-8eb1-9313a8595570"},
		Metadata: map[string]string{
			"os_distro": "Windows", "description": "Windows 2012 R2 STD (2020.02.18)", "os_version": "2012 R2 STD",
			"project_domain": "NORMAL", "hypervisor_type": "qemu", "monitoring_agent": "sysmon",
			"image_name": "Windows 2012 R2 STD (2020.02.18) EN", "volume_size": "50", "os_architecture": "amd64",
			"login_username": "Administrator", "os_type": "Windows", "tc_env": "sysmon",
		},
		TenantID: service.Tenant, UserID: "b6ab578c20c94306ac1f41ffc4415b29", HostID: "078d06f898889699f8731d030812e43d2c417edb2cf641dda598c7bd",
	}
	const newID = "3a005d5b-63cf-4493-bfc6-49db990b5b50"
	created := createdFacts{
		ID:             newID,
		SecurityGroups: []string{"default"},
		Links: []link{
			{host + "/v2/" + service.Tenant + "/servers/" + newID, "self"},
			{host + "/" + service.Tenant + "/servers/" + newID, "bookmark"},
		},
	}
	const sent = `{"server": {
		"name": "DB-Master", "flavorRef": "` + flavorID + `", "imageRef": "` + imageID + `", "networks": [{"uuid": "` + network + `"}],
		"key_name": "access-key", "availability_zone": "kr-pub-a", "security_groups": [{"name": "default"}], "min_count": 1, "max_count": 1,
		"block_device_mapping_v2": [{"source_type": "image", "uuid": "` + imageID + `", "boot_index": 0, "destination_type": "volume",
			"volume_size": 1000, "delete_on_termination": true}]
	}}`

	var reference []facts // the listing as the first peer sees it
	for _, p := range peers {
		t.Run(p.name, func(t *testing.T) {
			c := service.NewCloud(t, service.CloudOptions{KeepBody: true})
			client := p.make(t, c)

			calls := 0
			require.NoError(t, client.get(t.Context(), service.ServerID, func(got facts) {
				calls++
				assert.Equal(t, first, got)
			}))
			require.NoError(t, client.create(t.Context(), func(got createdFacts) {
				calls++
				assert.Equal(t, created, got)
			}))
			assert.Equal(t, 2, calls)
			assert.JSONEq(t, sent, string(c.Created()))

			for _, limit := range service.Listed {
				var got []facts
				n, err := client.list(t.Context(), limit, func(f facts) { got = append(got, f) })
				require.NoError(t, err)
				require.Equal(t, limit, n)
				require.Len(t, got, limit)
				if limit < 1000 {
					continue
				}
				if reference == nil {
					reference = got
					ids := map[string]bool{}
					for _, f := range got {
						ids[f.ID] = true
					}
					require.Len(t, ids, limit, "all servers differ")
					// What is zero in the documented payload is set here.
					last := got[limit-1]
					assert.Equal(t, []any{"SHUTOFF", "stopped", "powering-on", 4, 50, "10.0.0.1", true, 20, true}, []any{
						last.Status, last.VMState, last.TaskState, last.PowerState, last.Progress, last.AccessIPv4, last.ConfigDrive,
						last.EphemeralDisk, last.Protected,
					})
				}
				for i, want := range reference {
					if p.name == "gophercloud" {
						want.EphemeralDisk, want.Protected = 0, false
					}
					require.Equal(t, want, got[i])
				}
			}
		})
	}
}

const host = "https://kr1-api-instance-infrastructure.nhncloudservice.com"

func sdkFacts(s *compute.Server) facts {
	f := facts{
		ID: s.ID, Name: s.Name, Status: string(s.Status), TaskState: s.TaskState, VMState: s.VMState, PowerState: int(s.PowerState),
		Created: s.Created, Updated: s.Updated, LaunchedAt: s.LaunchedAt, TerminatedAt: s.TerminatedAt,
		Addresses: map[string][]address{}, Flavor: s.Flavor.ID, Image: s.Image.ID,
		Links: sdkLinks(s.Links), FlavorLinks: sdkLinks(s.Flavor.Links), ImageLinks: sdkLinks(s.Image.Links),
		KeyName: s.KeyName, Zone: s.AvailabilityZone, Metadata: s.Metadata,
		TenantID: s.TenantID, UserID: s.UserID, HostID: s.HostID, DiskConfig: s.DiskConfig, ConfigDrive: s.ConfigDrive == "True",
		AccessIPv4: s.AccessIPv4, AccessIPv6: s.AccessIPv6, Progress: s.Progress, EphemeralDisk: s.EphemeralDisk, Protected: s.Protected,
	}
	for name, list := range s.Addresses {
		for _, a := range list {
			f.Addresses[name] = append(f.Addresses[name], address{a.Addr, a.Type, a.MACAddr, a.Version})
		}
	}
	for _, g := range s.SecurityGroups {
		f.SecurityGroups = append(f.SecurityGroups, g.Name)
	}
	for _, v := range s.VolumesAttached {
		f.Volumes = append(f.Volumes, v.ID)
	}
	return f
}

func sdkLinks(links []compute.Link) []link {
	var list []link
	for _, l := range links {
		list = append(list, link(l))
	}
	return list
}

func sdkCreated(s *compute.CreatedServer) createdFacts {
	f := createdFacts{ID: s.ID, DiskConfig: s.DiskConfig, AdminPass: string(s.AdminPass), Links: sdkLinks(s.Links)}
	for _, g := range s.SecurityGroups {
		f.SecurityGroups = append(f.SecurityGroups, g.Name)
	}
	return f
}

func rawFacts(s *rawServer) facts {
	f := facts{
		ID: s.ID, Name: s.Name, Status: s.Status, TaskState: s.TaskState, VMState: s.VMState, PowerState: s.PowerState,
		Created: s.Created, Updated: s.Updated, LaunchedAt: s.LaunchedAt.Time, TerminatedAt: s.TerminatedAt.Time,
		Addresses: map[string][]address{}, Flavor: s.Flavor.ID, Image: s.Image.ID,
		Links: rawLinks(s.Links), FlavorLinks: rawLinks(s.Flavor.Links), ImageLinks: rawLinks(s.Image.Links),
		KeyName: s.KeyName, Zone: s.AvailabilityZone, SecurityGroups: rawNames(s.SecurityGroups), Metadata: s.Metadata,
		TenantID: s.TenantID, UserID: s.UserID, HostID: s.HostID, DiskConfig: s.DiskConfig, ConfigDrive: s.ConfigDrive == "True",
		AccessIPv4: s.AccessIPv4, AccessIPv6: s.AccessIPv6, Progress: s.Progress, EphemeralDisk: s.EphemeralDisk, Protected: s.Protected,
	}
	for name, list := range s.Addresses {
		for _, a := range list {
			f.Addresses[name] = append(f.Addresses[name], address{a.Addr, a.Type, a.MACAddr, a.Version})
		}
	}
	for _, v := range s.VolumesAttached {
		f.Volumes = append(f.Volumes, v.ID)
	}
	return f
}

func rawLinks(links []rawLink) []link {
	var list []link
	for _, l := range links {
		list = append(list, link(l))
	}
	return list
}

func rawNames(names []rawName) []string {
	var list []string
	for _, n := range names {
		list = append(list, n.Name)
	}
	return list
}

func rawCreatedFacts(s *rawCreated) createdFacts {
	return createdFacts{ID: s.ID, DiskConfig: s.DiskConfig, AdminPass: s.AdminPass, SecurityGroups: rawNames(s.SecurityGroups), Links: rawLinks(s.Links)}
}

func gophercloudFacts(s *servers.Server) facts {
	f := facts{
		ID: s.ID, Name: s.Name, Status: s.Status, TaskState: s.TaskState, VMState: s.VmState, PowerState: int(s.PowerState),
		Created: s.Created, Updated: s.Updated, LaunchedAt: s.LaunchedAt, TerminatedAt: s.TerminatedAt,
		Addresses: map[string][]address{}, Flavor: s.Flavor["id"].(string), Image: s.Image["id"].(string),
		Links: anyLinks(s.Links), FlavorLinks: anyLinks(s.Flavor["links"]), ImageLinks: anyLinks(s.Image["links"]),
		KeyName: s.KeyName, Zone: s.AvailabilityZone, SecurityGroups: anyNames(s.SecurityGroups), Metadata: s.Metadata,
		TenantID: s.TenantID, UserID: s.UserID, HostID: s.HostID, DiskConfig: string(s.DiskConfig), ConfigDrive: s.ConfigDrive,
		AccessIPv4: s.AccessIPv4, AccessIPv6: s.AccessIPv6, Progress: s.Progress,
	}
	for name, list := range s.Addresses {
		for _, a := range list.([]any) {
			a := a.(map[string]any)
			f.Addresses[name] = append(f.Addresses[name], address{
				a["addr"].(string), a["OS-EXT-IPS:type"].(string), a["OS-EXT-IPS-MAC:mac_addr"].(string), int(a["version"].(float64)),
			})
		}
	}
	for _, v := range s.AttachedVolumes {
		f.Volumes = append(f.Volumes, v.ID)
	}
	return f
}

func anyLinks(links any) []link {
	var list []link
	for _, l := range links.([]any) {
		l := l.(map[string]any)
		list = append(list, link{l["href"].(string), l["rel"].(string)})
	}
	return list
}

func anyNames(groups []map[string]any) []string {
	var list []string
	for _, g := range groups {
		list = append(list, g["name"].(string))
	}
	return list
}

func gophercloudCreated(s *servers.Server) createdFacts {
	return createdFacts{ID: s.ID, DiskConfig: string(s.DiskConfig), AdminPass: s.AdminPass, SecurityGroups: anyNames(s.SecurityGroups), Links: anyLinks(s.Links)}
}

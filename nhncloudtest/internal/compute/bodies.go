package compute

import (
	"crypto/sha256"
	"encoding/hex"
	"net/netip"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/identity"
)

func (c *call) serverBody(v *Server) object {
	addresses := object{}
	security := []object{}
	hostID := ""
	if v.Placed {
		for _, a := range v.Addresses() {
			address := func(ip netip.Addr, kind string) object {
				return object{"addr": ip.String(), "version": 4, "OS-EXT-IPS:type": kind, "OS-EXT-IPS-MAC:mac_addr": a.Port.MAC}
			}
			name := a.Port.Network.Name
			list, _ := addresses[name].([]object)
			list = append(list, address(a.IP, "fixed"))
			if f := v.project.Network.FloatingIPOf(a.Port, a.IP); f != nil {
				list = append(list, address(f.IP, "floating"))
			}
			addresses[name] = list
		}
		sum := sha256.Sum224([]byte(v.project.Place.Tenant + v.Zone))
		hostID = hex.EncodeToString(sum[:])
	}
	for _, g := range v.SecurityGroups() {
		security = append(security, object{"name": g.Name})
	}
	volumes := []object{}
	for _, a := range v.Attached {
		volumes = append(volumes, object{"id": a.Volume.ID})
	}
	var img any = "" // nova's way to say that there is none
	if v.Image != nil {
		img = object{"id": v.Image.ID, "links": c.bookmark("images", v.Image.ID)}
	}
	o := object{
		"id": v.ID, "name": v.Name, "status": v.Status(), "tenant_id": v.project.Place.Tenant, "user_id": identity.UserID,
		"created": frame.Seconds(v.Created), "updated": frame.Seconds(v.Updated), "hostId": hostID,
		"addresses": addresses, "accessIPv4": "", "accessIPv6": "", "links": c.computeLinks("servers", v.ID),
		"image": img, "flavor": object{"id": v.Flavor.ID, "links": c.bookmark("flavors", v.Flavor.ID)},
		"key_name": frame.Nullable(v.Key), "security_groups": security, "metadata": v.Metadata, "progress": 0, "config_drive": "",
		"OS-EXT-STS:task_state": frame.Nullable(v.Task), "OS-EXT-STS:vm_state": v.vm, "OS-EXT-STS:power_state": v.power,
		"OS-SRV-USG:launched_at":               frame.OrNull(v.Launched, frame.Micros),
		"OS-SRV-USG:terminated_at":             frame.OrNull(v.terminated, frame.Micros),
		"OS-EXT-AZ:availability_zone":          v.Zone,
		"os-extended-volumes:volumes_attached": volumes,
		"NHN-EXT-ATTR:ephemeral_disk_size":     v.Flavor.Ephemeral,
		"NHN-EXT-ATTR:protect":                 v.protected,
	}
	if v.vm == vmError {
		o["fault"] = object{"code": 500, "message": v.fault, "created": frame.Seconds(v.Updated)}
	}
	return o
}

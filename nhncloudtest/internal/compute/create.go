package compute

import (
	"cmp"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blockstorage"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/network"
)

// Order is a request for new servers, looked through.
type Order struct {
	name             string
	min, max         int
	flavor           *Flavor
	image            *image.Image
	zone             string
	key              string
	metadata         map[string]string
	devices          []*blockDevice
	security         []*network.SecurityGroup
	nics             []nic
	group            *serverGroup
	wantsReservation bool
}

func createServer(c *call) frame.Reply {
	o, r := c.project.ReadOrder(c.Body)
	if r != nil {
		return *r
	}
	first, r := c.project.Launch(o, c.Now)
	if r != nil {
		return *r
	}
	if o.wantsReservation {
		return frame.Answer(http.StatusAccepted, object{"reservation_id": first.reservation})
	}
	security := []object{}
	for _, g := range o.security {
		security = append(security, object{"name": g.Name})
	}
	links := c.computeLinks("servers", first.ID)
	rep := frame.Answer(http.StatusAccepted, object{"server": object{
		"id": first.ID, "links": links, "security_groups": security,
	}})
	rep.Header.Set("Location", links[0]["href"].(string))
	return rep
}

// Launch makes the servers of an order, as many as the quota allows, and
// returns the first one.
func (p *Project) Launch(o *Order, now time.Time) (*Server, *frame.Reply) {
	n, r := p.affordable(o)
	if r != nil {
		return nil, r
	}
	reservation := "r-" + frame.NewHexID()[:8]
	var first *Server
	for i := range n {
		name := o.name
		if o.max > 1 {
			name = fmt.Sprintf("%s-%d", o.name, i+1)
		}
		v, r := p.place(o, name, now)
		if r != nil {
			return nil, r
		}
		v.reservation = reservation
		if first == nil {
			first = v
		}
		v.boot(now)
	}
	return first, nil
}

// place makes a server with its ports and volumes, in the state in which its
// life begins.
func (p *Project) place(o *Order, name string, now time.Time) (*Server, *frame.Reply) {
	v := &Server{
		ID: frame.NewID(), Name: name, project: p, Flavor: o.flavor, Image: o.image, Zone: cmp.Or(o.zone, p.Place.Region.DefaultZone()), Key: o.key,
		Metadata: map[string]string{}, vm: vmBuilding, Task: "scheduling",
		Created: now, Updated: now,
	}
	if o.image != nil {
		maps.Copy(v.Metadata, serverMetadata(o.image))
	}
	maps.Copy(v.Metadata, o.metadata)
	for _, n := range o.nics {
		pt, r := n.connect(v, o.security)
		if r != nil {
			v.unplug()
			return nil, r
		}
		v.Ports = append(v.Ports, pt)
	}
	for _, d := range o.devices {
		if d.destination != "volume" {
			continue
		}
		vol := d.volume
		if vol == nil {
			vol = d.newVolume(v.Zone, now)
			p.Volumes.Volumes = append(p.Volumes.Volumes, vol)
		} else {
			vol.Status = blockstorage.Attaching
		}
		a := v.attach(vol, now)
		a.deleteOnTermination, a.Root = d.deleteOnTermination, d.boot == 0
	}
	if o.group != nil {
		o.group.members = append(o.group.members, v.ID)
	}
	p.Servers = append(p.Servers, v)
	p.byID[v.ID] = v
	return v, nil
}

// boot lets a server come up: scheduled at once, spawning in the middle,
// active at the end of the transition.
func (v *Server) boot(now time.Time) {
	f := v.project.service.frame
	v.pending = f.Plan(now.Add(f.Transition/2), scheduled{v})
}

func (v *Server) built(at time.Time) {
	v.Task, v.Updated = "", at
	v.running(at)
	v.volumesBecome(blockstorage.InUse)
}

// affordable is how many of the servers asked for the quota allows.
func (p *Project) affordable(o *Order) (int, *frame.Reply) {
	q := p.service.Config.Quota
	var cores, ram int
	for _, v := range p.Servers {
		cores += v.Flavor.VCPUs
		ram += v.Flavor.RAM
	}
	type resource struct {
		name              string
		used, each, limit int
	}
	resources := []resource{
		{"cores", cores, o.flavor.VCPUs, q.VCPUs},
		{"instances", len(p.Servers), 1, q.Servers},
		{"ram", ram, o.flavor.RAM, q.RAM},
	}
	var over []resource
	for n := o.max; n >= o.min; n-- {
		over = slices.DeleteFunc(slices.Clone(resources), func(r resource) bool {
			return r.limit == 0 || r.used+n*r.each <= r.limit
		})
		if len(over) == 0 {
			return n, nil
		}
	}
	var names, asked, used, limits []string
	for _, r := range over {
		names = append(names, r.name)
		asked = append(asked, fmt.Sprint(o.min*r.each))
		used = append(used, fmt.Sprint(r.used))
		limits = append(limits, fmt.Sprint(r.limit))
	}
	list := func(s []string) string { return strings.Join(s, ", ") }
	return 0, frame.Refused(http.StatusForbidden, "Quota exceeded for %s: Requested %s, but already used %s of %s %s",
		list(names), list(asked), list(used), list(limits), list(names))
}

// serverMetadata is what a server takes over from its image.
func serverMetadata(img *image.Image) map[string]string {
	m := map[string]string{
		"image_name": img.Name, "volume_size": strconv.Itoa(img.MinDisk), "project_domain": "NORMAL",
		"monitoring_agent": "sysmon", "tc_env": "sysmon",
	}
	for _, k := range []string{"os_distro", "os_version", "os_type", "os_architecture", "description", "login_username", "hypervisor_type"} {
		m[k] = img.Properties[k]
	}
	return m
}

// image finds an image that the tenant can see; nil when there is none.
func (p *Project) image(ref string) *image.Image { return p.service.Images.Find(p.Place, ref) }

// Fits tells whether the networks have an address for each of the servers.
func (o *Order) Fits() bool {
	return !slices.ContainsFunc(o.nics, func(n nic) bool { return n.free() < o.max })
}

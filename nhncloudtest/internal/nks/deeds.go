package nks

import (
	"maps"
	"slices"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
)

// What is below is true at the end of a task that went well.

// deeds are one of each.
func deeds() []any {
	return []any{
		taskOver{}, labelled{}, hasACL{}, addonIs{}, addonGone{}, hasFlavor{}, hasVersion{}, renewed{}, groupGone{}, clusterGone{},
	}
}

// labelled sets labels, of a cluster or a node group.
type labelled struct {
	group   *nodeGroup
	cluster *cluster
	set     object
}

func (d labelled) Happen(time.Time) {
	if d.group != nil {
		maps.Copy(d.group.labels, d.set)
		return
	}
	maps.Copy(d.cluster.labels, d.set)
}

type hasACL struct {
	cluster *cluster
	acl     acl
}

func (d hasACL) Happen(time.Time) { d.cluster.acl = d.acl }

type addonIs struct {
	addon   *installed
	offer   *offer
	options object
}

func (d addonIs) Happen(time.Time) { d.addon.offer, d.addon.options = d.offer, d.options }

type addonGone struct{ addon *installed }

func (d addonGone) Happen(time.Time) {
	cl := d.addon.cluster
	cl.addons = slices.DeleteFunc(cl.addons, func(o *installed) bool { return o == d.addon })
}

type hasFlavor struct {
	group  *nodeGroup
	flavor *compute.Flavor
}

func (d hasFlavor) Happen(time.Time) {
	d.group.flavor = d.flavor
	d.group.labels["flavor_type"] = d.flavor.ExtraSpecs["flavor_type"]
}

// hasVersion is an upgrade of a node group, or of the control plane of a cluster.
type hasVersion struct {
	group   *nodeGroup
	cluster *cluster
	version string
}

func (d hasVersion) Happen(time.Time) {
	if d.group != nil {
		d.group.version = d.version
		return
	}
	d.cluster.version = d.version
}

type renewed struct {
	cluster *cluster
	years   string
}

func (d renewed) Happen(at time.Time) {
	d.cluster.labels["term_of_validity"] = d.years
	d.cluster.renew(at)
}

type groupGone struct{ group *nodeGroup }

func (d groupGone) Happen(time.Time) {
	cl := d.group.cluster
	cl.groups = slices.DeleteFunc(cl.groups, func(o *nodeGroup) bool { return o == d.group })
}

type clusterGone struct{ cluster *cluster }

func (d clusterGone) try() error { return d.cluster.unguard() }

func (d clusterGone) Happen(time.Time) {
	p := d.cluster.project
	d.cluster.api.close()
	p.clusters = slices.DeleteFunc(p.clusters, func(o *cluster) bool { return o == d.cluster })
}

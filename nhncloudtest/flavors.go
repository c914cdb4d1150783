package nhncloudtest

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
)

// Flavor is a size of server.
type Flavor struct {
	ID         string // made up when empty
	Name       string // those of the u2 family boot from a local disk
	VCPUs      int
	RAM        int               // MB
	Disk       int               // GB of the local disk; 0 boots from a volume
	Ephemeral  int               // GB of further local disk
	ExtraSpecs map[string]string // flavor_type is always there
}

type flavor struct{ Flavor }

// local says whether servers of the flavor boot from a disk of their host.
func (f *flavor) local() bool { return f.Disk > 0 }

func builtInFlavors() []Flavor {
	made := func(name, kind string, cpus, gb, disk int) Flavor {
		return Flavor{
			ID: fixedID("flavor", name), Name: name, VCPUs: cpus, RAM: gb * 1024, Disk: disk,
			ExtraSpecs: map[string]string{"flavor_type": kind},
		}
	}
	return []Flavor{
		made("u2.c1m1", "general", 1, 1, 20),
		made("u2.c2m4", "general", 2, 4, 50),
		made("u2.c4m8", "general", 4, 8, 100),
		made("t2.c1m1", "general", 1, 1, 0),
		made("m2.c1m2", "memory", 1, 2, 0),
		made("m2.c2m4", "memory", 2, 4, 0),
		made("m2.c4m8", "memory", 4, 8, 0),
		made("c2.c2m2", "compute", 2, 2, 0),
		made("r2.c2m8", "memory", 2, 8, 0),
		made("r2.c4m32", "memory", 4, 32, 0),
		made("x1.c32m256", "performance", 32, 256, 0),
	}
}

func (rg *region) addFlavor(f Flavor) *flavor {
	if f.ID == "" {
		f.ID = newID()
	}
	specs := map[string]string{"flavor_type": "general"}
	for k, v := range f.ExtraSpecs {
		specs[k] = v
	}
	f.ExtraSpecs = specs
	fl := &flavor{f}
	rg.flavors = append(rg.flavors, fl)
	return fl
}

// flavor finds a flavor by its id, or by the URL that ends in it.
func (rg *region) flavor(ref string) *flavor {
	id := ref[strings.LastIndex(ref, "/")+1:]
	for _, f := range rg.flavors {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func listFlavors(c *call) reply {
	return c.listFlavors(func(f *flavor) object {
		return object{"id": f.ID, "name": f.Name, "links": c.computeLinks("flavors", f.ID)}
	})
}

func listFlavorsDetail(c *call) reply { return c.listFlavors(c.flavorBody) }

func (c *call) listFlavors(body func(*flavor) object) reply {
	limit, r := c.limit()
	if r != nil {
		return *r
	}
	var least [2]int
	for i, name := range []string{"minDisk", "minRam"} {
		text := c.query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return c.fail(http.StatusBadRequest, "Invalid %s filter [%s]", name, text)
		}
		least[i] = n
	}
	var found []*flavor
	for _, f := range c.region.flavors {
		if f.Disk >= least[0] && f.RAM >= least[1] {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b *flavor) int { return cmp.Compare(a.ID, b.ID) })
	page, ok := cutPage(found, func(f *flavor) string { return f.ID }, c.query.Get("marker"), limit)
	if !ok {
		return c.fail(http.StatusBadRequest, "marker [%s] not found", c.query.Get("marker"))
	}
	flavors := []object{}
	for _, f := range page {
		flavors = append(flavors, body(f))
	}
	answered := object{"flavors": flavors}
	if len(page) == limit {
		answered["flavors_links"] = c.nextPage(page[limit-1].ID)
	}
	return answer(http.StatusOK, answered)
}

// getFlavor is not in NHN Cloud's guide, but OpenStack clients call it.
func getFlavor(c *call) reply {
	f := c.region.flavor(c.value("flavorId"))
	if f == nil {
		return c.fail(http.StatusNotFound, "Flavor %s could not be found.", c.value("flavorId"))
	}
	return answer(http.StatusOK, object{"flavor": c.flavorBody(f)})
}

func (c *call) flavorBody(f *flavor) object {
	return object{
		"id": f.ID, "name": f.Name, "links": c.computeLinks("flavors", f.ID),
		"ram": f.RAM, "vcpus": f.VCPUs, "disk": f.Disk, "swap": "", "rxtx_factor": 1.0,
		"extra_specs":                f.ExtraSpecs,
		"OS-FLV-DISABLED:disabled":   false,
		"os-flavor-access:is_public": true,
		"OS-FLV-EXT-DATA:ephemeral":  f.Ephemeral,
	}
}

func listZones(c *call) reply {
	zones := []object{}
	for _, z := range c.region.zones {
		zones = append(zones, object{"zoneName": z, "zoneState": object{"available": true}})
	}
	return answer(http.StatusOK, object{"availabilityZoneInfo": zones})
}

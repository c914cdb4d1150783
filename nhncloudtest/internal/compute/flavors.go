package compute

import (
	"cmp"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
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

// Local says whether servers of the flavor boot from a disk of their host.
func (f *Flavor) Local() bool { return f.Disk > 0 }

func builtInFlavors() []Flavor {
	made := func(name, kind string, cpus, gb, disk int) Flavor {
		return Flavor{
			ID: frame.FixedID("flavor", name), Name: name, VCPUs: cpus, RAM: gb * 1024, Disk: disk,
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

func (rg *Region) addFlavor(f Flavor) *Flavor {
	if f.ID == "" {
		f.ID = frame.NewID()
	}
	specs := map[string]string{"flavor_type": "general"}
	maps.Copy(specs, f.ExtraSpecs)
	f.ExtraSpecs = specs
	rg.Flavors = append(rg.Flavors, &f)
	return &f
}

// Flavor finds a flavor by its id, or by the URL that ends in it.
func (rg *Region) Flavor(ref string) *Flavor {
	id := ref[strings.LastIndex(ref, "/")+1:]
	for _, f := range rg.Flavors {
		if f.ID == id {
			return f
		}
	}
	return nil
}

func listFlavors(c *call) frame.Reply {
	return c.listFlavors(func(f *Flavor) object {
		return object{"id": f.ID, "name": f.Name, "links": c.computeLinks("flavors", f.ID)}
	})
}

func listFlavorsDetail(c *call) frame.Reply { return c.listFlavors(c.flavorBody) }

func (c *call) listFlavors(body func(*Flavor) object) frame.Reply {
	limit, r := c.limit()
	if r != nil {
		return *r
	}
	var least [2]int
	for i, name := range []string{"minDisk", "minRam"} {
		text := c.Query.Get(name)
		if text == "" {
			continue
		}
		n, err := strconv.Atoi(text)
		if err != nil {
			return *frame.BadRequest("Invalid %s filter [%s]", name, text)
		}
		least[i] = n
	}
	var found []*Flavor
	for _, f := range c.region.Flavors {
		if f.Disk >= least[0] && f.RAM >= least[1] {
			found = append(found, f)
		}
	}
	slices.SortFunc(found, func(a, b *Flavor) int { return cmp.Compare(a.ID, b.ID) })
	page, ok := frame.CutPage(found, func(f *Flavor) string { return f.ID }, c.Query.Get("marker"), limit)
	if !ok {
		return *frame.BadRequest("marker [%s] not found", c.Query.Get("marker"))
	}
	flavors := []object{}
	for _, f := range page {
		flavors = append(flavors, body(f))
	}
	answered := object{"flavors": flavors}
	if len(page) == limit {
		answered["flavors_links"] = c.NextPage(page[limit-1].ID)
	}
	return frame.Answer(http.StatusOK, answered)
}

// flavor finds the flavor that the path names.
func (c *call) flavor() (*Flavor, *frame.Reply) {
	if f := c.region.Flavor(c.Value("flavorId")); f != nil {
		return f, nil
	}
	return nil, frame.NotFound("Flavor %s could not be found.", c.Value("flavorId"))
}

func getFlavor(c *call) frame.Reply {
	f, r := c.flavor()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"flavor": c.flavorBody(f)})
}

func listExtraSpecs(c *call) frame.Reply {
	f, r := c.flavor()
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, object{"extra_specs": f.ExtraSpecs})
}

func getExtraSpec(c *call) frame.Reply {
	f, r := c.flavor()
	if r != nil {
		return *r
	}
	key := c.Value("key")
	value, ok := f.ExtraSpecs[key]
	if !ok {
		return *frame.NotFound("Flavor %s has no extra specs with key %s.", f.ID, key)
	}
	return frame.Answer(http.StatusOK, object{key: value})
}

func (c *call) flavorBody(f *Flavor) object {
	return object{
		"id": f.ID, "name": f.Name, "links": c.computeLinks("flavors", f.ID),
		"ram": f.RAM, "vcpus": f.VCPUs, "disk": f.Disk, "swap": "", "rxtx_factor": 1.0,
		"extra_specs":                f.ExtraSpecs,
		"OS-FLV-DISABLED:disabled":   false,
		"os-flavor-access:is_public": true,
		"OS-FLV-EXT-DATA:ephemeral":  f.Ephemeral,
	}
}

func listZones(c *call) frame.Reply {
	zones := []object{}
	for _, z := range c.Call.Region.Zones {
		zones = append(zones, object{"zoneName": z, "zoneState": object{"available": true}})
	}
	return frame.Answer(http.StatusOK, object{"availabilityZoneInfo": zones})
}

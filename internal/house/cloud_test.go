package house_test

import (
	"strconv"
	"strings"
)

// The in-memory cloud: its front, and below it a package a service.
const (
	cloudFront = "nhncloudtest"
	cloudRooms = cloudFront + "/internal/"
	cloudPath  = module + "/" + cloudRooms
)

// cloudRanks order the packages of the cloud. A service that is not listed
// stands on top of those that are, but for the v1.0 API, which shows them.
var cloudRanks = map[string]int{
	"frame":    0,
	"blob":     1,
	"identity": 1,
	"network":  2, "blockstorage": 2, "image": 2, "objectstorage": 2,
	"compute": 3,
	"v1":      5,
}

const newServiceRank = 4

func cloudRank(room string) int {
	if rank, ok := cloudRanks[room]; ok {
		return rank
	}
	return newServiceRank
}

// cloudImports: in the in-memory cloud imports run one way, from the front over
// the services down to the frame. What two services share moves down, never
// sideways; and nothing is shared with the SDK, which it is to test. What joins
// the two is a package of its own beside the front.
func cloudImports(r *repo) []finding {
	var found []finding
	for _, p := range r.packages {
		room, inside := strings.CutPrefix(p.dir, cloudRooms)
		if p.isTestSupport() || !inside && p.dir != cloudFront {
			continue
		}
		for _, f := range p.files {
			for _, spec := range f.ast.Imports {
				importPath, _ := strconv.Unquote(spec.Path.Value)
				local, ours := strings.CutPrefix(importPath, module+"/")
				to, isRoom := strings.CutPrefix(local, cloudRooms)
				switch {
				case !ours && importPath != module:
				case local == cloudFront:
					found = append(found, f.at(spec.Pos(), "%s imports the front", room))
				case !isRoom:
					found = append(found, f.at(spec.Pos(), "the cloud imports %s", importPath))
				case inside && cloudRank(to) >= cloudRank(room):
					found = append(found, f.at(spec.Pos(), "%s imports %s, which is not below it", room, to))
				}
			}
		}
	}
	return found
}

var cloudImportsSnippets = []snippet{
	{"kept", tree{
		cloudFront + "/a.go":                  `import ("` + cloudPath + `frame"; "` + cloudPath + `v1"; "net/http")`,
		cloudFront + "/a_test.go":             `import "` + module + `/compute"`,
		cloudRooms + "frame/a.go":             `import "net/http"`,
		cloudRooms + "identity/a.go":          `import "` + cloudPath + `frame"`,
		cloudRooms + "network/a.go":           `import ("` + cloudPath + `frame"; "` + cloudPath + `identity")`,
		cloudRooms + "network/a_test.go":      `import ("` + module + `/nhncloudtest"; "` + cloudPath + `compute")`,
		cloudRooms + "compute/a.go":           `import ("` + cloudPath + `network"; "` + cloudPath + `blockstorage"; "` + cloudPath + `image")`,
		cloudRooms + "loadbalancer/a.go":      `import ("` + cloudPath + `network"; "` + cloudPath + `compute")`,
		cloudRooms + "v1/a.go":                `import ("` + cloudPath + `compute"; "` + cloudPath + `identity")`,
		cloudRooms + "cloudtest/cloudtest.go": `import "` + module + `/nhncloudtest"`,
		cloudFront + "/client/a.go":           `import ("` + module + `"; "` + module + `/` + cloudFront + `")`,
	}, nil},
	{"broken", tree{
		cloudFront + "/a.go":              `import ("` + module + `"; "` + module + `/internal/wire")`,
		cloudFront + "/b.go":              `import "` + module + `/` + cloudFront + `/client"`,
		cloudRooms + "frame/a.go":         `import "` + cloudPath + `identity"`,
		cloudRooms + "identity/a.go":      `import "` + cloudPath + `objectstorage"`,
		cloudRooms + "blockstorage/a.go":  `import ("` + cloudPath + `image"; "` + cloudPath + `compute")`,
		cloudRooms + "compute/a.go":       `import ("` + cloudPath + `v1"; "` + module + `/compute")`,
		cloudRooms + "network/a.go":       `import "` + module + `/nhncloudtest"`,
		cloudRooms + "objectstorage/a.go": `import "` + cloudPath + `compute"`,
		cloudRooms + "nks/a.go":           `import ("` + cloudPath + `loadbalancer"; "` + cloudPath + `v1")`,
	}, []string{
		cloudFront + "/a.go:1: the cloud imports " + module,
		cloudFront + "/a.go:1: the cloud imports " + module + "/internal/wire",
		cloudFront + "/b.go:1: the cloud imports " + module + "/" + cloudFront + "/client",
		cloudRooms + "blockstorage/a.go:1: blockstorage imports image, which is not below it",
		cloudRooms + "blockstorage/a.go:1: blockstorage imports compute, which is not below it",
		cloudRooms + "compute/a.go:1: compute imports v1, which is not below it",
		cloudRooms + "compute/a.go:1: the cloud imports " + module + "/compute",
		cloudRooms + "frame/a.go:1: frame imports identity, which is not below it",
		cloudRooms + "identity/a.go:1: identity imports objectstorage, which is not below it",
		cloudRooms + "network/a.go:1: network imports the front",
		cloudRooms + "nks/a.go:1: nks imports loadbalancer, which is not below it",
		cloudRooms + "nks/a.go:1: nks imports v1, which is not below it",
		cloudRooms + "objectstorage/a.go:1: objectstorage imports compute, which is not below it",
	}},
}

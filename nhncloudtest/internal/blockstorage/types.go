package blockstorage

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// DefaultType is the type of a volume that asks for none.
const DefaultType = "General HDD"

type volumeType struct{ id, name, backend string }

var volumeTypes = []volumeType{
	made("General SSD", "ssd_general"), made("General HDD", "hdd_general"),
	made("Encrypted HDD", "hdd_encrypted"), made("Encrypted SSD", "ssd_encrypted"),
}

func made(name, backend string) volumeType {
	return volumeType{id: frame.FixedID("volume type", name), name: name, backend: backend}
}

// FindType is the name of the volume type of a name or an id.
func FindType(ref string) (name string, ok bool) {
	for _, t := range volumeTypes {
		if t.name == ref || t.id == ref {
			return t.name, true
		}
	}
	return "", false
}

func listTypes(*call) frame.Reply {
	types := []object{}
	for _, t := range volumeTypes {
		types = append(types, object{
			"id": t.id, "name": t.name, "description": nil, "os-volume-type-access:is_public": true,
			"extra_specs": object{"volume_backend_name": t.backend},
		})
	}
	return frame.Answer(http.StatusOK, object{"volume_types": types})
}

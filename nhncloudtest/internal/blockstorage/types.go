package blockstorage

import (
	"net/http"
	"time"

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

func findType(ref string) *volumeType {
	for i, t := range volumeTypes {
		if t.name == ref || t.id == ref {
			return &volumeTypes[i]
		}
	}
	return nil
}

// FindType is the name of the volume type of a name or an id.
func FindType(ref string) (name string, ok bool) {
	if t := findType(ref); t != nil {
		return t.name, true
	}
	return "", false
}

func (t *volumeType) body() object {
	return object{
		"id": t.id, "name": t.name, "description": nil, "os-volume-type-access:is_public": true,
		"extra_specs": object{"volume_backend_name": t.backend},
	}
}

func listTypes(*call) frame.Reply {
	types := []object{}
	for _, t := range volumeTypes {
		types = append(types, t.body())
	}
	return frame.Answer(http.StatusOK, object{"volume_types": types})
}

func getType(c *call) frame.Reply {
	id := c.Value("typeId")
	if t := findType(id); t != nil && t.id == id {
		return frame.Answer(http.StatusOK, object{"volume_type": t.body()})
	}
	return *frame.NotFound("Volume type %s could not be found.", id)
}

func createType(*call) frame.Reply {
	return *frame.Refused(http.StatusForbidden, "Policy doesn't allow volume_extension:type_create to be performed.")
}

// record is the type as the database has it, in which form one answer shows it:
// with its specs in a list, and with a word in place of null.
func (t *volumeType) record() object {
	const none = "null"
	since := frame.Micros(time.Date(2019, 10, 10, 6, 34, 33, 0, time.UTC))
	return object{
		"id": t.id, "name": t.name, "description": none, "is_public": true, "qos_specs_id": frame.FixedID("qos specs", t.name),
		"deleted": false, "deleted_at": none, "created_at": since, "updated_at": since,
		"extra_specs": []object{{
			"id": 1, "volume_type_id": t.id, "key": "volume_backend_name", "value": t.backend,
			"deleted": false, "deleted_at": none, "created_at": since, "updated_at": none,
		}},
	}
}

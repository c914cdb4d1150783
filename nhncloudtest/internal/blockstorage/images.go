package blockstorage

import (
	"cmp"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// uploadImage is the action that makes an image of a volume.
const uploadImage = "os-volume_upload_image"

// unknownAction answers bodies that ask for nothing known.
func unknownAction(c *call) frame.Reply {
	if _, r := c.theVolume(); r != nil {
		return *r
	}
	for key := range c.Body {
		if len(c.Body) == 1 {
			return *frame.BadRequest("There is no such action: %s", key)
		}
	}
	return *frame.BadRequest("Malformed request body")
}

// upload begins to make an image of a volume.
func upload(c *call) frame.Reply {
	v, r := c.theVolume()
	if r != nil {
		return *r
	}
	spec, force, r := readImageSpec(frame.Sub(c.Body, uploadImage))
	if r != nil {
		return *r
	}
	states := []string{Available}
	if force {
		states = append(states, InUse)
	}
	if r := v.mustBe(states...); r != nil {
		return *r
	}
	spec.MinDisk, spec.Properties = v.Size, v.Properties
	id := c.project.service.SaveImage(c.Place(), spec, c.Now)
	c.Frame.After(c.Now, uploaded{v, v.Status})
	v.Status = Uploading
	return frame.Answer(http.StatusAccepted, object{uploadImage: object{
		"id": v.ID, "status": v.Status, "size": v.Size, "display_description": v.Description.Value(),
		"image_id": id, "image_name": spec.Name, "disk_format": spec.DiskFormat, "container_format": spec.ContainerFormat,
		"updated_at": frame.Micros(c.Now), "volume_type": findType(v.Type).record(),
	}})
}

// readImageSpec reads what image is wanted, and whether the volume may be in
// use.
func readImageSpec(request object) (spec ImageSpec, force bool, r *frame.Reply) {
	name, ok := request["image_name"].(string)
	switch {
	case request["image_name"] == nil:
		return spec, false, frame.Required(uploadImage, request, "image_name")
	case !ok:
		return spec, false, frame.Invalid("image_name", request["image_name"], frame.PyRepr(request["image_name"])+" is not of type 'string'")
	case name == "":
		return spec, false, frame.Invalid("image_name", name, "'' is too short")
	case len([]rune(name)) > 255:
		return spec, false, frame.Invalid("image_name", name, frame.PyRepr(frame.Shorten(name))+" is too long")
	}
	spec.Name = name
	for _, choice := range []struct {
		key    string
		field  *string
		values []string // the first one stands for none
	}{
		{"disk_format", &spec.DiskFormat, []string{"raw", "vmdk", "vdi", "qcow2", "vhd", "vhdx", "ploop"}},
		{"container_format", &spec.ContainerFormat, []string{"bare", "ovf", "aki", "ari", "ami", "ova", "docker", "compressed"}},
		{"visibility", &spec.Visibility, []string{"private", "shared"}},
	} {
		*choice.field = cmp.Or(frame.Str(request, choice.key), choice.values[0])
		value, given := request[choice.key]
		if _, isText := value.(string); given && !isText || !slices.Contains(choice.values, *choice.field) {
			return spec, false, frame.Invalid(choice.key, value, frame.PyRepr(value)+" is not one of ['"+strings.Join(choice.values, "', '")+"']")
		}
	}
	if spec.Protected, r = readBool(request, "protected"); r != nil {
		return spec, false, r
	}
	force, r = readBool(request, "force")
	return spec, force, r
}

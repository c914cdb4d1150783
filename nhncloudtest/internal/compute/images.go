package compute

import (
	"net/http"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// imageStates are the statuses of images as compute names them, and how far
// they are in percent.
var imageStates = map[string]struct {
	status   string
	progress int
}{
	"active":         {"ACTIVE", 100},
	"queued":         {"SAVING", 25},
	"saving":         {"SAVING", 50},
	"killed":         {"ERROR", 0},
	"pending_delete": {"DELETED", 0},
	"deactivated":    {"UNKNOWN", 0},
}

// getImage shows an image of the image service as compute sees it.
func getImage(c *call) frame.Reply {
	img := c.project.image(c.Value("imageId"))
	if img == nil {
		return *frame.NotFound("Image not found.")
	}
	state := imageStates[img.Status]
	alternate := frame.Link("alternate", c.Frame.URL+c.Call.Region.Prefix+"/image/v2/images/"+img.ID)
	alternate["type"] = "application/vnd.openstack.image"
	body := object{
		"id": img.ID, "name": img.Name, "status": state.status, "progress": state.progress, "metadata": img.Properties,
		"minDisk": img.MinDisk, "minRam": img.MinRAM, "created": frame.Seconds(img.Created), "updated": frame.Seconds(img.Updated),
		"OS-EXT-IMG-SIZE:size": nil, "links": append(c.computeLinks("images", img.ID), alternate),
	}
	if img.Status == "active" {
		body["OS-EXT-IMG-SIZE:size"] = img.Size
	}
	return frame.Answer(http.StatusOK, object{"image": body})
}

package nhncloudtest

import (
	"net/http"
	"slices"
)

func (img *image) bodyV1() object {
	o := object{
		"id": img.id, "name": img.name, "status": img.status, "isPublic": img.visibility == "public",
		"protected": img.protected, "minDisk": img.minDisk, "minRam": img.minRAM, "diskFormat": "qcow2", "size": nil,
		"createdAt": seconds(img.created), "updatedAt": seconds(img.updated), "properties": img.properties,
	}
	if img.status == "active" {
		o["size"] = img.size
	}
	return o
}

// listImagesV1 shows one page of the images, the newest first.
func listImagesV1(c *call) (object, *reply) {
	limit, problem := c.limitOf(c.query.Get("limit"))
	if problem != "" {
		return nil, badParameters("%s", problem)
	}
	var found []*image
	for _, img := range c.region.images {
		if c.project.sees(img) {
			found = append(found, img)
		}
	}
	slices.SortStableFunc(found, func(a, b *image) int { return a.created.Compare(b.created) })
	slices.Reverse(found)
	marker := c.query.Get("marker")
	page, ok := cutPage(found, func(img *image) string { return img.id }, marker, limit)
	if !ok {
		return nil, areaImage.notFound("Image", marker)
	}
	images := []object{}
	for _, img := range page {
		images = append(images, img.bodyV1())
	}
	return object{"images": images}, nil
}

// deleteImageV1 deletes an image that the user made.
func deleteImageV1(c *call) (object, *reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	img := c.project.image(id)
	switch {
	case img == nil:
		return nil, areaImage.notFound("Image", id)
	case img.owner != c.project.tenant.id || img.protected:
		return nil, areaImage.refused(http.StatusForbidden, "You are not permitted to delete image %s.", id)
	}
	c.region.images = slices.DeleteFunc(c.region.images, func(o *image) bool { return o == img })
	return nil, nil
}

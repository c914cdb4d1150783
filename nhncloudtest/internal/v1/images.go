package v1

import (
	"net/http"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/image"
)

func imageBody(img *image.Image) object {
	o := object{
		"id": img.ID, "name": img.Name, "status": img.Status, "isPublic": img.Visibility == "public",
		"protected": img.Protected, "minDisk": img.MinDisk, "minRam": img.MinRAM, "diskFormat": frame.Nullable(img.DiskFormat), "size": nil,
		"createdAt": frame.Seconds(img.Created), "updatedAt": frame.Seconds(img.Updated), "properties": img.Properties,
	}
	if img.Status == "active" {
		o["size"] = img.Size
	}
	return o
}

// listImages shows one page of the images, the newest first.
func listImages(c *call) (object, *frame.Reply) {
	limit, problem := image.Limit(c.Call)
	if problem != "" {
		return nil, badParameters("%s", problem)
	}
	found := c.images.Visible(c.Place())
	slices.SortStableFunc(found, func(a, b *image.Image) int { return a.Created.Compare(b.Created) })
	slices.Reverse(found)
	marker := c.Query.Get("marker")
	page, ok := frame.CutPage(found, func(img *image.Image) string { return img.ID }, marker, limit)
	if !ok {
		return nil, areaImage.notFound("Image", marker)
	}
	images := []object{}
	for _, img := range page {
		images = append(images, imageBody(img))
	}
	return object{"images": images}, nil
}

// deleteImage deletes an image that the user made.
func deleteImage(c *call) (object, *frame.Reply) {
	id, r := c.queried("id")
	if r != nil {
		return nil, r
	}
	img := c.images.Find(c.Place(), id)
	switch {
	case img == nil:
		return nil, areaImage.notFound("Image", id)
	case img.Owner != c.Tenant || img.Protected:
		return nil, areaImage.refused(http.StatusForbidden, "You are not permitted to delete image %s.", id)
	}
	c.images.Remove(c.Region, img)
	return nil, nil
}

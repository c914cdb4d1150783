package image

import (
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// OfVolume is an image as block storage asks for it.
type OfVolume struct {
	Name                        string
	DiskFormat, ContainerFormat string
	Visibility                  string // private or shared
	Protected                   bool
	MinDisk                     int               // GB of the volume
	Properties                  map[string]string // of the image that the volume was made from
}

// SaveVolume begins to save the content of a volume as an image of a tenant.
func (s *Service) SaveVolume(place frame.Place, from OfVolume, now time.Time) *Image {
	img := s.Save(place, Spec{Name: from.Name, MinDisk: from.MinDisk, Properties: from.Properties}, now)
	img.DiskFormat, img.ContainerFormat = from.DiskFormat, from.ContainerFormat
	img.Visibility, img.Protected = from.Visibility, from.Protected
	return img
}

// Root is an image to whoever makes a disk of it.
type Root struct {
	Active     bool // it can be used
	MinDisk    int  // GB that the disk needs
	Properties map[string]string
}

// Root looks an image up that a tenant can see.
func (s *Service) Root(place frame.Place, ref string) (Root, bool) {
	img := s.Find(place, ref)
	if img == nil {
		return Root{}, false
	}
	return Root{Active: img.Status == "active", MinDisk: img.MinDisk, Properties: img.Properties}, true
}

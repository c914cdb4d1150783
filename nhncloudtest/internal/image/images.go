package image

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/blob"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// Spec is an image as an option gives it.
type Spec struct {
	ID         string // made up when empty
	Name       string
	OSType     string            // "linux" (the default) or "windows"
	OSDistro   string            // such as "Ubuntu"
	OSVersion  string            // such as "Server 22.04 LTS"
	MinDisk    int               // GB; 20 when 0
	MinRAM     int               // MB
	Size       int64             // bytes
	LoginUser  string            // user to log in as
	Properties map[string]string // further properties
}

// Image is what a server boots from.
type Image struct {
	ID, Name, Status string
	Owner            string // id of the tenant
	Visibility       string // public, private or shared
	MinDisk, MinRAM  int    // GB and MB
	Size             int64
	Protected        bool
	Created, Updated time.Time
	Properties       map[string]string // what stands beside the fixed keys
	DiskFormat       string            // empty while it is not set
	ContainerFormat  string

	tags     []string
	checksum string     // MD5 of the data
	members  []*member  // in the order in which they were made
	made     bool       // through the API
	data     *blob.Blob // nil where there are none
	sha512   string     // of the data; empty while there are none
	saved    *frame.Event
}

func builtIn() []Spec {
	linux := func(name, distro, version, user string, gb float64) Spec {
		return Spec{
			ID: frame.FixedID("image", name), Name: name, OSType: "linux", OSDistro: distro, OSVersion: version,
			MinDisk: 20, LoginUser: user, Size: int64(gb * (1 << 30)),
		}
	}
	win := linux("Windows 2022 STD (2025.11.18) EN", "Windows", "2022 STD", "Administrator", 12.5)
	win.OSType, win.MinDisk, win.MinRAM = "windows", 50, 2048
	return []Spec{
		linux("CentOS 7.9 (2024.05.21)", "CentOS", "7.9", "centos", 1.6),
		linux("Rocky Linux 9.6 (2025.11.18)", "Rocky Linux", "9.6", "rocky", 1.9),
		linux("Ubuntu Server 22.04.5 LTS (2025.11.18)", "ubuntu", "Server 22.04 LTS", "ubuntu", 2.2),
		linux("Ubuntu Server 24.04.3 LTS (2025.11.18)", "ubuntu", "Server 24.04 LTS", "ubuntu", 2.4),
		win,
	}
}

func (s *Service) add(rg *frame.Region, from Spec, visibility, owner string, at time.Time) *Image {
	if from.ID == "" {
		from.ID = frame.NewID()
	}
	img := &Image{
		ID: from.ID, Name: from.Name, Status: "active", Owner: owner, Visibility: visibility,
		MinDisk: cmp.Or(from.MinDisk, 20), MinRAM: from.MinRAM, Size: cmp.Or(from.Size, 1<<31),
		checksum: frame.FixedHexID("checksum", from.ID), Protected: visibility == "public",
		DiskFormat: "qcow2", ContainerFormat: "bare",
		Created: at, Updated: at,
		Properties: map[string]string{
			"description": from.Name, "login_username": cmp.Or(from.LoginUser, "root"),
			"os_distro": from.OSDistro, "os_version": from.OSVersion, "os_type": cmp.Or(from.OSType, "linux"),
			"os_architecture": "amd64", "hypervisor_type": "qemu",
		},
	}
	for k, v := range from.Properties {
		img.Properties[k] = v
	}
	s.images[rg] = append(s.images[rg], img)
	return img
}

// Windows tells whether it is one of Windows.
func (img *Image) Windows() bool { return strings.EqualFold(img.Properties["os_type"], "windows") }

func (s *Service) get(c *frame.Call) frame.Reply {
	img, r := s.find(c)
	if r != nil {
		return *r
	}
	return frame.Answer(http.StatusOK, img.body())
}

// delete takes an image away. Whoever reads it goes on.
func (s *Service) delete(c *frame.Call) frame.Reply {
	img, r := s.own(c, "delete_image")
	if r == nil && img.Protected {
		r = failed(c, http.StatusForbidden, "Image %s is protected and cannot be deleted.", img.ID)
	}
	if r != nil {
		return *r
	}
	s.Remove(c.Region, img)
	return frame.Reply{Status: http.StatusNoContent}
}

func (img *Image) body() object {
	o := object{
		"id": img.ID, "name": img.Name, "status": img.Status, "owner": img.Owner, "visibility": img.Visibility,
		"tags": append([]string{}, img.tags...), "container_format": frame.Nullable(img.ContainerFormat), "disk_format": frame.Nullable(img.DiskFormat),
		"protected": img.Protected, "min_disk": img.MinDisk, "min_ram": img.MinRAM, "virtual_size": nil,
		"created_at": frame.Seconds(img.Created), "updated_at": frame.Seconds(img.Updated),
		"self": "/v2/images/" + img.ID, "file": "/v2/images/" + img.ID + "/file", "schema": "/v2/schemas/image",
		"size": nil, "checksum": nil,
	}
	if img.made {
		o["os_hash_algo"], o["os_hash_value"], o["os_hidden"], o["locations"] = nil, nil, false, []string{}
	}
	if img.Status == "active" {
		o["size"], o["checksum"] = img.Size, img.checksum
		if img.sha512 != "" {
			o["os_hash_algo"], o["os_hash_value"] = "sha512", img.sha512
		}
	}
	for k, v := range img.Properties {
		if _, fixed := o[k]; !fixed {
			o[k] = v
		}
	}
	return o
}

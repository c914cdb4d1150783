package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	"github.com/nhncloud-go/nhncloud/compute"
)

// upload makes an image of the file. Images.CreateAndUpload does both steps in
// one, and deletes the image itself where it fails; here the image is to be
// deleted at the end in any case.
func (s *studio) upload(ctx context.Context) (*compute.Image, error) {
	path, err := s.path()
	if err != nil {
		return nil, err
	}
	images := s.compute.Images
	image, err := s.makeImage(ctx, func(ctx context.Context) (string, error) {
		image, err := images.Create(ctx, compute.ImageCreateRequest{
			Name: s.name, OSType: compute.OSLinux, DiskFormat: s.format, ContainerFormat: "bare", Tags: []string{"example"},
		})
		if err != nil {
			return "", err
		}
		return image.ID, nil
	})
	if err != nil {
		return nil, err
	}
	s.Say("Uploading %s to image %s.", path, image)
	bar := &bar{out: s.Out}
	uploaded, err := images.UploadFile(ctx, image, path, &compute.ImageUploadOptions{Progress: bar.show, Wait: s.Progress()})
	bar.end()
	if err != nil {
		return nil, err
	}
	s.Say("The image is %s: %d bytes with MD5 %s.", uploaded.Status, uploaded.Size, uploaded.Checksum)
	return uploaded, nil
}

// makeImage has a call make an image, and deletes that at the end.
func (s *studio) makeImage(ctx context.Context, call func(ctx context.Context) (id string, err error)) (string, error) {
	making := s.Making(ctx, "image "+s.name)
	id, err := call(making.Context)
	if err != nil {
		return "", making.Failed(err)
	}
	making.Made("image "+id, func(ctx context.Context) error { return s.compute.Images.Delete(ctx, id) })
	return id, nil
}

// path returns that of the file to upload, which is made up where there is none.
func (s *studio) path() (string, error) {
	if s.file != "" {
		return s.file, nil
	}
	folder, err := s.Folder()
	if err != nil {
		return "", err
	}
	path := filepath.Join(folder, "disk."+s.format)
	file, err := os.Create(path)
	if err != nil {
		return "", err
	}
	defer file.Close()
	const size = 24 << 20
	_, err = io.CopyN(file, rand.NewChaCha8([32]byte{}), size)
	return path, errors.Join(err, file.Close())
}

// snapshot makes an image of the server, which is stopped for it. One with a
// local disk is made by an action of the server, others are made of its root
// volume.
func (s *studio) snapshot(ctx context.Context, server *compute.Server, flavor *compute.Flavor) error {
	s.Say("Stopping the server.")
	if err := s.compute.Servers.Stop(ctx, server.ID); err != nil {
		return err
	}
	if _, err := s.compute.Servers.WaitForStatus(ctx, server.ID, compute.StatusShutoff, s.Progress()); err != nil {
		return err
	}
	name := s.name + "-snapshot"
	id, err := s.makeImage(ctx, func(ctx context.Context) (string, error) {
		if flavor.HasLocalDisk() {
			return s.compute.Servers.CreateImage(ctx, server.ID, compute.ServerImageRequest{Name: name})
		}
		volume, err := s.rootVolume(ctx, server.ID)
		if err != nil {
			return "", err
		}
		upload, err := s.volumes.UploadImage(ctx, volume, blockstorage.ImageUploadRequest{ImageName: name, Force: true})
		if err != nil {
			return "", err
		}
		return upload.ImageID, nil
	})
	if err != nil {
		return err
	}
	s.Say("Making image %s of the server.", id)
	image, err := s.compute.Images.WaitForActive(ctx, id, s.Progress())
	if err != nil {
		return err
	}
	s.Say("Image %q is %s; a server of it needs a disk of %d GB.", image.Name, image.Status, image.MinDisk)
	return nil
}

// rootVolume finds the volume that a server boots from.
func (s *studio) rootVolume(ctx context.Context, server string) (string, error) {
	for attachment, err := range s.compute.VolumeAttachments.All(ctx, server) {
		if err != nil {
			return "", err
		}
		if strings.HasSuffix(attachment.Device, "da") { // of /dev/vda
			return attachment.VolumeID, nil
		}
	}
	return "", errors.New("the server has no root volume")
}

// bar draws how far an upload is, on one line.
type bar struct {
	out  io.Writer
	last int64 // percent; 0 as long as nothing is drawn
	left bool  // the line was left
}

// show is called while the file is sent, from one goroutine at a time.
func (b *bar) show(p nhncloud.TransferProgress) {
	percent := p.Done * 100 / max(1, p.Total)
	if percent == b.last {
		return
	}
	b.last = percent
	const width = 40
	full := int(percent * width / 100)
	fmt.Fprintf(b.out, "\r  [%s%s] %3d %% of %d MiB", strings.Repeat("=", full), strings.Repeat(" ", width-full), percent, p.Total>>20)
	if percent == 100 {
		b.end() // it goes on with waiting
	}
}

// end leaves the line, once.
func (b *bar) end() {
	if b.last > 0 && !b.left {
		fmt.Fprintln(b.out)
		b.left = true
	}
}

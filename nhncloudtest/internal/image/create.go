package image

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// readJSON reads a body that is an object or a list.
func readJSON(c *frame.Call) (any, *frame.Reply) {
	if len(c.Raw) == 0 {
		return nil, failed(c, http.StatusBadRequest, "Body expected in request.")
	}
	dec := json.NewDecoder(bytes.NewReader(c.Raw))
	dec.UseNumber()
	var v any
	if err := dec.Decode(&v); err != nil {
		return nil, failed(c, http.StatusBadRequest, "Malformed JSON in request body.")
	}
	if _, err := dec.Token(); err != io.EOF {
		return nil, failed(c, http.StatusBadRequest, "Malformed JSON in request body.")
	}
	switch v.(type) {
	case object, []any:
		return v, nil
	}
	return nil, failed(c, http.StatusBadRequest, "Unexpected body type. Expected list/dict.")
}

// create makes an image without data.
func (s *Service) create(c *frame.Call) frame.Reply {
	body, r := s.readImage(c)
	if r != nil {
		return *r
	}
	img := &Image{
		ID: frame.Str(body, "id"), Status: "queued", Owner: c.Tenant, Visibility: "private", made: true,
		Created: c.Now, Updated: c.Now, Properties: map[string]string{},
	}
	switch {
	case img.ID == "":
		img.ID = frame.NewID()
	case s.has(c.Region, img.ID):
		return *failed(c, http.StatusConflict, "Image ID %s already exists!", img.ID)
	}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if key == "id" || key == "owner" {
			continue
		}
		if r := img.set(c, key, body[key]); r != nil {
			return *r
		}
	}
	if r := img.limited(c); r != nil {
		return *r
	}
	s.images[c.Region] = append(s.images[c.Region], img)
	rep := frame.Answer(http.StatusCreated, img.body())
	rep.Header.Set("Location", c.Frame.URL+c.Region.Prefix+"/image/v2/images/"+img.ID)
	return rep
}

// readImage reads what an image is to be. A name and the type of the system are
// required here, as the guide says.
func (s *Service) readImage(c *frame.Call) (object, *frame.Reply) {
	v, r := readJSON(c)
	if r != nil {
		return nil, r
	}
	body, ok := v.(object)
	if !ok {
		return nil, failed(c, http.StatusBadRequest, "Provided object does not match schema 'image': %s is not of type 'object'", frame.PyRepr(v))
	}
	for _, key := range slices.Sorted(maps.Keys(body)) {
		if slices.Contains(disallowed, key) {
			return nil, writable(c, key, disallowed)
		}
		if r := fits(c, key, body[key]); r != nil {
			return nil, r
		}
		if key == "id" {
			continue
		}
		if r := writable(c, key, readOnly); r != nil {
			return nil, r
		}
		if len(key) > maxText {
			return nil, failed(c, http.StatusBadRequest, "Custom property should not be greater than 255 characters.")
		}
	}
	for _, key := range []string{"name", "os_type"} {
		if frame.Str(body, key) == "" {
			return nil, failed(c, http.StatusBadRequest, "Provided object does not match schema 'image': '%s' is a required property", key)
		}
	}
	if owner := frame.Str(body, "owner"); owner != "" && owner != c.Tenant {
		return nil, failed(c, http.StatusForbidden, "You are not permitted to create images owned by '%s'.", owner)
	}
	return body, nil
}

// has tells whether any tenant has an image.
func (s *Service) has(rg *frame.Region, id string) bool {
	return slices.ContainsFunc(s.images[rg], func(img *Image) bool { return img.ID == id })
}

// set gives a property a value that fits.
func (img *Image) set(c *frame.Call, key string, value any) *frame.Reply {
	text, _ := value.(string)
	number, _ := frame.AsInt(value)
	switch key {
	case "name":
		img.Name = text
	case "protected":
		img.Protected, _ = value.(bool)
	case "os_hidden":
		if hidden, _ := value.(bool); hidden {
			return failed(c, http.StatusBadRequest, "This cloud does not hide images.")
		}
	case "tags":
		img.tags = nil
		for _, tag := range value.([]any) {
			img.tag(tag.(string))
		}
	case "visibility":
		switch text {
		case "public":
			return unauthorized(c, "publicize_image")
		case "community":
			return unauthorized(c, "communitize_image")
		}
		img.Visibility = text
	case "min_disk", "min_ram":
		if number < 0 {
			return failed(c, http.StatusBadRequest, "Invalid value '%d' for parameter '%s': Cannot be a negative value.", number, key)
		}
		if key == "min_disk" {
			img.MinDisk = number
		} else {
			img.MinRAM = number
		}
	case "container_format", "disk_format":
		if img.Status != "queued" {
			return failed(c, http.StatusForbidden, "Attribute %s can be only replaced for a queued image.", key)
		}
		if key == "disk_format" {
			img.DiskFormat = text
		} else {
			img.ContainerFormat = text
		}
	case "os_type":
		if text = strings.ToLower(text); text != "linux" && text != "windows" {
			return failed(c, http.StatusBadRequest, "os_type must be windows or linux, not %s", text)
		}
		fallthrough
	default:
		img.Properties[key] = text
	}
	return nil
}

// limited refuses an image with too much beside its data.
func (img *Image) limited(c *frame.Call) *frame.Reply {
	if r := tooMany(c, len(img.Properties), "properties"); r != nil {
		return r
	}
	return tooMany(c, len(img.tags), "tags")
}

// tag puts a tag on an image, once.
func (img *Image) tag(tag string) {
	if !slices.Contains(img.tags, tag) {
		img.tags = append(img.tags, tag)
	}
}

func (s *Service) addTag(c *frame.Call) frame.Reply {
	tag := c.Value("tag")
	if r := fits(c, "tags", []any{tag}); r != nil {
		return *r
	}
	img, r := s.own(c, "modify_image")
	if r != nil {
		return *r
	}
	if !slices.Contains(img.tags, tag) {
		if r := tooMany(c, len(img.tags)+1, "tags"); r != nil {
			return *r
		}
		img.tag(tag)
		img.Updated = c.Now
	}
	return frame.Reply{Status: http.StatusNoContent}
}

func (s *Service) removeTag(c *frame.Call) frame.Reply {
	img, r := s.own(c, "modify_image")
	if r != nil {
		return *r
	}
	i := slices.Index(img.tags, c.Value("tag"))
	if i < 0 {
		return *failed(c, http.StatusNotFound, "%s", frame.NoSuchPath)
	}
	img.tags = slices.Delete(slices.Clone(img.tags), i, i+1)
	img.Updated = c.Now
	return frame.Reply{Status: http.StatusNoContent}
}

package imagecheck

import "github.com/nhncloud-go/nhncloud"

// maxName is how long the name of an image may be, in bytes.
const maxName = 255

// Name refuses a field that can't be the name of an image.
func Name(check *nhncloud.ArgumentCheck, field, name string) {
	check.Required(field, name)
	check.RefuseIf(len(name) > maxName, field, "must not be longer than 255 bytes")
}

package loadbalancer

import (
	"net/url"
	"strconv"
	"strings"

	"github.com/nhncloud-go/nhncloud"
)

// KeyManagerRef is the address of a secret, or of a container of secrets, in the
// key manager, such as
// "https://kr1-api-key-manager-infrastructure.nhncloudservice.com/v1/containers/c8f4503c-1da5-4ec7-9456-51183bd4ad4e".
type KeyManagerRef string

// ID returns the id of what is referred to, the last part of the address.
func (r KeyManagerRef) ID() string {
	address := strings.TrimRight(string(r), "/")
	return address[strings.LastIndexByte(address, '/')+1:]
}

// checkRefs refuses references that are empty.
func checkRefs(check *nhncloud.ArgumentCheck, field string, refs []KeyManagerRef) {
	texts := make([]string, len(refs))
	for i, ref := range refs {
		texts[i] = string(ref)
	}
	check.RequiredEach(field, texts)
}

// KeyManagerStatus is the status of a secret or of a container. It is an open
// type.
type KeyManagerStatus string

// KeyManagerActive is the status of what is stored.
const KeyManagerActive KeyManagerStatus = "ACTIVE"

// turnTo sets the limit and the offset of a listing to those of the link to its
// next page. The rest of the listing stays: the links of the key manager leave
// out what it was narrowed by.
func turnTo(operation string, next url.Values, limit, offset *int) error {
	for name, value := range map[string]*int{"limit": limit, "offset": offset} {
		text := next.Get(name)
		if text == "" {
			continue
		}
		number, err := strconv.Atoi(text)
		if err != nil {
			return &nhncloud.Error{Operation: operation, Message: "the link to the next page has no " + name + " that is a number", Err: nhncloud.ErrBadAnswer}
		}
		*value = number
	}
	return nil
}

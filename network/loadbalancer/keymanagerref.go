package loadbalancer

import (
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

package compute_test

import (
	"strings"
	"testing"

	"go.uber.org/goleak"

	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/internal/apitest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

const host = "https://kr1-api-instance-infrastructure.nhncloudservice.com"

// links are the links that the service gives with a resource.
func links(kind, id string) []compute.Link {
	return append([]compute.Link{{Href: apitest.ComputeURL + "/" + kind + "/" + id, Rel: "self"}}, bookmark(kind, id)...)
}

func bookmark(kind, id string) []compute.Link {
	return []compute.Link{{Href: host + "/" + apitest.TenantID + "/" + kind + "/" + id, Rel: "bookmark"}}
}

// idPage is a page of a listing with resources that have an id alone. Further
// members, such as a link to the next page, can go beside it.
func idPage(kind string, ids []string, members ...string) string {
	members = append([]string{`"` + kind + `": ` + apitest.IDList(ids...)}, members...)
	return "{" + strings.Join(members, ",") + "}"
}

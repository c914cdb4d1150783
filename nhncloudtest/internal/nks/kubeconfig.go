package nks

import (
	"encoding/base64"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// renew gives a cluster new certificates. Kubeconfigs from before are of no use
// any more.
func (cl *cluster) renew(now time.Time) {
	years, _ := frame.AsInt(cl.labels["term_of_validity"])
	cl.authority = newAuthority(cl.name, now)
	cl.admin = cl.authority.admin(now, max(years, 1))
	cl.serving = cl.authority.server(cl.api.ip, now)
}

// kubeconfig is what a client of the cluster reads.
func (cl *cluster) kubeconfig() string {
	data := base64.StdEncoding.EncodeToString
	return strings.Join([]string{
		"apiVersion: v1",
		"clusters:",
		"- cluster:",
		"    certificate-authority-data: " + data(cl.authority.pem()),
		"    server: " + cl.api.url,
		"  name: " + strconv.Quote(cl.name),
		"contexts:",
		"- context:",
		"    cluster: " + strconv.Quote(cl.name),
		"    user: admin",
		"  name: default",
		"current-context: default",
		"kind: Config",
		"preferences: {}",
		"users:",
		"- name: admin",
		"  user:",
		"    client-certificate-data: " + data(cl.admin.certificate),
		"    client-key-data: " + data(cl.admin.key),
		"",
	}, "\n")
}

func getKubeconfig(c *call) frame.Reply {
	cl, r := c.cluster()
	switch {
	case r != nil:
		return *r
	case !cl.up():
		return *unsupported(`Getting the kubeconfig of a cluster when status is "%s"`, cl.status)
	}
	return frame.Answer(http.StatusOK, object{"config": cl.kubeconfig()})
}

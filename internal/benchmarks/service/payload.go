package service

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"
)

// The ids of the documented payloads.
const (
	Tenant   = "6cdebe3eb0094910bc41f1d42ebe4cb7"
	ServerID = "aaf2778b-ea03-4ccc-8b1b-92f4b686c3ec"
)

// Listed are the lengths of the listings that the cloud has. The limit of the
// request tells which is wanted.
var Listed = []int{1, 100, 1000}

// documents are the documented answers without the white space that makes them
// readable in the guides, because the services send them so.
var documents = sync.OnceValues(func() (map[string]string, error) {
	const suffix = ".response.json"
	names := []string{
		"../../compute/testdata/compute-v2-get-server" + suffix,
		"../../compute/testdata/compute-v2-create-server" + suffix,
		"../../blockstorage/testdata/blockstorage-v2-get-volume" + suffix,
		"../../nhncloudtest/internal/cloudtest/testdata/identity-v2-create-token" + suffix,
	}
	texts := map[string]string{}
	for _, name := range names {
		data, err := os.ReadFile(filepath.FromSlash(name))
		if err != nil {
			return nil, err
		}
		var compact bytes.Buffer
		if err := json.Compact(&compact, data); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		texts[strings.TrimSuffix(filepath.Base(name), suffix)] = compact.String()
	}
	return texts, nil
})

// documented returns an answer that [cannedAnswers] has found readable.
func documented(operation string) string {
	texts, _ := documents()
	return texts[operation]
}

// cannedAnswers are whole answers by the beginning of the request line.
func cannedAnswers() (map[string][]byte, error) {
	if _, err := documents(); err != nil {
		return nil, err
	}
	made := map[string][]byte{
		"GET /v2/" + Tenant + "/servers/" + ServerID: answerOf("200 OK", documented("compute-v2-get-server")),
		createRequest: answerOf("202 Accepted", documented("compute-v2-create-server")),
	}
	for i, id := range OtherIDs {
		made["GET /v2/"+Tenant+"/servers/"+id] = answerOf("200 OK", `{"server":`+server(i)+"}")
	}
	for _, n := range Listed {
		made[fmt.Sprintf("GET /v2/%s/servers/detail?limit=%d", Tenant, n)] = answerOf("200 OK", listing(n))
		made[fmt.Sprintf("GET /v2/%s/volumes/detail?limit=%d", Tenant, n)] = answerOf("200 OK", volumeListing(n))
	}
	return made, nil
}

// OtherIDs are the ids of servers that can be asked for one by one, besides
// the documented one. They are those of the longest listing.
var OtherIDs = func() []string {
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = uuid(i, 1)
	}
	return ids
}()

// listing is an answer with n servers.
func listing(n int) string {
	var b strings.Builder
	b.WriteString(`{"servers":[`)
	for i := range n {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(server(i))
	}
	b.WriteString("]}")
	return b.String()
}

var born = time.Date(2020, 2, 25, 1, 15, 46, 0, time.UTC)

// server is the documented server made to differ the way the servers of one
// project do: by ids, name, address, times, links, now and then by status; not
// by tenant, zone, flavor, image and its metadata.
func server(i int) string {
	created := born.Add(time.Duration(i) * 7919 * time.Second)
	launched := created.Add(37*time.Second + time.Duration(i%1000)*time.Microsecond)
	changes := []string{
		ServerID, uuid(i, 1),
		"90712f4f-2faa-4e4f-8eb1-9313a8595570", uuid(i, 2),
		`"Web-Server"`, fmt.Sprintf(`"web-%d"`, i),
		"172.16.0.40", fmt.Sprintf("172.16.%d.%d", i/250, 2+i%250),
		"fa:16:3e:54:a7:64", fmt.Sprintf("fa:16:3e:54:%02x:%02x", i/256, i%256),
		"078d06f898889699f8731d030812e43d2c417edb2cf641dda598c7bd", fmt.Sprintf("%056x", uint64(i%20+1)*0x9e3779b97f4a7c15),
		"2020-02-25T01:15:46Z", created.Format("2006-01-02T15:04:05Z"),
		"2020-02-25T01:22:23.000000", launched.Format("2006-01-02T15:04:05.000000"),
		"2020-02-25T01:22:24Z", launched.Format("2006-01-02T15:04:05Z"),
	}
	if i%10 == 9 {
		changes = append(changes,
			`"ACTIVE"`, `"SHUTOFF"`, `"active"`, `"stopped"`, `"OS-EXT-STS:power_state":1`, `"OS-EXT-STS:power_state":4`,
			`"OS-EXT-STS:task_state":null`, `"OS-EXT-STS:task_state":"powering-on"`,
			`"progress":0`, `"progress":50`, `"accessIPv4":""`, `"accessIPv4":"10.0.0.1"`, `"config_drive":""`, `"config_drive":"True"`,
			`"NHN-EXT-ATTR:ephemeral_disk_size":0`, `"NHN-EXT-ATTR:ephemeral_disk_size":20`, `"NHN-EXT-ATTR:protect":false`, `"NHN-EXT-ATTR:protect":true`,
		)
	}
	one := documented("compute-v2-get-server")
	return strings.NewReplacer(changes...).Replace(strings.TrimSuffix(strings.TrimPrefix(one, `{"server":`), "}"))
}

// uuid is different for each i and kind, at both ends and in between.
func uuid(i, kind int) string {
	x := uint64(i*2+kind) * 0x9e3779b97f4a7c15
	y := (x ^ x>>31) * 0xbf58476d1ce4e5b9
	return fmt.Sprintf("%08x-%04x-4%03x-8%03x-%012x", x>>32, x>>16&0xffff, x&0xfff, y>>52, y&0xffffffffffff)
}

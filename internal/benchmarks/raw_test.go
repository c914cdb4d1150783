package benchmarks

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/nhncloud-go/nhncloud/internal/benchmarks/service"
)

// What a careful programmer would write without an SDK: types with the same
// fields as those of the SDK, a token, a look at the status, and a body that is
// read to its end so that the connection can be used again. There are no
// retries, no second login, no limit to the answer and no details in errors.

type rawServer struct {
	ID               string                  `json:"id"`
	Name             string                  `json:"name"`
	Status           string                  `json:"status"`
	TaskState        string                  `json:"OS-EXT-STS:task_state"`
	VMState          string                  `json:"OS-EXT-STS:vm_state"`
	PowerState       int                     `json:"OS-EXT-STS:power_state"`
	Created          time.Time               `json:"created"`
	Updated          time.Time               `json:"updated"`
	LaunchedAt       rawTime                 `json:"OS-SRV-USG:launched_at"`
	TerminatedAt     rawTime                 `json:"OS-SRV-USG:terminated_at"`
	Addresses        map[string][]rawAddress `json:"addresses"`
	Flavor           rawRef                  `json:"flavor"`
	Image            rawRef                  `json:"image"`
	KeyName          string                  `json:"key_name"`
	SecurityGroups   []rawName               `json:"security_groups"`
	AvailabilityZone string                  `json:"OS-EXT-AZ:availability_zone"`
	VolumesAttached  []rawID                 `json:"os-extended-volumes:volumes_attached"`
	Metadata         map[string]string       `json:"metadata"`
	TenantID         string                  `json:"tenant_id"`
	UserID           string                  `json:"user_id"`
	HostID           string                  `json:"hostId"`
	DiskConfig       string                  `json:"OS-DCF:diskConfig"`
	ConfigDrive      string                  `json:"config_drive"`
	AccessIPv4       string                  `json:"accessIPv4"`
	AccessIPv6       string                  `json:"accessIPv6"`
	Progress         int                     `json:"progress"`
	EphemeralDisk    int                     `json:"NHN-EXT-ATTR:ephemeral_disk_size"`
	Protected        bool                    `json:"NHN-EXT-ATTR:protect"`
	Links            []rawLink               `json:"links"`
}

type rawAddress struct {
	Addr    string `json:"addr"`
	Version int    `json:"version"`
	Type    string `json:"OS-EXT-IPS:type"`
	MACAddr string `json:"OS-EXT-IPS-MAC:mac_addr"`
}

type rawRef struct {
	ID    string    `json:"id"`
	Links []rawLink `json:"links"`
}

type rawLink struct {
	Href string `json:"href"`
	Rel  string `json:"rel"`
}

type rawName struct {
	Name string `json:"name"`
}

type rawID struct {
	ID string `json:"id"`
}

// rawTime is a time without a zone, which encoding/json does not read.
type rawTime struct{ time.Time }

// UnmarshalJSON reads the time as UTC, and null as zero.
func (t *rawTime) UnmarshalJSON(data []byte) error {
	if string(data) == "null" {
		return nil
	}
	var err error
	t.Time, err = time.Parse(`"2006-01-02T15:04:05"`, string(data)) // takes fractions, too
	return err
}

type rawCreate struct {
	Server rawCreateServer `json:"server"`
}

type rawCreateServer struct {
	Name             string           `json:"name"`
	FlavorID         string           `json:"flavorRef"`
	ImageID          string           `json:"imageRef,omitempty"`
	Networks         []rawNetwork     `json:"networks"`
	KeyName          string           `json:"key_name"`
	AvailabilityZone string           `json:"availability_zone,omitempty"`
	BlockDevices     []rawBlockDevice `json:"block_device_mapping_v2,omitempty"`
	SecurityGroups   []rawName        `json:"security_groups,omitempty"`
	MinCount         int              `json:"min_count,omitempty"`
	MaxCount         int              `json:"max_count,omitempty"`
}

type rawNetwork struct {
	NetworkID string `json:"uuid"`
}

type rawBlockDevice struct {
	SourceType          string `json:"source_type"`
	UUID                string `json:"uuid,omitempty"`
	BootIndex           int    `json:"boot_index"`
	DestinationType     string `json:"destination_type"`
	VolumeSize          int    `json:"volume_size,omitempty"`
	DeleteOnTermination bool   `json:"delete_on_termination"`
}

type rawCreated struct {
	ID             string    `json:"id"`
	SecurityGroups []rawName `json:"security_groups"`
	DiskConfig     string    `json:"OS-DCF:diskConfig"`
	AdminPass      string    `json:"adminPass"`
	Links          []rawLink `json:"links"`
}

// send is the part in which raw and retryablehttp differ.
type send func(ctx context.Context, method, url string, body []byte, header http.Header) (*http.Response, error)

// do sends a request and decodes the answer into out.
func (s send) do(ctx context.Context, method, url, token string, body, out any) error {
	header := http.Header{
		"Accept":       {"application/json"},
		"User-Agent":   {"benchmark/1.0"},
		"X-Auth-Token": {token},
	}
	var encoded []byte
	if body != nil {
		var err error
		if encoded, err = json.Marshal(body); err != nil {
			return err
		}
		header["Content-Type"] = []string{"application/json"}
	}
	resp, err := s(ctx, method, url, encoded, header)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		text, _ := io.ReadAll(io.LimitReader(resp.Body, 4<<10))
		return fmt.Errorf("%s %s: %s: %s", method, url, resp.Status, text)
	}
	if err := json.NewDecoder(resp.Body).Decode(out); err != nil {
		return fmt.Errorf("%s %s: %w", method, url, err)
	}
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// reader returns no reader, rather than an empty one, for no body.
func reader(body []byte) io.Reader {
	if body == nil {
		return nil
	}
	return bytes.NewReader(body)
}

func restPeer(c *service.Cloud, s send) peer {
	base, token := c.URL+"/v2/"+service.Tenant, c.Issue()
	return peer{
		get: func(ctx context.Context, id string, check func(facts)) error {
			var answer struct {
				Server *rawServer `json:"server"`
			}
			err := s.do(ctx, http.MethodGet, base+"/servers/"+url.PathEscape(id), token, nil, &answer)
			if err == nil && check != nil {
				check(rawFacts(answer.Server))
			}
			return err
		},
		list: func(ctx context.Context, n int, check func(facts)) (int, error) {
			var answer struct {
				Servers []*rawServer `json:"servers"`
				Links   []rawLink    `json:"servers_links"`
			}
			query := url.Values{"limit": {strconv.Itoa(n)}}
			err := s.do(ctx, http.MethodGet, base+"/servers/detail?"+query.Encode(), token, nil, &answer)
			if check != nil {
				for _, server := range answer.Servers {
					check(rawFacts(server))
				}
			}
			return len(answer.Servers), err
		},
		create: func(ctx context.Context, check func(createdFacts)) error {
			var answer struct {
				Server *rawCreated `json:"server"`
			}
			err := s.do(ctx, http.MethodPost, base+"/servers", token, &rawCreate{rawCreateServer{
				Name:             "DB-Master",
				FlavorID:         flavorID,
				ImageID:          imageID,
				Networks:         []rawNetwork{{NetworkID: network}},
				KeyName:          "access-key",
				AvailabilityZone: "kr-pub-a",
				SecurityGroups:   []rawName{{"default"}},
				BlockDevices: []rawBlockDevice{{
					SourceType: "image", UUID: imageID, DestinationType: "volume", VolumeSize: 1000, DeleteOnTermination: true,
				}},
				MinCount: 1,
				MaxCount: 1,
			}}, &answer)
			if err == nil && check != nil {
				check(rawCreatedFacts(answer.Server))
			}
			return err
		},
	}
}

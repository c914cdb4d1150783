package oracle_test

import (
	"encoding/json"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/blockstorage"
	blockstoragev1 "github.com/nhncloud-go/nhncloud/blockstorage/v1"
	"github.com/nhncloud-go/nhncloud/compute"
	computev1 "github.com/nhncloud-go/nhncloud/compute/v1"
	"github.com/nhncloud-go/nhncloud/keypair"
	keypairv1 "github.com/nhncloud-go/nhncloud/keypair/v1"
	networkv1 "github.com/nhncloud-go/nhncloud/network/v1"
	"github.com/nhncloud-go/nhncloud/objectstorage"
)

// publicTypes are those that the SDK decodes answers into.
var publicTypes = []any{
	compute.Server{}, compute.ServerSummary{}, compute.CreatedServer{}, compute.Flavor{}, compute.FlavorSummary{}, compute.Zone{}, compute.Image{},
	compute.VolumeAttachment{}, compute.ServerGroup{},
	computev1.Instance{}, computev1.InstanceSummary{}, computev1.Flavor{}, computev1.Image{}, computev1.CreatedImage{}, computev1.Zone{},
	computev1.VolumeAttachment{},
	keypair.KeyPair{}, keypairv1.KeyPair{},
	networkv1.Network{}, networkv1.Subnet{}, networkv1.SecurityGroup{}, networkv1.SecurityGroupRule{}, networkv1.FloatingIP{}, networkv1.FloatingIPPool{},
	blockstorage.Volume{}, blockstorage.VolumeSummary{}, blockstorage.Snapshot{}, blockstoragev1.Volume{},
	objectstorage.ContainerEntry{}, objectstorage.ObjectEntry{}, objectstorage.Credential{}, objectstorage.ContainerPolicy{},
	nhncloud.CatalogEntry{},
	map[string]string{}, map[string]any{}, "", 0, 0.0, false, time.Time{},
}

// everything has a field of each kind that the dialect knows.
type everything struct {
	Int      int                   `json:"int"`
	Int64    int64                 `json:"int64"`
	Float    float64               `json:"float"`
	Bool     bool                  `json:"bool"`
	String   string                `json:"string"`
	Word     word                  `json:"word"`
	Count    count                 `json:"count"`
	Time     time.Time             `json:"time"`
	Map      map[string]string     `json:"map"`
	Words    map[word][]nested     `json:"words"`
	Slice    []string              `json:"slice"`
	Ints     []int                 `json:"ints"`
	Nested   nested                `json:"nested"`
	PInt     *int                  `json:"pint"`
	PString  *string               `json:"pstring"`
	PTime    *time.Time            `json:"ptime"`
	PNested  *nested               `json:"pnested"`
	List     []*nested             `json:"list"`
	Any      any                   `json:"any"`
	Raw      map[string]rawMessage `json:"raw"`
	Protocol word                  `json:"protocol" wire:"null"`
	Hop      string                `json:"hop" wire:"fold"`
	Ref      reference             `json:"ref"`
	Refs     []reference           `json:"refs"`
	Rest     map[string]any        `json:"rest" wire:"rest"`
}

type (
	word  string
	count int
)

// rawMessage keeps a value as it is. The decoders give it the same bytes.
type rawMessage struct{ json.RawMessage }

type nested struct {
	ID    string    `json:"id" wire:"required"`
	Count int       `json:"count"`
	On    bool      `json:"on"`
	At    time.Time `json:"at"`
	Deep  []nested  `json:"deep"`
	Next  *nested   `json:"next"`
}

type reference struct {
	ID   string `json:"id" wire:"alone"`
	Name string `json:"name"`
}

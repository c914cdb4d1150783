package operations

import (
	"context"
	"time"

	"github.com/nhncloud-go/nhncloud"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/keypair"
)

// Flavor is a size of instances.
type Flavor struct {
	ID    string `json:"id"`
	Name  string `json:"name" example:"m2.c2m4"`
	VCPUs int    `json:"vcpus"`
	RAM   int    `json:"ram" doc:"MB"`
	Disk  int    `json:"disk" doc:"GB of the local disk; 0 where instances boot from a volume"`
}

// Flavors is a list of flavors.
type Flavors struct {
	Flavors []Flavor `json:"flavors" nullable:"false"`
}

// KeyPair is a key pair. It stands in a member of its own, as in the API of the
// cloud.
type KeyPair struct {
	KeyPair struct {
		Name        string `json:"name"`
		PublicKey   string `json:"public_key" example:"ssh-rsa AAAA..."`
		Fingerprint string `json:"fingerprint"`
	} `json:"keypair"`
}

// KeyPairs is a list of key pairs.
type KeyPairs struct {
	KeyPairs []KeyPair `json:"keypairs" nullable:"false"`
}

// Image is what instances boot from.
type Image struct {
	ID        string    `json:"id"`
	Name      string    `json:"name" example:"Ubuntu 20.04"`
	Status    string    `json:"status" example:"active"`
	CreatedAt time.Time `json:"created_at"`
}

// Images is a list of images.
type Images struct {
	Images []Image `json:"images" nullable:"false"`
}

// ListFlavors returns all flavors.
func ListFlavors(ctx context.Context, client *nhncloud.Client) (*Flavors, error) {
	flavors, err := listed(compute.New(client).Flavors.All(ctx, nil), func(flavor *compute.Flavor) Flavor {
		return Flavor{ID: flavor.ID, Name: flavor.Name, VCPUs: flavor.VCPUs, RAM: flavor.RAM, Disk: flavor.Disk}
	})
	if err != nil {
		return nil, err
	}
	return &Flavors{flavors}, nil
}

// ListKeyPairs returns all key pairs.
func ListKeyPairs(ctx context.Context, client *nhncloud.Client) (*KeyPairs, error) {
	pairs, err := keypair.New(client).KeyPairs.List(ctx)
	if err != nil {
		return nil, err
	}
	list := &KeyPairs{KeyPairs: make([]KeyPair, len(pairs))}
	for i, pair := range pairs {
		one := &list.KeyPairs[i].KeyPair
		one.Name, one.PublicKey, one.Fingerprint = pair.Name, pair.PublicKey, pair.Fingerprint
	}
	return list, nil
}

// ListImages returns all images.
func ListImages(ctx context.Context, client *nhncloud.Client) (*Images, error) {
	images, err := listed(compute.New(client).Images.All(ctx, nil), func(image *compute.Image) Image {
		return Image{ID: image.ID, Name: image.Name, Status: string(image.Status), CreatedAt: image.CreatedAt}
	})
	if err != nil {
		return nil, err
	}
	return &Images{images}, nil
}

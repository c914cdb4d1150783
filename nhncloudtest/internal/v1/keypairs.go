package v1

import (
	"maps"
	"slices"

	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest/internal/frame"
)

// listKeyPairs shows all key pairs, or one with the time of its creation.
func listKeyPairs(c *call) (object, *frame.Reply) {
	if c.Query.Get("name") != "" {
		k, r := c.namedKeyPair()
		if r != nil {
			return nil, r
		}
		o := keyPairBody(k)
		o["createdAt"] = frame.Micros(k.Created)
		return object{"keypairs": []object{o}}, nil
	}
	keys := []object{}
	for _, name := range slices.Sorted(maps.Keys(c.compute.Region.Keys)) {
		keys = append(keys, keyPairBody(c.compute.Region.Keys[name]))
	}
	return object{"keypairs": keys}, nil
}

func keyPairBody(k *compute.KeyPair) object {
	return object{"name": k.Name, "publicKey": k.Public, "fingerprint": k.Fingerprint}
}

// namedKeyPair finds the key pair that the query names.
func (c *call) namedKeyPair() (*compute.KeyPair, *frame.Reply) {
	name, r := c.queried("name")
	if r != nil {
		return nil, r
	}
	if k := c.compute.Region.Keys[name]; k != nil {
		return k, nil
	}
	return nil, areaKeyPair.notFound("Keypair", name)
}

func createKeyPair(c *call) (object, *frame.Reply) {
	request, r := c.request("keypair")
	if r != nil {
		return nil, r
	}
	names, r := texts(request, "name")
	if r != nil {
		return nil, r
	}
	public, ok := request["publicKey"].(string)
	if !ok && request["publicKey"] != nil {
		return nil, badParameters("publicKey is not a string")
	}
	k, private, r := c.compute.Region.AddKeyPair(names[0], public, c.Now)
	if r != nil {
		return nil, areaKeyPair.relay(r)
	}
	o := keyPairBody(k)
	if private != "" {
		o["privateKey"] = private
	}
	return object{"keypair": o}, nil
}

func deleteKeyPair(c *call) (object, *frame.Reply) {
	k, r := c.namedKeyPair()
	if r != nil {
		return nil, r
	}
	delete(c.compute.Region.Keys, k.Name)
	return nil, nil
}

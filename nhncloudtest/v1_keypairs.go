package nhncloudtest

import (
	"maps"
	"slices"
)

// listKeyPairsV1 shows all key pairs, or one with the time of its creation.
func listKeyPairsV1(c *call) (object, *reply) {
	if c.query.Get("name") != "" {
		k, r := c.namedKeyPair()
		if r != nil {
			return nil, r
		}
		o := k.bodyV1()
		o["createdAt"] = micros(k.created)
		return object{"keypairs": []object{o}}, nil
	}
	keys := []object{}
	for _, name := range slices.Sorted(maps.Keys(c.region.keys)) {
		keys = append(keys, c.region.keys[name].bodyV1())
	}
	return object{"keypairs": keys}, nil
}

func (k *keyPair) bodyV1() object {
	return object{"name": k.name, "publicKey": k.public, "fingerprint": k.fingerprint}
}

// namedKeyPair finds the key pair that the query names.
func (c *call) namedKeyPair() (*keyPair, *reply) {
	name, r := c.queried("name")
	if r != nil {
		return nil, r
	}
	if k := c.region.keys[name]; k != nil {
		return k, nil
	}
	return nil, areaKeyPair.notFound("Keypair", name)
}

func createKeyPairV1(c *call) (object, *reply) {
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
	k, private, r := c.addKeyPair(names[0], public)
	if r != nil {
		return nil, areaKeyPair.relay(r)
	}
	o := k.bodyV1()
	if private != "" {
		o["privateKey"] = private
	}
	return object{"keypair": o}, nil
}

func deleteKeyPairV1(c *call) (object, *reply) {
	k, r := c.namedKeyPair()
	if r != nil {
		return nil, r
	}
	delete(c.region.keys, k.name)
	return nil, nil
}

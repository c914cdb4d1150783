package keypairv1

import "github.com/nhncloud-go/nhncloud"

// Client groups the key pair operations.
type Client struct {
	KeyPairs *KeyPairsService
}

// New returns a Client that makes its calls through client.
func New(client *nhncloud.Client) *Client {
	return &Client{KeyPairs: &KeyPairsService{client}}
}

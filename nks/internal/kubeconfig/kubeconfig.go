package kubeconfig

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"errors"
	"strings"
)

// Config is what a kubeconfig says, as far as it is asked for.
type Config struct {
	CurrentContext string           `json:"current-context"`
	Contexts       []named[context] `json:"contexts"`
	Clusters       []named[cluster] `json:"clusters"`
	Users          []named[user]    `json:"users"`
}

// named is an element of one of the lists of a kubeconfig. Each list has its own
// name for what is in it.
type named[T any] struct {
	Name    string `json:"name"`
	Context T      `json:"context"`
	Cluster T      `json:"cluster"`
	User    T      `json:"user"`
}

type context struct {
	Cluster string `json:"cluster"`
	User    string `json:"user"`
}

type cluster struct {
	Server string `json:"server"`
}

type user struct {
	ClientCertificateData string `json:"client-certificate-data"`
}

// Parse reads a kubeconfig.
func Parse(text string) (*Config, error) {
	encoded := []byte(text)
	if !strings.HasPrefix(strings.TrimSpace(text), "{") {
		tree, err := parseYAML(text)
		if err != nil {
			return nil, err
		}
		if encoded, err = json.Marshal(tree); err != nil {
			return nil, err
		}
	}
	config := new(Config)
	if json.Unmarshal(encoded, config) != nil { // which would quote what it can't read
		return nil, errors.New("it has not the form of a kubeconfig")
	}
	return config, nil
}

// find returns the element of a list with the name.
func find[T any](list []named[T], name string) (named[T], bool) {
	for _, one := range list {
		if one.Name == name {
			return one, true
		}
	}
	return named[T]{}, false
}

func (c *Config) context() (context, error) {
	current, ok := find(c.Contexts, c.CurrentContext)
	if !ok {
		return context{}, errors.New("it has no current context")
	}
	return current.Context, nil
}

// Server returns the URL of the Kubernetes API of the current context.
func (c *Config) Server() (string, error) {
	current, err := c.context()
	if err != nil {
		return "", err
	}
	found, _ := find(c.Clusters, current.Cluster)
	if found.Cluster.Server == "" {
		return "", errors.New("the current context has no server")
	}
	return found.Cluster.Server, nil
}

// ClientCertificate returns the certificate of the user of the current context.
func (c *Config) ClientCertificate() (*x509.Certificate, error) {
	current, err := c.context()
	if err != nil {
		return nil, err
	}
	found, _ := find(c.Users, current.User)
	if found.User.ClientCertificateData == "" {
		return nil, errors.New("the user of the current context has no certificate in it")
	}
	encoded, err := base64.StdEncoding.DecodeString(found.User.ClientCertificateData)
	if err != nil {
		return nil, errors.New("the certificate of the user is not base64")
	}
	block, _ := pem.Decode(encoded)
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, errors.New("the certificate of the user is not PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}

package nhncloud

import "strings"

// Catalog lists the endpoints that the identity service gave with a token.
type Catalog []CatalogEntry

// CatalogEntry is one service of a [Catalog].
type CatalogEntry struct {
	Type      string            `json:"type"` // such as "compute"
	Name      string            `json:"name"` // such as "nova"
	Endpoints []CatalogEndpoint `json:"endpoints"`
}

// CatalogEndpoint is one region of a [CatalogEntry].
type CatalogEndpoint struct {
	Region    string `json:"region"` // such as "KR1"
	PublicURL string `json:"publicURL"`
}

func (c Catalog) find(service Service, region Region) (string, bool) {
	for _, entry := range c {
		if Service(entry.Type).canonical() != service {
			continue
		}
		for _, e := range entry.Endpoints {
			if strings.EqualFold(e.Region, string(region)) && e.PublicURL != "" {
				return e.PublicURL, true
			}
		}
	}
	return "", false
}

func (c Catalog) regions(service Service) []string {
	var regions []string
	for _, entry := range c {
		if Service(entry.Type).canonical() == service {
			for _, e := range entry.Endpoints {
				regions = append(regions, strings.ToUpper(e.Region))
			}
		}
	}
	return regions
}

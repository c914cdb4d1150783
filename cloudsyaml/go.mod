module github.com/nhncloud-go/nhncloud/cloudsyaml

go 1.26.0

replace github.com/nhncloud-go/nhncloud => ..

require (
	github.com/gophercloud/gophercloud/v2 v2.15.0
	github.com/nhncloud-go/nhncloud v0.0.0-00010101000000-000000000000
	github.com/stretchr/testify v1.12.1
	go.yaml.in/yaml/v3 v3.0.5
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
	gopkg.in/yaml.v2 v2.4.0 // indirect
)

module github.com/nhncloud-go/nhncloud/examples/gateway

go 1.26.0

replace github.com/nhncloud-go/nhncloud => ../..

require (
	github.com/danielgtaylor/huma/v2 v2.37.2
	github.com/nhncloud-go/nhncloud v0.0.0-00010101000000-000000000000
	github.com/rs/cors v1.11.1
	github.com/swaggest/swgui v1.8.5
)

require (
	github.com/google/go-querystring v1.2.0 // indirect
	github.com/hashicorp/go-cleanhttp v0.5.2 // indirect
	github.com/hashicorp/go-retryablehttp v0.7.8 // indirect
	github.com/vearutop/statigz v1.4.0 // indirect
	golang.org/x/crypto v0.58.0 // indirect
	golang.org/x/sys v0.49.0 // indirect
)

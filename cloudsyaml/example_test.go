package cloudsyaml_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/nhncloud-go/nhncloud/cloudsyaml"
	"github.com/nhncloud-go/nhncloud/compute"
	"github.com/nhncloud-go/nhncloud/nhncloudtest"
)

// A client of the cloud that a clouds.yaml names. The environment is one for an
// in-memory cloud here; a program with its own calls [cloudsyaml.Load].
func Example() {
	test := nhncloudtest.NewServer()
	defer test.Close()
	folder, err := os.MkdirTemp("", "clouds")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(folder)

	cloud, err := cloudsyaml.LoadFrom("", environment(folder, test))
	if err != nil {
		log.Fatal(err)
	}
	client, err := cloud.NewClient()
	if err != nil {
		log.Fatal(err)
	}
	zones, err := compute.New(client).Zones.List(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cloud.Name, cloud.Config.Region, zones[0].Name)
	// Output: nhn KR1 kr-pub-a
}

// environment writes a clouds.yaml with an in-memory cloud in it, and returns
// what [os.LookupEnv] is to one who uses it.
func environment(folder string, test *nhncloudtest.Server) func(name string) (string, bool) {
	file := filepath.Join(folder, "clouds.yaml")
	text := fmt.Sprintf(`clouds:
  nhn:
    auth: {auth_url: %q, username: %q, password: %q, project_id: %q}
    region_name: KR1
`, test.AuthURL(), test.Username, test.Password, test.TenantID)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		log.Fatal(err)
	}
	variables := map[string]string{"OS_CLIENT_CONFIG_FILE": file, "OS_CLOUD": "nhn"}
	return func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

package fromgophercloud

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const page = "../../../docs/from-gophercloud.md"

const intro = `# From gophercloud to nhncloud

[gophercloud](https://github.com/gophercloud/gophercloud) v2 and this SDK side by side: the 20 calls that programs for NHN Cloud need most. All of
this code is compiled and run against an in-memory NHN Cloud by the tests of the project.

What is different in general:

- One client is for all services, and finds their endpoints itself; there is no service client to make for each.
- The v1.0 API of NHN Cloud, which is no OpenStack, has packages too, and so have Kubernetes, VPCs and all else that NHN Cloud adds.
- Calls return values and errors; there is no ` + "`Extract`" + `. Listings are iterators that fetch their pages when they are needed.
- A passing failure is retried, by rules for each operation that never create a thing twice, and tokens renew themselves; both need options in
  gophercloud.
- Kinds of errors are asked with ` + "`errors.Is`" + `, in both APIs of NHN Cloud alike.
- Package ` + "`nhncloudtest`" + ` is a cloud to test against, which gophercloud works on as well: the two can stand in one program while it changes over.
- The account comes from the same ` + "`OS_*`" + ` variables, or from a clouds.yaml with module ` + "`cloudsyaml`" + `.
`

// sections are the calls, in the order of the page.
var sections = []struct{ name, title, note string }{
	{"logIn", "Log in", "Nothing is sent yet: the first call logs in. A program with a password of its own writes an `nhncloud.Config`."},
	{"listServers", "List servers", ""},
	{"getServer", "Get a server", ""},
	{"notFound", "Tell why a call failed", ""},
	{"createServer", "Create a server", ""},
	{"waitForServer", "Wait for a server", "The waiter ends with `ErrFailedState` when the server can't get there any more, takes `WaitOptions` for progress and intervals, and outlives passing failures."},
	{"stopServer", "Stop a server", ""},
	{"resizeServer", "Resize a server", "NHN Cloud confirms by itself. `WaitForResize` waits until it did."},
	{"rebootServer", "Reboot a server", ""},
	{"deleteServer", "Delete a server", ""},
	{"listFlavors", "List flavors", ""},
	{"listImages", "List images", ""},
	{"createKeyPair", "Create a key pair", "The private key has the type `nhncloud.Secret`, which no log shows, and is saved for its owner alone."},
	{"createVolume", "Create a volume", ""},
	{"attachVolume", "Attach a volume", ""},
	{"listNetworks", "List networks", "What is a network in OpenStack is a VPC in NHN Cloud. `Networks` has the OpenStack API besides."},
	{"createRule", "Open a port", ""},
	{"createFloating", "Give a server a floating IP", "`AssociateWithServer` finds the port of a server by itself."},
	{"putObject", "Put an object", "Object storage has a tenant of its own: here it is `Config.ObjectStorageTenantID`, in gophercloud another login. `UploadFile` sends large files in parts."},
	{"getObject", "Get an object", "The content is streamed and compared with its MD5."},
}

// bodies returns what stands in the functions of a file, by their names.
func bodies(t *testing.T, file string) map[string]string {
	t.Helper()
	source, err := os.ReadFile(file)
	require.NoError(t, err)
	fset := token.NewFileSet()
	parsed, err := parser.ParseFile(fset, file, source, 0)
	require.NoError(t, err)
	all := map[string]string{}
	for _, decl := range parsed.Decls {
		if fn, ok := decl.(*ast.FuncDecl); ok {
			text := string(source[fset.Position(fn.Body.Lbrace).Offset+1 : fset.Position(fn.Body.Rbrace).Offset])
			all[fn.Name.Name] = strings.TrimSpace(strings.ReplaceAll(text, "\n\t", "\n"))
		}
	}
	return all
}

// The page shows the code that stands in this folder.
// NHNCLOUD_UPDATE_GOLDEN=1 writes it anew.
func TestPage(t *testing.T) {
	t.Parallel()
	require.Len(t, sections, 20)
	old, now := bodies(t, "before_test.go"), bodies(t, "after_test.go")
	var want strings.Builder
	want.WriteString(intro)
	code := func(who, text string) { want.WriteString("\n" + who + ":\n\n```go\n" + text + "\n```\n") }
	for _, s := range sections {
		require.NotEmpty(t, old[s.name+"Before"], s.name)
		require.NotEmpty(t, now[s.name+"After"], s.name)
		want.WriteString("\n## " + s.title + "\n")
		code("gophercloud", old[s.name+"Before"])
		code("nhncloud", now[s.name+"After"])
		if s.note != "" {
			want.WriteString("\n" + s.note + "\n")
		}
	}
	if os.Getenv("NHNCLOUD_UPDATE_GOLDEN") != "" {
		require.NoError(t, os.WriteFile(page, []byte(want.String()), 0o644))
	}
	got, err := os.ReadFile(page)
	require.NoError(t, err)
	assert.Equal(t, want.String(), string(got), "NHNCLOUD_UPDATE_GOLDEN=1 go test ./fromgophercloud")
}

package opcheck_test

import (
	"bytes"
	"errors"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud/internal/opcheck"
)

const smallTable = `id,service,api,method,path,query,summary,source
identity-v2-create-token,identity,v2.0,POST,/v2.0/tokens,,log in,doc
compute-v2-list-servers,compute,v2,GET,/v2/{tenantId}/servers,limit;marker,list,doc;other
compute-v2-get-server,compute,v2,GET,/v2/{tenantId}/servers/{serverId},,get,doc
nks-list-addons,nks,v1,GET,/v1/addons/,,list,doc
objectstorage-put-object,objectstorage,v1,PUT,/v1/{Account}/{Container}/{Object},,put,doc
objectstorage-s3-get-object,objectstorage,s3,GET,/{bucket}/{obj},,get,doc
`

func table(t *testing.T) *opcheck.Table {
	t.Helper()
	table, err := opcheck.ReadTable(strings.NewReader(smallTable))
	require.NoError(t, err)
	return table
}

func TestOperations(t *testing.T) {
	t.Parallel()
	table, err := opcheck.Operations()
	require.NoError(t, err)
	counted := 0
	for _, op := range table.Operations {
		if op.Counted() {
			counted++
		}
		assert.NotEmpty(t, op.Source, op.ID)
		for _, source := range op.Source {
			assert.NotContains(t, source, ".txt", op.ID)
		}
		assert.Same(t, op, table.Lookup(op.ID))
		assert.True(t, op.Matches(op.Path), "%s: the template matches itself", op.ID)
	}
	assert.Len(t, table.Operations, 297)
	assert.Equal(t, 290, counted)
	assert.Nil(t, table.Lookup("compute-v2-fly"))
}

func TestReadTable(t *testing.T) {
	t.Parallel()
	list := table(t).Lookup("compute-v2-list-servers")
	assert.Equal(t, "compute", list.Service)
	assert.Equal(t, "v2", list.API)
	assert.Equal(t, "GET", list.Method)
	assert.Equal(t, "/v2/{tenantId}/servers", list.Path)
	assert.Equal(t, []string{"limit", "marker"}, list.Query)
	assert.Equal(t, "list", list.Summary)
	assert.Equal(t, []string{"doc", "other"}, list.Source)

	head, _, _ := strings.Cut(smallTable, "\n")
	for name, test := range map[string]struct{ text, want string }{
		"empty":      {"", "first line must be"},
		"header":     {"id,service\n", "first line must be"},
		"not CSV":    {head + "\na,b\n", "wrong number of fields"},
		"bad id":     {head + "\nServers,compute,v2,GET,/v2,,,\n", `row 2: "Servers" is no operation id`},
		"twice":      {head + "\na-b,c,v2,GET,/v2,,,\na-b,c,v2,GET,/v2,,,\n", "row 3: a-b is there twice"},
		"bad path":   {head + "\na-b,c,v2,GET,v2,,,\n", "doesn't start with a slash"},
		"both wrong": {head + "\nA,c,v2,GET,/,,,\nB,c,v2,GET,/,,,\n", "row 3"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := opcheck.ReadTable(strings.NewReader(test.text))
			require.ErrorContains(t, err, test.want)
		})
	}
}

func TestOperationMatches(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		id, path string
		want     bool
	}{
		{"compute-v2-get-server", "/v2/t1/servers/s1", true},
		{"compute-v2-get-server", "/compute/v2/t1/servers/s1", true},
		{"compute-v2-get-server", "/a/b/v2/t1/servers/s1", true},
		{"compute-v2-get-server", "/v2/t1/servers/a%2Fb", true},
		{"compute-v2-get-server", "/v2/t1/servers/s1/action", false},
		{"compute-v2-get-server", "/v2/t1/servers/", false},
		{"compute-v2-get-server", "/v2//servers/s1", false},
		{"compute-v2-get-server", "/v3/t1/servers/s1", false},
		{"compute-v2-get-server", "/v2/v2/t1/servers/s1", true},
		{"nks-list-addons", "/v1/addons/", true},
		{"nks-list-addons", "/v1/addons", false},
		{"identity-v2-create-token", "/v2.0/tokens", true},
		{"identity-v2-create-token", "/v2x0/tokens", false},
		{"objectstorage-put-object", "/v1/AUTH_t/c/o", true},
		{"objectstorage-put-object", "/v1/AUTH_t/c/a/b/c.txt", true},
		{"objectstorage-put-object", "/v1/AUTH_t/c/", false},
		{"objectstorage-put-object", "/v1/AUTH_t/c", false},
		{"objectstorage-s3-get-object", "/bucket/a/b", true},
	} {
		assert.Equal(t, test.want, table(t).Lookup(test.id).Matches(test.path), "%s %s", test.id, test.path)
	}
}

const computeGo = `package compute

import "net/http"

// Get returns a server.
//
// API: GET /v2/{tenantId}/servers/{serverId} (compute-v2-get-server; Instance (government) guide)
func (s *ServerService) Get() { _ = nhncloud.Request{Operation: "compute-v2-get-server", Method: http.MethodGet} }

// List returns one page.
//
// API: GET /v2/{tenantId}/servers (compute-v2-list-servers; doc)
func (s ServerService) List() { s.list("compute-v2-list-servers") }
`

func files(pairs ...string) fstest.MapFS {
	tree := fstest.MapFS{"go.mod": {Data: []byte("module m")}, "compute/servers.go": {Data: []byte(computeGo)}}
	for pair := range slices.Chunk(pairs, 2) {
		tree[pair[0]] = &fstest.MapFile{Data: []byte(pair[1])}
	}
	return tree
}

func TestReadSources(t *testing.T) {
	t.Parallel()
	sources, err := opcheck.ReadSources(files(
		"auth.go", "package nhncloud\n\n// API: POST /v2.0/tokens (identity-v2-create-token; doc)\nfunc login() { _ = Request{Service: x, Operation: `identity-v2-create-token`, Path: p} }\n",
		// None of these belong to the SDK.
		"auth_test.go", "package nhncloud\nconst x = `compute-v2-fly`\n",
		"internal/x/x.go", "package x\nconst x = `compute-v2-fly`\n",
		"examples/x/x.go", "package x\nconst x = `compute-v2-fly`\n",
		"nhncloudtest/x.go", "package x\nconst x = `compute-v2-fly`\n",
		"compute/testdata/x.go", "not Go",
		".git/x.go", "not Go",
		"_x/x.go", "not Go",
		"bench/go.mod", "module bench",
		"bench/x.go", "not Go",
	), table(t))
	require.NoError(t, err)
	assert.Empty(t, sources.Problems)
	assert.Equal(t, []opcheck.APILine{
		{Position: opcheck.Position{File: "auth.go", Line: 3}, Package: ".", Function: "login", Method: "POST", Path: "/v2.0/tokens", ID: "identity-v2-create-token", Source: "doc"},
		{Position: opcheck.Position{File: "compute/servers.go", Line: 7}, Package: "compute", Function: "ServerService.Get", Method: "GET", Path: "/v2/{tenantId}/servers/{serverId}", ID: "compute-v2-get-server", Source: "Instance (government) guide"},
		{Position: opcheck.Position{File: "compute/servers.go", Line: 12}, Package: "compute", Function: "ServerService.List", Method: "GET", Path: "/v2/{tenantId}/servers", ID: "compute-v2-list-servers", Source: "doc"},
	}, sources.APILines)
	assert.Equal(t, []opcheck.Literal{
		{Position: opcheck.Position{File: "auth.go", Line: 4}, Package: ".", ID: "identity-v2-create-token"},
		{Position: opcheck.Position{File: "compute/servers.go", Line: 8}, Package: "compute", ID: "compute-v2-get-server"},
		{Position: opcheck.Position{File: "compute/servers.go", Line: 13}, Package: "compute", ID: "compute-v2-list-servers"},
	}, sources.Literals)
}

func TestReadSourcesErrors(t *testing.T) {
	t.Parallel()
	_, err := opcheck.ReadSources(files("broken.go", "package"), table(t))
	require.ErrorContains(t, err, "broken.go")
	for _, name := range []string{"compute", "compute/servers.go"} {
		_, err = opcheck.ReadSources(brokenFS{files(), name}, table(t))
		require.ErrorIs(t, err, errBroken, name)
	}
}

func TestCheckSources(t *testing.T) {
	t.Parallel()
	const get = "// API: GET /v2/{tenantId}/servers/{serverId} (compute-v2-get-server; doc)\n"
	for name, test := range map[string]struct{ text, want string }{
		"known literals": {"const a, b = `compute-v2-get-server`, `compute-v2`", ""},
		"several lines":  {get + get + "func A() {}", ""},
		"generic receiver": {get + "func (s Service[T]) A() {}\n\n" + get + "func (s S[T, U]) B() {}\n\n" +
			get + "func () C() {}", ""},
		"unknown operation": {
			"// API: GET /v2/x (compute-v2-fly; doc)\nfunc (s *S) A() {}",
			"compute/a.go:2: S.A: the API line names the operation compute-v2-fly, which isn't in the table",
		},
		"other method": {
			"// API: PUT /v2/{tenantId}/servers/{serverId} (compute-v2-get-server; doc)\nfunc A() {}",
			"compute/a.go:2: A: the API line says PUT /v2/{tenantId}/servers/{serverId}, the table has GET /v2/{tenantId}/servers/{serverId} for compute-v2-get-server",
		},
		"other path": {
			"// API: GET /v2/{tenantId}/servers/{id} (compute-v2-get-server; doc)\nfunc A() {}",
			"compute/a.go:2: A: the API line says GET /v2/{tenantId}/servers/{id}, the table has GET /v2/{tenantId}/servers/{serverId} for compute-v2-get-server",
		},
		"no source": {
			"// API: GET /v2/{tenantId}/servers/{serverId} (compute-v2-get-server)\nfunc A() {}",
			`compute/a.go:2: A: an API line has the form "API: METHOD /path (operation-id; source)"`,
		},
		"on a type": {
			get + "type A struct{}",
			"compute/a.go:2: an API line belongs in the doc comment of a function or method",
		},
		"no literal here": {
			"// API: GET /v1/addons/ (nks-list-addons; doc)\nfunc A() {}",
			"compute/a.go:2: A: the API line names nks-list-addons, but no request in this package does",
		},
		"unknown literal": {
			"var x = []string{`compute-v2-fly`}",
			`compute/a.go:2: the operation "compute-v2-fly" isn't in the table`,
		},
		"unknown literal in a request": {
			"var x = []any{Request{Operation: `weather`}, Other{Operation: `weather`}, Request{``}, Request{Operation: y}, []int{1}}",
			`compute/a.go:2: the operation "weather" isn't in the table`,
		},
		"undocumented literal": {
			"var x = nhncloud.Request{Operation: `nks-list-addons`}",
			"compute/a.go:2: no doc comment has the API line of nks-list-addons",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := table(t)
			sources, err := opcheck.ReadSources(files("compute/a.go", "package compute\n"+test.text+"\n"), table)
			require.NoError(t, err)
			report := opcheck.Check(table, sources, nil)
			if test.want == "" {
				assert.Empty(t, report.Problems)
				return
			}
			require.Len(t, report.Problems, 1)
			assert.Equal(t, test.want, report.Problems[0].String())
		})
	}
}

func TestCheckTests(t *testing.T) {
	t.Parallel()
	const tested = "compute-v2-list-servers GET /v2/t/servers?limit=1 200\ncompute-v2-list-servers GET /v2/t/servers 500\n"
	for name, test := range map[string]struct {
		log     string
		want    []string
		covered int
	}{
		"all": {
			log:     "compute-v2-get-server GET /v2/t/servers/1 200\ncompute-v2-get-server GET /v2/t/servers/1?a=%20b 404\n",
			covered: 2,
		},
		"failure in the envelope": {
			log:     "compute-v2-get-server GET /v2/t/servers/1 200\ncompute-v2-get-server GET /v2/t/servers/1 200!\n",
			covered: 2,
		},
		"not sent": {want: []string{"compute/servers.go:7: ServerService.Get: no test got an answer to compute-v2-get-server"}, covered: 1},
		"transport errors and redirects only": {
			log:     "compute-v2-get-server GET /v2/t/servers/1 ERR\ncompute-v2-get-server GET /v2/t/servers/1 302\n",
			want:    []string{"compute/servers.go:7: ServerService.Get: no test got an answer to compute-v2-get-server"},
			covered: 1,
		},
		"success only": {
			log:     "compute-v2-get-server GET /v2/t/servers/1 204\ncompute-v2-get-server GET /v2/t/servers/1 ERR\n",
			want:    []string{"compute/servers.go:7: ServerService.Get: compute-v2-get-server was tested with a success only"},
			covered: 1,
		},
		"failure only": {
			log:     "compute-v2-get-server GET /v2/t/servers/1 400\n",
			want:    []string{"compute/servers.go:7: ServerService.Get: compute-v2-get-server was tested with a failure only"},
			covered: 1,
		},
		"wrong path and method": {
			log: "compute-v2-get-server GET /v2/t/flavors/1 200\ncompute-v2-get-server PUT /v2/t/servers/1 400\n" +
				"nks-list-addons PUT /v1/addons/ 400\n",
			want: []string{
				"compute/servers.go:7: ServerService.Get: no test got an answer to compute-v2-get-server",
				"ops-1.log:3: a test sent compute-v2-get-server as GET /v2/t/flavors/1, the table has GET /v2/{tenantId}/servers/{serverId}",
				"ops-1.log:5: a test sent nks-list-addons as PUT /v1/addons/, the table has GET /v1/addons/",
			},
			covered: 1,
		},
		"made-up operations and bad lines": {
			log: "my-test GET /x 200\n GET /x 200\nbad\ncompute-v2-get-server GET /v2/t/servers/1 abc\n",
			want: []string{
				"compute/servers.go:7: ServerService.Get: no test got an answer to compute-v2-get-server",
				`ops-1.log:5: "bad" isn't of the form "operation-id METHOD /path?query STATUS"`,
				`ops-1.log:6: "compute-v2-get-server GET /v2/t/servers/1 abc" isn't of the form "operation-id METHOD /path?query STATUS"`,
			},
			covered: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			table := table(t)
			sources, err := opcheck.ReadSources(files(), table)
			require.NoError(t, err)
			sent, problems, err := opcheck.ReadLog(fstest.MapFS{
				"ops-1.log": {Data: []byte(tested + test.log)},
				"sub/x.log": {Data: []byte("not a log")},
			})
			require.NoError(t, err)
			sources.Problems = append(sources.Problems, problems...)
			report := opcheck.Check(table, sources, &opcheck.Tests{Sent: sent, Required: true})
			var got []string
			for _, p := range report.Problems {
				got = append(got, p.String())
			}
			assert.Equal(t, test.want, got)
			covered, total := report.Covered()
			assert.Equal(t, test.covered, covered)
			assert.Equal(t, 5, total)
			assert.Len(t, report.Missing, total-covered)
		})
	}
}

func TestReadLogErrors(t *testing.T) {
	t.Parallel()
	tree := fstest.MapFS{"ops-1.log": {Data: []byte(strings.Repeat("x", 2<<20))}}
	_, _, err := opcheck.ReadLog(tree)
	require.ErrorContains(t, err, "token too long")
	for _, name := range []string{".", "ops-1.log"} {
		_, _, err = opcheck.ReadLog(brokenFS{tree, name})
		require.ErrorIs(t, err, errBroken, name)
	}
}

func TestProblemString(t *testing.T) {
	t.Parallel()
	assert.Equal(t, "so", opcheck.Problem{Text: "so"}.String())
	assert.Equal(t, "a.go:1: so", opcheck.Problem{Position: opcheck.Position{File: "a.go", Line: 1}, Text: "so"}.String())
}

func TestCommand(t *testing.T) {
	t.Parallel()
	write := func(name, text string) {
		t.Helper()
		require.NoError(t, os.MkdirAll(filepath.Dir(name), 0o755))
		require.NoError(t, os.WriteFile(name, []byte(text), 0o644))
	}
	root, log := t.TempDir(), t.TempDir()
	write(filepath.Join(root, "compute", "servers.go"), computeGo)
	write(filepath.Join(log, "ops-1.log"), "compute-v2-get-server GET /v2/t/servers/1 200\ncompute-v2-get-server GET /v2/t/servers/1 404\n")
	broken := t.TempDir()
	write(filepath.Join(broken, "a.go"), "package")

	for name, test := range map[string]struct {
		args           []string
		code           int
		stdout, stderr []string
		last           string
	}{
		"sources":        {args: []string{"-root", root}, stdout: []string{"compute        v2    covered 2 of 30\n"}, last: "covered 2 of 290"},
		"missing":        {args: []string{"-root", root, "-missing"}, stdout: []string{"missing: POST /v2/{tenantId}/servers (compute-v2-create-server)\n"}, last: "covered 2 of 290"},
		"tests":          {args: []string{"-root", root, "-log", log}, stdout: []string{"compute        v2    covered 1 of 30\n"}, last: "covered 1 of 290"},
		"required tests": {args: []string{"-root", root, "-log", log, "-require-tests"}, code: 1, stderr: []string{"compute/servers.go:12: ServerService.List: no test got an answer to compute-v2-list-servers\n"}, last: "covered 1 of 290"},
		"no log":         {args: []string{"-require-tests"}, code: 2, stderr: []string{"-require-tests needs -log"}},
		"arguments":      {args: []string{"x"}, code: 2, stderr: []string{"no arguments"}},
		"unknown flag":   {args: []string{"-x"}, code: 2, stderr: []string{"-x"}},
		"broken root":    {args: []string{"-root", broken}, code: 2, stderr: []string{"opcheck: read the sources"}},
		"broken log":     {args: []string{"-root", root, "-log", filepath.Join(root, "none")}, code: 2, stderr: []string{"opcheck: read the log"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			assert.Equal(t, test.code, opcheck.Main(test.args, &stdout, &stderr))
			for _, want := range test.stdout {
				assert.Contains(t, stdout.String(), want)
			}
			for _, want := range test.stderr {
				assert.Contains(t, stderr.String(), want)
			}
			if len(test.stderr) == 0 {
				assert.Empty(t, stderr.String())
			}
			lines := strings.Split(strings.TrimSpace(stdout.String()), "\n")
			assert.Equal(t, test.last, lines[len(lines)-1])
		})
	}
}

// TestDeterministic reads the same tree many times over: maps must not show.
func TestDeterministic(t *testing.T) {
	t.Parallel()
	tree := files()
	for _, pkg := range []string{"b", "a", "c"} {
		maps.Copy(tree, files(pkg+"/x.go", "package x\nvar x = []string{`compute-v2-fly`, `compute-v2-drive`, `nks-list-addons`}\n"))
	}
	var first *opcheck.Report
	for range 10 {
		table := table(t)
		sources, err := opcheck.ReadSources(tree, table)
		require.NoError(t, err)
		report := opcheck.Check(table, sources, nil)
		if first == nil {
			first = report
		}
		assert.Equal(t, first, report)
	}
	assert.Len(t, first.Problems, 9)
}

var errBroken = errors.New("broken")

// brokenFS can't open one name.
type brokenFS struct {
	fs.FS

	name string
}

func (b brokenFS) Open(name string) (fs.File, error) {
	if name == b.name {
		return nil, &fs.PathError{Op: "open", Path: name, Err: errBroken}
	}
	return b.FS.Open(name)
}

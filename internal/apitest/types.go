package apitest

import (
	"bytes"
	"encoding/json"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/nhncloud-go/nhncloud"
)

// UpdateVariable names the environment variable that lets [PublicTypes] write
// its golden files anew.
const UpdateVariable = "NHNCLOUD_UPDATE_GOLDEN"

// PublicTypes checks what encoding/json makes of the exported structs of the
// package under test, of which one value each is given: the same with every
// version of Go, and the same value again when it is read back. It compares with
// testdata/types.golden, which has each struct zero and with all its fields set.
// Services, clients and generic types are left out.
func PublicTypes(t *testing.T, values ...any) {
	t.Helper()
	var names []string
	var golden bytes.Buffer
	for _, value := range values {
		typ := reflect.TypeOf(value)
		names = append(names, typ.Name())
		golden.WriteString(typ.Name() + "\n")
		zero, filled := reflect.New(typ), reflect.New(typ)
		fill(filled.Elem(), "hidden", 0)
		golden.Write(encode(t, zero))
		golden.Write(encode(t, filled))
	}
	slices.Sort(names)
	require.Equal(t, exportedStructs(t), names, "the exported structs of the package, all of which this test has to name; then run with %s=1", UpdateVariable)

	const file = "testdata/types.golden"
	if os.Getenv(UpdateVariable) != "" {
		require.NoError(t, os.WriteFile(file, golden.Bytes(), 0o644)) //nolint:gosec
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	wanted, got := strings.Split(string(want), "\n"), strings.Split(golden.String(), "\n")
	for i := range max(len(wanted), len(got)) {
		if i >= len(wanted) || i >= len(got) || wanted[i] != got[i] {
			t.Fatalf("line %d of %s is not\n%s\nRun with %s=1 to accept that.", i+1, file, got[min(i, len(got)-1)], UpdateVariable)
		}
	}
}

// encode returns a line of JSON, and checks that it can be read back.
func encode(t *testing.T, value reflect.Value) []byte {
	t.Helper()
	encoded, err := json.Marshal(value.Interface())
	if err != nil {
		return []byte("can't be encoded\n") // a function or a channel is in it
	}
	back, again := reflect.New(value.Type().Elem()), reflect.New(value.Type().Elem())
	require.NoError(t, json.Unmarshal(encoded, back.Interface()), "%s", encoded)
	if !value.Elem().IsZero() {
		fill(again.Elem(), nhncloud.Secret("hidden").String(), 0)
	}
	assert.Equal(t, again.Interface(), back.Interface(), "%s", encoded)
	return append(encoded, '\n')
}

// fill sets all fields that have a form in JSON.
func fill(v reflect.Value, secret string, depth int) {
	switch v.Type() {
	case reflect.TypeFor[time.Time]():
		v.Set(reflect.ValueOf(time.Date(2020, 2, 27, 3, 16, 5, 500_000_000, time.UTC)))
		return
	case reflect.TypeFor[nhncloud.Secret]():
		v.SetString(secret)
		return
	}
	const deepest = 5 // of types that have themselves in them
	switch v.Kind() {
	case reflect.String:
		v.SetString("text <한글>")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		v.SetInt(7)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(7)
	case reflect.Float32, reflect.Float64:
		v.SetFloat(1.5)
	case reflect.Interface:
		if v.NumMethod() == 0 {
			v.Set(reflect.ValueOf(map[string]any{"name": []any{"text", 1.5, true, nil}}))
		}
	case reflect.Pointer:
		if depth < deepest {
			v.Set(reflect.New(v.Type().Elem()))
			fill(v.Elem(), secret, depth+1)
		}
	case reflect.Slice:
		if depth < deepest {
			v.Set(reflect.MakeSlice(v.Type(), 1, 1))
			fill(v.Index(0), secret, depth+1)
		}
	case reflect.Map:
		if depth < deepest {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, secret, depth+1)
			fill(value, secret, depth+1)
			v.Set(reflect.MakeMap(v.Type()))
			v.SetMapIndex(key, value)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if field := v.Type().Field(i); field.IsExported() && field.Tag.Get("json") != "-" {
				fill(v.Field(i), secret, depth+1)
			}
		}
	}
}

// exportedStructs reads the sources in the folder of the test.
func exportedStructs(t *testing.T) []string {
	t.Helper()
	var names []string
	files, err := fs.Glob(os.DirFS("."), "*.go")
	require.NoError(t, err)
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if _, isStruct := spec.Type.(*ast.StructType); isStruct && spec.Name.IsExported() && spec.TypeParams == nil &&
				!strings.HasSuffix(spec.Name.Name, "Service") && !strings.HasSuffix(spec.Name.Name, "Client") {
				names = append(names, spec.Name.Name)
			}
			return false
		})
	}
	slices.Sort(names)
	return names
}

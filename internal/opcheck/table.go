package opcheck

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

//go:embed operations.csv
var operationsCSV []byte

// apiS3 marks the operations that an S3 client serves and this SDK doesn't.
const apiS3 = "s3"

// An Operation is one row of the table: a documented call of NHN Cloud.
type Operation struct {
	ID      string   // compute-v2-get-server
	Service string   // compute
	API     string   // v2
	Method  string   // GET
	Path    string   // /v2/{tenantId}/servers/{serverId}
	Query   []string // names of the documented query parameters
	Summary string
	Source  []string // documents that describe the operation

	sent *regexp.Regexp
}

// Counted tells whether the SDK is meant to serve the operation.
func (o *Operation) Counted() bool { return o.API != apiS3 }

// Matches tells whether path, as sent and still escaped, is one that the
// template of the operation describes. A prefix before it, which endpoints may
// have, is allowed.
func (o *Operation) Matches(path string) bool { return o.sent.MatchString(path) }

// A Table holds the documented operations in the order of the file.
type Table struct {
	Operations []*Operation

	byID map[string]*Operation
}

// Lookup returns the operation with the id, or nil.
func (t *Table) Lookup(id string) *Operation { return t.byID[id] }

// Operations returns the project's own table.
func Operations() (*Table, error) { return ReadTable(bytes.NewReader(operationsCSV)) }

var header = []string{"id", "service", "api", "method", "path", "query", "summary", "source"}

// ReadTable reads a table in the form of operations.csv.
func ReadTable(r io.Reader) (*Table, error) {
	rows, err := csv.NewReader(r).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("operations table: %w", err)
	}
	if len(rows) == 0 || !slices.Equal(rows[0], header) {
		return nil, fmt.Errorf("operations table: the first line must be %q", strings.Join(header, ","))
	}
	t := &Table{byID: make(map[string]*Operation, len(rows)-1)}
	var problems []error
	for i, row := range rows[1:] {
		op := &Operation{
			ID: row[0], Service: row[1], API: row[2], Method: row[3], Path: row[4],
			Query: split(row[5]), Summary: row[6], Source: split(row[7]),
		}
		switch {
		case !idForm.MatchString(op.ID):
			problems = append(problems, fmt.Errorf("operations table: row %d: %q is no operation id", i+2, op.ID))
			continue
		case t.byID[op.ID] != nil:
			problems = append(problems, fmt.Errorf("operations table: row %d: %s is there twice", i+2, op.ID))
			continue
		case !strings.HasPrefix(op.Path, "/"):
			problems = append(problems, fmt.Errorf("operations table: row %d: %s: the path %q doesn't start with a slash", i+2, op.ID, op.Path))
			continue
		}
		op.sent = template(op.Path)
		t.byID[op.ID] = op
		t.Operations = append(t.Operations, op)
	}
	return t, errors.Join(problems...)
}

func split(list string) []string {
	if list == "" {
		return nil
	}
	return strings.Split(list, ";")
}

var idForm = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)+$`)

// template turns a documented path into an expression for the paths to be seen
// in requests: a placeholder stands for one segment, that of an object name for
// any number of them.
func template(path string) *regexp.Regexp {
	var b strings.Builder
	b.WriteString(`^(/[^/]+)*`)
	for i, segment := range strings.Split(path, "/") {
		if i > 0 {
			b.WriteByte('/')
		}
		switch {
		case !strings.HasPrefix(segment, "{") || !strings.HasSuffix(segment, "}"):
			b.WriteString(regexp.QuoteMeta(segment))
		case strings.HasSuffix(segment, "Object}") || segment == "{obj}":
			b.WriteString(`.+`)
		default:
			b.WriteString(`[^/]+`)
		}
	}
	b.WriteByte('$')
	return regexp.MustCompile(b.String())
}

package opcheck

import (
	"bufio"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
)

// A Sent is one request that a test sent.
type Sent struct {
	Position
	ID     string
	Method string
	Path   string // escaped, without the query
	Status string // "200", "200!" for a failure in the envelope of v1.0, or "ERR"
}

// Succeeded tells whether the request was answered with a success.
func (s Sent) Succeeded() bool { return len(s.Status) == 3 && s.Status[0] == '2' }

// Failed tells whether the request was answered with a failure. A transport
// error isn't one: it shows nothing about how an operation treats the answers.
func (s Sent) Failed() bool {
	return strings.HasSuffix(s.Status, "!") || s.Status[0] == '4' || s.Status[0] == '5'
}

var statusForm = regexp.MustCompile(`^([1-5][0-9]{2}!?|ERR)$`)

// ReadLog reads the files that the tests wrote into a folder: a line for every
// request, of the form "operation-id METHOD /path?query STATUS".
func ReadLog(dir fs.FS) ([]Sent, []Problem, error) {
	var sent []Sent
	var problems []Problem
	entries, err := fs.ReadDir(dir, ".")
	if err != nil {
		return nil, nil, fmt.Errorf("read the log of the tests: %w", err)
	}
	for _, entry := range entries {
		if entry.IsDir() {
			continue
		}
		file, err := dir.Open(entry.Name())
		if err != nil {
			return nil, nil, fmt.Errorf("read the log of the tests: %w", err)
		}
		lines := bufio.NewScanner(file)
		lines.Buffer(nil, 1<<20)
		for n := 1; lines.Scan(); n++ {
			at := Position{File: entry.Name(), Line: n}
			s, ok := parseSent(lines.Text())
			if !ok {
				problems = append(problems, Problem{at, fmt.Sprintf("%q isn't of the form %q", lines.Text(), "operation-id METHOD /path?query STATUS")})
				continue
			}
			s.Position = at
			sent = append(sent, s)
		}
		err = lines.Err()
		file.Close()
		if err != nil {
			return nil, nil, fmt.Errorf("read the log of the tests: %s: %w", entry.Name(), err)
		}
	}
	return sent, problems, nil
}

func parseSent(line string) (Sent, bool) {
	fields := strings.Split(line, " ")
	if len(fields) != 4 || !strings.HasPrefix(fields[2], "/") || !statusForm.MatchString(fields[3]) {
		return Sent{}, false
	}
	path, _, _ := strings.Cut(fields[2], "?")
	return Sent{ID: fields[0], Method: fields[1], Path: path, Status: fields[3]}, true
}

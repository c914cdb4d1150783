package frametest

import "strings"

// Printed is what an example prints that runs within a test.
type Printed struct {
	Lines []string
	Do    func(line string) // is called with each line before it is added; nil for nothing
}

// Write takes a line.
func (p *Printed) Write(line []byte) (int, error) {
	if p.Do != nil {
		p.Do(string(line))
	}
	p.Lines = append(p.Lines, string(line))
	return len(line), nil
}

// Text is all of it.
func (p *Printed) Text() string { return strings.Join(p.Lines, "") }

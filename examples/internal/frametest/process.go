package frametest

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// Build builds the examples of a folder that a pattern names, such as ./..., and
// puts the programs into another folder.
func Build(programs, folder, pattern string) error {
	build := exec.Command("go", "build", "-buildvcs=false", "-o", programs+string(filepath.Separator), pattern)
	build.Dir = folder
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("%s: %w\n%s", folder, err, out)
	}
	return nil
}

// Process is an example that runs.
type Process struct {
	t    testing.TB
	cmd  *exec.Cmd
	out  lines
	once sync.Once
	err  error
}

// Start starts a program with nothing in its environment but what is given and
// folders of its own. The input may be nil.
func Start(t testing.TB, program string, environ []string, input io.Reader, args ...string) *Process {
	t.Helper()
	p := &Process{t: t, cmd: exec.CommandContext(t.Context(), program, args...)}
	p.out.more = sync.NewCond(&p.out.mu)
	home := t.TempDir()
	p.cmd.Env = append([]string{"HOME=" + home, "XDG_CACHE_HOME=" + home, "TMPDIR=" + t.TempDir()}, environ...)
	p.cmd.Stdin = input
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _, _ = p.cmd.Process.Kill(), p.wait() })
	go func() { _ = p.wait() }()
	return p
}

// wait waits for the end of the process and of its output.
func (p *Process) wait() error {
	p.once.Do(func() {
		p.err = p.cmd.Wait()
		p.out.end()
	})
	return p.err
}

// WaitFor waits for a line that has a text in it, and returns it.
func (p *Process) WaitFor(text string) string {
	p.t.Helper()
	line, ok := p.out.waitFor(text)
	if !ok {
		p.t.Fatalf("it ended without %q:\n%s", text, p.Output())
	}
	return line
}

// Signal sends a signal.
func (p *Process) Signal(signal os.Signal) {
	p.t.Helper()
	if err := p.cmd.Process.Signal(signal); err != nil {
		p.t.Fatalf("%v: %v\n%s", signal, err, p.Output())
	}
}

// Wait waits for the end and returns the exit code.
func (p *Process) Wait() int {
	p.t.Helper()
	err := p.wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return p.cmd.ProcessState.ExitCode()
}

// Output is what was printed so far, to stdout and stderr.
func (p *Process) Output() string {
	p.out.mu.Lock()
	defer p.out.mu.Unlock()
	return p.out.text.String()
}

// Left are the files that stand in the folders that a program may write to.
func (p *Process) Left() []string {
	p.t.Helper()
	var files []string
	for _, entry := range p.cmd.Env[:3] {
		_, folder, _ := strings.Cut(entry, "=")
		entries, err := os.ReadDir(folder)
		if err != nil {
			p.t.Fatal(err)
		}
		for _, entry := range entries {
			files = append(files, filepath.Join(folder, entry.Name()))
		}
	}
	return files
}

// lines is output that somebody waits for.
type lines struct {
	mu    sync.Mutex
	more  *sync.Cond
	text  strings.Builder
	ended bool
}

// Write takes output.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	defer l.more.Broadcast()
	return l.text.Write(p)
}

func (l *lines) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ended = true
	l.more.Broadcast()
}

func (l *lines) waitFor(text string) (line string, ok bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for {
		for line := range strings.Lines(l.text.String()) {
			if strings.HasSuffix(line, "\n") && strings.Contains(line, text) {
				return strings.TrimSpace(line), true
			}
		}
		if l.ended {
			return "", false
		}
		l.more.Wait()
	}
}

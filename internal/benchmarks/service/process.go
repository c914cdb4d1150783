// Package service has the services that the benchmarks call. Each runs in a
// process of its own, as real ones do: its work, its memory and its garbage are
// not those of the client that is measured.
package service

import (
	"errors"
	"io"
	"net/rpc"
	"os"
	"os/exec"
	"testing"
)

// environ is set in the environment of a process that is to be a service.
const environ = "NHNCLOUD_BENCHMARKS_SERVICE"

// Main runs the tests, or is the service that a test of another process wants.
// It is to be called by TestMain, which ends with what it returns.
func Main(m *testing.M) int {
	if os.Getenv(environ) == "" {
		return m.Run()
	}
	server := rpc.NewServer()
	for name, service := range map[string]any{"Cloud": new(CloudCalls), "Storage": new(StorageCalls)} {
		if err := server.RegisterName(name, service); err != nil {
			panic(err)
		}
	}
	server.ServeConn(pipes{os.Stdin, os.Stdout}) // until the other process is done
	return 0
}

// pipes lead to the other process.
type pipes struct {
	io.Reader
	io.WriteCloser
}

// process is one that is a service.
type process struct {
	tb     testing.TB
	caller *rpc.Client
}

// start runs this program once more, as a service that ends with the test or
// benchmark.
func start(tb testing.TB) process {
	tb.Helper()
	program, err := os.Executable()
	cmd := exec.Command(program)
	in, inErr := cmd.StdinPipe()
	out, outErr := cmd.StdoutPipe()
	cmd.Env = append(os.Environ(), environ+"=1")
	cmd.Stderr = os.Stderr
	if err = errors.Join(err, inErr, outErr); err == nil {
		err = cmd.Start()
	}
	if err != nil {
		tb.Fatal("service: ", err)
	}
	p := process{tb, rpc.NewClient(pipes{out, in})}
	tb.Cleanup(func() {
		if err := errors.Join(p.caller.Close(), cmd.Wait()); err != nil {
			tb.Error("service: ", err)
		}
	})
	return p
}

// call has the service do something, and returns what it answers.
func call[R any](p process, method string, argument any) R {
	p.tb.Helper()
	var result R
	if err := p.caller.Call(method, argument, &result); err != nil {
		p.tb.Fatal("service: ", method, ": ", err)
	}
	return result
}

// nothing is what calls without an argument or an answer carry, as there has to
// be something.
type nothing = int

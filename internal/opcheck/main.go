package opcheck

import (
	"flag"
	"fmt"
	"io"
	"os"
	"text/tabwriter"
)

// Main runs the command with its arguments and returns its exit code: 0 when
// nothing is wrong, 1 when there are problems, 2 when it can't run.
func Main(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("opcheck", flag.ContinueOnError)
	flags.SetOutput(stderr)
	root := flags.String("root", ".", "root `folder` of the repository")
	log := flags.String("log", "", "`folder` with the logs that the tests wrote (NHNCLOUD_OPERATIONS_LOG)")
	required := flags.Bool("require-tests", false, "fail on operations not tested with a success and a failure; needs -log")
	missing := flags.Bool("missing", false, "also list the operations that aren't covered")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	if flags.NArg() > 0 || *required && *log == "" {
		fmt.Fprintln(stderr, "opcheck: -require-tests needs -log, and there are no arguments besides the flags")
		return 2
	}
	report, err := run(*root, *log, *required)
	if err != nil {
		fmt.Fprintln(stderr, "opcheck:", err)
		return 2
	}
	report.write(stdout, stderr, *missing)
	if len(report.Problems) > 0 {
		return 1
	}
	return 0
}

func run(root, log string, required bool) (*Report, error) {
	table, err := Operations()
	if err != nil {
		return nil, err
	}
	sources, err := ReadSources(os.DirFS(root), table)
	if err != nil {
		return nil, err
	}
	if log == "" {
		return Check(table, sources, nil), nil
	}
	sent, problems, err := ReadLog(os.DirFS(log))
	if err != nil {
		return nil, err
	}
	sources.Problems = append(sources.Problems, problems...)
	return Check(table, sources, &Tests{Sent: sent, Required: required}), nil
}

func (r *Report) write(stdout, stderr io.Writer, missing bool) {
	for _, p := range r.Problems {
		fmt.Fprintln(stderr, p)
	}
	if missing {
		for _, op := range r.Missing {
			fmt.Fprintf(stdout, "missing: %s %s (%s)\n", op.Method, op.Path, op.ID)
		}
	}
	tabs := tabwriter.NewWriter(stdout, 0, 0, 2, ' ', 0)
	for _, g := range r.Groups {
		fmt.Fprintf(tabs, "%s\t%s\tcovered %d of %d\n", g.Service, g.API, g.Covered, g.Total)
	}
	tabs.Flush()
	covered, total := r.Covered()
	fmt.Fprintf(stdout, "covered %d of %d\n", covered, total)
}

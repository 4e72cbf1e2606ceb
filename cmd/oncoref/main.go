// SPDX-License-Identifier: Apache-2.0

// Command oncoref analyzes referral flows between hospitals and oncology
// networks from a shell. Every subcommand is one function of the library with
// flags; run "oncoref help" for the list.
//
// Exit status: 0 done, 1 the data are wrong, 2 wrong usage.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path"
	"runtime"
	"runtime/debug"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph/viz"
)

func main() {
	if viz.IsWorker() {
		os.Exit(viz.ServeWorker(os.Stdin, os.Stdout, os.Stderr))
	}
	stopping := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) { // as under nohup
		stopping = append(stopping, syscall.SIGHUP)
	}
	ctx, stop := signal.NotifyContext(context.Background(), stopping...)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole command; it returns the exit status.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) (code int) {
	defer func() {
		if fault := recover(); fault != nil {
			fmt.Fprintf(errs, "oncoref: this is a fault of oncoref, not of the data or the command line%s; please report it with the command and the version\n", where())
			code = 1
		}
	}()
	root := newRoot()
	root.SetArgs(append([]string{}, args...)) // nil would be those of the process
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	c, err := root.ExecuteContextC(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "oncoref: %s\nRun '%s --help' for its flags and examples.\n", explain(err), c.CommandPath())
		return 2
	default:
		fmt.Fprintf(errs, "oncoref: %s\n", explain(err))
		return 1
	}
}

// The groups of commands in the help.
const (
	groupData    = "data"
	groupMeasure = "measure"
	groupDecide  = "decide"
	groupPublish = "publish"
)

func newRoot() *cobra.Command {
	info, _ := debug.ReadBuildInfo()
	root := &cobra.Command{
		Use:     "oncoref",
		Version: versionName(info),
		Short:   "Analyze referral flows between hospitals and oncology networks",
		Long: `Oncoref makes a graph of hospitals and oncology networks from referral flows,
measures it, draws it, and says what may be published of it.

Start without data of your own: "oncoref simulate" makes up a registry extract
that says so. With an extract, "oncoref check" tells what is wrong with it,
"oncoref flows" makes a flow table of it, and most other commands read that table.

Numbers of 1 to 4 patients are hidden in everything that is put out, unless
--allow-small is given. What is not known stays so. Exit status: 0 done, 1 the
data are wrong, 2 wrong usage.`,
		Example: `  oncoref simulate --tumor penile-cancer -o extract.csv
  oncoref check extract.csv
  oncoref flows extract.csv --by network -o flows.csv
  oncoref measure flows.csv --group flow --interval wilson
  oncoref map flows.csv -o flows.svg`,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE:          helpOrUnknown,
		Args:          cobra.ArbitraryArgs,
	}
	root.SetFlagErrorFunc(flagError)
	root.AddGroup(&cobra.Group{ID: groupData, Title: "Data:"}, &cobra.Group{ID: groupMeasure, Title: "Measures:"},
		&cobra.Group{ID: groupDecide, Title: "Decisions:"}, &cobra.Group{ID: groupPublish, Title: "Pictures and publication:"})
	for _, x := range []struct {
		group    string
		commands []*cobra.Command
	}{
		{groupData, []*cobra.Command{newSeeds(), newSimulate(), newCheck(), newFlows()}},
		{groupMeasure, []*cobra.Command{newMeasure(), newCompare(), newCoverage(), newPathways()}},
		{groupDecide, []*cobra.Command{newWhatIf(), newLocate()}},
		{groupPublish, []*cobra.Command{newMap(), newChart(), newReport(), newDisclose(), newExport()}},
	} {
		for _, c := range x.commands {
			c.GroupID = x.group
			root.AddCommand(c)
		}
	}
	root.AddCommand(newVersion(), newMan())
	addSettings(root)
	completeFlags(root)
	return root
}

// helpOrUnknown is a command that only has others.
func helpOrUnknown(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return c.Help()
	}
	var names []string
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() {
			names = append(names, sub.Name())
		}
	}
	of := ""
	if c.HasParent() {
		of = fmt.Sprintf(" for %q", c.CommandPath())
	}
	return usagef("unknown command %q%s%s", args[0], of, meant(args[0], names))
}

// where says in which line of the program a fault lies.
func where() string {
	stack := make([]uintptr, 32)
	frames := runtime.CallersFrames(stack[:runtime.Callers(3, stack)])
	for {
		f, more := frames.Next()
		if strings.HasPrefix(f.Function, "main.") || strings.Contains(f.Function, "/oncoref/") {
			return fmt.Sprintf(" (%s, line %d)", path.Base(f.Function), f.Line)
		}
		if !more {
			return ""
		}
	}
}

// usageError is a mistake in the command line, not in the data.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, a ...any) error { return &usageError{fmt.Errorf(format, a...)} }

// exactly wants n arguments, named in the message.
func exactly(n int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		switch {
		case len(args) == n:
			return nil
		case len(args) == 0:
			first, _, _ := strings.Cut(strings.TrimSpace(c.Example), "\n")
			return usagef("%s takes %s, got nothing; for example: %s", c.CommandPath(), names, first)
		}
		return usagef("%s takes %s, got %d: %s", c.CommandPath(), names, len(args), strings.Join(args, " "))
	}
}

// input opens a file, or standard input for "-". Reading ends when the context
// of the command does, even while the other side is silent.
func input(c *cobra.Command, path string) (io.ReadCloser, error) {
	if path == "-" {
		return interruptible(c.Context(), io.NopCloser(c.InOrStdin())), nil
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		return nil, errors.Join(fmt.Errorf("%s is a folder, not a file", path), f.Close())
	}
	return interruptible(c.Context(), f), nil
}

// interruptible reads from r in the background, so that a read that never
// returns does not keep the command alive.
func interruptible(ctx context.Context, r io.ReadCloser) io.ReadCloser {
	pr, pw := io.Pipe()
	stop := context.AfterFunc(ctx, func() { pw.CloseWithError(ctx.Err()) })
	go func() {
		defer stop()
		_, err := io.Copy(pw, r)
		pw.CloseWithError(errors.Join(err, r.Close()))
	}()
	return pr
}

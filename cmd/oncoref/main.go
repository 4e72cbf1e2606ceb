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
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/graph/viz"
)

func main() {
	if viz.IsWorker() {
		os.Exit(viz.ServeWorker(os.Stdin, os.Stdout, os.Stderr))
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the whole command; it returns the exit status.
func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(in)
	root.SetOut(out)
	root.SetErr(errs)
	err := root.ExecuteContext(ctx)
	var usage *usageError
	switch {
	case err == nil:
		return 0
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "oncoref: %v\nRun 'oncoref help' for usage.\n", err)
		return 2
	default:
		fmt.Fprintf(errs, "oncoref: %v\n", err)
		return 1
	}
}

func newRoot() *cobra.Command {
	info, _ := debug.ReadBuildInfo()
	root := &cobra.Command{
		Use:           "oncoref",
		Version:       versionName(info),
		Short:         "Analyze referral flows between hospitals and oncology networks",
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("unknown command %q", args[0])
			}
			return c.Help()
		},
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return &usageError{err} })
	root.Args = cobra.ArbitraryArgs
	root.AddCommand(newSeeds(), newCheck(), newFlows(), newMeasure(), newCompare(), newDisclose(), newCoverage(), newPathways(), newLocate(),
		newWhatIf(), newMap(), newReport(), newExport(), newSimulate(), newVersion(), newMan())
	return root
}

// usageError is a mistake in the command line, not in the data.
type usageError struct{ err error }

func (e *usageError) Error() string { return e.err.Error() }
func (e *usageError) Unwrap() error { return e.err }

func usagef(format string, a ...any) error { return &usageError{fmt.Errorf(format, a...)} }

// exactly wants n arguments, named in the message.
func exactly(n int, names string) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) != n {
			return usagef("%s takes %s, got %d arguments", c.CommandPath(), names, len(args))
		}
		return nil
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

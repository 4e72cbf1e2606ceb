// SPDX-License-Identifier: Apache-2.0

package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/oncoref/oncoref/internal/nearest"
	"github.com/oncoref/oncoref/seeds"
)

// meant asks whether one of the names was meant that are like another one.
func meant(name string, names []string) string {
	near := nearest.Names(name, names)
	if len(near) == 0 {
		return ""
	}
	return "; did you mean " + strings.Join(near, " or ") + "?"
}

// flagError says what is wrong with a flag, and what was probably meant.
func flagError(c *cobra.Command, err error) error {
	var unknown *pflag.NotExistError
	var value *pflag.InvalidValueError
	var none *pflag.ValueRequiredError
	if args := c.Flags().Args(); c.HasSubCommands() && len(args) > 0 { // the flag is that of a command that was misspelled
		return helpOrUnknown(c, args)
	}
	switch {
	case errors.As(err, &unknown) && unknown.GetSpecifiedShortnames() == "":
		var names []string
		c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, "--"+f.Name) })
		name := "--" + unknown.GetSpecifiedName()
		return usagef("unknown flag %s%s", name, meant(name, names))
	case errors.As(err, &value):
		return usagef("--%s %q: expected %s", value.GetFlag().Name, value.GetValue(), kindOfValue(value.GetFlag()))
	case errors.As(err, &none):
		return usagef("--%s needs a value: %s", none.GetFlag().Name, none.GetFlag().Usage)
	}
	return &usageError{err}
}

// kindOfValue says what values a flag takes.
func kindOfValue(f *pflag.Flag) string {
	switch f.Value.Type() {
	case "bool":
		return "true or false"
	case "int":
		return "a whole number"
	case "uint64":
		return "a whole number, 0 or more"
	case "float64":
		return "a number"
	case "intSlice":
		return "whole numbers with commas between them"
	case "float64Slice":
		return "numbers with commas between them"
	case "duration":
		return `a time such as "30s" or "2m"`
	}
	return "text with commas between values"
}

// explain gives the text of an error, with what to do about it where that is not
// in the text.
func explain(err error) string {
	var file *fs.PathError
	if !errors.As(err, &file) {
		if errors.Is(err, context.DeadlineExceeded) {
			return err.Error() + "; --timeout gives it more time"
		}
		return err.Error()
	}
	var problem string
	switch {
	case errors.Is(err, fs.ErrNotExist):
		problem = "no such file: " + file.Path + alike(file.Path)
	case errors.Is(err, fs.ErrPermission):
		problem = "no permission to " + file.Op + " " + file.Path
	default:
		return err.Error()
	}
	return strings.Replace(err.Error(), file.Error(), problem, 1)
}

// alike names files beside one that does not exist, and datasets, that may be
// meant.
func alike(name string) string {
	var names []string
	dir, base := filepath.Split(name)
	of := map[string]string{}
	if list, err := os.ReadDir(filepath.Clean(dir + ".")); err == nil {
		for _, f := range list {
			names, of[f.Name()] = append(names, f.Name()), dir+f.Name()
		}
	}
	for _, m := range seeds.List() {
		if m.Kind == seeds.FlowTable && dir == "" {
			names, of[m.Name] = append(names, m.Name), m.Name
		}
	}
	var found []string
	for _, n := range nearest.Names(base, names) {
		found = append(found, of[n])
	}
	if len(found) == 0 {
		return ` (expected a file, "-" for standard input, or for flow tables a name of "oncoref seeds list")`
	}
	return fmt.Sprintf("; did you mean %s?", strings.Join(found, " or "))
}

// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version is set by the linker when a release is built.
var version string

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use:     "version",
		Short:   "Print the version",
		Long:    "Version prints the version of oncoref, the revision it was built from and the\nversion of Go. Name it where you publish numbers.",
		Example: "  oncoref version",
		Args:    exactly(0, "no arguments"),
		RunE: func(c *cobra.Command, _ []string) error {
			info, _ := debug.ReadBuildInfo()
			_, err := fmt.Fprint(c.OutOrStdout(), versionText(info))
			return err
		},
	}
}

// versionName is the version alone: that of the release or of the module,
// "(devel)" for a build from a working tree.
func versionName(info *debug.BuildInfo) string {
	if info == nil {
		return cmp.Or(version, "(devel)")
	}
	return cmp.Or(version, info.Main.Version, "(devel)")
}

// versionText is the version with what it was built from.
func versionText(info *debug.BuildInfo) string {
	text := "oncoref " + versionName(info) + "\n"
	settings := map[string]string{}
	if info != nil {
		for _, s := range info.Settings {
			settings[s.Key] = s.Value
		}
	}
	if r := settings["vcs.revision"]; r != "" {
		text += "revision " + r
		if t := settings["vcs.time"]; t != "" {
			text += " of " + t
		}
		if settings["vcs.modified"] == "true" {
			text += ", with changes"
		}
		text += "\n"
	}
	return text + fmt.Sprintf("%s %s/%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH)
}

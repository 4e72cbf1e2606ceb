// SPDX-License-Identifier: Apache-2.0

//go:build unix

package viz

import (
	"io/fs"
	"os"
	"syscall"
)

// private reports that nobody but the user can write to a folder.
func private(info fs.FileInfo) bool {
	if info.Mode().Perm()&0o022 != 0 {
		return false
	}
	s, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(s.Uid) == os.Geteuid()
}

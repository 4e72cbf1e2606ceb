// SPDX-License-Identifier: Apache-2.0

// Command release makes the archives of a release: a static binary of oncoref
// for each system, with manual pages, shell completions and the licenses of all
// that is linked into it, and the checksums of the archives.
//
//	go run ./internal/release -version v0.1.0 -o dist
//
// The same tree, version and Go give the same bytes. Modules must have been
// downloaded before ("go mod download"); nothing is fetched.
package main

import (
	"cmp"
	"context"
	"crypto/sha256"
	_ "embed"
	"errors"
	"flag"
	"fmt"
	"log"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// target is a system that a binary is built for.
type target struct{ os, arch string }

func (t target) String() string { return t.os + "/" + t.arch }

// targets are the systems of a release.
var targets = []target{
	{"linux", "amd64"}, {"linux", "arm64"}, {"darwin", "amd64"}, {"darwin", "arm64"}, {"windows", "amd64"},
}

// command is the package that is built.
const command = "./cmd/oncoref"

//go:embed EPL-2.0.txt
var eclipse []byte

func main() {
	log.SetFlags(0)
	log.SetPrefix("release: ")
	version := flag.String("version", "", "version, such as v0.1.0")
	out := flag.String("o", "dist", "folder for the archives")
	only := flag.String("targets", "", `systems with commas, such as "linux/amd64" (default: all)`)
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, *version, *out, *only); err != nil {
		stop()
		log.Fatal(err) //nolint:gocritic // stop was called
	}
}

// run makes the release.
func run(ctx context.Context, version, out, only string) error {
	if !semantic.MatchString(version) {
		return fmt.Errorf("version %q: expected one like v0.1.0 or v0.1.0-rc.1", version)
	}
	chosen, err := choose(only)
	if err != nil {
		return err
	}
	root, err := text(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}")
	if err != nil {
		return err
	}
	when, err := buildTime(ctx, root)
	if err != nil {
		return err
	}
	work, err := os.MkdirTemp("", "oncoref-release")
	if err != nil {
		return err
	}
	err = publish(ctx, root, work, version, out, chosen, when)
	return errors.Join(err, os.RemoveAll(work))
}

// publish builds in one folder and writes the archives to another.
func publish(ctx context.Context, root, work, version, out string, chosen []target, when time.Time) error {
	written, err := handbook(ctx, root, work, version)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return err
	}
	var sums strings.Builder
	for _, t := range chosen {
		name, data, err := pack(ctx, root, work, version, t, written, when)
		if err != nil {
			return fmt.Errorf("%v: %w", t, err)
		}
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil { //nolint:gosec // for everyone
			return err
		}
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256(data), name)
		fmt.Printf("%s %d bytes\n", name, len(data))
	}
	return os.WriteFile(filepath.Join(out, "SHA256SUMS"), []byte(sums.String()), 0o644) //nolint:gosec // for everyone
}

var semantic = regexp.MustCompile(`^v(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?$`)

func choose(only string) ([]target, error) {
	if only == "" {
		return targets, nil
	}
	var list []target
	for name := range strings.SplitSeq(only, ",") {
		i := slices.IndexFunc(targets, func(t target) bool { return t.String() == name })
		if i < 0 {
			return nil, fmt.Errorf("target %q: expected one of %v", name, targets)
		}
		list = append(list, targets[i])
	}
	return list, nil
}

// buildTime is the time that all files in the archives carry: SOURCE_DATE_EPOCH,
// else that of the commit, else the earliest that a zip archive has.
func buildTime(ctx context.Context, root string) (time.Time, error) {
	epoch := os.Getenv("SOURCE_DATE_EPOCH")
	if epoch == "" {
		var err error
		if epoch, err = text(ctx, root, "git", "log", "-1", "--format=%ct"); err != nil {
			return time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), nil //nolint:nilerr // a tree without git has no commit
		}
	}
	seconds, err := strconv.ParseInt(epoch, 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("SOURCE_DATE_EPOCH: %w", err)
	}
	return time.Unix(seconds, 0).UTC(), nil
}

// pack builds the binary of a system and puts it into its archive.
func pack(ctx context.Context, root, work, version string, t target, written []file, when time.Time) (string, []byte, error) {
	modules, err := linked(ctx, root, t)
	if err != nil {
		return "", nil, err
	}
	files, err := gather(ctx, root, modules)
	if err != nil {
		return "", nil, err
	}
	binary := "oncoref"
	if t.os == "windows" {
		binary += ".exe"
	}
	path := filepath.Join(work, t.os+"-"+t.arch, binary)
	if err := build(ctx, root, path, version, t); err != nil {
		return "", nil, err
	}
	data, err := os.ReadFile(path)
	if err != nil {
		return "", nil, err
	}
	name := fmt.Sprintf("oncoref-%s-%s-%s", version, t.os, t.arch)
	files = append(append(files, written...), file{binary, data, true})
	slices.SortFunc(files, func(a, b file) int { return cmp.Compare(a.name, b.name) })
	if t.os == "windows" {
		data, err = zipped(name, files, when)
		return name + ".zip", data, err
	}
	data, err = tarred(name, files, when)
	return name + ".tar.gz", data, err
}

// build makes a static binary whose bytes do not depend on where it is built.
func build(ctx context.Context, root, path, version string, t target) error {
	c := exec.CommandContext(ctx, "go", "build", "-trimpath", "-ldflags", "-s -w -X main.version="+version, "-o", path, command)
	c.Dir = root
	c.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-mod=readonly", "GOOS="+t.os, "GOARCH="+t.arch)
	c.Stderr = os.Stderr
	return c.Run()
}

// handbook lets the binary of this machine write what stands beside it.
func handbook(ctx context.Context, root, work, version string) ([]file, error) {
	path := filepath.Join(work, "host", "oncoref")
	if err := build(ctx, root, path, version, target{runtime.GOOS, runtime.GOARCH}); err != nil {
		return nil, err
	}
	man := filepath.Join(work, "man")
	if _, err := text(ctx, root, path, "man", man); err != nil {
		return nil, err
	}
	pages, err := os.ReadDir(man)
	if err != nil {
		return nil, err
	}
	var list []file
	for _, p := range pages {
		data, err := os.ReadFile(filepath.Join(man, p.Name()))
		if err != nil {
			return nil, err
		}
		list = append(list, file{"man/man1/" + p.Name(), data, false})
	}
	for shell, name := range map[string]string{"bash": "oncoref.bash", "zsh": "_oncoref", "fish": "oncoref.fish", "powershell": "oncoref.ps1"} {
		script, err := text(ctx, root, path, "completion", shell)
		if err != nil {
			return nil, err
		}
		list = append(list, file{"completions/" + name, []byte(script + "\n"), false})
	}
	return list, nil
}

// text runs a program and returns what it prints.
func text(ctx context.Context, dir, name string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, name, args...)
	c.Dir = dir
	out, err := c.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(exit.Stderr)))
	}
	return strings.TrimRight(string(out), "\n"), err
}

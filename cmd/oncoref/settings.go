// SPDX-License-Identifier: Apache-2.0

package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
	"go.yaml.in/yaml/v3"
)

// settingsFile is read from the working folder if it is there.
const settingsFile = "oncoref.yaml"

// withoutSettings is the value of --config that reads no file.
const withoutSettings = "none"

// givenEachTime are flags that a file must not set: what is shown must not
// depend on the folder one happens to be in.
var givenEachTime = []string{"allow-small", "config", "help"}

// settingsRecord says in the provenance of a result which file set flags.
type settingsRecord struct {
	File   string   `json:"file"`
	SHA256 string   `json:"sha256"`
	Flags  []string `json:"flags"` // those it gave to this command
}

type settingsKey struct{}

// settingsOf returns which settings a command was given; nil for none.
func settingsOf(c *cobra.Command) *settingsRecord {
	r, _ := c.Context().Value(settingsKey{}).(*settingsRecord)
	return r
}

// addSettings lets a file give values to the flags of all commands.
func addSettings(root *cobra.Command) {
	root.PersistentFlags().String("config", "", `YAML file with values of flags, by their names, for all commands or under the name of one
(default: `+settingsFile+` in the working folder, if it is there; "none" for none)`)
	root.PersistentPreRunE = func(c *cobra.Command, _ []string) error {
		if isHelper(c) {
			return nil
		}
		path, _ := c.Flags().GetString("config")
		if path == withoutSettings {
			return nil
		}
		chosen := path != ""
		if !chosen {
			path = settingsFile
		}
		text, err := os.ReadFile(path)
		if errors.Is(err, fs.ErrNotExist) && !chosen {
			return nil
		}
		if err != nil {
			return err
		}
		s := settings{file: path, root: root}
		used, err := s.apply(c, text)
		if err != nil || len(used) == 0 {
			return err
		}
		sum := sha256.Sum256(text)
		c.SetContext(context.WithValue(c.Context(), settingsKey{}, &settingsRecord{path, hex.EncodeToString(sum[:]), used}))
		return say(c.ErrOrStderr(), "%s sets %s", path, strings.Join(used, ", "))
	}
}

// isHelper tells commands that are about oncoref itself.
func isHelper(c *cobra.Command) bool {
	for ; c != nil; c = c.Parent() {
		if n := c.Name(); n == "help" || n == "completion" || strings.HasPrefix(n, cobra.ShellCompRequestCmd) {
			return true
		}
	}
	return false
}

// settings is a file of values for flags.
type settings struct {
	file string
	root *cobra.Command
}

// value is what the file gives for a flag.
type value struct{ key, node *yaml.Node }

// apply checks the file and sets those flags of the command that the command
// line does not. It returns the names of the flags it set, sorted.
func (s settings) apply(c *cobra.Command, text []byte) ([]string, error) {
	var doc, more yaml.Node
	d := yaml.NewDecoder(bytes.NewReader(text))
	if err := d.Decode(&doc); errors.Is(err, io.EOF) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("%s: %s", s.file, strings.TrimPrefix(err.Error(), "yaml: "))
	}
	if err := d.Decode(&more); !errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: expected one document", s.file)
	}
	values := map[string]value{}
	if err := s.read(doc.Content[0], s.root, c, values); err != nil {
		return nil, err
	}
	var used []string
	for _, name := range sortedKeys(values) {
		f := c.Flags().Lookup(name)
		if f == nil || f.Changed {
			continue
		}
		if err := s.set(f, values[name]); err != nil {
			return nil, err
		}
		f.Changed = false // commands refuse some flags, but not what holds for all
		used = append(used, name)
	}
	return used, nil
}

// read collects the values of a section: first those for all commands, then
// those of the commands that lead to the one that runs.
func (s settings) read(n *yaml.Node, section, running *cobra.Command, values map[string]value) error {
	if n.Kind == yaml.ScalarNode && n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.MappingNode {
		return s.at(n, n.Value, "names of flags with their values, such as lang: nl")
	}
	known := flagNames(section)
	subs := map[string]*cobra.Command{}
	for _, sub := range section.Commands() {
		if !isHelper(sub) {
			subs[sub.Name()] = sub
		}
	}
	seen := map[string]bool{}
	var sections []value
	for i := 0; i < len(n.Content); i += 2 {
		key, node := n.Content[i], n.Content[i+1]
		name := key.Value
		if seen[name] {
			return s.at(key, name, "each name once")
		}
		seen[name] = true
		switch {
		case slices.Contains(givenEachTime, name):
			return s.at(key, name, "a flag that may stand in a file: this one is given on the command line each time")
		case subs[name] != nil:
			sections = append(sections, value{key, node})
		case known[name]:
			values[name] = value{key, node}
		default:
			return s.at(key, name, "the name of a flag or a command"+meant(name, append(sortedKeys(known), sortedKeys(subs)...)))
		}
	}
	for _, x := range sections {
		sub := subs[x.key.Value]
		to := values
		if !leadsTo(sub, running) { // checked, and not used
			to = map[string]value{}
		}
		if err := s.read(x.node, sub, running, to); err != nil {
			return err
		}
	}
	return nil
}

// leadsTo reports whether a command is another one or a parent of it.
func leadsTo(c, running *cobra.Command) bool {
	for ; running != nil; running = running.Parent() {
		if running == c {
			return true
		}
	}
	return false
}

// flagNames are the flags of a command and all below it.
func flagNames(c *cobra.Command) map[string]bool {
	names := map[string]bool{}
	add := func(f *pflag.Flag) { names[f.Name] = true }
	c.LocalFlags().VisitAll(add)
	for _, sub := range c.Commands() {
		if isHelper(sub) {
			continue
		}
		for name := range flagNames(sub) {
			names[name] = true
		}
	}
	return names
}

// set gives a flag its value.
func (s settings) set(f *pflag.Flag, v value) error {
	switch v.node.Kind {
	case yaml.SequenceNode:
		list, ok := f.Value.(pflag.SliceValue)
		if !ok {
			return s.at(v.node, v.key.Value, "one value, not a list")
		}
		var texts []string
		for _, n := range v.node.Content {
			if n.Kind != yaml.ScalarNode {
				return s.at(n, v.key.Value, "a list of values")
			}
			texts = append(texts, n.Value)
		}
		if err := list.Replace(texts); err != nil {
			return s.at(v.node, strings.Join(texts, ","), kindOfValue(f))
		}
		return nil
	case yaml.ScalarNode:
		if err := f.Value.Set(v.node.Value); err != nil || v.node.Tag == "!!null" {
			return s.at(v.node, v.node.Value, kindOfValue(f))
		}
		return nil
	default:
		return s.at(v.node, v.key.Value, "a value or a list of values")
	}
}

// at makes the error for a place in the file.
func (s settings) at(n *yaml.Node, value, want string) error {
	return &usageError{fmt.Errorf("%s:%d:%d: %q: expected %s", s.file, n.Line, n.Column, value, want)}
}

// SPDX-License-Identifier: Apache-2.0

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/source"
)

// withoutLandscape is the value of --landscape that takes hospitals as they
// are written.
const withoutLandscape = "none"

// extractFlags say how an extract of a registry is read.
type extractFlags struct {
	landscape, date            string
	mapping, separator, sheet  string
	columns, events, treatment []string
	windows1252                bool
	duplicates                 string
}

func (f *extractFlags) add(c *cobra.Command) {
	p := c.Flags()
	p.StringVar(&f.landscape, "landscape", "", `folder with the landscape's CSV files, or "none" to take hospitals as they are written (default: the embedded Dutch landscape)`)
	p.StringVar(&f.date, "date", "", "day to which hospitals that merged are mapped, such as 2021-12-31 "+dateUsage)
	p.StringVar(&f.mapping, "mapping", "", "YAML file that says how the extract names things: columns, events, sheet, encoding, separator")
	p.StringArrayVar(&f.columns, "column", nil, `a column of the file and what it is here, as "pseudonym=patient"; may be repeated`)
	p.StringArrayVar(&f.events, "event", nil, `a code of the file and what it is here, as "OK=surgery"; may be repeated`)
	p.StringSliceVar(&f.treatment, "treatments", nil, "kinds of event that are treatments (default: the usual ones)")
	p.StringVar(&f.separator, "separator", "", `character between fields, or "tab" (default: found in the header)`)
	p.StringVar(&f.sheet, "sheet", "", "sheet of a spreadsheet (default: the only visible one)")
	p.BoolVar(&f.windows1252, "windows-1252", false, "the file is in Windows-1252, not UTF-8")
	p.StringVar(&f.duplicates, "duplicates", "by-seq", "copies of a row: by-seq leaves out those that repeat the seq, leave-out all, keep none")
}

// config gives what the flags say; attributes are further columns to keep.
func (f *extractFlags) config(name string, attributes []string) (source.Config, error) {
	var c source.Config
	var err error
	if f.mapping != "" {
		if c.Mapping, err = readMapping(f.mapping); err != nil {
			return c, err
		}
	}
	if c.Mapping.Columns, err = pairs("column", c.Mapping.Columns, f.columns); err != nil {
		return c, err
	}
	if c.Mapping.Events, err = pairs("event", c.Mapping.Events, f.events); err != nil {
		return c, err
	}
	c.Mapping.Sheet = cmp.Or(f.sheet, c.Mapping.Sheet)
	c.Mapping.Windows1252 = c.Mapping.Windows1252 || f.windows1252
	switch r, size := utf8.DecodeRuneInString(f.separator); {
	case f.separator == "tab":
		c.Mapping.Comma = '\t'
	case f.separator != "" && size != len(f.separator):
		return c, usagef("separator %q: expected one character or tab", f.separator)
	case f.separator != "":
		c.Mapping.Comma = r
	}
	switch f.duplicates {
	case "by-seq":
	case "leave-out":
		c.Log.Duplicates = referral.DuplicatesLeaveOut
	case "keep":
		c.Log.Duplicates = referral.DuplicatesKeep
	default:
		return c, usagef("duplicates %q: expected by-seq, leave-out or keep", f.duplicates)
	}
	c.Log.File, c.Log.Treatments, c.Log.Attributes = name, f.treatment, attributes
	c.Log.Within, err = f.snapshot()
	return c, err
}

// snapshot gives the landscape on the date asked for; nil for none.
func (f *extractFlags) snapshot() (*network.Snapshot, error) {
	if f.landscape == withoutLandscape {
		return nil, nil
	}
	return landscapeOn(f.landscape, f.date)
}

// embeddedDate is the day for which the embedded landscape describes the
// networks best.
const embeddedDate = "2021-12-31"

// dateUsage explains --date for [landscapeOn].
const dateUsage = "(default: " + embeddedDate + " for the embedded landscape, else the newest day described)"

// landscapeOn reads a landscape folder, or the embedded one, as of a day.
func landscapeOn(dir, day string) (*network.Snapshot, error) {
	date, err := landscapeDay(dir, day)
	if err != nil {
		return nil, err
	}
	l, err := openLandscape(dir)
	if err != nil {
		return nil, err
	}
	return l.On(date), nil
}

func landscapeDay(dir, day string) (network.Date, error) {
	if day == "" && dir == "" {
		day = embeddedDate
	}
	if day == "" {
		return network.Date(0), nil
	}
	date, err := network.ParseDate(day)
	if err != nil {
		return date, &usageError{err}
	}
	return date, nil
}

func readMapping(path string) (source.Mapping, error) {
	r, err := os.Open(path)
	if err != nil {
		return source.Mapping{}, err
	}
	defer r.Close()
	return source.ReadMapping(r, path)
}

// pairs adds the values of a flag, as NAME=MEANING, to those of a file.
func pairs(flag string, to map[string]string, list []string) (map[string]string, error) {
	for _, s := range list {
		name, meaning, ok := strings.Cut(s, "=")
		if !ok || name == "" {
			return nil, usagef("--%s %q: expected NAME=MEANING", flag, s)
		}
		if to == nil {
			to = map[string]string{}
		}
		to[name] = strings.TrimSpace(meaning)
	}
	return to, nil
}

// readExtract reads an extract by path, or from r if the path is "-".
func readExtract(c *cobra.Command, path string, r io.Reader, config source.Config) (*referral.Log, referral.Quality, error) {
	bar := newProgress(c.ErrOrStderr(), "reading")
	defer bar.close()
	config.Progress = bar.set
	var l *referral.Log
	var q referral.Quality
	var err error
	if path == "-" {
		l, q, err = source.ReadLog(c.Context(), r, config)
	} else {
		l, q, err = source.ReadFile(c.Context(), path, config)
	}
	if errors.Is(err, referral.ErrEmpty) {
		err = fmt.Errorf("%s: expected rows below the header, but there are none", sourceName(path))
	}
	return l, q, err
}

// progress is a bar on a terminal for what takes more than a moment; elsewhere
// it is nothing.
type progress struct {
	w      io.Writer
	text   string
	start  time.Time
	counts bool // numbers instead of bytes
	bar    *progressbar.ProgressBar
}

// stepper is a progress for a number of steps that is not known before, taken by
// several workers.
type stepper struct {
	progress
	mutex sync.Mutex
	n     int64
}

func newSteps(w io.Writer, text string) *stepper {
	s := &stepper{progress: *newProgress(w, text)}
	s.counts = true
	return s
}

func (s *stepper) step() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.n++
	s.set(s.n, -1)
}

// patience is how long something may take before a bar shows.
const patience = 700 * time.Millisecond

func newProgress(w io.Writer, text string) *progress {
	if !isTerminal(w) {
		return &progress{}
	}
	return &progress{w: w, text: text, start: time.Now()}
}

func (p *progress) set(done, total int64) {
	if p.w == nil {
		return
	}
	if p.bar == nil {
		if time.Since(p.start) < patience {
			return
		}
		if total <= 0 {
			total = -1
		}
		p.bar = progressbar.NewOptions64(total,
			progressbar.OptionSetWriter(p.w), progressbar.OptionSetDescription(p.text), progressbar.OptionShowBytes(!p.counts),
			progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionFullWidth())
	}
	_ = p.bar.Set64(done) // a bar that cannot be drawn is no reason to stop
}

func (p *progress) close() {
	if p.bar != nil {
		_ = p.bar.Clear()
	}
}

// SPDX-License-Identifier: Apache-2.0

// Command paragraph52 asks the published tables what paragraph 5.2 of the
// report on the organization of rare cancer care (IKNL 2023) says or suggests
// about referrals, and prints which of it the tables can answer and why not the
// rest. The tables show who refers to whom, not how many patients.
//
//	go run ./examples/paragraph52
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"log"
	"math"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"

	"github.com/oncoref/oncoref/internal/output"
	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/flow"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/seeds"
)

func main() {
	out := flag.String("o", "", "folder for paragraph52.txt (default: standard output)")
	flag.Parse()
	ctx := context.Background()
	var err error
	switch *out {
	case "":
		err = run(ctx, os.Stdout)
	default:
		err = output.WriteFile(filepath.Join(*out, "paragraph52.txt"), func(w io.Writer) error { return run(ctx, w) })
	}
	if err != nil {
		log.Fatal(err)
	}
}

// question is one that readers of the paragraph have, and the measure that
// answers it.
type question struct {
	text     string
	measure  string
	low, top float64 // values that the measure can have at all
	// settled says that a result without a value answers the question all the
	// same; nil where only values do.
	settled func(referral.Result) bool
	of      func(context.Context, tables, *referral.Table) ([]referral.Result, error)
}

// tables are the published tables, by name.
type tables map[string]*referral.Table

// figures are the figures of the paragraph.
var figures = []struct{ name, dataset string }{
	{"5.2 penile cancer", "iknl-2023-fig-5.2-penile-cancer"},
	{"5.3 eye melanoma", "iknl-2023-fig-5.3-eye-melanoma"},
	{"5.4 mesothelioma", "iknl-2023-fig-5.4-mesothelioma"},
	{"5.6 head and neck", "iknl-2023-fig-5.6-head-and-neck"},
}

var inf = math.Inf(1)

var questions = []question{
	{"To how many other networks does the figure show each network to refer?", "flow.OutDegree", 0, inf, nil, scopes(flow.OutDegree)},
	{"From how many networks does it show each network to receive patients?", "flow.InDegree", 0, inf, nil, scopes(flow.InDegree)},
	{"Does every network treat some of its own patients?", "flow.Retained", 0, inf, some, scopes(flow.Retained)},
	{"Does care cross the borders of every network?", "flow.Outflow", 0, inf, some, scopes(flow.Outflow)},
	{"Which part of the flows has a flow back?", "flow.BinaryReciprocity", 0, 1, nil, single(flow.BinaryReciprocity)},
	{"Which part of those who leave a network goes to its largest destination?", "flow.Partners", 0, 1, nil, scopes(largest)},
	{"Is a large part of a network's patients, half or more, treated elsewhere?", "flow.Retention", 0, 1, half, shares(flow.Retention)},
	{"Do patients of the country hardly travel to another network, less than one in ten?", "flow.SupraRegional", 0, 1, tenth, supra},
	{"How concentrated are the destinations of a network?", "flow.OriginHerfindahl", 0, 1, nil, scopes(herfindahl)},
	{"How concentrated is treatment in the country?", "flow.MarketHerfindahl", 0, 1, nil, single(market)},
	{"Who receives more patients than it sends?", "flow.NetFlow", -inf, inf, sign, scopes(flow.NetFlow)},
	{"Are the flows shown the same as for penile cancer?", "inference.Compare (Flows)", 0, 1, nil, compared(jaccard)},
	{"Do fewer patients travel than for penile cancer?", "inference.Compare (Supra)", -1, 1, sign, compared(difference)},
	{"Did it change between 2016 and 2021?", "referral.Table.Filter", 0, 1, nil, firstHalf},
}

func some(r referral.Result) bool  { return r.Lo > 0 }
func half(r referral.Result) bool  { return r.Lo > 0.5 || r.Hi <= 0.5 }
func tenth(r referral.Result) bool { return r.Lo >= 0.1 || r.Hi < 0.1 }
func sign(r referral.Result) bool  { return r.Lo > 0 || r.Hi < 0 }

func run(ctx context.Context, w io.Writer) error {
	all, closed := tables{}, tables{}
	for _, f := range figures {
		t, err := seeds.Table(f.dataset)
		if err != nil {
			return err
		}
		all[f.name] = t
		if closed[f.name], err = nothingElse(t); err != nil {
			return err
		}
	}
	fmt.Fprintln(w, "The figures show destinations and do not say what is left out. The last column is")
	fmt.Fprintln(w, "what would follow if the source stated that nothing is.")
	for i, q := range questions {
		fmt.Fprintf(w, "\n%d. %s [%s]\n", i+1, q.text, q.measure)
		out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
		for _, f := range figures {
			first, err := q.ask(ctx, all, f.name)
			if err != nil {
				return err
			}
			if first == "" {
				continue
			}
			second, err := q.ask(ctx, closed, f.name)
			if err != nil {
				return err
			}
			if second == first {
				second = "the same"
			}
			fmt.Fprintf(out, "   %s\t%s\t| %s\n", f.name, first, second)
		}
		if err := out.Flush(); err != nil {
			return err
		}
	}
	return nil
}

// nothingElse is the table as if its source stated that flows it does not list
// did not occur.
func nothingElse(t *referral.Table) (*referral.Table, error) {
	return referral.FromFlows(t.Meta(), referral.AbsentZero, t.Flows())
}

// ask gives the verdict on a question with the reasons; nothing if it is not
// about the figure.
func (q question) ask(ctx context.Context, all tables, figure string) (string, error) {
	list, err := q.of(ctx, all, all[figure])
	switch {
	case ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return "no: " + strings.TrimPrefix(err.Error(), "referral: "), nil
	case list == nil:
		return "", nil
	}
	return q.verdict(list) + ": " + summary(list), nil
}

// verdict says whether results answer the question: they all have values, some
// of them or their bounds say something, or none does.
func (q question) verdict(list []referral.Result) string {
	values, says := 0, 0
	for _, r := range list {
		switch {
		case r.Status == referral.OK, r.Status == referral.Bounded && q.settled != nil && q.settled(r):
			values++
		case r.Status == referral.Bounded && (r.Lo > q.low || r.Hi < q.top):
			says++
		}
	}
	switch {
	case values == len(list):
		return "yes"
	case values+says > 0:
		return "in part"
	}
	return "no"
}

// summary counts the results that are alike, with the range in which they lie.
func summary(list []referral.Result) string {
	type kind struct {
		status referral.Status
		reason string
	}
	var kinds []kind
	alike := map[kind][]referral.Result{}
	for _, r := range list {
		k := kind{r.Status, strings.ReplaceAll(r.Reason, "_", " ")}
		if alike[k] == nil {
			kinds = append(kinds, k)
		}
		alike[k] = append(alike[k], r)
	}
	var out []string
	for _, k := range kinds {
		lo, hi := inf, -inf
		for _, r := range alike[k] {
			lo, hi = min(lo, r.Lo), max(hi, r.Hi)
		}
		text := fmt.Sprintf("between %.3g and %.3g", lo, hi)
		switch {
		case k.status == referral.OK && len(list) == 1:
			text = fmt.Sprintf("%.3g", lo)
		case k.status == referral.OK:
			text = "known"
		case k.status != referral.Bounded:
			text = k.status.String()
		}
		if len(list) > 1 {
			text = fmt.Sprintf("%d %s", len(alike[k]), text)
		}
		if k.reason != "" {
			text += " (" + k.reason + ")"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

type answer = func(context.Context, tables, *referral.Table) ([]referral.Result, error)

func scopes(measure func(*referral.Table) []referral.Scoped) answer {
	return func(_ context.Context, _ tables, t *referral.Table) ([]referral.Result, error) {
		var list []referral.Result
		for _, s := range measure(t) {
			if s.Reason != referral.ReasonNoRow { // of those the figure says nothing at all
				list = append(list, s.Result)
			}
		}
		return list, nil
	}
}

func shares(measure func(*referral.Table) []referral.Share) answer {
	return scopes(func(t *referral.Table) []referral.Scoped {
		var list []referral.Scoped
		for _, s := range measure(t) {
			list = append(list, referral.Scoped{Scope: s.Origin, Result: s.Result})
		}
		return list
	})
}

func single(measure func(*referral.Table) referral.Result) answer {
	return func(_ context.Context, _ tables, t *referral.Table) ([]referral.Result, error) {
		return []referral.Result{measure(t)}, nil
	}
}

var supra = single(func(t *referral.Table) referral.Result { return flow.SupraRegional(t).Result })

func herfindahl(t *referral.Table) []referral.Scoped {
	return flow.OriginHerfindahl(t, flow.HerfindahlConfig{})
}

func market(t *referral.Table) referral.Result {
	return flow.MarketHerfindahl(t, flow.HerfindahlConfig{})
}

func largest(t *referral.Table) []referral.Scoped {
	var list []referral.Scoped
	for _, p := range flow.Partners(t) {
		list = append(list, referral.Scoped{Scope: p.Origin, Result: p.OfOutflow})
	}
	return list
}

// compared compares with the first figure.
func compared(of func(inference.Comparison) referral.Result) answer {
	return func(ctx context.Context, all tables, t *referral.Table) ([]referral.Result, error) {
		first := all[figures[0].name]
		if t == first {
			return nil, nil
		}
		c, err := inference.Compare(ctx, first, t, inference.CompareConfig{Dimension: inference.Tumors})
		return []referral.Result{of(c)}, err
	}
}

func jaccard(c inference.Comparison) referral.Result    { return c.Flows }
func difference(c inference.Comparison) referral.Result { return c.Supra.Difference }

// firstHalf asks for the first half of the period.
func firstHalf(_ context.Context, _ tables, t *referral.Table) ([]referral.Result, error) {
	first, err := t.Filter(referral.Selection{Period: network.Period{From: t.Meta().Period.From, To: network.NewDate(2018, 12, 31)}})
	if err != nil {
		return nil, err
	}
	return []referral.Result{flow.SupraRegional(first).Result}, nil
}

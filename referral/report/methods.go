// SPDX-License-Identifier: Apache-2.0

package report

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"
)

//go:embed methods.json
var methodsJSON []byte

// definition is what a measure is, in the words of its documentation.
type definition struct {
	ID     string
	Blocks []struct{ Kind, Text string }
}

// Anchor is the place of a definition in the page.
func (d definition) Anchor() string { return anchor(d.ID) }

func anchor(id string) string { return "m-" + strings.ToLower(strings.ReplaceAll(id, ".", "-")) }

// definitions gives those of the measures that are used.
func definitions(used map[string]bool) ([]definition, error) {
	var all, out []definition
	if err := json.Unmarshal(methodsJSON, &all); err != nil {
		return nil, fmt.Errorf("methods.json: %w", err)
	}
	for _, d := range all {
		if used[d.ID] {
			out = append(out, d)
			delete(used, d.ID)
		}
	}
	for id := range used {
		return nil, fmt.Errorf("methods.json: no definition of %s; run go generate", id)
	}
	return out, nil
}

// also are the definitions of what stands behind every report.
func (b *builder) also() []string {
	list := []string{"flow.OriginShares", "inference.Proportion", "disclosure.Gate"}
	if b.log != nil {
		list = append(list, "referral.Log.Table")
	}
	if len(b.annual) > 0 {
		list = append(list, "coverage.CountVolumes", "coverage.AnnualMean", "inference.Rate")
	}
	if len(b.routes) > 0 {
		list = append(list, "pathway.Variants")
	}
	if len(b.passing) > 0 {
		list = append(list, "pathway.CountTransit")
	}
	if b.roled {
		list = append(list, "pathway.CountBrokerage")
	}
	if b.nearest != nil {
		list = append(list, "flow.NearestOf")
	}
	if len(b.lists) > 0 {
		list = append(list, "coverage.Agree", "coverage.AgreeWeighted")
	}
	for _, f := range b.figures {
		if f.ID == "f-stages" && f.Why == "" {
			list = append(list, "pathway.CountStages")
		}
		if f.ID == "f-funnel" && f.Why == "" {
			list = append(list, "inference.NewFunnel")
		}
	}
	return list
}

// SPDX-License-Identifier: Apache-2.0

package main

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/oncoref/oncoref/network"
	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/siting"
	"github.com/oncoref/oncoref/seeds"
)

// valuesOf are the values that a flag can have, by its name, or by that of the
// command and its name where it is another flag there.
func valuesOf() map[string][]string {
	var rules, models, weights []string
	for _, r := range moveRules {
		rules = append(rules, r.String())
	}
	for _, m := range siteModels {
		models = append(models, modelName(m))
	}
	for _, w := range []siting.Weight{siting.Population, siting.Cases, siting.EachRegion} {
		weights = append(weights, w.String())
	}
	policy := []string{"auto"}
	for _, p := range policies {
		policy = append(policy, p.String())
	}
	var measures []string
	for _, m := range registry {
		measures = append(measures, m.name)
	}
	classes := []string{referral.LevelNetwork, referral.LevelHospital, network.ProvincePartition}
	partitions := partitionNames()
	return map[string][]string{
		"format":           {"table", "csv", "json"},
		"map format":       {"svg", "png", "pdf", "dot"},
		"show format":      {"text", "json"},
		"export format":    {"graphml", "gexf", "pajek", "nodelink", "csv", formatParquet, formatFlowmap},
		"weights":          {"known", "lower", "upper", "presence"},
		"lang":             {"en", "nl"},
		"level":            {referral.LevelNetwork, referral.LevelHospital},
		"coverage level":   {network.LevelCluster.String(), network.LevelDisorder.String(), network.LevelSubtype.String()},
		"role":             {network.RoleCenter.String(), network.RolePreferredPartner.String(), network.RolePanel.String(), "any"},
		"unit":             {referral.Patients.String(), referral.Treatments.String(), referral.Episodes.String()},
		"by":               slices.Concat(classes, partitions),
		"partition":        partitions,
		"double":           {network.SetValued.String(), network.Primary.String(), network.Split.String()},
		"layout":           {"long", "matrix"},
		"simulate layout":  {referral.LayoutEvents.String(), referral.LayoutTreatments.String()},
		"rule":             {"any-outside", "first", "last", "fractional"},
		"whatif rule":      rules,
		"origin":           {"first-visit", "diagnosis"},
		"duplicates":       {"by-seq", "leave-out", "keep"},
		"input":            {"auto", "table", "edges"},
		"policy":           policy,
		"as":               {asEvents, asTable, asLandscape},
		"group":            groupNames(),
		"pathways group":   pathwayGroupNames(),
		"measures":         measures,
		"interval":         strings.Split(methodList(slices.Concat(shareMethods, rowMethods)), ", "),
		"method":           {bySuppression, byInterval, byRounding},
		"rounding":         {"controlled", "random", "conventional"},
		"drop":             {"origins", "destinations", "grand"},
		"model":            models,
		"weight":           weights,
		"landscape":        nil,
		"compare interval": strings.Split(methodList(shareMethods), ", "),
	}
}

// partitionNames are those of the embedded landscape.
func partitionNames() []string {
	l, err := seeds.Landscape()
	if err != nil {
		return nil
	}
	return l.Partitions()
}

// completeFlags lets shells complete values of flags and names of datasets.
func completeFlags(root *cobra.Command) {
	for _, c := range root.Commands() {
		completeFlags(c)
	}
	root.LocalNonPersistentFlags().VisitAll(func(f *pflag.Flag) {
		c := root
		_ = c.RegisterFlagCompletionFunc(f.Name, func(_ *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
			values := valuesOf()
			list, ok := values[c.Name()+" "+f.Name]
			if !ok {
				list, ok = values[f.Name]
			}
			switch {
			case f.Name == "landscape":
				return nil, cobra.ShellCompDirectiveFilterDirs
			case !ok && f.Value.Type() == "string":
				return nil, cobra.ShellCompDirectiveDefault
			}
			// Lists are completed after the last comma.
			before := ""
			if at := strings.LastIndexByte(start, ','); at >= 0 && strings.HasSuffix(f.Value.Type(), "Slice") {
				before = start[:at+1]
			}
			var out []string
			for _, v := range list {
				if strings.HasPrefix(before+v, start) {
					out = append(out, before+v)
				}
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		})
	})
	if strings.Contains(root.Use, " FLOWS") || strings.HasSuffix(root.Use, " NAME") {
		root.ValidArgsFunction = completeDatasets
	}
}

// completeDatasets offers the embedded datasets, and files where a command reads
// those too.
func completeDatasets(c *cobra.Command, _ []string, start string) ([]string, cobra.ShellCompDirective) {
	named := strings.HasSuffix(c.Use, " NAME")
	var out []string
	for _, m := range seeds.List() {
		if (named || m.Kind == seeds.FlowTable) && strings.HasPrefix(m.Name, start) {
			out = append(out, cobra.CompletionWithDesc(m.Name, m.Title))
		}
	}
	if named {
		return out, cobra.ShellCompDirectiveNoFileComp
	}
	return out, cobra.ShellCompDirectiveDefault
}

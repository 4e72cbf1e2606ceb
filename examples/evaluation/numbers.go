// SPDX-License-Identifier: Apache-2.0

package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"

	"github.com/oncoref/oncoref/referral"
	"github.com/oncoref/oncoref/referral/inference"
	"github.com/oncoref/oncoref/seeds"
)

// singleNumbers prints the numbers that are published about a group.
func (c chapter) singleNumbers() error {
	numbers, err := publishedNumbers()
	if err != nil {
		return err
	}
	list := numbers[c.key]
	for _, key := range c.group.numbers {
		for _, x := range numbers[key] {
			list = append(list, plain(strings.ReplaceAll(key, "_", " "))+", "+x)
		}
	}
	if list == nil {
		return nil
	}
	c.say("Published single numbers, as their sources print them:", "Gepubliceerde losse getallen, zoals hun bronnen ze afdrukken:")
	for _, x := range list {
		c.line("- " + x)
	}
	c.gap()
	if c.key == "mesothelioma" {
		return c.peritoneal()
	}
	return nil
}

// peritoneal compares the only published numbers of referral that have counts:
// 27 patients, about 24% of the incidence, and 51, about 61% (EJSO
// 2023;49:611). How many patients there were follows within the rounding of the
// percentages.
func (c chapter) peritoneal() error {
	basis := c.basis
	c.basis = published
	defer func() { c.basis = basis }()
	c.activity = "9.3"
	of := func(part, least, most float64) referral.Share {
		return referral.Share{
			Part: referral.Count(part), Whole: referral.Between(least, most),
			Result: referral.BoundedResult(part/most, part/least, referral.ReasonUnknownCells),
		}
	}
	// 27/0.245 to 27/0.235, and 51/0.615 to 51/0.605, in whole patients.
	d, err := inference.Difference(of(27, 111, 114), of(51, 83, 84), inference.Config{})
	if err != nil {
		return err
	}
	c.record("referred_to_expert_centers", "peritoneal, 2014-2017", "share", d.First.Result, d.First.Interval)
	c.record("referred_to_expert_centers", "peritoneal, 2018-2020", "share", d.Second.Result, d.Second.Interval)
	c.record("referred_to_expert_centers_change", "peritoneal, 2018-2020 less 2014-2017", "share", d.Difference, d.Interval)
	c.find("Referral of peritoneal mesothelioma to one of two expert centers rose by %s percentage points, from %s in 2014-2017 to %s in 2018-2020. %s",
		"Verwijzing van peritoneaal mesothelioom naar een van twee expertisecentra steeg met %s procentpunt, van %s in 2014-2017 tot %s in 2018-2020. %s",
		c.result(d.Difference, d.Interval, 100, 0, ""), c.result(d.First.Result, d.First.Interval, 100, 0, "%"), c.result(d.Second.Result, d.Second.Interval, 100, 0, "%"), c.verdict(d))
	c.say("**Published, worked out from it:** of the patients with peritoneal mesothelioma %s were referred to one of two expert centers in 2014-2017, and %s in 2018-2020: %s percentage points more. %s The numbers of patients follow from the counts and the percentages, taken as rounded to whole ones, and are bounds. About the pleura, most of mesothelioma, this says nothing (activity 9, steps 2 and 3).",
		"**Gepubliceerd, daaruit berekend:** van de patiënten met peritoneaal mesothelioom werd %s naar een van twee expertisecentra verwezen in 2014-2017, en %s in 2018-2020: %s procentpunt meer. %s De aantallen patiënten volgen uit de aantallen en de percentages, genomen als afgerond op hele, en zijn grenzen. Over het borstvlies, het grootste deel van mesothelioom, zegt dit niets (activiteit 9, stap 2 en 3).",
		c.result(d.First.Result, d.First.Interval, 100, 0, "%"), c.result(d.Second.Result, d.Second.Interval, 100, 0, "%"),
		c.result(d.Difference, d.Interval, 100, 0, ""), c.verdict(d))
	return nil
}

// publishedNumbers reads the single numbers that are published, by tumor.
func publishedNumbers() (map[string][]string, error) {
	f, err := seeds.Open("nl-published-numbers/numbers.csv")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) == 0 {
		return nil, errors.New("nl-published-numbers: no rows")
	}
	at := map[string]int{}
	for i, name := range rows[0] {
		at[name] = i
	}
	out := map[string][]string{}
	for _, row := range rows[1:] {
		text := fmt.Sprintf("%s: %s", row[at["measure"]], row[at["as_printed"]])
		if unit := row[at["unit"]]; unit == "percent" {
			text += "%"
		}
		if when := row[at["period"]]; when != "" {
			text += " (" + when + ")"
		}
		if note := row[at["note"]]; note != "" {
			text += ", " + note
		}
		text += " [" + strings.TrimPrefix(row[at["source"]], "https://") + "]"
		out[row[at["tumor"]]] = append(out[row[at["tumor"]]], plain(text))
	}
	return out, nil
}

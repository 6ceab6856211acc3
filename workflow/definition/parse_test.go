package definition_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"orderops/workflow"
	"orderops/workflow/definition"
)

// lines tells a machine state by state: "layer Type Name -kind label-> To".
func lines(m *definition.Machine) []string {
	var list []string
	for _, s := range m.States {
		line := fmt.Sprintf("%d %s %s", s.Layer, s.Type, s.Name)
		for _, e := range s.Edges {
			line += fmt.Sprintf(" -%s %s-> %s", e.Kind, e.Label, e.To)
		}
		list = append(list, line)
		for i, child := range s.Children {
			for _, line := range lines(child) {
				list = append(list, fmt.Sprintf("%s/%d %s", s.Name, i, line))
			}
		}
	}
	return list
}

func TestParse(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		definition string
		want       []string
	}{
		"one state": {
			`{"StartAt":"A","States":{"A":{"Type":"Pass","End":true}}}`,
			[]string{"0 Pass A"},
		},
		"written backwards": {
			`{"States":{"C":{"Type":"Succeed"},"B":{"Type":"Pass","Next":"C"},"A":{"Type":"Pass","Next":"B"}},"StartAt":"A"}`,
			[]string{"0 Pass A -next -> B", "1 Pass B -next -> C", "2 Succeed C"},
		},
		"long and short way": {
			`{"StartAt":"A","States":{"A":{"Type":"Choice","Default":"End","Choices":[{"Variable":"$.x","IsNull":true,"Next":"B"}]},"B":{"Type":"Pass","Next":"End"},"End":{"Type":"Succeed"}}}`,
			[]string{"0 Choice A -choice x is null-> B -default else-> End", "1 Pass B -next -> End", "2 Succeed End"},
		},
		"loop": {
			`{"StartAt":"A","States":{"A":{"Type":"Wait","Next":"B"},"B":{"Type":"Choice","Default":"A","Choices":[{"Condition":"{% $done %}","Next":"C"}]},"C":{"Type":"Succeed"}}}`,
			[]string{"0 Wait A -next -> B", "1 Choice B -choice $done-> C -default else-> A", "2 Succeed C"},
		},
		"leads to itself": {
			`{"StartAt":"A","States":{"A":{"Type":"Pass","Next":"A"}}}`,
			[]string{"0 Pass A -next -> A"},
		},
		"unreachable and missing": {
			`{"StartAt":"A","States":{"Lost":{"Type":"Pass","Next":"A"},"A":{"Type":"Pass","Next":"Nowhere"}}}`,
			[]string{"0 Pass A", "1 Pass Lost -next -> A"},
		},
		"no start": {
			`{"States":{"B":{"Type":"Fail"},"A":{"Type":"Pass"}}}`,
			[]string{"0 Fail B", "0 Pass A"},
		},
		"catch": {
			`{"StartAt":"A","States":{"A":{"Type":"Task","Next":"B","Catch":[{"ErrorEquals":["X","Y"],"Next":"C"}]},"B":{"Type":"Succeed"},"C":{"Type":"Fail"}}}`,
			[]string{"0 Task A -next -> B -catch X, Y-> C", "1 Succeed B", "1 Fail C"},
		},
		"map and parallel": {
			`{"StartAt":"P","States":{"P":{"Type":"Parallel","Next":"M","Branches":[{"StartAt":"X","States":{"X":{"Type":"Pass"}}},{"StartAt":"Y","States":{"Y":{"Type":"Pass"}}}]},
			"M":{"Type":"Map","End":true,"Iterator":{"StartAt":"I","States":{"I":{"Type":"Succeed"}}}}}}`,
			[]string{"0 Parallel P -next -> M", "P/0 0 Pass X", "P/1 0 Pass Y", "1 Map M", "M/0 0 Succeed I"},
		},
		"members of odd types": {
			`{"Comment":1,"StartAt":"A","States":{"A":{"Type":7,"Next":["B"],"Choices":"x","Catch":[null,3,{"Next":"A"}],"Branches":{},"Seconds":"1"}}}`,
			[]string{"0  A -catch -> A"},
		},
		"state twice": {
			`{"StartAt":"A","States":{"A":{"Type":"Pass"},"A":{"Type":"Wait"}}}`,
			[]string{"0 Wait A"},
		},
		"no states": {`{"StartAt":"A","States":{}}`, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := definition.Parse([]byte(c.definition))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(c.want, lines(m)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestParseTellsWhatAStateIs(t *testing.T) {
	t.Parallel()
	m, err := definition.Parse([]byte(`{"Comment":"c","StartAt":"A","States":{
		"A":{"Type":"Task","Resource":"arn:x","Next":"W"},
		"W":{"Type":"Wait","Seconds":1.5,"Next":"V"},
		"V":{"Type":"Wait","SecondsPath":"$.s","Next":"P"},
		"P":{"Type":"Pass","Seconds":4,"End":true}}}`))
	if err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprint(m.Comment, m.StartAt)
	for _, s := range m.States {
		got += fmt.Sprintf(" %s:%s:%v:%v", s.Name, s.Resource, s.WaitSeconds, s.End)
	}
	if want := "cA A:arn:x:0:false W::1.5:false V::0:false P::0:true"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if _, ok := m.State("Z"); ok {
		t.Error("finds a state that does not exist")
	}
}

func TestConditionLabels(t *testing.T) {
	t.Parallel()
	for rule, want := range map[string]string{
		`"Variable":"$.a.status","StringEquals":"ok"`:                                                                         `status = "ok"`,
		`"Variable":"$.n","NumericLessThanEquals":1.50`:                                                                       `n ≤ 1.50`,
		`"Variable":"$.n","NumericGreaterThanPath":"$.limit"`:                                                                 `n > limit`,
		`"Variable":"$$.State.RetryCount","NumericGreaterThanEquals":3`:                                                       `RetryCount ≥ 3`,
		`"Variable":"$.t","TimestampLessThan":"2026-01-01T00:00:00Z"`:                                                         `t < "2026-01-01T00:00:00Z"`,
		`"Variable":"$.s","StringMatches":"log-*"`:                                                                            `s ~ "log-*"`,
		`"Variable":"$.b","BooleanEquals":true`:                                                                               `b = true`,
		`"Variable":"$.p","IsPresent":false`:                                                                                  `p is not present`,
		`"Not":{"Variable":"$.a","StringEquals":"x"}`:                                                                         `not (a = "x")`,
		`"And":[{"Variable":"$.a","IsNull":true},{"Or":[{"Variable":"$.b","IsNull":true},{"Variable":"$.c","IsNull":true}]}]`: `a is null and (b is null or c is null)`,
		`"Condition":"{% $states.input.x > 3 %}","Comment":"c"`:                                                               `$states.input.x > 3`,
		`"Variable":"$.a","StringEquals":"` + strings.Repeat("x", 100) + `"`:                                                  `a = "` + strings.Repeat("x", 54) + `…`,
		`"Comment":"nothing to compare"`:                                                                                      `…`,
		`"Variable":"$.a","Quantum":1`:                                                                                        `a Quantum 1`,
	} {
		m, err := definition.Parse([]byte(`{"StartAt":"C","States":{"C":{"Type":"Choice","Choices":[{` + rule + `,"Next":"C"}]}}}`))
		if err != nil {
			t.Fatalf("%s: %v", rule, err)
		}
		if got := m.States[0].Edges[0].Label; got != want {
			t.Errorf("%s: got %s, want %s", rule, got, want)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	deep := strings.Repeat(`{"States":{"A":{"Iterator":`, 60) + `{"States":{}}` + strings.Repeat(`}}}`, 60)
	for name, c := range map[string]struct{ definition, want string }{
		"nothing":              {``, "the definition at / is no JSON object"},
		"before substitution":  {string(definition.Order()), "the definition at / is no JSON object"},
		"a list":               {`[]`, "the definition at / is no JSON object"},
		"no states":            {`{}`, "the member at /States is missing"},
		"states are a list":    {`{"States":[]}`, "the member at /States is no object"},
		"states are null":      {`{"States":null}`, "the member at /States is no object"},
		"a state is null":      {`{"States":{"A":null}}`, "the state at /States/A is no object"},
		"a branch has nothing": {`{"States":{"A":{"Branches":[{}]}}}`, "the member at /States/A/0/States is missing"},
		"too deep":             {deep, "more than 50 levels"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := definition.Parse([]byte(c.definition))
			if workflow.KindOf(err) != workflow.Invalid || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error is %v, want %s", err, c.want)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add(deployed())
	f.Add([]byte(`{"StartAt":"A","States":{"A":{"Type":"Map","Iterator":{"States":{"B":{}}},"Next":"A"}}}`))
	f.Add([]byte(`{"StartAt":"A","States":{"A":{"Choices":[{"Not":{"And":[{},{"Or":[]}]},"Next":"A"}],"Default":"A"}}}`))
	f.Add([]byte(`{"States":{"":{"Catch":[{"Next":""}]}}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := definition.Parse(data)
		if err != nil {
			return
		}
		for i, s := range m.States {
			if i > 0 && s.Layer < m.States[i-1].Layer {
				t.Fatalf("state %q stands before its layer", s.Name)
			}
			for _, e := range s.Edges {
				if _, ok := m.State(e.To); !ok {
					t.Fatalf("edge from %q to %q, which does not exist", s.Name, e.To)
				}
			}
		}
	})
}

func TestParseReadsRetries(t *testing.T) {
	t.Parallel()
	m, err := definition.Parse([]byte(`{"StartAt":"A","States":{"A":{"Type":"Task","End":true,"Retry":[
		{"ErrorEquals":["E1","E2"],"MaxAttempts":5},{"ErrorEquals":["E3"],"MaxAttempts":0},{"ErrorEquals":["States.ALL"]}]}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := []definition.Retry{{Errors: []string{"E1", "E2"}, MostAttempts: 5}, {Errors: []string{"E3"}}, {Errors: []string{"States.ALL"}, MostAttempts: 3}}
	if diff := cmp.Diff(want, m.States[0].Retries); diff != "" {
		t.Error(diff)
	}
}

// TestState takes a state without a machine around it.
func TestParseReadsAStateAlone(t *testing.T) {
	t.Parallel()
	m, err := definition.Parse([]byte(`{"Type":"Wait","Seconds":3,"End":true}`))
	if err != nil {
		t.Fatal(err)
	}
	if s, ok := m.State("Wait"); !ok || s.WaitSeconds != 3 || m.StartAt != "Wait" {
		t.Errorf("read %+v", m)
	}
}

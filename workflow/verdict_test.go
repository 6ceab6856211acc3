package workflow

import (
	"testing"
	"time"
)

func TestWeigh(t *testing.T) {
	t.Parallel()
	const good = `{"data":{"user_id":"Burger_20","quantity":"3","restaurant_id":"Restaurant 4"}}`
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	execution := func(status ExecutionStatus) Execution { return Execution{Name: "m", Status: status} }
	redriven := map[string]Attribute{AttributeRedrives: {DataType: "Number", Text: "2"}}
	for name, c := range map[string]struct {
		body       string
		attributes map[string]Attribute
		evidence   Evidence
		want       Verdict
	}{
		"nothing found":                       {good, nil, Evidence{}, Safe},
		"row is SUCCESS":                      {good, nil, Evidence{Row: &Row{Status: Success}}, Processed},
		"row is SUCCESS, rest not looked at":  {good, nil, Evidence{Row: &Row{Status: Success}, Missing: "forbidden"}, Processed},
		"row is PENDING, execution runs":      {good, nil, Evidence{Row: &Row{Status: Pending}, Executions: []Execution{execution(Running)}}, Processed},
		"row is PENDING without an execution": {good, nil, Evidence{Row: &Row{Status: Pending}}, Unchecked},
		"succeeded":                           {good, nil, Evidence{Executions: []Execution{execution(Succeeded)}}, Processed},
		"waits for its redrive":               {good, nil, Evidence{Executions: []Execution{execution(PendingRedrive)}}, Processed},
		"failed":                              {good, nil, Evidence{Executions: []Execution{execution(Failed)}}, Broken},
		"timed out":                           {good, nil, Evidence{Executions: []Execution{execution(TimedOut)}}, Broken},
		"failed, then succeeded anew":         {good, nil, Evidence{Executions: []Execution{execution(Failed), execution(Succeeded)}}, Processed},
		"failed, but one id not looked up":    {good, nil, Evidence{Executions: []Execution{execution(Failed)}, Missing: "throttled"}, Unchecked},
		"succeeded, one id not looked up":     {good, nil, Evidence{Executions: []Execution{execution(Succeeded)}, Missing: "throttled"}, Processed},
		"could not look":                      {good, nil, Evidence{Missing: "forbidden"}, Unchecked},
		"redriven before":                     {good, redriven, Evidence{}, Bounced},
		"redriven before and done":            {good, redriven, Evidence{Executions: []Execution{execution(Succeeded)}}, Processed},
		"redriven before and failed":          {good, redriven, Evidence{Executions: []Execution{execution(Aborted)}}, Broken},
		"redriven as the journal knows":       {good, nil, Evidence{Redrives: 1}, Bounced},
		"malformed":                           {`{"data":1}`, redriven, Evidence{Executions: []Execution{execution(Succeeded)}}, Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c.evidence.At = at
			letter := Judge(Message{ID: "m", Body: []byte(c.body), Attributes: c.attributes}, Queue{}, Queue{})
			got := letter.Weigh(c.evidence)
			if got.Verdict != c.want {
				t.Fatalf("%s because %s, want %s", got.Verdict, got.Why, c.want)
			}
			if c.want != Malformed && (got.Why == "" || !got.CheckedAt.Equal(at)) {
				t.Errorf("the verdict does not say why (%q) or when (%v)", got.Why, got.CheckedAt)
			}
		})
	}
}

func TestIds(t *testing.T) {
	t.Parallel()
	letter := DeadLetter{Message: Message{ID: "third", Attributes: Lineage{OrderID: "first", OriginalID: "second", Redrives: 1}.Attributes()}}
	got := letter.Ids("journal", "third", "no:name")
	want := []OrderID{"first", "third", "second", "journal"}
	if len(got) != len(want) {
		t.Fatalf("%v, want %v", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("%v, want %v", got, want)
		}
	}
}

func TestLineageOfTwoRedrives(t *testing.T) {
	t.Parallel()
	first := Message{ID: "one"}
	second := Message{ID: "two", Attributes: first.Next("ada", "outage").Attributes()}
	got := second.Next("bob", "")
	if want := (Lineage{OrderID: "one", OriginalID: "one", Redrives: 2, By: "bob"}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if _, ok := got.Attributes()[AttributeReason]; ok {
		t.Error("an empty reason became an attribute, which SQS refuses")
	}
}

func TestNormalCause(t *testing.T) {
	t.Parallel()
	for cause, want := range map[string]string{
		`data.quantity is "three", must be a whole number from 1 to 999`: `data.quantity is …, must be a whole number from … to …`,
		"the body is not JSON at byte 17: invalid character":             "the body is not JSON at byte …: invalid character",
		"execution 7c1e2f31-aaaa is FAILED":                              "execution … is FAILED",
		"States.Timeout":                                                 "States.Timeout",
		"":                                                               "",
	} {
		if got := NormalCause(cause); got != want {
			t.Errorf("%q becomes %q, want %q", cause, got, want)
		}
	}
}
